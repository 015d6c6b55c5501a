//! The pages of a look at an address, of an invented site.

use super::*;
use salastampa_acts::Slip;
use salastampa_acts::sources::{ProbedItem, ProbedRobots};

const NOW: Timestamp = Timestamp(1_796_000_000_000);

pub(in crate::desk) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    let frame = || Frame::sample(lang, t(lang, "sources.add.title"), "/desk/fonti/prova/3");
    let probed = |document: ProbedKind, found: usize| Probed {
        asked: "https://eco.test/feed".into(),
        url: "https://www.eco.test/feed?\"><script>".into(),
        status: Some(200),
        outcome: VisitOutcome::Read,
        robots: Some(ProbedRobots {
            allows: false,
            because: Some("Disallow: /<b>".into()),
            ai_agents: vec!["Robot<i>".into()],
        }),
        tdm_reserved: true,
        document,
        bytes: 900,
        items: vec![ProbedItem {
            title: "Riapre <script>alert(1)</script> il molo".into(),
            url: "https://www.eco.test/molo".into(),
            published_at: Some(NOW),
            date_only: false,
            lead_chars: 120,
            body_chars: 0,
        }],
        found,
        feeds: vec!["https://www.eco.test/feed?a=\"b\"".into()],
        problems: vec!["cut after 2000 items".into()],
        host: "eco.test".into(),
    };
    let page = |seen: Option<Seen>, waits: Option<&'static str>, failed: Option<String>| ProbePage {
        frame: frame(),
        id: 3,
        url: "https://eco.test/<feed>".into(),
        waits,
        failed,
        tries_selectors: seen.is_some(),
        seen,
        selectors: Selectors { item: ".card > \"a\"".into(), ..Selectors::default() },
        slips: Slips(vec![Slip { field: "slug", sentence: "Già <usato>".into() }]),
        form: SourceForm { slug: "eco".into(), name: "<b>".into(), ..SourceForm::default() },
        outlets: vec![(String::new(), t(lang, "sources.add.new_outlet").into()), ("eco".into(), "L'<Eco>".into())],
        kinds: words::outlet_kinds(lang),
        rights: words::classes(lang, false),
        cadences: words::cadences(lang),
        legals: words::legals(lang),
    };
    let failing = Probed {
        outcome: VisitOutcome::Soft { why: "nessuna risposta entro il tempo".into() },
        ..probed(ProbedKind::Nothing, 0)
    };
    let ask = AskPage {
        frame: frame(),
        slips: Slips(vec![Slip { field: "url", sentence: "Incolla".into() }]),
        url: "\"><script>".into(),
    };
    vec![
        ("source, ask", ask.render().expect("a template")),
        ("source, look waits", page(None, Some(t(lang, "sources.add.waits")), None).render().expect("a template")),
        ("source, look failed", page(None, None, Some("<guasto>".into())).render().expect("a template")),
        (
            "source, seen",
            page(Some(seen(probed(ProbedKind::Feed, 20), false, NOW, lang)), None, None).render().expect("a template"),
        ),
        (
            "source, a page",
            page(Some(seen(probed(ProbedKind::Page, 0), true, NOW, lang)), None, None).render().expect("a template"),
        ),
        ("source, no answer", page(Some(seen(failing, false, NOW, lang)), None, None).render().expect("a template")),
    ]
}
