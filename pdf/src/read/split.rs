//! A press review of another office, or an old one of ours: one file with many articles, told apart by its bookmarks.
//!
//! *The text between a bookmark and the next one, from above to below, is its part.* Many programs let a bookmark lead
//! to a page and not to a place on it, or all to its upper corner: where several lead to one page or to one place, each
//! begins where its title stands. The head and the foot that every page repeats belong to no part. Articles that lie side by side on
//! a page cannot be told apart by height, and nothing is guessed: their text stays together.
//! What a bookmark means (an outlet, a section, an article) is for whoever asks.

use super::outline::{self, Bookmark};
use super::{LEAST, Letters, Line, NoText, Text, letters, letters_of, open, paragraphs, whole};
use hayro_interpret::TransformExt;
use hayro_interpret::hayro_syntax::Pdf;
use kurbo::Point;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// Most pages that are read.
const PAGES: usize = 600;
/// Most characters that are kept.
const LONGEST: usize = 3_000_000;
/// Fewest letters of a line or a title by which the one is found in the other.
const ALIKE: usize = 8;
/// So far below its bookmark a title may stand, in points.
const BELOW: f64 = 60.0;

/// On fewer pages than this what all of them repeat may be the name of the one outlet that they are of.
const FEW: usize = 8;
/// Places that are no further apart are one, in points.
const SAME: f64 = 1.0;
/// So much of a page's height is its edge, above and below.
const EDGE: f64 = 0.12;

/// What a file is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Split {
    /// It has no bookmark that leads to its pages.
    Whole(Text),
    /// It has.
    Parts(Parts),
}

/// A file by its bookmarks.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Parts {
    /// One for each bookmark, in their order.
    pub parts: Vec<Part>,
    /// How many pages were read whole: parts that begin behind them are empty.
    pub pages: usize,
    /// There were more pages, letters or bookmarks than are read.
    pub cut: bool,
}

/// A bookmark, and the text from it to the next.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Part {
    /// The titles of the bookmarks above it, the outermost first.
    pub above: Vec<String>,
    /// Its own title; may be empty.
    pub title: String,
    /// It has bookmarks below it: its text is what stands before the first of them.
    pub is_section: bool,
    /// Where it begins, from 1; absent if it leads to no page of the file.
    pub page: Option<usize>,
    /// Its paragraphs, a line break between them; empty if it has fewer letters than a text.
    pub body: String,
}

/// Reads a PDF, split at its bookmarks if it has one that leads to a page and has none below it.
pub fn split(bytes: Vec<u8>) -> Result<Split, NoText> {
    let pdf = open(bytes)?;
    let (marks, more) = outline::bookmarks(&pdf);
    if !marks.iter().any(|mark| mark.place.is_some() && !mark.is_section) {
        return whole(&pdf).map(Split::Whole);
    }
    let mut read = letters(&pdf, PAGES, LONGEST)?;
    let heights: Vec<f64> = pdf.pages().iter().map(|page| page.render_dimensions().1.into()).collect();
    let articles = match read.lines.len() < FEW {
        true => begins(&pdf, &read, &marks).into_iter().filter(|begin| !marks[begin.mark].is_section).collect(),
        false => Vec::new(),
    };
    bare(&mut read, &heights, &articles);
    let bodies = bodies(&read, &begins(&pdf, &read, &marks), marks.len());
    // the page on which the reading stopped was not read to its end
    let pages = read.lines.len() - usize::from(read.kept >= LONGEST);
    let cut = more || pages < pdf.pages().len();
    let part = |(mark, body): (Bookmark, String)| Part {
        above: mark.above,
        title: mark.title,
        is_section: mark.is_section,
        page: mark.place.map(|place| place.page + 1),
        body,
    };
    let parts = marks.into_iter().zip(bodies).map(part).collect();
    Ok(Split::Parts(Parts { parts, pages, cut }))
}

/// Takes away the paper's head and foot: what stands near an edge at the same height of every page, but for the page's
/// number; a cover and a last page may be without. A head below the beginning of one of those articles is that article's.
fn bare(read: &mut Letters, heights: &[f64], articles: &[Begin]) {
    let mut seen: HashMap<(i64, String), usize> = HashMap::new();
    for (at, (page, height)) in read.lines.iter().zip(heights).enumerate() {
        let on_page: HashSet<_> = page.iter().flat_map(|line| repeated(line, at, *height)).collect();
        on_page.into_iter().for_each(|line| *seen.entry(line).or_default() += 1);
    }
    let all = read.lines.len().saturating_sub(2).max(3);
    for (at, (page, height)) in read.lines.iter_mut().zip(heights).enumerate() {
        let is_everywhere = |line: &(i64, String)| seen.get(line).is_some_and(|pages| *pages >= all);
        let top = articles.iter().filter(|begin| begin.page == at).map(|begin| begin.y).min_by(f64::total_cmp);
        let is_its_own = |line: &Line| line.base < height / 2.0 && top.is_some_and(|top| top <= line.base);
        page.retain(|line| is_its_own(line) || !repeated(line, at, *height).iter().any(is_everywhere));
    }
}

/// By what a line at an edge is known on the other pages: its words as they are, and with its first or its last number
/// as a distance from the page's.
fn repeated(line: &Line, page: usize, height: f64) -> Vec<(i64, String)> {
    let edge = EDGE * height;
    if line.base >= edge && line.base <= height - edge {
        return Vec::new();
    }
    #[expect(clippy::cast_possible_truncation, reason = "clamped")]
    let at = (line.base / 3.0).round().clamp(-1e6, 1e6) as i64;
    let words: Vec<&str> = line.text.split_whitespace().collect();
    let distance = |word: &str| Some(word.parse::<i64>().ok()?.saturating_sub(i64::try_from(page).ok()?));
    let numbers: Vec<usize> = (0..words.len()).filter(|at| distance(words[*at]).is_some()).collect();
    let with = |number: Option<&usize>| {
        let number = *number?;
        let distance = distance(words[number])?;
        Some((at, format!("{}#{distance}#{}", words[..number].join(" "), words[number + 1..].join(" "))))
    };
    let forms = [Some((at, words.join(" "))), with(numbers.first()), with(numbers.last())];
    forms.into_iter().flatten().collect()
}

/// Where a bookmark's part begins.
struct Begin {
    page: usize,
    /// From the upper left corner, in points.
    y: f64,
    x: f64,
    /// Which bookmark it is.
    mark: usize,
    /// How far up it may begin, for one that was found by its title: it has no place, or shares it with others.
    up_to: Option<f64>,
}

/// The beginnings, from above to below.
fn begins(pdf: &Pdf, read: &Letters, marks: &[Bookmark]) -> Vec<Begin> {
    let mut crowd: HashMap<usize, Vec<Option<(f64, f64)>>> = HashMap::new();
    for place in marks.iter().filter_map(|mark| mark.place) {
        crowd.entry(place.page).or_default().push(place.at);
    }
    let near = |(x, y): (f64, f64), other: &Option<(f64, f64)>| {
        other.is_some_and(|other| (other.0 - x).abs() <= SAME && (other.1 - y).abs() <= SAME)
    };
    let mut begins: Vec<Begin> = Vec::new();
    for (mark, bookmark) in marks.iter().enumerate() {
        let Some(place) = bookmark.place else { continue };
        let (Some(lines), Some(page)) = (read.lines.get(place.page), pdf.pages().get(place.page)) else { continue };
        let at = place.at.map(|(left, top)| page.initial_transform(true).to_kurbo() * Point::new(left, top));
        let others = crowd.get(&place.page).map(Vec::as_slice).unwrap_or_default();
        let is_shared = match place.at {
            Some(at) => others.iter().filter(|other| near(at, other)).count() > 1,
            None => others.len() > 1,
        };
        let found = || titled(lines, &bookmark.title, f64::NEG_INFINITY, f64::INFINITY);
        let (x, y, up_to) = match at {
            // a place below the title is none
            Some(at) if is_shared => {
                let y = found().unwrap_or(at.y);
                (at.x, y, Some(if at.y <= y { at.y } else { f64::NEG_INFINITY }))
            }
            Some(at) => (at.x, titled(lines, &bookmark.title, at.y - 2.0, at.y + BELOW).unwrap_or(at.y), None),
            None if is_shared => (0.0, found().unwrap_or(f64::NEG_INFINITY), Some(f64::NEG_INFINITY)),
            None => (0.0, f64::NEG_INFINITY, None),
        };
        begins.push(Begin { page: place.page, y, x, mark, up_to });
    }
    upwards(&mut begins, marks);
    // a section and an article that begin at one place: the text is the article's
    let order = |begin: &Begin| !marks[begin.mark].is_section;
    begins.sort_by(|a, b| {
        let by_place = a.page.cmp(&b.page).then(a.y.total_cmp(&b.y)).then(a.x.total_cmp(&b.x));
        by_place.then_with(|| order(a).cmp(&order(b)))
    });
    begins
}

/// What stands above the first article that was found by its title is its own, the name and day of its outlet; a section's
/// heading above it is no bound.
fn upwards(begins: &mut [Begin], marks: &[Bookmark]) {
    let mut moved: Vec<(usize, f64)> = Vec::new();
    for (at, begin) in begins.iter().enumerate() {
        let Some(up_to) = begin.up_to else { continue };
        let is_above = |(other, one): &(usize, &Begin)| {
            let before = one.y.total_cmp(&begin.y).then(other.cmp(&at)).is_lt();
            one.page == begin.page && before && one.y >= up_to
        };
        let above: Vec<(usize, &Begin)> = begins.iter().enumerate().filter(is_above).collect();
        let is_article = !marks[begin.mark].is_section;
        if above.iter().all(|(_, one)| is_article && one.up_to.is_some() && marks[one.mark].is_section) {
            moved.extend(above.iter().map(|(other, _)| (*other, up_to)));
            moved.push((at, up_to));
        }
    }
    for (at, y) in moved {
        begins[at].y = begins[at].y.min(y);
    }
}

/// The upper edge of the first line between those heights that a title begins with, or that begins with it.
fn titled(lines: &[Line], title: &str, from: f64, to: f64) -> Option<f64> {
    let title = folded(title);
    let is_it = |line: &&Line| {
        let text = folded(&line.text);
        (from..=to).contains(&line.base)
            && text.chars().count().min(title.chars().count()) >= ALIKE
            && (title.starts_with(&text) || text.starts_with(&title))
    };
    lines.iter().find(is_it).map(|line| line.base - line.size)
}

fn folded(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The text of each of so many bookmarks.
fn bodies(read: &Letters, begins: &[Begin], marks: usize) -> Vec<String> {
    let mut parts: Vec<Vec<String>> = vec![Vec::new(); marks];
    let mut counts = vec![0; marks];
    let mut open: Option<usize> = None;
    let mut rest = begins;
    for (page, lines) in read.lines.iter().enumerate() {
        let here = rest.iter().take_while(|begin| begin.page <= page).count();
        let (here, later) = rest.split_at(here);
        rest = later;
        let mut owned: Vec<(usize, Vec<Line>)> = Vec::new();
        for line in lines {
            let Some(mark) = owner(here, line).or(open) else { continue };
            match owned.iter_mut().find(|(other, _)| *other == mark) {
                Some((_, lines)) => lines.push(line.clone()),
                None => owned.push((mark, vec![line.clone()])),
            }
        }
        for (mark, lines) in owned {
            counts[mark] += lines.iter().map(letters_of).sum::<usize>();
            parts[mark].extend(paragraphs(&lines));
        }
        open = here.last().map(|begin| begin.mark).or(open);
    }
    let text = |(lines, letters): (Vec<String>, usize)| if letters < LEAST { String::new() } else { lines.join("\n") };
    parts.into_iter().zip(counts).map(text).collect()
}

/// The last that begins above the line; of those at one height the last that begins to its left.
fn owner(here: &[Begin], line: &Line) -> Option<usize> {
    let y = here.iter().rfind(|begin| begin.y <= line.base)?.y;
    let mut level = here.iter().filter(|begin| begin.y.total_cmp(&y).is_eq() || (begin.y - y).abs() < 1.0);
    let first = level.clone().next().map(|begin| begin.mark);
    level.rfind(|begin| begin.x <= line.right).map(|begin| begin.mark).or(first)
}

#[cfg(test)]
mod tests;
