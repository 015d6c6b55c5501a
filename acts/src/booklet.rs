//! The review on paper: the words that `digest` found, handed to the setter that `pdf` is.
//!
//! Here, because neither of the two crates knows the other: both the mail and the PDF print one
//! `Sheet`, so that they cannot say different things.

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
        language: lang,
        title: sheet.title.clone(),
        subtitle: sheet.summary.clone(),
        date_long: sheet.date_long.clone(),
        made: Moment {
            year: slot.year(),
            month: slot.month(),
            day: slot.day(),
            hour: slot.hour(),
            minute: slot.minute(),
            offset: i16::try_from(review.slot.instant().zoned().offset().seconds() / 60).unwrap_or(0),
        },
        office: dress.office.clone(),
        town: dress.town.clone(),
        full_index: false,
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

/// The words of a document in the order in which its template prints them (a test of `pdf` sees to that).
pub(crate) fn words(b: &Booklet) -> String {
    let mut words = vec![&b.title, &b.date_long];
    words.extend(&b.mark);
    words.push(&b.subtitle);
    for section in &b.sections {
        words.push(&section.heading);
        for e in &section.entries {
            words.extend([&e.headline, &e.source_line, &e.extract, &e.note, &e.also_line, &e.why]);
        }
    }
    words.extend(&b.notes);
    for pickup in &b.pickup {
        words.push(&pickup.title);
        words.extend(pickup.lines.iter().map(|l| &l.text));
    }
    words.push(&b.coverage);
    words.extend(&b.ill);
    words.into_iter().map(String::as_str).collect::<Vec<_>>().join("\n")
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
        extract: e.extract.replace(salastampa_pdf::MARK, ""),
        note: e.note.clone(),
        also_line: labelled("digest.also_in", e.also.iter().map(|a| a.text.as_str()).collect::<Vec<_>>().join(", ")),
        why: labelled("digest.why", e.why.clone()),
    };
    sheet
        .sections
        .iter()
        .map(|s| Section { heading: s.heading.clone(), entries: s.entries.iter().map(entry).collect() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use salastampa_digest::{mail, sample};
    use salastampa_locale::Lang;

    fn in_order(what: &str, output: &str, lines: &[String]) {
        let mut at = 0;
        for line in lines {
            let found =
                output[at..].find(line.as_str()).unwrap_or_else(|| panic!("{what} lacks {line:?} in its place"));
            at += found + line.len();
        }
    }

    /// The strings of a value in their order.
    fn every_text(value: &serde_json::Value, out: &mut Vec<String>) {
        match value {
            serde_json::Value::String(text) => out.push(text.clone()),
            serde_json::Value::Array(all) => all.iter().for_each(|one| every_text(one, out)),
            serde_json::Value::Object(all) => all.values().for_each(|one| every_text(one, out)),
            _ => {}
        }
    }

    #[test]
    fn mail_text_paper_atom_and_json_say_the_same_in_the_same_order() {
        for lang in Lang::ALL {
            let dress = Dress::sample(lang);
            for review in [sample::review(), sample::quiet()] {
                let lines = sheet::sheet(&review, &dress).lines();
                in_order("the document", &words(&booklet(&review, &dress)), &lines);
                let text = mail::review(&review, &dress).text;
                let filled = text.split_whitespace().collect::<Vec<_>>().join(" ");
                in_order("the text part", &filled, &lines);
                let feed = crate::issues::tests::feed();
                let mut strings = Vec::new();
                every_text(&crate::issues::json(&feed, std::slice::from_ref(&review), &dress), &mut strings);
                in_order("the JSON", &strings.join("\n"), &lines);
                let atom = crate::issues::atom(&feed, std::slice::from_ref(&review), "https://b.test", &dress);
                let told = sheet::sheet(&review, &dress).sections.into_iter().flat_map(|s| s.entries);
                let stories: Vec<String> = told
                    .flat_map(|e| [e.headline, e.url, e.extract])
                    .map(|text| salastampa_digest::clean::xml(&text))
                    .collect();
                in_order("the Atom", &atom, &stories);
                assert_eq!(atom.matches("<entry>").count() * 3, stories.len());
            }
        }
    }

    #[test]
    fn the_sample_is_set_in_both_languages_and_dated_by_its_slot() {
        for lang in Lang::ALL {
            let booklet = booklet(&sample::review(), &Dress::sample(lang));
            let made = Moment { year: 2026, month: 11, day: 23, hour: 7, minute: 0, offset: 60 };
            assert_eq!(booklet.made, made);
            let bytes = salastampa_pdf::render(&booklet).expect("it can be set");
            assert!(bytes.starts_with(b"%PDF-1.7"));
        }
    }

    #[test]
    fn a_review_shortened_for_the_mail_is_whole_on_paper() {
        let dress = Dress::sample(Lang::It);
        let mut review = sample::review();
        let entry = review.sections[0].entries[0].clone();
        review.sections[0].entries = vec![entry; 300];
        let extracts =
            |b: &Booklet| b.sections.iter().flat_map(|s| &s.entries).filter(|e| !e.extract.is_empty()).count();
        assert!(mail::review(&review, &dress).text.contains("nel PDF"));
        assert_eq!(extracts(&booklet(&review, &dress)), 302);
    }
}
