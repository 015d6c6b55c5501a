//! What the pages of an issue share: finding it, and a story of it in words.

use crate::answer::Error;
use crate::desk::Desk;
use crate::desk::article::{mark, version_href};
use axum::response::Response;
use salastampa_acts::curate::{self, Done, Pick, Table};
use salastampa_digest::compose::{Line, LineArticle, Standing};
use salastampa_digest::{clean, points};
use salastampa_domain::{
    ArticleId, ClippingState, Edition, Hand, IssueKey, Relevance, Review, Slot, StoryId, Timestamp, Tone, UserId,
};
use salastampa_locale::{Lang, date, fill, number, plural, t};
use salastampa_store::Rows;
use std::collections::BTreeMap;

/// An issue that a page is about.
pub(crate) struct Issue {
    pub(crate) edition: Edition,
    pub(crate) key: IssueKey,
    /// As it is out, if it is.
    pub(crate) out: Option<Review>,
}

/// The issue of that edition and slot, if the person may see it.
pub(crate) async fn find(desk: &Desk, rows: &mut Rows, slug: &str, slot: &str) -> Result<Issue, Error> {
    let edition = edition(desk, rows, slug).await?;
    let slot = Slot::parse(slot).ok_or(Error::Missing)?;
    let out = rows.find_review(edition.id, slot).await?.filter(|r| r.version > 0);
    // a slot that is neither out nor the next one has no page
    let next = edition.next_issue(desk.now);
    if out.is_none() && next != Some(slot) {
        return Err(Error::Missing);
    }
    Ok(Issue { key: IssueKey { edition: edition.id, slot }, edition, out })
}

/// The same, where nothing else is read beside it.
pub(crate) async fn of(desk: &Desk, slug: &str, slot: &str) -> Result<Issue, Error> {
    let mut rows = desk.site.store.read().await?;
    find(desk, &mut rows, slug, slot).await
}

impl Issue {
    /// On to a page of the desk, which says once what was decided about lines of this issue; what changed can be taken back,
    /// which leads to `here` (as `back` of the acts reads it).
    pub(crate) async fn decided(&self, desk: &Desk, done: &Done, path: &str, words: &str, here: &str) -> Response {
        if done.act == 0 {
            return desk.go(path, desk.t("curation.done.nothing")).await;
        }
        let words = match done.unconfirmed {
            false => words.to_owned(),
            true => format!("{words} {}", desk.t("curation.done.unconfirmed")).trim().to_owned(),
        };
        let undo = format!("annulla.{}", done.act);
        desk.go_or_undo(path, words, &format!("{}/fai", self.path()), &[("fai", &undo), ("qui", here)]).await
    }
}

/// `12.3`: a story and the version that was on the screen.
pub(crate) fn pick(text: &str) -> Option<Pick> {
    let (story, version) = text.split_once('.')?;
    let story: i64 = story.parse().ok()?;
    (story > 0).then_some(Pick { story: StoryId(story), version: version.parse().ok()? })
}

/// The edition of that name, if the person may see it.
pub(crate) async fn edition(desk: &Desk, rows: &mut Rows, slug: &str) -> Result<Edition, Error> {
    rows.find_edition(slug).await?.filter(|e| curate::sees(&desk.user, e)).ok_or(Error::Missing)
}

/// The issue that an edition makes next.
pub(crate) fn next_slot(edition: &Edition, now: Timestamp) -> Option<Slot> {
    edition.next_issue(now)
}

impl Issue {
    /// The path of its page, below the site's own.
    pub(crate) fn path(&self) -> String {
        path(&self.edition.slug, self.key.slot)
    }
}

/// The path of the page of an issue, below the site's own.
pub(crate) fn path(slug: &str, slot: Slot) -> String {
    format!("/desk/rassegna/{slug}/{slot}")
}

/// `lunedì 23 novembre 2026, ore 07:00`.
pub(crate) fn hour(slot: Slot, lang: Lang) -> String {
    fill(lang, "common.at_hour", &[("date", &date::long(slot.0.date(), lang)), ("time", &date::time(slot.0.time()))])
}

/// `22 nov 2026, 18:40`.
pub(crate) fn moment(at: Timestamp, lang: Lang) -> String {
    let at = at.civil();
    format!("{}, {}", date::short(at.date(), lang), date::time(at.time()))
}

/// `tra 2 h 5 min`, or that it is leaving.
pub(crate) fn left(at: Timestamp, now: Timestamp, lang: Lang) -> String {
    match at.since(now) {
        ..60_000 => t(lang, "curation.issue.leaving").to_owned(),
        left => fill(lang, "curation.issue.left", &[("length", &number::duration(left - left % 60_000, lang))]),
    }
}

/// A section that can be chosen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Choice {
    pub(crate) id: i64,
    /// Its number among the sections: the key that keeps a story there.
    pub(crate) n: usize,
    pub(crate) name: String,
}

/// The sections of an edition, with their keys.
pub(crate) fn choices(edition: &Edition) -> Vec<Choice> {
    let sections = edition.sections.iter().zip(1..);
    sections.map(|(s, n)| Choice { id: s.id.0, n, name: s.name.clone() }).collect()
}

/// A story on the table, in words.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Row {
    /// 0 while the story is not known.
    pub(crate) story: i64,
    /// `12.3`: story and version, as an act names it.
    pub(crate) pick: String,
    /// The line that is current after this one was decided.
    pub(crate) next: i64,
    pub(crate) title: String,
    pub(crate) url: String,
    pub(crate) source: String,
    /// `+4 testate`; empty if it stands in one.
    pub(crate) more: String,
    pub(crate) datetime: String,
    pub(crate) when: String,
    pub(crate) section: String,
    pub(crate) section_id: i64,
    pub(crate) why: String,
    pub(crate) extract: String,
    pub(crate) summary: String,
    pub(crate) note: String,
    /// The office's words are an article's, and were cut like an extract.
    pub(crate) borrowed: bool,
    /// `proposed`, `kept`, `dropped`, `late`, `over`, `placed`.
    pub(crate) state: &'static str,
    /// The same in words.
    pub(crate) state_words: &'static str,
    /// Who touched it last, and when; empty if nobody did.
    pub(crate) by: String,
    pub(crate) relevance: &'static str,
    pub(crate) relevance_words: &'static str,
    /// How a person read its stance: the value of its button, and the same in words.
    pub(crate) tone: &'static str,
    pub(crate) tone_words: &'static str,
    /// `2 articoli nuovi`, since somebody decided.
    pub(crate) news: String,
    /// The article that stands for it, and since when its text stands here.
    pub(crate) article: (i64, Timestamp),
    /// `corretto dopo, 23 nov 2026, 12:05` with the way to what changed, where that article changed since.
    pub(crate) changed: Option<(String, String)>,
}

impl Row {
    /// Whether somebody put it in.
    pub(crate) fn is_kept(&self) -> bool {
        self.state == "kept"
    }

    /// Whether somebody put it out.
    pub(crate) fn is_dropped(&self) -> bool {
        self.state == "dropped"
    }
}

/// The name of a relevance.
pub(crate) fn relevance_words(relevance: Option<Relevance>, lang: Lang) -> (&'static str, &'static str) {
    match relevance {
        Some(Relevance::Main) => ("p", t(lang, "digest.relevance.main")),
        Some(Relevance::Minor) => ("s", t(lang, "digest.relevance.minor")),
        Some(Relevance::Mention) => ("c", t(lang, "digest.relevance.mention")),
        None => ("", ""),
    }
}

/// The stances that a button sets, as its value says them, with the key of their words.
pub(crate) const TONES: [(&str, Tone, &str); 3] = [
    ("favorevole", Tone::Favourable, "curation.tone.favourable"),
    ("neutro", Tone::Neutral, "curation.tone.neutral"),
    ("critico", Tone::Critical, "curation.tone.critical"),
];

/// How many stories of an issue were read so: `2 favorevoli, 1 critica`.
pub(crate) fn tones(hands: &BTreeMap<StoryId, Hand>, lang: Lang) -> String {
    let count = |tone| hands.values().filter(|h| h.tone == Some(tone) && !h.is_dropped()).count();
    let told = |tone| match (tone, count(tone)) {
        (_, 0) => None,
        (Tone::Favourable, n) => Some(plural(lang, "curation.tone.count_favourable", n)),
        (Tone::Neutral, n) => Some(plural(lang, "curation.tone.count_neutral", n)),
        (Tone::Critical, n) => Some(plural(lang, "curation.tone.count_critical", n)),
    };
    Tone::ALL.into_iter().filter_map(told).collect::<Vec<_>>().join(", ")
}

/// What the value of a button asks for: a stance, or with nothing that it be taken away. `None`: no such button.
pub(crate) fn tone(value: &str) -> Option<Option<Tone>> {
    match value {
        "nessuno" => Some(None),
        value => TONES.iter().find(|(name, ..)| *name == value).map(|(_, tone, _)| Some(*tone)),
    }
}

/// A line in words.
pub(crate) fn row(line: &Line, table: &Table, names: &BTreeMap<UserId, String>, lang: Lang) -> Row {
    let hand = line.hand.as_ref();
    let story = line.story.map_or(0, |s| s.0);
    let state = match (hand.map(|h| h.state), line.standing) {
        (_, Standing::Late) => "late",
        (Some(ClippingState::Dropped { .. }), _) => "dropped",
        (Some(ClippingState::Kept { .. }), _) => "kept",
        (_, Standing::Over) => "over",
        _ => "proposed",
    };
    let state_words = match state {
        "late" if line.returned => t(lang, "curation.states.returned"),
        "late" => t(lang, "curation.states.late"),
        "dropped" => t(lang, "curation.states.dropped"),
        "kept" => t(lang, "curation.states.kept"),
        "over" => t(lang, "curation.states.over"),
        _ => t(lang, "curation.states.proposed"),
    };
    let by = hand.filter(|h| !h.is_neutral()).and_then(|h| Some((names.get(&h.by?)?, h.at)));
    let by = by.map_or_else(String::new, |(name, at)| format!("{name}, {}", date::time(at.civil().time())));
    let (relevance, relevance_words) = relevance_words(line.entry.relevance, lang);
    let stance = TONES.iter().find(|(_, tone, _)| hand.and_then(|h| h.tone) == Some(*tone));
    let section = table.edition.sections.get(line.section);
    let since = hand.filter(|h| !h.is_neutral()).map_or(0, |h| h.seen.0);
    let is_fresh = |a: &&LineArticle| a.clipped && a.article.0 > since && !a.copy;
    let fresh = if since == 0 { 0 } else { line.articles.iter().filter(is_fresh).count() };
    let entry = &line.entry;
    Row {
        story,
        pick: format!("{story}.{}", hand.map_or(0, |h| h.version)),
        next: 0,
        title: entry.title.clone(),
        url: clean::link(&entry.url).unwrap_or_default().to_owned(),
        source: entry.outlet_name.clone(),
        more: match entry.also_in.len() {
            0 => String::new(),
            n => plural(lang, "curation.more", n),
        },
        datetime: entry.dated.rfc3339(),
        when: moment(entry.dated, lang),
        section: section.map_or_else(String::new, |s| s.name.clone()),
        section_id: section.map_or(0, |s| s.id.0),
        why: clean::line(&points::why(entry, lang), 600),
        extract: entry.extract.to_string(),
        summary: entry.summary.clone(),
        note: entry.note.clone(),
        borrowed: line.borrowed,
        state,
        state_words,
        by,
        relevance,
        relevance_words,
        tone: stance.map_or("", |(name, ..)| name),
        tone_words: stance.map_or("", |(.., key)| t(lang, key)),
        news: if fresh == 0 { String::new() } else { plural(lang, "curation.news", fresh) },
        article: (entry.article.0, hand.filter(|h| !h.is_neutral()).map_or(line.since, |h| h.at)),
        changed: None,
    }
}

/// Marks the rows whose article reads otherwise since it was clipped, decided or printed.
pub(crate) async fn mark_changed(desk: &Desk, rows: &mut Rows, marked: &mut [Row]) -> Result<(), Error> {
    let ids: Vec<ArticleId> = marked.iter().map(|row| ArticleId(row.article.0)).collect();
    for revised in rows.list_revised(&ids).await? {
        let Some(what) = mark(desk.lang, revised.kind) else { continue };
        let when = moment(revised.at, desk.lang);
        let words = fill(desk.lang, "archive.changed.at", &[("what", what), ("when", &when)]);
        let of = |row: &&mut Row| row.article.0 == revised.article.0 && row.article.1 < revised.at;
        for row in marked.iter_mut().filter(of) {
            row.changed = Some((words.clone(), version_href(desk, revised.article, revised.number)));
        }
    }
    Ok(())
}

/// Tells each row which one is current after it was decided: the one below, at the end the one above.
pub(crate) fn link(rows: &mut [Row]) {
    let stories: Vec<i64> = rows.iter().map(|r| r.story).collect();
    for (at, row) in rows.iter_mut().enumerate() {
        let below = stories.get(at + 1).or_else(|| at.checked_sub(1).and_then(|above| stories.get(above)));
        row.next = below.copied().unwrap_or(row.story);
    }
}

#[cfg(test)]
impl Row {
    /// An invented story with all that a row can say.
    pub(crate) fn sample(lang: Lang, story: i64, state: &'static str) -> Self {
        Self {
            story,
            pick: format!("{story}.2"),
            next: story + 1,
            title: "Lungolago <script>alert(1)</script>, si riapre".into(),
            url: "https://il-lago.test/1".into(),
            source: "Il Lago & C.".into(),
            more: plural(lang, "curation.more", 4),
            datetime: "2026-11-22T18:40:00+01:00".into(),
            when: "22 nov 2026, 18:40".into(),
            section: "Lavori pubblici".into(),
            section_id: 3,
            why: "Lungolago (lungolago)".into(),
            extract: "Da mercoledì si passeggia.".into(),
            summary: String::new(),
            note: "Vedi ieri".into(),
            borrowed: state == "kept",
            state,
            state_words: t(lang, "curation.states.kept"),
            by: "Elena Prati, 06:50".into(),
            relevance: "p",
            relevance_words: t(lang, "digest.relevance.main"),
            tone: "critico",
            tone_words: t(lang, "curation.tone.critical"),
            news: plural(lang, "curation.news", 2),
            article: (1, Timestamp(0)),
            changed: Some(("corretto dopo, 23 nov 2026, 12:05".into(), "/desk/articoli/1/versioni/2".into())),
        }
    }
}
