//! How a watch grades, from what was typed: each line a term, and the two numbers.

use super::Wanted;
use crate::Slip;
use crate::error::query_sentence;
use salastampa_domain::{Grading, Term, Timestamp};
use salastampa_index::{Names, check_term};
use salastampa_locale::{Lang, fill};

/// The grading as the form would make it, with a sentence for each field that cannot be taken.
pub(super) fn read(lang: Lang, wanted: &Wanted, names: &Names, now: Timestamp) -> (Grading, Vec<Slip>) {
    let mut slips = Vec::new();
    let mut terms = Vec::new();
    let lines: Vec<&str> = wanted.terms.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let wrong = |key: &str, line: &str| Slip { field: "pesi", sentence: fill(lang, key, &[("line", line)]) };
    if lines.len() > Grading::MOST_TERMS {
        let most = Grading::MOST_TERMS.to_string();
        slips.push(Slip { field: "pesi", sentence: fill(lang, "archive.grading.many_terms", &[("most", &most)]) });
    }
    for line in lines.iter().take(Grading::MOST_TERMS) {
        let short: String = line.chars().take(60).collect();
        match Term::parse(line) {
            Err(_) => slips.push(wrong("archive.grading.bad_term", &short)),
            Ok(term) => match check_term(&term.text, names, now) {
                Ok(true) => terms.push(term),
                Ok(false) => slips.push(wrong("archive.grading.not_one", &short)),
                Err(error) => {
                    let args = [("line", short.as_str()), ("why", &query_sentence(lang, &error))];
                    slips.push(Slip { field: "pesi", sentence: fill(lang, "archive.grading.bad_words", &args) });
                }
            },
        }
    }
    slips.truncate(1);
    let mut number = |field, text: &str, most: u16| {
        let read = if text.trim().is_empty() { Some(0) } else { text.trim().parse().ok().filter(|n| *n <= most) };
        if read.is_none() {
            let most = most.to_string();
            slips.push(Slip { field, sentence: fill(lang, "archive.grading.bad_number", &[("most", &most)]) });
        }
        read.unwrap_or(0)
    };
    let minimum = number("minimo", &wanted.minimum, Grading::MOST_POINTS.into());
    let per_outlet = number("per_testata", &wanted.per_outlet, Grading::MOST_PER_OUTLET);
    (Grading { terms, minimum: u8::try_from(minimum).unwrap_or(0), per_outlet, diverse: wanted.diverse }, slips)
}

/// What is wrong with the grading of a line of the file, if something is: in the words of the log.
pub(crate) fn wrong(grading: &Grading) -> Option<String> {
    if grading.terms.len() > Grading::MOST_TERMS {
        return Some(format!("more than {} terms", Grading::MOST_TERMS));
    }
    if grading.minimum > Grading::MOST_POINTS {
        return Some(format!("minimum {} is more than {}", grading.minimum, Grading::MOST_POINTS));
    }
    let most = Grading::MOST_PER_OUTLET;
    (grading.per_outlet > most).then(|| format!("per_outlet {} is more than {most}", grading.per_outlet))
}

/// The terms of a grading that cannot be looked for, as they are written.
pub(crate) fn useless<'a>(grading: &'a Grading, names: &Names, now: Timestamp) -> Option<&'a Term> {
    let fails = |term: &&Term| match check_term(&term.text, names, now) {
        Ok(one) => !one,
        Err(error) => error.key() != "query.unknown_outlet",
    };
    grading.terms.iter().find(fails)
}
