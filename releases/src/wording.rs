//! Sentences that the mail, its text part, the proof and the public page share: kinds of releases, register numbers,
//! the embargo, the dateline.

use jiff::civil::Date;
use salastampa_domain::{NewsType, ReleaseKind, Timestamp};
use salastampa_locale::date::{self, Before};
use salastampa_locale::{Lang, fill, t};

/// `Comunicato stampa`, `Nota stampa`, `Invito`, `Rettifica`, `Precisazione`.
pub fn kind(kind: ReleaseKind, lang: Lang) -> &'static str {
    let key = match kind {
        ReleaseKind::Comunicato => "releases.kind.comunicato",
        ReleaseKind::Nota => "releases.kind.nota",
        ReleaseKind::Invito => "releases.kind.invito",
        ReleaseKind::Rettifica => "releases.kind.rettifica",
        ReleaseKind::Precisazione => "releases.kind.precisazione",
    };
    t(lang, key)
}

/// `Notizia`, `Comunicato`, `Avviso`.
pub fn news(news: NewsType, lang: Lang) -> &'static str {
    let key = match news {
        NewsType::Notizia => "releases.news.notizia",
        NewsType::Comunicato => "releases.news.comunicato",
        NewsType::Avviso => "releases.news.avviso",
    };
    t(lang, key)
}

/// `Comunicato stampa n. 12/2026`; without the number before the first submit.
pub fn numbered(what: ReleaseKind, register: Option<(i16, u32)>, lang: Lang) -> String {
    let name = kind(what, lang);
    match register {
        Some((year, number)) => {
            let (year, number) = (year.to_string(), number.to_string());
            fill(lang, "releases.numbered", &[("kind", name), ("number", &number), ("year", &year)])
        }
        None => name.to_owned(),
    }
}

/// What the reader of a mail under embargo is told, with weekday, hour and zone.
pub fn embargo(until: Timestamp, lang: Lang) -> String {
    let at = until.civil();
    let (day, hour) = (date::long(at.date(), lang), date::time(at.time()));
    fill(lang, "releases.mail.embargo", &[("date", &day), ("time", &hour)])
}

/// `11:00 del 25/11`, `9:30 dell'8/11`: the end of an embargo as a subject line has room for it.
pub fn embargo_in_short(until: Timestamp, lang: Lang) -> (String, String) {
    let at = until.civil();
    let of = match (lang, at.day()) {
        (Lang::It, 8 | 11) => format!("dell'{}/{}", at.day(), at.month()),
        (Lang::It, day) => format!("del {day}/{}", at.month()),
        (Lang::En, _) => date::day_month(at.date(), lang),
    };
    (date::time(at.time()), of)
}

/// `Bellariva sul Lago, 22 novembre 2026`.
pub fn dateline(place: &str, day: Date, lang: Lang) -> String {
    format!("{place}, {}", date::full(day, lang))
}

/// What a text corrects: its title and its day.
pub fn corrects(title: &str, at: Timestamp, lang: Lang) -> String {
    let day = at.day();
    let of = format!("{} {}", date::with_article(Before::Of, day, lang), day.year());
    fill(lang, "releases.mail.corrects", &[("title", title), ("of_date", &of)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_embargo_is_said_in_full_and_in_short() {
        let at = |text| Timestamp::parse(text).expect(text);
        let eleven = at("2026-11-25 11:00");
        assert_eq!(embargo_in_short(eleven, Lang::It), ("11:00".into(), "del 25/11".into()));
        assert_eq!(embargo_in_short(at("2026-12-08 09:30"), Lang::It), ("09:30".into(), "dell'8/12".into()));
        assert_eq!(embargo_in_short(eleven, Lang::En), ("11:00".into(), "25 November".into()));
        assert!(embargo(eleven, Lang::It).contains("ore 11:00 di mercoledì 25 novembre 2026, ora italiana"));
        assert_eq!(
            corrects("Riapre il ponte", at("2026-11-08 10:00"), Lang::It),
            "Rettifica del comunicato «Riapre il ponte» dell'8 novembre 2026: questo testo lo sostituisce."
        );
    }
}
