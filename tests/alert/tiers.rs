//! What can wait comes together at the office's hours; quiet hours, a second person, the gate; kills at any step.

use super::{BENCHES, HOSTS, KNOWN, LANDSLIDE, alerts_to, awake, count};
use crate::press_test::{MORNING, OFFICE, Piece, Press, header, words};

const PIER: Piece = Piece {
    slug: "molo",
    title: "Il molo piccolo chiude per l'inverno, barche in secca da domenica",
    lead: "La cooperativa dei barcaioli porta in secca trenta scafi prima del gelo.",
    body: &["Le operazioni cominceranno all'alba con la gru di Corvara, noleggiata per due giorni; i pescatori hanno \
             ottenuto di tenere in acqua quattro gozzi fino a Natale."],
    date: "Mon, 23 Nov 2026 06:23:00 +0100",
};

/// The usual office, whose ordinary watch alerts with the batches.
fn batched() -> String {
    OFFICE.replacen("weight = 5", "weight = 5\nurgency = \"ordinary\"", 1)
}

/// The usual office, whose assessor follows nothing and stands in for the mayor, for whom it is quiet.
fn with_second(quiet: &str, at_night: bool) -> String {
    let text = OFFICE.replacen("watches = [\"frane\"]\neditions = [\"generale\"]\nalerts", "watches = []\nalerts", 1);
    let more = format!("quiet = \"{quiet}\"\nsecond = \"assessore\"\nsecond_at_night = {at_night}\n\n[[reader]]");
    text.replacen("[[reader]]\nslug = \"assessore\"", &format!("{more}\nslug = \"assessore\""), 1)
}

fn batches_to(press: &Press, address: &str) -> Vec<String> {
    press.mails_to(address).into_iter().filter(|m| header(m, "Message-ID").starts_with("<batch")).collect()
}

#[test]
fn what_can_wait_comes_in_one_mail_at_the_hour_of_the_office_and_the_next_at_the_next() {
    let press = awake(&batched());
    press.publish("sponda.test", &[BENCHES, PIER, KNOWN]);
    press.live("2026-11-23 06:25", "2026-11-23 09:59:59");
    assert_eq!(count(&press, "alert"), "2");
    assert!(batches_to(&press, "sindaca@bellariva.test").is_empty(), "it waits");
    press.live("2026-11-23 09:59:59", "2026-11-23 10:00:20");
    let mails = batches_to(&press, "sindaca@bellariva.test");
    assert_eq!(mails.len(), 1);
    assert_eq!(header(&mails[0], "Auto-Submitted"), "auto-generated");
    let text = words(&mails[0]);
    for part in [
        "Avvisi delle 10:00 · 2 notizie",
        BENCHES.title,
        PIER.title,
        "Tema: Lungolago",
        "Perché ti arriva: lungolago",
        "partita 10:00:0",
        "Non mi interessa questa notizia: http",
        "Questi avvisi sono per Ada Corti",
    ] {
        assert!(text.contains(part), "{part:?} is not in {text}");
    }
    press.publish("molo.test", &[Piece { slug: "molo-2", ..LANDSLIDE_AT_THE_PIER }, KNOWN]);
    press.live("2026-11-23 10:00:20", "2026-11-23 19:30");
    let mails = batches_to(&press, "sindaca@bellariva.test");
    assert_eq!(mails.len(), 2, "nothing comes twice, and an hour without news brings no mail");
    assert!(words(&mails[1]).contains("Avvisi delle 13:00 · 1 notizia"), "{}", words(&mails[1]));
    assert!(batches_to(&press, "nava@bellariva.test").is_empty());
}

const LANDSLIDE_AT_THE_PIER: Piece = Piece {
    slug: "traghetto",
    title: "Traghetto fermo al molo di Maresio per un guasto all'elica",
    lead: "Corse sospese fino a sera; i pendolari prendono la corriera delle 17.20.",
    body: &["Un sommozzatore ha trovato una gomena avvolta all'asse: serve un cantiere, e il più vicino è a Gravina."],
    date: "Mon, 23 Nov 2026 10:20:00 +0100",
};

#[test]
fn a_kill_at_any_step_of_the_morning_loses_no_alert_and_repeats_none() {
    let calm = awake(&batched());
    let torn = awake(&batched());
    for press in [&calm, &torn] {
        press.publish("sponda.test", &[BENCHES, PIER, LANDSLIDE, KNOWN]);
    }
    calm.live("2026-11-23 06:25", "2026-11-23 10:05");
    // each job in a process of its own, some of them twice, the rows of one left to the next
    let mut now = 25 * 60;
    while now < 47 * 60 {
        let at = format!("2026-11-23 06:{:02}:{:02}", now / 60, now % 60);
        for job in ["crawl", "group", "clip", "alert", "alert", "deliver"] {
            assert_eq!(torn.run(&at, &["run", job]).code, 0, "{job} at {at}");
        }
        now += 90;
    }
    for at in ["2026-11-23 10:00", "2026-11-23 10:00", "2026-11-23 10:00:01", "2026-11-23 10:03"] {
        for job in ["crawl", "group", "clip", "alert", "deliver", "deliver"] {
            assert_eq!(torn.run(at, &["run", job]).code, 0, "{job} at {at}");
        }
    }
    for address in ["sindaca@bellariva.test", "nava@bellariva.test"] {
        let told = |press: &Press| (alerts_to(press, address).len(), batches_to(press, address).len());
        assert_eq!(told(&torn), told(&calm), "{address}");
    }
    assert_eq!((alerts_to(&torn, "sindaca").len(), batches_to(&torn, "sindaca").len()), (1, 1));
    let rows = "select state || ' ' || tier from alert order by story, watch, reader";
    let state = |press: &Press| press.rows(rows);
    assert_eq!(state(&torn).len(), state(&calm).len());
}

#[test]
fn an_urgent_take_rings_at_once_although_its_watch_can_wait() {
    let press = awake(&batched());
    let urgent = Piece { title: "+++ FLASH: evacuato il molo piccolo, fuga di gas +++", slug: "gas", ..PIER };
    press.publish("sponda.test", &[urgent, KNOWN]);
    press.live("2026-11-23 06:25", "2026-11-23 06:59");
    assert_eq!(alerts_to(&press, "sindaca@bellariva.test").len(), 1);
    assert!(batches_to(&press, "sindaca@bellariva.test").is_empty());
}

#[test]
fn quiet_hours_let_what_can_wait_wait_and_a_flash_pass() {
    let text = batched().replacen(
        "[[reader]]\nslug = \"assessore\"",
        "quiet = \"06:00-11:00\"\n\n[[reader]]\nslug = \"assessore\"",
        1,
    );
    let press = awake(&text);
    press.publish("sponda.test", &[LANDSLIDE, BENCHES, KNOWN]);
    press.live("2026-11-23 06:25", "2026-11-23 12:59");
    assert_eq!(alerts_to(&press, "sindaca@bellariva.test").len(), 1, "a flash passes");
    assert!(batches_to(&press, "sindaca@bellariva.test").is_empty(), "the batch of ten is quiet");
    press.live("2026-11-23 12:59", "2026-11-23 13:01");
    assert_eq!(batches_to(&press, "sindaca@bellariva.test").len(), 1);
}

#[test]
fn in_quiet_hours_a_second_person_is_told_if_the_reader_wishes_so_and_they_find_it_later() {
    let press = awake(&with_second("06:00-11:00", true));
    press.publish("sponda.test", &[LANDSLIDE, KNOWN]);
    press.live("2026-11-23 06:25", "2026-11-23 06:59");
    assert!(alerts_to(&press, "sindaca@bellariva.test").is_empty());
    let mails = alerts_to(&press, "nava@bellariva.test");
    assert_eq!(mails.len(), 1);
    let text = words(&mails[0]);
    assert!(text.contains("al posto di Ada Corti, che è nelle sue ore di silenzio"), "{text}");
    assert!(!text.contains("Non mi interessa"), "they cannot say it for somebody else");
    press.live("2026-11-23 06:59", "2026-11-23 13:01");
    assert_eq!(batches_to(&press, "sindaca@bellariva.test").len(), 1);
    assert_eq!(alerts_to(&press, "nava@bellariva.test").len(), 1);
}

#[test]
fn a_flash_that_no_server_takes_within_two_minutes_goes_to_the_second_person_too() {
    let press = Press::new(&HOSTS).settings("[mail]\ntransport = \"off\"\n");
    press.feeds().office_of(MORNING, &with_second("22:00-07:00", false));
    press.publish(HOSTS[0], &[KNOWN]);
    press.live("2026-11-23 06:00", "2026-11-23 06:25");
    press.publish(HOSTS[0], &[LANDSLIDE, KNOWN]);
    press.live("2026-11-23 06:25", "2026-11-23 06:45");
    let rows =
        "select address || ' ' || round || ' ' || (queued_at / 60000) from delivery where kind = 'alert' order by id";
    let told = press.rows(rows);
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].starts_with("sindaca") && told[1].starts_with("nava"), "{told:?}");
    let minute = |line: &str| line.rsplit(' ').next().and_then(|n| n.parse::<i64>().ok()).expect("a minute");
    assert_eq!(minute(&told[1]) - minute(&told[0]), 2);
    press.live("2026-11-23 06:45", "2026-11-23 06:59");
    assert_eq!(press.rows(rows).len(), 2, "once");
}

#[test]
fn what_nobody_decides_about_leaves_the_gate_by_itself_and_says_how_long_it_was_held() {
    let press = awake(&OFFICE.replacen("urgency = \"flash\"", "urgency = \"flash\"\nhold = 3", 1));
    press.publish("sponda.test", &[LANDSLIDE, KNOWN]);
    press.live("2026-11-23 06:25", "2026-11-23 06:59");
    let mails = alerts_to(&press, "sindaca@bellariva.test");
    assert_eq!(mails.len(), 1);
    assert!(words(&mails[0]).contains("trattenuta 3 min, partita 06:"), "{}", words(&mails[0]));
    let ran = press.run("2026-11-23 07:00", &["stats", "latency"]);
    assert!(ran.out.contains("flash: seen -> accepted"), "{ran:?}");
}

#[test]
fn nine_outlets_with_the_text_of_an_agency_are_one_story_nine_names_and_the_agency_named() {
    const NINE: [&str; 9] = [
        "uno.test",
        "due.test",
        "tre.test",
        "quattro.test",
        "cinque.test",
        "sei.test",
        "sette.test",
        "otto.test",
        "agenzia.test",
    ];
    let press = Press::new(&NINE);
    press.feeds();
    let feeds = std::fs::read_to_string(press.path().join("feeds.toml")).expect("the feeds are declared");
    let (locals, agency) = feeds.split_at(feeds.rfind("[[outlet]]").expect("the last outlet"));
    press.write("feeds.toml", format!("{locals}{}", agency.replacen("kind = \"local\"", "kind = \"agency\"", 1)));
    press.office_of(
        MORNING,
        &batched().replacen("lungolago OR molo", "lungolago OR molo OR frana", 1).replacen(
            "urgency = \"flash\"",
            "urgency = \"review\"",
            1,
        ),
    );
    NINE.iter().for_each(|host| press.publish(host, &[KNOWN]));
    press.live("2026-11-23 06:00", "2026-11-23 06:25");
    for host in NINE {
        press.publish(host, &[LANDSLIDE, KNOWN]);
        if host == "uno.test" {
            press.live("2026-11-23 06:25", "2026-11-23 06:50");
        }
    }
    press.live("2026-11-23 06:50", "2026-11-23 20:00");
    assert_eq!(count(&press, "alert"), "1");
    let mails = batches_to(&press, "sindaca@bellariva.test");
    assert_eq!(mails.len(), 1);
    let text = words(&mails[0]);
    assert!(text.contains("1 notizia") && text.contains("Il testo è di agenzia.test."), "{text}");
    for host in NINE {
        assert!(text.contains(host), "{host} is not in {text}");
    }
}
