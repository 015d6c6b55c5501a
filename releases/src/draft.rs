//! The working text of a release: Markdown after a head in TOML between two lines `+++`, its keys in Italian, because
//! the officers of the office write it by hand.
//!
//! A wrong head is told whole: every problem with its line and what to do, so that nobody mends one line a try. Left
//! out: what is allowed but unwise (that is `lint`) and what may not leave (`refuse`).

use crate::Message;
use crate::markdown::turns_around;
use jiff::civil::Date;
use salastampa_domain::{NewsType, ReleaseFiles, ReleaseKind, Timestamp};
use salastampa_locale::{Lang, fill};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Longest draft, in bytes: some thirty times a long release.
pub const LONGEST: usize = 200_000;
/// Most lists, topics, contacts or quoted persons in one draft.
pub const MOST: usize = 50;

/// The keys of the head, in the order in which a draft is best written.
pub const KEYS: [&str; 17] = [
    "tipo",
    "sezione",
    "titolo",
    "occhiello",
    "sommario",
    "luogo",
    "data",
    "liste",
    "embargo",
    "argomenti",
    "contatti",
    "virgolettati",
    "responsabile",
    "firma",
    "lingua",
    "indispensabile",
    "dati_delicati",
];
/// What `dati_delicati` says where somebody has looked.
pub const CHECKED: &str = "controllati";
/// What `firma` says where the responsible journalist is named on the page.
pub const SIGNED: &str = "in pagina";

/// A draft that reads.
#[derive(Clone, PartialEq, Debug)]
pub struct Draft {
    /// *tipo*: what sort of release.
    pub kind: ReleaseKind,
    /// *sezione*: where it stands in the newsroom.
    pub news: NewsType,
    /// *titolo*: the fact.
    pub title: String,
    /// *occhiello*: the line above the title; may be empty.
    pub kicker: String,
    /// *sommario*: the abstract for lists, feeds and the preview of mail programs; may be empty.
    pub summary: String,
    /// *luogo*: where it is issued.
    pub place: Option<String>,
    /// *data*: the day of the dateline.
    pub date: Option<Date>,
    /// *liste*: slugs of the lists that it goes to.
    pub lists: Vec<String>,
    /// *embargo*: not to be read before; an Italian civil date and hour.
    pub embargo: Option<Timestamp>,
    /// *argomenti*: topics.
    pub topics: Vec<String>,
    /// *contatti*: whom to ask, a line each; the office's own where empty.
    pub contacts: Vec<String>,
    /// *virgolettati*: who is quoted, name and office.
    pub quoted: Vec<String>,
    /// *responsabile*: the journalist who answers for the text (L. 150/2000 art. 9), where it is not the office alone; may be
    /// empty.
    pub responsible: String,
    /// *firma*: readers of the page are told who answers for it.
    pub is_signed: bool,
    /// *lingua*: the office's own where absent.
    pub language: Option<Lang>,
    /// *indispensabile*: why it cannot wait until after the polls, where it leaves in election time; may be empty. It is
    /// frozen with the text and shown at the desk, and is no part of what is printed.
    pub indispensable: String,
    /// *dati_delicati*: somebody has looked whether minors can be known by the text and its photos, and whether it tells of
    /// health, origin, beliefs or convictions (GDPR art. 8, 9 and 10; Carta di Treviso). Not printed.
    pub checked: bool,
    /// Its photos and documents: not in the text, put here by who reads it for freezing.
    pub files: ReleaseFiles,
    /// The text, Markdown.
    pub body: String,
    /// All of it as written, head included: what is kept and hashed.
    pub source: String,
}

/// What keeps a draft from being read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// Line of the draft, from 1.
    pub line: usize,
    /// What is wrong and what to do.
    pub message: Message,
}

impl Problem {
    /// The sentence with its line: `riga 3: …`.
    pub fn say(&self, lang: Lang) -> String {
        fill(lang, "releases.draft.at_line", &[("line", &self.line.to_string()), ("what", &self.message.say(lang))])
    }
}

impl Problem {
    /// The key of the head that it is about, or `testo` for the body; none for a head that does not read at all.
    pub fn field(&self) -> Option<&'static str> {
        match self.message.key {
            "releases.draft.no_title" => Some("titolo"),
            "releases.draft.no_body" | "releases.draft.too_long" => Some("testo"),
            "releases.draft.bad_date" => Some("data"),
            "releases.draft.bad_embargo" => Some("embargo"),
            "releases.draft.bad_list" => Some("liste"),
            _ => {
                let (_, named) = self.message.args.iter().find(|(name, _)| *name == "name")?;
                KEYS.into_iter().find(|key| key == named)
            }
        }
    }
}

/// Reads a draft, or says everything that keeps it from being read, in order of lines.
pub fn parse(text: &str) -> Result<Draft, Vec<Problem>> {
    let problem = |line, message| vec![Problem { line, message }];
    if text.len() > LONGEST {
        return Err(problem(1, Message::new("releases.draft.too_long").with("most", LONGEST / 1_000)));
    }
    let (head, body, first_line) = split(text).map_err(|message| problem(1, message))?;
    let mut reader = Reader { head, first_line, problems: Vec::new() };
    let mut draft = reader.head(head);
    if draft.title.is_empty() && !reader.problems.iter().any(|p| p.message.key == "releases.draft.syntax") {
        reader.problems.push(Problem { line: first_line, message: Message::new("releases.draft.no_title") });
    }
    if body.trim().is_empty() {
        let line = text.lines().count().max(1);
        reader.problems.push(Problem { line, message: Message::new("releases.draft.no_body") });
    }
    if !reader.problems.is_empty() {
        reader.problems.sort_by_key(|p| p.line);
        return Err(reader.problems);
    }
    body.trim().clone_into(&mut draft.body);
    text.clone_into(&mut draft.source);
    Ok(draft)
}

/// Head, body, and the line on which the head begins.
pub(crate) fn split(text: &str) -> Result<(&str, &str, usize), Message> {
    let mut offset = 0;
    let mut opened: Option<(usize, usize)> = None;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let next = offset + line.len();
        let mark = line.trim_start_matches('\u{feff}').trim();
        match opened {
            None if mark == "+++" => opened = Some((next, number + 2)),
            None if mark.is_empty() => {}
            None => return Err(Message::new("releases.draft.no_head")),
            Some((start, first)) if mark == "+++" => return Ok((&text[start..offset], &text[next..], first)),
            Some(_) => {}
        }
        offset = next;
    }
    Err(Message::new(if opened.is_some() { "releases.draft.open_head" } else { "releases.draft.no_head" }))
}

struct Reader<'a> {
    head: &'a str,
    first_line: usize,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn head(&mut self, head: &str) -> Draft {
        let (table, errors) = DeTable::parse_recoverable(head);
        for error in errors {
            let at = error.span().map_or(0, |s| s.start);
            self.report(at, Message::new("releases.draft.syntax").with("detail", error.message()));
        }
        let mut draft = empty();
        for (key, value) in table.get_ref() {
            self.field(&mut draft, key.get_ref(), key.span().start, value);
        }
        draft
    }

    fn field(&mut self, draft: &mut Draft, key: &str, at: usize, value: &Spanned<DeValue<'_>>) {
        match key {
            "tipo" => draft.kind = self.one_of(key, value, kind, "comunicato, nota, invito, rettifica, precisazione"),
            "sezione" => {
                let read = |s: &str| NewsType::parse(&s.to_lowercase());
                draft.news = self.one_of(key, value, read, "notizia, comunicato, avviso");
            }
            "titolo" => draft.title = self.text(key, value),
            "occhiello" => draft.kicker = self.text(key, value),
            "sommario" => draft.summary = self.text(key, value),
            "luogo" => draft.place = Some(self.text(key, value)).filter(|s| !s.is_empty()),
            "data" => draft.date = self.date(value),
            "liste" => draft.lists = self.lists(key, value),
            "embargo" => draft.embargo = self.embargo(value),
            "argomenti" => draft.topics = self.texts(key, value),
            "contatti" => draft.contacts = self.texts(key, value),
            "virgolettati" => draft.quoted = self.texts(key, value),
            "responsabile" => draft.responsible = self.text(key, value),
            "firma" => draft.is_signed = self.one_of(key, value, |said| (said == SIGNED).then_some(true), SIGNED),
            "dati_delicati" => {
                draft.checked = self.one_of(key, value, |said| (said == CHECKED).then_some(true), CHECKED);
            }
            "indispensabile" => draft.indispensable = self.text(key, value),
            "lingua" => draft.language = self.one_of(key, value, |s| Lang::parse(s).map(Some), "it, en"),
            _ => self.report(
                at,
                Message::new("releases.draft.unknown_key").with("name", key).with("known", KEYS.join(", ")),
            ),
        }
    }

    fn report(&mut self, at: usize, message: Message) {
        let before = self.head.as_bytes().iter().take(at).filter(|b| **b == b'\n').count();
        self.problems.push(Problem { line: self.first_line + before, message });
    }

    fn text(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> String {
        if let DeValue::String(text) = value.get_ref() {
            // a line break in a title is told, not mended (`refuse`); elsewhere control characters are blanks
            return if key == "titolo" { readable(text) } else { on_one_line(&readable(text)) };
        }
        self.report(value.span().start, Message::new("releases.draft.not_text").with("name", key));
        String::new()
    }

    /// A list of texts; a single text is a list of one.
    fn texts(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Vec<String> {
        let texts: Option<Vec<String>> = match value.get_ref() {
            DeValue::String(text) => Some(vec![on_one_line(&readable(text))]),
            DeValue::Array(items) if items.len() <= MOST => items
                .iter()
                .map(|item| match item.get_ref() {
                    DeValue::String(text) => Some(on_one_line(&readable(text))),
                    _ => None,
                })
                .collect(),
            _ => None,
        };
        let texts = texts.unwrap_or_else(|| {
            self.report(
                value.span().start,
                Message::new("releases.draft.not_texts").with("name", key).with("most", MOST),
            );
            Vec::new()
        });
        texts.into_iter().filter(|t| !t.is_empty()).collect()
    }

    fn lists(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Vec<String> {
        let mut lists = self.texts(key, value);
        for bad in lists.iter().filter(|s| !is_slug(s)) {
            self.report(value.span().start, Message::new("releases.draft.bad_list").with("name", bad));
        }
        let mut seen = std::collections::HashSet::new();
        lists.retain(|slug| seen.insert(slug.clone()));
        lists
    }

    fn one_of<T: Default>(
        &mut self,
        key: &str,
        value: &Spanned<DeValue<'_>>,
        read: impl Fn(&str) -> Option<T>,
        known: &str,
    ) -> T {
        let DeValue::String(text) = value.get_ref() else {
            self.report(value.span().start, Message::new("releases.draft.not_text").with("name", key));
            return T::default();
        };
        read(text.trim()).unwrap_or_else(|| {
            let message = Message::new("releases.draft.not_one_of").with("name", key).with("known", known);
            self.report(value.span().start, message.with("found", text));
            T::default()
        })
    }

    fn date(&mut self, value: &Spanned<DeValue<'_>>) -> Option<Date> {
        let date = when(value.get_ref()).and_then(|text| text.parse::<Date>().ok().filter(|_| text.len() == 10));
        if date.is_none() {
            self.report(value.span().start, Message::new("releases.draft.bad_date"));
        }
        date
    }

    fn embargo(&mut self, value: &Spanned<DeValue<'_>>) -> Option<Timestamp> {
        // a day without an hour would mean midnight, which nobody who writes it means
        let at = when(value.get_ref()).filter(|text| text.contains(':')).and_then(|text| Timestamp::parse(&text));
        if at.is_none() {
            self.report(value.span().start, Message::new("releases.draft.bad_embargo"));
        }
        at
    }
}

/// A value without blanks around and without marks that turn its order around.
pub(crate) fn readable(text: &str) -> String {
    text.trim().chars().filter(|c| !turns_around(*c)).collect()
}

/// A value with blanks in the place of line breaks and other control characters.
pub(crate) fn on_one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>().trim().to_owned()
}

/// A date in quotes or without.
fn when(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.trim().to_owned()),
        DeValue::Datetime(at) => Some(at.to_string()),
        _ => None,
    }
}

fn kind(name: &str) -> Option<ReleaseKind> {
    match name.to_lowercase().as_str() {
        "comunicato" => Some(ReleaseKind::Comunicato),
        "nota" => Some(ReleaseKind::Nota),
        "invito" => Some(ReleaseKind::Invito),
        "rettifica" => Some(ReleaseKind::Rettifica),
        "precisazione" => Some(ReleaseKind::Precisazione),
        _ => None,
    }
}

fn is_slug(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn empty() -> Draft {
    Draft {
        kind: ReleaseKind::default(),
        news: NewsType::default(),
        title: String::new(),
        kicker: String::new(),
        summary: String::new(),
        place: None,
        date: None,
        lists: Vec::new(),
        embargo: None,
        topics: Vec::new(),
        contacts: Vec::new(),
        quoted: Vec::new(),
        responsible: String::new(),
        is_signed: false,
        language: None,
        indispensable: String::new(),
        checked: false,
        files: ReleaseFiles::default(),
        body: String::new(),
        source: String::new(),
    }
}

#[cfg(test)]
mod tests;
