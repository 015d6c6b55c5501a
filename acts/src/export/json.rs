//! JSON Lines: an object an article, for other programs. Names of members are English and stay.

use super::line::Line;
use crate::Result;
use salastampa_domain::{Extract, Reason, RightsClass};
use serde::Serialize;
use serde_json::json;

/// One article as it leaves; what is absent may not leave or is not known.
#[derive(Serialize)]
struct Object<'a> {
    id: i64,
    /// RFC 3339, with the offset of the Italian clock.
    date: String,
    outlet: &'a str,
    outlet_slug: &'a str,
    title: &'a str,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    authors: &'a [String],
    #[serde(skip_serializing_if = "str::is_empty")]
    section: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    url: &'a str,
    rights: RightsClass,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<Reason>,
    #[serde(skip_serializing_if = "Extract::is_empty")]
    extract: &'a Extract,
    /// The paragraphs of the whole text.
    #[serde(skip_serializing_if = "<[Extract]>::is_empty")]
    text: &'a [Extract],
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<&'a [String]>,
}

/// Some lines.
pub(super) fn part(lines: &[Line], tags: bool) -> Result<Vec<u8>> {
    let mut out = Vec::with_capacity(lines.len() * 512);
    for line in lines {
        let object = Object {
            id: line.article.0,
            date: line.dated.rfc3339(),
            outlet: &line.outlet_name,
            outlet_slug: &line.outlet_slug,
            title: &line.title,
            authors: &line.authors,
            section: &line.rubric,
            url: &line.url,
            rights: line.class,
            reason: Some(line.reason).filter(|reason| !matches!(reason, Reason::Class | Reason::Staff)),
            extract: &line.extract,
            text: &line.text,
            tags: tags.then_some(line.tags.as_slice()),
        };
        serde_json::to_writer(&mut out, &object).map_err(anyhow::Error::from)?;
        out.push(b'\n');
    }
    Ok(out)
}

/// The last object of a file that is not whole.
pub(super) fn cut(written: usize, found: usize) -> Vec<u8> {
    format!("{}\n", json!({ "cut": true, "articles": written, "found": found })).into_bytes()
}
