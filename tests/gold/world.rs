//! The gold day as values: what is told by whom and when, and what is true of it. RULES.md in its folder says how it was
//! written; the files are the data, this makes articles of them. No chance: the same files give the same day.

use serde::Deserialize;
use std::collections::BTreeMap;

/// Words that an editor exchanges, and what is put in their place.
const EXCHANGED: [(&str, &str); 12] = [
    ("questa mattina", "stamane"),
    ("circa", "pressappoco"),
    ("subito", "immediatamente"),
    ("un uomo", "un signore"),
    ("ha annunciato", "ha fatto sapere"),
    ("è prevista", "è attesa"),
    ("milioni di euro", "milioni"),
    ("utilizzare", "usare"),
    ("all'alba", "di primo mattino"),
    ("sono rimasti", "risultano"),
    ("destina", "assegna"),
    ("Il contributo", "Il finanziamento"),
];
/// What a light hand puts before it.
const OWN_BEGINNING: &str = "La notizia è arrivata da poco in redazione.";

/// An outlet of the day.
#[derive(Debug, Deserialize)]
pub struct Outlet {
    /// Its slug.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its kind, as feeds.toml writes it.
    pub kind: String,
    /// Its tier.
    pub tier: u32,
    /// Its host; empty for the one with a drop folder.
    pub host: String,
    dateline: String,
    footer: String,
}

/// What happened, and what a person makes of it.
#[derive(Debug)]
pub struct Event {
    /// Its name.
    pub id: String,
    /// The section that it belongs to, if it is ours.
    pub section: Option<String>,
    /// Its place within the section in the review of a person.
    pub entry: Option<usize>,
}

/// How a reprint was edited.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Edit {
    /// All of it under another title.
    Whole,
    /// The first part.
    Cut,
    /// Words exchanged, a sentence left out.
    Light,
}

/// An article of the day.
#[derive(Debug)]
pub struct Told {
    /// Its name, which is its path and the end of its guid.
    pub id: String,
    /// Number of its event.
    pub event: usize,
    /// Number of its outlet.
    pub outlet: usize,
    /// Minutes after midnight of the 25th.
    pub at: u32,
    /// Its title.
    pub title: String,
    /// Its text, a paragraph each.
    pub text: Vec<String>,
    /// What it reprints, and how.
    pub copy: Option<(String, Edit)>,
    /// A notice that nobody else tells: one article, one event.
    pub is_notice: bool,
}

/// The whole day.
#[derive(Debug)]
pub struct Day {
    /// The outlets.
    pub outlets: Vec<Outlet>,
    /// What happened.
    pub events: Vec<Event>,
    /// What was told, by time.
    pub told: Vec<Told>,
}

#[derive(Deserialize)]
struct Outlets {
    outlet: Vec<Outlet>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stories {
    story: Vec<Story>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Story {
    id: String,
    section: Option<String>,
    entry: Option<usize>,
    piece: Vec<Piece>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Piece {
    outlet: String,
    at: String,
    title: String,
    #[serde(default)]
    text: String,
    copy: Option<String>,
    edit: Option<Edit>,
}

impl Day {
    /// Reads the files.
    pub fn read() -> Self {
        let Outlets { outlet: outlets } =
            toml::from_str(include_str!("../worlds/gold-day/outlets.toml")).expect("outlets.toml");
        let mut day = Self { outlets, events: Vec::new(), told: Vec::new() };
        for (text, notices) in [
            (include_str!("../worlds/gold-day/stories.toml"), false),
            (include_str!("../worlds/gold-day/near.toml"), false),
            (include_str!("../worlds/gold-day/notices.toml"), true),
            (include_str!("../worlds/gold-day/noise.toml"), true),
        ] {
            let Stories { story } = toml::from_str(text).expect("stories");
            story.into_iter().for_each(|s| day.tell(s, notices));
        }
        day.told.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
        day
    }

    /// The number of an outlet.
    fn outlet(&self, id: &str) -> usize {
        self.outlets.iter().position(|o| o.id == id).unwrap_or_else(|| panic!("no outlet {id}"))
    }

    fn tell(&mut self, story: Story, is_notice: bool) {
        let event = self.events.len();
        let plain: BTreeMap<String, String> = story.piece.iter().map(|p| (p.outlet.clone(), p.text.clone())).collect();
        for piece in &story.piece {
            let (day, time) = piece.at.split_once(' ').expect("day and time");
            let (hour, minute) = time.split_once(':').expect("hour and minute");
            let number = |text: &str| text.parse::<u32>().expect("a number");
            let outlet = self.outlet(&piece.outlet);
            let text = match (&piece.copy, piece.edit) {
                (Some(of), Some(edit)) => edited(&plain[of], edit),
                _ => sentences(&piece.text),
            };
            self.told.push(Told {
                id: format!("{}-{}", story.id, piece.outlet),
                event,
                outlet,
                at: (number(day) - 25) * 1440 + number(hour) * 60 + number(minute),
                title: piece.title.clone(),
                text: self.dressed(outlet, &text),
                copy: piece.copy.as_ref().zip(piece.edit).map(|(of, edit)| (format!("{}-{of}", story.id), edit)),
                is_notice,
            });
        }
        self.events.push(Event { id: story.id, section: story.section, entry: story.entry });
    }

    /// Two sentences a paragraph, under the outlet's dateline and above its footer.
    fn dressed(&self, outlet: usize, sentences: &[String]) -> Vec<String> {
        let outlet = &self.outlets[outlet];
        let mut text: Vec<String> = sentences.chunks(2).map(|two| two.join(" ")).collect();
        if let Some(first) = text.first_mut() {
            first.insert_str(0, &outlet.dateline);
        }
        text.extend(Some(outlet.footer.clone()).filter(|f| !f.is_empty()));
        text
    }
}

impl Told {
    /// The time of it, as RSS writes it; the day is a Wednesday.
    pub fn date(&self) -> String {
        let (day, name) = if self.at < 1440 { (25, "Wed") } else { (26, "Thu") };
        format!("{name}, {day} Nov 2026 {:02}:{:02}:00 +0100", self.at % 1440 / 60, self.at % 60)
    }
}

/// The sentences of a text: they end where the next begins with a capital or a quotation mark.
fn sentences(text: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    let words: Vec<&str> = text.split_whitespace().collect();
    for (at, word) in words.iter().enumerate() {
        let last = found.last_mut().expect("there is one");
        if !last.is_empty() {
            last.push(' ');
        }
        last.push_str(word);
        let ends = word.trim_end_matches('»').ends_with(['.', '?', '!']);
        let begins = words.get(at + 1).is_some_and(|w| w.starts_with(|c: char| c.is_uppercase() || c == '«'));
        if ends && begins && word.len() > 3 {
            found.push(String::new());
        }
    }
    found.retain(|s| !s.is_empty());
    found
}

fn edited(text: &str, edit: Edit) -> Vec<String> {
    let mut all = sentences(text);
    match edit {
        Edit::Whole => {}
        Edit::Cut => all.truncate((all.len() * 3).div_ceil(5)),
        Edit::Light => {
            all.remove(2);
            for sentence in &mut all {
                for (from, to) in EXCHANGED {
                    *sentence = sentence.replace(from, to);
                }
            }
            all.insert(0, OWN_BEGINNING.to_owned());
        }
    }
    all
}
