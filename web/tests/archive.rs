//! The archive, an article and the watches from outside: what the desk shows of foreign texts, and what its forms do.

use crate::world::{Answer, Seat, World, at};
use axum::http::StatusCode;
use salastampa_domain::time::HOUR;
use salastampa_domain::{
    ArticleId, Clipping, ClippingState, ForeignText, Grading, NewArticle, Outlet, OutletId, OutletKind, Period,
    Placement, RevisionKind, RightsClass, Role, Signals, Timestamp, Urgency, UserId, Via, Watch, WatchId,
};

const NOW: &str = "2026-11-24 12:00";
const SCRIPT: &str = "<script>alert(1)</script>";

/// An outlet, an article of it for each title (the newest first), a watch on bridges; all of it searchable.
pub(crate) async fn town(titles: &[&str]) -> (World, Vec<ArticleId>) {
    let mut world = World::new(NOW).await;
    let store = world.site().store.clone();
    let mut write = store.write().await.expect("a transaction");
    let outlet = write.record_outlet(&outlet("il-lago", &format!("Il Lago {SCRIPT}"))).await.expect("an outlet");
    let mut ids = Vec::new();
    for (hours, title) in (1..).zip(titles) {
        let article = article(outlet, title, at(NOW).plus(-hours * HOUR));
        ids.push(write.keep_article(&article, None, 0, at(NOW)).await.expect("an answer").expect("a new one"));
    }
    write.record_watch(&watch("ponte", "Ponte <b>", "ponte")).await.expect("a watch");
    write.commit().await.expect("a commit");
    world.follow().await;
    (world, ids)
}

pub(crate) fn outlet(slug: &str, name: &str) -> Outlet {
    Outlet {
        id: OutletId(0),
        slug: slug.into(),
        name: name.into(),
        kind: OutletKind::Local,
        area: "Bellariva".into(),
        tier: 2,
        rights: RightsClass::ExtractOnly,
        contract: None,
        home: None,
    }
}

pub(crate) fn article(outlet: OutletId, title: &str, when: Timestamp) -> NewArticle {
    NewArticle {
        outlet,
        via: Via::Hand { by: UserId(1) },
        url: format!("https://il-lago.test/{}", when.0),
        key: format!("il-lago.test/{}", when.0),
        guid: None,
        title: title.into(),
        lead: ForeignText::new(format!("Lavori {SCRIPT} in corso.")),
        body: ForeignText::new(format!("I lavori al ponte {SCRIPT} durano.\nSi passa dal lago.")),
        authors: vec![format!("Nina {SCRIPT}")],
        rubric: Some(SCRIPT.into()),
        published_at: Some(when),
        language: None,
        signals: Signals::default(),
        first_seen: when,
        backlog: false,
    }
}

pub(crate) fn watch(slug: &str, name: &str, query: &str) -> Watch {
    Watch {
        id: WatchId(0),
        slug: slug.into(),
        name: name.into(),
        query: query.into(),
        weight: 5,
        urgency: Urgency::Review,
        hold: 0,
        grading: Grading::default(),
        retired_at: None,
    }
}

async fn clippings(world: &World, slug: &str) -> Vec<Clipping> {
    let mut rows = world.site().store.read().await.expect("rows");
    let watch = rows.find_watch(slug).await.expect("rows").expect("a watch");
    rows.list_clippings(&[watch.id], Period::ALWAYS).await.expect("rows")
}

pub(crate) async fn editor(world: &World) -> Seat {
    world.enter("lia", Role::Editor).await
}

fn numbers(answer: &Answer) -> Vec<i64> {
    let lines = answer.body.split("id=\"articolo-").skip(1);
    lines.filter_map(|line| line.split('"').next()?.parse().ok()).collect()
}

/// The first link with these words in its address.
pub(crate) fn link(answer: &Answer, part: &str) -> String {
    let links = answer.body.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let link = links.filter(|link| link.contains(part)).last().unwrap_or_else(|| panic!("no link with {part}"));
    link.replace("&#38;", "&")
}

#[tokio::test]
async fn what_is_found_is_marked_and_nothing_of_it_runs() {
    let (world, _) = town(&["Chiude il ponte <script>alert(1)</script>", "Riapre il viale"]).await;
    let seat = editor(&world).await;
    let page = world.see(&seat, "/desk/archivio?q=titolo%3Aponte").await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(numbers(&page), [1]);
    assert!(page.body.contains("Chiude il <mark>ponte</mark> &#60;script&#62;"), "{}", page.body);
    assert!(page.body.contains(">1 articolo</h2>"), "{}", page.body);
    for path in
        ["/desk/archivio", "/desk/archivio?q=lavori&raggruppa=1", "/desk/articoli/1?q=ponte", "/desk/temi/ponte"]
    {
        let page = world.see(&seat, path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(!page.body.contains(SCRIPT) && page.body.contains("&#60;script&#62;alert(1)"), "{path}: {}", page.body);
    }
    let reflected =
        world.see(&seat, "/desk/archivio?q=%3Cscript%3Ealert(1)%3C%2Fscript%3E%22&testata=%22%3E%3Cb%3E").await;
    assert_eq!(reflected.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!reflected.body.contains("<script>alert") && !reflected.body.contains("\"><b>"), "{}", reflected.body);
}

#[tokio::test]
async fn a_wrong_search_says_where_and_what_would_work() {
    let (world, _) = town(&["Chiude il ponte"]).await;
    let seat = editor(&world).await;
    let page = world.see(&seat, "/desk/archivio?q=lago%20%22ponte&tema=ponte").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.body.contains("<title>Errore:"), "{}", page.body);
    assert!(page.body.contains("Le virgolette aperte alla colonna 6 non si chiudono."), "{}", page.body);
    assert!(page.body.contains("<code>lago <u>&#34;ponte</u></code>"), "{}", page.body);
    let page = world.see(&seat, "/desk/archivio?q=lago%20%22ponte").await;
    assert_eq!(world.see(&seat, &link(&page, "archivio?q=lago%20%22ponte%22")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn counts_agree_with_the_list_over_all_pages() {
    let titles: Vec<String> = (1..=25).map(|n| format!("Ponte {n}")).collect();
    let (world, ids) = town(&titles.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let seat = world.enter("ugo", Role::Viewer).await;
    let first = world.see(&seat, "/desk/archivio?q=ponte").await;
    assert!(first.body.contains(">25 articoli</h2>") && first.body.contains("<span class=\"count\">25</span>"));
    let second = world.see(&seat, &link(&first, "dopo=")).await;
    let all: Vec<i64> = [numbers(&first), numbers(&second)].concat();
    assert_eq!(all, ids.iter().map(|id| id.0).collect::<Vec<_>>());
    assert!(
        !first.body.contains("name=\"articolo\"") && !first.body.contains("archivio/ritaglia"),
        "readers clip nothing"
    );
    // a token of another search begins from the start
    let token = link(&first, "dopo=").split("dopo=").nth(1).expect("a token").to_owned();
    let other = world.see(&seat, &format!("/desk/archivio?q=lavori&dopo={token}")).await;
    assert_eq!(numbers(&other).first(), Some(&ids[0].0));
    let day = world.see(&seat, "/desk/archivio?q=ponte&giorno=2026-11-23").await;
    assert!(day.body.contains(">13 articoli</h2>") && day.body.contains("Giorno: 23 nov 2026"), "{}", day.body);
}

#[tokio::test]
async fn what_its_publisher_reserves_is_not_shown() {
    let mut world = World::new(NOW).await;
    let store = world.site().store.clone();
    let mut write = store.write().await.expect("a transaction");
    let outlet = write.record_outlet(&outlet("eco", "Eco")).await.expect("an outlet");
    let signals = Signals { tdm_reserved: true, ..Signals::default() };
    let reserved = NewArticle { signals, ..article(outlet, "Chiude il ponte", at(NOW)) };
    write.keep_article(&reserved, None, 0, at(NOW)).await.expect("an answer").expect("a new one");
    write.commit().await.expect("a commit");
    world.follow().await;
    let seat = editor(&world).await;
    for path in ["/desk/archivio?q=lago", "/desk/articoli/1"] {
        let page = world.see(&seat, path).await;
        assert!(page.body.contains("Chiude il ponte") && page.body.contains("testo riservato dall"), "{path}");
        assert!(!page.body.contains("Si passa") && !page.body.contains("Lavori"), "{path}: {}", page.body);
    }
}

#[tokio::test]
async fn articles_are_clipped_from_the_list_and_taken_back() {
    let (world, ids) = town(&["Ponte uno", "Ponte due", "Viale"]).await;
    let seat = editor(&world).await;
    let id = ids[0].to_string();
    let sent =
        world.send(&seat, "/desk/archivio/ritaglia", &[("q", "ponte"), ("articolo", &id), ("in", "ponte")]).await;
    assert_eq!((sent.status, sent.header("location")), (StatusCode::SEE_OTHER, Some("/desk/archivio?q=ponte")));
    assert_eq!(clippings(&world, "ponte").await.len(), 1);
    let told = world.see(&seat, "/desk/archivio?q=ponte").await;
    assert!(told.body.contains("1 articolo ritagliato") && told.body.contains("action=\"/desk/archivio/annulla\""));
    let event = told.body.split("name=\"evento\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let event = event.expect("a way back").to_owned();
    let fields = [("evento", event.as_str()), ("dove", "//altrove.test/")];
    let back = world.send(&seat, "/desk/archivio/annulla", &fields).await;
    assert_eq!(back.header("location"), Some("/desk/archivio"), "it leads to the desk only");
    assert!(clippings(&world, "ponte").await.is_empty());

    world.send(&seat, "/desk/archivio/ritaglia", &[("q", "titolo:ponte"), ("tutti", "1"), ("in", "ponte")]).await;
    let clipped = clippings(&world, "ponte").await;
    assert!(clipped.len() == 2 && clipped.iter().all(|c| matches!(c.state, ClippingState::Kept { .. })));
    for fields in [vec![("in", "ponte")], vec![("articolo", id.as_str())], vec![("articolo", "x"), ("in", "mai")]] {
        world.send(&seat, "/desk/archivio/ritaglia", &fields).await;
        let told = world.see(&seat, "/desk/archivio").await;
        assert!(told.body.contains("alert-warning desk-flash"), "{fields:?}");
    }
    let reader = world.enter("ugo", Role::Viewer).await;
    world.send(&reader, "/desk/archivio/ritaglia", &[("articolo", "3"), ("in", "ponte")]).await;
    assert_eq!(clippings(&world, "ponte").await.len(), 2);
}

#[tokio::test]
async fn a_slip_of_spelling_and_the_sections_are_one_click_away() {
    let (world, _) = town(&["Ponte Manzoni, viabilità", "Viale Manzoni: viabilità", "Piazza Manzoni"]).await;
    let seat = editor(&world).await;
    let slip = world.see(&seat, "/desk/archivio?q=Manzzoni").await;
    assert!(slip.body.contains("forse cercavi «Manzoni»?"), "{}", slip.body);
    assert!(slip.body.contains("<a href=\"/desk/archivio?q=Manzoni\"><code>Manzoni</code></a>"), "{}", slip.body);
    let accent = world.see(&seat, "/desk/archivio?q=Viabbilita").await;
    assert!(accent.body.contains("forse cercavi «Viabilità»?"), "{}", accent.body);
    let inside = world.see(&seat, "/desk/archivio?q=Manzzoni&tema=ponte").await;
    assert!(inside.body.contains("<a href=\"/desk/archivio?q=Manzoni&#38;tema=ponte\">"), "{}", inside.body);
    let list = world.see(&seat, "/desk/archivio?ordine=testate").await;
    assert_eq!(numbers(&list), [1, 2, 3]);
    assert!(list.body.contains("Per sezione della testata") && !list.body.contains(SCRIPT), "{}", list.body);
    let narrowed = world.see(&seat, "/desk/archivio?sezione=sport").await;
    assert!(narrowed.body.contains("Sezione: Sport") && numbers(&narrowed).is_empty(), "{}", narrowed.body);
}

#[tokio::test]
async fn an_article_tells_its_copies_its_story_and_its_clippings() {
    let (world, ids) = town(&["Ponte, la ripresa", "Ponte, l'origine", "Ponte, il seguito"]).await;
    let seat = editor(&world).await;
    let mut write = world.site().store.write().await.expect("a transaction");
    let place = |article, copy_of, story| Placement { copy_of, story, ..Placement::alone(article) };
    let (group, story) =
        write.record_placement(&place(ids[1], None, None), at(NOW)).await.expect("ok").expect("placed");
    write.record_placement(&place(ids[0], Some(group), Some(story)), at(NOW)).await.expect("ok");
    write.record_placement(&place(ids[2], None, Some(story)), at(NOW)).await.expect("ok");
    let watch = write.find_watch("ponte").await.expect("rows").expect("a watch").id;
    let clipping =
        write.record_clipping(ids[0], watch, at(NOW), &["ponte".into()], true).await.expect("ok").expect("new");
    write.commit().await.expect("a commit");
    let list = world.see(&seat, "/desk/archivio?raggruppa=1").await;
    assert_eq!(numbers(&list), [1], "one line a story");
    assert!(
        list.body.contains("e altri 2 articoli della stessa notizia") && list.body.contains(">3 articoli</h2>"),
        "{}",
        list.body
    );
    let page = world.see(&seat, "/desk/articoli/1").await;
    let order = [
        "id=\"notizia\"",
        "3 articoli di una testata.",
        "il seguito",
        "per prima",
        "l&#39;origine",
        "aria-current=\"true\"",
        "(questo articolo)",
        "ripresa di Il Lago",
    ];
    let order: Vec<usize> =
        order.map(|part| page.body.rfind(part).unwrap_or_else(|| panic!("{part} in {}", page.body))).into();
    assert!(order.is_sorted(), "{order:?}");
    assert!(!page.body.contains("id=\"riprese\""), "the story tells it: {}", page.body);
    assert!(page.body.contains("Parole trovate: ponte") && page.body.contains("da decidere"));

    let fields = [("ritaglio", clipping.to_string()), ("scelta", "scarta".to_owned())];
    let fields = fields.each_ref().map(|(name, text)| (*name, text.as_str()));
    let dropped = world.send(&seat, "/desk/articoli/1/decidi", &fields).await;
    assert_eq!(dropped.header("location"), Some("/desk/articoli/1"));
    let page = world.see(&seat, "/desk/articoli/1").await;
    assert!(page.body.contains("scartato da lia di prova") && page.body.contains("value=\"riapri\""), "{}", page.body);
    for path in ["/desk/articoli/99", "/desk/articoli/x", "/desk/temi/mai"] {
        assert_eq!(world.see(&seat, path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_watch_is_tried_without_being_written_then_made_and_clips_the_past() {
    let (world, _) = town(&["Ponte uno", "Ponte due", "Viale"]).await;
    let seat = editor(&world).await;
    let fields = [("nome", "Viali"), ("ricerca", "viale OR ponte"), ("peso", "7"), ("urgenza", "flash")];
    let tried = world.send(&seat, "/desk/temi/nuovo/prova", &fields).await;
    assert_eq!(tried.status, StatusCode::OK);
    assert!(tried.body.contains("3 articoli negli ultimi 30 giorni") && tried.body.contains("value=\"Viali\""));
    let mut rows = world.site().store.read().await.expect("rows");
    assert!(rows.find_watch("viali").await.expect("rows").is_none());
    drop(rows);
    let made = world.send(&seat, "/desk/temi/nuovo", &fields).await;
    assert_eq!(made.header("location"), Some("/desk/temi/viali"));
    let page = world.see(&seat, "/desk/temi/viali").await;
    assert!(page.body.contains("Il passato dal ") && page.body.contains("si sta ritagliando"), "{}", page.body);
    let past = async || {
        let past = world.site().store.read().await.expect("rows").find_watch_past_waiting().await.expect("rows");
        past.expect("it waits").since.map(|since| at(NOW).since(since) / (24 * 3_600_000))
    };
    assert_eq!(past().await, Some(29), "thirty days by itself, today included");
    for (reach, days) in [("365", Some(364)), ("tutto", None), ("boh", Some(29))] {
        world.send(&seat, "/desk/temi/viali/passato", &[("quanto", reach)]).await;
        assert_eq!(past().await, days, "{reach}");
    }
    let exact = [("nome", "Nome"), ("ricerca", "Viale"), ("peso", "5"), ("forma", "esatta")];
    let tried = world.send(&seat, "/desk/temi/nuovo/prova", &exact).await;
    assert!(tried.body.contains("&quot;Viale&quot;</textarea>") || tried.body.contains("&#34;Viale&#34;</textarea>"));
    let plain = [("nome", "Nome"), ("ricerca", "Viale"), ("peso", "5"), ("forma", "")];
    let tried = world.send(&seat, "/desk/temi/nuovo/prova", &plain).await;
    assert!(tried.body.contains("se è un nome, scegli «parola esatta»"), "{}", tried.body);

    assert_eq!(world.see(&seat, "/desk/temi/nuovo/prova").await.status, StatusCode::OK, "a page that is loaded again");
    let wrong = world.send(&seat, "/desk/temi/nuovo", &[("nome", "Viali"), ("ricerca", "-x"), ("peso", "0")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    for field in ["nome", "ricerca", "peso"] {
        assert!(wrong.body.contains(&format!("id=\"errore-{field}\"")), "{field}: {}", wrong.body);
    }
    assert!(wrong.body.contains("\n-x</textarea>"), "what was typed is kept");
}

#[tokio::test]
async fn two_officers_see_both_texts() {
    let (world, _) = town(&["Ponte"]).await;
    let (lia, ada) = (editor(&world).await, world.enter("ada", Role::Chief).await);
    let seen = |page: &Answer| {
        page.body.split("name=\"visto\" value=\"").nth(1).and_then(|r| r.split('"').next()).expect("a mark").to_owned()
    };
    let mark = seen(&world.see(&lia, "/desk/temi/ponte").await);
    let form = |query: &'static str, mark: &str| {
        let pairs = [("nome", "Ponte <b>"), ("ricerca", query), ("peso", "5"), ("urgenza", "review"), ("visto", mark)];
        pairs.map(|(name, text)| (name, text.to_owned()))
    };
    let send = async |seat: &Seat, form: [(&str, String); 5]| {
        let fields: Vec<(&str, &str)> = form.iter().map(|(name, text)| (*name, text.as_str())).collect();
        world.send(seat, "/desk/temi/ponte", &fields).await
    };
    assert_eq!(send(&ada, form("ponte OR ponti", &mark)).await.status, StatusCode::SEE_OTHER);
    let late = send(&lia, form("ponte lago", &mark)).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(late.body.contains("ada di prova ha cambiato") && late.body.contains("<code>ponte OR ponti</code>"));
    assert!(late.body.contains("\nponte lago</textarea>"), "{}", late.body);
    assert_eq!(send(&lia, form("ponte lago", &seen(&late))).await.status, StatusCode::SEE_OTHER);
    let mut rows = world.site().store.read().await.expect("rows");
    assert_eq!(rows.find_watch("ponte").await.expect("rows").expect("there").query, "ponte lago");
}

#[tokio::test]
async fn a_watch_is_retired_and_taken_up_again() {
    let (world, _) = town(&["Ponte"]).await;
    let seat = editor(&world).await;
    world.send(&seat, "/desk/temi/ponte/ritira", &[]).await;
    let page = world.see(&seat, "/desk/temi/ponte").await;
    assert!(page.body.contains("action=\"/desk/temi/ponte/riprendi\"") && page.body.contains("Ritirato dal"));
    assert!(world.see(&seat, "/desk/temi").await.body.contains("Un tema ritirato"));
    world.send(&seat, "/desk/temi/ponte/riprendi", &[]).await;
    assert!(world.see(&seat, "/desk/temi").await.body.contains("class=\"watch-table\""));
    let reader = world.enter("ugo", Role::Viewer).await;
    world.send(&reader, "/desk/temi/ponte/ritira", &[]).await;
    assert!(world.see(&reader, "/desk/temi").await.body.contains("class=\"watch-table\""));
    let page = world.see(&reader, "/desk/temi/ponte").await;
    assert!(!page.body.contains("<textarea") && page.body.contains("<code>ponte</code>"), "{}", page.body);
    assert_eq!(world.see(&reader, "/desk/temi/nuovo").await.status, StatusCode::FORBIDDEN);
}

async fn revise(world: &World, kind: RevisionKind, title: &str, body: &str, when: &str) {
    let mut write = world.site().store.write().await.expect("a transaction");
    let (lead, body) = (ForeignText::new("Lavori."), ForeignText::new(body));
    write.record_revision(ArticleId(1), kind, at(when), title, &lead, &body).await.expect("written");
    write.commit().await.expect("a commit");
}

#[tokio::test]
async fn an_article_shows_how_it_changed_and_keeps_its_first_text() {
    let (world, _) = town(&["Chiude il ponte", "Riapre il viale"]).await;
    let seat = editor(&world).await;
    let page = world.see(&seat, "/desk/articoli/1").await.body;
    assert!(!page.contains("Versioni del testo") && !page.contains("/versioni/"), "{page}");
    let text = format!("I lavori al ponte {SCRIPT} durano un anno.\nSi passa dal lago.");
    revise(&world, RevisionKind::Correction, "Chiude il ponte vecchio", &text, "2026-11-24 11:30").await;

    let page = world.see(&seat, "/desk/articoli/1").await.body;
    for part in [
        "href=\"/desk/articoli/1/versioni/2\"",
        "href=\"/desk/articoli/1/versioni/1\"",
        "Correzione",
        "Che cosa è cambiato",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let page = world.see(&seat, "/desk/articoli/1/versioni/2").await;
    assert_eq!(page.status, StatusCode::OK);
    for part in ["<ins><span class=\"visually-hidden\">[", "un anno.", "<del>", "Rispetto alla lettura precedente"] {
        assert!(page.body.contains(part), "{part}: {}", page.body);
    }
    assert!(!page.body.contains(SCRIPT));
    let first = world.see(&seat, "/desk/articoli/1/versioni/1").await.body;
    assert!(first.contains("durano.") && !first.contains("un anno") && !first.contains("<ins>"), "{first}");
    for missing in ["/desk/articoli/1/versioni/3", "/desk/articoli/1/versioni/x", "/desk/articoli/9/versioni/1"] {
        assert_eq!(world.see(&seat, missing).await.status, StatusCode::NOT_FOUND, "{missing}");
    }
    let list = world.see(&seat, "/desk/archivio?q=ponte").await.body;
    assert!(list.contains("/desk/articoli/1/versioni/2\">corretto dopo"), "{list}");

    revise(&world, RevisionKind::Removal, "Chiude il ponte vecchio", &text, "2026-11-24 11:50").await;
    let page = world.see(&seat, "/desk/articoli/1").await.body;
    assert!(page.contains("non è più al suo indirizzo dal 24 novembre 2026, ore 11:50; il testo com"), "{page}");
    assert!(page.contains("durano un anno"), "the text stays: {page}");
}

#[tokio::test]
async fn how_a_reserved_text_changed_is_not_shown() {
    let (world, _) = town(&["Chiude il ponte"]).await;
    let mut write = world.site().store.write().await.expect("a transaction");
    let outlet = write.list_outlets().await.expect("outlets").remove(0).id;
    let reserved = NewArticle {
        signals: Signals { tdm_reserved: true, ..Signals::default() },
        ..article(outlet, "Un altro ponte", at(NOW))
    };
    let id = write.keep_article(&reserved, None, 0, at(NOW)).await.expect("an answer").expect("a new one");
    let body = ForeignText::new("Parole riservate.");
    write.record_revision(id, RevisionKind::Silent, at(NOW), "Un ponte nuovo", &body, &body).await.expect("written");
    write.commit().await.expect("a commit");
    let page = world.see(&editor(&world).await, &format!("/desk/articoli/{id}/versioni/2")).await.body;
    assert!(page.contains("<ins>") && page.contains("nuovo"), "titles are compared: {page}");
    assert!(!page.contains("Parole riservate") && !page.contains("durano"), "{page}");
}
