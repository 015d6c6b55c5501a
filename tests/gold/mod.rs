//! The gold day: lived through by the program, judged by what is known to be true of it.
//!
//! `cargo test --test main -p salastampa -- gold:: --nocapture` prints all figures. The bars of the press office stand
//! beside what holds today; the test fails where a figure falls below its floor. Left out: tuning. The day is a
//! measure, and nothing is chosen by it (tests/worlds/gold-day/RULES.md).

mod cost;
mod fortnight;
mod judge;
mod keys;
mod world;

use crate::outlets::{Answer, rss};
use crate::press_test::Press;
use std::sync::OnceLock;
use world::{Day, Told};

/// When the office is founded.
const FOUNDED: &str = "2026-11-25 07:30";
/// The proposal stands there, and a quarter of an hour is left.
pub const MORNING: &str = "2026-11-26 06:46";
/// When the outlets publish what they have by then (minutes of the 25th), and until when the office looks at it.
const ROUNDS: [(u32, &str, &str); 9] = [
    (9 * 60, "2026-11-25 09:00", "2026-11-25 09:40"),
    (11 * 60, "2026-11-25 11:00", "2026-11-25 11:40"),
    (13 * 60, "2026-11-25 13:00", "2026-11-25 13:40"),
    (15 * 60, "2026-11-25 15:00", "2026-11-25 15:40"),
    (17 * 60, "2026-11-25 17:00", "2026-11-25 17:40"),
    (19 * 60, "2026-11-25 19:00", "2026-11-25 19:40"),
    (21 * 60, "2026-11-25 21:00", "2026-11-25 21:40"),
    (24 * 60, "2026-11-26 00:00", "2026-11-26 00:40"),
    (30 * 60 + 25, "2026-11-26 06:25", MORNING),
];

/// The day after it was lived through, once for all tests.
pub struct Lived {
    /// What was told, and what is true.
    pub day: Day,
    /// The office at [`MORNING`].
    pub press: Press,
}

/// Lives through the day, or gives the day that another test lived through.
pub fn lived() -> &'static Lived {
    static LIVED: OnceLock<Lived> = OnceLock::new();
    LIVED.get_or_init(|| {
        let day = Day::read();
        let hosts: Vec<&str> = day.outlets.iter().map(|o| o.host.as_str()).filter(|h| !h.is_empty()).collect();
        let press = Press::new(&hosts);
        press.write("feeds.toml", registry(&day));
        press.office_of(FOUNDED, include_str!("../worlds/gold-day/office.toml"));
        let folder = press.path().join("data/agenzie/maresio");
        std::fs::create_dir_all(&folder).expect("a folder");
        press.live(FOUNDED, "2026-11-25 07:35");
        let mut from = 0;
        for (minute, begin, end) in ROUNDS {
            publish(&press, &day, &folder, from, minute);
            press.live(begin, end);
            from = minute;
        }
        Lived { day, press }
    })
}

fn registry(day: &Day) -> String {
    let entry = |o: &world::Outlet| {
        let (kind, url) = match o.host.as_str() {
            "" => ("wire", "agenzie/maresio".to_owned()),
            host => ("feed", format!("http://{host}/feed.xml")),
        };
        let (id, extract) = (&o.id, if kind == "feed" { "extract = true\n" } else { "" });
        format!(
            "[[outlet]]\nid = \"{id}\"\nname = \"{}\"\nkind = \"{}\"\narea = \"Bellariva\"\ntier = {}\nrights = \
             \"extract_only\"\n\n[[source]]\nid = \"{id}-tutte\"\noutlet = \"{id}\"\nkind = \"{kind}\"\nurl = \
             \"{url}\"\nclass = \"B\"\n{extract}\n",
            o.name, o.kind, o.tier
        )
    };
    day.outlets.iter().map(entry).collect()
}

/// The outlets bring what they have up to that minute; what is new comes by wire too.
fn publish(press: &Press, day: &Day, folder: &std::path::Path, from: u32, until: u32) {
    for (number, outlet) in day.outlets.iter().enumerate() {
        let told: Vec<&Told> = day.told.iter().filter(|t| t.outlet == number && t.at <= until).rev().collect();
        if outlet.host.is_empty() {
            for piece in told.iter().filter(|t| t.at > from) {
                std::fs::write(folder.join(format!("{}.xml", piece.id)), wire(piece)).expect("a file of the test");
            }
            continue;
        }
        let dates: Vec<String> = told.iter().map(|t| t.date()).collect();
        let leads: Vec<&str> = told.iter().map(|t| t.text[0].as_str()).collect();
        let items: Vec<(&str, &str, &str, &str)> = told
            .iter()
            .zip(&leads)
            .zip(&dates)
            .map(|((t, lead), date)| (t.id.as_str(), t.title.as_str(), *lead, date.as_str()))
            .collect();
        let feed = Answer::ok("application/rss+xml; charset=utf-8", rss(&outlet.host, &items));
        press.outlets.answer(&outlet.host, "/feed.xml", feed);
        for piece in told.iter().filter(|t| t.at > from) {
            let answer = Answer::ok("text/html; charset=utf-8", page(piece, &outlet.name));
            press.outlets.answer(&outlet.host, &format!("/{}", piece.id), answer);
        }
    }
}

fn page(piece: &Told, outlet: &str) -> String {
    let text: String = piece.text.iter().map(|p| format!("<p>{p}</p>")).collect();
    let title = &piece.title;
    format!(
        "<!doctype html><html lang=\"it\"><head><title>{title} - {outlet}</title></head><body><nav><a href=\"/\">Prima \
         pagina</a> <a href=\"/meteo\">Il tempo</a></nav><main><article><h1>{title}</h1>{text}</article></main>\
         <footer>{outlet}</footer></body></html>"
    )
}

/// A piece as NewsML-G2.
fn wire(piece: &Told) -> String {
    let text: String = piece.text.iter().map(|p| format!("<p>{p}</p>")).collect();
    let (id, title) = (&piece.id, &piece.title);
    let (day, at) = (25 + piece.at / 1440, piece.at % 1440);
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><newsMessage xmlns=\"http://iptc.org/std/nar/2006-10-01/\"><itemSet>\
         <newsItem guid=\"tag:agenziamaresio.test,2026:/{id}\" version=\"1\" xml:lang=\"it\"><itemMeta><versionCreated>\
         2026-11-{day}T{:02}:{:02}:00+01:00</versionCreated></itemMeta><contentMeta><urgency>3</urgency><headline>{title}\
         </headline></contentMeta><contentSet><inlineXML><html><body>{text}</body></html></inlineXML></contentSet>\
         </newsItem></itemSet></newsMessage>",
        at / 60,
        at % 60
    )
}
