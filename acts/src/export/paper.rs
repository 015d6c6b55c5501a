//! The list on paper: a chapter a day (or month, or year), an index with page numbers, bookmarks.

use super::line::Line;
use super::words::rights_words;
use super::{Order, Place};
use crate::alert::dress;
use jiff::civil::Date;
use salastampa_domain::Sort;
use salastampa_index::Highlighter;
use salastampa_locale::{Lang, date, fill, plural, t};
use salastampa_pdf::{Booklet, Entry, Labels, MARK, Moment, Section};
use std::collections::BTreeSet;

/// Most chapters: an index of days is read, one of a thousand days is not.
const MOST_CHAPTERS: usize = 45;

/// The document, ready to be set. `cut` says that the search found more; `marker` knows its words.
pub(super) fn booklet(
    order: &Order,
    lines: &[Line],
    cut: Option<String>,
    marker: &Highlighter,
    place: &Place,
) -> Booklet {
    let lang = place.lang;
    let dress = dress(&place.house, lang);
    let outlets: BTreeSet<_> = lines.iter().map(|line| line.outlet).collect();
    let bare = lines.iter().filter(|line| line.extract.is_empty()).count();
    let told = match order.query.text.trim() {
        "" => t(lang, "export.pdf.no_query").to_owned(),
        query => fill(lang, "export.pdf.query", &[("query", query)]),
    };
    let mut remarks: Vec<String> = cut.into_iter().collect();
    if bare > 0 {
        remarks.push(plural(lang, "export.pdf.bare", bare));
    }
    let at = place.now.civil();
    Booklet {
        language: lang,
        title: if order.title.is_empty() { t(lang, "export.pdf.title").to_owned() } else { order.title.clone() },
        subtitle: format!(
            "{} · {}",
            plural(lang, "archive.found", lines.len()),
            plural(lang, "export.pdf.outlets", outlets.len())
        ),
        date_long: date::full(at.date(), lang),
        made: Moment {
            year: at.year(),
            month: at.month(),
            day: at.day(),
            hour: at.hour(),
            minute: at.minute(),
            offset: i16::try_from(place.now.zoned().offset().seconds() / 60).unwrap_or(0),
        },
        office: dress.office,
        town: dress.town,
        mark: None,
        full_index: true,
        sections: sections(order.query.sort, lines, marker, lang),
        notes: Vec::new(),
        pickup: Vec::new(),
        coverage: told,
        ill: remarks,
        colophon: t(lang, "digest.rights").to_owned(),
        labels: Labels { coverage: t(lang, "export.pdf.about").to_owned(), ..Labels::of(lang) },
    }
}

/// What a chapter holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Span {
    Day,
    Month,
    Year,
    All,
}

impl Span {
    /// The shortest that gives no more chapters than an index bears.
    fn of(sort: Sort, lines: &[Line]) -> Self {
        if matches!(sort, Sort::Relevance | Sort::Outlets) {
            return Self::All;
        }
        let chapters =
            |span: Self| lines.iter().map(|line| span.begin(line.dated.day())).collect::<BTreeSet<_>>().len();
        [Self::Day, Self::Month, Self::Year]
            .into_iter()
            .find(|span| chapters(*span) <= MOST_CHAPTERS)
            .unwrap_or(Self::All)
    }

    /// The first day of the chapter that a day is in.
    fn begin(self, day: Date) -> Date {
        match self {
            Self::Day => day,
            Self::Month => day.first_of_month(),
            Self::Year => day.first_of_year(),
            Self::All => Date::MIN,
        }
    }

    fn heading(self, begin: Date, lang: Lang) -> String {
        match self {
            Self::Day => date::full(begin, lang),
            Self::Month => format!("{} {}", date::month(begin, lang), begin.year()),
            Self::Year => begin.year().to_string(),
            Self::All => t(lang, "export.pdf.chapter").to_owned(),
        }
    }
}

fn sections(sort: Sort, lines: &[Line], marker: &Highlighter, lang: Lang) -> Vec<Section> {
    let span = Span::of(sort, lines);
    let mut sections: Vec<(Date, Section)> = Vec::new();
    for line in lines {
        let begin = span.begin(line.dated.day());
        match sections.last_mut().filter(|(of, _)| *of == begin) {
            Some((_, section)) => section.entries.push(entry(line, marker, lang)),
            None => {
                let section = Section { heading: span.heading(begin, lang), entries: vec![entry(line, marker, lang)] };
                sections.push((begin, section));
            }
        }
    }
    sections.into_iter().map(|(_, section)| section).collect()
}

fn entry(line: &Line, marker: &Highlighter, lang: Lang) -> Entry {
    let at = line.dated.civil();
    let mut source = vec![line.outlet_name.clone()];
    source.extend((!line.authors.is_empty()).then(|| line.authors.join(", ")));
    source.push(format!("{}, {}", date::short(at.date(), lang), date::time(at.time())));
    Entry {
        headline: line.title.clone(),
        source_line: source.join(" · "),
        url: line.url.clone(),
        extract: marked(line.extract.as_str(), marker),
        note: String::new(),
        also_line: String::new(),
        why: match line.extract.is_empty() {
            true => fill(lang, "export.pdf.no_text", &[("why", &rights_words(lang, line.class, line.reason))]),
            false => String::new(),
        },
    }
}

/// The words of the search between their marks.
fn marked(text: &str, marker: &Highlighter) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for segment in marker.in_text(text) {
        let words = segment.text.chars().filter(|c| *c != MARK);
        match segment.marked {
            true => out.extend([MARK].into_iter().chain(words).chain([MARK])),
            false => out.extend(words),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use salastampa_domain::Timestamp;
    use salastampa_index::Names;

    #[test]
    fn the_words_of_the_search_stand_between_marks_and_no_text_brings_its_own() {
        let marker = Highlighter::new("ponte", &Names::default(), Timestamp(0)).expect("a query");
        assert_eq!(
            marked("Il ponte\u{e000} e i ponti.", &marker),
            "Il \u{e000}ponte\u{e000} e i \u{e000}ponti\u{e000}."
        );
        assert_eq!(marked("", &marker), "");
    }
}
