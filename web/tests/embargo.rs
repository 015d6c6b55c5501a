//! Nothing under embargo is readable before its second, on any public path: each answers as if the release did not exist,
//! to the byte and the header. From its second on all is there. The hours stand around the changes of the clock, and the
//! program is started anew in between.

use crate::around_newsroom::{About, Role, Visit, visits};
use crate::world::{Answer, World, at};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use salastampa_domain::Timestamp;

/// How a release waits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Wait {
    /// It was sent to trusted desks, and may not be read before.
    Embargo,
    /// It leaves at that hour.
    Schedule,
}

const TITLE: &str = "Riapre il «lungolago»";
const BODY: &str = "Il pontile della darsena nuova riapre al passaggio dopo otto mesi di lavori sulle sponde del lago.";

fn text(embargo: Option<&str>) -> String {
    let embargo = embargo.map(|hour| format!("embargo = \"{hour}\"\n")).unwrap_or_default();
    format!(
        "+++\nsezione = \"notizia\"\ntitolo = \"{TITLE}\"\nsommario = \"Un fatto.\"\nliste = [\"cronaca\"]\n\
         argomenti = [\"Viabilità\", \"Darsena nuova\"]\n{embargo}+++\n{BODY}\n"
    )
}

/// An office with a release of the year before, and perhaps one that waits.
async fn office(wait: Option<Wait>, hour: &str) -> World {
    let world = World::new("2025-06-01 12:00").await;
    let old = "+++\ntitolo = \"Cantieri in via Roma\"\nliste = [\"cronaca\"]\nargomenti = [\"viabilità\"]\n+++\nVecchio testo.\n";
    world.written("cantieri", 1, old, None).await;
    // before any hour that is tried
    world.set("2026-10-20 09:00");
    match wait {
        Some(Wait::Embargo) => world.written("lungolago", 2, &text(Some(hour)), Some(hour)).await,
        Some(Wait::Schedule) => world.scheduled("lungolago", 2, &text(None), hour).await,
        None => {}
    }
    world
}

async fn ask(world: &World, visit: &Visit, headers: &[(&str, &str)]) -> Answer {
    if let Some((name, value)) = &visit.form {
        return world.post(None, &visit.path, &[(name, value)], headers).await;
    }
    let mut request = Request::builder().method(visit.method.clone()).uri(&visit.path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    world.answer(request.body(Body::empty()).expect("a request")).await
}

/// The text as a desk that was trusted has it, its fingerprint, and the receipt: from an office where it is out.
async fn known(hour: &str, wait: Wait) -> Vec<String> {
    let world = office(Some(wait), hour).await;
    world.set(hour);
    let path = "/novita/notizie/2026/2-lungolago";
    let copied = world.get(&format!("{path}.txt")).await.body;
    let receipt = world.get(&format!("{path}/ricevuta-v1.txt")).await.body;
    let hash = |name: &str| {
        receipt.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_else(|| panic!("{receipt}")).to_owned()
    };
    vec![copied, BODY.into(), hash("SHA-256 del testo: "), hash("SHA-256 della versione: ")]
}

#[tokio::test]
async fn before_its_second_a_release_cannot_be_told_from_what_never_was() {
    for (hour, wait) in [
        ("2026-11-25 11:00", Wait::Embargo),
        ("2026-11-25 11:00", Wait::Schedule),
        // the night in which the hour from two to three comes twice, and the one in which it does not come
        ("2026-10-25 02:30", Wait::Embargo),
        ("2027-03-28 03:00", Wait::Schedule),
    ] {
        let known = known(hour, wait).await;
        let year = &hour[..4];
        let about = About { year, number: 2, slug: "lungolago", known: &known };
        let mut world = office(Some(wait), hour).await;
        let twin = office(None, hour).await;
        let seconds = |n: i64| Timestamp(at(hour).0 + n * 1_000);
        for early in [seconds(-1), Timestamp(at(hour).0 - 1)] {
            world.set_to(early);
            twin.set_to(early);
            let unknown = world.get("/mai").await;
            assert_eq!(unknown.status, StatusCode::NOT_FOUND);
            assert_eq!(unknown, twin.get("/mai").await);
            for visit in visits(&about) {
                let answer = ask(&world, &visit, &[]).await;
                let say = || format!("{hour} {wait:?} {early}: {} {}", visit.method, visit.path);
                if matches!(visit.role, Role::Own | Role::Never) {
                    assert_eq!(answer, unknown, "{}", say());
                    let head = Visit { method: Method::HEAD, ..visit.clone() };
                    assert_eq!(ask(&world, &head, &[]).await.headers, unknown.headers, "{}", say());
                    for range in ["bytes=0-9", "bytes=99999999-"] {
                        assert_eq!(ask(&world, &visit, &[("range", range)]).await, unknown, "{range} {}", say());
                    }
                } else {
                    assert_eq!(answer, ask(&twin, &visit, &[]).await, "{}", say());
                    for headers in [[("if-none-match", "*")], [("accept-encoding", "gzip")], [("range", "bytes=0-9")]] {
                        let answer = ask(&world, &visit, &headers).await;
                        assert_eq!(answer, ask(&twin, &visit, &headers).await, "{headers:?} {}", say());
                    }
                }
            }
            world.restart().await;
        }
        for (late, restarts) in [(seconds(0), false), (seconds(1), true)] {
            world.set_to(late);
            if restarts {
                world.restart().await;
            }
            let unknown = world.get("/mai").await;
            for visit in visits(&about) {
                let answer = ask(&world, &visit, &[]).await;
                let say = || format!("{hour} {wait:?} {late}: {} {}\n{}", visit.method, visit.path, answer.body);
                match visit.role {
                    Role::Own => {
                        let there = [StatusCode::OK, StatusCode::PERMANENT_REDIRECT].contains(&answer.status);
                        assert!(there, "{}: {}", answer.status, say());
                    }
                    Role::Shows => {
                        let slug = answer.body.contains("2-lungolago") || answer.body.contains("darsena-nuova");
                        assert!(answer.status == StatusCode::OK && slug, "{}", say());
                    }
                    Role::Apart => assert!(!answer.body.contains("2-lungolago"), "{}", say()),
                    Role::Never => assert_eq!(answer, unknown, "{}", say()),
                }
            }
        }
    }
}

#[tokio::test]
async fn a_correction_that_waits_for_its_hour_stands_from_its_second() {
    let world = World::new("2026-11-25 12:00").await;
    world.release("lungolago", 1, None).await;
    let path = "/novita/comunicati/2026/1-lungolago";
    let paths = ["", ".txt", ".json", "/versioni", "/ricevuta", "/v2", "/v2.txt", "/ricevuta-v2.txt"];
    world.set("2026-11-26 09:29:59");
    let mut before = Vec::new();
    for part in paths {
        before.push(world.get(&format!("{path}{part}")).await);
    }
    world.correct_at("lungolago", "Il testo giusto.", "2026-11-26 09:30").await;
    for (part, before) in paths.iter().zip(before) {
        assert_eq!(world.get(&format!("{path}{part}")).await, before, "{part}");
    }
    world.set("2026-11-26 09:30");
    for part in paths {
        let answer = world.get(&format!("{path}{part}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{part}");
    }
    assert!(world.get(path).await.body.contains("Il testo giusto."));
    let versions = world.get(&format!("{path}/versioni")).await.body;
    assert!(versions.contains("<del>") && versions.contains("<ins>") && !versions.contains("cronaca"), "{versions}");
    let old = world.get(&format!("{path}/v1")).await.body;
    assert!(old.contains("Il testo del comunicato.") && old.contains("ne ha preso il posto"), "{old}");
    assert!(old.contains(
        "<link rel=\"canonical\" href=\"https://stampa.bellariva.test/novita/comunicati/2026/1-lungolago\">"
    ));
}

#[tokio::test]
async fn no_lifetime_tells_when_an_embargo_ends() {
    let (world, twin) = (World::new("2026-11-25 10:00").await, World::new("2026-11-25 10:00").await);
    world.release("lungolago", 1, Some("2026-11-25 11:00")).await;
    for (now, seconds) in [("10:59:40", 10), ("10:59:55", 5), ("10:59:59", 1), ("11:00:00", 10)] {
        for office in [&world, &twin] {
            office.set(&format!("2026-11-25 {now}"));
            for path in ["/novita", "/novita/feed.atom", "/mai", "/sitemap.xml", "/novita/comunicati/2026/1-lungolago"]
            {
                let kept = format!("public, max-age={seconds}");
                assert_eq!(office.get(path).await.header("cache-control"), Some(kept.as_str()), "{now} {path}");
            }
        }
    }
}
