//! A whole edition of twenty stories, mailed to a hundred and twenty readers through a real Postfix.

use super::server::{Plan, Postfix};
use crate::outlets::{Answer, rss};
use crate::press_test::{MORNING, Press, words};
use std::fmt::Write;
use std::time::Instant;

const SECTIONS: [(&str, &str, &str); 4] = [
    ("Porto e lago", "porto", "molo OR battello"),
    ("Scuola", "scuola", "scuola OR asilo"),
    ("Lavori", "lavori", "strada OR rotonda"),
    ("Cultura", "cultura", "teatro OR museo"),
];

/// Five stories a section, each of another outlet.
const STORIES: [[(&str, &str); 5]; 4] = [
    [
        (
            "Il molo piccolo torna ai pescatori",
            "Dopo due inverni di lavori otto gozzi rientrano agli ormeggi di sempre, e la cooperativa riapre il banco del pesce.",
        ),
        (
            "Un battello a batterie per le isole",
            "Sessanta posti, nessun rumore: la prova dura tre mesi, poi l'azienda deciderà se comprarne altri due.",
        ),
        (
            "Alghe sotto il molo di Gravina, arrivano i sommozzatori",
            "Una squadra di volontari pulirà i pali a mano, perché le macchine rovinerebbero i nidi degli svassi.",
        ),
        (
            "Battello in ritardo, i pendolari scrivono all'azienda",
            "Quaranta firme in una settimana: la corsa delle sette e dieci salta un giorno su tre.",
        ),
        (
            "Il vecchio faro del molo avrà un custode",
            "Vive a Selvapiana, ha ventisei anni e accenderà la lanterna come faceva il bisnonno.",
        ),
    ],
    [
        (
            "Scuola media, il tetto è finito",
            "I ragazzi lasciano i prefabbricati del campo sportivo e ritrovano le loro aule dopo quattordici mesi.",
        ),
        (
            "Asilo di Corvara, dodici posti in più",
            "La sala dei giochi diventa una sezione: le domande si presentano entro la fine di gennaio.",
        ),
        (
            "A scuola a piedi, nasce la terza linea",
            "Nonni e genitori accompagnano quaranta bambini da piazza delle Erbe, con il campanaccio in testa.",
        ),
        (
            "Mensa della scuola, si cambia cuoco",
            "Il nuovo appalto chiede verdura degli orti vicini e una ricetta al mese scelta dalle classi.",
        ),
        (
            "L'asilo nel bosco compie dieci anni",
            "Sono partiti in sei con una tenda; oggi hanno una casa di larice e la lista d'attesa.",
        ),
    ],
    [
        (
            "Rotonda dei Tigli, si scava di notte",
            "Le ruspe lavorano dalle ventidue alle cinque per non fermare gli autobus del mattino.",
        ),
        (
            "Strada dei mulini, riapre il ponticello",
            "Le travi nuove reggono anche il trattore: il collaudo è durato un pomeriggio.",
        ),
        (
            "Buche in strada Fornaci, la mappa dei cittadini",
            "Centodiciotto segnalazioni raccolte con le fotografie; la giunta promette asfalto a marzo.",
        ),
        (
            "La rotonda con l'ulivo divide Olmeta",
            "C'è chi lo vuole spostare in collina e chi lo difende con una petizione.",
        ),
        (
            "Neve, ogni strada ha il suo spalatore",
            "Ventinove iscritti nel registro dei volontari: a ciascuno una pala e un tratto di marciapiede.",
        ),
    ],
    [
        (
            "Al teatro Lario la stagione apre con Goldoni",
            "Undici spettacoli, tre compagnie giovani e biglietti a cinque euro per gli studenti.",
        ),
        (
            "Museo della seta, tornano i telai",
            "Restaurati a Maresio dopo l'incendio, tessono di nuovo davanti ai visitatori.",
        ),
        (
            "Il museo dei presepi cerca casa",
            "Le trecento statuine di legno lasciano la canonica: due cortili si sono offerti.",
        ),
        (
            "Teatro dei burattini, il carro riparte",
            "La famiglia Bonfanti gira i cortili con la baracca dipinta nel millenovecentodieci.",
        ),
        (
            "Notte al museo con la torcia",
            "Cinquanta ragazzini dormiranno tra gli scheletri di balena, con il sacco a pelo.",
        ),
    ],
];

/// The reader whose mail is kept.
const KEPT: &str = "lettrice0@bellariva.test";

/// An office with so many readers of one edition.
fn office(readers: usize) -> String {
    let mut text = String::from("[[user]]\nlogin = \"elena\"\nname = \"Elena Prati\"\nrole = \"editor\"\n\n");
    for (name, slug, query) in SECTIONS {
        write!(text, "[[watch]]\nslug = \"{slug}\"\nname = \"{name}\"\nquery = \"{query}\"\n\n")
            .expect("a String takes all");
    }
    text.push_str("[[edition]]\nslug = \"generale\"\nname = \"Rassegna generale\"\nschedule = \"0 7 * * *\"\n");
    for (name, slug, _) in SECTIONS {
        write!(text, "\n[[edition.section]]\nname = \"{name}\"\nwatches = [\"{slug}\"]\n").expect("a String takes all");
    }
    for n in 0..readers {
        write!(
            text,
            "\n[[reader]]\nslug = \"lettore-{n}\"\nname = \"Lettrice {n}\"\naddress = \"lettrice{n}@bellariva.test\"\n\
             editions = [\"generale\"]\n"
        )
        .expect("a String takes all");
    }
    text
}

#[test]
fn a_hundred_and_twenty_readers_have_their_review_through_postfix_each_once() {
    let keeps_one = format!("transport_maps = inline:{{ {{ {KEPT} = virtual: }} }}\n");
    let Some(postfix) = Postfix::of(&Plan { main: keeps_one, ..Plan::default() }) else { return };
    let hosts = ["eco.test", "molo.test", "riva.test", "sponda.test", "voce.test"];
    let press = Press::new(&hosts).settings(&postfix.settings());
    press.feeds();
    let feeds = std::fs::read_to_string(press.path().join("feeds.toml")).expect("the feeds are declared");
    press.write("feeds.toml", feeds.replace("extract = true", "extract = false"));
    press.office_of(MORNING, &office(120));
    for (n, host) in hosts.iter().enumerate() {
        let date = "Mon, 23 Nov 2026 05:30:00 +0100";
        let items: Vec<_> =
            STORIES.iter().zip(SECTIONS).map(|(of, (_, slug, _))| (slug, of[n].0, of[n].1, date)).collect();
        press.outlets.answer(host, "/feed.xml", Answer::ok("application/rss+xml; charset=utf-8", rss(host, &items)));
    }
    press.live(MORNING, "2026-11-23 06:59");
    let began = Instant::now();
    press.live("2026-11-23 06:59", "2026-11-23 07:05");
    // told, not judged: machines are shared
    println!("from a minute before the hour to five after it: {} ms", began.elapsed().as_millis());
    let states =
        press.rows("select state || ' ' || uncertain || ' ' || count(*) from delivery group by state, uncertain");
    assert_eq!(states, ["accepted 0 120"]);
    let accepted = postfix.taken(120);
    assert_eq!(accepted.len(), 120, "each has a message of her own");
    assert!(accepted.iter().all(|(id, times)| id.starts_with("review") && *times == 1), "{accepted:?}");
    let kept = postfix.kept(1).remove(0);
    assert_eq!(kept.to, KEPT);
    let mail = String::from_utf8(kept.bytes).expect("a mail is in ASCII");
    // mail programs measure what they show: the PDF lies beside it
    let (shown, _) = mail.split_once("Content-Type: application/pdf").expect("the PDF comes along");
    println!("one mail of twenty stories: {} bytes, with its PDF {}", shown.len(), mail.len());
    assert!(shown.len() < 100_000, "{} bytes", shown.len());
    let text = words(&mail.replace("\r\n", "\n").replace("=\n", ""));
    let missing: Vec<&str> = STORIES.iter().flatten().map(|s| s.0).filter(|title| !text.contains(title)).collect();
    assert!(missing.is_empty(), "{missing:?} are not in {text}");
    assert!(SECTIONS.iter().all(|(name, ..)| text.to_lowercase().contains(&name.to_lowercase())), "{text}");
    assert!(press.mails().is_empty(), "nothing went to the folder");
}
