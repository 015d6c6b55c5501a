//! A person's review of the gold day made by keyboard, the keys counted.
//!
//! The person knows what she wants: twenty stories, in these sections, in this order. She reads the candidates section
//! by section, turns the page of the browser where a line is out of sight, and types the codes of what she keeps. Every
//! key counts: the letters, the pages turned, the steps to the button.

use super::{Lived, MORNING, lived};
use crate::desk::browser::Browser;
use crate::desk::hands::Hands;
use crate::verbs::Served;
use std::collections::BTreeMap;
use std::io::Write;
use std::process::Stdio;

/// The sections of the edition by their watches, in their order.
pub const SECTIONS: [(&str, &str); 6] = [
    ("sindaca", "Sindaca e giunta"),
    ("lavori", "Lavori pubblici"),
    ("scuola", "Scuola"),
    ("cultura", "Cultura"),
    ("ambiente", "Ambiente"),
    ("polizia", "Polizia locale e viabilità"),
];

/// What Elena types to come in.
const PASSWORD: &str = "quattro parole a caso qui";
/// The keys that an edition of twenty may take.
const BAR: usize = 60;
/// Keys that have no letter, as the driver of the browser names them.
const TAB: char = '\u{e004}';
const ENTER: char = '\u{e007}';
const PAGE_UP: char = '\u{e00e}';
const PAGE_DOWN: char = '\u{e00f}';

/// Gives Elena her password.
fn password(lived: &Lived) {
    let mut command = lived.press.command();
    command.args(["--now", MORNING, "user", "passwd", "elena"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().expect("it starts");
    writeln!(child.stdin.take().expect("its input"), "{PASSWORD}").expect("it reads");
    assert!(child.wait().expect("it ends").success());
}

/// The events of the review by title: each title that tells one, and its name. Another telling of it is as good.
fn events(lived: &Lived) -> BTreeMap<&str, usize> {
    let day = &lived.day;
    let wanted = day.told.iter().filter(|t| day.events[t.event].entry.is_some());
    wanted.map(|t| (t.title.as_str(), t.event)).collect()
}

/// The review that a person would make: for each section the events in their order.
fn wanted(lived: &Lived) -> Vec<(&'static str, Vec<usize>)> {
    let section = |(slug, name): &(&str, &'static str)| {
        let mut events: Vec<(usize, usize)> = lived
            .day
            .events
            .iter()
            .enumerate()
            .filter(|(_, e)| e.section.as_deref() == Some(slug))
            .filter_map(|(number, e)| Some((e.entry?, number)))
            .collect();
        events.sort_unstable();
        (*name, events.into_iter().map(|(_, number)| number).collect())
    };
    SECTIONS.iter().map(section).collect()
}

/// The sections of the issue's page with the events in them; `None` for a line that tells none of the twenty.
async fn issue(hands: &Hands, events: &BTreeMap<&str, usize>) -> Vec<(String, Vec<Option<usize>>)> {
    let mut parts = Vec::new();
    for part in hands.browser.all("main section[aria-labelledby^=sezione-]").await {
        use thirtyfour::prelude::By;
        let heading = part.find(By::Css("h2")).await.expect("a heading").text().await.expect("words");
        let mut told = Vec::new();
        for title in part.find_all(By::Css("[data-row] h3")).await.expect("stories") {
            told.push(events.get(title.text().await.expect("words").as_str()).copied());
        }
        parts.push((heading, told));
    }
    parts
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_s_twenty_out_of_the_gold_day_take_few_keys() {
    let Some(browser) = Browser::open(true).await else { return };
    let lived = tokio::task::spawn_blocking(lived).await.expect("the day");
    password(lived);
    let desk = Served::start(&lived.press, MORNING);
    let base = format!("http://127.0.0.1:{}", desk.port);
    let (events, wanted) = (events(lived), wanted(lived));
    browser.enter(&base, "elena", PASSWORD).await;
    browser.go(&format!("{base}/desk/ritagli?edizione=generale")).await;
    let mut hands = Hands::on(browser);

    hands.press("i").await;
    let lines = coded(&hands).await;
    println!("  {} lines have a code", lines.len());
    for (number, (section, of)) in wanted.iter().enumerate() {
        for event in of {
            let tells = |line: &&Coded| events.get(line.title.as_str()) == Some(event);
            // of several tellings the one that stands where it belongs
            let line = lines.iter().filter(tells).find(|line| line.section == *section);
            let line = line.or_else(|| lines.iter().find(tells)).expect("the event is among the candidates");
            see(&mut hands, &line.code).await;
            if line.section != *section {
                hands.type_keys(&(number + 1).to_string()).await;
            }
            hands.type_keys(&line.code).await;
        }
        println!("  {} keys after {section}", hands.keys);
    }
    // past the first button to the second: what was not typed does not leave
    hands.type_keys(&format!("{TAB}{TAB}")).await;
    hands.press(&ENTER.to_string()).await;
    hands.press("C").await;
    let found: Vec<Vec<Option<usize>>> =
        issue(&hands, &events).await.into_iter().map(|(_, told)| told).filter(|told| !told.is_empty()).collect();
    let as_wanted: Vec<Vec<Option<usize>>> =
        wanted.iter().map(|(_, of)| of.iter().map(|e| Some(*e)).collect()).collect();
    println!("{} keys for the edition of twenty; the bar is {BAR}", hands.keys);
    assert_eq!(found, as_wanted);
    assert!(hands.keys <= BAR, "{} keys", hands.keys);
    hands.browser.close().await;
}

/// A line that can be called by its code.
struct Coded {
    code: String,
    title: String,
    section: String,
}

async fn coded(hands: &Hands) -> Vec<Coded> {
    let ask = "return [...document.querySelectorAll('[data-code]')].map(line => [line.dataset.code, \
               line.querySelector('a').innerText, \
               line.closest('section').querySelector('h2').lastChild.textContent.trim()])";
    let found = hands.browser.driver.execute(ask, Vec::new()).await.expect("lines");
    let lines: Vec<[String; 3]> = found.convert().expect("three words each");
    lines.into_iter().map(|[code, title, section]| Coded { code, title, section }).collect()
}

/// Turns the page until the line can be read: wholly, and not behind the field.
async fn see(hands: &mut Hands, code: &str) {
    let ask = format!(
        "const line = document.querySelector('[data-code={code}]').getBoundingClientRect(); \
         const most = document.querySelector('.codes-bar').getBoundingClientRect().top; \
         return line.top < 0 ? -1 : line.bottom > most ? 1 : 0"
    );
    for _ in 0..100 {
        let found = hands.browser.driver.execute(&ask, Vec::new()).await.expect("a place");
        match found.json().as_i64() {
            Some(0) => return,
            Some(1) => hands.turn(&PAGE_DOWN.to_string()).await,
            _ => hands.turn(&PAGE_UP.to_string()).await,
        }
    }
    panic!("{code} does not come into sight");
}
