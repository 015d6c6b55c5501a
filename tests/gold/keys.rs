//! A person's review of the gold day made by keyboard, the keys counted.
//!
//! The person knows what she wants: twenty stories, in these sections, in this order. She looks at a line, and presses
//! the key of its section, or goes on. What she types to find a line counts letter by letter.

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
/// The keys that it takes today, with some room: the order of the candidates is what costs.
const TODAY: usize = 150;

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
    let section_of = |event: usize| wanted.iter().position(|(_, of)| of.contains(&event)).expect("a section");
    browser.enter(&base, "elena", PASSWORD).await;
    browser.go(&format!("{base}/desk/ritagli?edizione=generale")).await;
    let mut hands = Hands::on(browser);

    // one walk down the stories of several outlets, then down the others, as far as something is missing
    let mut kept = Vec::new();
    // where those are few: their number stands beside the name of the view
    let views = if several(&hands).await <= 60 { &["several", "all"][..] } else { &["all"] };
    if views.len() > 1 {
        hands.press("a").await;
    }
    for view in views {
        loop {
            let lines = hands.lines().await;
            for (line, title) in lines.iter().enumerate() {
                let Some(event) = events.get(title.as_str()).copied().filter(|e| !kept.contains(e)) else { continue };
                hands.go_to(line, true).await;
                hands.press(&(section_of(event) + 1).to_string()).await;
                println!("  {view}, line {}: {}", line + 1, lived.day.events[event].id);
                kept.push(event);
            }
            if kept.len() == 20 || !hands.browser.has("a[rel=next]").await {
                break;
            }
            hands.press("n").await;
        }
        if kept.len() == 20 {
            break;
        }
        if *view == "several" {
            hands.press("a").await;
        }
    }
    println!("{} of 20 kept after {} keys", kept.len(), hands.keys);
    // what is not kept does not leave
    for key in ["X", "v"] {
        hands.press(key).await;
    }
    let sections: Vec<Vec<usize>> = wanted.iter().map(|(_, of)| of.clone()).collect();
    hands.order(&sections, |title| events.get(title).copied()).await;
    hands.press("C").await;
    let found: Vec<Vec<Option<usize>>> =
        issue(&hands, &events).await.into_iter().map(|(_, told)| told).filter(|told| !told.is_empty()).collect();
    let as_wanted: Vec<Vec<Option<usize>>> =
        wanted.iter().map(|(_, of)| of.iter().map(|e| Some(*e)).collect()).collect();
    println!("{} keys for the edition of twenty; the bar is {BAR}", hands.keys);
    assert_eq!(found, as_wanted);
    assert!(hands.keys <= TODAY, "{} keys", hands.keys);
    hands.browser.close().await;
}

/// How many stories more than one outlet tells, as the page says it.
async fn several(hands: &Hands) -> usize {
    let words = hands.browser.one("[data-key='a']").await.text().await.expect("words");
    words.rsplit(' ').next().and_then(|n| n.parse().ok()).expect("a number")
}
