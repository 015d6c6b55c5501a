//! The world holds what the README promises of it, and serves nothing before its time.

use super::load::{STORIES, StoryFile};
use super::*;
use crate::demo::{BEGIN, END};
use salastampa_crawler::extract::extract;
use salastampa_crawler::feed::{self, FeedContext, Item};
use salastampa_crawler::registry::Registry;
use salastampa_crawler::{robots, section, sitemap, tdm};
use salastampa_domain::time::{HOUR, rome};
use salastampa_domain::{Article, ArticleId, ForeignText, OutletId, Seq, Signals, SourceId, SourceKind, Via, WatchId};
use salastampa_index::{Analysed, Frequencies, Matcher, Names};
use std::collections::{BTreeMap, BTreeSet};

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("an instant")
}

fn world() -> World {
    World::load().expect("the world is in the program")
}

fn get(world: &World, url: &str, present: Timestamp) -> (u16, String, Vec<u8>) {
    let (host, path) = url.strip_prefix("http://").and_then(|u| u.split_once('/')).expect("an address");
    let path = format!("/{path}");
    match world.answer(&Question { host, path: &path, ..Question::default() }, present) {
        Answer::Says { status, headers, body } => {
            let kind = headers.into_iter().find(|(n, _)| *n == "Content-Type").map(|(_, v)| v).unwrap_or_default();
            (status, kind, body)
        }
        Answer::Closed => (0, String::new(), Vec::new()),
    }
}

fn declared() -> Registry {
    salastampa_crawler::registry::parse(include_str!("../../../demo/feeds.toml"), "demo/feeds.toml")
        .expect("the demo's sources are in order")
}

/// What the crawler reads at a source.
fn items(world: &World, source: &salastampa_domain::Source, present: Timestamp) -> Vec<Item> {
    let (status, kind, body) = get(world, &source.url, present);
    assert_eq!(status, 200, "{}", source.slug);
    match &source.kind {
        SourceKind::Sitemap => sitemap::parse(&body, &source.url, present).expect("a sitemap").0.items,
        SourceKind::Page { selectors } => {
            section::parse(&body, Some(&kind), &source.url, selectors, present).expect("a page").0
        }
        _ => {
            let context = FeedContext { base: &source.url, content_type: Some(&kind), zone: rome(), now: present };
            feed::parse(&body, &context).unwrap_or_else(|why| panic!("{}: {why}", source.slug)).0.items
        }
    }
}

#[test]
fn the_day_is_as_large_as_a_real_one() {
    let world = world();
    let all: Vec<&Piece> = world.outlets().iter().flat_map(|o| &o.pieces).collect();
    assert!(world.outlets().len() >= 12, "{} outlets", world.outlets().len());
    assert!(all.len() >= 150, "{} articles", all.len());
    let (begin, end) = (at(BEGIN), at(END));
    let before = all.iter().filter(|p| p.at < begin).count();
    assert!(before >= 15, "{before} before the beginning");
    for piece in all {
        assert!(at("2026-11-22 16:00") < piece.at && piece.at < end, "{}", piece.texts[0].title);
        assert!(piece.texts.windows(2).all(|t| t[0].since < t[1].since), "{}", piece.texts[0].title);
    }
}

#[test]
fn every_outlet_is_declared_and_served_at_the_same_address() {
    let (world, declared) = (world(), declared());
    assert_eq!(world.outlets().len(), declared.outlets.len());
    for source in &declared.sources {
        let outlet = world.outlets().iter().find(|o| o.id == source.outlet).expect("each source has a server");
        assert_eq!(source.source.url, format!("http://{}{}", outlet.host, outlet.path));
        assert!(!outlet.pieces.is_empty(), "{} publishes nothing", outlet.id);
    }
}

#[test]
fn no_outlet_says_the_same_headline_or_address_twice() {
    for outlet in world().outlets() {
        let titles: BTreeSet<&str> = outlet.pieces.iter().map(|p| p.texts[0].title.as_str()).collect();
        assert_eq!(titles.len(), outlet.pieces.len(), "{}", outlet.id);
        let paths: BTreeSet<String> = outlet.pieces.iter().map(|p| outlet.path_of(p)).collect();
        assert_eq!(paths.len(), outlet.pieces.len(), "{}", outlet.id);
    }
}

#[test]
fn each_front_is_read_by_the_crawler_with_its_newest_articles() {
    let world = world();
    for source in declared().sources {
        let outlet = world.outlets().iter().find(|o| o.id == source.outlet).expect("it has a server");
        let present = at("2026-11-23 11:30");
        let expected: Vec<String> = outlet.out(present).take(25).map(|p| outlet.url_of(p)).collect();
        let found = items(&world, &source.source, present);
        let urls: Vec<String> = found.iter().map(|i| i.url.clone()).collect();
        assert_eq!(urls, expected, "{}", outlet.id);
        for (item, piece) in found.iter().zip(outlet.out(present)) {
            assert_eq!(item.title, piece.text(present).title, "{}", outlet.id);
            assert_eq!(item.published_at, Some(piece.at), "{}", item.title);
        }
    }
}

#[test]
fn a_front_is_what_it_claims_to_be() {
    let (world, present) = (world(), at("2026-11-24 06:30"));
    let text = |id: &str| {
        let outlet = world.outlets().iter().find(|o| o.id == id).expect("an outlet");
        let (_, kind, body) = get(&world, &format!("http://{}{}", outlet.host, outlet.path), present);
        (kind, body)
    };
    let (_, latin) = text("corriere-maresio");
    assert!(latin.starts_with(b"<?xml version=\"1.0\" encoding=\"windows-1252\"?>"));
    assert!(std::str::from_utf8(&latin).is_err(), "it would be UTF-8 too");
    let (_, broken) = text("il-lago-online");
    let broken = String::from_utf8(broken).expect("UTF-8");
    assert!(broken.contains(" & ") && broken.contains("&egrave;") && broken.contains("<b>"), "{broken}");
    assert!(text("nord-notizie").0.starts_with("application/atom+xml"));
    assert!(serde_json::from_slice::<serde_json::Value>(&text("la-riva").1).is_ok());
    assert!(text("val-sorda-news").0.starts_with("text/html"));
}

#[test]
fn nothing_is_served_before_its_time() {
    let world = world();
    for outlet in world.outlets().iter().filter(|o| o.id != "cronache-del-nord") {
        for piece in &outlet.pieces {
            let url = outlet.url_of(piece);
            assert_eq!(get(&world, &url, piece.at.plus(-1)).0, 404, "{url}");
            assert_eq!(get(&world, &url, piece.at).0, 200, "{url}");
        }
    }
}

#[test]
fn a_page_gives_its_text_without_what_stands_around_it() {
    let (world, present) = (world(), at("2026-11-24 07:00"));
    let mut missing = Vec::new();
    for outlet in world.outlets().iter().filter(|o| o.id != "cronache-del-nord") {
        for piece in &outlet.pieces {
            let url = outlet.url_of(piece);
            let (_, kind, body) = get(&world, &url, present);
            let article = extract(&body, Some(&kind), &url, present);
            let found = article.body.for_analysis();
            let text = &piece.text(present).paragraphs;
            let kept = text.iter().filter(|p| found.contains(p.as_str())).count();
            if kept * 10 < text.len() * 7 || found.contains("cookie tecnici") {
                missing.push(format!("{url}: {kept} of {}", text.len()));
            }
        }
    }
    let all: usize = world.outlets().iter().map(|o| o.pieces.len()).sum();
    assert!(missing.len() * 20 <= all, "{} of {all}:\n{}", missing.len(), missing.join("\n"));
}

#[test]
fn an_answer_that_is_known_is_not_sent_again() {
    let world = world();
    let (host, path) = ("www.agenziamaresio.test", "/feed.xml");
    let ask = |etag, since, present| world.answer(&Question { host, path, etag, since }, present);
    let Answer::Says { headers, .. } = ask(None, None, at("2026-11-23 05:30")) else { panic!("it answers") };
    let header = |name| headers.iter().find(|(n, _)| *n == name).map(|(_, v)| v.as_str());
    let status = |answer| if let Answer::Says { status, .. } = answer { status } else { 0 };
    let (etag, changed) = (header("ETag"), header("Last-Modified"));
    assert_eq!(status(ask(etag, None, at("2026-11-23 05:31"))), 304);
    assert_eq!(status(ask(None, changed, at("2026-11-23 05:31"))), 304);
    assert_eq!(status(ask(etag, changed, at("2026-11-23 08:00"))), 200);
}

#[test]
fn the_sites_say_what_they_permit() {
    let world = world();
    let present = at("2026-11-23 08:00");
    let rules = |host: &str| {
        let (status, _, body) = get(&world, &format!("http://{host}/robots.txt"), present);
        robots::Robots::read(status, &String::from_utf8_lossy(&body))
    };
    assert!(!rules("www.costanuova.test").allows("http://www.costanuova.test/articoli/x-1.html"));
    let of_radio = rules("www.radioondalago.test").verdict("http://www.radioondalago.test/notizie/x-1.html");
    assert_eq!(of_radio, robots::Verdict::Unreadable, "HTML in its place");
    assert!(rules("www.lariva.test").allows("http://www.lariva.test/leggi/x-1.html"));
    let (status, _, body) = get(&world, "http://www.gazzettadellevalli.test/.well-known/tdmrep.json", present);
    let reserved = tdm::Tdm::read(status, &String::from_utf8_lossy(&body));
    assert_eq!(reserved.says("http://www.gazzettadellevalli.test/notizie/x-1.html"), Some(true));
    assert_eq!(get(&world, "http://www.lariva.test/.well-known/tdmrep.json", present).0, 404);
}

#[test]
fn wire_copy_travels_and_releases_are_taken_up() {
    let world = world();
    let mut runs: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut from_releases: BTreeMap<&str, usize> = BTreeMap::new();
    for outlet in world.outlets() {
        for piece in &outlet.pieces {
            // the second paragraph has no dateline
            if let Some(paragraph) = piece.texts[0].paragraphs.get(1) {
                runs.entry(paragraph).or_default().insert(&outlet.id);
            }
            if let Some(name) = &piece.from_release {
                *from_releases.entry(name).or_default() += 1;
            }
        }
    }
    let wires = runs.values().filter(|o| o.len() >= 3 && (o.contains("agenzia-maresio") || o.contains("nord-notizie")));
    assert!(wires.count() >= 8);
    assert!(from_releases["lungolago.md"] >= 3 && from_releases["asili.md"] >= 2, "{from_releases:?}");
}

#[test]
fn no_release_is_taken_up_before_it_is_public() {
    let public = [
        ("lungolago.md", "09:30"),
        ("asili.md", "11:00"),
        ("mercatini.md", "14:00"),
        ("mercatini-rettifica.md", "16:30"),
    ];
    for outlet in world().outlets() {
        for piece in outlet.pieces.iter().filter(|p| p.from_release.is_some()) {
            let (_, hour) = public.iter().find(|(n, _)| Some(*n) == piece.from_release.as_deref()).expect("a release");
            assert!(piece.at > at(&format!("2026-11-23 {hour}")), "{}", piece.texts[0].title);
        }
    }
}

/// The watches of the demo's office, as (slug, query).
fn watches() -> Vec<(String, String)> {
    let office: toml::Table = toml::from_str(include_str!("../../../demo/office.toml")).expect("the office is TOML");
    let text = |watch: &toml::Value, key: &str| watch[key].as_str().expect("a text").to_owned();
    office["watch"].as_array().expect("watches").iter().map(|w| (text(w, "slug"), text(w, "query"))).collect()
}

/// A piece as the archive has it.
fn analysed(outlet: &Outlet, piece: &Piece, text: &Text) -> Analysed {
    let article = Article {
        id: ArticleId(1),
        seq: Seq(1),
        revision: 1,
        outlet: OutletId(1),
        via: Via::Source { source: SourceId(1) },
        url: outlet.url_of(piece),
        key: outlet.url_of(piece),
        guid: None,
        title: text.title.clone(),
        lead: ForeignText::new(text.lead.as_str()),
        authors: piece.author.iter().cloned().collect(),
        rubric: Some(piece.rubric.clone()),
        language: Some("it".into()),
        signals: Signals::default(),
        backlog: false,
        published_at: Some(piece.at),
        first_seen: piece.at,
        kept_at: piece.at,
        grouped_at: None,
        copy_group: None,
        story: None,
    };
    Analysed::new(&article, &ForeignText::new(text.paragraphs.join("\n")))
}

/// The headlines that each watch clips in the whole day.
fn clipped(world: &World) -> BTreeMap<String, Vec<String>> {
    let watches = watches();
    let queries: Vec<(WatchId, &str)> = (0..).map(WatchId).zip(watches.iter().map(|(_, q)| q.as_str())).collect();
    let (matcher, wrong) = Matcher::new(&queries, &Names::default(), &Frequencies::default(), at(END));
    assert!(wrong.is_empty(), "{wrong:?}");
    let mut clipped: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for outlet in world.outlets() {
        for piece in &outlet.pieces {
            let text = piece.text(at(END));
            let article = analysed(outlet, piece, text);
            for found in matcher.matches(&article) {
                let slug = &watches[usize::try_from(found.watch.0).expect("small")].0;
                clipped.entry(slug.clone()).or_default().push(format!("{}: {}", outlet.id, text.title));
            }
        }
    }
    clipped
}

#[test]
fn each_watch_finds_its_articles() {
    let clipped = clipped(&world());
    for (slug, _) in watches() {
        let found = clipped.get(&slug).map_or(0, Vec::len);
        assert!((5..=60).contains(&found), "{slug} finds {found}:\n{:#?}", clipped.get(&slug));
    }
}

#[test]
fn no_watch_clips_a_namesake_or_what_is_of_no_concern() {
    let mut foreign = BTreeSet::new();
    for (name, text) in STORIES.iter().filter(|(name, _)| matches!(*name, "omonimie.toml" | "rumore.toml")) {
        let file: StoryFile = toml::from_str(text).unwrap_or_else(|why| panic!("{name}: {why}"));
        foreign.extend(file.story.into_iter().flat_map(|s| s.piece).map(|p| format!("{}: {}", p.outlet, p.title)));
    }
    assert!(foreign.len() > 30);
    for (slug, titles) in clipped(&world()) {
        let wrong: Vec<&String> = titles.iter().filter(|t| foreign.contains(*t)).collect();
        assert!(wrong.is_empty(), "{slug}: {wrong:#?}");
    }
}

#[test]
fn the_urgent_watch_is_silent_until_the_evening() {
    let world = world();
    let flash: BTreeSet<String> = clipped(&world)["emergenze"].iter().cloned().collect();
    let mut first = at(END);
    for outlet in world.outlets() {
        for piece in &outlet.pieces {
            if flash.contains(&format!("{}: {}", outlet.id, piece.text(at(END)).title)) {
                first = first.min(piece.at);
            }
        }
    }
    assert_eq!(first, at("2026-11-23 22:31"));
    assert!(at(END).since(first) > HOUR);
}
#[test]
fn a_corrected_article_keeps_its_address_and_changes_its_words() {
    let world = world();
    let corrected: Vec<(&Outlet, &Piece)> = world
        .outlets()
        .iter()
        .flat_map(|o| o.pieces.iter().map(move |p| (o, p)))
        .filter(|(_, p)| p.texts.len() > 1)
        .collect();
    assert!(!corrected.is_empty());
    for (outlet, piece) in corrected {
        let page = |present| String::from_utf8_lossy(&get(&world, &outlet.url_of(piece), present).2).into_owned();
        let (before, after) = (page(piece.texts[1].since.plus(-1)), page(piece.texts[1].since));
        assert!(before.contains(&piece.texts[0].paragraphs[0]) && !before.contains(&piece.texts[1].paragraphs[0]));
        assert!(after.contains(&piece.texts[1].paragraphs[0]) && !after.contains(&piece.texts[0].paragraphs[0]));
    }
}

#[test]
fn nobody_bears_the_name_of_another() {
    let office: toml::Table = toml::from_str(include_str!("../../../demo/office.toml")).expect("the office is TOML");
    let contacts = include_str!("../../../demo/journalists.csv");
    let lines: Vec<Vec<&str>> = contacts.lines().skip(1).map(|line| line.split(';').collect()).collect();
    assert_eq!(lines.len(), 40);
    let mut seen = BTreeSet::new();
    for list in ["user", "person"] {
        for entry in office[list].as_array().expect("a list") {
            let name = entry["name"].as_str().expect("a name");
            assert!(seen.insert(name.to_owned()), "{name}");
        }
    }
    // a desk is no person: `Cronaca`, `Redazione`
    for name in lines.iter().map(|l| l[0]).filter(|name| name.contains(' ')) {
        assert!(seen.insert(name.to_owned()), "{name}");
    }
    for outlet in world().outlets() {
        for author in outlet.pieces.iter().filter_map(|p| p.author.as_deref()) {
            assert!(lines.iter().any(|l| l[0] == author && l[1] == outlet.name), "{author} does not write there");
        }
    }
}

#[test]
fn no_file_of_stories_is_left_out_of_the_program() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/demo/stories");
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .expect("the folder is in the repository")
        .map(|entry| entry.expect("it can be listed").file_name().to_string_lossy().into_owned())
        .collect();
    files.sort();
    let known: Vec<&str> = STORIES.iter().map(|(name, _)| *name).collect();
    assert_eq!(files, known);
}
