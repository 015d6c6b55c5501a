//! The tables, step by step. A step that has landed is never edited: what it should have been is the next step.

use crate::{Error, Write};
use sqlx::SqlStr;
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};

const STEPS: [(i64, &str, &str); 52] = [
    (1, "office", include_str!("../migrations/0001_office.sql")),
    (2, "sources", include_str!("../migrations/0002_sources.sql")),
    (3, "articles", include_str!("../migrations/0003_articles.sql")),
    (4, "review", include_str!("../migrations/0004_review.sql")),
    (5, "releases", include_str!("../migrations/0005_releases.sql")),
    (6, "outbox", include_str!("../migrations/0006_outbox.sql")),
    (7, "desk", include_str!("../migrations/0007_desk.sql")),
    (8, "curation", include_str!("../migrations/0008_curation.sql")),
    (9, "archive", include_str!("../migrations/0009_archive.sql")),
    (10, "desk_releases", include_str!("../migrations/0010_desk_releases.sql")),
    (11, "people", include_str!("../migrations/0011_people.sql")),
    (12, "entry", include_str!("../migrations/0012_entry.sql")),
    (13, "pace", include_str!("../migrations/0013_pace.sql")),
    (14, "wire", include_str!("../migrations/0014_wire.sql")),
    (15, "look", include_str!("../migrations/0015_look.sql")),
    (16, "aside", include_str!("../migrations/0016_aside.sql")),
    (17, "dossier", include_str!("../migrations/0017_dossier.sql")),
    (18, "past", include_str!("../migrations/0018_past.sql")),
    (20, "stories", include_str!("../migrations/0020_stories.sql")),
    (21, "alert", include_str!("../migrations/0021_alert.sql")),
    (22, "importance", include_str!("../migrations/0022_importance.sql")),
    (23, "judged", include_str!("../migrations/0023_judged.sql")),
    (24, "inbound", include_str!("../migrations/0024_inbound.sql")),
    (25, "election", include_str!("../migrations/0025_election.sql")),
    (26, "files", include_str!("../migrations/0026_files.sql")),
    (27, "pause", include_str!("../migrations/0027_pause.sql")),
    (28, "newsroom", include_str!("../migrations/0028_newsroom.sql")),
    (29, "keeping", include_str!("../migrations/0029_keeping.sql")),
    (30, "lists_left", include_str!("../migrations/0030_lists_left.sql")),
    (31, "signatures", include_str!("../migrations/0031_signatures.sql")),
    (32, "apart", include_str!("../migrations/0032_apart.sql")),
    (33, "note", include_str!("../migrations/0033_note.sql")),
    (34, "doubt", include_str!("../migrations/0034_doubt.sql")),
    (35, "because", include_str!("../migrations/0035_because.sql")),
    (36, "push", include_str!("../migrations/0036_push.sql")),
    (37, "tone", include_str!("../migrations/0037_tone.sql")),
    (40, "licence_end", include_str!("../migrations/0040_licence_end.sql")),
    (41, "reachable", include_str!("../migrations/0041_reachable.sql")),
    (42, "rating", include_str!("../migrations/0042_rating.sql")),
    (44, "front", include_str!("../migrations/0044_front.sql")),
    (47, "text_out", include_str!("../migrations/0047_text_out.sql")),
    (49, "edition_rules", include_str!("../migrations/0049_edition_rules.sql")),
    (50, "reader_links", include_str!("../migrations/0050_reader_links.sql")),
    (54, "grading", include_str!("../migrations/0054_grading.sql")),
    (57, "template", include_str!("../migrations/0057_template.sql")),
    (58, "sign_off", include_str!("../migrations/0058_sign_off.sql")),
    (59, "issued", include_str!("../migrations/0059_issued.sql")),
    (60, "contact_more", include_str!("../migrations/0060_contact_more.sql")),
    (61, "contact_signed", include_str!("../migrations/0061_contact_signed.sql")),
    (62, "subscriber", include_str!("../migrations/0062_subscriber.sql")),
    (66, "first_ten", include_str!("../migrations/0066_first_ten.sql")),
    (69, "version_issued", include_str!("../migrations/0069_version_issued.sql")),
];

/// Brings the tables up to date, in one transaction: all steps or none, and two programs that start at once take turns.
/// A database that knows steps which this program does not know is refused untouched.
pub(crate) async fn migrate(mut write: Write) -> Result<(), Error> {
    let steps = STEPS.map(|(number, name, text)| {
        Migration::new(number, name.into(), MigrationType::Simple, SqlStr::from_static(text), false)
    });
    let migrator = Migrator { migrations: steps.to_vec().into(), ..Migrator::DEFAULT };
    migrator.run_direct(None, write.connection(), false).await.map_err(|error| match error {
        MigrateError::VersionMissing(_) => Error::NewerSchema,
        MigrateError::Execute(e) | MigrateError::ExecuteMigration(e, _) => e.into(),
        other => Error::Db(other.into()),
    })?;
    write.commit().await
}
