//! From the clippings of a period to the sections of a review: a value in, a value out.
//!
//! One story is one line: the article that stands for it, "anche su" the others, and why it is here. The machine
//! proposes by points that print themselves, and every tie ends at a number, so that the same rows give the same review
//! whatever their order. What a person kept is never cut off by the cap, what a person dropped does not come.
//!
//! [`lay`] lays every story on the table, also those that stay out, and says why; [`sections`] takes those that leave. Both
//! ask the [`Arrangement`]: what a person put in its place stays there whatever comes, what she dropped comes back only
//! with news, and what arrived after she began waits apart.
//!
//! Left out: later versions (acts), how points are given (crate `stories`, handed in as [`Weigh`]), the words of the
//! readers' language ([`crate::sheet`]).

mod told;

use crate::{borrowed, extract};
use jiff::civil::Date;
use salastampa_domain::time::HOUR;
use salastampa_domain::{
    Allowed, Arrangement, Article, ArticleId, Audience, Clipping, ClippingState, Edition, Entry, ForeignText, Hand,
    Outlet, OutletId, Point, ReviewSection, StoryId, Timestamp, Use, Via, Watch, allowed, importance,
};
use std::collections::BTreeMap;
use told::{Key, Rank, Told};

/// A clipping with all that is needed to judge and to print it.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Why the article is here.
    pub clipping: Clipping,
    /// The watch that clipped it.
    pub watch: Watch,
    /// The article.
    pub article: Article,
    /// The body of its newest revision; empty where it was not kept.
    pub body: ForeignText,
    /// Its publication, with the rights class that holds for its source.
    pub outlet: Outlet,
    /// Whether another article is the root of its copy group.
    pub is_copy: bool,
    /// The outlet of that root, where it is another one; else empty.
    pub origin: String,
}

/// An article that tells a story too, though no watch clipped it: it stands beside the story and counts in its weight, and
/// brings no story into a review.
#[derive(Clone, Debug)]
pub struct Other {
    /// The article.
    pub article: Article,
    /// Its publication, with the rights class that holds for its source.
    pub outlet: Outlet,
    /// Whether another article is the root of its copy group.
    pub is_copy: bool,
    /// The outlet of that root, where it is another one; else empty.
    pub origin: String,
}

/// An article that a review shows: it becomes a [`Use`] when the review leaves.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shown {
    /// Whose text.
    pub outlet: OutletId,
    /// Which article.
    pub article: ArticleId,
    /// Characters of the extract; 0 is title, source and link alone.
    pub chars: usize,
}

impl Shown {
    /// The account of it, once it has left: when, as what (`review mail`), to how many people.
    pub fn leaving(&self, at: Timestamp, output: &str, readers: usize) -> Use {
        Use {
            at,
            outlet: self.outlet,
            article: self.article,
            output: output.to_owned(),
            full_text: false,
            chars: self.chars,
            readers,
        }
    }
}

/// Most words that a line of *perché è qui* names.
const WORDS_OF_A_REASON: usize = 6;
/// Watches of other sections are named, and no more than these.
const OTHER_REASONS: usize = 3;
/// How old an article may be when it matches. Whether it is `fresh` governs alerts alone: what a new source told last
/// evening is no reason to ring anybody, and belongs into the first review all the same.
pub const RECENT: i64 = 48 * HOUR;
/// Longest title, in characters.
const LONGEST_TITLE: usize = 300;

/// How the weight of a story is found.
pub struct Weigh<'a> {
    /// The points of a story, each with its reason.
    pub points: &'a dyn Fn(&Gathered) -> Vec<Point>,
    /// What a story must have to be proposed; a person's word stands above it.
    pub minimum: i64,
}

/// A story before it is weighed.
pub struct Gathered<'a> {
    /// The story, where it is known.
    pub story: Option<StoryId>,
    /// The clippings of the watches that feed its section, the weightiest watch first.
    pub clippings: &'a [&'a Candidate],
    /// Its articles, each once, the one that stands for it first.
    pub articles: &'a [&'a Candidate],
    /// What tells it beside them.
    pub others: &'a [&'a Other],
}

/// One story on the table of the desk.
#[derive(Clone, PartialEq, Debug)]
pub struct Line {
    /// The story; none while it is not known, and then nobody can decide about it yet.
    pub story: Option<StoryId>,
    /// Number of its section among those of the edition.
    pub section: usize,
    /// Whether it leaves.
    pub standing: Standing,
    /// As the readers will see it.
    pub entry: Entry,
    /// What a person decided of it.
    pub hand: Option<Hand>,
    /// Its articles, the one that stands for it first, those that no watch clipped last.
    pub articles: Vec<LineArticle>,
    /// Its newest article that is no copy of another.
    pub newest: ArticleId,
    /// When the first of its articles was clipped.
    pub since: Timestamp,
    /// It was dropped, and something new was written on it since.
    pub returned: bool,
    /// The office's own words are an article's words: they were cut like an extract.
    pub borrowed: bool,
    /// The sentences that a person chose stand in the article no more: the program's choice stands again.
    pub lost: bool,
    /// Characters of others' text that it shows.
    chars: usize,
    /// A clipping of it was kept.
    kept_clipping: bool,
    rank: Rank,
}

/// An article of a line.
#[derive(Clone, PartialEq, Debug)]
pub struct LineArticle {
    /// Which.
    pub article: ArticleId,
    /// The publication's name.
    pub outlet_name: String,
    /// Its title.
    pub title: String,
    /// Its address.
    pub url: String,
    /// When it was published, or first seen.
    pub dated: Timestamp,
    /// Whether it is the same text as another.
    pub copy: bool,
    /// Whether a watch or a person clipped it: only such an article can stand for the story.
    pub clipped: bool,
}

/// Where a line stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// It leaves with the review.
    In,
    /// It would be one too many in its section, or weighs too little.
    Over,
    /// It arrived after somebody began to decide, and nobody has placed it.
    Late,
    /// Somebody dropped it.
    Out,
}

/// Whether what arrived after somebody began to decide leaves too, behind the rest: it does where nobody confirms.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Latecomers {
    /// They leave, as far as there is room.
    Leave,
    /// They wait for the next issue.
    Wait,
}

/// The sections of a review, in the edition's order and also the empty ones, and what they show of others' texts.
///
/// `readers` is how many people will get it and `today` the Italian day on which it leaves: rights depend on both. A
/// clipping is proposed if its article was dated less than 48 hours before it matched, or if a person kept it.
pub fn compose(
    edition: &Edition,
    candidates: &[Candidate],
    arrangement: &Arrangement,
    latecomers: Latecomers,
    readers: usize,
    today: Date,
    weigh: &Weigh,
) -> (Vec<ReviewSection>, Vec<Shown>) {
    sections(edition, &lay(edition, candidates, &[], arrangement, readers, today, weigh), latecomers)
}

/// Every story of the issue, the first by the edition's rule ([`OrderRule`](salastampa_domain::OrderRule)) first: in an
/// order that no decision changes. `others` tell the stories too.
pub fn lay(
    edition: &Edition,
    candidates: &[Candidate],
    others: &[Other],
    arrangement: &Arrangement,
    readers: usize,
    today: Date,
    weigh: &Weigh,
) -> Vec<Line> {
    let audience = Audience::Readers(readers);
    let right =
        |outlet: &Outlet, of: &Article| allowed(outlet.rights, outlet.contract.as_ref(), &of.signals, audience, today);
    let gate = |c: &Candidate| right(&c.outlet, &c.article);
    let mut beside: BTreeMap<Key, Vec<&Other>> = BTreeMap::new();
    for other in others.iter().filter(|o| right(&o.outlet, &o.article).shown) {
        beside.entry(Key::of(&other.article)).or_default().push(other);
    }
    let hand_of = |c: &Candidate| c.article.story.and_then(|story| arrangement.hands.get(&story));
    let mut told: BTreeMap<Key, Vec<&Candidate>> = BTreeMap::new();
    for candidate in candidates.iter().filter(|c| is_proposed(c, hand_of(c)) && gate(c).shown) {
        told.entry(Key::of(&candidate.article)).or_default().push(candidate);
    }
    let mut lines: Vec<Line> = told
        .into_iter()
        .filter_map(|(key, clippings)| {
            let hand = clippings.first().and_then(|c| hand_of(c));
            let told = Told::of(edition, clippings, beside.remove(&key).unwrap_or_default(), hand, weigh)?;
            line(&told, hand, arrangement, gate)
        })
        .collect();
    lines.sort_by_key(|line| line.rank);
    let too_light = |l: &Line| l.standing == Standing::In && !l.is_settled() && !l.kept_clipping;
    for light in lines.iter_mut().filter(|l| l.points() < weigh.minimum && too_light(l)) {
        light.standing = Standing::Over;
    }
    for section in 0..edition.sections.len() {
        fill(&mut lines, section, edition);
    }
    lines
}

/// The lines of a section that leave, in the order in which they stand there.
pub fn standing_in(lines: &[Line], section: usize) -> Vec<&Line> {
    let mut inside: Vec<&Line> = lines.iter().filter(|l| l.section == section && l.standing == Standing::In).collect();
    inside.sort_by_key(|l| l.order());
    inside
}

/// The sections made of the lines that leave, and what they show of others' texts.
pub fn sections(edition: &Edition, lines: &[Line], latecomers: Latecomers) -> (Vec<ReviewSection>, Vec<Shown>) {
    let mut shown = Vec::new();
    let sections = edition.sections.iter().enumerate().map(|(number, section)| {
        let mut leaving = standing_in(lines, number);
        if latecomers == Latecomers::Leave {
            let mut room = Room::of(edition);
            leaving.iter().for_each(|line| room.take(line));
            for late in lines.iter().filter(|l| l.section == number && l.standing == Standing::Late) {
                if room.has(late) {
                    room.take(late);
                    leaving.push(late);
                }
            }
        }
        shown.extend(leaving.iter().map(|l| Shown {
            outlet: l.entry.outlet,
            article: l.entry.article,
            chars: l.chars,
        }));
        let entries = leaving.into_iter().map(|l| l.entry.clone()).collect();
        ReviewSection { section: section.id, name: section.name.clone(), entries }
    });
    (sections.collect(), shown)
}

impl Line {
    /// The sum of its points.
    pub fn points(&self) -> i64 {
        importance::total(&self.entry.points)
    }

    /// What a person placed stands first and in her order, then the rest by rank.
    fn order(&self) -> (bool, i64, Rank) {
        let place = self.hand.as_ref().and_then(|h| h.place);
        (place.is_none(), place.unwrap_or_default(), self.rank)
    }

    /// Whether a person's word holds it in the review, however full its section is.
    fn is_settled(&self) -> bool {
        self.hand.as_ref().is_some_and(|h| h.is_kept() || h.place.is_some() || h.section.is_some() || h.brought)
    }
}

/// The room of a section: so many stories, and so many that one outlet alone tells.
struct Room<'a> {
    edition: &'a Edition,
    taken: usize,
    alone: BTreeMap<OutletId, usize>,
}

impl<'a> Room<'a> {
    fn of(edition: &'a Edition) -> Self {
        Self { edition, taken: 0, alone: BTreeMap::new() }
    }

    fn has(&self, line: &Line) -> bool {
        let most = self.edition.outlet_cap;
        let full = || self.alone.get(&line.entry.outlet).is_some_and(|taken| *taken >= most);
        self.taken < self.edition.cap && !(most > 0 && line.entry.also_in.is_empty() && full())
    }

    fn take(&mut self, line: &Line) {
        self.taken += 1;
        if line.entry.also_in.is_empty() {
            *self.alone.entry(line.entry.outlet).or_default() += 1;
        }
    }
}

/// Gives out the room of a section: the caps bound what the machine proposes, what a person kept is never cut off.
fn fill(lines: &mut [Line], section: usize, edition: &Edition) {
    let mut inside: Vec<(bool, Rank, usize)> = lines
        .iter()
        .enumerate()
        .filter(|(_, l)| l.section == section && l.standing == Standing::In)
        .map(|(at, l)| (!l.is_settled() && !l.kept_clipping, l.rank, at))
        .collect();
    inside.sort();
    let mut room = Room::of(edition);
    for (unsettled, _, at) in inside {
        if unsettled && !room.has(&lines[at]) {
            lines[at].standing = Standing::Over;
        } else {
            room.take(&lines[at]);
        }
    }
}

fn line(
    told: &Told,
    hand: Option<&Hand>,
    arrangement: &Arrangement,
    gate: impl Fn(&Candidate) -> Allowed,
) -> Option<Line> {
    let lead = told.articles.first()?;
    let chosen = hand.and_then(|h| h.chosen.as_ref()).filter(|chosen| chosen.article == lead.article.id);
    let chosen = chosen.map_or(&[][..], |chosen| &chosen.sentences);
    let cutting = extract::cutting(&gate(lead), &lead.article.lead, &lead.body, chosen);
    let lost = cutting.lost;
    let mut entry = told.entry(lead, cutting);
    let newest = told.newest();
    let returned = hand.is_some_and(|h| h.is_dropped() && newest > h.seen);
    let mut taken = false;
    if let Some(hand) = hand {
        entry.relevance = hand.relevance;
        entry.note.clone_from(&hand.note);
        // where the whole text may leave, its words may leave as a summary too
        let mut bound = told.articles.iter().filter(|c| !gate(c).full_text);
        let from = bound.find(|c| borrowed::is_borrowed(&hand.summary, &c.article.lead, &c.body));
        if let Some(from) = from {
            // an article's own words, whoever types them, are shown as far as that article's outlet allows
            entry.extract = gate(from).extract(&ForeignText::new(hand.summary.as_str()));
            entry.passage = None;
            taken = true;
        } else if !hand.summary.trim().is_empty() {
            entry.summary.clone_from(&hand.summary);
            (entry.extract, entry.passage) = Default::default();
        }
    }
    let untouched = hand.is_none_or(|h| h.is_neutral() || returned);
    let late = arrangement.begun_at.is_some_and(|begun| told.first_matched() > begun || returned);
    let standing = match hand {
        Some(hand) if hand.is_dropped() && !returned => Standing::Out,
        _ if untouched && late => Standing::Late,
        _ => Standing::In,
    };
    Some(Line {
        story: told.story,
        section: told.section,
        standing,
        chars: entry.extract.as_str().chars().count(),
        entry,
        hand: hand.cloned(),
        articles: told.articles.iter().map(|c| c.told()).chain(told.others.iter().map(|o| o.told())).collect(),
        newest,
        lost,
        since: told.first_matched(),
        returned,
        borrowed: taken,
        kept_clipping: told.kept,
        rank: told.rank,
    })
}

impl Candidate {
    fn told(&self) -> LineArticle {
        line_article(&self.article, &self.outlet, self.is_copy, true)
    }
}

impl Other {
    fn told(&self) -> LineArticle {
        line_article(&self.article, &self.outlet, self.is_copy, false)
    }
}

fn line_article(article: &Article, outlet: &Outlet, copy: bool, clipped: bool) -> LineArticle {
    LineArticle {
        article: article.id,
        outlet_name: outlet.name.clone(),
        title: crate::clean::line(&article.title, LONGEST_TITLE),
        url: article.url.clone(),
        dated: article.dated(),
        copy,
        clipped,
    }
}

fn is_proposed(candidate: &Candidate, hand: Option<&Hand>) -> bool {
    if hand.is_some_and(|h| h.is_kept() || h.brought) {
        return true;
    }
    match candidate.clipping.state {
        ClippingState::Dropped { .. } => false,
        ClippingState::Kept { .. } => true,
        ClippingState::Proposed => {
            let article = &candidate.article;
            let imported = matches!(article.via, Via::Import { .. });
            !imported && candidate.clipping.matched_at.since(article.dated()) < RECENT
        }
    }
}

#[cfg(test)]
mod hands;
#[cfg(test)]
pub(crate) mod tests;
