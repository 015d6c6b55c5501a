//! The window by its front door: a small press in which copies, stories and strangers are mixed, placed once through
//! and again after a restart at every article.

use salastampa_domain::time::{DAY, HOUR};
use salastampa_domain::{
    Article, ArticleId, Because, CopyGroupId, ForeignText, OutletId, Placement, ReleaseId, Seq, Signals, SourceId,
    StoryId, Timestamp, Via,
};
use salastampa_stories::cluster::Settings;
use salastampa_stories::{Released, Window, pickup};

/// A short history, so that articles leave the window in a small stream.
const SHORT: Settings = Settings { history: 12, ..Settings::DATED };

#[test]
fn the_same_text_is_a_copy_and_the_same_event_a_story() {
    let mut desk = Desk::new(Settings::DATED);
    let landslide = "Una frana è caduta questa notte sulla provinciale 14 tra Bellariva e Montefosco. Nessun ferito. \
        Massi e fango occupano le due corsie per quaranta metri. I tecnici della Provincia lavorano dall'alba e contano \
        di riaprire una corsia entro sera.";
    desk.read("agenzia", "Frana sulla provinciale 14", landslide);
    desk.read(
        "gazzetta",
        "Frana nella notte, strada chiusa",
        &format!("BELLARIVA - {landslide} Riproduzione riservata. Iscriviti alla newsletter."),
    );
    desk.read(
        "voce",
        "Massi sulla provinciale 14: strada chiusa dopo la frana",
        "La provinciale 14 resta chiusa. La frana caduta nella notte sopra Montefosco ha lasciato massi sulla strada; \
         la Provincia manda i rocciatori e deciderà domani.",
    );
    desk.read("voce", "Teatro, parte la stagione", "Otto spettacoli da dicembre ad aprile, apre la compagnia di casa.");
    desk.read("gazzetta", "Rassegna stampa: la frana sulla provinciale 14", "La frana, la provinciale 14, Montefosco.");
    let [first, copy, other, stranger, roundup] = desk.placements.as_slice() else { panic!("five articles") };
    assert_eq!((first.copy_of, first.story, first.likeness), (None, None, 0));
    assert_eq!((copy.copy_of, copy.story), (Some(CopyGroupId(1)), Some(StoryId(1))));
    assert_eq!((other.copy_of, other.story), (None, Some(StoryId(1))));
    assert_eq!((stranger.copy_of, stranger.story), (None, None));
    assert_eq!((roundup.copy_of, roundup.story), (None, None));
    let join = (Settings::DATED.join * 1_000.0) as i64;
    assert!(copy.likeness > 950 && (join..900).contains(&other.likeness), "{} {}", copy.likeness, other.likeness);
}

#[test]
fn a_text_that_was_reworked_names_where_it_comes_from() {
    let mut desk = Desk::new(Settings::DATED);
    let text = sentences(3, 12);
    desk.read("agenzia", "Lavori al ponte", &text.join(" "));
    let half = text.iter().take(6).cloned().chain(sentences(4, 5)).collect::<Vec<_>>().join(" ");
    desk.read("voce", "Si torna a passare", &half);
    let found = &desk.placements[1];
    assert_eq!((found.derived_from, found.copy_of, found.story), (Some(ArticleId(1)), None, Some(StoryId(1))));
}

#[test]
fn a_text_that_holds_two_others_joins_one_and_names_the_other() {
    let text = [sentences(3, 8), sentences(4, 8)].concat();
    let halves = [text[..8].join(" "), text[8..].join(" ")];
    let mut desk = Desk::new(Settings::DATED);
    desk.read("voce", "Lavori al ponte", &halves[0]);
    desk.read("gazzetta", "Si torna a passare", &halves[1]);
    desk.read("agenzia", "Riapre il ponte", &text.join(" "));
    let [_, second, whole] = desk.placements.as_slice() else { panic!("three articles") };
    // had the whole come first, all three were one: so a person is asked
    assert_eq!((second.because.map(Because::joins), second.story), (Some(false), None));
    assert_eq!((whole.because, whole.story, whole.perhaps), (Some(Because::Copy), Some(StoryId(1)), Some(StoryId(2))));
    assert_eq!(whole.beside.map(|b| (b.story, b.likeness > 900)), Some((StoryId(2), true)));
    let mut other = Desk::new(Settings::DATED);
    other.read("agenzia", "Riapre il ponte", &text.join(" "));
    other.read("voce", "Lavori al ponte", &halves[0]);
    other.read("gazzetta", "Si torna a passare", &halves[1]);
    assert!(other.placements[1..].iter().all(|p| p.story == Some(StoryId(1)) && p.beside.is_none()));
}

#[test]
fn each_article_says_why_it_stands_where_it_stands() {
    let landslide =
        "Massi e fango sulla provinciale 14 a Montefosco, strada chiusa. I tecnici della Provincia al lavoro.";
    let again = "La provinciale 14 a Montefosco è ancora chiusa per massi e fango, i tecnici della Provincia lavorano.";
    let elsewhere =
        "Massi e fango sulla provinciale 14 a Pianello, strada ancora chiusa. Al lavoro i tecnici della Provincia.";
    for (name, outlet, title, body, because) in [
        ("nothing in common", "voce", "Teatro", "Otto spettacoli da dicembre.", Because::Nothing),
        (
            "a list of many things",
            "voce",
            "Rassegna stampa: la frana",
            "La frana, la provinciale 14.",
            Because::Roundup,
        ),
        ("another report", "voce", "Frana sulla provinciale 14 a Montefosco", again, Because::Alike),
        (
            "the same outlet",
            "agenzia",
            "Montefosco, la provinciale 14 e i massi",
            "La strada chiusa verrà asfaltata a maggio.",
            Because::SameOutlet,
        ),
        (
            "a further take",
            "agenzia",
            "Frana sulla provinciale 14 a Montefosco (2)",
            "Vertice in prefettura.",
            Because::Take,
        ),
        ("other places", "voce", "Frana a Pianello, strada chiusa", elsewhere, Because::Elsewhere),
    ] {
        let mut desk = Desk::new(Settings::DATED);
        desk.read("agenzia", "Frana sulla provinciale 14 a Montefosco", landslide);
        desk.read(outlet, title, body);
        assert_eq!(desk.placements[1].because, Some(because), "{name}: {:?}", desk.placements[1]);
    }
}

#[test]
fn a_story_that_nobody_wrote_about_for_days_is_over() {
    for (days, story) in [(0, Some(StoryId(1))), (2, Some(StoryId(1))), (5, None)] {
        let mut desk = Desk::new(Settings::DATED);
        let title = "Frana sulla provinciale 14 a Montefosco";
        desk.read("agenzia", title, "Massi e fango sulla strada.");
        desk.now = desk.now.plus(days * DAY);
        desk.read("voce", title, "Strada ancora chiusa per i massi e il fango.");
        assert_eq!(desk.placements[1].story, story, "after {days} days");
    }
}

#[test]
fn a_second_take_of_an_agency_belongs_to_the_first() {
    let mut desk = Desk::new(Settings::DATED);
    desk.read("agenzia", "Frana sulla provinciale 14, strada chiusa", "Massi sulla carreggiata, nessun ferito.");
    desk.read("agenzia", "Frana sulla provinciale 14, strada chiusa (2)", "Il prefetto convoca il tavolo per domani.");
    desk.read("voce", "Teatro, parte la stagione", "Otto spettacoli da dicembre ad aprile.");
    desk.now = desk.now.plus(5 * HOUR);
    desk.read("agenzia", "Consiglio comunale, seduta in corso (2)", "Si vota il bilancio della città.");
    let stories: Vec<Option<StoryId>> = desk.placements.iter().map(|p| p.story).collect();
    assert_eq!(stories, [None, Some(StoryId(1)), None, None]);
}

#[test]
fn an_article_that_was_not_written_is_not_remembered() {
    let mut window = Window::new();
    let text = ForeignText::new(sentences(1, 8).join(" "));
    let row = |id| article(id, 1, "Ponte riaperto", Timestamp(0));
    window.place(&row(1), &text, false);
    // the transaction failed: number 1 comes again, and is no copy of itself
    assert_eq!(window.place(&row(1), &text, false).copy_of, None);
    window.placed(ArticleId(99), CopyGroupId(99), StoryId(9));
    assert!(window.is_empty());
    window.place(&row(1), &text, false);
    window.placed(ArticleId(1), CopyGroupId(1), StoryId(1));
    assert_eq!(window.place(&row(2), &text, false).copy_of, Some(CopyGroupId(1)));
}

#[test]
fn an_old_article_leaves_by_the_time_of_the_stream() {
    let mut desk = Desk::new(SHORT);
    for n in 0..40 {
        desk.read("voce", &format!("Titolo {n}"), &sentences(n, 6).join(" "));
        desk.now = desk.now.plus(DAY);
    }
    assert_eq!(desk.window.len(), 12);
    let mut busy = Desk::new(SHORT);
    for n in 0..40 {
        busy.read("voce", &format!("Titolo {n}"), &sentences(n, 6).join(" "));
    }
    assert_eq!(busy.window.len(), 40);
}

#[test]
fn the_same_stream_is_placed_alike_twice_and_after_a_restart_at_any_article() {
    for settings in [Settings::DATED, SHORT] {
        let mut whole = Desk::new(settings);
        press(&mut whole, 70);
        let copies = whole.placements.iter().filter(|p| p.copy_of.is_some()).count();
        let joined = whole.placements.iter().filter(|p| p.story.is_some() && p.copy_of.is_none()).count();
        assert!(copies >= 8 && joined >= 8, "a stream worth testing: {copies} copies, {joined} joined");
        for cut in (0..70).step_by(3) {
            let mut again = Desk::new(settings);
            // whatever was held, and a little that had left already
            let held = whole.held_after[cut];
            for (row, body) in &whole.rows[(cut + 1).saturating_sub(held + 2)..=cut] {
                again.window.remember(row, body, row.outlet == OutletId(1));
            }
            assert_eq!(again.window.len(), held, "held after article {cut}");
            again.stories = whole.rows[..=cut].iter().filter_map(|(r, _)| r.story).map(|s| s.0).max().unwrap_or(0);
            for (row, body) in &whole.rows[cut + 1..] {
                again.place(row.clone(), body.clone());
            }
            assert_eq!(again.placements, whole.placements[cut + 1..], "after a restart at article {cut}");
        }
    }
}

proptest::proptest! {
    #[test]
    fn no_text_from_outside_stops_the_window(
        titles in proptest::collection::vec("(?s).{0,80}", 1..4),
        bodies in proptest::collection::vec("(?s)(Leggi anche: |LAGO, 3 NOV - |«|»|\"|(ANSA)|[a-zà-ù]{1,9} |\n|.){0,120}", 4),
        times in proptest::collection::vec(proptest::num::i64::ANY, 4),
    ) {
        let mut window = Window::new();
        for (n, title) in titles.iter().enumerate() {
            let body = ForeignText::new(bodies[n].clone());
            let row = article(n as i64 + 1, 1, title, Timestamp(times[n]));
            let placement = window.place(&row, &body, false);
            window.placed(row.id, placement.copy_of.unwrap_or(CopyGroupId(row.id.0)), placement.story.unwrap_or(StoryId(row.id.0)));
            let released = Released { id: ReleaseId(1), title: title.clone(), text: bodies[3].clone() };
            let whole = ForeignText::new(format!("{} {}", bodies[n], bodies[3]));
            for range in pickup::compare(&pickup::prepare(&released), title, &whole).into_iter().flat_map(|f| f.ranges) {
                proptest::prop_assert!(whole.for_analysis().get(range).is_some());
            }
        }
    }
}

/// A desk that reads articles and draws numbers as the store would.
struct Desk {
    window: Window,
    rows: Vec<(Article, ForeignText)>,
    held_after: Vec<usize>,
    placements: Vec<Placement>,
    stories: i64,
    now: Timestamp,
}

impl Desk {
    fn new(settings: Settings) -> Self {
        Self {
            window: Window::with(settings),
            rows: Vec::new(),
            held_after: Vec::new(),
            placements: Vec::new(),
            stories: 0,
            now: Timestamp(1_795_000_000_000),
        }
    }

    fn read(&mut self, outlet: &str, title: &str, body: &str) {
        let outlet = ["agenzia", "gazzetta", "voce"].iter().position(|o| *o == outlet).map_or(9, |n| n as i64 + 1);
        let row = article(self.rows.len() as i64 + 1, outlet, title, self.now);
        self.now = self.now.plus(HOUR / 4);
        self.place(row, ForeignText::new(body));
    }

    fn place(&mut self, mut row: Article, body: ForeignText) {
        let placement = self.window.place(&row, &body, row.outlet == OutletId(1));
        let story = placement.story.unwrap_or_else(|| {
            self.stories += 1;
            StoryId(self.stories)
        });
        let group = placement.copy_of.unwrap_or(CopyGroupId(row.id.0));
        self.window.placed(row.id, group, story);
        (row.copy_group, row.story) = (Some(group), Some(story));
        self.rows.push((row, body));
        self.held_after.push(self.window.len());
        self.placements.push(placement);
    }
}

/// A stream of events told by several outlets, with copies, reworked texts and pauses.
fn press(desk: &mut Desk, articles: u64) {
    for n in 0..articles {
        let event = number(n, 1) % (2 + n / 6);
        let told = sentences(event, 10);
        let title = told[0].trim_end_matches('.').to_owned();
        let outlet = ["agenzia", "gazzetta", "voce"][(number(n, 2) % 3) as usize];
        match number(n, 3) % 4 {
            0 => desk.read(outlet, &title, &told.join(" ")),
            1 => desk.read(outlet, &format!("Oggi {title}"), &format!("BELLARIVA - {}", told[..7].join(" "))),
            2 => desk.read(outlet, &title, &[&told[..5], &sentences(n + 500, 5)[..]].concat().join(" ")),
            _ => desk.read(outlet, &told[1], &sentences(n + 900, 4).join(" ")),
        }
        if number(n, 4).is_multiple_of(5) {
            desk.now = desk.now.plus(2 * DAY);
        }
        if number(n, 5).is_multiple_of(7) {
            // feeds bring articles out of order
            desk.now = desk.now.plus(-6 * HOUR);
        }
    }
}

/// Sentences of an event, the same for the same number: made-up words, so that events share little.
fn sentences(event: u64, count: u64) -> Vec<String> {
    const PARTS: [&str; 16] =
        ["ba", "co", "di", "fu", "ga", "le", "mi", "no", "pe", "ra", "si", "to", "va", "zo", "chi", "tru"];
    let word = |seed: u64| (0..3).map(|i| PARTS[(number(seed, i) % 16) as usize]).collect::<String>();
    (0..count)
        .map(|s| {
            let words: Vec<String> = (0..11).map(|w| word(event * 40 + number(s * 16 + w, event) % 40)).collect();
            format!("Il {}.", words.join(" "))
        })
        .collect()
}

/// A number that looks drawn, the same each time (splitmix64).
fn number(seed: u64, step: u64) -> u64 {
    let mut z =
        seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(step.wrapping_mul(0xbf58_476d_1ce4_e5b9));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn article(id: i64, outlet: i64, title: &str, at: Timestamp) -> Article {
    Article {
        id: ArticleId(id),
        seq: Seq(id),
        revision: 1,
        outlet: OutletId(outlet),
        via: Via::Source { source: SourceId(outlet) },
        url: format!("http://voce.test/{id}"),
        key: format!("voce.test/{id}"),
        guid: None,
        title: title.to_owned(),
        lead: ForeignText::default(),
        authors: Vec::new(),
        rubric: None,
        language: None,
        signals: Signals::default(),
        backlog: false,
        published_at: None,
        first_seen: at,
        kept_at: at,
        grouped_at: None,
        copy_group: None,
        story: None,
    }
}
