//! How a watch grades what its query found: terms that weigh, the least that is asked, and a bound for each outlet.
//!
//! The query decides what may belong to a watch; these say how much it does. A term is written in one line, the same in
//! the form, in the file of the office and in the log: `+12! "asilo nido"`, `-10 calcio`. A watch without any of it grades
//! by the words of its query alone. Left out: the language of the terms (crate `index`), points (crate `stories`).

use serde::{Deserialize, Serialize};
use std::fmt;

/// How a watch grades.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Grading {
    /// The terms, in the order in which they were written.
    pub terms: Vec<Term>,
    /// Points of relevance, 0 to [`Grading::MOST_POINTS`], that an article must have to be clipped; 0 asks for none.
    pub minimum: u8,
    /// At most so many articles of one outlet are clipped in a civil day of Europe/Rome; 0 is no bound.
    pub per_outlet: u16,
    /// An article must have two different words of the watch, or one that is marked strong; the name of the town is none.
    pub diverse: bool,
}

impl Grading {
    /// The largest weight of a term and the largest minimum.
    pub const MOST_POINTS: u8 = 40;
    /// The largest bound for an outlet.
    pub const MOST_PER_OUTLET: u16 = 500;
    /// Most terms of a watch.
    pub const MOST_TERMS: usize = 60;

    /// Whether it asks for nothing beyond the query.
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }
}

/// A word, a phrase, a beginning or two things near each other, with what it brings.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Term {
    /// As the query language writes it.
    pub text: String,
    /// Points that it brings where it stands once in the body, -40 to 40 and not 0; below zero it takes away.
    pub weight: i8,
    /// It alone is enough for a watch that asks for diversity.
    pub strong: bool,
    /// Only as it is written, capitals too: *Grado* the town, not the *grado* of a scale.
    pub cased: bool,
}

/// A line that is no term.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BadTerm;

impl fmt::Display for BadTerm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "a term is a weight from -40 to 40, `!` if it is strong, `=` if capitals count, a blank and the words",
        )
    }
}

impl Term {
    /// Longest text, in characters.
    const LONGEST: usize = 200;

    /// Reads `+12! "asilo nido"`; the language of the words is not looked at.
    ///
    /// # Errors
    /// [`BadTerm`] for anything else.
    pub fn parse(line: &str) -> Result<Self, BadTerm> {
        let (head, text) = line.trim().split_once(char::is_whitespace).ok_or(BadTerm)?;
        let number = head.trim_end_matches(['!', '=']);
        let marks = &head[number.len()..];
        // U+2212 is how the program prints what takes away
        let weight: i8 = number.replace('−', "-").parse().map_err(|_| BadTerm)?;
        let most = i8::try_from(Grading::MOST_POINTS).unwrap_or(i8::MAX);
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if weight == 0 || !(-most..=most).contains(&weight) || text.is_empty() || text.chars().count() > Self::LONGEST {
            return Err(BadTerm);
        }
        Ok(Self { text, weight, strong: marks.contains('!'), cased: marks.contains('=') })
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (strong, cased) = (if self.strong { "!" } else { "" }, if self.cased { "=" } else { "" });
        write!(f, "{:+}{strong}{cased} {}", self.weight, self.text)
    }
}

impl From<Term> for String {
    fn from(term: Term) -> Self {
        term.to_string()
    }
}

impl TryFrom<String> for Term {
    type Error = BadTerm;

    fn try_from(line: String) -> Result<Self, BadTerm> {
        Self::parse(&line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_is_one_line_that_reads_back() {
        for (line, weight, strong, cased, text) in [
            ("+12! \"asilo nido\"", 12, true, false, "\"asilo nido\""),
            ("8 nid*", 8, false, false, "nid*"),
            (" -10   calcio  femminile", -10, false, false, "calcio femminile"),
            ("−10 calcio", -10, false, false, "calcio"),
            ("+8!= Grado", 8, true, true, "Grado"),
            ("+8=! Grado", 8, true, true, "Grado"),
        ] {
            let term = Term::parse(line).expect(line);
            assert_eq!((term.weight, term.strong, term.cased, term.text.as_str()), (weight, strong, cased, text));
            assert_eq!(Term::parse(&term.to_string()), Ok(term));
        }
        for line in ["", "12", "calcio", "0 calcio", "41 calcio", "-41 calcio", "+12? calcio", "! calcio", "300 calcio"]
        {
            assert_eq!(Term::parse(line), Err(BadTerm), "{line}");
        }
        assert_eq!(Term::parse(&format!("1 {}", "x".repeat(201))), Err(BadTerm));
    }

    #[test]
    fn a_grading_of_an_older_row_is_plain() {
        let read: Grading = serde_json::from_str("{}").expect("all has a default");
        assert!(read.is_plain());
        let terms = vec![Term::parse("-3 calcio").expect("a term")];
        let full = Grading { terms, minimum: 8, per_outlet: 2, diverse: true };
        let text = serde_json::to_string(&full).expect("text");
        assert!(text.contains("\"-3 calcio\""), "{text}");
        assert_eq!(serde_json::from_str::<Grading>(&text).expect("reads back"), full);
    }
}
