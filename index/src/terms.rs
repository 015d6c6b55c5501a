//! The weighted terms of a watch on an article: where each stands, and what it weighs.
//!
//! A term is one word, one phrase, one beginning or two things near each other, so that what it found can be told in a
//! line. Left out: which articles belong to the watch, which its query alone says ([`crate::Matcher`]), and points.

use crate::analysed::Analysed;
use crate::grade::{Cased, is_same, walk};
use crate::plan::Plan;
use crate::query::bind::bind_text;
use crate::query::error::QueryError;
use crate::query::{Names, parse};
use salastampa_domain::{Pattern, Term, Timestamp};

/// Terms, ready to be looked for.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Terms(Vec<(Plan, Term)>);

impl Terms {
    /// Makes terms ready; one that cannot be looked for (a watch that it named is gone) is left out.
    pub fn new(terms: &[Term], names: &Names, now: Timestamp) -> Self {
        let bound = |term: &Term| Some((plan(&term.text, names, now).ok()??, term.clone()));
        Self(terms.iter().filter_map(bound).collect())
    }

    /// The terms that the article has, in their order; of two that found the same words the first.
    pub fn grade(&self, article: &Analysed) -> Vec<Pattern> {
        let mut out: Vec<Pattern> = Vec::new();
        for (plan, term) in &self.0 {
            let mut found = Vec::new();
            let words = term.text.trim_matches('"');
            walk(plan, article, if term.cased { Cased::As(words) } else { Cased::Any }, &mut found);
            for pattern in found {
                if !out.iter().any(|known| is_same(&known.words, &pattern.words)) {
                    out.push(Pattern { weight: Some(term.weight), strong: term.strong, ..pattern });
                }
            }
        }
        out
    }
}

/// Whether a text is one term: a word, a phrase, a beginning, or two things near each other.
///
/// # Errors
/// Those of the query language.
pub fn check_term(text: &str, names: &Names, now: Timestamp) -> Result<bool, QueryError> {
    Ok(plan(text, names, now)?.is_some())
}

fn plan(text: &str, names: &Names, now: Timestamp) -> Result<Option<Plan>, QueryError> {
    let plan = bind_text(&parse(text)?, text, names, now, true)?.plan;
    Ok(matches!(plan, Plan::Word { .. } | Plan::Spans(..)).then_some(plan))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matcher::tests::article;
    use salastampa_domain::ForeignText;

    fn found(lines: &[&str], title: &str, body: &str) -> Vec<(String, Option<i8>, u32, u32)> {
        let terms: Vec<Term> = lines.iter().map(|line| Term::parse(line).expect("a term")).collect();
        let (article, body) = (article(title, "", "", ""), ForeignText::new(body));
        let found = Terms::new(&terms, &Names::default(), Timestamp(0)).grade(&Analysed::new(&article, &body));
        found.into_iter().map(|p| (p.words, p.weight, p.title, p.body)).collect()
    }

    #[test]
    fn each_sort_of_term_is_found_with_its_weight() {
        let (title, body) = ("Nuovo asilo nido a Grado", "Il Comune rifà l'asilo nido. La nidiata sale di grado.");
        for (line, expected) in [
            ("+12! \"asilo nido\"", Some(("asilo nido", 1, 1))),
            ("+3 asilo", Some(("asilo", 1, 1))),
            ("-4 nidi*", Some(("nidiata", 0, 1))),
            ("+5 comune NEAR/8 asilo", Some(("Comune rifà l'asilo", 0, 1))),
            ("+8= Grado", Some(("Grado", 1, 0))),
            ("+8= grado", Some(("grado", 0, 1))),
            ("+8 \"grado\"", Some(("Grado", 1, 1))),
            ("-9 calcio", None),
        ] {
            let found = found(&[line], title, body);
            let told = found.first().map(|(words, _, title, body)| (words.as_str(), *title, *body));
            assert_eq!(told, expected, "{line}");
            let weight = Term::parse(line).expect("a term").weight;
            assert!(found.iter().all(|(_, w, ..)| *w == Some(weight)), "{line}");
        }
        assert_eq!(found(&["+2 asilo", "-5 \"asilo\""], title, body).len(), 1);
    }

    #[test]
    fn what_is_not_one_term_is_refused() {
        let check = |text| check_term(text, &Names::default(), Timestamp(0));
        for text in ["asilo", "\"asilo nido\"", "asil*", "asilo NEAR/8 nido", "titolo:asilo"] {
            assert_eq!(check(text), Ok(true), "{text}");
        }
        for text in ["asilo nido", "asilo OR nido", "NOT asilo", "il"] {
            assert!(!matches!(check(text), Ok(true)), "{text}");
        }
        assert!(check("\"asilo").is_err());
    }
}
