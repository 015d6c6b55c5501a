//! What lies around an article and an answer: its story in time, what is near, the parts that an answer falls into.

use crate::archive::{article, editor, link, outlet, town, watch};
use crate::world::{Answer, at};
use axum::http::StatusCode;
use salastampa_domain::time::HOUR;
use salastampa_domain::{
    Because, Beside, ForeignText, NewArticle, Outlet, OutletKind, Pickup, PickupLevel, Placement, Watch,
};

const NOW: &str = "2026-11-24 12:00";

#[tokio::test]
async fn a_story_shows_its_gaps_and_the_release_that_stands_behind_it() {
    let (world, ids) = town(&["Ponte, oggi"]).await;
    let seat = editor(&world).await;
    let mut write = world.site().store.write().await.expect("a transaction");
    let outlet = write.list_outlets().await.expect("outlets").remove(0).id;
    let mut placed = None;
    for days in (0..50).rev() {
        let when = at(NOW).plus(-(10 + days) * 24 * HOUR);
        let new = article(outlet, &format!("Ponte, giorno {days}"), when);
        let id = write.keep_article(&new, None, 0, at(NOW)).await.expect("an answer").expect("a new one");
        let place = Placement { story: placed, ..Placement::alone(id) };
        placed = write.record_placement(&place, at(NOW)).await.expect("ok").map(|(_, story)| story);
    }
    let place = Placement { story: placed, ..Placement::alone(ids[0]) };
    write.record_placement(&place, at(NOW)).await.expect("ok");
    write.commit().await.expect("a commit");
    // one is public, one still waits for its hour, of one only the theme was used
    world.release("ponte-aperto", 1, None).await;
    world.release("ponte-segreto", 2, Some("2026-11-30 08:00")).await;
    world.release("ponte-sfiorato", 3, None).await;
    let mut write = world.site().store.write().await.expect("a transaction");
    for (slug, level) in [
        ("ponte-aperto", PickupLevel::Quote),
        ("ponte-segreto", PickupLevel::Full),
        ("ponte-sfiorato", PickupLevel::Theme),
    ] {
        let release = write.find_release(slug).await.expect("rows").expect("a release").id;
        let found =
            Pickup { release, article: ids[0], level, of_article: 900, of_release: 900, at: at(NOW), judged: None };
        write.record_pickup(&found).await.expect("written");
    }
    write.commit().await.expect("a commit");
    let page = world.see(&seat, "/desk/articoli/1").await.body;
    assert!(page.contains("51 articoli di una testata."), "{page}");
    assert!(page.contains("11 articoli prima di questi.") && !page.contains("dopo questi"), "{page}");
    assert!(page.contains("<span class=\"article-gap\">10 giorni dopo</span>"), "{page}");
    assert_eq!(page.matches("<span class=\"article-gap\">").count(), 1, "from day to day is no gap");
    assert_eq!(page.matches("usa il nostro comunicato").count(), 1, "{page}");
    assert!(page.contains("class=\"is-ours\"") && page.contains("/desk/comunicati/ponte-aperto\""), "{page}");
    assert!(!page.contains("ponte-segreto") && !page.contains("ponte-sfiorato"), "{page}");
}

#[tokio::test]
async fn what_is_near_stands_beside_the_article_once_a_story() {
    let (mut world, _) = town(&["Riapre il viale", "La mensa della scuola"]).await;
    let seat = editor(&world).await;
    let mut write = world.site().store.write().await.expect("a transaction");
    let outlet = write.list_outlets().await.expect("outlets").remove(0).id;
    let mut ids = Vec::new();
    for (n, title) in (0..).zip([
        "Acquedotto Oldrati, la perdita",
        "Perdita all'acquedotto Oldrati <b>",
        "Acquedotto Oldrati: perdita grave",
        "Acquedotto Oldrati, perdita riparata",
        "Quando l'acquedotto Oldrati ebbe una perdita",
        "Vince la regata",
    ]) {
        let body = if n == 5 { "Vento teso." } else { "I tecnici scavano in via Monte Rado." };
        let new = NewArticle {
            lead: ForeignText::default(),
            body: ForeignText::new(body),
            ..article(outlet, title, at(NOW).plus(-(30 + n * 24) * HOUR))
        };
        ids.push(write.keep_article(&new, None, 0, at(NOW)).await.expect("an answer").expect("a new one"));
    }
    let place = |article, story| Placement { story, ..Placement::alone(article) };
    let own = write.record_placement(&place(ids[0], None), at(NOW)).await.expect("ok").map(|(_, story)| story);
    write.record_placement(&place(ids[1], own), at(NOW)).await.expect("ok");
    let apart = Placement {
        because: Some(Because::Crowd),
        beside: own.map(|story| Beside { story, likeness: 94 }),
        ..Placement::alone(ids[2])
    };
    let other = write.record_placement(&apart, at(NOW)).await.expect("ok").map(|(_, story)| story);
    write.record_placement(&place(ids[3], other), at(NOW)).await.expect("ok");
    write.commit().await.expect("a commit");
    let path = format!("/desk/articoli/{}", ids[0]);
    let near = |page: &str| {
        page.split("id=\"vicini\"").nth(1).and_then(|rest| rest.split("</section>").next().map(str::to_owned))
    };
    world.follow().await;
    let page = world.see(&seat, &path).await.body;
    let shown = near(&page).expect("something is near");
    let has = |id: usize| shown.contains(&format!("/desk/articoli/{}\"", ids[id]));
    assert!(!has(0) && !has(1), "its own story stands in the line of time: {shown}");
    assert!(has(2) != has(3) && has(4), "one of a story: {shown}");
    assert!(!shown.contains("viale") && !shown.contains("mensa") && shown.contains("2026</time>"), "{shown}");
    let alone = format!("/desk/articoli/{}", ids[5]);
    assert_eq!(near(&world.see(&seat, &alone).await.body), None, "nothing is near");

    // why it opened a story, and beside which
    let page = world.see(&seat, &format!("/desk/articoli/{}", ids[2])).await.body;
    let why = page.split("id=\"posto\"").nth(1).and_then(|rest| rest.split("</section>").next()).expect("it says why");
    assert!(why.contains("somigliava a più notizie quasi allo stesso modo"), "{why}");
    assert!(why.contains(&format!("/desk/articoli/{}\"", ids[0])), "{why}");
    assert!(!world.see(&seat, &path).await.body.contains("id=\"posto\""), "nothing is known of it");

    // while the archive is built anew the article stands there, and says what is missing
    world.unfollow();
    let page = world.see(&seat, &path).await;
    assert_eq!(page.status, StatusCode::OK);
    let shown = near(&page.body).expect("it says so");
    assert!(shown.contains("si sta costruendo") && page.body.contains("I tecnici scavano"), "{shown}");
}

#[tokio::test]
async fn the_number_beside_a_filter_is_what_its_click_gives() {
    let (mut world, _) = town(&["Ponte uno", "Ponte due", "Viale tre"]).await;
    let seat = editor(&world).await;
    let mut write = world.site().store.write().await.expect("a transaction");
    for (slug, kind) in [("lampo", OutletKind::Agency), ("eco", OutletKind::Agency), ("onda", OutletKind::RadioTv)] {
        let outlet = write.record_outlet(&Outlet { kind, ..outlet(slug, slug) }).await.expect("an outlet");
        for n in 0..3 {
            let title = if n == 0 { "Il ponte" } else { "Il lago e la vela" };
            let new = NewArticle {
                key: format!("{slug}/{n}"),
                lead: ForeignText::default(),
                body: ForeignText::default(),
                ..article(outlet, title, at(NOW).plus(-n * HOUR))
            };
            write.keep_article(&new, None, 0, at(NOW)).await.expect("an answer").expect("a new one");
        }
    }
    for (slug, query) in [("lago", "lago"), ("vela", "vela -ponte"), ("luna", "luna"), ("guasto", "tema:mai")] {
        write.record_watch(&watch(slug, &format!("Tema {slug}"), query)).await.expect("a watch");
    }
    let old = Watch { retired_at: Some(at(NOW)), ..watch("vecchio", "Tema vecchio", "lago") };
    write.record_watch(&old).await.expect("a watch");
    write.commit().await.expect("a commit");
    world.follow().await;

    let total = |page: &Answer| {
        let heading = page.body.split("id=\"trovati\">").nth(1).and_then(|rest| rest.split(' ').next());
        heading.and_then(|n| n.parse::<u64>().ok()).unwrap_or_else(|| panic!("a number in {}", page.body))
    };
    let facets = |page: &Answer, name: &str| -> Vec<(String, u64)> {
        let list = format!("aria-labelledby=\"{name}\">");
        let lists = page.body.split(&list).skip(1);
        let items = lists.flat_map(|list| list.split("</ul>").next().unwrap_or_default().split("<li>").skip(1));
        let item = |item: &str| {
            let href = item.split("href=\"").nth(1)?.split('"').next()?.replace("&#38;", "&");
            let count = item.split("class=\"count\">").nth(1)?.split('<').next()?.parse().ok()?;
            Some((href, count))
        };
        items.filter_map(item).collect()
    };
    for path in ["/desk/archivio?conta=temi", "/desk/archivio?q=ponte%20OR%20vela&conta=temi&dal=2026-11-24"] {
        let page = world.see(&seat, path).await;
        for (name, least) in [("tipi", 3), ("testate", 3), ("per-tema", 2)] {
            let facets = facets(&page, name);
            assert!(facets.len() >= least, "{path} {name}: {facets:?}");
            assert!(facets.is_sorted_by(|a, b| a.1 >= b.1), "the largest first: {facets:?}");
            for (href, count) in &facets {
                assert_eq!(total(&world.see(&seat, href).await), *count, "{path} {name} {href}");
            }
            if name != "per-tema" {
                assert_eq!(facets.iter().map(|(_, n)| n).sum::<u64>(), total(&page), "{path} {name}");
            }
        }
        assert!(page.body.contains("Altri 2 temi non ne trovano nessuno."), "{}", page.body);
        assert!(!page.body.contains("tema=vecchio"), "a watch that is retired counts no more");
    }
    let plain = world.see(&seat, "/desk/archivio?q=vela").await;
    assert!(facets(&plain, "per-tema").is_empty() && plain.body.contains("q=vela&#38;conta=temi#per-tema\""));
    let agencies = world.see(&seat, "/desk/archivio?q=vela&tipo=agency").await;
    assert!(agencies.body.contains("Tipo: agenzia") && facets(&agencies, "tipi").is_empty(), "{}", agencies.body);
    assert_eq!((facets(&agencies, "testate").len(), total(&agencies)), (2, 4));
    let saved = link(&agencies, "/desk/temi/nuovo?q=");
    assert!(saved.ends_with("?q=vela%20%28testata%3A%22lampo%22%20OR%20testata%3A%22eco%22%29"), "{saved}");
}

#[tokio::test]
async fn every_watch_is_counted_on_one_of_the_pages_and_each_says_which() {
    let (world, _) = town(&["Chiude il ponte"]).await;
    let seat = editor(&world).await;
    let mut write = world.site().store.write().await.expect("a transaction");
    // one stands there already, in the middle by its weight
    for n in 0..129 {
        let weight = if n < 70 { 9 } else { 1 };
        let watch = Watch { weight, ..watch(&format!("t{n:03}"), &format!("Tema {n:03}"), "ponte") };
        write.record_watch(&watch).await.expect("a watch");
    }
    write.commit().await.expect("a commit");
    let counted = |page: &Answer| -> Vec<String> {
        let list = page.body.split("aria-labelledby=\"per-tema\">").nth(1).unwrap_or_default();
        let list = list.split("</ul>").next().unwrap_or_default();
        list.split("tema=").skip(1).filter_map(|rest| Some(rest.split(['&', '"']).next()?.to_owned())).collect()
    };
    let mut path = "/desk/archivio?q=ponte&conta=temi".to_owned();
    let mut all = Vec::new();
    for (said, behind) in [
        ("Contati i temi da 1 a 60 di 130, dal più pesante", Some("Conta i 60 temi che seguono")),
        ("Contati i temi da 61 a 120 di 130, dal più pesante", Some("Conta i 10 temi che seguono")),
        ("Contati i temi da 121 a 130 di 130, dal più pesante", None),
    ] {
        let page = world.see(&seat, &path).await;
        assert!(page.body.contains(said), "{said}: {}", page.body);
        assert_eq!(page.body.contains("temi che seguono"), behind.is_some(), "{path}");
        assert_eq!(page.body.contains("Conta i 60 temi di prima"), !all.is_empty(), "{path}");
        all.extend(counted(&page));
        if let Some(words) = behind {
            assert!(page.body.contains(words), "{words}");
            path = link(&page, &format!("conta=temi-{}#per-tema", all.len() / 60 + 1));
        }
    }
    assert!(all[..60].iter().all(|slug| slug.as_str() < "t060"), "the weightiest first");
    assert!(all[60..120].contains(&"ponte".to_owned()));
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 130, "each once");
    // one that nobody made is the last; what is no page is not counted
    let last = world.see(&seat, "/desk/archivio?q=ponte&conta=temi-99").await.body;
    assert!(last.contains("da 121 a 130 di 130"), "{last}");
    for odd in ["temi-1", "temi-0", "temi-x", "temix"] {
        let page = world.see(&seat, &format!("/desk/archivio?q=ponte&conta={odd}")).await.body;
        assert!(!page.contains("Contati i temi"), "{odd}");
    }
}
