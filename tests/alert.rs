//! Urgent watches speak once for each story and reader, and say why and how late they are.

mod push;
mod replay;
mod tiers;

use crate::press_test::{MORNING, OFFICE, Piece, Press, header, words};

const HOSTS: [&str; 3] = ["sponda.test", "molo.test", "riva.test"];

/// Known since yesterday evening when the office opens: it would match, and is no news.
const KNOWN: Piece = Piece {
    slug: "cantine",
    title: "Allagamento in via dei Tessitori, cantine vuotate con le pompe",
    lead: "Il torrente è rientrato negli argini prima di cena, restano i conti dei danni.",
    body: &["Gli scantinati asciutti sono già trenta su quaranta, e per gli ultimi bisognerà aspettare che scenda la \
             falda: lo dice il capo dei volontari, che ha dormito in sede due notti di fila."],
    date: "Sun, 22 Nov 2026 19:10:00 +0100",
};

const LANDSLIDE: Piece = Piece {
    slug: "frana",
    title: "Frana sulla provinciale, chiusa la strada tra Bellariva e Olmeta",
    lead: "Una frana è caduta nella notte sulla provinciale del lago: nessun ferito, strada chiusa almeno fino a sera.",
    body: &[
        "I sassi si sono staccati poco dopo le quattro dal versante sopra la galleria di San Biagio, dove in ottobre \
         erano state sistemate le reti. Un camionista si è fermato in tempo e ha dato l'allarme ai pompieri.",
        "La polizia locale devia le auto sulla vecchia strada dei mulini, troppo stretta per i pullman: gli studenti \
         di Olmeta arriveranno a scuola in battello, con una corsa aggiunta alle sette e un quarto.",
        "Nel pomeriggio i geologi saliranno sul versante con un drone. Il Comune chiede a chi può di restare a casa \
         e di non fermarsi a guardare dal parapetto.",
    ],
    date: "Mon, 23 Nov 2026 06:25:00 +0100",
};

/// The same story an hour later.
const LATER: Piece = Piece {
    slug: "frana-2",
    title: "Frana sulla provinciale, la strada tra Bellariva e Olmeta resta chiusa",
    lead: "Nessun ferito per la frana caduta nella notte sulla provinciale del lago: la strada resta chiusa fino a sera.",
    body: &[
        "I sassi staccati poco dopo le quattro dal versante sopra la galleria di San Biagio hanno rotto le reti \
         sistemate in ottobre; i pompieri hanno ringraziato il camionista che ha dato l'allarme.",
        "Gli studenti di Olmeta sono arrivati a scuola in battello con la corsa aggiunta, mentre la polizia locale \
         devia le auto sulla vecchia strada dei mulini. I geologi saliranno sul versante nel pomeriggio.",
    ],
    date: "Mon, 23 Nov 2026 07:40:00 +0100",
};

const BENCHES: Piece = Piece {
    slug: "panchine",
    title: "Panchine nuove sul lungolago, si comincia da lunedì",
    lead: "Quarantadue sedute in pietra prendono il posto di quelle di legno.",
    body: &["Le prime arriveranno davanti alla darsena e saranno rivolte verso i monti, come hanno chiesto i ragazzi \
             del liceo in un'assemblea di quartiere tenuta a settembre nella biblioteca."],
    date: "Mon, 23 Nov 2026 06:24:00 +0100",
};

/// An office whose outlets have been read for a while.
fn awake(office: &str) -> Press {
    let press = Press::new(&HOSTS);
    press.feeds().office_of(MORNING, office);
    HOSTS.iter().for_each(|host| press.publish(host, &[KNOWN]));
    press.live("2026-11-23 06:00", "2026-11-23 06:25");
    press
}

fn alerts_to(press: &Press, address: &str) -> Vec<String> {
    press.mails_to(address).into_iter().filter(|m| header(m, "Message-ID").starts_with("<alert")).collect()
}

fn count(press: &Press, what: &str) -> String {
    press.rows(&format!("select cast(count(*) as text) from {what}")).remove(0)
}

/// The usual office, whose mayor follows two urgent watches.
fn two_watches() -> String {
    OFFICE
        .replace(
            "[[edition]]\n",
            "[[watch]]\nslug = \"strade\"\nname = \"Strade chiuse\"\nquery = \"provinciale AND Olmeta\"\n\
             urgency = \"flash\"\n\n[[edition]]\n",
        )
        .replacen("watches = [\"frane\", \"lungolago\"]", "watches = [\"frane\", \"lungolago\", \"strade\"]", 1)
}

/// The clock times in `battuta 06:25:00, vista 06:27:10, partita 06:27:31`, in seconds of the day.
fn times(text: &str) -> Vec<u32> {
    let line = text.split_once("I tempi: battuta ").expect("the three times are printed").1;
    ["", "vista ", "partita "]
        .iter()
        .map(|label| {
            let at = line.split_once(label).expect("each has its name").1;
            let parts: Vec<u32> = at[..8].split(':').map(|n| n.parse().expect("a number")).collect();
            parts[0] * 3_600 + parts[1] * 60 + parts[2]
        })
        .collect()
}

#[test]
fn one_story_is_one_mail_for_each_reader_although_three_outlets_and_two_watches_tell_it() {
    let press = awake(&two_watches());
    HOSTS.iter().for_each(|host| press.publish(host, &[LANDSLIDE, KNOWN]));
    press.live("2026-11-23 06:25", "2026-11-23 06:59");

    assert_eq!(count(&press, "article where title like 'Frana%'"), "3");
    let mayor = alerts_to(&press, "sindaca@bellariva.test");
    assert_eq!(mayor.len(), 1, "{mayor:?}");
    let text = words(&mayor[0]);
    assert!(text.contains("Temi: Frane e allagamenti, Strade chiuse"), "{text}");
    let assessor = alerts_to(&press, "nava@bellariva.test");
    assert_eq!(assessor.len(), 1, "{assessor:?}");
    assert!(words(&assessor[0]).contains("Tema: Frane e allagamenti "), "{}", words(&assessor[0]));
    // a row for each watch and reader, so that who asks why nothing more came finds it
    assert_eq!(count(&press, "alert"), "3");

    press.publish("molo.test", &[LATER, LANDSLIDE, KNOWN]);
    press.live("2026-11-23 06:59", "2026-11-23 08:30");
    assert_eq!(count(&press, "article where title like 'Frana%'"), "4");
    assert_eq!(count(&press, "(select distinct story from article where title like 'Frana%')"), "1");
    assert_eq!(alerts_to(&press, "sindaca@bellariva.test").len(), 1);
    assert_eq!(alerts_to(&press, "nava@bellariva.test").len(), 1);
}

#[test]
fn an_alert_says_what_where_why_and_how_late_and_shows_no_more_than_it_may() {
    let press = awake(OFFICE);
    press.publish("sponda.test", &[LANDSLIDE, KNOWN]);
    press.live("2026-11-23 06:25", "2026-11-23 06:59");
    let mail = alerts_to(&press, "sindaca@bellariva.test").remove(0);
    assert_eq!(header(&mail, "Auto-Submitted"), "auto-generated");
    let text = words(&mail);
    for part in [
        "Frana sulla provinciale, chiusa la strada tra Bellariva e Olmeta",
        "sponda.test · 23 nov 2026, 06:25",
        "http://sponda.test/frana",
        "Perché ti arriva: Frana ",
        "Questo avviso è per Ada Corti",
        "I tempi: battuta 06:25:00, vista 06:",
    ] {
        assert!(text.contains(part), "{part:?} is not in {text}");
    }
    let times = times(&text);
    assert!(times.is_sorted(), "{times:?}");
    assert!(!text.contains("camionista"), "the body is not the office's to send");
    let uses = press.rows("select output || ' ' || readers || ' ' || (chars <= 200) from text_use");
    assert_eq!(uses, ["alert 1 1", "alert 1 1"]);
}

#[test]
fn a_source_that_gives_its_links_only_is_not_quoted() {
    let press = Press::new(&HOSTS);
    press.feeds().office();
    let feeds = std::fs::read_to_string(press.path().join("feeds.toml")).expect("the feeds are declared");
    press.write("feeds.toml", feeds.replacen("extract = true", "extract = true\nrights = \"link_only\"", 1));
    press.publish(HOSTS[0], &[KNOWN]);
    press.live("2026-11-23 06:00", "2026-11-23 06:25");
    press.publish(HOSTS[0], &[LANDSLIDE, KNOWN]);
    press.live("2026-11-23 06:25", "2026-11-23 06:59");
    let text = words(&alerts_to(&press, "sindaca@bellariva.test").remove(0));
    assert!(text.contains("Frana sulla provinciale") && !text.contains("nessun ferito"), "{text}");
}

#[test]
fn ordinary_watches_old_articles_and_the_first_window_ring_nobody() {
    let press = awake(OFFICE);
    assert_eq!(count(&press, "clipping where fresh = 0"), "3", "the first window is clipped, for the review");
    let old = Piece { date: "Fri, 20 Nov 2026 06:00:00 +0100", ..LANDSLIDE };
    press.publish("sponda.test", &[old, BENCHES, KNOWN]);
    press.live("2026-11-23 06:25", "2026-11-23 06:59");
    assert_eq!(count(&press, "clipping c join article a on a.id = c.article where a.title like 'Panchine%'"), "1");
    assert_eq!(count(&press, "clipping c join article a on a.id = c.article where a.title like 'Frana%'"), "1");
    assert_eq!(press.mails(), Vec::<String>::new());
}

#[test]
fn who_takes_no_alerts_gets_none() {
    let press = awake(&OFFICE.replacen("alerts = true", "alerts = false", 1));
    press.publish("riva.test", &[LANDSLIDE, KNOWN]);
    press.live("2026-11-23 06:25", "2026-11-23 06:59");
    assert_eq!(alerts_to(&press, "sindaca@bellariva.test").len(), 1);
    assert_eq!(alerts_to(&press, "nava@bellariva.test").len(), 0);
}

#[test]
fn at_twenty_to_eleven_in_the_evening_an_alert_leaves_within_the_minute() {
    let press = Press::new(&["sponda.test"]);
    press.feeds().office_of(MORNING, &OFFICE.replacen("alerts = true", "alerts = true\nquiet = \"22:00-07:00\"", 1));
    press.publish("sponda.test", &[KNOWN]);
    press.live("2026-11-23 22:20", "2026-11-23 22:40");
    press.publish("sponda.test", &[Piece { date: "Mon, 23 Nov 2026 22:39:30 +0100", ..LANDSLIDE }, KNOWN]);
    press.live("2026-11-23 22:40", "2026-11-23 23:10");
    for address in ["sindaca@bellariva.test", "nava@bellariva.test"] {
        let mails = alerts_to(&press, address);
        assert_eq!(mails.len(), 1, "{address}");
        let times = times(&words(&mails[0]));
        assert_eq!(times[0], 22 * 3_600 + 39 * 60 + 30);
        assert!((times[1]..times[1] + 60).contains(&times[2]), "{times:?}");
    }
}
