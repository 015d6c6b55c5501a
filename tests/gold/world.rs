//! The gold day as values: what is told by whom and when, and what is true of it. RULES.md in its folder says how it was
//! written; the files are the data, this makes articles of them. No chance: the same files give the same day.

use serde::Deserialize;
use std::collections::BTreeMap;

/// How many events each kind of small notice, and of noise, is made into.
const NOTICES: usize = 9;
const NOISE: usize = 12;
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
    /// Whether a person wrote it, and no generator.
    pub by_hand: bool,
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Kinds {
    slots: BTreeMap<String, Vec<String>>,
    kind: Vec<Kind>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Kind {
    id: String,
    section: Option<String>,
    outlets: Vec<String>,
    titles: Vec<String>,
    sentences: Vec<String>,
}

/// What stands beside the occasion of a notice.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Colour {
    code: Vec<String>,
    gesti: Vec<String>,
    detti: Vec<String>,
    contorni: Vec<String>,
    pezzi: BTreeMap<String, Vec<String>>,
}

impl Colour {
    /// A sentence after one of the patterns, its pieces drawn for this notice.
    fn sentence(&self, patterns: &[String], notice: &str) -> String {
        let mut text = drawn(patterns, notice).to_owned();
        for (name, pieces) in &self.pezzi {
            text = text.replace(&format!("{{{name}}}"), drawn(pieces, &format!("{name} {notice}")));
        }
        format!("{}.", capitalised(&text))
    }
}

/// What a name draws from a list.
fn drawn<'a>(list: &'a [String], name: &str) -> &'a str {
    let at = hashed(name) % list.len() as u64;
    &list[usize::try_from(at).expect("a place in a list")]
}

fn capitalised(text: &str) -> String {
    let mut letters = text.trim_start_matches('«').chars();
    if text.starts_with('«') {
        return format!("«{}", capitalised(letters.as_str()));
    }
    letters.next().map(|c| c.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

impl Day {
    /// Reads the files.
    pub fn read() -> Self {
        let Outlets { outlet: outlets } =
            toml::from_str(include_str!("../worlds/gold-day/outlets.toml")).expect("outlets.toml");
        let mut day = Self { outlets, events: Vec::new(), told: Vec::new() };
        for text in [include_str!("../worlds/gold-day/stories.toml"), include_str!("../worlds/gold-day/near.toml")] {
            let Stories { story } = toml::from_str(text).expect("stories");
            story.into_iter().for_each(|s| day.tell(s));
        }
        let colour: Colour = toml::from_str(include_str!("../worlds/gold-day/colour.toml")).expect("colour.toml");
        for (text, count) in [
            (include_str!("../worlds/gold-day/minor.toml"), NOTICES),
            (include_str!("../worlds/gold-day/noise.toml"), NOISE),
        ] {
            let kinds: Kinds = toml::from_str(text).expect("kinds");
            for (number, kind) in kinds.kind.iter().enumerate() {
                (0..count).for_each(|n| day.notice(kind, &kinds.slots, &colour, number, n));
            }
        }
        day.told.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
        day
    }

    /// The number of an outlet.
    fn outlet(&self, id: &str) -> usize {
        self.outlets.iter().position(|o| o.id == id).unwrap_or_else(|| panic!("no outlet {id}"))
    }

    fn tell(&mut self, story: Story) {
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
                by_hand: true,
            });
        }
        self.events.push(Event { id: story.id, section: story.section, entry: story.entry });
    }

    fn notice(&mut self, kind: &Kind, slots: &BTreeMap<String, Vec<String>>, colour: &Colour, number: usize, n: usize) {
        let salt = hashed(&format!("{}-{n}", kind.id));
        let fill = |text: &str, turn: u64| {
            let whole = if slots.contains_key("cognome") { "{nome} {cognome}" } else { "{nome}" };
            let mut text = text.replace("{nome}", whole);
            for (name, values) in slots {
                // streets and places go through the list, so that no two notices of a kind share theirs
                let steps = number * 5 + n;
                let at = match name.as_str() {
                    "via" | "luogo" => steps % values.len(),
                    _ => usize::try_from((salt >> (name.len() % 7)).wrapping_add(turn * 3) % values.len() as u64)
                        .expect("a place in a list"),
                };
                text = text.replace(&format!("{{{name}}}"), &values[at]);
            }
            text
        };
        let outlet = self.outlet(&kind.outlets[n % kind.outlets.len()]);
        // the sentence that names the town, another one of the kind, and what stands in no other notice of the kind
        let town = kind.sentences.iter().position(|s| s.contains("Bellariva")).unwrap_or(n % kind.sentences.len());
        let other = (town + 1 + n % (kind.sentences.len() - 1)) % kind.sentences.len();
        let one = |patterns: &[String], what: &str| colour.sentence(patterns, &format!("{what} {} {n}", kind.id));
        let text = [
            fill(&kind.sentences[town], town as u64),
            fill(&one(&colour.gesti, "gesto"), 7),
            fill(&kind.sentences[other], other as u64),
            one(&colour.detti, "detto"),
            one(&colour.contorni, "contorno"),
        ];
        let title = fill(&kind.titles[(n / kind.outlets.len()) % kind.titles.len()], 0);
        let title = format!("{}: {}", capitalised(&title), colour.code[(number * 5 + n) % colour.code.len()]);
        let event = self.events.len();
        let id = format!("{}-{n}", kind.id);
        self.events.push(Event { id: id.clone(), section: kind.section.clone(), entry: None });
        let at = 7 * 60 + 40 + u32::try_from(salt % (15 * 60)).expect("minutes");
        let text = self.dressed(outlet, &text);
        self.told.push(Told { id, event, outlet, at, title, text, copy: None, by_hand: false });
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

/// A number out of a name, equal on every machine (FNV-1a, its bits mixed once more: names differ in a digit).
fn hashed(name: &str) -> u64 {
    let fold = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325, fold);
    let hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash ^ (hash >> 33)
}
