//! A release for machines: its fields in the shape of the content type *Notizia* of the national model for municipal sites,
//! and as linked data (schema.org `NewsArticle`) inside its page.

use super::address::Reading;
use super::list::section_words;
use super::page::reading_time;
use crate::Site;
use salastampa_domain::{Document, Photo, Version, file_path};
use salastampa_locale::{Lang, fill};
use salastampa_releases::files::licence_words;
use salastampa_releases::{public, wording};
use serde_json::{Value, json};

/// The fields of a *Notizia*. Instants are ISO 8601 with the Italian offset; `descrizione` is HTML of a closed set of tags.
pub(super) fn data(site: &Site, reading: &Reading) -> Value {
    let Reading { published, version, head, .. } = reading;
    let head = head.as_ref();
    let lang = head.and_then(|head| head.language).unwrap_or(site.house.lang);
    let url = format!("{}{}", site.house.base_url, reading.path());
    let topics = head.map(|head| head.topics.clone()).unwrap_or_default();
    let own = head.map(|head| head.contacts.clone()).unwrap_or_default();
    json!({
        "tipologia": "Notizia",
        "tipo_di_notizia": wording::news(reading.news(), Lang::It),
        "titolo": version.title,
        "occhiello": head.map(|head| head.kicker.clone()).unwrap_or_default(),
        "descrizione_breve": version.summary,
        "data_della_notizia": published.public_at.rfc3339(),
        "numero_progressivo_comunicato_stampa": format!("{}/{}", published.number, published.year),
        "dicitura": wording::kind(reading.kind(), Lang::It),
        "argomenti": topics,
        "luoghi": head.and_then(|head| head.place.clone()).into_iter().collect::<Vec<_>>(),
        "persone": head.map(|head| head.quoted.clone()).unwrap_or_default(),
        "descrizione": version.page,
        "testo": public::text(version, reading.register(), site.house.lang),
        "tempo_di_lettura": reading_time(&version.page, Lang::It),
        "documenti": documents(site, version),
        "immagini": pictures(site, version),
        "a_cura_di": {
            "ente": site.house.office,
            "ufficio": salastampa_locale::t(Lang::It, "common.office"),
            "responsabile": head.and_then(public::signed_by),
            "contatti": if own.is_empty() { lines(&site.house.contacts) } else { own },
        },
        "diramato_alle_ore": reading.issued.map(salastampa_domain::Timestamp::rfc3339),
        "data_e_ora_ultimo_aggiornamento": reading.updated().rfc3339(),
        "lingua": lang.code(),
        "indirizzo": url,
        "versione": version.number,
        "sha256": version.sha256,
    })
}

/// The linked data of a page: JSON that cannot end the element that it stands in.
pub(super) fn linked(site: &Site, reading: &Reading) -> String {
    let Reading { published, version, head, .. } = reading;
    let url = format!("{}{}", site.house.base_url, reading.path());
    let head = head.as_ref();
    let lang = head.and_then(|head| head.language).unwrap_or(site.house.lang);
    let publisher = json!({
        "@type": "GovernmentOrganization",
        "name": site.house.office,
        "url": format!("{}/", site.house.base_url),
    });
    let mut data = json!({
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": url,
        "url": url,
        "mainEntityOfPage": url,
        "headline": version.title,
        "description": version.summary,
        "datePublished": published.public_at.rfc3339(),
        "dateModified": reading.updated().rfc3339(),
        "inLanguage": lang.code(),
        "articleSection": section_words(reading.news(), lang),
        "keywords": head.map(|head| head.topics.clone()).unwrap_or_default(),
        "author": publisher.clone(),
        "publisher": publisher,
        "isAccessibleForFree": true,
    });
    if let Some(fields) = data.as_object_mut()
        && !version.files.photos.is_empty()
    {
        let urls = version.files.photos.iter().map(|photo| whole(site, &photo.web.file, &photo.name));
        fields.insert("image".into(), urls.collect());
    }
    if version.corrects.is_some()
        && let Some(fields) = data.as_object_mut()
    {
        let at = super::page::Moment::of(reading.updated(), lang);
        let correction = json!({
            "@type": "CorrectionComment",
            "text": fill(lang, "web.release.corrected", &[("at", &at.words)]),
            "datePublished": at.datetime,
            "url": format!("{url}/versioni"),
        });
        fields.insert("correction".into(), correction);
    }
    for_script(&data)
}

fn documents(site: &Site, version: &Version) -> Vec<Value> {
    let document = |document: &Document| {
        json!({
            "titolo": document.called(),
            "url": whole(site, &document.file, &document.name),
            "tipo": document.mime,
            "byte": document.bytes,
            "licenza_fino_al": document.until,
        })
    };
    version.files.documents.iter().map(document).collect()
}

fn pictures(site: &Site, version: &Version) -> Vec<Value> {
    let picture = |photo: &Photo| {
        json!({
            "url": whole(site, &photo.full.file, &photo.name),
            "tipo": photo.mime,
            "larghezza": photo.full.width,
            "altezza": photo.full.height,
            "testo_alternativo": photo.alt,
            "didascalia": photo.caption,
            "credito": photo.credit,
            "licenza": licence_words(photo.licence, Lang::It),
            "licenza_fino_al": photo.until,
        })
    };
    version.files.photos.iter().map(picture).collect()
}

/// The address of a file, for who is elsewhere.
fn whole(site: &Site, file: &str, name: &str) -> String {
    format!("{}{}", site.house.base_url, file_path(file, name))
}

/// JSON for a `script` element: no character in it that HTML gives a meaning, nor the two line ends that old programs
/// take for the end of a string.
pub(super) fn for_script(data: &Value) -> String {
    let mut out = String::new();
    for c in data.to_string().chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn linked_data_cannot_end_its_element() {
        let hostile = json!({"a": "</script><script>alert(1)</script><!--", "b": "\u{2028}&amp;"});
        let text = for_script(&hostile);
        assert!(!text.contains(['<', '>', '&', '\u{2028}']), "{text}");
        assert_eq!(serde_json::from_str::<Value>(&text).expect("JSON"), hostile);
    }
}
