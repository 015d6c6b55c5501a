//! The composer with every part of it, for the tests of all pages.

use super::*;

pub(crate) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    const FOREIGN: &str = "</textarea><script>alert(1)</script> \"ponte\"";
    let mut page = ComposerPage {
        frame: Frame::sample(lang, t(lang, "composer.form.edit"), "/desk/comunicati/x/modifica"),
        slips: Slips(vec![Slip { field: "titolo", sentence: FOREIGN.into() }]),
        action: "/desk/comunicati/x/modifica".into(),
        below: "/desk/comunicati/x".into(),
        back: "/desk/comunicati/x".into(),
        autosave: "release:x".into(),
        warning: Some(t(lang, "composer.form.voids_review")),
        save: t(lang, "composer.form.save"),
        seen: "ab".into(),
        fields: Fields {
            title: FOREIGN.into(),
            body: FOREIGN.into(),
            contacts: vec![FOREIGN.into()],
            ..Fields::default()
        },
        lists: vec![("locali".into(), FOREIGN.into(), true)],
        kinds: kinds(lang),
        news: news(lang),
        languages: languages(lang),
        town: "Bellariva sul Lago".into(),
        source: Some("/desk/comunicati/x/mail/html?versione=bozza".into()),
        checked: Some(Checked { refused: vec![FOREIGN.into()], advice: vec![FOREIGN.into()], ..Checked::default() }),
        election: Some(Panel::sample(lang, FOREIGN)),
        asks_reason: true,
        in_election_time: true,
        conflict: Some(Conflict {
            sentence: FOREIGN.into(),
            theirs: FOREIGN.into(),
            pieces: compare("uno\n", FOREIGN),
        }),
        files: Some(FilesPart::sample(lang)),
        templates: Vec::new(),
        keeps_templates: true,
    };
    let full = page.render().expect("a template over strings");
    page.slips = Slips::default();
    page.lists.clear();
    page.conflict = None;
    page.asks_reason = false;
    page.election = None;
    page.files = None;
    page.source = None;
    page.templates = vec![TemplateLink { name: FOREIGN.into(), href: "/desk/x?modello=y".into(), here: true }];
    page.checked = Some(Checked::default());
    vec![("composer", full), ("new release", page.render().expect("a template over strings"))]
}
