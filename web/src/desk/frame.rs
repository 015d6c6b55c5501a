//! What surrounds every page of the desk: head, the way through the desk, who is here, what was just done.

use super::elections::Banner;
use super::session::Desk;
use crate::assets;
use salastampa_domain::{Act, Role, may};
use salastampa_locale::{Lang, t};
use serde::{Deserialize, Serialize};

/// The surroundings of a page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Frame {
    pub(crate) lang: Lang,
    pub(crate) office: String,
    /// Path of the site, before every link.
    pub(crate) prefix: String,
    pub(crate) title: String,
    /// The word of the session that each form carries; empty where nobody is logged in.
    pub(crate) csrf: String,
    /// Who is here; none before the login.
    pub(crate) user: Option<Person>,
    /// The parts of the desk that this person may see.
    pub(crate) parts: Vec<Part>,
    /// What was just done, or why not.
    pub(crate) flash: Option<Flash>,
    /// Whether single keys do something.
    pub(crate) shortcuts: bool,
    /// Seconds until the session ends unless something is done.
    pub(crate) idle_seconds: i64,
    /// In election time.
    pub(crate) election: Option<Banner>,
}

/// Who is at the desk.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) role: &'static str,
}

/// Some pages that belong together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Part {
    pub(crate) links: Vec<PageLink>,
}

/// A page in the way through the desk.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct PageLink {
    pub(crate) words: &'static str,
    pub(crate) href: String,
    /// The key that leads there after `g`.
    pub(crate) key: &'static str,
    /// Whether one is there.
    pub(crate) here: bool,
}

/// What the page says once, after an act.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Flash {
    /// Done, or refused.
    pub(crate) done: bool,
    pub(crate) words: String,
    /// How to take it back.
    pub(crate) undo: Option<Undo>,
}

/// The act that takes another back.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Undo {
    /// Where it posts, below the site's own path.
    pub(crate) action: String,
    pub(crate) fields: Vec<(String, String)>,
}

/// A page of the desk in the menu.
struct Entry {
    key: &'static str,
    path: &'static str,
    /// Who sees it.
    act: Act,
    letter: &'static str,
}

const fn entry(key: &'static str, path: &'static str, act: Act, letter: &'static str) -> Entry {
    Entry { key, path, act, letter }
}

/// The menu: parts of pages. A page in no list here is reached from another page.
const MENU: [&[Entry]; 5] = [
    &[entry("desk.menu.today", "/desk/oggi", Act::Read, "o")],
    &[
        entry("desk.menu.clippings", "/desk/ritagli", Act::Curate, "i"),
        entry("desk.menu.review", "/desk/rassegna", Act::Read, "r"),
        entry("desk.menu.alerts", "/desk/avvisi", Act::Read, "a"),
    ],
    &[
        entry("desk.menu.archive", "/desk/archivio", Act::Read, "f"),
        entry("desk.menu.dossiers", "/desk/dossier", Act::Read, "p"),
        entry("desk.menu.watches", "/desk/temi", Act::Read, "t"),
        entry("desk.menu.sources", "/desk/fonti", Act::Inspect, "s"),
    ],
    &[
        entry("desk.menu.releases", "/desk/comunicati", Act::Read, "c"),
        entry("desk.menu.contacts", "/desk/giornalisti", Act::KeepContacts, "j"),
        entry("desk.menu.lists", "/desk/liste", Act::KeepContacts, "l"),
        entry("desk.menu.readers", "/desk/destinatari", Act::KeepContacts, "d"),
        entry("desk.menu.deliveries", "/desk/invii", Act::KeepContacts, "v"),
        entry("desk.menu.returned", "/desk/posta-tornata", Act::KeepContacts, "b"),
    ],
    &[
        entry("desk.menu.health", "/desk/salute", Act::Inspect, "h"),
        entry("desk.menu.users", "/desk/operatori", Act::Inspect, "u"),
        entry("desk.menu.events", "/desk/registro", Act::ReadOwnLog, "e"),
        entry("desk.menu.settings", "/desk/impostazioni", Act::Inspect, "m"),
    ],
];

impl Frame {
    /// The surroundings for the person who asks.
    pub(crate) fn of(desk: &Desk, title: &str) -> Self {
        let role = desk.user.role;
        Self {
            lang: desk.lang,
            office: desk.site.house.office.clone(),
            prefix: desk.site.prefix().to_owned(),
            title: title.to_owned(),
            csrf: desk.session.csrf.clone(),
            user: Some(Person { name: desk.user.name.clone(), role: role_words(desk.lang, role) }),
            // before every factor was given nothing else is open
            parts: if desk.session.complete {
                parts(desk.lang, desk.site.prefix(), role, &desk.path)
            } else {
                Vec::new()
            },
            flash: desk.flash.clone(),
            shortcuts: desk.user.preferences.shortcuts,
            idle_seconds: salastampa_acts::session::IDLE / 1000,
            election: Banner::of(&desk.elections, desk.now, desk.lang),
        }
    }

    /// The surroundings where nobody is logged in.
    pub(crate) fn outside(site: &crate::Site, title: &str) -> Self {
        Self {
            lang: site.house.lang,
            office: site.house.office.clone(),
            prefix: site.prefix().to_owned(),
            title: title.to_owned(),
            csrf: String::new(),
            user: None,
            parts: Vec::new(),
            flash: None,
            shortcuts: false,
            idle_seconds: 0,
            election: None,
        }
    }

    /// The sentence of a key in the page's language.
    pub(crate) fn t(&self, key: &'static str) -> &'static str {
        t(self.lang, key)
    }

    /// The sentence of a key for so many things.
    pub(crate) fn plural(&self, key: &str, n: &usize) -> String {
        salastampa_locale::plural(self.lang, key, *n)
    }

    /// Where a file lies.
    pub(crate) fn asset(&self, name: &'static str) -> String {
        format!("{}{}", self.prefix, assets::path(name))
    }

    /// The address of an icon of the sprite, such as `it-search`.
    pub(crate) fn icon(&self, name: &str) -> String {
        format!("{}{}#{name}", self.prefix, assets::path("sprites.svg"))
    }

    /// A link of the desk.
    pub(crate) fn href(&self, path: &str) -> String {
        format!("{}{path}", self.prefix)
    }
}

/// The name of a role.
pub(crate) fn role_words(lang: Lang, role: Role) -> &'static str {
    match role {
        Role::Viewer => t(lang, "acts.roles.viewer"),
        Role::Editor => t(lang, "acts.roles.editor"),
        Role::Chief => t(lang, "acts.roles.chief"),
        Role::Admin => t(lang, "acts.roles.admin"),
    }
}

fn parts(lang: Lang, prefix: &str, role: Role, path: &str) -> Vec<Part> {
    let here = |entry: &Entry| {
        let rest = path.strip_prefix(entry.path);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
    };
    let links = |entries: &[Entry]| -> Vec<PageLink> {
        let seen = entries.iter().filter(|entry| may(role, entry.act));
        seen.map(|entry| PageLink {
            words: t(lang, entry.key),
            href: format!("{prefix}{}", entry.path),
            key: entry.letter,
            here: here(entry),
        })
        .collect()
    };
    MENU.iter().map(|entries| Part { links: links(entries) }).filter(|part| !part.links.is_empty()).collect()
}

#[cfg(test)]
impl Frame {
    /// The surroundings that an invented chief sees at a path.
    pub(crate) fn sample(lang: Lang, title: &str, path: &str) -> Self {
        Self {
            lang,
            office: "Comune di Bellariva sul Lago".into(),
            prefix: "/ufficio-stampa".into(),
            title: title.into(),
            csrf: "c5".into(),
            user: Some(Person { name: "Lia Neri".into(), role: role_words(lang, Role::Chief) }),
            parts: parts(lang, "/ufficio-stampa", Role::Chief, path),
            flash: Some(Flash {
                done: true,
                words: "<fatto>".into(),
                undo: Some(Undo { action: "/desk/x".into(), fields: vec![("a".into(), "\"b\"".into())] }),
            }),
            shortcuts: true,
            idle_seconds: 1800,
            election: Some(Banner { words: "Elezioni <comunali>".into() }),
        }
    }
}
