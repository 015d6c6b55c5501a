//! The letter with the link to a journalist's own data. It holds nothing of the person: who asks twice is sent the same
//! frozen letter with another link. Left out: a way to leave the lists, because nobody gets it from a list.

use crate::letter::{OfOffice, escape_markdown};
use crate::mail::Online;
use crate::render::House;
use salastampa_domain::Letter;
use salastampa_domain::delivery::OWN_DATA_MARK;
use salastampa_locale::{Lang, fill, t};

/// The letter in that language.
pub fn own_data_letter(lang: Lang, house: &House) -> Letter {
    let said = |key: &'static str| fill(lang, key, &[("office", &house.office)]);
    let intro = said("recipient.letter.intro");
    let markdown = [intro.clone(), said("recipient.letter.alone"), said("recipient.letter.not_me")];
    let letter = OfOffice {
        lang,
        subject: said("recipient.letter.subject"),
        preheader: intro,
        kind: t(lang, "recipient.letter.kind"),
        title: t(lang, "recipient.letter.title").to_owned(),
        dateline: t(lang, "recipient.letter.law").to_owned(),
        markdown: markdown.map(|part| escape_markdown(&part)).join("\n\n"),
        auto_generated: true,
    };
    let link = Online { url: OWN_DATA_MARK.to_owned(), words: t(lang, "recipient.letter.link").to_owned() };
    letter.for_one(house, link, said("recipient.letter.why"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use salastampa_domain::delivery::UNSUBSCRIBE_MARK;

    #[test]
    fn the_letter_has_the_link_and_no_way_out_of_lists() {
        let house = House {
            office: "Comune di <b>Bellariva*".into(),
            town: "Bellariva sul Lago".into(),
            contacts: "Ufficio stampa, tel. 0300 555".into(),
            base_url: "https://stampa.bellariva.test".into(),
            lang: Lang::It,
        };
        for (lang, hours) in [(Lang::It, "24 ore"), (Lang::En, "24 hours")] {
            let letter = own_data_letter(lang, &house);
            for part in [&letter.html, &letter.text] {
                assert!(part.contains(OWN_DATA_MARK) && part.contains(hours), "{part}");
                assert!(!part.contains(UNSUBSCRIBE_MARK), "{part}");
            }
            assert!(letter.html.contains(&format!("href=\"{OWN_DATA_MARK}\"")), "{}", letter.html);
            assert!(!letter.html.contains("<b>Bellariva"), "{}", letter.html);
            assert!(letter.auto_generated && letter.list.is_none());
        }
    }
}
