//! Which watches an article calls, and why.

use super::*;
use salastampa_domain::{Article, ArticleId, ForeignText, OutletId, Seq, Signals, SourceId, Via};

pub(crate) fn article(title: &str, lead: &str, rubric: &str, author: &str) -> Article {
    let at = now();
    Article {
        id: ArticleId(1),
        seq: Seq(1),
        revision: 1,
        outlet: OutletId(7),
        via: Via::Source { source: SourceId(1) },
        url: "https://lago.test/1".into(),
        key: "lago.test/1".into(),
        guid: None,
        title: title.into(),
        lead: ForeignText::new(lead),
        authors: vec![author.into()],
        rubric: Some(rubric.into()),
        language: None,
        signals: Signals::default(),
        backlog: false,
        published_at: Some(at),
        first_seen: at,
        kept_at: at,
        grouped_at: None,
        copy_group: None,
        story: None,
    }
}

fn now() -> Timestamp {
    Timestamp::parse("2026-11-22 12:00").expect("a date")
}

fn names() -> Names {
    let outlet = crate::query::OutletName { id: OutletId(7), slug: "il-lago".into(), name: "Il Lago".into(), rank: 1 };
    Names { outlets: vec![outlet], watches: Vec::new() }
}

/// What one watch says of the article, `-` where it is silent.
fn why(query: &str) -> String {
    let article =
        article("Riapre il Ponte Vecchio", "La sindaca Ada Corti: «Un po' di pazienza»", "Cronaca", "Ugo Riva");
    let body = ForeignText::new("I ponti dell'Orto restano chiusi.\nLa mobilità in città riparte con la città.");
    let (matcher, refused) = Matcher::new(&[(WatchId(3), query)], &names(), &Frequencies::default(), now());
    assert_eq!(refused, [], "{query}");
    match &matcher.matches(&Analysed::new(&article, &body))[..] {
        [] => "-".into(),
        [one] => one.why.join(" + "),
        more => panic!("{more:?}"),
    }
}

#[test]
fn a_watch_says_which_words_it_found_as_they_stand() {
    for (query, words) in [
        ("ponte", "Ponte"),
        ("mobilita CITTA'", "mobilità + città"),
        ("\"ponte vecchio\" NOT romanzo", "Ponte Vecchio"),
        ("\"ponte nuovo\"", "-"),
        ("\"vecchio la\"", "-"),
        ("orto", "Orto"),
        ("\"orto\"", "Orto"),
        ("\"dell'orto\"", "dell'Orto"),
        ("\"po'\"", "po'"),
        ("\"po\"", "-"),
        ("mobil*", "mobilità"),
        ("ada NEAR/2 sindaca", "sindaca Ada"),
        ("corti NEAR/1 sindaca", "-"),
        ("pazienza NEAR/5 ponti", "-"),
        ("titolo:ponte", "Ponte"),
        ("titolo:sindaca", "-"),
        ("titolo:\"riapre il\"", "Riapre il"),
        ("autore:riva", "Riva"),
        ("autore:corti", "-"),
        ("sezione:cronaca", ""),
        ("testata:\"il lago\" data:2026", ""),
        ("testata:\"il lago\" data:2025", "-"),
        ("ponte OR sindaca OR luna", "Ponte + sindaca"),
        ("(ponte luna) OR sindaca", "sindaca"),
        ("ponte -sindaca", "-"),
    ] {
        assert_eq!(why(query), words, "{query}");
    }
}

#[test]
fn a_watch_that_asks_for_nothing_is_refused_and_stops_no_other() {
    let texts =
        ["NOT ponte", "data:2026", "ponte OR NOT lago", "data:ieri ponte", "testata:Radio", "ponte AND", "", "ponte"];
    let watches: Vec<(WatchId, &str)> = (0..).map(WatchId).zip(texts).collect();
    let (matcher, refused) = Matcher::new(&watches, &names(), &Frequencies::default(), now());
    let kinds: Vec<(i64, QueryErrorKind)> = refused.into_iter().map(|(id, e)| (id.0, e.kind)).collect();
    use QueryErrorKind as K;
    assert_eq!(
        kinds,
        [
            (0, K::NothingRequired),
            (1, K::NothingRequired),
            (2, K::NothingRequired),
            (3, K::RelativeDate),
            (4, K::UnknownOutlet { name: "Radio".into(), near: None }),
            (5, K::LoneOperator { operator: "AND".into() }),
            (6, K::NothingRequired),
        ]
    );
    assert_eq!(matcher.len(), 1);
    assert_eq!(check_watch("il ponte", &names(), now()), Ok(vec![Notice::Dropped { word: "il".into() }]));
}

#[test]
fn a_watch_says_where_its_words_stand_and_how_often() {
    let article = article("Riapre il Ponte Vecchio", "La sindaca: il ponte è sicuro", "Cronaca", "Ugo Riva");
    let body = ForeignText::new("Il ponte, i ponti e la mobilità. Il ponte vecchio riapre lunedì, dice la sindaca.");
    let told = |query: &str| {
        let (matcher, _) = Matcher::new(&[(WatchId(3), query)], &names(), &Frequencies::default(), now());
        let matched = matcher.matches(&Analysed::new(&article, &body)).pop().expect("it holds");
        let tell = |p: &Pattern| format!("{} {:?} {}/{}/{}", p.words, p.kind, p.title, p.lead, p.body);
        matched.patterns.iter().map(tell).collect::<Vec<_>>().join(", ")
    };
    for (query, patterns) in [
        ("ponte", "Ponte Word 1/1/3"),
        ("\"ponte vecchio\" -romanzo", "Ponte Vecchio Phrase 1/0/1"),
        ("mobil* OR luna OR (ponte luna)", "mobilità Prefix 0/0/1"),
        ("sindaca NEAR/5 ponte", "sindaca: il ponte Near 0/1/0"),
        ("titolo:ponte sindaca", "Ponte Word 1/0/0, sindaca Word 0/1/1"),
        ("autore:riva ponte", "Riva Phrase 0/0/1, Ponte Word 1/1/3"),
        ("sezione:cronaca", ""),
        ("ponte \"ponte\"", "Ponte Word 1/1/3"),
    ] {
        assert_eq!(told(query), patterns, "{query}");
    }
}
