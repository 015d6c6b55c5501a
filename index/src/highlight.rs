//! Where the words of a query stand in a text, for `<mark>` and for the piece of a text that a list shows.
//!
//! The same analysis that found the article marks it, so that *mobilità* is marked where *mobili* was asked for, an
//! elision (*l'acqua*) is marked at its word, and a phrase as a whole. What stands under a NOT is never marked.
//! Only ranges come out of a foreign text; what is printed of them is decided by `domain::allowed`.

use crate::analysed::Words;
use crate::plan::{Place, Plan, Spans, Stemmed};
use crate::query::bind::bind_text;
use crate::query::{Names, QueryError, parse};
use salastampa_domain::{ForeignText, Timestamp};
use salastampa_text::Form;
use std::ops::Range;

/// The words of a query, ready to be looked for in texts.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Highlighter {
    leaves: Vec<Leaf>,
}

/// A piece of a text that is marked or is not.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Segment {
    /// The piece as it stands there; to be escaped like any text.
    pub text: String,
    /// Whether the query asked for it.
    pub marked: bool,
}

#[derive(Clone, PartialEq, Debug)]
struct Leaf {
    words: Asked,
    title_only: bool,
}

#[derive(Clone, PartialEq, Debug)]
enum Asked {
    Stem(Form),
    Spans(Spans),
}

/// A text has at most so many marks; what comes after them is shown unmarked.
const MOST_MARKS: usize = 500;
/// Bytes shown before the first match of a window, at most.
const CONTEXT: usize = 90;

impl Highlighter {
    /// The words that a query asks for, those of the watches in it too.
    ///
    /// # Errors
    /// Those of the query itself: what cannot be searched cannot be marked.
    pub fn new(text: &str, names: &Names, now: Timestamp) -> Result<Self, QueryError> {
        let bound = bind_text(&parse(text)?, text, names, now, false)?;
        let mut leaves = Vec::new();
        collect(&bound.plan, &mut leaves);
        Ok(Self { leaves })
    }

    /// A title in pieces: joined they are the title.
    pub fn in_title(&self, title: &str) -> Vec<Segment> {
        cut(title, &merged(self.found(title, true)))
    }

    /// A text of which this much may be printed, in pieces.
    pub fn in_text(&self, text: &str) -> Vec<Segment> {
        cut(text, &merged(self.found(text, false)))
    }

    /// The part of a text, some `chars` characters long, in which most of the different words asked for stand; the
    /// first of equals. `None` where none of them is in the text.
    pub fn window(&self, text: &ForeignText, chars: usize) -> Option<Range<usize>> {
        let text = text.for_analysis();
        let found = self.found(text, false);
        let room = chars.saturating_sub(CONTEXT);
        let mut best: Option<(usize, Range<usize>)> = None;
        for (n, (first, _)) in found.iter().enumerate() {
            let inside = || found[n..].iter().take_while(|(place, _)| place.end <= first.start.saturating_add(room));
            let mut leaves: Vec<usize> = inside().map(|(_, leaf)| *leaf).collect();
            leaves.sort_unstable();
            leaves.dedup();
            if best.as_ref().is_none_or(|(most, _)| leaves.len() > *most) {
                best = Some((leaves.len(), first.clone()));
            }
        }
        let (_, first) = best?;
        Some(opening(text, first.start)..text.len())
    }

    /// Every place in the text with the number of what was asked for, by beginning.
    fn found(&self, text: &str, title: bool) -> Vec<(Range<usize>, usize)> {
        let leaves = || self.leaves.iter().enumerate().filter(|(_, leaf)| title || !leaf.title_only);
        if leaves().next().is_none() {
            return Vec::new();
        }
        let words = Words::new(std::iter::once(text));
        let token = |position: u32| words.tokens.binary_search_by_key(&position, |t| t.position).ok();
        let mut out = Vec::new();
        for (number, leaf) in leaves() {
            match &leaf.words {
                Asked::Stem(stem) => {
                    let same = words.tokens.iter().filter(|t| t.stem.as_ref() == Some(stem));
                    out.extend(same.take(MOST_MARKS).map(|t| (t.start..t.end, number)));
                }
                Asked::Spans(spans) => {
                    for (from, to) in places(spans, &words).into_iter().take(MOST_MARKS) {
                        let (Some(from), Some(to)) = (token(from), token(to)) else { continue };
                        out.push((words.tokens[from].start..words.tokens[to].end, number));
                    }
                }
            }
        }
        out.sort_by_key(|(place, number)| (place.start, place.end, *number));
        out.truncate(MOST_MARKS);
        out
    }
}

fn collect(plan: &Plan, leaves: &mut Vec<Leaf>) {
    let mut push = |words, title_only| {
        let leaf = Leaf { words, title_only };
        if !leaves.contains(&leaf) {
            leaves.push(leaf);
        }
    };
    match plan {
        Plan::And(parts) | Plan::Or(parts) => parts.iter().for_each(|part| collect(part, leaves)),
        Plan::Word { within: stemmed, stem, .. } => push(Asked::Stem(stem.clone()), *stemmed == Stemmed::Title),
        Plan::Spans(Place::Text, spans) => push(Asked::Spans(spans.clone()), false),
        Plan::Spans(Place::Title, spans) => push(Asked::Spans(spans.clone()), true),
        Plan::Spans(Place::Author, _)
        | Plan::All
        | Plan::Not(_)
        | Plan::Outlets(_)
        | Plan::Rubric(_)
        | Plan::During(_) => {}
    }
}

/// The places of spans; of a NEAR those of its operands that stand near each other, not what lies between them.
fn places(spans: &Spans, words: &Words) -> Vec<(u32, u32)> {
    let find = |spans: &Spans| spans.find(&|w| words.positions(w), &|p| words.beginning(p));
    match spans {
        Spans::Phrase(_) | Spans::Prefix(_) => find(spans),
        Spans::Any(parts) => parts.iter().flat_map(|part| places(part, words)).collect(),
        Spans::Near(left, right, _) => {
            let pairs = find(spans);
            let near = |place: &(u32, u32)| pairs.iter().any(|pair| pair.0 <= place.0 && place.1 <= pair.1);
            let operands = places(left, words).into_iter().chain(places(right, words));
            operands.take(MOST_MARKS).filter(near).collect()
        }
    }
}

/// Places that overlap become one.
fn merged(found: Vec<(Range<usize>, usize)>) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    for (place, _) in found {
        match out.last_mut() {
            Some(last) if place.start < last.end => last.end = last.end.max(place.end),
            _ => out.push(place),
        }
    }
    out
}

fn cut(text: &str, marks: &[Range<usize>]) -> Vec<Segment> {
    let mut out = Vec::new();
    let mut push = |range: Range<usize>, marked| {
        if let Some(text) = text.get(range).filter(|t| !t.is_empty()) {
            out.push(Segment { text: text.to_owned(), marked });
        }
    };
    let mut at = 0;
    for mark in marks {
        push(at..mark.start, false);
        push(mark.clone(), true);
        at = mark.end;
    }
    push(at..text.len(), false);
    out
}

/// Where a window that shows the byte `at` begins: at the sentence, if it is near, or at a word.
fn opening(text: &str, at: usize) -> usize {
    let mut from = at.saturating_sub(CONTEXT);
    while !text.is_char_boundary(from) {
        from -= 1;
    }
    // to leave out three words would only make people wonder which
    if from <= CONTEXT / 2 {
        return 0;
    }
    let before = &text[from..at];
    let ends = [". ", "! ", "? ", "» ", "\n"];
    let sentence = ends.iter().filter_map(|end| Some(before.rfind(end)? + end.len())).max();
    let word = || before.find(char::is_whitespace).map(|blank| blank + 1);
    from + sentence.or_else(word).unwrap_or(before.len())
}

#[cfg(test)]
mod tests;
