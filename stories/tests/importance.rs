//! How much a story weighs, who is in it, and what decisions teach.

use salastampa_domain::importance::total;
use salastampa_domain::{
    ForeignText, Grade, Mention, Part, Pattern, PatternKind, Person, PersonId, Point, Spot, Timestamp, WatchId, Weights,
};
use salastampa_stories::feedback::{Decision, FEW, Voice, lean, learn, traits};
use salastampa_stories::importance::{Facts, Setting, Spoken, Told, is_diverse, mark_town, relevance_alone, weigh};
use salastampa_stories::people::{Register, governs};

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("a time")
}

fn setting() -> Setting {
    Setting { at: at("2026-11-24 07:00"), usual: 4, weights: Weights::default() }
}

fn pattern(words: &str, kind: PatternKind, title: u32, lead: u32, body: u32) -> Pattern {
    Pattern { words: words.into(), kind, title, lead, body, weight: None, strong: false }
}

fn grade(patterns: Vec<Pattern>) -> Grade {
    Grade { patterns, people: Vec::new() }
}

fn spoken(weight: u8, grade: &Grade) -> Spoken<'_> {
    Spoken { weight, grades: vec![grade], why: Vec::new(), taught: None }
}

fn told(outlet: i64, tier: u8, copy: bool, dated: &str) -> Told<'static> {
    Told { outlet, name: "Il Lago", tier, copy, front: None, dated: at(dated) }
}

fn of(points: &[Point], part: Part) -> i64 {
    points.iter().find(|p| p.part == part).map_or(0, |p| p.points)
}

#[test]
fn the_words_of_a_watch_weigh_by_where_and_how_they_stand() {
    use PatternKind::{Near, Phrase, Prefix, Town, Word};
    for (patterns, weight, points, why) in [
        (vec![pattern("asilo nido", Phrase, 1, 0, 0), pattern("retta", Word, 0, 0, 1)], 5, 15, "title and body"),
        (vec![pattern("asilo nido", Phrase, 1, 0, 0)], 5, 12, "a phrase is strong alone"),
        (vec![pattern("ponte", Word, 0, 0, 1)], 5, 2, "one loose word is little"),
        (vec![pattern("ponte", Word, 1, 0, 0)], 5, 9, "in the title it is strong"),
        (vec![pattern("ponte", Word, 0, 0, 1), pattern("viadotto", Word, 0, 0, 1)], 5, 6, "two different words"),
        (vec![pattern("mobil", Prefix, 0, 1, 0), pattern("bici", Word, 0, 0, 1)], 5, 6, "a beginning is half"),
        (vec![pattern("sindaca sul ponte", Near, 0, 1, 0)], 5, 6, "near each other is strong"),
        (vec![pattern("ponte", Word, 1, 0, 40), pattern("molo", Word, 0, 0, 1)], 5, 18, "three places are enough"),
        (vec![pattern("asilo nido", Phrase, 1, 0, 0)], 10, 24, "a watch of twice the weight"),
        (
            vec![pattern("asilo nido", Phrase, 9, 0, 0), pattern("nido", Phrase, 9, 0, 0)],
            10,
            40,
            "never more than forty",
        ),
        (vec![pattern("Bellariva", Town, 3, 2, 9)], 5, 2, "the town alone is little, in the title too"),
        (vec![pattern("ponte", Word, 0, 0, 1), pattern("Bellariva", Town, 1, 0, 0)], 5, 3, "beside a loose word too"),
        (vec![], 5, 4, "clipped for its outlet alone"),
    ] {
        let grade = grade(patterns);
        let facts = Facts { watches: vec![spoken(weight, &grade)], ..Facts::default() };
        // a word in the title keeps its three, and two more of the body
        assert_eq!(of(&weigh(&facts, &setting()), Part::Relevance), points, "{why}");
    }
}

#[test]
fn terms_bring_and_take_away_what_they_say_and_are_told_with_it() {
    let term = |words: &str, weight, title, body| Pattern {
        weight: Some(weight),
        ..pattern(words, PatternKind::Phrase, title, 0, body)
    };
    let nido = || term("asilo nido", 6, 1, 0);
    for (patterns, minimum, points, why) in [
        (vec![nido()], 5, 18, "asilo nido +18"),
        (vec![nido(), term("calcio", -10, 0, 1)], 5, 8, "asilo nido +18, calcio −10"),
        (vec![term("calcio", -10, 1, 0), nido()], 5, 0, ""),
        (vec![term("ponte", 1, 0, 1)], 5, 1, "ponte +1"),
        (vec![nido(), pattern("retta", PatternKind::Word, 0, 0, 1)], 5, 21, "asilo nido +18, retta +3"),
    ] {
        let grade = grade(patterns);
        let facts = Facts { watches: vec![spoken(minimum, &grade)], ..Facts::default() };
        let told = weigh(&facts, &setting());
        let told = told.iter().find(|p| p.part == Part::Relevance);
        assert_eq!(told.map_or((0, ""), |p| (p.points, p.what.as_str())), (points, why));
        assert_eq!(relevance_alone(&grade, &[], 5), points);
    }
}

#[test]
fn two_different_words_or_a_strong_one_are_diverse() {
    use PatternKind::{Town, Word};
    let strong = Pattern { strong: true, weight: Some(2), ..pattern("ponte", Word, 0, 0, 1) };
    let against = Pattern { weight: Some(-2), ..pattern("calcio", Word, 0, 0, 1) };
    let ponte = || pattern("ponte", Word, 3, 0, 9);
    for (patterns, diverse) in [
        (vec![ponte()], false),
        (vec![ponte(), pattern("Ponte", Word, 0, 0, 1)], false),
        (vec![ponte(), pattern("Bellariva", Town, 1, 0, 0)], false),
        (vec![ponte(), against], false),
        (vec![ponte(), pattern("molo", Word, 0, 0, 1)], true),
        (vec![strong], true),
    ] {
        assert_eq!(is_diverse(&grade(patterns.clone())), diverse, "{patterns:?}");
    }
}

#[test]
fn the_name_of_the_town_is_told_from_other_words() {
    for (words, town) in [
        ("Bellariva", true),
        ("BELLARIVA sul lago", true),
        ("Lago", false),
        ("sindaca di Bellariva", false),
        ("Bellariva sul Lago Maresio", false),
        ("", false),
    ] {
        let mut found = [pattern(words, PatternKind::Word, 1, 0, 0)];
        mark_town(&mut found, "Bellariva sul Lago");
        assert_eq!(found[0].kind == PatternKind::Town, town, "{words}");
    }
}

#[test]
fn every_part_is_told_and_the_sum_is_what_sorts() {
    let mention = |spot| Mention { person: PersonId(1), name: "assessora Ferri".into(), spot };
    let patterns = vec![pattern("asilo nido", PatternKind::Phrase, 1, 0, 0)];
    let grade = Grade { patterns, people: vec![mention(Spot::Body), mention(Spot::Title)] };
    let mut facts = Facts {
        watches: vec![Spoken { taught: Some((420, 71)), ..spoken(5, &grade) }],
        articles: vec![
            told(1, 2, false, "2026-11-24 06:00"),
            told(2, 3, false, "2026-11-24 05:30"),
            told(3, 3, false, "2026-11-23 19:00"),
            told(4, 3, false, "2026-11-23 19:00"),
            told(5, 1, true, "2026-11-23 18:00"),
        ],
        release: true,
        repeated: false,
    };
    let points = weigh(&facts, &setting());
    let parts: Vec<(Part, i64)> = points.iter().map(|p| (p.part, p.points)).collect();
    assert_eq!(
        parts,
        [
            (Part::Outlets, 17),
            (Part::Role, 15),
            (Part::Relevance, 12),
            (Part::Tier, 10),
            (Part::Velocity, 10),
            (Part::Freshness, 9),
            (Part::Release, 5),
            (Part::Feedback, 4),
        ]
    );
    assert_eq!(total(&points), 82);
    let role = points.iter().find(|p| p.part == Part::Role).expect("told");
    assert_eq!((role.what.as_str(), role.spot), ("assessora Ferri", Some(Spot::Title)));
    facts.repeated = true;
    assert_eq!(total(&weigh(&facts, &setting())), 67);
    let none = Weights { relevance: 0, outlets: 0, role_title: 0, ..Weights::default() };
    let points = weigh(&facts, &Setting { weights: none, ..setting() });
    assert!(points.iter().all(|p| p.points != 0 && !matches!(p.part, Part::Relevance | Part::Outlets | Part::Role)));
}

#[test]
fn the_highest_place_on_a_front_page_counts_down_to_the_tenth() {
    let placed = |outlet, front| Told { front, ..told(outlet, 3, false, "2026-11-20 07:00") };
    let front = |articles: &[Told]| {
        let facts = Facts { articles: articles.to_vec(), ..Facts::default() };
        let point = weigh(&facts, &setting()).into_iter().find(|p| p.part == Part::Front);
        point.map(|p| (p.points, p.n))
    };
    for (place, expected) in [(1, Some((5, 1))), (4, Some((4, 4))), (10, Some((1, 10))), (11, None), (i64::MAX, None)] {
        assert_eq!(front(&[placed(1, Some(place))]), expected, "{place}");
    }
    assert_eq!(front(&[placed(1, None)]), None);
    assert_eq!(
        front(&[placed(1, Some(7)), placed(2, None), placed(3, Some(2))]),
        Some((5, 2)),
        "the best of all outlets"
    );
}

#[test]
fn copies_count_a_third_of_an_outlet_and_an_old_story_is_not_fresh() {
    let articles = |copy| (1..=4).map(|n| told(n, 5, n > 1 && copy, "2026-11-20 07:00")).collect();
    let outlets = |copy| of(&weigh(&Facts { articles: articles(copy), ..Facts::default() }, &setting()), Part::Outlets);
    assert_eq!((outlets(false), outlets(true)), (16, 7));
    let facts = Facts { articles: articles(false), ..Facts::default() };
    assert_eq!(of(&weigh(&facts, &setting()), Part::Freshness), 0);
    // one article is no uproar, and where forty are usual four are none either
    assert_eq!(of(&weigh(&facts, &setting()), Part::Velocity), 0);
    let quick: Vec<Told> = (1..=4).map(|n| told(n, 5, false, "2026-11-24 06:30")).collect();
    let facts = Facts { articles: quick, ..Facts::default() };
    let usual = |usual| of(&weigh(&facts, &Setting { usual, ..setting() }), Part::Velocity);
    assert_eq!((usual(0), usual(40), usual(400)), (10, 4, 0));
}

#[test]
fn strange_numbers_do_no_harm() {
    let grade = grade(vec![pattern("", PatternKind::Phrase, u32::MAX, u32::MAX, u32::MAX)]);
    let articles = vec![told(1, 0, false, "2030-01-01 00:00"), told(2, 255, true, "1970-01-02 00:00")];
    let facts = Facts { watches: vec![spoken(255, &grade)], articles, release: true, repeated: true };
    for weights in [
        Weights { freshness_hours: 0, ..Weights::default() },
        Weights { relevance: -5, tier: -9, ..Weights::default() },
    ] {
        let points = weigh(&facts, &Setting { weights, usual: i64::MIN, ..setting() });
        assert!(points.iter().all(|p| p.points.abs() <= 100), "{points:?}");
    }
    assert!(weigh(&Facts::default(), &setting()).is_empty());
}

fn person(id: i64, name: &str, office: &str, aliases: &[&str], until: Option<&str>) -> Person {
    Person {
        id: PersonId(id),
        slug: format!("p{id}"),
        name: name.into(),
        aliases: aliases.iter().map(|a| (*a).to_owned()).collect(),
        office: office.into(),
        from: None,
        until: until.map(|day| day.parse().expect("a day")),
    }
}

fn register() -> Register {
    let people = [
        person(1, "Ada Corti", "Sindaca", &["la sindaca di Bellariva"], None),
        person(2, "Ugo Fontana", "Assessore ai lavori pubblici", &["Ughetto"], None),
        person(3, "Rita Ferri", "Vicesindaca", &["la vicesindaca"], None),
        person(4, "Elio Brandi", "Assessore al bilancio", &[], Some("2025-06-01")),
        person(5, "Nino Sala", "Comandante della polizia locale", &[], None),
    ];
    Register::new(&people, "Bellariva sul Lago")
}

#[test]
fn who_governs_is_found_by_name_and_a_bare_surname_only_near_the_town() {
    let found = |title: &str, lead: &str, body: &str| {
        let found = register().find(title, &ForeignText::new(lead), &ForeignText::new(body), at("2026-11-24 07:00"));
        found.iter().map(|m| format!("{} {:?}", m.name, m.spot)).collect::<Vec<_>>().join(", ")
    };
    for (title, lead, body, expected) in [
        ("Ada Corti inaugura il molo", "", "", "sindaca Corti Title"),
        ("Il molo riapre", "La sindaca ADA CORTI taglia il nastro", "", "sindaca Corti Lead"),
        ("Corti: «Il molo riapre»", "Il Comune conferma i tempi", "", "sindaca Corti Title"),
        ("Corti segna due reti", "Il derby finisce in parità", "", ""),
        ("Mario Corti segna per il Bellariva", "", "", ""),
        ("La sindaca Corti a Bellariva", "", "", "sindaca Corti Title"),
        ("La fontana di piazza è rotta", "Il Comune la ripara", "", ""),
        ("La piazza cambia", "", "Fontana, assessore: «Lavori finiti a maggio».", "assessore Fontana Body"),
        ("La piazza cambia", "", "Alla cena del Comune c'era anche Ugo Fontana con molti altri.", ""),
        ("La vicesindaca apre la mostra", "Festa a Bellariva", "", "vicesindaca Ferri Title"),
        ("La vicesindaca apre la mostra", "Festa a Montelago", "", ""),
        ("Ughetto sul lago", "", "", ""),
        ("Elio Brandi e il bilancio", "", "", ""),
        ("Nino Sala e i vigili", "", "", ""),
        ("", "", "", ""),
    ] {
        assert_eq!(found(title, lead, body), expected, "{title} / {lead} / {body}");
    }
    // thirty words away is another matter
    let far = format!("Corti {} Comune", "parola ".repeat(40));
    assert_eq!(found(&far, "", ""), "");
    let then = register().find(
        "Elio Brandi e il bilancio",
        &ForeignText::new(""),
        &ForeignText::new(""),
        at("2025-05-01 07:00"),
    );
    assert_eq!(then.len(), 1, "he held the office then");
}

#[test]
fn an_office_governs_by_its_first_word() {
    for (office, expected) in [
        ("Sindaca", true),
        ("Vice sindaco", true),
        ("Assessora alla cultura", true),
        ("Presidente della Provincia", true),
        ("Presidente della Pro Loco", false),
        ("Capo di gabinetto del sindaco", false),
        ("", false),
    ] {
        assert_eq!(governs(office), expected, "{office}");
    }
}

fn decisions(few: usize) -> Vec<Decision> {
    let of = |n: usize, kept: bool| {
        let title =
            if kept { format!("Cantiere del molo, lotto {n}") } else { format!("La partita di domenica numero {n}") };
        let pattern = pattern("bellariva", PatternKind::Word, 1, 0, 0);
        Decision {
            at: at("2026-10-01 07:00").plus(n as i64),
            story: n as i64,
            kept,
            voice: Voice::Office,
            traits: traits(&title, &[pattern], 1),
        }
    };
    (0..2 * few).map(|n| of(n, n % 2 == 0)).collect()
}

#[test]
fn with_thirty_kept_and_thirty_dropped_a_watch_leans_and_offers_its_words() {
    assert_eq!(learn(WatchId(3), &mut decisions(FEW - 1)), None);
    let mut all = decisions(FEW);
    let model = learn(WatchId(3), &mut all).expect("enough decisions");
    assert_eq!((model.kept, model.dropped), (30, 30));
    all.reverse();
    assert_eq!(learn(WatchId(3), &mut all).as_ref(), Some(&model), "whatever the order of the rows");
    let lean = |title: &str| lean(&model, &traits(title, &[], 1));
    assert!(lean("Il cantiere del molo riparte") > 500, "{}", lean("Il cantiere del molo riparte"));
    assert!(lean("Partita rinviata a domenica") < -500);
    assert!(lean("Un concerto in teatro").abs() < 400, "what was never seen leans little");
    let words: Vec<&str> = model.words.iter().map(|(word, _)| word.as_str()).collect();
    for word in ["cantiere", "molo", "partita"] {
        assert!(words.contains(&word), "{words:?}");
    }
    let weight = |word: &str| model.words.iter().find(|(w, _)| w == word).map_or(0, |(_, weight)| *weight);
    assert!(weight("molo") > 0 && weight("partita") < 0);
}

#[test]
fn a_reader_s_not_for_me_leans_less_than_an_officer_s_drop_and_brings_no_model_about() {
    let said = |n: i64, voice| Decision {
        at: at("2026-10-02 07:00").plus(n),
        story: 1_000 + n,
        kept: false,
        voice,
        traits: traits(&format!("Concerto numero {n} in teatro"), &[], 2),
    };
    let with = |voices: &[Voice]| {
        let mut all = decisions(FEW);
        all.extend((0..).zip(voices).map(|(n, voice)| said(n, *voice)));
        let model = learn(WatchId(3), &mut all).expect("enough decisions");
        (lean(&model, &traits("Un concerto in teatro", &[], 2)), model)
    };
    let (nobody, _) = with(&[]);
    let (readers, model) = with(&[Voice::Reader; 6]);
    let (officers, _) = with(&[Voice::Office; 6]);
    assert!(officers < readers && readers < nobody, "{officers} {readers} {nobody}");
    assert_eq!((model.kept, model.dropped, model.declined), (30, 30, 6));
    let mut few = decisions(FEW - 1);
    few.extend((0..40).map(|n| said(n, Voice::Reader)));
    assert_eq!(learn(WatchId(3), &mut few), None, "readers alone teach nothing");
}

#[test]
fn what_was_taught_stays_within_its_clamp() {
    let grade = Grade::default();
    for (leaning, points) in [(1000, 10), (-1000, -10), (0, 0), (9_999, 10)] {
        let facts =
            Facts { watches: vec![Spoken { taught: Some((leaning, 60)), ..spoken(5, &grade) }], ..Facts::default() };
        assert_eq!(of(&weigh(&facts, &setting()), Part::Feedback), points);
    }
}
