//! What a review says, in the words of its readers: the one value that HTML, text and PDF print.
//!
//! A [`Review`] holds facts; a [`Sheet`] holds the sentences made of them, in their order. Mail and PDF only set it, so
//! that the same review says the same things in the same order everywhere. Nothing but what stands here is printed.

use crate::{Dress, clean};
use jiff::civil::Date;
use salastampa_domain::{
    AlsoIn, Coverage, Entry, IllSource, PickupLevel, PickupLine, Relevance, Review, ReviewState, Timestamp,
};
use salastampa_locale::{Lang, date, fill, number, plural, t};
use std::collections::BTreeSet;

/// A review in words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sheet {
    /// Who sends it.
    pub dress: Dress,
    /// The edition's name.
    pub title: String,
    /// The civil day that it is made for.
    pub date: Date,
    /// `lunedì 23 novembre 2026`.
    pub date_long: String,
    /// What a reader must know at once: draft, not reviewed, a later version.
    pub marks: Vec<String>,
    /// `12 notizie · 9 testate`, or that there is nothing to tell.
    pub summary: String,
    /// The sections that hold something, in the edition's order.
    pub sections: Vec<SheetSection>,
    /// The names of the others, in one sentence.
    pub empty_sections: Option<String>,
    /// That not all is shown here, and where it stands.
    pub shortened: Option<String>,
    /// Who picked up our releases.
    pub pickup: Vec<SheetPickup>,
    /// `9 fonti vive su 10 · 152 articoli letti`.
    pub coverage: String,
    /// A sentence for each source that does not answer.
    pub ill: Vec<String>,
}

/// A section in words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SheetSection {
    /// Its name.
    pub heading: String,
    /// Its stories.
    pub entries: Vec<SheetEntry>,
}

/// A story in words.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SheetEntry {
    /// Title of the article.
    pub headline: String,
    /// Its address; empty if it is none of the web.
    pub url: String,
    /// `Principale · Il Lago · Ada Neri · 22 nov 2026, 18:40`.
    pub source_line: String,
    /// The office's own words, or what may be shown of the text; empty if there is neither.
    pub extract: String,
    /// A line of the office; empty if there is none.
    pub note: String,
    /// The other outlets.
    pub also: Vec<SheetLink>,
    /// The watches and words that brought it; empty if none are known.
    pub why: String,
}

/// Words that may lead somewhere.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SheetLink {
    /// The words, such as an outlet's name with `(ripresa)` or `(ripresa Agenzia Lago)` where it is the same text.
    pub text: String,
    /// Where they lead; empty if that is no address of the web.
    pub url: String,
}

/// What became of a release, in words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SheetPickup {
    /// Title of the release.
    pub title: String,
    /// A line an outlet: `Il Lago: ripresa integrale, dopo 2 h 10 min`.
    pub lines: Vec<SheetLink>,
}

const LONGEST_TITLE: usize = 300;
const LONGEST_NAME: usize = 120;
/// Longest reason, in characters: all parts of the points and the first watches, so that no sum is cut off.
const LONGEST_WHY: usize = 600;
/// Longest text of the office itself beside a story, in characters.
const LONGEST_OWN: usize = 1_000;
/// Names of other outlets that are spelt out; the rest are counted.
const MOST_OUTLETS: usize = 12;

/// The review in the words of its readers.
pub fn sheet(review: &Review, dress: &Dress) -> Sheet {
    let lang = dress.language;
    let day = review.slot.0.date();
    let (full, empty): (Vec<_>, Vec<_>) = review.sections.iter().partition(|s| !s.entries.is_empty());
    let names: Vec<String> = empty.iter().map(|s| clean::line(&s.name, LONGEST_NAME)).collect();
    let sections: Vec<SheetSection> = full
        .iter()
        .map(|s| SheetSection {
            heading: clean::line(&s.name, LONGEST_NAME),
            entries: s.entries.iter().map(|e| entry(e, lang)).collect(),
        })
        .collect();
    Sheet {
        dress: dress.clone(),
        title: clean::line(&review.title, LONGEST_NAME),
        date: day,
        date_long: date::long(day, lang),
        marks: marks(review, lang),
        summary: summary(review, lang),
        // with nothing to tell at all the names of the sections say nothing more
        empty_sections: (!names.is_empty() && !sections.is_empty())
            .then(|| fill(lang, "digest.empty_sections", &[("sections", &names.join(", "))])),
        sections,
        shortened: None,
        pickup: pickup(&review.pickup, lang),
        coverage: coverage(&review.coverage, lang),
        ill: review.coverage.ill.iter().map(|s| ill(s, lang)).collect(),
    }
}

impl Sheet {
    /// The sentence of a key in the readers' language.
    pub fn t<'a>(&self, key: &'a str) -> &'a str {
        t(self.dress.language, key)
    }

    /// Number of stories.
    pub fn stories(&self) -> usize {
        self.sections.iter().map(|s| s.entries.len()).sum()
    }

    /// `Rassegna generale · lunedì 23 novembre 2026`, with the marks.
    pub fn subject(&self) -> String {
        let mut parts = vec![self.title.clone(), self.date_long.clone()];
        parts.extend(self.marks.iter().cloned());
        parts.join(" · ")
    }

    /// Every line of the sheet in the order in which it is read: what any output must hold, in this order.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec![self.title.clone(), self.date_long.clone()];
        lines.extend(self.marks.iter().cloned());
        lines.push(self.summary.clone());
        for section in &self.sections {
            lines.push(section.heading.clone());
            for e in &section.entries {
                lines.extend([e.headline.clone(), e.source_line.clone(), e.extract.clone(), e.note.clone()]);
                lines.extend(e.also.iter().map(|a| a.text.clone()));
                lines.push(e.why.clone());
            }
        }
        lines.extend(self.empty_sections.iter().chain(&self.shortened).cloned());
        lines.extend(self.pickup.iter().flat_map(SheetPickup::words));
        lines.push(self.coverage.clone());
        lines.extend(self.ill.iter().cloned());
        lines.retain(|line| !line.is_empty());
        lines
    }
}

impl SheetPickup {
    fn words(&self) -> Vec<String> {
        std::iter::once(&self.title).chain(self.lines.iter().map(|l| &l.text)).cloned().collect()
    }
}

fn marks(review: &Review, lang: Lang) -> Vec<String> {
    let mut marks = Vec::new();
    match review.state {
        ReviewState::Draft => marks.push(t(lang, "digest.draft").to_owned()),
        ReviewState::Published { by: None, .. } => marks.push(t(lang, "digest.not_reviewed").to_owned()),
        ReviewState::Published { by: Some(_), .. } => {}
    }
    if review.version > 1 {
        marks.push(fill(lang, "digest.version", &[("n", &review.version.to_string())]));
    }
    marks
}

fn summary(review: &Review, lang: Lang) -> String {
    let entries = || review.sections.iter().flat_map(|s| &s.entries);
    let outlets: BTreeSet<&str> = entries()
        .flat_map(|e| std::iter::once(e.outlet_name.as_str()).chain(e.also_in.iter().map(|a| a.outlet_name.as_str())))
        .collect();
    match entries().count() {
        0 => t(lang, "digest.nothing").to_owned(),
        n => format!("{} · {}", plural(lang, "digest.story", n), plural(lang, "common.outlet", outlets.len())),
    }
}

pub(crate) fn entry(entry: &Entry, lang: Lang) -> SheetEntry {
    let relevance = entry.relevance.map(|r| match r {
        Relevance::Main => t(lang, "digest.relevance.main"),
        Relevance::Minor => t(lang, "digest.relevance.minor"),
        Relevance::Mention => t(lang, "digest.relevance.mention"),
    });
    let mut source: Vec<String> = relevance.map(str::to_owned).into_iter().collect();
    source.push(clean::line(&entry.outlet_name, LONGEST_NAME));
    source.push(clean::line(&entry.authors.join(", "), LONGEST_NAME));
    source.push(moment(entry.dated, lang));
    source.retain(|part| !part.is_empty());
    SheetEntry {
        headline: clean::line(&entry.title, LONGEST_TITLE),
        url: clean::link(&entry.url).unwrap_or_default().to_owned(),
        source_line: source.join(" · "),
        // the cap was held when the extract was made; here it only loses what is no text
        extract: match entry.summary.trim() {
            "" => clean::line(entry.extract.as_str(), usize::MAX),
            own => clean::line(own, LONGEST_OWN),
        },
        note: match clean::line(&entry.note, LONGEST_OWN) {
            empty if empty.is_empty() => empty,
            note => fill(lang, "digest.note", &[("note", &note)]),
        },
        also: also(&entry.also_in, lang),
        why: clean::line(&crate::points::why(entry, lang), LONGEST_WHY),
    }
}

pub(crate) fn also(others: &[AlsoIn], lang: Lang) -> Vec<SheetLink> {
    let mut out: Vec<SheetLink> = others
        .iter()
        .take(MOST_OUTLETS)
        .map(|a| {
            let name = clean::line(&a.outlet_name, LONGEST_NAME);
            let origin = clean::line(&a.origin, LONGEST_NAME);
            let text = match a.copy {
                true if origin.is_empty() => fill(lang, "digest.copy", &[("outlet", &name)]),
                true => fill(lang, "digest.copy_of", &[("outlet", &name), ("origin", &origin)]),
                false => name,
            };
            SheetLink { text, url: clean::link(&a.url).unwrap_or_default().to_owned() }
        })
        .collect();
    if others.len() > MOST_OUTLETS {
        let text = plural(lang, "digest.more_outlets", others.len() - MOST_OUTLETS);
        out.push(SheetLink { text, url: String::new() });
    }
    out
}

/// The releases in the order in which they first come, each with all that used it.
fn pickup(lines: &[PickupLine], lang: Lang) -> Vec<SheetPickup> {
    let mut releases = Vec::new();
    for line in lines {
        if !releases.contains(&line.release) {
            releases.push(line.release);
        }
    }
    let of = |release| lines.iter().filter(move |l| l.release == release);
    releases
        .into_iter()
        .map(|release| SheetPickup {
            title: of(release).next().map_or_else(String::new, |l| clean::line(&l.title, LONGEST_TITLE)),
            lines: of(release).map(|l| used(l, lang)).collect(),
        })
        .collect()
}

fn used(line: &PickupLine, lang: Lang) -> SheetLink {
    let level = match line.level {
        PickupLevel::Full => t(lang, "digest.pickup.full"),
        PickupLevel::Partial => t(lang, "digest.pickup.partial"),
        PickupLevel::Quote => t(lang, "digest.pickup.quote"),
        PickupLevel::Theme => t(lang, "digest.pickup.theme"),
    };
    let outlet = clean::line(&line.outlet_name, LONGEST_NAME);
    let delay = number::duration(line.delay, lang);
    SheetLink {
        text: fill(lang, "digest.pickup.line", &[("outlet", &outlet), ("level", level), ("delay", &delay)]),
        url: clean::link(&line.url).unwrap_or_default().to_owned(),
    }
}

fn coverage(coverage: &Coverage, lang: Lang) -> String {
    let alive = plural(lang, "digest.alive", coverage.alive);
    let total = number::whole(i64::try_from(coverage.total).unwrap_or(i64::MAX), lang);
    let read = plural(lang, "digest.read", coverage.articles);
    fill(lang, "digest.coverage", &[("alive", &alive), ("total", &total), ("read", &read)])
}

fn ill(source: &IllSource, lang: Lang) -> String {
    let since = source.since.civil();
    let values = [
        ("outlet", &*clean::line(&source.outlet_name, LONGEST_NAME)),
        ("since", &date::with_article(date::Before::From, since.date(), lang)),
        ("time", &date::time(since.time())),
        ("why", &clean::line(&source.why, LONGEST_NAME)),
    ];
    fill(lang, if source.why.trim().is_empty() { "digest.ill" } else { "digest.ill_why" }, &values)
}

/// `22 nov 2026, 18:40`, on the Italian clock.
pub(crate) fn moment(at: Timestamp, lang: Lang) -> String {
    let at = at.civil();
    format!("{}, {}", date::short(at.date(), lang), date::time(at.time()))
}
