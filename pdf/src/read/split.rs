//! A press review of another office, or an old one of ours: one file with many articles, told apart by its bookmarks.
//!
//! *The text between a bookmark and the next one, from above to below, is its part.* Many programs let a bookmark lead
//! to a page and not to a place on it: where several lead to one page, each begins where its title stands. The head
//! and the foot that every page repeats belong to no part. Articles that lie side by side on
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

/// So much of a page's height is its edge, above and below.
const EDGE: f64 = 0.12;

/// What a file is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Split {
    /// It has not two bookmarks that lead to its pages.
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

/// Reads a PDF, split at its bookmarks if it has two that lead to pages and have none below them.
pub fn split(bytes: Vec<u8>) -> Result<Split, NoText> {
    let pdf = open(bytes)?;
    let (marks, more) = outline::bookmarks(&pdf);
    if marks.iter().filter(|mark| mark.place.is_some() && !mark.is_section).count() < 2 {
        return whole(&pdf).map(Split::Whole);
    }
    let mut read = letters(&pdf, PAGES, LONGEST)?;
    let heights: Vec<f64> = pdf.pages().iter().map(|page| page.render_dimensions().1.into()).collect();
    bare(&mut read, &heights);
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
/// number; a cover and a last page may be without.
fn bare(read: &mut Letters, heights: &[f64]) {
    let mut seen: HashMap<(i64, String), usize> = HashMap::new();
    for (at, (page, height)) in read.lines.iter().zip(heights).enumerate() {
        let on_page: HashSet<_> = page.iter().flat_map(|line| repeated(line, at, *height)).collect();
        on_page.into_iter().for_each(|line| *seen.entry(line).or_default() += 1);
    }
    let all = read.lines.len().saturating_sub(2).max(3);
    for (at, (page, height)) in read.lines.iter_mut().zip(heights).enumerate() {
        let is_everywhere = |line: &(i64, String)| seen.get(line).is_some_and(|pages| *pages >= all);
        page.retain(|line| !repeated(line, at, *height).iter().any(is_everywhere));
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
}

/// The beginnings, from above to below.
fn begins(pdf: &Pdf, read: &Letters, marks: &[Bookmark]) -> Vec<Begin> {
    let mut crowd: HashMap<usize, usize> = HashMap::new();
    for place in marks.iter().filter_map(|mark| mark.place) {
        *crowd.entry(place.page).or_default() += 1;
    }
    let mut begins: Vec<Begin> = Vec::new();
    for (mark, bookmark) in marks.iter().enumerate() {
        let Some(place) = bookmark.place else { continue };
        let (Some(lines), Some(page)) = (read.lines.get(place.page), pdf.pages().get(place.page)) else { continue };
        let at = place.at.map(|(left, top)| page.initial_transform(true).to_kurbo() * Point::new(left, top));
        let (x, y) = match at {
            Some(at) => (at.x, titled(lines, &bookmark.title, at.y - 2.0, at.y + BELOW).unwrap_or(at.y)),
            None if crowd.get(&place.page).is_some_and(|marks| *marks > 1) => {
                let y = titled(lines, &bookmark.title, f64::NEG_INFINITY, f64::INFINITY);
                (0.0, y.unwrap_or(f64::NEG_INFINITY))
            }
            None => (0.0, f64::NEG_INFINITY),
        };
        begins.push(Begin { page: place.page, y, x, mark });
    }
    // what stands above the first of those that have the page as a whole is its own: the name and day of its outlet
    let mut first: HashMap<usize, (f64, usize)> = HashMap::new();
    for (at, begin) in begins.iter().enumerate() {
        let top = first.entry(begin.page).or_insert((begin.y, at));
        if begin.y < top.0 {
            *top = (begin.y, at);
        }
    }
    for (_, at) in first.into_values() {
        if marks[begins[at].mark].place.is_some_and(|place| place.at.is_none()) {
            begins[at].y = f64::NEG_INFINITY;
        }
    }
    begins.sort_by(|a, b| a.page.cmp(&b.page).then(a.y.total_cmp(&b.y)).then(a.x.total_cmp(&b.x)));
    begins
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
