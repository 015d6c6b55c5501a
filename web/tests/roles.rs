//! Every route of the desk, asked by every role: who may not see a page is told so, who may not act leaves no trace.
//!
//! The routes are read out of the sources, so that a new one cannot be forgotten.

use crate::world::World;
use axum::http::StatusCode;
use salastampa_domain::{Act, Role, may};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What a page under a path asks for; the longest path that fits decides. Others ask for [`Act::Read`].
const PAGES: [(&str, Act); 22] = [
    ("/desk/iscritti", Act::KeepContacts),
    ("/desk/modelli", Act::Templates),
    ("/desk/edizioni", Act::Inspect),
    ("/desk/valutazioni", Act::Write),
    ("/desk/foto", Act::Write),
    ("/desk/ritagli/sigle", Act::Curate),
    ("/desk/persone/nuova", Act::Curate),
    ("/desk/elezioni/nuova", Act::Elections),
    ("/desk/importazioni", Act::Inspect),
    ("/desk/giornalisti", Act::KeepContacts),
    ("/desk/liste", Act::KeepContacts),
    ("/desk/posta-tornata", Act::KeepContacts),
    ("/desk/destinatari", Act::KeepContacts),
    ("/desk/fonti", Act::Inspect),
    ("/desk/salute", Act::Inspect),
    ("/desk/operatori", Act::Inspect),
    ("/desk/registro", Act::ReadOwnLog),
    ("/desk/impostazioni", Act::Inspect),
    ("/desk/feed", Act::Curate),
    ("/desk/fonti/aggiungi", Act::Administer),
    ("/desk/operatori/nuovo", Act::Administer),
    ("/desk/comunicati/nuovo", Act::Write),
];

/// What a form under a path does; the longest path that fits decides. `*` is any name or number.
const FORMS: [(&str, Act); 41] = [
    ("/desk/iscritti", Act::KeepContacts),
    ("/desk/modelli", Act::Templates),
    ("/desk/edizioni", Act::Editions),
    ("/desk/valutazioni", Act::Write),
    ("/desk/foto", Act::Write),
    ("/desk/avvisi", Act::Curate),
    ("/desk/persone", Act::Curate),
    ("/desk/elezioni", Act::Elections),
    ("/desk/importazioni", Act::Administer),
    ("/desk/archivio", Act::Curate),
    ("/desk/archivio/esporta", Act::Read),
    ("/desk/articoli", Act::Curate),
    ("/desk/dossier", Act::Curate),
    ("/desk/dossier/*/esporta", Act::Read),
    ("/desk/feed", Act::Curate),
    ("/desk/temi", Act::Curate),
    ("/desk/rassegna", Act::Curate),
    ("/desk/pesi", Act::PublishReview),
    ("/desk/ritagli/sigle", Act::Curate),
    ("/desk/comunicati", Act::Write),
    ("/desk/comunicati/*/anteprima", Act::Write),
    ("/desk/comunicati/*/riprese", Act::Write),
    ("/desk/comunicati/*/controlla", Act::Write),
    ("/desk/comunicati/*/lascia", Act::Write),
    ("/desk/comunicati/*/copia", Act::Write),
    ("/desk/comunicati/*/approva", Act::Approve),
    ("/desk/comunicati/*/firma", Act::Approve),
    ("/desk/comunicati/*/rimanda", Act::Approve),
    ("/desk/comunicati/*/programma", Act::Approve),
    ("/desk/comunicati/*/invia", Act::Approve),
    ("/desk/comunicati/*/ferma", Act::Approve),
    ("/desk/comunicati/*/ritira", Act::Approve),
    ("/desk/invii", Act::Write),
    ("/desk/giornalisti", Act::KeepContacts),
    ("/desk/liste", Act::KeepContacts),
    ("/desk/posta-tornata", Act::KeepContacts),
    ("/desk/destinatari", Act::KeepContacts),
    ("/desk/fonti", Act::Administer),
    ("/desk/operatori", Act::Administer),
    ("/desk/impostazioni", Act::Administer),
    ("/desk/registro", Act::ReadOwnLog),
];

/// What everybody may do to their own session and taste.
const OWN: [&str; 5] = ["/desk/esci", "/desk/resta", "/desk/preferenze", "/desk/codice", "/desk/entra"];

/// The routes of the desk with their methods: `(path, reads, writes)`.
fn routes() -> BTreeSet<(String, bool, bool)> {
    let mut folders = vec![PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src/desk"))];
    let mut found = BTreeSet::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("the sources").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            found.extend(routes_of(&path));
        }
    }
    assert!(found.len() > 80, "the routes are found: {}", found.len());
    found
}

fn routes_of(path: &Path) -> Vec<(String, bool, bool)> {
    let text = std::fs::read_to_string(path).expect("a source");
    let routes = text.split(".route(").skip(1).filter_map(|rest| {
        let (path, rest) = rest.trim_start().strip_prefix('"')?.split_once('"')?;
        let methods = rest.split(".route(").next()?.split(";").next()?.lines().next()?;
        Some((path.to_owned(), methods.contains("get("), methods.contains("post(")))
    });
    routes.filter(|(path, ..)| path.starts_with("/desk/") && !path.contains("{*")).collect()
}

/// The path with something plausible in each of its places.
fn filled(path: &str) -> String {
    let parts = path.split('/').map(|part| match part {
        "{id}" | "{story}" => "1",
        "{slot}" => "2026-11-25T07:00",
        _ if part.starts_with('{') => "lungolago",
        _ => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

/// What a form does, by the longest path of the table that fits; every form is in it.
fn done_by(path: &str) -> Act {
    let parts: Vec<&str> = path.split('/').collect();
    let fits = |pattern: &str| {
        let wanted: Vec<&str> = pattern.split('/').collect();
        wanted.len() <= parts.len() && wanted.iter().zip(&parts).all(|(wanted, part)| *wanted == "*" || wanted == part)
    };
    let found = FORMS.iter().filter(|(pattern, _)| fits(pattern)).max_by_key(|(pattern, _)| pattern.split('/').count());
    found.unwrap_or_else(|| panic!("{path} is in no line of the table")).1
}

fn needed(path: &str) -> Act {
    let fits = PAGES.iter().filter(|(begin, _)| path == *begin || path.starts_with(&format!("{begin}/")));
    fits.max_by_key(|(begin, _)| begin.len()).map_or(Act::Read, |(_, act)| *act)
}

#[tokio::test]
async fn a_page_is_shown_to_the_roles_that_may_see_it_and_to_no_other() {
    let mut world = World::new("2026-11-25 06:45").await;
    world.follow().await;
    for role in Role::ALL {
        let seat = world.enter(&format!("prova-{}", role.name()), role).await;
        for (path, ..) in routes()
            .into_iter()
            .filter(|(path, reads, _)| *reads && !path.contains("{token}") && !path.contains("oidc"))
        {
            let answer = world.see(&seat, &filled(&path)).await;
            assert!(!answer.status.is_server_error(), "{path} for {}: {}", role.name(), answer.status);
            if !may(role, needed(&path)) {
                // of what is not there nothing can be shown either
                let is_nothing = path.contains('{') && answer.status == StatusCode::NOT_FOUND;
                assert!(answer.status == StatusCode::FORBIDDEN || is_nothing, "{path} for {}", role.name());
            } else if !path.contains('{') {
                let shown = answer.status.is_success() || answer.status.is_redirection();
                assert!(
                    shown || answer.status == StatusCode::FORBIDDEN,
                    "{path} for {}: {}",
                    role.name(),
                    answer.status
                );
            }
        }
    }
}

#[tokio::test]
async fn nobody_leaves_a_trace_by_a_form_that_their_role_may_not_send() {
    let world = World::new("2026-11-25 06:45").await;
    world.release("lungolago", 1, None).await;
    let fields = [
        ("nome", "Nome"),
        ("name", "Nome"),
        ("login", "nuovo"),
        ("email", "a@b.test"),
        ("address", "a@b.test"),
        ("ricerca", "lungolago"),
        ("titolo", "Titolo"),
        ("testo", "Testo."),
        ("indirizzo", "https://lago.test/1"),
        ("url", "https://lago.test/feed.xml"),
        ("motivo", "prova"),
        ("perche", "prova"),
        ("peso", "5"),
        ("urgenza", "review"),
        ("fai", "conferma"),
        ("role", "chief"),
        ("ruolo", "chief"),
        ("password", "una parola lunga"),
    ];
    let traces = || async {
        let mut rows = world.site().store.read().await.expect("rows");
        let events = rows.list_events(10_000).await.expect("the log");
        (events.len(), rows.list_errands().await.expect("errands").len(), rows.list_users().await.expect("users").len())
    };
    for role in Role::ALL {
        let seat = world.enter(&format!("prova-{}", role.name()), role).await;
        let before = traces().await;
        let mut refused = 0;
        for (path, ..) in routes().into_iter().filter(|(path, _, writes)| *writes && !path.contains("{token}")) {
            let filled = filled(&path);
            if OWN.iter().any(|own| path.starts_with(own)) || may(role, done_by(&filled)) {
                continue;
            }
            refused += 1;
            let answer = world.send(&seat, &filled, &fields).await;
            assert!(!answer.status.is_server_error(), "{path} by {}: {}", role.name(), answer.status);
            assert_eq!(traces().await, before, "{path} by {} left a trace", role.name());
        }
        let all_but = match role {
            Role::Viewer => 50,
            Role::Editor => 20,
            Role::Chief => 15,
            Role::Admin => 30,
        };
        assert!(refused >= all_but, "{refused} forms were tried by {}", role.name());
    }
}

#[tokio::test]
async fn nobody_without_a_session_gets_past_the_door() {
    let world = World::new("2026-11-25 06:45").await;
    for (path, reads, writes) in routes() {
        if path.contains("{token}") || path.starts_with("/desk/entra") || path.starts_with("/desk/oidc") {
            continue;
        }
        if reads {
            let answer = world.get(&filled(&path)).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
            assert!(answer.header("location").is_some_and(|to| to.starts_with("/desk/entra")), "{path}");
        }
        if writes {
            assert_eq!(
                world.post(None, &filled(&path), &[("a", "b")], &[]).await.status,
                StatusCode::UNAUTHORIZED,
                "{path}"
            );
        }
    }
}
