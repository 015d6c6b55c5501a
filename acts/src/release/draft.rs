//! *Bozza*: the text comes in and is looked over; nothing is frozen yet.

use super::election::{Required, required_of_draft};
use crate::house::{actor, allowed};
use crate::{Denied, House, Result};
use salastampa_domain::release::register_year;
use salastampa_domain::{Act, Event, Release, ReleaseId, ReleaseKind, ReleaseState, Timestamp, User};
use salastampa_locale::Lang;
use salastampa_releases::draft::{Draft, parse};
use salastampa_releases::lint::{elsewhere, unsigned};
use salastampa_releases::quotations::quotations;
use salastampa_releases::{CorrectionOf, LintContext, freeze, lint};
use salastampa_store::{Rows, Store, Write};

/// What is said of a text, in sentences.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Checked {
    /// Why it could not be submitted as it is.
    pub refused: Vec<String>,
    /// What could be better.
    pub advice: Vec<String>,
    /// What election time asks of it, where it would leave in one. It may be submitted all the same.
    pub election: Option<Required>,
    /// How hard it is to read: the sentence with the index; none for a short text.
    pub readability: Option<String>,
}

/// Looks a text over by itself, without the rows of the office: what election time asks stands in [`check_of`]. Writes
/// nothing.
pub fn check(house: &House, markdown: &str, now: Timestamp) -> Checked {
    let draft = match parse(markdown) {
        Ok(draft) => draft,
        Err(problems) => {
            let refused = problems.iter().map(|p| p.say(house.lang)).collect();
            return Checked { refused, ..Checked::default() };
        }
    };
    // any number: the size of the mail is what is asked
    let refused = freeze(&draft, &super::letterhead(house), (register_year(now), 9_999), None, now).err();
    let advice = lint(&draft, &context(house, now));
    Checked {
        refused: refused.iter().flatten().map(|r| r.message.say(house.lang)).collect(),
        advice: advice.iter().map(|l| l.message.say(house.lang)).collect(),
        election: None,
        readability: readability(&draft, house, house.lang),
    }
}

/// The Gulpease index of a text, in words.
fn readability(draft: &Draft, house: &House, lang: Lang) -> Option<String> {
    let index = salastampa_releases::lint::readability(draft, house.lang)?.to_string();
    let least = salastampa_releases::lint::GULPEASE.to_string();
    Some(salastampa_locale::fill(lang, "composer.check.readability", &[("index", &index), ("least", &least)]))
}

/// What the lints are told of the office.
fn context(house: &House, now: Timestamp) -> LintContext {
    let (has_contacts, patron) = (!house.contacts.is_empty(), house.patron);
    LintContext { has_contacts, send_at: Some(now), language: house.lang, patron }
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
    must_be_a_name(house, slug)?;
    let mut write = store.write().await?;
    let user = allowed(&mut write, login, Act::Write).await?;
    let id = match write.find_release(slug).await? {
        None => begin(&mut write, &user, slug, markdown, &parsed, now).await?,
        Some(before) => {
            change(&mut write, &user, &before, markdown, &parsed, now).await?;
            before.id
        }
    };
    write.commit().await?;
    Ok(id)
}

/// Refuses what cannot be the name of a release.
fn must_be_a_name(house: &House, slug: &str) -> Result<()> {
    let fits = slug.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if slug.is_empty() || slug.len() > 80 || slug == super::RESERVED || !fits {
        let sentence = salastampa_locale::fill(house.lang, "acts.bad_slug", &[("name", slug)]);
        return Err(Denied::Invalid(vec![sentence]).into());
    }
    Ok(())
}

/// Refuses a name that cannot be, or that a release has.
pub(crate) async fn must_be_free(rows: &mut Rows, house: &House, slug: &str) -> Result<()> {
    must_be_a_name(house, slug)?;
    match rows.find_release(slug).await? {
        Some(_) => Err(Denied::Exists { what: "release", name: slug.to_owned() }.into()),
        None => Ok(()),
    }
}

/// A new release with its first text.
pub(crate) async fn begin(
    write: &mut Write,
    user: &User,
    slug: &str,
    markdown: &str,
    parsed: &Draft,
    now: Timestamp,
) -> Result<ReleaseId> {
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
        out: None,
    };
    let id = write.record_release(&release).await?;
    write.record_event(now, &actor(user), "release.new", &Event::about_release(id), None, None).await?;
    Ok(id)
}

/// Another text for a release that is not yet on its way. Any edit voids a review or an approval; a correction stays one.
pub(super) async fn change(
    write: &mut Write,
    user: &User,
    before: &Release,
    markdown: &str,
    parsed: &Draft,
    now: Timestamp,
) -> Result<()> {
    let open =
        matches!(before.state, ReleaseState::Draft | ReleaseState::InReview { .. } | ReleaseState::Approved { .. });
    if !open {
        return super::wrong_state(before);
    }
    let kind = if before.current.is_some() { ReleaseKind::Rettifica } else { parsed.kind };
    let after = Release {
        draft: markdown.to_owned(),
        title: parsed.title.clone(),
        kind,
        state: ReleaseState::Draft,
        out: super::beside(before),
        ..before.clone()
    };
    super::moved(write, user, "release.edit", before, &after, now).await
}

/// What is to be said of quotations that nobody has let go out.
async fn unsigned_quotes(
    rows: &mut Rows,
    house: &House,
    release: Option<&Release>,
    draft: &Draft,
) -> Result<Option<salastampa_releases::Lint>> {
    let noted = match release {
        Some(release) => rows.list_sign_offs(release.id).await?,
        None => Vec::new(),
    };
    let all = quotations(draft, house.lang);
    let missing: Vec<_> = all.iter().filter(|one| noted.iter().all(|note| note.quote != one.key)).collect();
    Ok(unsigned(&missing))
}

/// Looks over the text of a release that may be out already, in the person's language: all that [`super::submit`]
/// would refuse, lists that do not exist and the size of the mail included. Writes nothing.
pub async fn check_of(
    rows: &mut Rows,
    house: &House,
    lang: Lang,
    release: Option<&Release>,
    markdown: &str,
    now: Timestamp,
) -> Result<Checked> {
    let mut draft = match parse(markdown) {
        Ok(draft) => draft,
        Err(problems) => {
            let refused = problems.iter().map(|p| p.message.say(lang)).collect();
            return Ok(Checked { refused, ..Checked::default() });
        }
    };
    if let Some(release) = release {
        draft.files = rows.find_release_files(release.id).await?;
    }
    let (mut refused, mut of_lists) = (Vec::new(), Vec::new());
    for name in &draft.lists {
        let Some(list) = rows.find_list(name).await? else {
            refused.push(salastampa_locale::fill(lang, "acts.no_list", &[("name", name)]));
            continue;
        };
        // whom a correction goes to is not chosen
        if release.is_none_or(|release| release.current.is_none()) && !draft.topics.is_empty() {
            let beats: Vec<_> = rows.list_members(list.id).await?.into_iter().map(|contact| contact.beats).collect();
            of_lists.extend(elsewhere(&draft.topics, &list.name, &beats));
        }
    }
    let late = release.and_then(|release| super::embargo_too_late(release, draft.embargo, now));
    refused.extend(late.map(|late| late.say(lang)));
    let corrected = match release.and_then(|r| r.current) {
        Some(id) => rows.find_version(id).await?,
        None => None,
    };
    let correction_of = corrected.map(|v| CorrectionOf { title: v.title, at: v.at });
    // any number: the size of the mail is what is asked
    let register = release.and_then(|r| r.register).unwrap_or((register_year(now), 9_999));
    if let Err(found) = freeze(&draft, &super::letterhead(house), register, correction_of.as_ref(), now) {
        refused.extend(found.iter().map(|r| r.message.say(lang)));
    }
    let mut advice: Vec<String> = lint(&draft, &context(house, now)).iter().map(|l| l.message.say(lang)).collect();
    advice.extend(of_lists.iter().map(|lint| lint.message.say(lang)));
    advice.extend(unsigned_quotes(rows, house, release, &draft).await?.map(|lint| lint.message.say(lang)));
    let election = required_of_draft(rows, house, release, &draft, now).await?;
    let readability = readability(&draft, house, lang);
    Ok(Checked { refused, advice, election, readability })
}
