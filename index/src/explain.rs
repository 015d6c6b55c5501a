//! What was made of a query, for who asks why an article is in the answer: the query as it was understood, its plan in
//! words, the places of an article that hold it, the parts of its score.

use crate::analysed::Analysed;
use crate::evaluate::holds;
use crate::plan::{Place, Plan, Spans, Stemmed};
use crate::query::bind::bind_text;
use crate::query::{Names, Notice, QueryError, parse, print};
use salastampa_domain::Timestamp;

/// A query, explained.
pub struct Explained {
    /// As it was understood, all brackets written.
    pub understood: String,
    /// The plan, a line a part, indented by its depth.
    pub plan: Vec<String>,
    /// What the person should know.
    pub notices: Vec<Notice>,
    bound: Plan,
}

impl Explained {
    /// Explains a query text.
    ///
    /// # Errors
    /// Those of the query itself.
    pub fn new(text: &str, names: &Names, now: Timestamp) -> Result<Self, QueryError> {
        let ast = parse(text)?;
        let bound = bind_text(&ast, text, names, now, false)?;
        let mut plan = Vec::new();
        lines(&bound.plan, names, 0, &mut plan);
        Ok(Self { understood: print(&ast), plan, notices: bound.notices, bound: bound.plan })
    }

    /// The words of an article that hold the query, as they stand there, and where: `moli (title)`.
    pub fn matched(&self, article: &Analysed) -> Vec<String> {
        let mut found = Vec::new();
        holds(&self.bound, article, &mut found);
        let told = found.into_iter().filter_map(|(words, from, to)| {
            let place = match words.part(from) {
                _ if std::ptr::eq(words, &article.authors) => "author",
                0 => "title",
                1 => "lead",
                _ => "body",
            };
            Some(format!("{} ({place})", words.written(from, to)?))
        });
        told.collect()
    }
}

fn lines(plan: &Plan, names: &Names, depth: usize, out: &mut Vec<String>) {
    let mut line = |text: String| out.push(format!("{}{text}", "  ".repeat(depth)));
    let parts: &[Plan] = match plan {
        Plan::And(parts) => {
            line("all of".into());
            parts
        }
        Plan::Or(parts) => {
            line("any of".into());
            parts
        }
        Plan::Not(inner) => {
            line("not".into());
            std::slice::from_ref(inner)
        }
        Plan::All => return line("every article".into()),
        Plan::Word { within, stem, form } => {
            let place = if *within == Stemmed::Title { "title" } else { "text" };
            return line(format!("all forms of {form} (stem {stem}) in the {place}"));
        }
        Plan::Spans(place, spans) => {
            let place = match place {
                Place::Text => "the text",
                Place::Title => "the title",
                Place::Author => "the authors",
            };
            return line(format!("{} in {place}", words(spans)));
        }
        Plan::Outlets(ids) => {
            let name = |id| names.outlets.iter().find(|outlet| outlet.id == id).map(|outlet| outlet.name.as_str());
            let named: Vec<&str> = ids.iter().filter_map(|id| name(*id)).collect();
            return line(format!("outlet {}", named.join(", ")));
        }
        Plan::Rubric(rubric) => return line(format!("section {rubric}")),
        Plan::During(period) => {
            let end = |at: Timestamp| (at.0 != i64::MIN && at.0 != i64::MAX).then(|| at.rfc3339());
            let (from, to) = (end(period.from), end(period.to));
            let said = from.map(|from| format!("from {from}")).into_iter().chain(to.map(|to| format!("before {to}")));
            return line(format!("dated {}", said.collect::<Vec<_>>().join(" ")));
        }
    };
    for part in parts {
        lines(part, names, depth + 1, out);
    }
}

fn words(spans: &Spans) -> String {
    match spans {
        Spans::Phrase(words) => format!("exactly \"{}\"", words.join(" ")),
        Spans::Prefix(prefix) => format!("a word that begins with {prefix}"),
        Spans::Any(parts) => format!("({})", parts.iter().map(words).collect::<Vec<_>>().join(" or ")),
        Spans::Near(left, right, distance) => {
            format!("({} and {} at most {distance} words apart)", words(left), words(right))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::OutletName;
    use salastampa_domain::OutletId;

    #[test]
    fn a_query_is_told_as_it_was_understood() {
        let outlet = OutletName { id: OutletId(1), slug: "lago".into(), name: "Il Lago".into(), rank: 1 };
        let names = Names { outlets: vec![outlet], watches: Vec::new() };
        let text = "ponti AND (\"il molo\" OR tito* NEAR/3 lago) -titolo:romanzo testata:lago data:2026";
        let explained = Explained::new(text, &names, Timestamp(0)).expect("a query");
        let plan = explained.plan.join("\n");
        for part in [
            "all of\n  all forms of ponti (stem pont) in the text",
            "  any of\n    exactly \"il molo\" in the text",
            "begins with tito and exactly \"lago\" at most 3 words apart",
            "  not\n    all forms of romanzo",
            "  outlet Il Lago",
            "  dated from 2026-01-01T00:00:00+01:00 before 2027-01-01",
        ] {
            assert!(plan.contains(part), "{part:?} is missing in\n{plan}");
        }
        assert!(explained.understood.contains("NEAR/3"));
    }
}
