//! The letter that asks whether an address is really its owner's wish: whoever typed it into the public form gets nothing else
//! before the link in it is confirmed. It goes to no list, and says that doing nothing is enough.

use crate::letter::{OfOffice, escape_markdown};
use crate::mail::Online;
use crate::render::House;
use salastampa_domain::Letter;
use salastampa_locale::{Lang, fill, t};

/// The letter in that language, with the link to confirm by.
pub fn subscription_letter(lang: Lang, house: &House, url: &str) -> Letter {
    let said = |key: &'static str| fill(lang, key, &[("office", &house.office)]);
    let intro = said("subscribe.letter.intro");
    let markdown = [intro.clone(), said("subscribe.letter.not_me")];
    let letter = OfOffice {
        lang,
        subject: said("subscribe.letter.subject"),
        preheader: intro,
        kind: t(lang, "subscribe.letter.kind"),
        title: t(lang, "subscribe.letter.title").to_owned(),
        dateline: t(lang, "subscribe.letter.law").to_owned(),
        markdown: markdown.map(|part| escape_markdown(&part)).join("\n\n"),
        auto_generated: true,
    };
    let link = Online { url: url.to_owned(), words: t(lang, "subscribe.letter.link").to_owned() };
    letter.for_one(house, link, said("subscribe.letter.why"))
}
