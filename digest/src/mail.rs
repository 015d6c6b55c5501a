//! The review as a letter: an HTML part and a text part that say the same.
//!
//! The mail is the product: portals are not opened. So it is complete with images off (there are none), asks nobody else
//! for anything, is one column that a telephone shows, has real headings, and follows the reader's dark mode. Mail
//! programs cut a message of more than about 102 kB and hide its end: ours stays below 100,000 bytes, first by showing
//! fewer extracts, then fewer stories, and says so. Left out: attachments and addresses, which the outbox adds.

use crate::sheet::{Sheet, SheetSection, sheet};
use crate::{Dress, plain};
use askama::Template;
use jiff::civil::Date;
use salastampa_domain::{Entry, Letter, Review};
use salastampa_locale::{Lang, date, fill, number, plural, t};

/// The longest HTML part, in bytes.
pub const LONGEST: usize = 100_000;
/// Longest line that a mail program shows beside the subject, in characters.
const PREHEADER: usize = 140;

/// The letter of a review. The same for all its readers; who signed and when stands in the review.
pub fn review(review: &Review, dress: &Dress) -> Letter {
    letter(&fitted(sheet(review, dress), LONGEST))
}

/// The letter of a later version: what it adds, corrects and takes away, and nothing else.
pub fn difference(next: &Review, (added, corrected, removed): (&[Entry], &[Entry], &[Entry]), dress: &Dress) -> Letter {
    let lang = dress.language;
    let part = |heading: &str, entries: &[Entry]| SheetSection {
        heading: heading.to_owned(),
        entries: entries.iter().map(|e| crate::sheet::entry(e, lang)).collect(),
    };
    let mut sheet = sheet(next, dress);
    sheet.sections = vec![
        part(t(lang, "digest.difference.added"), added),
        part(t(lang, "digest.difference.corrected"), corrected),
        part(t(lang, "digest.difference.removed"), removed),
    ];
    sheet.sections.retain(|s| !s.entries.is_empty());
    sheet.summary = plural(lang, "digest.difference.changes", added.len() + corrected.len() + removed.len());
    (sheet.empty_sections, sheet.pickup, sheet.ill) = (None, Vec::new(), Vec::new());
    letter(&fitted(sheet, LONGEST))
}

/// The letter of a reserved edition to one of its readers: that it is there, how many stories it has, and the link under
/// which this reader alone opens it (`dress.web`), until that day. No story is in it.
pub fn reserved(review: &Review, dress: &Dress, until: Date) -> Letter {
    let lang = dress.language;
    let sheet = sheet(review, dress);
    let day = date::long(until, lang);
    let page = ReservedMail {
        note: fill(lang, "digest.reserved.note", &[("day", &day)]),
        lang,
        subject: sheet.subject(),
        preheader: sheet.summary.clone(),
        dress,
        reader: reader(&sheet),
        sheet: &sheet,
    };
    Letter {
        subject: sheet.subject(),
        text: plain::reserved(&sheet, &page.note),
        html: page.render().expect("a template of plain fields has nothing that could fail"),
        language: lang.code().to_owned(),
        auto_generated: true,
        list: None,
        attachments: Vec::new(),
    }
}

/// The letter of a review in words, as it stands.
pub fn letter(sheet: &Sheet) -> Letter {
    Letter {
        subject: sheet.subject(),
        html: html(sheet),
        text: plain::review(sheet),
        language: sheet.dress.language.code().to_owned(),
        auto_generated: true,
        list: None,
        attachments: Vec::new(),
    }
}

/// The sheet with as much as `most` bytes of HTML hold: all, or the extracts of the first stories only, or, without any
/// extract, the first stories only. What was left away is said in [`Sheet::shortened`].
pub fn fitted(whole: Sheet, most: usize) -> Sheet {
    let fits = |sheet: &Sheet| html(sheet).len() <= most;
    if fits(&whole) {
        return whole;
    }
    let stories = whole.stories();
    let extracts = longest(stories.saturating_sub(1), |n| fits(&with_extracts(&whole, n)));
    if let Some(n) = extracts {
        return with_extracts(&whole, n);
    }
    let n = longest(stories, |n| fits(&with_stories(&whole, n))).unwrap_or(0);
    with_stories(&whole, n)
}

/// The largest number up to `most` that fits, where fewer always fit better.
fn longest(most: usize, fits: impl Fn(usize) -> bool) -> Option<usize> {
    if !fits(0) {
        return None;
    }
    let (mut low, mut high) = (0, most);
    while low < high {
        let middle = low + (high - low).div_ceil(2);
        if fits(middle) { low = middle } else { high = middle - 1 }
    }
    Some(low)
}

fn with_extracts(whole: &Sheet, n: usize) -> Sheet {
    let mut sheet = whole.clone();
    for entry in sheet.sections.iter_mut().flat_map(|s| &mut s.entries).skip(n) {
        entry.extract.clear();
    }
    let lang = sheet.dress.language;
    sheet.shortened = Some(match n {
        0 => t(lang, "digest.no_extracts").to_owned(),
        _ => plural(lang, "digest.fewer_extracts", n),
    });
    sheet
}

fn with_stories(whole: &Sheet, n: usize) -> Sheet {
    let mut sheet = with_extracts(whole, 0);
    let mut left = n;
    for section in &mut sheet.sections {
        section.entries.truncate(left);
        left -= section.entries.len();
        for entry in &mut section.entries {
            entry.why.clear();
            entry.also.clear();
        }
    }
    sheet.sections.retain(|s| !s.entries.is_empty());
    // lists without a bound of their own
    sheet.pickup.truncate(20);
    sheet.pickup.iter_mut().for_each(|p| p.lines.truncate(5));
    sheet.ill.truncate(40);
    let lang = sheet.dress.language;
    let count = |n: usize| number::whole(i64::try_from(n).unwrap_or(i64::MAX), lang);
    let values = [("n", &*count(n)), ("total", &*count(whole.stories()))];
    sheet.shortened = Some(fill(lang, "digest.fewer_stories", &values));
    sheet
}

/// The HTML part of a review.
#[derive(Template)]
#[template(path = "review.html")]
struct ReviewMail<'a> {
    sheet: &'a Sheet,
    lang: Lang,
    subject: String,
    preheader: String,
    dress: &'a Dress,
    reader: String,
}

/// The HTML part of a letter that only leads to a review.
#[derive(Template)]
#[template(path = "reserved.html")]
struct ReservedMail<'a> {
    sheet: &'a Sheet,
    lang: Lang,
    subject: String,
    preheader: String,
    dress: &'a Dress,
    reader: String,
    note: String,
}

fn html(sheet: &Sheet) -> String {
    let lang = sheet.dress.language;
    let headlines: Vec<&str> =
        sheet.sections.iter().flat_map(|s| &s.entries).map(|e| e.headline.as_str()).take(3).collect();
    let preheader = match headlines.is_empty() {
        true => format!("{} {}", sheet.summary, sheet.coverage),
        false => headlines.join(" · "),
    };
    let page = ReviewMail {
        sheet,
        lang,
        subject: sheet.subject(),
        preheader: crate::clean::line(&preheader, PREHEADER),
        dress: &sheet.dress,
        reader: reader(sheet),
    };
    page.render().expect("a template of plain fields has nothing that could fail")
}

/// Why somebody gets this message.
pub(crate) fn reader(sheet: &Sheet) -> String {
    fill(sheet.dress.language, "digest.reader", &[("title", &sheet.title)])
}

#[cfg(test)]
mod tests;
