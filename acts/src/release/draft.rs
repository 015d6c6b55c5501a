//! *Bozza*: the text comes in and is looked over; nothing is frozen yet.

use crate::house::{actor, allowed};
use crate::{Denied, House, Result};
use salastampa_domain::{Act, Event, Release, ReleaseId, ReleaseKind, ReleaseState, Timestamp};
use salastampa_releases::draft::parse;
use salastampa_releases::{LintContext, lint, refuse};
use salastampa_store::Store;

/// What is said of a text, in sentences.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Checked {
    /// Why it could not be submitted as it is.
    pub refused: Vec<String>,
    /// What could be better.
    pub advice: Vec<String>,
}

/// Looks a text over. Writes nothing.
pub fn check(house: &House, markdown: &str, now: Timestamp) -> Checked {
    let draft = match parse(markdown) {
        Ok(draft) => draft,
        Err(problems) => {
            return Checked { refused: problems.iter().map(|p| p.say(house.lang)).collect(), advice: Vec::new() };
        }
    };
    let context = LintContext { has_contacts: !house.contacts.is_empty(), send_at: Some(now), language: house.lang };
    let refused = refuse(&draft, &super::letterhead(house), None, now);
    let advice = lint(&draft, &context);
    Checked {
        refused: refused.iter().map(|r| r.message.say(house.lang)).collect(),
        advice: advice.iter().map(|l| l.message.say(house.lang)).collect(),
    }
}

/// Takes a text as the draft of a release: of a new one, or of one that is not yet on its way.
pub async fn draft(
    store: &Store,
    house: &House,
    slug: &str,
    markdown: &str,
    login: &str,
    now: Timestamp,
) -> Result<ReleaseId> {
    let parsed = super::read(house, markdown)?;
    let fits = slug.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if slug.is_empty() || slug.len() > 80 || !fits {
        let sentence = salastampa_locale::fill(house.lang, "acts.bad_slug", &[("name", slug)]);
        return Err(Denied::Invalid(vec![sentence]).into());
    }
    let mut write = store.write().await?;
    let user = allowed(&mut write, login, Act::Write).await?;
    let id = match write.find_release(slug).await? {
        None => {
            let release = Release {
                id: ReleaseId(0),
                slug: slug.to_owned(),
                register: None,
                kind: parsed.kind,
                title: parsed.title.clone(),
                draft: markdown.to_owned(),
                author: user.id,
                state: ReleaseState::Draft,
                current: None,
                embargo_until: None,
                public_at: None,
                withdrawn: None,
            };
            write.record_release(&release).await?
        }
        Some(before) => {
            let open = matches!(
                before.state,
                ReleaseState::Draft | ReleaseState::InReview { .. } | ReleaseState::Approved { .. }
            );
            if !open {
                return super::wrong_state(&before);
            }
            // any edit voids a review or an approval; a correction stays one
            let kind = if before.current.is_some() { ReleaseKind::Rettifica } else { parsed.kind };
            let after = Release {
                draft: markdown.to_owned(),
                title: parsed.title.clone(),
                kind,
                state: ReleaseState::Draft,
                ..before.clone()
            };
            super::moved(&mut write, &user, "release.edit", &before, &after, now).await?;
            write.commit().await?;
            return Ok(before.id);
        }
    };
    write.record_event(now, &actor(&user), "release.new", &Event::about_release(id), None, None).await?;
    write.commit().await?;
    Ok(id)
}
