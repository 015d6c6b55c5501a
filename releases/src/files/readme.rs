//! The files of a release in words: what sort, how large, whose, and the note that lies in the media kit.

use super::sort::KINDS;
use jiff::civil::Date;
use salastampa_domain::{Document, Licence, Photo, ReleaseFiles};
use salastampa_locale::{Lang, date, fill, number, t};

/// `PDF`, `Word`, `JPEG`.
pub fn sort_words(mime: &str) -> &'static str {
    match mime {
        "image/jpeg" => "JPEG",
        "image/png" => "PNG",
        _ => KINDS.iter().find(|kind| kind.mime == mime).map_or("file", |kind| kind.sort),
    }
}

/// `412 kB`, `3,2 MB`: thousands, as file managers count.
pub fn size_words(bytes: i64, lang: Lang) -> String {
    match bytes {
        ..1_000_000 => format!("{} kB", (bytes.max(0) + 999) / 1_000),
        // a size in words needs no more digits than a float has
        _ => format!("{} MB", number::decimal(bytes as f64 / 1_000_000.0, 1, lang)),
    }
}

/// What may be done with a photo.
pub fn licence_words(licence: Licence, lang: Lang) -> &'static str {
    match licence {
        Licence::Press => t(lang, "releases.licence.press"),
        Licence::CcBy => t(lang, "releases.licence.cc_by"),
        Licence::CcBySa => t(lang, "releases.licence.cc_by_sa"),
        Licence::Cc0 => t(lang, "releases.licence.cc0"),
        Licence::Reserved => t(lang, "releases.licence.reserved"),
    }
}

/// Until when a file may be used: `fino al 30 novembre 2026`; none where its licence does not end.
pub fn until_words(until: Option<Date>, lang: Lang) -> Option<String> {
    let words = |day: Date| match lang {
        Lang::It => format!("{} {}", date::with_article(date::Before::To, day, lang), day.year()),
        Lang::En => date::full(day, lang),
    };
    until.map(|day| fill(lang, "releases.licence.until", &[("day", &words(day))]))
}

/// What may be done with a photo, and until when.
pub fn terms_words(photo: &Photo, lang: Lang) -> String {
    let licence = licence_words(photo.licence, lang);
    until_words(photo.until, lang).map_or_else(|| licence.to_owned(), |until| format!("{licence}, {until}"))
}

/// What the note of a media kit begins with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct About<'a> {
    /// The office that it comes from.
    pub office: &'a str,
    /// `Comunicato stampa n. 12/2026`.
    pub numbered: &'a str,
    /// The title of the release.
    pub title: &'a str,
    /// Where it stands online.
    pub url: &'a str,
}

/// The note that lies in the media kit: where it comes from, and of each photo what it shows, whose it is and what may be
/// done with it. Lines end as on every system's editor (CRLF).
pub fn readme(about: About<'_>, files: &ReleaseFiles, lang: Lang) -> String {
    let mut lines =
        vec![about.office.to_owned(), about.numbered.to_owned(), about.title.to_owned(), about.url.to_owned()];
    if !files.photos.is_empty() {
        lines.extend([String::new(), t(lang, "releases.kit.photos").to_uppercase()]);
    }
    for photo in &files.photos {
        lines.extend([String::new(), photo.name.clone()]);
        lines.push(fill(lang, "releases.kit.shows", &[("alt", &photo.alt)]));
        if !photo.caption.is_empty() {
            lines.push(fill(lang, "releases.kit.caption", &[("caption", &photo.caption)]));
        }
        lines.push(fill(lang, "releases.kit.credit", &[("credit", &photo.credit)]));
        let licence = terms_words(photo, lang);
        let licence = photo.licence.url().map_or_else(|| licence.clone(), |url| format!("{licence} ({url})"));
        lines.push(fill(lang, "releases.kit.licence", &[("licence", &licence)]));
    }
    if !files.documents.is_empty() {
        lines.extend([String::new(), t(lang, "releases.kit.documents").to_uppercase(), String::new()]);
        let line = |document: &Document| {
            let (name, called) = (document.name.as_str(), document.called());
            let line = if name == called { name.to_owned() } else { format!("{name}: {called}") };
            until_words(document.until, lang).map_or_else(|| line.clone(), |until| format!("{line} ({until})"))
        };
        lines.extend(files.documents.iter().map(line));
    }
    lines.join("\r\n") + "\r\n"
}

/// The files a line each, for comparing two versions: order, names, what is said of them, and the beginning of the hash,
/// which tells another picture of the same name. Empty where there are none.
pub fn listed(files: &ReleaseFiles, lang: Lang) -> String {
    let mark = |file: &str| file.chars().take(8).collect::<String>();
    let photos = files.photos.iter().map(|photo| {
        let terms = terms_words(photo, lang);
        let said = [photo.name.as_str(), &photo.alt, &photo.caption, &photo.credit, &terms];
        (t(lang, "releases.kit.photos"), said.map(str::to_owned).to_vec(), mark(&photo.full.file))
    });
    let documents = files.documents.iter().map(|document| {
        let until = until_words(document.until, lang).unwrap_or_default();
        let said = [document.name.as_str(), &document.title, &until];
        (t(lang, "releases.kit.documents"), said.map(str::to_owned).to_vec(), mark(&document.file))
    });
    let line = |(sort, said, mark): (&str, Vec<String>, String)| {
        let said: Vec<String> = said.into_iter().filter(|text| !text.is_empty()).collect();
        format!("{sort}: {} [{mark}]\n", said.join("; "))
    };
    photos.chain(documents).map(line).collect()
}
