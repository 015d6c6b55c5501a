//! The public pages of an invented office, in both languages, for the tests of what all pages owe their readers.

use super::list::{Around, Card, Link, ListPage, Thumb};
use super::lists::TopicsPage;
use super::page::{Corrected, Moment, ReleasePage, Ways, WithdrawnPage};
use super::receipt::ReceiptsPage;
use super::verify::{Answer, Found, VerifyPage};
use super::versions::VersionsPage;
use super::{receipt, versions};
use crate::frame::{Crumb, Frame};
use askama::Template;
use salastampa_domain::{NewsType, Timestamp};
use salastampa_locale::{Lang, date, fill, plural, t};
use salastampa_releases::{compare, public, wording};

const TITLE: &str = "Riapre il lungolago: dal 25 novembre si cammina fino alla <darsena>";

/// Every page with its name.
pub(crate) fn all(lang: Lang) -> Vec<(&'static str, String)> {
    let page = |page: &dyn askama::DynTemplate| page.dyn_render().expect("a template over strings");
    let mut empty = list(lang);
    (empty.cards, empty.featured, empty.position, empty.around) = (Vec::new(), None, None, Around::default());
    let mut bare = release(lang);
    bare.files = Default::default();
    bare.index.clear();
    bare.quoted.clear();
    bare.topics.clear();
    (bare.corrected, bare.ways.versions) = (None, None);
    bare.overtaken = Some((fill(lang, "newsroom.version.stands", &[("n", "1"), ("since", "x")]), "/x".into()));
    let mut all = vec![
        ("list", page(&list(lang))),
        ("an empty list", page(&empty)),
        ("topics", page(&topics(lang))),
        ("release", page(&release(lang))),
        ("a version", page(&bare)),
        ("withdrawn", page(&withdrawn(lang))),
        ("versions", page(&versions(lang))),
        ("receipts", page(&receipts(lang))),
        ("verify", page(&verify(lang, None))),
        ("verified", page(&verify(lang, Some(true)))),
        ("not verified", page(&verify(lang, Some(false)))),
    ];
    all.extend(super::rate::samples(lang));
    all
}

fn at(text: &str, lang: Lang) -> Moment {
    Moment::of(Timestamp::parse(text).expect("a date"), lang)
}

fn link(words: &str, note: &str) -> Link {
    Link { href: format!("/ufficio-stampa/novita/argomenti/{}", words.len()), words: words.into(), note: note.into() }
}

fn around(lang: Lang) -> Around {
    Around {
        sections: NewsType::ALL
            .into_iter()
            .map(|news| link(super::list::section_words(news, lang), &plural(lang, "newsroom.list.count", 3)))
            .collect(),
        topics: vec![link("viabilità", ""), link("lavori & <cantieri>", "")],
        more_topics: true,
        years: vec![link("2026", ""), link("2025", "")],
    }
}

/// The second of three pages.
fn list(lang: Lang) -> ListPage {
    let card = |n: u32, corrected: bool| Card {
        href: format!("/ufficio-stampa/novita/comunicati/2026/{n}-lungolago"),
        kind: wording::kind(Default::default(), lang).to_owned(),
        title: TITLE.into(),
        summary: "Dopo otto mesi di lavori la passeggiata torna alla città, con due ponti nuovi.".into(),
        datetime: "2026-11-25T11:00:00+01:00".into(),
        date: date::full(jiff::civil::date(2026, 11, 25), lang),
        corrected: corrected.then(|| at("2026-11-26 09:30", lang)),
        topics: vec![link("viabilità", "")],
        photo: (n == 13).then(|| Thumb {
            src: "/ufficio-stampa/file/ab/ponte.jpg".into(),
            width: 400,
            height: 200,
            alt: "Il \"ponte\" <dal> molo".into(),
            credit: "Foto di <Nina>".into(),
        }),
    };
    let mut frame = Frame::sample(lang, t(lang, "newsroom.news.title")).at_news();
    frame.canonical = Some("/novita?pagina=2".into());
    ListPage {
        lead: fill(lang, "newsroom.news.lead", &[("office", &frame.office)]),
        featured: Some(card(13, false)),
        heading: t(lang, "newsroom.list.all").into(),
        question: "lago \"<b>\"".into(),
        found: plural(lang, "newsroom.list.found", 41),
        cards: vec![card(12, false), card(11, true), card(10, false)],
        empty: t(lang, "web.list.empty").into(),
        newer: Some("/ufficio-stampa/novita".into()),
        older: Some("/ufficio-stampa/novita?pagina=3".into()),
        position: Some(fill(lang, "web.list.position", &[("n", "2"), ("last", "3")])),
        around: around(lang),
        frame,
    }
}

fn topics(lang: Lang) -> TopicsPage {
    let around = around(lang);
    TopicsPage {
        frame: Frame::sample(lang, t(lang, "newsroom.topics.title")).under_news().here(),
        lead: t(lang, "newsroom.topics.lead").into(),
        topics: around.topics.clone(),
        by_mail: true,
        around,
    }
}

/// A corrected release.
fn release(lang: Lang) -> ReleasePage {
    let mut frame = Frame::sample(lang, TITLE).under_section(NewsType::Comunicato);
    frame.crumbs.push(Crumb::here(TITLE));
    frame.article = Some(("2026-11-25T11:00:00+01:00".into(), "2026-11-26T09:30:00+01:00".into()));
    frame.data = Some(super::notizia::for_script(&serde_json::json!({"headline": TITLE})));
    let corrected = at("2026-11-26 09:30", lang);
    let (body, index) = public::with_names(
        "<p>Il <strong>lungolago</strong> di Bellariva riapre mercoledì 25 novembre alle 11.</p>\n\
         <h2>Gli orari</h2>\n<ul>\n<li>mattina</li>\n<li>sera</li>\n</ul>\n<h3>La sera</h3>\n\
         <blockquote>\n<p>Nessun gradino.</p>\n</blockquote>\n",
    );
    ReleasePage {
        spoken: (lang == Lang::En).then_some("it"),
        kind: wording::news(NewsType::Notizia, lang).into(),
        files: super::files::sample(lang),
        numbered: wording::numbered(Default::default(), Some((2026, 12)), lang),
        kicker: "Lavori pubblici".into(),
        title: TITLE.into(),
        summary: "Dopo otto mesi di lavori la passeggiata torna alla città, con due ponti nuovi.".into(),
        place: "Bellariva sul Lago".into(),
        published: at("2026-11-25 11:00", lang),
        updated: corrected.clone(),
        issued: Some(at("2026-11-25 11:00", lang)),
        reading: plural(lang, "web.release.minute", 2),
        corrected: Some(Corrected {
            label: wording::kind(salastampa_domain::ReleaseKind::Rettifica, lang),
            words: fill(lang, "web.release.corrected", &[("at", &corrected.words)]),
            at: corrected.clone(),
            pieces: salastampa_releases::compare("Riapre <lunedì>.\n", "Riapre <martedì>.\n"),
        }),
        overtaken: None,
        topics: vec![link("viabilità", ""), link("lavori pubblici", "")],
        index,
        body,
        quoted: vec!["Ada Neri, assessora <alle> opere".into()],
        contacts: frame.contacts.clone(),
        responsible: Some("Lia <Neri>".into()),
        ways: Ways {
            url: "https://www.bellariva.test/ufficio-stampa/novita/comunicati/2026/12-lungolago".into(),
            text: "/x.txt".into(),
            document: "/x.docx".into(),
            data: "/x.json".into(),
            receipt: "/x/ricevuta".into(),
            versions: Some(("/x/versioni".into(), plural(lang, "newsroom.release.versions", 2))),
        },
        frame,
    }
}

fn withdrawn(lang: Lang) -> WithdrawnPage {
    let at = at("2026-11-26 09:30", lang);
    let heading = t(lang, "web.withdrawn.title").to_owned();
    let frame = Frame::sample(lang, &heading).under_news().here();
    let words = fill(lang, "web.withdrawn.words", &[("at", &at.words)]);
    WithdrawnPage { frame, heading, words, why: "la data era sbagliata".into(), at }
}

fn versions(lang: Lang) -> VersionsPage {
    let shown = |number: &str, pieces| versions::Shown {
        heading: fill(lang, "newsroom.version.number", &[("n", number)]),
        href: format!("/x/v{number}"),
        since: at("2026-11-26 09:30", lang),
        issued: Some(at("2026-11-26 09:31", lang)),
        pieces,
    };
    let pieces = compare("Si apre <lunedì>.\n", "Si apre <martedì>.\n");
    VersionsPage {
        frame: Frame::sample(lang, t(lang, "newsroom.versions.title")).under_section(NewsType::Avviso).here(),
        lead: fill(lang, "newsroom.versions.lead", &[("title", TITLE)]),
        texts: vec![shown("2", Some(pieces)), shown("1", None)],
    }
}

fn receipts(lang: Lang) -> ReceiptsPage {
    let shown = receipt::Shown {
        heading: fill(lang, "newsroom.version.number", &[("n", "1")]),
        since: at("2026-11-25 11:00", lang),
        issued: Some(at("2026-11-25 11:01", lang)),
        fingerprint: "ab".repeat(32),
        text: "Ricevuta di pubblicazione 1\nEnte: <Comune>\n".into(),
        href: "/x/ricevuta-v1.txt".into(),
        of: "/x/v1.txt".into(),
    };
    ReceiptsPage {
        frame: Frame::sample(lang, t(lang, "newsroom.receipt.title")).under_section(NewsType::Notizia).here(),
        lead: fill(lang, "newsroom.receipt.lead", &[("title", TITLE)]),
        receipts: vec![shown],
        key: "cd".repeat(32),
        verify: "/ufficio-stampa/verifica".into(),
    }
}

fn verify(lang: Lang, is_ours: Option<bool>) -> VerifyPage {
    let found = Found {
        title: TITLE.into(),
        href: "/x/v1".into(),
        since: at("2026-11-25 11:00", lang),
        state: fill(lang, "newsroom.verify.replaced", &[("n", "1"), ("until", "x")]),
    };
    VerifyPage {
        frame: Frame::sample(lang, t(lang, "newsroom.verify.title")).under_news().here(),
        action: "/ufficio-stampa/verifica".into(),
        key: "cd".repeat(32),
        asked: "</textarea><script>alert(1)</script>".into(),
        answer: is_ours.map(|is_ours| Answer {
            is_ours,
            words: t(lang, "newsroom.verify.receipt_forged").into(),
            texts: if is_ours { vec![found] } else { Vec::new() },
        }),
    }
}

#[test]
fn each_hook_of_the_national_checker_stands_on_the_page_where_it_belongs() {
    let on = |page: String, hook: &str| page.matches(&format!("data-element=\"{hook}\"")).count();
    let render = |page: &dyn askama::DynTemplate| page.dyn_render().expect("a template over strings");
    let (list, release) = (render(&list(Lang::It)), render(&release(Lang::It)));
    for (page, hook, times) in [
        (&list, "news-category-link", 3),
        (&list, "page-name", 1),
        (&list, "topic-element", 6),
        (&list, "metatag", 0),
        (&release, "page-name", 1),
        (&release, "page-index", 1),
        (&release, "topic-element", 2),
        (&release, "metatag", 1),
        (&release, "breadcrumb", 1),
    ] {
        assert_eq!(on(page.clone(), hook), times, "{hook}");
    }
    // the heading itself is the name of the page, the links themselves are what is followed
    assert!(release.contains("<h1 data-element=\"page-name\">Riapre"));
    assert!(release.contains("<nav class=\"index\" aria-labelledby=\"indice\" data-element=\"page-index\">"));
    assert!(release.contains("<script type=\"application/ld+json\" data-element=\"metatag\">{"));
    assert!(topics(Lang::It).render().expect("a page").matches("data-element=\"topic-element\"").count() >= 4);
}
