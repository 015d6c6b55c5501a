//! The pages of lists, of invented people.

use super::parts::MemberLine;
use super::*;
use salastampa_acts::Slip;
use salastampa_domain::Medium;

pub(crate) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    let rule = Membership::Rule { medium: Some(Medium::Radio), beat: Some("<b>cronaca".into()), territory: None };
    let member = |id: i64, out: bool| MemberLine {
        id,
        href: format!("/desk/giornalisti/{id}"),
        name: "Nina <b>Valli</b>".into(),
        address: "nina@il-lago.test".into(),
        outlet: "\"><script>".into(),
        medium: medium_words(Medium::Radio, lang),
        why: fill(lang, "people.lists.why_rule", &[("rule", "<i>")]),
        out: out.then(|| fill(lang, "people.lists.out_left", &[("day", "20 novembre 2026")])),
        embargo: !out,
    };
    let shown = || Shown {
        words: fill(lang, "people.lists.reached", &[("n", "1"), ("total", "3")]),
        kept_out: 1,
        members: vec![member(1, false), member(2, true)],
        more: 1,
    };
    let line = ListLine {
        slug: "radio".into(),
        href: "/desk/liste/radio".into(),
        name: "Radio <del> lago".into(),
        rule: rule_words(&rule, lang),
        count: plural(lang, "people.lists.members", 3),
        left: Some(plural(lang, "people.lists.left", 1)),
    };
    let frame = || Frame::sample(lang, "Radio <del> lago", "/desk/liste/radio");
    let index = |lists| ListsPage { frame: Frame::sample(lang, t(lang, "desk.menu.lists"), "/desk/liste"), lists };
    let candidate = |id, is_on| Candidate {
        id,
        name: "Ugo <Bassi>".into(),
        outlet: "Eco".into(),
        address: "ugo@eco.test".into(),
        is_on,
    };
    let list = |by_hand: bool, candidates: Vec<Candidate>| ListPage {
        frame: frame(),
        slug: "radio".into(),
        rule: rule_words(&rule, lang),
        by_hand,
        shown: shown(),
        only_out: !by_hand,
        paging: Paging { previous: None, next: Some("/desk/liste/radio?pagina=2".into()), words: "1 / 2".into() },
        words: "ugo".into(),
        searched: by_hand,
        candidates,
    };
    let form = FormPage {
        frame: frame(),
        slips: Slips(vec![Slip { field: "name", sentence: "Già <usato>".into() }]),
        form: ListForm { name: "<b>".into(), by_rule: true, medium: "radio".into(), ..ListForm::default() },
        seen: "ab".into(),
        slug: Some("radio".into()),
        media: every_medium(lang),
        conflict: Some(super::super::contacts::Conflict {
            words: "Lia <Neri>".into(),
            fields: vec![(t(lang, "people.lists.name"), "Radio".into(), "<Radio>".into())],
        }),
        tried: Some(shown()),
    };
    vec![
        ("lists", index(vec![line]).render().expect("a template")),
        ("lists, none", index(Vec::new()).render().expect("a template")),
        ("list by hand", list(true, vec![candidate(3, false), candidate(4, true)]).render().expect("a template")),
        ("list by hand, nobody found", list(true, Vec::new()).render().expect("a template")),
        ("list by rule", list(false, Vec::new()).render().expect("a template")),
        ("list form", form.render().expect("a template")),
    ]
}
