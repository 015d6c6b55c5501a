//! The text of an article: two extractors vote on its lines.
//!
//! Each extractor alone keeps lines that the other would not; what both keep is the article. So the lines of
//! `libreadability`, which keeps paragraphs whole, stay where `trafilatura`, which misses little, has them too. What the
//! page declares of its text in JSON-LD only settles doubts: taken first it makes texts worse, since it is often cut or
//! holds what the page does not show. Left out: per-source selectors.

use super::boilerplate;
use super::lines::{self, Line, Shingles, lines};
use super::script;
use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Length of the runs of words that are compared.
const RUN: usize = 4;
/// How much of a line the other extractor must have.
const SUPPORT: f64 = 0.5;
/// How much of the wider text must survive the vote, or it counts alone.
const SURVIVING: f64 = 0.3;
/// From this length on a declared text is listened to, in bytes.
const DECLARED: usize = 400;
/// From this length on it can cut a text that is too long: a page may hold several articles.
const CUTTING: usize = 600;
/// How many times longer than the declared text one must be to be cut.
const TOO_LONG: f64 = 1.5;
/// How much nearer to the declared text another reading must be to take over.
const NEARER: f64 = 0.1;
/// A text shorter than this is no text if there is a longer one elsewhere, in bytes.
const SHORT: usize = 400;
/// A text shorter than this is none, in bytes: scripts are searched.
const NOTHING: usize = 100;

/// Chooses the text, a line break between paragraphs; empty if there is none.
pub(super) fn choose(markup: &str, declared: Option<&str>) -> String {
    let wide = quietly(|| trafilatura::extract(markup, &options()).ok().map(|found| lines(&found.content_html)));
    let whole = quietly(|| libreadability::extract(markup, None).ok().map(|found| lines(&found.content)));
    let mut kept = vote(&wide, &whole);
    if let Some(declared) = declared.filter(|text| text.len() >= DECLARED) {
        let declared_runs = runs(declared);
        kept = nearest(kept, [wide, whole], &declared_runs);
        kept = cut(kept, declared, &declared_runs);
    }
    let text = joined(&boilerplate::without(kept));
    if text.len() >= SHORT {
        return text;
    }
    let text = [declared.unwrap_or_default(), &text].into_iter().max_by_key(|text| text.len()).unwrap_or_default();
    if text.len() >= NOTHING {
        return text.to_owned();
    }
    script::text(markup).filter(|found| found.len() >= SHORT).unwrap_or_else(|| text.to_owned())
}

fn options() -> trafilatura::Options {
    trafilatura::Options::default().with_fallback(true).with_exclude_comments(true).with_links(true)
}

/// An extractor that fails on a page costs its vote, not the page.
fn quietly(read: impl FnOnce() -> Option<Vec<Line>>) -> Vec<Line> {
    catch_unwind(AssertUnwindSafe(read)).ok().flatten().unwrap_or_default()
}

/// The lines of the second that the first supports; the first alone where too little of it would survive.
fn vote(wide: &[Line], whole: &[Line]) -> Vec<Line> {
    if wide.is_empty() || whole.is_empty() {
        return if wide.is_empty() { whole.to_vec() } else { wide.to_vec() };
    }
    let wide_runs = runs(&joined(wide));
    let short: HashSet<Vec<String>> = wide.iter().map(|line| lines::words(&line.text)).collect();
    let supported = |line: &&Line| match lines::support(&line.text, &wide_runs, RUN) {
        Some(support) => support >= SUPPORT,
        None => short.contains(&lines::words(&line.text)),
    };
    let kept: Vec<Line> = whole.iter().filter(supported).cloned().collect();
    if size(&kept) < SURVIVING * size(wide) { wide.to_vec() } else { kept }
}

/// The reading that is nearest to the declared text, if one is clearly nearer than the vote.
fn nearest(voted: Vec<Line>, others: [Vec<Line>; 2], declared: &Shingles) -> Vec<Line> {
    let likeness = |reading: &[Line]| {
        let runs = runs(&joined(reading));
        let both = runs.intersection(declared).count();
        both as f64 / (runs.len() + declared.len() - both).max(1) as f64
    };
    let bar = likeness(&voted) + NEARER;
    let nearer = others.into_iter().map(|reading| (likeness(&reading), reading)).filter(|(found, _)| *found > bar);
    nearer.max_by(|a, b| a.0.total_cmp(&b.0)).map_or(voted, |(_, reading)| reading)
}

/// Cuts a text that holds more than its article (the next ones on an endless page) to what is declared.
fn cut(kept: Vec<Line>, declared: &str, declared_runs: &Shingles) -> Vec<Line> {
    let is_whole =
        declared.trim_end().ends_with(['.', '!', '?', '"', '”', '»', '’', ')']) && !declared.ends_with("...");
    let length = declared.len() as f64;
    if declared.len() < CUTTING || !is_whole || size(&kept) <= TOO_LONG * length {
        return kept;
    }
    let stands = |line: &&Line| lines::support(&line.text, declared_runs, RUN).is_some_and(|s| s >= SUPPORT);
    let own: Vec<Line> = kept.iter().filter(stands).cloned().collect();
    if size(&own) > 0.7 * length { own } else { kept }
}

fn runs(text: &str) -> Shingles {
    lines::shingles(&lines::words(text), RUN)
}

fn size(lines: &[Line]) -> f64 {
    lines.iter().map(|line| line.text.len() + 1).sum::<usize>() as f64
}

fn joined(lines: &[Line]) -> String {
    lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(lines: &[&str]) -> Vec<Line> {
        lines.iter().map(|line| Line { text: (*line).to_owned(), linked: 0.0, kind: 'p' }).collect()
    }

    const ONE: &str = "Il ponte di Bellariva riapre lunedì alle sette del mattino.";
    const TWO: &str = "I lavori sono durati quattro mesi e sono costati due milioni.";
    const FOREIGN: &str = "Abbonati al nostro giornale per soli nove euro al mese.";

    #[test]
    fn what_both_extractors_keep_is_the_article() {
        assert_eq!(vote(&text(&[ONE, TWO, FOREIGN]), &text(&["Pubblicità", ONE, TWO])), text(&[ONE, TWO]));
        assert_eq!(vote(&text(&[ONE, TWO]), &[]), text(&[ONE, TWO]));
        assert_eq!(vote(&[], &text(&[ONE])), text(&[ONE]));
        assert_eq!(vote(&text(&[ONE, TWO]), &text(&[FOREIGN])), text(&[ONE, TWO]));
    }

    #[test]
    fn a_page_with_several_articles_is_cut_to_the_declared_one() {
        let numbered = |from: usize| {
            (from..from + 12).map(|n| format!("La riga numero {n} del testo parla di Bellariva.")).collect()
        };
        let (own, next): (Vec<String>, Vec<String>) = (numbered(100), numbered(500));
        let all: Vec<&str> = own.iter().chain(&next).map(String::as_str).collect();
        let declared = own.join("\n");
        let kept = cut(text(&all), &declared, &lines::shingles(&lines::words(&declared), 6));
        assert_eq!(kept.len(), 24, "another length of runs supports nothing");
        assert_eq!(joined(&cut(text(&all), &declared, &runs(&declared))).lines().count(), 24);
    }
}
