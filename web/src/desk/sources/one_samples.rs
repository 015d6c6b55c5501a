//! The page of a source, of an invented outlet.

use super::*;
use salastampa_acts::Slip;

pub(in crate::desk) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    let datetime = || "2026-11-24T05:00:00+01:00".to_owned();
    let page = |paused: bool, administers: bool| SourcePage {
        frame: Frame::sample(lang, "Il <i>Lago</i>", "/desk/fonti/il-lago"),
        slug: "il-lago".into(),
        url: "https://il-lago.test/?a=\"><script>".into(),
        administers,
        mood: Badge { words: t(lang, "sources.mood.ill"), class: "bad" },
        sentence: "Ammalata: <b>".into(),
        remedy: Some(t(lang, "sources.remedy.ill")),
        facts: vec![(t(lang, "sources.fact.kind"), "<feed>".into())],
        is_active: !paused,
        paused,
        retired: paused,
        of_desk: true,
        wish: (!paused).then(|| Wish { words: t(lang, "sources.wish.soon").into(), waits: true }),
        set: vec![SetLine {
            field: "rights",
            label: label("rights", lang),
            now: "solo titolo".into(),
            declared: "<come>".into(),
            datetime: datetime(),
            when: "24 novembre".into(),
            who: "Lia <Neri>".into(),
            why: "<chiesto>".into(),
        }],
        settings: vec![SettingForm {
            field: "cadence",
            label: label("cadence", lang),
            value: "C".into(),
            options: words::cadences(lang),
            help: t(lang, "sources.set.cadence_help"),
        }],
        slips: Slips(vec![Slip { field: "why", sentence: "Scrivi".into() }]),
        proposed: vec!["https://il-lago.test/feed?<b>".into()],
        typed: (if paused { "cadence" } else { "paused" }.into(), "<perché>".into()),
        visits: vec![VisitLine {
            datetime: datetime(),
            when: "24 novembre".into(),
            how: "Letta <b>".into(),
            good: false,
            status: "200".into(),
            took: "40 ms".into(),
        }],
        log: vec![(datetime(), "24 novembre".into(), "Lia <Neri>".into(), verb("source.pause", lang))],
    };
    vec![
        ("source", page(false, true).render().expect("a template")),
        ("source in pause", page(true, true).render().expect("a template")),
        ("source, to look at", page(false, false).render().expect("a template")),
    ]
}
