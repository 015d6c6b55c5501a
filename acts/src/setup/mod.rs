//! The first run: an empty data folder becomes an office by eight answers (*avvio*).
//!
//! `serve` prints a link when nobody can log in yet ([`offer`]). Its token is random, only its hash is stored; it dies
//! with the first user, with the next link, or after a day: whoever sits at the machine sets the office up, and nobody
//! after them. What is typed can wait, sealed (`keep`), while a test mail is on its way. [`found`] writes all of it in
//! one transaction: settings, persons, themes, editions with their sections, readers, and two users for the first officer,
//! the head of the press office and the administrator, because neither may do the other's work (`domain::may`).

mod answers;
mod starter;

use crate::settings::{self, MAIL_PASSWORD, leave_trial, trial_of};
use crate::{Denied, House, Result, error::query_sentence, password, seal, session, user};
pub use answers::{ASSESSORS, Answers, FIELDS, PersonAnswer};
use answers::{Known, Office, phrase};
use salastampa_domain::time::DAY;
use salastampa_domain::{
    Actor, Address, Declared, Edition, EditionId, ErrandId, Grading, Person, PersonId, Reader, ReaderId, Receives,
    Role, Schedule, Section, SectionId, Slot, Timestamp, TokenPurpose, Urgency, User, Visibility, Watch, WatchId,
};
use salastampa_index::{Names, check_watch};
use salastampa_locale::{Lang, fill};
use salastampa_store::{EntryLink, Rows, Store, Write};
use starter::{Theme, slug};

/// Under this name what was typed waits, sealed.
const DRAFT: &str = "setup.draft";
/// What is added to the login of the first officer for the administrator.
const ADMIN: &str = "-admin";
const ACTOR: Actor = Actor::Link { purpose: TokenPurpose::Setup };

/// An office that was just set up.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Founded {
    /// The head of the press office logs in so.
    pub chief: String,
    /// The same person as administrator.
    pub admin: String,
    /// So many themes are followed.
    pub watches: usize,
    /// So many reviews are made each day.
    pub editions: usize,
    /// So many people receive them.
    pub readers: usize,
}

/// Makes the one link that sets this office up, if nobody works here yet; gives its token. An older one ends.
///
/// # Errors
/// The store fails.
pub async fn offer(store: &Store, now: Timestamp) -> Result<Option<String>> {
    let mut write = store.write().await?;
    if !write.is_unattended().await? {
        return Ok(None);
    }
    let token = session::random()?;
    write.remove_setup_links().await?;
    let hash = session::hash(&token);
    let link = EntryLink { hash, purpose: TokenPurpose::Setup, user: None, made_at: now, until: now.plus(DAY) };
    write.record_entry_link(&link).await?;
    write.commit().await?;
    Ok(Some(token))
}

/// Whether the link holds: asked by the page, and again by each act.
///
/// # Errors
/// [`Denied::Unknown`] for a link that is not ours, is too old, or has done its work.
pub async fn open(rows: &mut Rows, token: &str, now: Timestamp) -> Result<()> {
    let link = rows.find_entry_link(&session::hash(token)).await?;
    let holds = link.is_some_and(|link| link.purpose == TokenPurpose::Setup && now <= link.until);
    if holds && rows.is_unattended().await? {
        return Ok(());
    }
    Err(Denied::Unknown { what: "link", name: String::new() }.into())
}

/// What was typed so far.
///
/// # Errors
/// The store fails.
pub async fn draft(rows: &mut Rows, house: &House) -> Result<Option<Answers>> {
    let sealed = rows.find_secret(DRAFT).await?;
    let json = sealed.and_then(|sealed| seal::open(&house.key, DRAFT, &sealed));
    Ok(json.and_then(|json| serde_json::from_str(&json).ok()))
}

/// Keeps what was typed and leaves a test mail to the officer's address; gives the errand.
///
/// # Errors
/// [`Denied::Form`] if the mail part cannot be taken.
pub async fn try_mail(
    store: &Store,
    house: &House,
    declared: &Declared,
    token: &str,
    answers: &Answers,
    lang: Lang,
    now: Timestamp,
) -> Result<ErrandId> {
    let mut write = store.write().await?;
    open(&mut write, token, now).await?;
    let answers = &with_kept_password(&mut write, house, answers).await?;
    keep(&mut write, house, answers).await?;
    let to = Address::parse(&answers.address)
        .map_err(|_| Denied::Form(vec![settings::slip(lang, "address", "settings.slips.address")]))?;
    let trial = trial_of(&answers.mail, &declared.settings, declared, "", lang).map_err(Denied::Form)?;
    let id = leave_trial(&mut write, house, &trial, &to, &ACTOR, now).await?;
    write.commit().await?;
    Ok(id)
}

/// Makes the office: everything, or nothing.
///
/// # Errors
/// [`Denied::Form`] with each field that cannot be taken; [`Denied::Unknown`] if the link no longer holds.
pub async fn found(
    store: &Store,
    house: &House,
    declared: &Declared,
    token: &str,
    answers: &Answers,
    lang: Lang,
    now: Timestamp,
) -> Result<Founded> {
    let office = answers::read(answers, declared, lang).map_err(Denied::Form)?;
    let watches = watches(&office);
    if let Some(wrong) = wrong_query(&watches, now, lang) {
        return Err(Denied::Form(vec![wrong]).into());
    }
    let password = password::hash(&answers.password).await?;
    let mut write = store.write().await?;
    open(&mut write, token, now).await?;
    let chief = User {
        password: Some(password),
        address: Some(office.address.clone()),
        ..user::blank(&office.login, &office.name, Role::Chief)
    };
    let admin = User { login: format!("{}{ADMIN}", office.login), role: Role::Admin, ..chief.clone() };
    for user in [&chief, &admin] {
        let id = write.record_user(user).await?;
        write.record_event(now, &ACTOR, "user.add", &format!("user:{id}"), None, Some(&user::as_json(user))).await?;
    }
    let answers = &with_kept_password(&mut write, house, answers).await?;
    if !answers.mail.smtp_password.is_empty() {
        let sealed = seal::seal(&house.key, MAIL_PASSWORD, &answers.mail.smtp_password)?;
        write.record_secret(MAIL_PASSWORD, &sealed).await?;
    }
    write.record_settings(&office.settings, &ACTOR, now).await?;
    let founded = furnish(&mut write, &office, &watches, lang, now).await?;
    let founded = Founded { chief: chief.login, admin: admin.login, ..founded };
    write.remove_secret(DRAFT).await?;
    write.remove_setup_links().await?;
    let after = serde_json::json!({
        "office": office.settings.office, "watches": founded.watches, "editions": founded.editions, "readers": founded.readers,
    });
    write.record_event(now, &ACTOR, "office.setup", "office", None, Some(&after.to_string())).await?;
    write.commit().await?;
    Ok(founded)
}

/// The answers with the password of the mail server that was typed before, where the field was left empty: a page never
/// shows a password again.
async fn with_kept_password(rows: &mut Rows, house: &House, answers: &Answers) -> Result<Answers> {
    let mut answers = answers.clone();
    if answers.mail.smtp_password.is_empty()
        && let Some(kept) = draft(rows, house).await?
    {
        answers.mail.smtp_password = kept.mail.smtp_password;
    }
    Ok(answers)
}

async fn keep(write: &mut Write, house: &House, answers: &Answers) -> Result<()> {
    let json = serde_json::to_string(answers).map_err(anyhow::Error::from)?;
    Ok(write.record_secret(DRAFT, &seal::seal(&house.key, DRAFT, &json)?).await?)
}

/// Persons, themes, editions, readers.
async fn furnish(write: &mut Write, office: &Office, watches: &[Watch], lang: Lang, now: Timestamp) -> Result<Founded> {
    let today = now.day();
    for known in std::iter::once(&office.mayor).chain(&office.assessors) {
        let person = Person {
            id: PersonId(0),
            slug: known.slug.clone(),
            name: known.name.clone(),
            aliases: Vec::new(),
            office: known.office.clone(),
            from: Some(today),
            until: None,
        };
        write.record_person(&person).await?;
    }
    let mut ids = std::collections::BTreeMap::new();
    for watch in watches {
        ids.insert(watch.slug.clone(), (write.record_watch(watch).await?, watch.name.clone()));
    }
    let section = |name: &str, slugs: &[&str]| Section {
        id: SectionId(0),
        name: name.to_owned(),
        watches: slugs.iter().filter_map(|slug| ids.get(*slug).map(|(id, _)| *id)).collect(),
    };
    let named = |slug: &str| section(ids.get(slug).map_or(slug, |(_, name)| name.as_str()), &[slug]);
    let front = || section(&fill(lang, "settings.starter.front", &[]), &["emergenze", "sindaco", "comune"]);
    let mut general = vec![front(), named("giunta")];
    general.extend(themes(office).iter().map(|theme| named(&theme.slug)));
    general.push(named("provincia"));
    let title = fill(lang, "settings.starter.general", &[]);
    let general = write.record_edition(&edition("generale", &title, &office.hour, general, now)).await?;
    let mut editions = 1;
    let mut readers = 0;
    let mut receive = Vec::new();
    for assessor in office.assessors.iter().filter(|assessor| !assessor.themes.is_empty()) {
        let names: Vec<&str> = assessor.themes.iter().map(|theme| theme.name.as_str()).collect();
        let title = fill(lang, "settings.starter.edition", &[("themes", &names.join(", "))]);
        let mut sections = vec![section(&fill(lang, "settings.starter.front", &[]), &["emergenze"])];
        sections.extend(assessor.themes.iter().map(|theme| named(&theme.slug)));
        let own = write
            .record_edition(&edition(&format!("per-{}", assessor.slug), &title, &office.hour, sections, now))
            .await?;
        editions += 1;
        receive.push((assessor, own));
    }
    for known in std::iter::once(&office.mayor).chain(&office.assessors) {
        let Some(address) = &known.address else { continue };
        let own = receive.iter().find(|(assessor, _)| assessor.slug == known.slug).map(|(_, own)| *own);
        write.record_reader(&reader(&known.slug, &known.name, address, [Some(general), own], lang)).await?;
        readers += 1;
    }
    // the officer sees every morning what the others see
    let officer = format!("ufficio-{}", slug(&office.login));
    write.record_reader(&reader(&officer, &office.name, &office.address, [Some(general), None], lang)).await?;
    Ok(Founded { chief: String::new(), admin: String::new(), watches: watches.len(), editions, readers: readers + 1 })
}

fn edition(slug: &str, name: &str, hour: &Schedule, sections: Vec<Section>, now: Timestamp) -> Edition {
    let mut seen = std::collections::BTreeSet::new();
    Edition {
        id: EditionId(0),
        slug: slug.to_owned(),
        name: name.to_owned(),
        schedule: hour.clone(),
        ready_before: 15,
        visibility: Visibility::Readers,
        sections: sections.into_iter().filter(|section| seen.insert(section.name.clone())).collect(),
        cap: 12,
        outlet_cap: 0,
        holidays: Default::default(),
        order: Default::default(),
        done: Slot::of(now),
    }
}

fn reader(slug: &str, name: &str, address: &Address, editions: [Option<EditionId>; 2], lang: Lang) -> Reader {
    Reader {
        id: ReaderId(0),
        slug: slug.to_owned(),
        name: name.to_owned(),
        address: address.clone(),
        language: lang.code().to_owned(),
        watches: Vec::new(),
        editions: editions.into_iter().flatten().collect(),
        receives: Receives { alerts: true, reviews: true },
        quiet: None,
        second: None,
        second_at_night: false,
        push: None,
    }
}

/// The themes of all assessors, each once, and public works, which every municipality has.
fn themes(office: &Office) -> Vec<Theme> {
    let mut themes: Vec<Theme> = Vec::new();
    for theme in office.assessors.iter().flat_map(|assessor| assessor.themes.clone()).chain([starter::public_works()]) {
        if !themes.iter().any(|known| known.slug == theme.slug) {
            themes.push(theme);
        }
    }
    themes
}

/// What a new office follows.
fn watches(office: &Office) -> Vec<Watch> {
    let town = phrase(&office.settings.town);
    let body = phrase(&office.settings.office);
    let names = |all: &mut dyn Iterator<Item = &Known>| {
        all.map(|known| phrase(&known.name)).filter(|name| !name.is_empty()).collect::<Vec<_>>().join(" OR ")
    };
    let mayor = names(&mut std::iter::once(&office.mayor));
    let council = names(&mut office.assessors.iter());
    let council = if council.is_empty() { String::new() } else { format!("{council} OR ") };
    let watch = |slug: &str, name: &str, weight, urgency, query: String| Watch {
        id: WatchId(0),
        slug: slug.to_owned(),
        name: name.to_owned(),
        query,
        weight,
        urgency,
        hold: 0,
        grading: Grading::default(),
        retired_at: None,
    };
    let province = phrase(&office.settings.province);
    let mut watches = vec![
        watch(
            "comune",
            "Il Comune",
            9,
            Urgency::Review,
            format!("{body} OR (municipio {town}) OR (\"giunta comunale\" {town})"),
        ),
        watch(
            "sindaco",
            &office.mayor.office,
            10,
            Urgency::Review,
            format!("{mayor} OR ((sindaco OR sindaca) {town})"),
        ),
        watch("giunta", "Giunta e consiglio", 8, Urgency::Review, format!("{council}(\"consiglio comunale\" {town})")),
        watch(
            "emergenze",
            "Emergenze",
            10,
            Urgency::Flash,
            format!(
                "(frana OR esondazione OR alluvione OR allagamento OR evacuati OR \"allerta arancione\" OR \"allerta rossa\" \
                 OR crollo) {town}"
            ),
        ),
        watch(
            "provincia",
            "Provincia e territorio",
            3,
            Urgency::Review,
            format!("(\"Provincia di {}\" OR prefettura OR regione) {town}", province.trim_matches('"')),
        ),
    ];
    watches.extend(
        themes(office)
            .into_iter()
            .map(|theme| watch(&theme.slug, &theme.name, 6, Urgency::Review, format!("({}) {town}", theme.words))),
    );
    watches
}

/// A proposed query that cannot be used: only an odd name of a town does that.
fn wrong_query(watches: &[Watch], now: Timestamp, lang: Lang) -> Option<crate::Slip> {
    let names = Names::default();
    let error = watches.iter().find_map(|watch| check_watch(&watch.query, &names, now).err())?;
    Some(crate::Slip { field: "town", sentence: query_sentence(lang, &error) })
}

#[cfg(test)]
mod tests;
