//! The review on paper: the words that `digest` found, handed to the setter that `pdf` is.
//!
//! Here, because neither of the two crates knows the other: both the mail and the PDF print one
//! [`Sheet`](salastampa_digest::Sheet), so that they cannot say different things.

use salastampa_digest::{Dress, Sheet, sheet};
use salastampa_domain::Review;
use salastampa_locale::t;
use salastampa_pdf::{Booklet, Entry, Labels, Line, Moment, Pickup, Section};

/// The document of a review, ready for [`salastampa_pdf::render`]. Its date is the hour of the review, not that of the
/// setting, so that the same review gives the same bytes.
pub fn booklet(review: &Review, dress: &Dress) -> Booklet {
    let sheet = sheet::sheet(review, dress);
    let slot = review.slot.0;
    let lang = dress.language;
    Booklet {
        language: lang.code().to_owned(),
        title: sheet.title.clone(),
        subtitle: sheet.summary.clone(),
        date_long: sheet.date_long.clone(),
        made: Moment {
            year: slot.year(),
            month: slot.month(),
            day: slot.day(),
            hour: slot.hour(),
            minute: slot.minute(),
        },
        office: dress.office.clone(),
        town: dress.town.clone(),
        mark: (!sheet.marks.is_empty()).then(|| sheet.marks.join(" · ")),
        sections: sections(&sheet),
        notes: match sheet.sections.is_empty() {
            true => vec![t(lang, "digest.nothing_note").to_owned()],
            false => sheet.empty_sections.iter().cloned().collect(),
        },
        pickup: sheet
            .pickup
            .iter()
            .map(|p| Pickup {
                title: p.title.clone(),
                lines: p.lines.iter().map(|l| Line { text: l.text.clone(), url: l.url.clone() }).collect(),
            })
            .collect(),
        coverage: sheet.coverage.clone(),
        ill: sheet.ill.clone(),
        colophon: t(lang, "digest.rights").to_owned(),
        labels: Labels::of(lang),
    }
}

fn sections(sheet: &Sheet) -> Vec<Section> {
    let labelled = |key: &'static str, text: String| match text.is_empty() {
        true => text,
        false => format!("{}: {text}", sheet.t(key)),
    };
    let entry = |e: &sheet::SheetEntry| Entry {
        headline: e.headline.clone(),
        source_line: e.source_line.clone(),
        url: e.url.clone(),
        extract: e.extract.clone(),
        also_line: labelled(
            "digest.also_in",
            e.also.iter().map(|a| a.text.as_str()).collect::<Vec<_>>().join(", "),
        ),
        why: labelled("digest.why", e.why.clone()),
    };
    sheet
        .sections
        .iter()
        .map(|s| Section { heading: s.heading.clone(), entries: s.entries.iter().map(entry).collect() })
        .collect()
}
