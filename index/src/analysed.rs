//! An article, analysed once: what the archive indexes and what watches are matched on.

use crate::query::bind::rubric;
use foldhash::fast::RandomState;
use salastampa_domain::{Article, ForeignText, OutletId, Timestamp};
use salastampa_text::{Form, Token, tokens};
use std::collections::HashMap;
use std::sync::OnceLock;

/// Positions left free between title, lead and body, and between authors: no phrase and no NEAR crosses.
pub const GAP: u32 = 100;
/// Most bytes of a title, a lead, a body or an author that are analysed: a report of a hundred pages has a third of it.
pub const LONGEST: usize = 1_000_000;
/// Most authors that are analysed.
const MOST_AUTHORS: usize = 200;

/// The words of an article and what else a query may ask of it. Its texts stay inside: they are the words of others.
pub struct Analysed {
    /// The publication.
    pub outlet: OutletId,
    /// The outlet's own section, folded.
    pub rubric: Option<String>,
    /// When it counts as published.
    pub dated: Timestamp,
    /// Title, lead and body.
    pub(crate) text: Words,
    /// The authors.
    pub(crate) authors: Words,
}

/// Texts with their tokens, positions counted through.
#[derive(Default)]
pub(crate) struct Words {
    /// In order; `position` counts through all parts.
    pub(crate) tokens: Vec<Token>,
    /// The texts, and the number of the first token of each.
    parts: Vec<(usize, String)>,
    /// The first position after the first part.
    pub(crate) first_ends: u32,
    /// Where each exact form stands.
    exact: OnceLock<Forms>,
    /// Where each stem stands.
    stems: OnceLock<Forms>,
}

/// Where forms stand, as chains of token numbers: no list of its own for each of them.
#[derive(Default)]
struct Forms {
    /// The number of the first token with each form.
    first: HashMap<Form, u32, RandomState>,
    /// For each token the number of the next one with the same form; [`NONE`] for the last.
    next: Vec<u32>,
}

/// No token.
const NONE: u32 = u32::MAX;

impl Forms {
    /// Of some tokens, by what `form` gives of each.
    fn of<'a>(tokens: &'a [Token], form: impl Fn(&'a Token) -> Option<&'a Form>) -> Self {
        let mut forms = Self { first: HashMap::default(), next: vec![NONE; tokens.len()] };
        for (n, token) in tokens.iter().enumerate().rev() {
            let Some(form) = form(token) else { continue };
            let number = u32::try_from(n).unwrap_or(NONE);
            if let Some(later) = forms.first.insert(form.clone(), number) {
                forms.next[n] = later;
            }
        }
        forms
    }

    /// The numbers of the tokens with a form, in order.
    fn numbers(&self, form: &str) -> impl Iterator<Item = u32> {
        let first = self.first.get(form).copied();
        std::iter::successors(first, |n| self.next.get(*n as usize).copied().filter(|next| *next != NONE))
    }
}

impl Analysed {
    /// Analyses an article and the body of its newest revision.
    pub fn new(article: &Article, body: &ForeignText) -> Self {
        let text = [article.title.as_str(), article.lead.for_analysis(), body.for_analysis()].map(bounded);
        Self {
            outlet: article.outlet,
            rubric: article.rubric.as_deref().map(rubric).filter(|r| !r.is_empty()),
            dated: article.dated(),
            text: Words::new(text.into_iter()),
            authors: Words::new(article.authors.iter().take(MOST_AUTHORS).map(|author| bounded(author))),
        }
    }
}

/// What is analysed of a text: whole words.
fn bounded(text: &str) -> &str {
    if text.len() <= LONGEST {
        return text;
    }
    let cut = &text[..text.floor_char_boundary(LONGEST)];
    cut.rfind(char::is_whitespace).map_or(cut, |end| &cut[..end])
}

impl Words {
    /// Analyses texts, one after the other.
    pub(crate) fn new<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut words = Self::default();
        let mut next = 0;
        for (n, text) in texts.enumerate() {
            words.parts.push((words.tokens.len(), text.to_owned()));
            let from = next;
            for mut token in tokens(text) {
                token.position += from;
                next = token.position + 1;
                words.tokens.push(token);
            }
            if n == 0 {
                words.first_ends = next;
            }
            next += GAP;
        }
        words
    }

    /// Made when a watch asks first: who only indexes has no use for it.
    fn exact(&self) -> &Forms {
        self.exact.get_or_init(|| Forms::of(&self.tokens, |token| Some(&token.exact)))
    }

    /// Likewise.
    fn stems(&self) -> &Forms {
        self.stems.get_or_init(|| Forms::of(&self.tokens, |token| token.stem.as_ref()))
    }

    /// The tokens whose position is below `limit`.
    pub(crate) fn below(&self, limit: u32) -> &[Token] {
        &self.tokens[..self.tokens.partition_point(|t| t.position < limit)]
    }

    fn position(&self, number: u32) -> u32 {
        self.tokens[number as usize].position
    }

    /// The positions of a stem, in order.
    pub(crate) fn stemmed(&self, stem: &str) -> impl Iterator<Item = u32> {
        self.stems().numbers(stem).map(|n| self.position(n))
    }

    /// The positions of an exact form, in order.
    pub(crate) fn positions(&self, exact: &str) -> Vec<u32> {
        self.exact().numbers(exact).map(|n| self.position(n)).collect()
    }

    /// The first and the last position of each place where these exact words stand next to each other, in order.
    pub(crate) fn phrases(&self, words: &[Form]) -> impl Iterator<Item = (u32, u32)> {
        let first = words.split_first();
        let numbers = first.map(|(first, rest)| self.exact().numbers(first).map(move |n| (n, rest)));
        numbers.into_iter().flatten().filter_map(|(n, rest)| {
            let at = self.position(n);
            let here = self.tokens.get(n as usize + 1..n as usize + 1 + rest.len())?;
            let same = |((token, word), place): ((&Token, &Form), u32)| token.position == place && token.exact == *word;
            here.iter().zip(rest).zip(at + 1..).all(same).then_some(())?;
            Some((at, at + u32::try_from(rest.len()).ok()?))
        })
    }

    /// The positions of all forms that begin so.
    pub(crate) fn beginning(&self, prefix: &str) -> Vec<u32> {
        self.tokens.iter().filter(|t| t.exact.starts_with(prefix)).map(|t| t.position).collect()
    }

    /// Every different exact form.
    pub(crate) fn exact_forms(&self) -> impl Iterator<Item = &Form> {
        self.exact().first.keys()
    }

    /// Every different stem.
    pub(crate) fn stem_forms(&self) -> impl Iterator<Item = &Form> {
        self.stems().first.keys()
    }

    /// The number of the text in which a position lies.
    pub(crate) fn part(&self, position: u32) -> usize {
        let number = self.tokens.partition_point(|t| t.position < position);
        self.parts.iter().rposition(|(start, _)| *start <= number).unwrap_or(0)
    }

    /// What stands in the article from one position to another.
    pub(crate) fn written(&self, from: u32, to: u32) -> Option<&str> {
        let number = |p: u32| self.tokens.binary_search_by_key(&p, |t| t.position).ok();
        let (first, last) = (number(from)?, number(to)?);
        let (_, text) = self.parts.iter().rev().find(|(start, _)| *start <= first)?;
        text.get(self.tokens[first].start..self.tokens[last].end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_without_end_is_bounded_at_a_word() {
        let long = "ponte città ".repeat(200_000);
        let cut = bounded(&long);
        assert!(cut.len() <= LONGEST && cut.len() > LONGEST - 20);
        assert!(cut.ends_with("ponte") || cut.ends_with("città"), "{}", &cut[cut.len() - 8..]);
        assert_eq!(bounded("ponte"), "ponte");
        assert_eq!(bounded(&"è".repeat(LONGEST)).len(), LONGEST);
    }
}
