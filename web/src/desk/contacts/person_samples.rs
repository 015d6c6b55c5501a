//! The pages of one journalist, of invented people.

use super::*;
use crate::desk::contacts::history::{History, Moment};
use salastampa_acts::Slip;

pub(in crate::desk) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    let form = ContactForm {
        name: "Nina <b>Valli</b>".into(),
        address: "nina@il-lago.test".into(),
        phones: "0341 1\n<333> 2".into(),
        others: "nina@casa.test".into(),
        role: "<b>capo".into(),
        posts: "Radio (<i>)".into(),
        notes: "</textarea><script>".into(),
        quiet_from: "22:00".into(),
        quiet_until: "07:00".into(),
        outlet: "\"><script>alert(1)</script>".into(),
        beats: "cronaca, sport".into(),
        origin: "accredito".into(),
        ..ContactForm::new()
    };
    let link = || Link { words: "Radio <del> lago".into(), href: "/desk/liste/radio".into() };
    let known = |left: bool| Known {
        id: 7,
        left: left.then(|| ("2026-11-20T10:00:00+01:00".into(), "20 novembre 2026".into())),
        closed: (!left).then(|| "20 novembre 2026".into()),
        suspended: Some(("2026-11-20T10:00:00+01:00".into(), "20 novembre 2026".into(), left)),
        score: Some("Punti: <3>".into()),
        expired: true,
        by_rule: vec![link()],
        lists_left: vec![(link(), "20 novembre 2026".into())],
        bylines: Some(crate::desk::contacts::bylines::sample(lang)),
        history: History {
            open: vec![
                Moment::sample("Comunicato: Riapre <il> lungolago", Some("/desk/invii/7"), "good", lang),
                Moment::sample("aggiunto", None, "note", lang),
            ],
            folded: vec![Moment::sample("Prima", None, "", lang)],
            before: salastampa_locale::plural(lang, "keeping.history.before", 1),
        },
    };
    let page = |known: Option<Known>, slips: Slips, conflict: Option<Conflict>| PersonPage {
        frame: Frame::sample(lang, "Nina <b>Valli</b>", "/desk/giornalisti/7"),
        double: (!slips.is_empty()).then(link),
        slips,
        form: form.clone(),
        seen: "ab".into(),
        conflict,
        media: media(lang),
        bases: bases(lang),
        languages: languages(lang),
        lists: vec![(1, "Redazioni <del> lago".into(), true), (2, "Radio".into(), false)],
        known,
    };
    let slips = Slips(vec![Slip { field: "address", sentence: "Già di <Ugo>".into() }]);
    let conflict = Conflict {
        words: "Lia <Neri> ha cambiato".into(),
        fields: vec![(t(lang, "people.field.territory"), "Montalto".into(), "<Roma>".into())],
    };
    let erase = ErasePage {
        frame: Frame::sample(lang, "Nina", "/desk/giornalisti/7/cancella"),
        id: 7,
        name: "Nina <b>Valli</b>".into(),
        address: "nina@il-lago.test".into(),
    };
    vec![
        ("contact", page(Some(known(true)), Slips::default(), None).render().expect("a template")),
        ("contact, refused", page(None, slips, None).render().expect("a template")),
        ("contact, conflict", page(Some(known(false)), Slips::default(), Some(conflict)).render().expect("a template")),
        ("contact, erase", erase.render().expect("a template")),
    ]
}
