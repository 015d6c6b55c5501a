//! Queries that read, and errors with their place and a way out.

use super::*;
use crate::query::ast::Field;
use crate::query::date::{Dates, Moment};
use crate::query::print::print;
use proptest::prelude::*;

#[test]
fn operators_bind_as_people_expect() {
    for (text, printed) in [
        ("ponte  lago", "ponte lago"),
        ("ponte AND lago OR strada", "ponte lago OR strada"),
        ("ponte (lago OR strada)", "ponte (lago OR strada)"),
        ("-romanzo ponte", "NOT romanzo ponte"),
        ("NOT (a OR b) c", "NOT (a OR b) c"),
        ("ponte e strada o lago", "ponte e strada o lago"),
        ("«ponte vecchio» \"Grado\"", "\"ponte vecchio\" \"Grado\""),
        ("pont* NEAR/5 (lago OR \"il mare\") NEAR/3 x", "pont* NEAR/5 (lago OR \"il mare\") NEAR/3 x"),
        ("TITOLO:ponte title:(a OR b)", "titolo:ponte titolo:(a OR b)"),
        ("testata:\"La Provincia\" data:2019..2026", "testata:\"La Provincia\" data:2019..2026"),
        ("dopo:2026-11 before: 22/11/2026", "dopo:2026-11 prima:2026-11-22"),
        ("tema:sindaca", "tema:\"sindaca\""),
        ("ore 18:30 https://bellariva.test Sindaca: sì", "ore 18:30 https://bellariva.test Sindaca: sì"),
        ("ponte - riapre", "ponte - riapre"),
        ("", ""),
    ] {
        assert_eq!(parse(text).map(|ast| print(&ast)).as_deref(), Ok(printed), "{text}");
    }
}

#[test]
fn errors_say_what_where_and_what_to_write() {
    let shown = |text: &str| match parse(text) {
        Ok(ast) => format!("runs: {}", print(&ast)),
        Err(e) => format!("{e} [{}] -> {}", &text[e.span.clone()], e.suggestion.as_deref().unwrap_or("?")),
    };
    for (text, error) in [
        ("il ponte \"vecchio", "the quotes are never closed (column 10) [\"vecchio] -> il ponte \"vecchio\""),
        ("«ponte", "the quotes are never closed (column 1) [«ponte] -> «ponte»"),
        ("è ponte AND", "a word is missing beside AND (column 9) [AND] -> è ponte  "),
        ("OR ponte", "a word is missing beside OR (column 1) [OR] ->   ponte"),
        ("a OR OR b", "a word is missing beside OR (column 3) [OR] -> a   OR b"),
        ("NOT", "a word is missing beside NOT (column 1) [NOT] ->  "),
        ("tesata:Lago", "there is no field tesata (column 1) [tesata:Lago] -> testata:Lago"),
        ("qualcosa:Lago", "there is no field qualcosa (column 1) [qualcosa:Lago] -> qualcosa Lago"),
        ("titolo:", "nothing stands after titolo: (column 1) [titolo:] ->  "),
        ("testata:-x", "nothing stands after testata: (column 1) [testata:] ->  -x"),
        ("data:domani", "domani is no date (column 6) [domani] -> data:2026-11-22"),
        ("a NEAR/99 b", "the distance of NEAR is a number from 1 to 50 (column 3) [NEAR/99] -> a NEAR/5 b"),
        ("a NEAR b", "the distance of NEAR is a number from 1 to 50 (column 3) [NEAR] -> a NEAR/5 b"),
        ("(a b) NEAR/2 c", "NEAR stands between words and phrases (column 1) [(a b)] -> ?"),
        ("a NEAR/2 titolo:c", "NEAR stands between words and phrases (column 10) [titolo:c] -> ?"),
        ("po*", "a beginning needs at least three letters (column 1) [po*] -> po"),
        ("*ponte", "the star stands only at the end of a word (column 1) [*ponte] -> ponte*"),
        ("po*te", "the star stands only at the end of a word (column 1) [po*te] -> pote*"),
        ("(ponte OR lago", "a parenthesis is never closed (column 1) [(] -> (ponte OR lago)"),
        ("ponte)", "a parenthesis closes nothing (column 6) [)] -> ponte "),
        ("ponte ()", "nothing stands between the parentheses (column 7) [()] -> ponte  "),
    ] {
        assert_eq!(shown(text), error, "{text}");
    }
}

#[test]
fn a_query_has_its_limits() {
    let kind = |text: &str| parse(text).map(|_| ()).map_err(|e| e.kind);
    assert_eq!(kind(&"à".repeat(4_000)), Ok(()));
    assert_eq!(kind(&"à".repeat(4_001)), Err(QueryErrorKind::TooLong));
    let nested = |n: usize| format!("{}ponte{}", "(".repeat(n), ")".repeat(n));
    assert_eq!(kind(&nested(50)), Ok(()));
    assert_eq!(kind(&nested(51)), Err(QueryErrorKind::TooDeep));
    assert_eq!(kind(&format!("{}ponte", "NOT ".repeat(51))), Err(QueryErrorKind::TooDeep));
    assert_eq!(kind(&format!("ponte{}", " NEAR/2 x".repeat(51))), Err(QueryErrorKind::TooDeep));
    assert_eq!(kind(&"a ".repeat(256)), Ok(()));
    assert_eq!(kind(&"a ".repeat(257)), Err(QueryErrorKind::TooMany));
}

fn leaf() -> impl Strategy<Value = Ast> {
    let at = Place::default;
    prop_oneof![
        "[a-zà]{1,6}('[a-z]{1,3})?".prop_map(move |w| Ast::Word(w, at())),
        "[a-z]{3,6}".prop_map(move |w| Ast::Prefix(w, at())),
        "[a-z]{1,4}( [a-z':*()-]{1,4}){0,2}".prop_map(move |w| Ast::Phrase(w, at())),
    ]
}

fn any_ast() -> impl Strategy<Value = Ast> {
    let at = Place::default;
    let moment = prop_oneof![
        (1000_i16..3000).prop_map(Moment::Year),
        (1000_i16..3000, 1_i8..=12).prop_map(|(y, m)| Moment::Month(y, m)),
        Just(Moment::Today),
        Just(Moment::Yesterday),
    ];
    let date = prop_oneof![
        moment.clone().prop_map(Dates::In),
        moment.clone().prop_map(Dates::After),
        moment.clone().prop_map(Dates::Before),
        (1_u16..3_000).prop_map(Dates::Last),
        (moment.clone(), moment).prop_map(|(a, b)| Dates::Between(Some(a), Some(b))),
    ];
    let near = (leaf(), prop::collection::vec((leaf(), 1_u32..=50), 1..3)).prop_map(|(first, rest)| {
        let step = |left, (right, distance)| Ast::Near { left: Box::new(left), right: Box::new(right), distance };
        rest.into_iter().fold(first, step)
    });
    let start = prop_oneof![
        4 => leaf(),
        1 => near,
        1 => date.prop_map(move |d| Ast::Date(d, at())),
        1 => "[a-z]{3,5}".prop_map(move |w| Ast::Watch(w, at())),
    ];
    start.prop_recursive(5, 40, 3, |inner| {
        let field = prop::sample::select(&Field::ALL[..]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Ast::And),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Ast::Or),
            inner.clone().prop_map(|a| Ast::Not(Box::new(a))),
            (field, inner).prop_map(|(f, a)| Ast::In(f, Box::new(a))),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_printed_reads_back(ast in any_ast()) {
        let printed = print(&ast);
        prop_assert_eq!(parse(&printed), Ok(ast), "{}", printed);
    }

    #[test]
    fn any_text_is_read_or_refused(text in "(\\PC|[a-z]{1,4}|[ ()\"«»:*-]|AND |OR |NOT |NEAR/[0-9]{1,3} |titolo:|data:|tema:|20[0-9]{2})*") {
        match parse(&text) {
            Ok(ast) => {
                let printed = print(&ast);
                prop_assert_eq!(parse(&printed).map(|a| print(&a)), Ok(printed));
            }
            Err(error) => {
                prop_assert!(text.get(error.span.clone()).is_some(), "{error:?}");
                if let Some(suggestion) = error.suggestion {
                    prop_assert!(parse(&suggestion).is_ok(), "{suggestion}");
                }
            }
        }
    }
}
