//! Names, dates and watches inside a query find what they stand for.

use super::*;
use crate::query::names::{OutletName, WatchName};
use crate::query::parse;

fn names() -> Names {
    let watch = |slug: &str, query: &str| WatchName { slug: slug.into(), name: slug.into(), query: query.into() };
    Names {
        outlets: vec![OutletName { id: OutletId(7), slug: "il-lago".into(), name: "Il Lago".into(), rank: 1 }],
        watches: vec![
            watch("ponti", "ponte OR passerella"),
            watch("sera", "sera tema:ponti"),
            watch("serpente", "tema:coda"),
            watch("coda", "tema:serpente"),
            watch("rotto", "ponte AND"),
        ],
    }
}

fn now() -> Timestamp {
    Timestamp::parse("2026-11-22 12:00").expect("a date")
}

fn shown(text: &str) -> String {
    let bound = parse(text).and_then(|ast| bind_text(&ast, text, &names(), now(), false));
    match bound {
        Ok(bound) => line(&bound.plan),
        Err(e) => format!("{e} [{}] -> {}", &text[e.span.clone()], e.suggestion.as_deref().unwrap_or("?")),
    }
}

/// A plan on one line.
fn line(plan: &Plan) -> String {
    let list = |parts: &[Plan], sign: &str| format!("({})", parts.iter().map(line).collect::<Vec<_>>().join(sign));
    match plan {
        Plan::All => "all".into(),
        Plan::And(parts) => list(parts, " & "),
        Plan::Or(parts) => list(parts, " | "),
        Plan::Not(inner) => format!("!{}", line(inner)),
        Plan::Word { within: Stemmed::Text, stem, .. } => format!("~{stem}"),
        Plan::Word { within: Stemmed::Title, stem, .. } => format!("title~{stem}"),
        Plan::Spans(place, spans) => format!("{place:?}{}", span_line(spans)),
        Plan::Outlets(ids) => format!("outlets{:?}", ids.iter().map(|i| i.0).collect::<Vec<_>>()),
        Plan::Rubric(r) => format!("rubric:{r}"),
        Plan::During(p) => format!("{}..{}", p.from.day(), p.to.day()),
    }
}

fn span_line(spans: &Spans) -> String {
    match spans {
        Spans::Phrase(words) => format!("[{}]", words.join(" ")),
        Spans::Prefix(p) => format!("[{p}*]"),
        Spans::Any(parts) => format!("{{{}}}", parts.iter().map(span_line).collect::<Vec<_>>().join("|")),
        Spans::Near(a, b, n) => format!("<{} {n} {}>", span_line(a), span_line(b)),
    }
}

#[test]
fn words_are_analysed_and_names_resolved() {
    for (text, plan) in [
        ("Ponti l'acqua", "(~pont & ~acqua)"),
        ("co-working", "Text[co working]"),
        ("\"il Ponte\" \"po'\"", "(Text[il ponte] & Text[po'])"),
        ("il ponte", "~pont"),
        ("titolo:(ponte OR \"a b\")", "(title~pont | Title[a b])"),
        ("autore:Corti autore:\"Ada Corti\"", "(Author[corti] & Author[ada corti])"),
        ("pont* dell'acq*", "(Text[pont*] & Text[acq*])"),
        ("NOT NOT ponte", "~pont"),
        ("il NEAR/3 (ponte OR \"la via\")", "Text<[il] 3 {[ponte]|[la via]}>"),
        ("testata:LAGO", "no outlet is called LAGO (column 9) [LAGO] -> ?"),
        ("testata:il-lago sezione:\"Cronaca Nera\"", "(outlets[7] & rubric:cronaca nera)"),
        ("testata:(\"Il Lago\" OR il)", "(outlets[7] | outlets[7])"),
        ("testata:\"Il Lgo\"", "no outlet is called Il Lgo (column 9) [\"Il Lgo\"] -> testata:\"Il Lago\""),
        ("data:ieri", "2026-11-21..2026-11-22"),
        ("data:2026..2019", "the period ends before it begins (column 1) [data:2026..2019] -> ?"),
        ("tema:sera", "(~ser & (~pont | ~passerell))"),
        ("tema:serpente", "the watch serpente holds itself (column 6) [serpente] -> ?"),
        ("tema:rotto", "the query of the watch rotto cannot run (column 6) [rotto] -> ?"),
        ("tema:ponte", "no watch is called ponte (column 6) [ponte] -> tema:\"ponti\""),
        ("il non", "only function words are left of the query (column 1) [il non] -> \"il non\""),
        ("", "all"),
    ] {
        assert_eq!(shown(text), plan, "{text}");
    }
}

#[test]
fn dropped_words_and_lower_case_operators_are_told() {
    let bound = bind(&parse("il ponte oppure strada").expect("it parses"), &names(), now()).expect("it binds");
    assert_eq!(
        bound.notices,
        [Notice::Dropped { word: "il".into() }, Notice::WordForOperator { word: "oppure".into(), operator: "OR" },]
    );
}

#[test]
fn watches_that_name_each_other_without_end_are_stopped() {
    let watch = |n: usize, query: String| WatchName { slug: format!("w{n}"), name: format!("w{n}"), query };
    let doubling = |levels: usize| {
        let mut watches = vec![watch(0, String::new())];
        watches.extend((1..=levels).map(|n| watch(n, format!("tema:w{0} tema:w{0}", n - 1))));
        Names { outlets: Vec::new(), watches }
    };
    let kind = |query: &str| {
        let ast = parse(query).expect("it parses");
        bind(&ast, &doubling(30), now()).map(|_| ()).map_err(|e| e.kind)
    };
    assert_eq!(kind("ponte tema:w7"), Ok(()));
    assert_eq!(kind("ponte tema:w7 tema:w1"), Err(QueryErrorKind::TooMany));
    assert_eq!(kind("ponte tema:w30"), Err(QueryErrorKind::TooDeep));
}
