//! The text of an article: two extractors vote on its lines.
//!
//! Each extractor alone keeps lines that the other would not; what both keep is the article. So the lines of
//! `libreadability`, which keeps paragraphs whole, stay where `trafilatura`, which misses little, has them too. The second
//! is slow on a whole page and rarely needs one: it reads what the first has found, and the page only where that is
//! [doubtful](is_doubtful). What the page declares of its text in JSON-LD only settles doubts: taken first it makes texts
//! worse, since it is often cut or holds what the page does not show. Left out: per-source selectors.

use super::apart;
use super::boilerplate;
use super::lines::{self, Line, Shingles, lines};
use super::script;
use scraper::{ElementRef, Html, Selector};
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
/// How much of the prose on a page a reading must have, or the page may have been misread.
const COVERED: f64 = 0.8;
/// A reading shorter than this may have missed the article, in bytes.
const DOUBTFUL: usize = 800;
/// Shortest paragraph that counts as prose, in bytes.
const PROSE: usize = 80;
/// A text shorter than this is none, in bytes: scripts are searched.
const NOTHING: usize = 100;

/// The forms in which a page is read.
pub(super) struct Forms<'a> {
    /// As served, within its bounds.
    pub(super) markup: &'a str,
    /// Without what no reader of its text looks at.
    pub(super) slim: &'a str,
    /// That, parsed.
    pub(super) page: &'a Html,
}

/// Chooses the text, a line break between paragraphs, empty if there is none; and says why.
pub(super) fn choose(forms: &Forms<'_>, declared: Option<&str>) -> (String, String) {
    let content = quietly(|| readable(forms.slim));
    let whole = lines(&apart::without(&content));
    let mut wide = if content.is_empty() { Vec::new() } else { quietly(|| found(&in_article(&content), false)) };
    let is_doubtful = is_doubtful(&vote(&wide, &whole), forms.page, declared);
    if is_doubtful {
        wide = quietly(|| found(forms.slim, true));
    }
    let mut kept = vote(&wide, &whole);
    let of = if is_doubtful { "the whole page, since the first reading was short" } else { "what the first found" };
    let mut why = format!("{} of {} lines stand in a second reading of {of}", kept.len(), whole.len());
    if let Some(declared) = declared.filter(|text| text.len() >= DECLARED) {
        let declared_runs = runs(declared);
        let before = kept.len();
        kept = nearest(kept, [wide, whole], &declared_runs);
        kept = cut(kept, declared, &declared_runs);
        if kept.len() != before {
            why += &format!("; {} lines by comparison with the text that the page declares", kept.len());
        }
    }
    let before = kept.len();
    let kept = boilerplate::without(kept);
    if kept.len() < before {
        why += &format!("; {} lines of furniture dropped", before - kept.len());
    }
    let text = Some(joined(&kept)).filter(|text| text.contains(char::is_alphabetic)).unwrap_or_default();
    if text.len() >= SHORT {
        return (text, why);
    }
    let declared = declared.unwrap_or_default();
    let (text, why) = match declared.len() > text.len() {
        true => {
            (declared.to_owned(), "what the page declares in JSON-LD, since hardly anything else was found".to_owned())
        }
        false => (text, why),
    };
    if text.len() >= NOTHING {
        return (text, why);
    }
    match script::text(forms.markup).filter(|found| found.len() >= SHORT) {
        Some(found) => (found, "the data of a script, since the page shows no text".to_owned()),
        None => (text, why),
    }
}

/// What `libreadability` keeps of a page, as markup with its classes.
fn readable(page: &str) -> String {
    let mut parser = libreadability::Parser::new();
    (parser.keep_classes, parser.disable_jsonld) = (true, true);
    parser.parse(page, None).map(|found| found.content).unwrap_or_default()
}

/// What `trafilatura` keeps of a page; asked thrice, it also compares with extractors of its own.
fn found(page: &str, thrice: bool) -> Vec<Line> {
    let options = trafilatura::Options::default()
        .with_fallback(thrice)
        .with_exclude_comments(true)
        .with_links(true)
        .with_html_date_mode(trafilatura::HtmlDateMode::Disabled);
    trafilatura::extract(page, &options).map(|found| lines(&found.content_html)).unwrap_or_default()
}

/// Markup as the page of an article and nothing else.
fn in_article(content: &str) -> String {
    format!("<html><body><article>{content}</article></body></html>")
}

/// An extractor that fails on a page costs its vote, not the page.
fn quietly<T: Default>(read: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_default()
}

/// Whether a reading is short, or much shorter than the prose of the page or the text that it declares.
fn is_doubtful(reading: &[Line], page: &Html, declared: Option<&str>) -> bool {
    let size = size(reading);
    size < DOUBTFUL as f64 || size < COVERED * prose(page).max(declared.map_or(0, str::len)) as f64
}

/// How much text stands in paragraphs that are no links and not around the article, in bytes.
fn prose(page: &Html) -> usize {
    let paragraph = Selector::parse("p").expect("a sound selector");
    page.select(&paragraph).filter(|p| !is_around(p)).map(|p| own_text(&p)).sum()
}

fn is_around(element: &ElementRef<'_>) -> bool {
    let calls = |name: Option<&str>| name.is_some_and(|name| name.contains("comment"));
    element.ancestors().filter_map(ElementRef::wrap).any(|outer| {
        let outer = outer.value();
        matches!(outer.name(), "aside" | "footer" | "nav") || calls(outer.attr("class")) || calls(outer.attr("id"))
    })
}

/// The text of a paragraph, in bytes: nothing if it is short, or more than half links.
fn own_text(paragraph: &ElementRef<'_>) -> usize {
    let (mut all, mut linked) = (0, 0);
    for node in paragraph.descendants() {
        let Some(text) = node.value().as_text() else { continue };
        let size = text.trim().len();
        all += size;
        // emphasis inside a link does not go deeper than this
        if node.ancestors().take(4).filter_map(ElementRef::wrap).any(|e| e.value().name() == "a") {
            linked += size;
        }
    }
    if all >= PROSE && linked * 2 < all { all } else { 0 }
}

/// The lines of the second that the first supports; the first alone where too little of it would survive.
fn vote(wide: &[Line], whole: &[Line]) -> Vec<Line> {
    if wide.is_empty() || whole.is_empty() {
        return if wide.is_empty() { whole.to_vec() } else { wide.to_vec() };
    }
    let wide_runs = runs(&joined(wide));
    let short: HashSet<Vec<u64>> = wide.iter().map(|line| lines::keys(&line.text)).filter(|k| k.len() < RUN).collect();
    let supported = |line: &&Line| {
        let keys = lines::keys(&line.text);
        lines::support(&keys, &wide_runs, RUN).map_or_else(|| short.contains(&keys), |support| support >= SUPPORT)
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
    let stands =
        |line: &&Line| lines::support(&lines::keys(&line.text), declared_runs, RUN).is_some_and(|s| s >= SUPPORT);
    let own: Vec<Line> = kept.iter().filter(stands).cloned().collect();
    if size(&own) > 0.7 * length { own } else { kept }
}

fn runs(text: &str) -> Shingles {
    lines::shingles(&lines::keys(text), RUN)
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
        let kept = cut(text(&all), &declared, &lines::shingles(&lines::keys(&declared), 6));
        assert_eq!(kept.len(), 24, "another length of runs supports nothing");
        assert_eq!(joined(&cut(text(&all), &declared, &runs(&declared))).lines().count(), 24);
    }
}
