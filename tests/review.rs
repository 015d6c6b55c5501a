//! At its hour the review is there for each reader, once, also if nobody acts, and shows no more than it may.

use crate::outlets::Answer;
use crate::press_test::{MORNING, OFFICE, Piece, Press, attachment, header, words};
use std::process::Stdio;

const HOSTS: [&str; 4] = ["sponda.test", "molo.test", "riva.test", "colle.test"];

const LANDSLIDE: Piece = Piece {
    slug: "frana",
    title: "Frana in valle, la statale riapre a senso alternato",
    lead: "Il semaforo è acceso dalle cinque del pomeriggio: si passa una corsia alla volta, con code di un quarto \
           d'ora nelle ore di punta, e chi va verso nord fa meglio a prendere il treno, che ferma a ogni stazione e \
           ha due carrozze in più fino a giovedì, come ha deciso la regione dopo una telefonata trafelata.",
    body: &["I detriti riempivano quaranta camion. La ditta che li ha portati via è la stessa che in primavera aveva \
             pulito il canale, e ha lavorato con le luci accese fino a mezzanotte per due giorni di fila."],
    date: "Sun, 22 Nov 2026 18:05:00 +0100",
};

const BENCHES: Piece = Piece {
    slug: "panchine",
    title: "Quarantadue panchine nuove sul lungolago",
    lead: "Saranno di pietra chiara, con lo schienale rivolto ai monti.",
    body: &["Le ha disegnate una classe del liceo artistico, che ha misurato con il metro da sarta le spalle di \
             cento passanti prima di decidere l'altezza giusta dello schienale."],
    date: "Sun, 22 Nov 2026 17:20:00 +0100",
};

const FERRY: Piece = Piece {
    slug: "battello",
    title: "Il battello della sera si ferma anche al molo vecchio",
    lead: "Una corsa in più per chi esce dal lavoro alle otto.",
    body: &["La fermata era stata tolta nell'anno delle piene; l'hanno chiesta indietro i camerieri degli alberghi \
             con trecento firme raccolte al banco del bar della stazione marittima."],
    date: "Sun, 22 Nov 2026 16:40:00 +0100",
};

/// An office that reads four outlets: two tell the landslide, one gives its links only, one reserves text mining.
fn office(text: &str) -> Press {
    let press = Press::new(&HOSTS);
    press.feeds().office_of(MORNING, text);
    let feeds = std::fs::read_to_string(press.path().join("feeds.toml")).expect("the feeds are declared");
    let (before, after) = feeds.split_once("[[outlet]]\nid = \"riva-test\"").expect("the third outlet");
    let after = after.replacen("extract_only", "link_only", 1);
    press.write("feeds.toml", format!("{before}[[outlet]]\nid = \"riva-test\"{after}"));
    press.publish("sponda.test", &[LANDSLIDE]);
    press.publish("molo.test", &[LANDSLIDE]);
    press.publish("riva.test", &[BENCHES]);
    press.publish("colle.test", &[FERRY]);
    let rules = r#"[{"location": "/", "tdm-reservation": 1}]"#;
    press.outlets.answer("colle.test", "/.well-known/tdmrep.json", Answer::ok("application/json", rules));
    press
}

fn reviews_to(press: &Press, address: &str) -> Vec<String> {
    press.mails_to(address).into_iter().filter(|m| header(m, "Message-ID").starts_with("<review")).collect()
}

/// An office without sources: only the hours matter.
fn quiet(now: &str) -> Press {
    let press = Press::new(&[]);
    press.office_of(now, OFFICE);
    press
}

#[test]
fn at_seven_each_reader_has_one_review_although_nobody_acts() {
    let press = office(OFFICE);
    press.live("2026-11-23 06:00", "2026-11-23 07:20");
    for address in ["sindaca@bellariva.test", "nava@bellariva.test"] {
        let mails = reviews_to(&press, address);
        assert_eq!(mails.len(), 1, "{address}");
        assert_eq!(header(&mails[0], "Date"), "Mon, 23 Nov 2026 07:00:00 +0100");
        let text = words(&mails[0]);
        assert!(text.contains("[non revisionata]"), "{text}");
        // last evening's news, although the office was founded this morning: each story once, in the fixed order
        let places: Vec<usize> = ["Emergenze", "Frana in valle", "Lavori", "* Quarantadue panchine"]
            .iter()
            .map(|part| text.find(part).unwrap_or_else(|| panic!("{part:?} is not in {text}")))
            .collect();
        assert!(places.is_sorted(), "{places:?} in {text}");
        assert_eq!(text.matches("Frana in valle").count(), 1, "{text}");
        assert_eq!(text.matches("Anche su: ").count(), 1, "{text}");
        let (molo, sponda) = ("Anche su: molo.test (ripresa sponda.test)", "Anche su: sponda.test (ripresa molo.test)");
        assert!(text.contains(molo) || text.contains(sponda), "{text}");
        assert!(text.contains("Perché è qui: Frane e allagamenti (Frana)"), "{text}");
        assert!(text.contains("4 fonti vive su 4 · 4 articoli letti"), "{text}");
    }
    let alerts = press.mails().iter().filter(|m| header(m, "Message-ID").starts_with("<alert")).count();
    assert_eq!(alerts, 0, "what the first visit found is no news");
}

#[test]
fn nobody_is_quoted_beyond_what_the_outlet_allows_and_every_use_is_counted() {
    let press = office(OFFICE);
    press.live("2026-11-23 06:00", "2026-11-23 07:20");
    let mail = reviews_to(&press, "sindaca@bellariva.test").remove(0);
    let text = words(&mail);
    let extract = text.split_once("Il semaforo è acceso").expect("the landslide is quoted").1;
    let extract = format!("Il semaforo è acceso{}", extract.split_once(" […]").expect("and cut").0);
    assert!(extract.chars().count() <= 200 && extract.split_whitespace().count() <= 30, "{extract}");
    for hidden in ["trafelata", "quaranta camion", "pietra chiara", "Una corsa in più", "metro da sarta"] {
        assert!(!mail.contains(hidden) && !text.contains(hidden), "{hidden:?} was not to be shown");
    }
    assert!(text.contains("Il battello della sera"), "title and link are shown all the same: {text}");
    let uses = press.rows(
        "select o.slug || ' ' || u.output || ' ' || u.readers || ' ' || (u.chars > 0) || ' ' || (u.chars <= 200) \
         from text_use u join outlet o on o.id = u.outlet where o.slug <> 'molo-test' and o.slug <> 'sponda-test' \
         order by u.id",
    );
    assert_eq!(
        uses,
        [
            "riva-test review mail 2 0 1",
            "colle-test review mail 2 0 1",
            "riva-test review pdf 2 0 1",
            "colle-test review pdf 2 0 1"
        ]
    );
    let quoted = press.rows("select cast(chars as text) from text_use where chars > 0");
    assert_eq!(quoted.len(), 2, "one landslide, by mail and on paper");
    assert!(quoted.iter().all(|n| n.parse::<usize>().is_ok_and(|n| n <= 200)), "{quoted:?}");
}

#[test]
fn the_paper_comes_along_made_to_be_archived_and_to_be_read_aloud() {
    let press = office(OFFICE);
    press.live("2026-11-23 06:00", "2026-11-23 07:01");
    let mail = reviews_to(&press, "nava@bellariva.test").remove(0);
    assert!(mail.contains("rassegna-generale-2026-11-23.pdf"));
    let paper = attachment(&mail).expect("a file comes along");
    assert!(paper.starts_with(b"%PDF-1.7"));
    let paper = String::from_utf8_lossy(&paper);
    for mark in
        ["<pdfaid:part>2</pdfaid:part>", "<pdfaid:conformance>A</pdfaid:conformance>", "<pdfuaid:part>1</pdfuaid:part>"]
    {
        assert!(paper.contains(mark), "{mark}");
    }
}

#[test]
fn a_day_without_news_says_so_and_what_was_read() {
    let press = Press::new(&["sponda.test"]);
    press.feeds().office();
    let chess = Piece {
        slug: "scacchi",
        title: "Torneo di scacchi in biblioteca",
        lead: "Trentadue iscritti.",
        body: &["Si gioca la domenica pomeriggio."],
        date: "Sun, 22 Nov 2026 15:00:00 +0100",
    };
    press.publish("sponda.test", &[chess]);
    press.live("2026-11-23 06:00", "2026-11-23 07:01");
    let text = words(&reviews_to(&press, "sindaca@bellariva.test").remove(0));
    assert!(text.contains("Niente da segnalare oggi."), "{text}");
    assert!(text.contains("1 fonte viva su 1 · 1 articolo letto"), "{text}");
}

#[test]
fn no_title_keeps_the_review_from_its_hour() {
    let press = Press::new(&["sponda.test"]);
    press.feeds().office();
    let title = "Molo: \u{1f6a8} \u{5c71}\u{6e56} {{disiscrizione}} #let x = [";
    press.publish("sponda.test", &[Piece { title, ..BENCHES }, FERRY]);
    press.live("2026-11-23 06:00", "2026-11-23 07:01");
    let mail = reviews_to(&press, "sindaca@bellariva.test").remove(0);
    assert!(words(&mail).contains("Il battello della sera"));
    assert!(attachment(&mail).is_some_and(|paper| paper.starts_with(b"%PDF-1.7")));
}

#[test]
fn sources_that_do_not_answer_are_named() {
    let press = Press::new(&["sponda.test", "morta.test"]);
    press.feeds().office();
    press.publish("sponda.test", &[BENCHES]);
    press.live("2026-11-23 03:00", "2026-11-23 07:01");
    let text = words(&reviews_to(&press, "sindaca@bellariva.test").remove(0));
    assert!(text.contains("1 fonte viva su 2"), "{text}");
    assert!(text.contains("morta.test non risponde dal"), "{text}");
}

#[test]
fn after_a_power_cut_over_the_hour_the_review_leaves_once_and_no_clipping_is_lost_or_told_twice() {
    let press = Press::new(&["sponda.test"]);
    press.feeds().office();
    press.publish("sponda.test", &[BENCHES]);
    press.live("2026-11-23 06:00", "2026-11-23 06:58");
    assert_eq!(press.mails().len(), 0);
    // as if another process had clipped it between the hour and the return of the power
    let one_past_seven = 1_795_413_660_000_i64;
    let moved = press.rows(&format!("update clipping set matched_at = {one_past_seven} returning cast(id as text)"));
    assert_eq!(moved.len(), 1);
    press.publish("sponda.test", &[Piece { date: "Mon, 23 Nov 2026 07:01:00 +0100", ..FERRY }, BENCHES]);
    press.live("2026-11-23 07:03", "2026-11-23 07:30");
    for address in ["sindaca@bellariva.test", "nava@bellariva.test"] {
        let mails = reviews_to(&press, address);
        assert_eq!(mails.len(), 1, "{address}");
        assert!(header(&mails[0], "Date").starts_with("Mon, 23 Nov 2026 07:03:"), "{}", header(&mails[0], "Date"));
    }
    press.live("2026-11-23 07:30", "2026-11-24 07:01");
    let mails = reviews_to(&press, "sindaca@bellariva.test");
    assert_eq!(mails.len(), 2);
    let told = |title: &str| mails.iter().filter(|m| words(m).contains(title)).count();
    assert_eq!((told("Quarantadue panchine"), told("Il battello della sera")), (1, 1));
}

#[test]
fn on_the_days_that_change_the_hour_the_review_leaves_once_at_seven() {
    for (eve, after, date) in [
        ("2027-03-27 20:00", "2027-03-28 20:00", "Sun, 28 Mar 2027 07:00:00 +0200"),
        ("2027-10-30 20:00", "2027-10-31 20:00", "Sun, 31 Oct 2027 07:00:00 +0100"),
    ] {
        let press = quiet(eve);
        press.live(eve, after);
        let mails = reviews_to(&press, "sindaca@bellariva.test");
        let dates: Vec<String> = mails.iter().map(|m| header(m, "Date")).collect();
        assert_eq!(dates, [date]);
    }
}

#[test]
fn an_edition_rests_on_the_patrons_day_and_leaves_at_another_hour_on_other_holidays() {
    let resting = |rule: &str, patron: &str| {
        let press = Press::new(&[]).environment("SALASTAMPA__OFFICE__PATRON", patron);
        let schedule = "schedule = \"0 7 * * *\"";
        let text = OFFICE.replacen(schedule, &format!("{schedule}\nholidays = \"{rule}\""), 1);
        press.office_of("2027-04-24 20:00", &text);
        press.live("2027-04-24 20:00", "2027-04-26 07:30");
        let mails = reviews_to(&press, "sindaca@bellariva.test");
        mails.iter().map(|mail| header(mail, "Date")).collect::<Vec<_>>()
    };
    // 25 April is a holiday everywhere, the 26th here alone
    assert_eq!(resting("no_issue", "04-26"), Vec::<String>::new());
    let both = ["Sun, 25 Apr 2027 09:00:00 +0200", "Mon, 26 Apr 2027 07:00:00 +0200"];
    assert_eq!(resting("09:00", ""), both);
}

#[test]
fn a_slot_that_is_run_twice_makes_one_review() {
    let press = quiet(MORNING);
    let both = [(); 2].map(|()| {
        let mut command = press.command();
        command.args(["--now", "2026-11-23 07:00", "run", "review"]).stdout(Stdio::null()).spawn().expect("it starts")
    });
    for mut one in both {
        assert!(one.wait().expect("it ends").success());
    }
    for now in ["2026-11-23 07:00", "2026-11-23 07:05"] {
        let ran = press.run(now, &["run", "review"]);
        assert_eq!(ran.code, 0, "{ran:?}");
        assert_eq!(press.run(now, &["run", "deliver"]).code, 0);
    }
    assert_eq!(reviews_to(&press, "sindaca@bellariva.test").len(), 1);
    assert_eq!(press.rows("select cast(count(*) as text) from review"), ["1"]);
    assert_eq!(press.rows("select cast(count(*) as text) from delivery"), ["2"]);
}

#[test]
fn a_reader_of_english_has_mail_and_paper_in_english() {
    let press = quiet(MORNING);
    press.office_of(MORNING, &OFFICE.replacen("slug = \"assessore\"", "slug = \"assessore\"\nlanguage = \"en\"", 1));
    press.live("2026-11-23 06:50", "2026-11-23 07:01");
    let (italian, english) =
        (reviews_to(&press, "sindaca@bellariva.test").remove(0), reviews_to(&press, "nava@bellariva.test").remove(0));
    assert_eq!(
        (header(&italian, "Content-Language"), header(&english, "Content-Language")),
        ("it".into(), "en".into())
    );
    assert!(words(&italian).contains("non revisionata") && words(&italian).contains("Niente da segnalare"));
    assert!(words(&english).contains("Monday") && !words(&english).contains("Niente da segnalare"));
    let language = |mail: &str| {
        let paper = attachment(mail).expect("a paper comes along");
        let paper = String::from_utf8_lossy(&paper).into_owned();
        paper.split_once("<dc:language>").expect("its language is written down").1[..60].to_owned()
    };
    assert!(language(&italian).contains("it") && language(&english).contains("en"));
}
