//! The page of a release in each of its states, with hostile texts in every foreign place.

use super::*;
use crate::desk::elections::Panel;
use crate::desk::form::Slips;
use crate::desk::releases::reach::SentLine;
use crate::desk::releases::todo::Going;
use salastampa_acts::Slip;
use salastampa_acts::release::Checked;
use salastampa_domain::{Approved, PickupLevel, Timestamp};

const FOREIGN: &str = "<script>alert(1)</script> \"ponte\"";

fn sample(lang: Lang, state: &ReleaseState) -> ReleasePage {
    let at = Moment::binding(Timestamp(1_795_000_000_000), lang);
    ReleasePage {
        frame: Frame::sample(lang, FOREIGN, "/desk/comunicati/ponte"),
        slips: Slips::default(),
        typed: Typed::default(),
        slug: "ponte".into(),
        numbered: "Comunicato stampa n. 1/2026".into(),
        state: stage_words(lang, state.name()),
        badge: badge(state),
        labels: vec![t(lang, "composer.page.public").into()],
        steps: steps(lang, state),
        facts: vec![
            Fact { term: t(lang, "composer.fact.author"), words: FOREIGN.into(), at: None },
            Fact { term: t(lang, "composer.fact.embargo"), words: String::new(), at: Some(at.clone()) },
        ],
        paused: Paused::samples(lang),
        todo: None,
        quotes: QuotesPart::sample(lang),
        text: Shown {
            title: FOREIGN.into(),
            kicker: FOREIGN.into(),
            summary: FOREIGN.into(),
            dateline: "Bellariva sul Lago, 24 novembre 2026".into(),
            html: "<p>Il ponte.</p>".into(),
            contacts: vec![FOREIGN.into(), "tel. 0300".into()],
        },
        files: Some(FilesPart::sample(lang)),
        silent: Vec::new(),
        silent_count: 0,
        sent: Sent { columns: Vec::new(), lines: Vec::new(), href: String::new() },
        used: Vec::new(),
        versions: Vec::new(),
        past: Vec::new(),
        refresh: None,
    }
}

fn approved() -> Approved {
    Approved {
        version: VersionId(1),
        sha256: "ab".into(),
        by: UserId(1),
        at: Timestamp(0),
        alone: false,
        second: None,
        held: None,
        quotes: Vec::new(),
    }
}

fn going() -> Going {
    Going { words: "12".into(), details: vec!["3".into()], button: "Invia".into() }
}

pub(in crate::desk::releases) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    let at = Moment::of(Timestamp(1_795_000_000_000), lang);
    let checked = |refused: bool| Checked {
        refused: if refused { vec![FOREIGN.into()] } else { Vec::new() },
        advice: vec![FOREIGN.into()],
        election: None,
        readability: Some(FOREIGN.into()),
    };
    let draft = ReleasePage {
        todo: Some(Todo { submit: Some(checked(true)), edit: Some("x"), abandon: true, base: true, ..Todo::default() }),
        past: vec![Past {
            words: verb_words(lang, "release.reject"),
            who: FOREIGN.into(),
            at: at.clone(),
            why: Some(FOREIGN.into()),
        }],
        ..sample(lang, &ReleaseState::Draft)
    };
    let review = ReleaseState::InReview { version: VersionId(1), by: UserId(1), at: Timestamp(0) };
    let review = ReleasePage {
        slips: Slips(vec![Slip { field: "motivo", sentence: FOREIGN.into() }]),
        todo: Some(Todo {
            approve: true,
            approve_why: Some(t(lang, "composer.todo.own_text")),
            reject: true,
            send: Some(going()),
            ..Todo::default()
        }),
        ..sample(lang, &review)
    };
    let ready = ReleasePage {
        todo: Some(Todo { send: Some(going()), reject: true, withdraw: true, ..Todo::default() }),
        ..sample(lang, &ReleaseState::Approved { approved: approved() })
    };
    let held = ReleasePage {
        todo: Some(Todo {
            election: Some(Panel::sample(lang, FOREIGN)),
            held: Some(FOREIGN.into()),
            sign: true,
            not_now: true,
            send: Some(going()),
            ..Todo::default()
        }),
        ..sample(lang, &ReleaseState::Approved { approved: approved() })
    };
    let sending = ReleaseState::Sending { approved: approved(), since: Timestamp(0) };
    let out = ReleasePage {
        todo: Some(Todo { stop: Some("x".into()), withdraw: true, ..Todo::default() }),
        sent: Sent {
            columns: vec!["accettata"],
            lines: vec![SentLine {
                words: "1".into(),
                issued: Some(at.clone()),
                cells: vec![(3, "/desk/invii".into())],
            }],
            href: "/desk/invii".into(),
        },
        silent: vec!["Il <Rione>".into()],
        silent_count: 1,
        used: vec![Used {
            evidence: "/desk/comunicati/x/riprese/1".into(),
            judged: true,
            outlet: FOREIGN.into(),
            title: FOREIGN.into(),
            href: "/desk/articoli/1".into(),
            level: crate::desk::releases::words::level_words(lang, PickupLevel::Full),
            delay: "5 min".into(),
            of_article: "80 %".into(),
            of_release: "90 %".into(),
            at: at.clone(),
        }],
        versions: vec![VersionLine {
            number: 2,
            author: FOREIGN.into(),
            at,
            sha256: "ab12".into(),
            marks: vec![t(lang, "composer.version.public")],
            compare: Some("/desk/comunicati/ponte/confronto?da=1&a=2".into()),
        }],
        refresh: Some(REFRESH),
        ..sample(lang, &sending)
    };
    let withdrawn = ReleaseState::Withdrawn { by: UserId(1), at: Timestamp(0), why: "errore".into() };
    let page = |page: ReleasePage| page.render().expect("a template over strings");
    vec![
        ("draft", page(draft)),
        ("in review", page(review)),
        ("approved", page(ready)),
        ("held back", page(held)),
        ("sending", page(out)),
        ("withdrawn", page(sample(lang, &withdrawn))),
    ]
}
