//! How much a story weighs in a review: points that add up, each with its reason.
//!
//! What is printed is what sorts: every part is a whole number, the sum orders, ties go by time and then by number. The
//! weights are the office's ([`Weights`]), nothing here is learned but the one part that says so, and that one is small.
//! Relevance is made of the places of a watch's words ([`Grade`]): the title counts three times, the lead one and a half,
//! more than three places of one word say nothing more. A single loose word is little: at least two different ones are
//! asked for, or a strong one (words as they stand, words near each other, a word in the title). The name of the town is
//! neither: nearly all that a local outlet prints has it, in the title too. Where a watch has terms of its own
//! ([`salastampa_domain::Grading`]), each brings or takes away what it says, and is told with it.
//!
//! Left out: the order itself and the caps (crate `digest`), words.

use salastampa_domain::time::HOUR;
use salastampa_domain::{Grade, Part, Pattern, PatternKind, Point, Spot, Timestamp, Weights};
use std::collections::BTreeMap;

/// What is known of a story.
#[derive(Clone, Debug, Default)]
pub struct Facts<'a> {
    /// The watches that clipped it.
    pub watches: Vec<Spoken<'a>>,
    /// Each article that tells it.
    pub articles: Vec<Told<'a>>,
    /// An article of it used a release of the office.
    pub release: bool,
    /// It stood in the review before, and nothing new came.
    pub repeated: bool,
}

/// What a watch says of a story.
#[derive(Clone, Debug)]
pub struct Spoken<'a> {
    /// Weight of the watch, 1 to 10; 5 is neither more nor less.
    pub weight: u8,
    /// What was found in each of the articles that it clipped.
    pub grades: Vec<&'a Grade>,
    /// The words that matched, where no grade was kept.
    pub why: Vec<&'a str>,
    /// What the office's decisions say of it: -1000 to 1000, and on how many decisions that rests.
    pub taught: Option<(i64, i64)>,
}

/// An article that tells a story.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// Number of the outlet.
    pub outlet: i64,
    /// Its name.
    pub name: &'a str,
    /// 1 is the first, 5 the last.
    pub tier: u8,
    /// The text of another article.
    pub copy: bool,
    /// The highest place that it had on the outlet's front or home page, from 1.
    pub front: Option<i64>,
    /// When it was published, or first seen.
    pub dated: Timestamp,
}

/// What is the same for all stories of an issue.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// The hour of the issue: freshness is reckoned to it, so that the order does not move while somebody looks at it.
    pub at: Timestamp,
    /// Articles of all sources that two hours before that hour usually bring.
    pub usual: i64,
    /// The office's weights.
    pub weights: Weights,
}

/// Places of one word that count.
const MOST_PLACES: f64 = 3.0;
/// What a phrase that stands once in the body of an article brings, of a watch of middle weight, where relevance may
/// bring forty.
const UNIT: f64 = 4.0;
/// The same words are told of at most so many.
const MOST_WORDS: usize = 3;
/// Terms with a weight are told up to so many: who gave the weights wants to follow them.
const MOST_TERMS: usize = 8;
/// What the name of the town brings, wherever and however often it stands: about a word in the body.
const TOWN: f64 = 0.75;
/// Places of a front page that count.
pub const FRONT: i64 = 10;
/// How much a copy counts beside an outlet's own article.
const COPY: f64 = 0.3;

/// The points of a story, the largest part first; parts that bring nothing are not told.
pub fn weigh(facts: &Facts, setting: &Setting) -> Vec<Point> {
    let parts = [
        relevance(facts, &setting.weights),
        taught(facts, &setting.weights),
        role(facts, &setting.weights),
        outlets(facts, &setting.weights),
        tier(facts, &setting.weights),
        front(facts, &setting.weights),
        velocity(facts, setting),
        freshness(facts, setting),
        facts.release.then(|| plain(Part::Release, setting.weights.release)),
        facts.repeated.then(|| plain(Part::Repeated, -setting.weights.repeated)),
    ];
    let mut points: Vec<Point> = parts.into_iter().flatten().filter(|point| point.points != 0).collect();
    points.sort_by_key(|point| (std::cmp::Reverse(point.points), point.part));
    points
}

fn plain(part: Part, points: i64) -> Point {
    Point { part, points, what: String::new(), spot: None, n: 0 }
}

/// To a whole number, bounded on both sides: what is printed is what is added.
fn whole(value: f64, most: i64) -> i64 {
    let most = most.max(0);
    if value.is_finite() { (value.round() as i64).clamp(-most, most) } else { 0 }
}

/// A word of a watch over all articles of the story: the best place it has in any.
struct Word<'a> {
    words: &'a str,
    spot: Spot,
    worth: f64,
    strong: bool,
    town: bool,
    /// A term of the watch found it.
    weighed: bool,
}

/// Marks what is the name of the town, or its beginning (*Bellariva* of *Bellariva sul Lago*): to be asked before a
/// grade is kept.
pub fn mark_town(patterns: &mut [Pattern], town: &str) {
    let town: Vec<String> = salastampa_text::words(town).into_iter().map(|w| w.text).collect();
    for pattern in patterns {
        let mut words = salastampa_text::words(&pattern.words).into_iter().map(|w| w.text).peekable();
        if words.peek().is_some() && words.enumerate().all(|(n, word)| town.get(n) == Some(&word)) {
            pattern.kind = PatternKind::Town;
        }
    }
}

fn words_of<'a>(spoken: &Spoken<'a>) -> Vec<Word<'a>> {
    let mut best: BTreeMap<String, Word<'a>> = BTreeMap::new();
    let mut put = |word: Word<'a>| {
        let known = best.entry(salastampa_text::fold(word.words)).or_insert(Word { worth: 0.0, ..word });
        if word.worth.abs() > known.worth.abs() {
            *known = word;
        }
    };
    for pattern in spoken.grades.iter().flat_map(|grade| &grade.patterns) {
        let town = pattern.kind == PatternKind::Town;
        let factor = match pattern.kind {
            PatternKind::Phrase | PatternKind::Near => 1.0,
            PatternKind::Word | PatternKind::Town => 0.75,
            PatternKind::Prefix => 0.5,
        };
        // the first three places count, the best of them first
        let (mut left, mut worth) = (MOST_PLACES, 0.0);
        for (count, field) in [(pattern.title, 3.0), (pattern.lead, 1.5), (pattern.body, 1.0)] {
            let counted = f64::from(count).min(left);
            worth += counted * field;
            left -= counted;
        }
        let spot = match (pattern.title, pattern.lead) {
            (1.., _) => Spot::Title,
            (0, 1..) => Spot::Lead,
            _ => Spot::Body,
        };
        let several = pattern.words.split_whitespace().count() > 1;
        let strong = pattern.strong || (!town && (spot == Spot::Title || (several && factor == 1.0)));
        // a term says by itself what it brings, the name of the town too
        let worth = match pattern.weight {
            Some(weight) => worth * f64::from(weight) / UNIT,
            None if town => TOWN,
            None => worth * factor,
        };
        put(Word { words: &pattern.words, spot, worth, strong, town, weighed: pattern.weight.is_some() });
    }
    if best.is_empty() {
        // clipped by an older program, or for its outlet alone
        for words in &spoken.why {
            best.entry(salastampa_text::fold(words)).or_insert(Word {
                words,
                spot: Spot::Body,
                worth: 1.0,
                strong: false,
                town: false,
                weighed: false,
            });
        }
    }
    let mut words: Vec<Word> = best.into_values().collect();
    words.sort_by(|a, b| b.worth.abs().total_cmp(&a.worth.abs()).then_with(|| a.words.cmp(b.words)));
    words
}

fn relevance(facts: &Facts, weights: &Weights) -> Option<Point> {
    let all = facts.watches.iter().map(|spoken| of_watch(spoken, weights.relevance));
    // of equals the watch that comes first
    all.reduce(|best, next| if next.n > best.n { next } else { best })
}

/// What the words of one watch bring, where relevance may bring `most`.
fn of_watch(spoken: &Spoken, most: i64) -> Point {
    let words = words_of(spoken);
    let sum = words.iter().map(|w| w.worth).sum::<f64>();
    let weighed = words.iter().any(|w| w.weighed);
    // a single loose word is little; terms say by themselves how little
    let loose = !weighed
        && !words.is_empty()
        && words.iter().filter(|w| !w.town).count() <= 1
        && !words.iter().any(|w| w.strong);
    let sum = if weighed { sum.max(0.0) } else { sum.max(1.0) };
    let sum = if loose { sum / 2.0 } else { sum };
    let scale = UNIT * f64::from(spoken.weight) / 5.0 * most as f64 / 40.0;
    let worth = sum * scale;
    // each term with what it brings, so that the sum can be followed; of loose words the weightiest
    let told: Vec<String> = match weighed {
        true => words.iter().map(|w| format!("{} {}", w.words, signed((w.worth * scale).round() as i64))).collect(),
        false => words.iter().map(|w| w.words.to_owned()).collect(),
    };
    let told = &told[..told.len().min(if weighed { MOST_TERMS } else { MOST_WORDS })];
    let spot = words.first().map(|w| w.spot);
    let points = whole(worth, most);
    // no story has so many words that the rest of it is lost
    Point { part: Part::Relevance, points, what: told.join(", "), spot, n: worth.min(1e9) as i64 }
}

/// `+12`, `−10`: in the words of a reason, which are the same in every language.
fn signed(points: i64) -> String {
    if points < 0 { format!("−{}", points.unsigned_abs()) } else { format!("+{points}") }
}

/// What the words of a watch bring for one article, 0 to 40 whatever the office's weights are: what the minimum of a
/// watch is compared with.
pub fn relevance_alone(grade: &Grade, why: &[String], weight: u8) -> i64 {
    let why = why.iter().map(String::as_str).collect();
    of_watch(&Spoken { weight, grades: vec![grade], why, taught: None }, 40).points
}

/// Whether a grade has two different words, or one that a term marks strong. The name of the town is none, nor is what
/// takes away.
pub fn is_diverse(grade: &Grade) -> bool {
    let speaks = |p: &&Pattern| p.kind != PatternKind::Town && p.weight.is_none_or(|weight| weight > 0);
    let words: std::collections::BTreeSet<String> =
        grade.patterns.iter().filter(speaks).map(|p| salastampa_text::fold(&p.words)).collect();
    words.len() > 1 || grade.patterns.iter().any(|p| p.strong)
}

fn taught(facts: &Facts, weights: &Weights) -> Option<Point> {
    let (leaning, decisions) =
        facts.watches.iter().filter_map(|w| w.taught).max_by_key(|(leaning, _)| leaning.abs())?;
    let points = whole(leaning as f64 / 1000.0 * weights.feedback as f64, weights.feedback);
    Some(Point { n: decisions, ..plain(Part::Feedback, points) })
}

fn role(facts: &Facts, weights: &Weights) -> Option<Point> {
    let people = facts.watches.iter().flat_map(|w| &w.grades).flat_map(|grade| &grade.people);
    // the weightiest place; of equals who comes first by name
    let first = people.min_by(|a, b| (a.spot, &a.name).cmp(&(b.spot, &b.name)))?;
    let points = match first.spot {
        Spot::Title => weights.role_title,
        Spot::Lead => weights.role_lead,
        Spot::Body => weights.role_quoted,
    };
    Some(Point { what: first.name.clone(), spot: Some(first.spot), ..plain(Part::Role, points) })
}

fn outlets(facts: &Facts, weights: &Weights) -> Option<Point> {
    let mut own: BTreeMap<i64, bool> = BTreeMap::new();
    for article in &facts.articles {
        *own.entry(article.outlet).or_default() |= !article.copy;
    }
    let independent = own.values().map(|own| if *own { 1.0 } else { COPY }).sum::<f64>().max(1.0);
    let points = whole(weights.outlet as f64 * independent.log2(), weights.outlets);
    Some(Point { n: i64::try_from(own.len()).unwrap_or(i64::MAX), ..plain(Part::Outlets, points) })
}

fn tier(facts: &Facts, weights: &Weights) -> Option<Point> {
    let best = facts.articles.iter().min_by_key(|a| (a.tier, a.dated, a.outlet))?;
    let points = whole(weights.tier as f64 * f64::from(5 - best.tier.clamp(1, 5)) / 4.0, weights.tier);
    Some(Point { what: best.name.to_owned(), ..plain(Part::Tier, points) })
}

/// The highest place on a front page: the first brings all, the tenth a tenth, what lies below nothing.
fn front(facts: &Facts, weights: &Weights) -> Option<Point> {
    let placed = facts.articles.iter().filter_map(|a| Some((a.front?.max(1), a)));
    let (place, best) = placed.min_by_key(|(place, a)| (*place, a.tier, a.dated, a.outlet))?;
    let share = (FRONT + 1 - place).max(0) as f64 / FRONT as f64;
    let points = whole(weights.front as f64 * share, weights.front);
    Some(Point { what: best.name.to_owned(), n: place, ..plain(Part::Front, points) })
}

/// Articles of its last two hours before the issue, against what those hours usually bring: two at least, and where all
/// is in uproar more.
fn velocity(facts: &Facts, setting: &Setting) -> Option<Point> {
    let from = setting.at.plus(-2 * HOUR);
    let own = facts.articles.iter().filter(|a| !a.copy && a.dated >= from && a.dated <= setting.at).count();
    if own < 2 {
        return None;
    }
    let calm = 1.0 + setting.usual.max(0) as f64 / 4.0;
    let most = setting.weights.velocity;
    let points = whole(most as f64 * own as f64 / calm, most);
    Some(Point { n: i64::try_from(own).unwrap_or(i64::MAX), ..plain(Part::Velocity, points) })
}

fn freshness(facts: &Facts, setting: &Setting) -> Option<Point> {
    let newest = facts.articles.iter().map(|a| a.dated).max()?;
    let hours = setting.at.since(newest).max(0) as f64 / HOUR as f64;
    let most = setting.weights.freshness;
    let points = most as f64 * (-hours / setting.weights.freshness_hours.max(1) as f64).exp();
    Some(plain(Part::Freshness, whole(points, most)))
}
