//! From the fields of a form to a draft, and back.
//!
//! The draft stays one text, Markdown after a head, because that is what is kept, hashed, compared and written by hand.
//! A form changes in it what the person changed: a key whose value is the same keeps its line as it was typed, with its
//! comment, and a key that the form does not know stays where it is. Left out: whether the text may leave (`refuse`).

use crate::draft::{self, Draft, KEYS};
use salastampa_domain::{NewsType, ReleaseKind, Timestamp};
use std::ops::Range;
use toml::de::DeTable;

/// A draft as a form shows it: what is typed, right or wrong.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Fields {
    /// `comunicato`, `nota`, …
    pub kind: String,
    /// *sezione*: `notizia`, `comunicato`, `avviso`; empty means `comunicato`.
    pub news: String,
    /// *titolo*.
    pub title: String,
    /// *occhiello*.
    pub kicker: String,
    /// *sommario*.
    pub summary: String,
    /// *luogo*.
    pub place: String,
    /// *data*, as `2026-11-23`.
    pub date: String,
    /// Slugs of the lists.
    pub lists: Vec<String>,
    /// *embargo*, an Italian civil date and hour as `2026-11-23T11:00`.
    pub embargo: String,
    /// *argomenti*.
    pub topics: Vec<String>,
    /// *contatti*, a line each.
    pub contacts: Vec<String>,
    /// *virgolettati*, a line each.
    pub quoted: Vec<String>,
    /// *responsabile*.
    pub responsible: String,
    /// *firma*: [`draft::SIGNED`] where the box is ticked.
    pub signed: String,
    /// `it`, `en`, or empty for the office's own.
    pub language: String,
    /// *indispensabile*.
    pub indispensable: String,
    /// *dati_delicati*: [`draft::CHECKED`] where the box is ticked.
    pub checked: String,
    /// The text, Markdown.
    pub body: String,
}

/// What the value of a key is.
#[derive(PartialEq)]
enum Value<'a> {
    Text(&'a str),
    Texts(&'a [String]),
}

impl Fields {
    /// The fields of a draft that reads.
    pub fn of(draft: &Draft) -> Self {
        Self {
            kind: kind_name(draft.kind).to_owned(),
            news: draft.news.name().to_owned(),
            title: draft.title.clone(),
            kicker: draft.kicker.clone(),
            summary: draft.summary.clone(),
            place: draft.place.clone().unwrap_or_default(),
            date: draft.date.map(|day| day.to_string()).unwrap_or_default(),
            lists: draft.lists.clone(),
            embargo: draft.embargo.map(civil).unwrap_or_default(),
            topics: draft.topics.clone(),
            contacts: draft.contacts.clone(),
            quoted: draft.quoted.clone(),
            responsible: draft.responsible.clone(),
            signed: if draft.is_signed { draft::SIGNED.to_owned() } else { String::new() },
            language: draft.language.map(|lang| lang.code().to_owned()).unwrap_or_default(),
            indispensable: draft.indispensable.clone(),
            checked: if draft.checked { draft::CHECKED.to_owned() } else { String::new() },
            body: draft.body.clone(),
        }
    }

    /// The same fields as they are kept: without blanks around and empty entries, with line breaks of one sort, and
    /// titles on one line.
    #[must_use]
    pub fn tidied(self) -> Self {
        // as the draft will be read: what a program or a paste has put between the letters is not typed
        let title = draft::readable(&self.title).split_whitespace().collect::<Vec<_>>().join(" ");
        let line =
            |text: String| draft::on_one_line(&draft::readable(&text)).split_whitespace().collect::<Vec<_>>().join(" ");
        let lines = |texts: Vec<String>| texts.into_iter().map(line).filter(|text| !text.is_empty()).collect();
        Self {
            kind: line(self.kind),
            news: Some(line(self.news))
                .filter(|news| !news.is_empty())
                .unwrap_or_else(|| NewsType::default().name().into()),
            title,
            kicker: line(self.kicker),
            summary: line(self.summary),
            place: line(self.place),
            date: line(self.date),
            lists: lines(self.lists),
            embargo: line(self.embargo),
            topics: lines(self.topics),
            contacts: lines(self.contacts),
            quoted: lines(self.quoted),
            responsible: line(self.responsible),
            signed: line(self.signed),
            language: line(self.language),
            indispensable: line(self.indispensable),
            checked: line(self.checked),
            body: self.body.replace("\r\n", "\n").trim().to_owned(),
        }
    }

    fn value(&self, key: &str) -> Value<'_> {
        match key {
            "tipo" => Value::Text(&self.kind),
            "sezione" => Value::Text(if self.news == NewsType::default().name() { "" } else { &self.news }),
            "titolo" => Value::Text(&self.title),
            "occhiello" => Value::Text(&self.kicker),
            "sommario" => Value::Text(&self.summary),
            "luogo" => Value::Text(&self.place),
            "data" => Value::Text(&self.date),
            "liste" => Value::Texts(&self.lists),
            "embargo" => Value::Text(&self.embargo),
            "argomenti" => Value::Texts(&self.topics),
            "contatti" => Value::Texts(&self.contacts),
            "virgolettati" => Value::Texts(&self.quoted),
            "responsabile" => Value::Text(&self.responsible),
            "firma" => Value::Text(&self.signed),
            "indispensabile" => Value::Text(&self.indispensable),
            "dati_delicati" => Value::Text(&self.checked),
            _ => Value::Text(&self.language),
        }
    }
}

/// The draft `base` (empty for a new one) with what the fields say in it. The fields are tidied first.
pub fn compose(base: &str, fields: &Fields) -> String {
    let fields = fields.clone().tidied();
    let known = draft::parse(base).ok().map(|draft| Fields::of(&draft));
    let (head, body) = draft::split(base).map_or(("", ""), |(head, body, _)| (head, body));
    let head = edit_head(head, known.as_ref(), &fields);
    let body = match &known {
        Some(known) if known.body == fields.body => body.to_owned(),
        _ => format!("\n{}\n", fields.body),
    };
    format!("+++\n{head}+++\n{body}")
}

fn edit_head(head: &str, known: Option<&Fields>, fields: &Fields) -> String {
    let (table, _) = DeTable::parse_recoverable(head);
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    let mut added = String::new();
    for key in KEYS {
        let (wanted, had) = (fields.value(key), known.map(|known| known.value(key)));
        let entry = table.get_ref().iter().find(|(name, _)| name.get_ref() == key);
        match entry {
            // also the one that is not written and means what it would mean
            _ if had.as_ref() == Some(&wanted) => {}
            Some((_, value)) if !wanted.is_empty() => edits.push((value.span(), wanted.toml())),
            Some((name, value)) => edits.push((whole_lines(head, name.span().start..value.span().end), String::new())),
            None if wanted.is_empty() => {}
            None => added.push_str(&format!("{key} = {}\n", wanted.toml())),
        }
    }
    edits.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
    let mut head = head.to_owned();
    for (range, text) in edits {
        head.replace_range(range, &text);
    }
    if !head.is_empty() && !head.ends_with('\n') {
        head.push('\n');
    }
    head + &added
}

/// The lines that a range touches, with the last line break.
fn whole_lines(text: &str, range: Range<usize>) -> Range<usize> {
    let start = text[..range.start].rfind('\n').map_or(0, |at| at + 1);
    let end = text[range.end..].find('\n').map_or(text.len(), |at| range.end + at + 1);
    start..end
}

impl Value<'_> {
    fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) => text.is_empty(),
            Self::Texts(texts) => texts.is_empty(),
        }
    }

    fn toml(&self) -> String {
        match self {
            Self::Text(text) => quoted(text),
            Self::Texts(texts) => {
                format!("[{}]", texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", "))
            }
        }
    }
}

/// A basic string of TOML.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// How a field of date and hour writes an instant, in Italy.
pub fn civil(at: Timestamp) -> String {
    at.civil().strftime("%Y-%m-%dT%H:%M").to_string()
}

/// How the head of a draft names a kind.
pub fn kind_name(kind: ReleaseKind) -> &'static str {
    match kind {
        ReleaseKind::Comunicato => "comunicato",
        ReleaseKind::Nota => "nota",
        ReleaseKind::Invito => "invito",
        ReleaseKind::Rettifica => "rettifica",
        ReleaseKind::Precisazione => "precisazione",
    }
}

/// A name for addresses and files, made of a title: `riapre-il-lungolago`. `comunicato` if nothing of it can be used.
pub fn slug_of(title: &str) -> String {
    const LONGEST: usize = 60;
    let folded = salastampa_text::fold(title);
    let mut slug = String::new();
    for word in folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        if !slug.is_empty() && slug.len() + word.len() >= LONGEST {
            break;
        }
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.extend(word.chars().take(LONGEST));
    }
    if slug.is_empty() { "comunicato".to_owned() } else { slug }
}

#[cfg(test)]
mod tests;
