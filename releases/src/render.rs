//! Freezing: from a draft to the bytes that leave, once for all.

use crate::draft::Draft;
use crate::files::{size_words, sort_words, until_words};
use crate::markdown;
use crate::quotes::guillemets;
use crate::refuse::{Refusal, refuse, refuse_sizes};
use crate::{html, mail, plain, wording};
use jiff::civil::Date;
use salastampa_domain::{Release, ReleaseFiles, ReleaseKind, Timestamp, Version, file_path};
use salastampa_locale::{Lang, fill, t};
use sha2::{Digest, Sha256};

/// The name of the media kit, below the address of a release by its number.
pub const KIT: &str = "materiali.zip";

/// Who speaks: the office as its releases print it.
#[derive(Clone, PartialEq, Debug)]
pub struct House {
    /// The body as it stands in the letterhead and in subject lines: `Comune di Bellariva sul Lago`.
    pub office: String,
    /// The place of the dateline, where a draft names none.
    pub town: String,
    /// Whom to ask, a line each, where a draft names nobody.
    pub contacts: String,
    /// Address of the site, with its sub-path and without a slash at the end: `https://stampa.esempio.test`.
    pub base_url: String,
    /// The office's language, where a draft names none.
    pub lang: Lang,
}

/// The text that a correction takes the place of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CorrectionOf {
    /// Its title.
    pub title: String,
    /// When it went out.
    pub at: Timestamp,
}

/// The bytes of a release. Field by field what a [`Version`] keeps.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Frozen {
    /// Title.
    pub title: String,
    /// Subject of the mail.
    pub subject: String,
    /// HTML part of the mail, with [`salastampa_domain::delivery::UNSUBSCRIBE_MARK`] in its foot.
    pub html: String,
    /// Text part of the mail; the same mark.
    pub text: String,
    /// The body as HTML for the newsroom page, without styles and frame.
    pub page: String,
    /// Abstract for lists and feeds.
    pub summary: String,
    /// Its photos and documents.
    pub files: ReleaseFiles,
    /// SHA-256 over the draft as written and all the fields above, in hexadecimal.
    pub sha256: String,
}

/// Renders a draft for good, or gives everything for which it may not leave. `register` is year and number in the
/// office's register. `now` gives the day of the dateline where the draft and its embargo give none.
pub fn freeze(
    draft: &Draft,
    house: &House,
    register: (i16, u32),
    correction_of: Option<&CorrectionOf>,
    now: Timestamp,
) -> Result<Frozen, Vec<Refusal>> {
    let mut refusals = refuse(draft, house, correction_of, now);
    let frozen = dress(draft, house, Some(register), correction_of, now);
    refusals.extend(refuse_sizes(&frozen, &house.base_url));
    if refusals.is_empty() { Ok(frozen) } else { Err(refusals) }
}

/// The day in the dateline of a text that is frozen at `now`: the one that it names, or that of its embargo, or today.
pub fn dated(draft: &Draft, now: Timestamp) -> Date {
    draft.date.unwrap_or_else(|| draft.embargo.filter(|until| *until > now).unwrap_or(now).day())
}

/// A draft in its clothes as it would be frozen now, whatever may be wrong with it: for looking at, never for sending.
/// Before the first submit it has no number yet.
pub fn preview(
    draft: &Draft,
    house: &House,
    register: Option<(i16, u32)>,
    correction_of: Option<&CorrectionOf>,
    now: Timestamp,
) -> Frozen {
    dress(draft, house, register, correction_of, now)
}

fn dress(
    draft: &Draft,
    house: &House,
    register: Option<(i16, u32)>,
    correction_of: Option<&CorrectionOf>,
    now: Timestamp,
) -> Frozen {
    let lang = draft.language.unwrap_or(house.lang);
    let said = |text: &str| if lang == Lang::It { guillemets(text) } else { text.to_owned() };
    let (blocks, _) = markdown::parse(&draft.body, lang);
    // an embargo that has passed binds nobody: a correction keeps the line of the first draft
    let embargo = draft.embargo.filter(|until| *until > now);
    let title = said(&draft.title);
    let sheet = mail::Sheet {
        lang: lang.code(),
        subject: subject(&title, correction_of.is_some() || draft.kind == ReleaseKind::Rettifica, embargo, house, lang),
        preheader: if draft.summary.is_empty() { title.clone() } else { said(&draft.summary) },
        embargo: embargo.map(|until| wording::embargo(until, lang)),
        correction: correction_of.map(|old| wording::corrects(&old.title, old.at, lang)),
        office: house.office.clone(),
        press_office: t(lang, "common.office"),
        numbered: wording::numbered(draft.kind, register, lang),
        kicker: said(&draft.kicker),
        title: title.clone(),
        summary: said(&draft.summary),
        dateline: wording::dateline(draft.place.as_deref().unwrap_or(&house.town), dated(draft, now), lang),
        body: html::render(&blocks, html::MAIL),
        body_text: plain::render(&blocks),
        contacts_heading: t(lang, "releases.mail.contacts"),
        contacts: contacts(draft, house),
        online: register.map(|register| online(house, register, embargo, lang)),
        files: attached(draft, house, register, embargo, lang),
        why: fill(lang, "releases.mail.why", &[("office", &house.office)]),
        leave: Some(t(lang, "releases.mail.leave")),
    };
    let mut frozen = Frozen {
        html: sheet.html(),
        text: sheet.text(),
        page: html::render(&blocks, html::PLAIN),
        summary: sheet.summary,
        subject: sheet.subject,
        title,
        files: draft.files.clone(),
        sha256: String::new(),
    };
    frozen.sha256 = fingerprint(&draft.source, &frozen);
    frozen
}

/// The hash of a stored version, made again from its fields: unlike [`Version::sha256`] if a byte has changed. Asked
/// before approving and before sending.
pub fn digest(version: &Version) -> String {
    let frozen = Frozen {
        title: version.title.clone(),
        subject: version.subject.clone(),
        html: version.html.clone(),
        text: version.text.clone(),
        page: version.page.clone(),
        summary: version.summary.clone(),
        files: version.files.clone(),
        sha256: String::new(),
    };
    fingerprint(&version.markdown, &frozen)
}

/// The address of a release: `{base}/novita/comunicati/2026/12-lungolago`; none before it has a number.
pub fn address(release: &Release, base_url: &str) -> Option<String> {
    let (year, number) = release.register?;
    Some(format!("{base_url}/novita/comunicati/{year}/{number}-{}", release.slug))
}

/// Whom to ask: those of the draft, else the office's own.
pub fn contacts(draft: &Draft, house: &House) -> Vec<String> {
    if !draft.contacts.is_empty() {
        return draft.contacts.clone();
    }
    house.contacts.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

fn subject(title: &str, corrected: bool, embargo: Option<Timestamp>, house: &House, lang: Lang) -> String {
    let titled = if corrected { fill(lang, "releases.subject.correction", &[("title", title)]) } else { title.into() };
    match embargo {
        Some(until) => {
            let (time, of_date) = wording::embargo_in_short(until, lang);
            let values = [("time", time.as_str()), ("of_date", &of_date), ("title", &titled)];
            fill(lang, "releases.subject.embargo", &values)
        }
        None if corrected => titled,
        None => fill(lang, "releases.subject.plain", &[("office", &house.office), ("title", title)]),
    }
}

/// Where the text stands online, with the hour from which it does.
fn online(house: &House, (year, number): (i16, u32), embargo: Option<Timestamp>, lang: Lang) -> mail::Online {
    let url = format!("{}/novita/comunicati/{year}/{number}", house.base_url);
    let words = match embargo {
        None => t(lang, "releases.mail.online").to_owned(),
        Some(until) => {
            let at = salastampa_locale::date::moment(until.civil(), lang);
            fill(lang, "releases.mail.online_from", &[("at", &at)])
        }
    };
    mail::Online { url, words }
}

/// The files of a release as its mail names them: links, never bytes.
fn attached(
    draft: &Draft,
    house: &House,
    register: Option<(i16, u32)>,
    embargo: Option<Timestamp>,
    lang: Lang,
) -> Vec<mail::Group> {
    let url = |file: &str, name: &str| format!("{}{}", house.base_url, file_path(file, name));
    let about = |mime: &str, bytes: i64, until| {
        let until = until_words(until, lang).map(|words| format!("; {words}")).unwrap_or_default();
        format!("{}, {}{until}", sort_words(mime), size_words(bytes, lang))
    };
    let photos = draft.files.photos.iter().map(|photo| mail::Linked {
        url: url(&photo.full.file, &photo.name),
        words: if photo.caption.is_empty() { photo.alt.clone() } else { photo.caption.clone() },
        about: format!("{}, {}", photo.credit, about(&photo.mime, photo.full.bytes, photo.until)),
    });
    let documents = draft.files.documents.iter().map(|document| mail::Linked {
        url: url(&document.file, &document.name),
        words: document.called().to_owned(),
        about: about(&document.mime, document.bytes, document.until),
    });
    let mut groups = Vec::new();
    let mut group = |key, n: usize, lines: Vec<mail::Linked>| {
        if n > 0 {
            groups.push(mail::Group { heading: fill(lang, key, &[("n", &n.to_string())]), note: None, lines });
        }
    };
    group("releases.mail.photos", draft.files.photos.len(), photos.collect());
    group("releases.mail.documents", draft.files.documents.len(), documents.collect());
    if let Some(last) = groups.last_mut() {
        if let Some((year, number)) = register.filter(|_| draft.files.len() > 1) {
            last.lines.push(mail::Linked {
                url: format!("{}/novita/comunicati/{year}/{number}/{KIT}", house.base_url),
                words: t(lang, "releases.mail.kit").to_owned(),
                about: "ZIP".to_owned(),
            });
        }
        last.note = embargo.map(|until| {
            let at = salastampa_locale::date::moment(until.civil(), lang);
            fill(lang, "releases.mail.files_from", &[("at", &at)])
        });
    }
    groups
}

/// Each field is preceded by its length, so that no text can be moved from one field to the next unseen.
fn fingerprint(markdown: &str, frozen: &Frozen) -> String {
    let fields = [markdown, &frozen.title, &frozen.subject, &frozen.html, &frozen.text, &frozen.page, &frozen.summary];
    // none where there are no files: versions from before there were any keep their hash
    let files = frozen.files.fields();
    let mut hash = Sha256::new();
    for field in fields.into_iter().chain(files.iter().map(String::as_str)) {
        hash.update((field.len() as u64).to_be_bytes());
        hash.update(field.as_bytes());
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
