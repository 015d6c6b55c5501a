//! The text of a PDF that somebody uploads: a page of a newspaper, a press review of another office, a letter.
//!
//! *The page is drawn onto a device that keeps only characters and where they stand; those on one line become words,
//! lines that follow one another become paragraphs.* The order is that of the file: programs that set newspapers write
//! a column after the other, and guessing columns from positions reads across them. Text that runs upwards (credits
//! beside pictures) is left out. Left out as well: pictures of text, which a person is told about, and tables.
//!
//! To be called in a process of its own, bounded in memory and time: the file is foreign, and what it unpacks to is not
//! bounded here.

mod outline;
mod split;

pub use split::{Part, Parts, Split, split};

use hayro_interpret::font::Glyph;
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, GlyphDrawMode, Image, InterpreterCache, InterpreterSettings, Paint,
    PathDrawMode, SoftMask, TransformExt, interpret_page,
};
use kurbo::{Affine, BezPath, Point, Rect};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Most pages that are read.
const PAGES: usize = 40;
/// Most characters that are kept.
const LONGEST: usize = 400_000;
/// Fewer letters than this are no text: a page number on a scan.
const LEAST: usize = 40;
/// Longest headline, in characters.
const HEADLINE: usize = 250;

/// What a PDF says.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Text {
    /// The line in the biggest letters of the first page, if some are much bigger than the rest.
    pub headline: Option<String>,
    /// Its paragraphs in the order of the file, a line break between them.
    pub body: String,
    /// How many pages were read.
    pub pages: usize,
    /// There was more, and it was left out.
    pub cut: bool,
    /// Bookmarks that lead to a page and have none below them: so many articles it may hold ([`split`]).
    pub bookmarks: usize,
}

/// Why a file gave no text.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoText {
    /// It is no PDF, or a broken one.
    #[error("it is no PDF that can be read")]
    NotAPdf,
    /// It asks for a password.
    #[error("it is locked with a password")]
    Locked,
    /// It has pictures of text and no text.
    #[error("it has no text: its pages are pictures")]
    Pictures,
    /// It has letters that do not say which ones they are.
    #[error("its letters cannot be told")]
    Unknown,
}

/// Reads the text of a PDF.
pub fn text(bytes: Vec<u8>) -> Result<Text, NoText> {
    whole(&open(bytes)?)
}

fn open(bytes: Vec<u8>) -> Result<Pdf, NoText> {
    Pdf::new(bytes).map_err(|why| match why {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => NoText::Locked,
        LoadPdfError::Decryption(_) | LoadPdfError::Invalid => NoText::NotAPdf,
    })
}

fn whole(pdf: &Pdf) -> Result<Text, NoText> {
    let read = letters(pdf, PAGES, LONGEST)?;
    let paragraphs: Vec<String> = read.lines.iter().flat_map(|page| paragraphs(page)).collect();
    let cut = read.lines.len() < pdf.pages().len() || read.kept >= LONGEST;
    let bookmarks = outline::bookmarks(pdf).0.iter().filter(|mark| mark.place.is_some() && !mark.is_section).count();
    let headline = headline(&read.lines[0]);
    Ok(Text { headline, body: paragraphs.join("\n"), pages: read.lines.len(), cut, bookmarks })
}

/// The lines of at most so many pages, with at most so many characters.
fn letters(pdf: &Pdf, pages: usize, most: usize) -> Result<Letters, NoText> {
    let cache = InterpreterCache::new();
    let mut read = Letters { most, ..Letters::default() };
    for page in pdf.pages().iter().take(pages) {
        if read.kept >= most {
            break;
        }
        let (width, height) = page.render_dimensions();
        let bounds = Rect::new(0.0, 0.0, width.into(), height.into());
        let mut context = Context::new(page.initial_transform(true).to_kurbo(), bounds, &cache, pdf.xref(), settings());
        read.lines.push(Vec::new());
        interpret_page(page, &mut context, &mut read);
    }
    let letters = read.lines.iter().flatten().map(letters_of).sum();
    match letters {
        _ if read.unknown > letters => Err(NoText::Unknown),
        0..LEAST => Err(NoText::Pictures),
        _ => Ok(read),
    }
}

fn letters_of(line: &Line) -> usize {
    line.text.chars().filter(|c| c.is_alphabetic()).count()
}

/// Fonts that a file only names are replaced by one of ours: the letters are told by their codes, not by their shapes.
fn settings() -> InterpreterSettings {
    let ours = crate::fonts::plain();
    InterpreterSettings {
        font_resolver: Arc::new(move |_| Some((Arc::new(ours), 0))),
        render_annotations: false,
        ..InterpreterSettings::default()
    }
}

/// Letters that stand on one line, in points from the upper left corner of the page.
#[derive(Clone, PartialEq, Debug)]
struct Line {
    left: f64,
    right: f64,
    base: f64,
    size: f64,
    text: String,
}

/// Keeps characters and where they stand; draws nothing.
#[derive(Default)]
struct Letters {
    /// The lines of each page.
    lines: Vec<Vec<Line>>,
    kept: usize,
    /// Most characters that are kept.
    most: usize,
    /// Letters that do not say which ones they are.
    unknown: usize,
}

impl Letters {
    fn letter(&mut self, text: &str, at: Point, size: f64, width: f64) {
        let Some(lines) = self.lines.last_mut() else { return };
        if self.kept >= self.most {
            return;
        }
        self.kept += text.chars().count();
        if let Some(line) = lines.last_mut() {
            let gap = at.x - line.right;
            let same_line = (at.y - line.base).abs() < 0.35 * size.max(line.size);
            if same_line && gap > -0.6 * size && gap < 2.5 * size.max(line.size) {
                // a blank that is only a distance
                if gap > 0.17 * size && !line.text.ends_with(' ') && !text.starts_with(' ') {
                    line.text.push(' ');
                }
                line.text.push_str(text);
                line.right = line.right.max(at.x + width);
                line.size = line.size.max(size);
                return;
            }
        }
        if !text.trim().is_empty() {
            lines.push(Line { left: at.x, right: at.x + width, base: at.y, size, text: text.to_owned() });
        }
    }
}

impl Device<'_> for Letters {
    fn draw_glyph(
        &mut self,
        glyph: &Glyph<'_>,
        transform: Affine,
        glyph_transform: Affine,
        _: &Paint<'_>,
        _: &GlyphDrawMode,
    ) {
        let place = transform * glyph_transform;
        let at = place * Point::ZERO;
        let em = place * Point::new(1_000.0, 0.0) - at;
        let height = place * Point::new(0.0, 1_000.0) - at;
        let size = height.hypot();
        if !(at.x.is_finite() && at.y.is_finite() && size.is_finite() && size > 0.5) || em.y.abs() > 0.3 * em.x.abs() {
            return;
        }
        let advance = match glyph {
            Glyph::Outline(outline) => outline.advance_width().filter(|width| width.is_finite()),
            Glyph::Type3(_) => None,
        };
        let width = em.x.abs() * f64::from(advance.unwrap_or(500.0)).clamp(0.0, 4_000.0) / 1_000.0;
        match glyph.as_unicode() {
            Some(BfString::Char(c)) => self.letter(cleaned(c).encode_utf8(&mut [0; 4]), at, size, width),
            Some(BfString::String(text)) => {
                let text: String = text.chars().take(16).map(cleaned).collect();
                self.letter(&text, at, size, width);
            }
            None => self.unknown += 1,
        }
    }

    fn set_soft_mask(&mut self, _: Option<SoftMask<'_>>) {}
    fn set_blend_mode(&mut self, _: BlendMode) {}
    fn draw_path(&mut self, _: &BezPath, _: Affine, _: &Paint<'_>, _: &PathDrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'_>>, _: BlendMode) {}
    fn draw_image(&mut self, _: Image<'_, '_>, _: Affine) {}
    fn pop_clip_path(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}

/// White space and controls are blanks.
fn cleaned(c: char) -> char {
    if c.is_whitespace() || c.is_control() { ' ' } else { c }
}

/// Lines that follow one another at the distance of text, as paragraphs; words that were parted at a line's end whole
/// again.
fn paragraphs(lines: &[Line]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let text = line.text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() {
            continue;
        }
        let goes_on = at.checked_sub(1).is_some_and(|before| follows(&lines[before], line));
        match out.last_mut().filter(|_| goes_on) {
            Some(open) => join(open, &text),
            None => out.push(text),
        }
    }
    out
}

/// Whether a line goes on with the paragraph of the one before.
fn follows(before: &Line, line: &Line) -> bool {
    let size = before.size.max(line.size);
    let alike = (before.size - line.size).abs() < 0.12 * size;
    let down = line.base - before.base;
    // the head of the next column goes on with the foot of this one in the middle of a sentence
    let next_column = down < 0.0 && line.left > before.right;
    let starts_lower = line.text.trim_start().starts_with(char::is_lowercase);
    let ends = before.text.trim_end().ends_with(['.', '!', '?', ':', '»', '"', '”']);
    let indented = line.left - before.left > 0.8 * size && ends;
    let short = before.right - before.left < 0.75 * (line.right - line.left) && ends;
    let below = (0.0..1.75 * size).contains(&down) && line.left < before.right && before.left < line.right;
    alike && (below && !indented && !short || next_column && starts_lower && !ends)
}

/// Puts a line behind a text: a hyphen between small letters was the line's, not the word's.
fn join(text: &mut String, line: &str) {
    let hyphen = text.ends_with(['-', '\u{ad}', '‐']);
    let parted = text.chars().rev().nth(1).is_some_and(char::is_lowercase);
    if hyphen && parted && line.starts_with(char::is_lowercase) {
        text.pop();
    } else {
        text.push(' ');
    }
    text.push_str(line);
}

/// The first text in the biggest letters, if they are a third bigger than those that most of the page is set in.
fn headline(lines: &[Line]) -> Option<String> {
    let mut sizes: Vec<(f64, usize)> = lines.iter().map(|line| (line.size, line.text.chars().count())).collect();
    sizes.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = sizes.iter().map(|(_, chars)| chars).sum::<usize>() / 2;
    let mut seen = 0;
    let usual = sizes.iter().find(|(_, chars)| {
        seen += chars;
        seen > half
    });
    let usual = usual?.0;
    let big = |line: &&Line| line.size > 1.33 * usual && letters_of(line) > 5;
    let biggest = lines.iter().filter(big).map(|line| line.size).max_by(f64::total_cmp)?;
    let from = lines.iter().position(|line| big(&line) && line.size > 0.95 * biggest)?;
    let to = lines[from..].iter().take_while(|line| line.size > 0.9 * biggest).count();
    let text = paragraphs(&lines[from..from + to]).join(" ");
    (text.chars().count() <= HEADLINE).then_some(text)
}

#[cfg(test)]
mod tests;
