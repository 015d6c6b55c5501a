//! A story of an issue: its articles, which of them stands for it, the office's own words, and where else it goes.

use super::issue::{self, Row, find};
use crate::answer::Error;
use crate::desk::Desk;
use crate::desk::fields::Fields;
use crate::desk::form::Slips;
use crate::desk::frame::Frame;
use crate::desk::rights::Rights;
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use salastampa_acts::curate::{self, Pick};
use salastampa_acts::{Denied, Error as Refused};
use salastampa_digest::compose::Line;
use salastampa_domain::{Act, Article, StoryId};
#[cfg(test)]
use salastampa_locale::Lang;
use salastampa_store::Rows;
use std::collections::BTreeSet;

/// A story of an issue.
#[derive(Template)]
#[template(path = "desk/story.html")]
pub(crate) struct StoryPage {
    frame: Frame,
    issue: String,
    back: String,
    action: String,
    own: String,
    row: Row,
    articles: Vec<Told>,
    /// What the stance of the story can be: value and words.
    tones: Vec<(&'static str, &'static str)>,
    /// Lines of this issue that the machine was in doubt about: perhaps the same story.
    perhaps: Vec<Perhaps>,
    /// Issues that it can go to as well: value and words.
    elsewhere: Vec<(String, String)>,
    version: u32,
    note: String,
    summary: String,
    /// The sentences of the article that stands for it; none where the desk may not show its text.
    sentences: Vec<Sentence>,
    /// What may leave of it, in a sentence.
    leaves: String,
    /// The abstract of the story.
    gist: Option<GistWords>,
    /// The sentences that a person chose are gone from the article.
    lost: bool,
    /// A person chose.
    chosen: bool,
    /// What stands there now, where somebody else was first: note and summary.
    theirs: Option<(String, String)>,
    most_note: usize,
    most_summary: usize,
    slips: Slips,
    is_out: bool,
    can_curate: bool,
}

/// An article that tells it.
struct Told {
    id: i64,
    title: String,
    outlet: String,
    url: String,
    href: String,
    datetime: String,
    when: String,
    copy: bool,
    leads: bool,
    /// A watch or a person clipped it: it may stand for the story.
    clipped: bool,
}

/// A sentence of the article.
struct Sentence {
    hash: u64,
    words: String,
    /// It stands for the article, in whole or in part.
    printed: bool,
}

/// The abstract, for the desk to read.
struct GistWords {
    /// Words, outlet and address of the article.
    parts: Vec<(String, String, String)>,
    chars: usize,
    free: bool,
}

/// A story that may be the same.
struct Perhaps {
    pick: String,
    title: String,
    href: String,
    source: String,
    datetime: String,
    when: String,
}

/// Doubts that are read at most: the newest.
const DOUBTS: usize = 500;

/// What was typed, and what came in between.
#[derive(Default)]
struct Typed {
    words: Option<(String, String)>,
    slips: Slips,
    changed: bool,
}

pub(super) async fn show(desk: Desk, Path((slug, slot, story)): Path<(String, String, i64)>) -> Response {
    desk.answer(page(&desk, (&slug, &slot, story), Typed::default()).await)
}

/// The story of an issue as it stood on the page that was sent.
fn sent(story: i64, fields: &Fields) -> Pick {
    Pick { story: StoryId(story), version: fields.value("versione").unwrap_or(0) }
}

/// Writes note and summary.
pub(super) async fn write(
    desk: Desk,
    Path((slug, slot, story)): Path<(String, String, i64)>,
    fields: Fields,
) -> Response {
    let issue = match issue::of(&desk, &slug, &slot).await {
        Ok(issue) => issue,
        Err(error) => return desk.no_page(&error),
    };
    let pick = sent(story, &fields);
    let words = (fields.raw("nota"), fields.raw("sintesi"));
    let (store, house, login) = (&desk.site.store, &desk.site.house, desk.user.login.as_str());
    let typed =
        |slips, changed| Typed { words: Some((words.0.to_owned(), words.1.to_owned())), slips: Slips(slips), changed };
    match curate::annotate(store, house, login, issue.key, pick, words, desk.now).await {
        Ok(done) => {
            let path = format!("{}#riga-{story}", issue.path());
            issue.decided(&desk, &done, &path, desk.t("curation.done.written"), &format!("notizia?{story}")).await
        }
        Err(Refused::Denied(Denied::Form(slips))) => {
            desk.again(page(&desk, (&slug, &slot, story), typed(slips, false)).await)
        }
        Err(Refused::Denied(changed @ Denied::Changed { .. })) => {
            let slip = salastampa_acts::Slip { field: "sintesi", sentence: changed.sentence(desk.lang) };
            desk.again(page(&desk, (&slug, &slot, story), typed(vec![slip], true)).await)
        }
        Err(error) => desk.refused(&format!("{}/notizia/{story}", issue.path()), &error).await,
    }
}

/// Takes the abstract of the story as the office's summary, where the rights of its articles let it out.
async fn take_gist(desk: &Desk, issue: &issue::Issue, pick: Pick) -> Result<Option<curate::Done>, Refused> {
    let mut rows = desk.site.store.read().await?;
    let table = curate::table(&mut rows, &issue.edition, issue.key, desk.now).await?;
    let Some(line) = table.lines.iter().find(|l| l.story == Some(pick.story)) else { return Ok(None) };
    let gist = curate::gist(&mut rows, line, table.readers, desk.now).await?;
    let Some(gist) = gist.filter(|gist| gist.free) else { return Ok(None) };
    let note = line.hand.as_ref().map(|hand| hand.note.clone()).unwrap_or_default();
    drop(rows);
    let (store, house, login) = (&desk.site.store, &desk.site.house, desk.user.login.as_str());
    curate::annotate(store, house, login, issue.key, pick, (&note, &gist.words()), desk.now).await.map(Some)
}

/// Takes the ticked sentences as the extract, or the abstract as the summary; neither gives the choice back.
pub(super) async fn quote(
    desk: Desk,
    Path((slug, slot, story)): Path<(String, String, i64)>,
    fields: Fields,
) -> Response {
    let issue = match issue::of(&desk, &slug, &slot).await {
        Ok(issue) => issue,
        Err(error) => return desk.no_page(&error),
    };
    let pick = sent(story, &fields);
    let wanted = fields.text("fai");
    let ticked: Vec<u64> = if wanted == "frasi" { fields.values("frase") } else { Vec::new() };
    let path = format!("{}/notizia/{story}", issue.path());
    let act = match wanted {
        "riassunto" => take_gist(&desk, &issue, pick).await,
        _ => curate::quote(&desk.site.store, &desk.user.login, issue.key, pick, &ticked, desk.now).await.map(Some),
    };
    match act {
        Ok(None) => desk.go(&path, desk.t("curation.done.no_gist")).await,
        Ok(Some(done)) => {
            let words = match (wanted, ticked.is_empty()) {
                ("riassunto", _) => "curation.done.written",
                (_, true) => "curation.done.unquoted",
                (_, false) => "curation.done.quoted",
            };
            issue.decided(&desk, &done, &path, desk.t(words), &format!("notizia?{story}")).await
        }
        Err(error) => desk.refused(&path, &error).await,
    }
}

/// The sentences of the article that stands for a line, and what may leave of it.
async fn sentences(desk: &Desk, rows: &mut Rows, line: &Line) -> Result<(Vec<Sentence>, String), Error> {
    let articles = rows.list_articles(&[line.entry.article]).await?;
    let outlet = rows.find_outlet(line.entry.outlet).await?;
    let (Some(article), Some(outlet)) = (articles.first(), outlet) else { return Ok(Default::default()) };
    let gate = Rights::read(rows, desk.now).await?.gate(article, &outlet);
    if !gate.desk.full_text {
        return Ok((Vec::new(), gate.leaves(desk.lang)));
    }
    let (part, text, offered) = curate::offered(rows, article.id).await?;
    let passage = line.entry.passage.as_ref().filter(|passage| passage.part == part);
    let is_printed = |at: usize| passage.is_some_and(|p| p.ranges.iter().any(|(from, to)| (*from..*to).contains(&at)));
    let sentence = |s: salastampa_digest::extract::Sentence| Sentence {
        hash: s.hash,
        words: gate.desk.extract_range(&text, s.range).as_str().to_owned(),
        printed: is_printed(s.first),
    };
    Ok((offered.into_iter().map(sentence).collect(), gate.leaves(desk.lang)))
}

async fn page(desk: &Desk, (slug, slot, story): (&str, &str, i64), typed: Typed) -> Result<StoryPage, Error> {
    desk.must(Act::Read)?;
    let mut rows = desk.site.store.read().await?;
    let issue = find(desk, &mut rows, slug, slot).await?;
    let names = curate::names(&mut rows).await?;
    let table = curate::table(&mut rows, &issue.edition, issue.key, desk.now).await?;
    let line = table.lines.iter().find(|l| l.story == Some(StoryId(story))).ok_or(Error::Missing)?;
    let mut row = issue::row(line, &table, &names, desk.lang);
    row.next = story;
    issue::mark_changed(desk, &mut rows, std::slice::from_mut(&mut row)).await?;
    let hand = line.hand.clone();
    let current = hand.map_or_else(Default::default, |h| (h.note, h.summary));
    let (note, summary) = typed.words.clone().unwrap_or_else(|| current.clone());
    let articles = line
        .articles
        .iter()
        .map(|a| Told {
            id: a.article.0,
            title: a.title.clone(),
            outlet: a.outlet_name.clone(),
            url: salastampa_digest::clean::link(&a.url).unwrap_or_default().to_owned(),
            href: desk.href(&format!("/desk/articoli/{}", a.article)),
            datetime: a.dated.rfc3339(),
            when: issue::moment(a.dated, desk.lang),
            copy: a.copy,
            leads: a.article == line.entry.article,
            clipped: a.clipped,
        })
        .collect();
    let (sentences, leaves) = sentences(desk, &mut rows, line).await?;
    let href = |article| desk.href(&format!("/desk/articoli/{article}"));
    let gist = curate::gist(&mut rows, line, table.readers, desk.now).await?.map(|gist| GistWords {
        parts: gist.parts.into_iter().map(|p| (p.words, p.outlet_name, href(p.article))).collect(),
        chars: gist.chars,
        free: gist.free,
    });
    let chosen = line.hand.as_ref().and_then(|h| h.chosen.as_ref()).is_some_and(|c| c.article == line.entry.article);
    let path = issue.path();
    let doubts = rows.list_perhaps(DOUBTS).await?;
    let near = |(article, other): &(Article, StoryId)| match article.story {
        Some(own) if own == StoryId(story) => Some(*other),
        own if *other == StoryId(story) => own,
        _ => None,
    };
    let near: BTreeSet<StoryId> = doubts.iter().filter_map(near).collect();
    let perhaps = table
        .lines
        .iter()
        .filter(|l| l.story.is_some_and(|id| near.contains(&id)))
        .map(|l| {
            let row = issue::row(l, &table, &names, desk.lang);
            let href = desk.href(&format!("{path}/notizia/{}", row.story));
            let (pick, source, when) = (row.pick, row.source, row.when);
            Perhaps { pick, title: row.title, href, source, datetime: row.datetime, when }
        })
        .collect();
    let mut elsewhere = Vec::new();
    for edition in rows.list_editions().await?.iter().filter(|e| curate::sees(&desk.user, e)) {
        for slot in curate::slots(edition, curate::AHEAD) {
            if (edition.id, slot) != (issue.key.edition, issue.key.slot) {
                let words = format!("{}, {}", edition.name, issue::hour(slot, desk.lang));
                elsewhere.push((format!("{}/{slot}", edition.id), words));
            }
        }
    }
    Ok(StoryPage {
        frame: desk.frame(&row.title),
        issue: format!("{}, {}", issue.edition.name, issue::hour(issue.key.slot, desk.lang)),
        back: desk.href(&format!("{path}#riga-{story}")),
        action: desk.href(&format!("{path}/fai")),
        own: desk.href(&format!("{path}/notizia/{story}")),
        version: line.hand.as_ref().map_or(0, |h| h.version),
        row,
        articles,
        tones: issue::TONES.iter().map(|(value, _, key)| (*value, desk.t(key))).collect(),
        perhaps,
        elsewhere,
        note,
        summary,
        sentences,
        leaves,
        gist,
        lost: line.lost,
        chosen,
        theirs: typed.changed.then_some(current),
        most_note: curate::LONGEST_NOTE,
        most_summary: curate::LONGEST_SUMMARY,
        slips: typed.slips,
        is_out: issue.out.is_some(),
        can_curate: desk.may(Act::Curate),
    })
}

#[cfg(test)]
pub(super) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    let told = |id, copy, leads| Told {
        id,
        title: "Un <titolo>".into(),
        outlet: "Il Lago & C.".into(),
        url: "https://il-lago.test/1".into(),
        href: "/desk/articoli/1".into(),
        datetime: "2026-11-22T18:40:00+01:00".into(),
        when: "22 nov 2026, 18:40".into(),
        copy,
        leads,
        clipped: leads,
    };
    let story = |changed: bool| StoryPage {
        frame: Frame::sample(lang, "Lungolago <riapre>", "/desk/rassegna"),
        issue: "Rassegna <generale>".into(),
        back: "/desk/rassegna/generale/2026-11-24T07:00:00#riga-1".into(),
        action: "/desk/rassegna/generale/2026-11-24T07:00:00/fai".into(),
        own: "/desk/rassegna/generale/2026-11-24T07:00:00/notizia/1".into(),
        row: Row::sample(lang, 1, "kept"),
        articles: vec![told(1, false, true), told(2, true, false)],
        tones: issue::TONES.iter().map(|(value, _, key)| (*value, salastampa_locale::t(lang, key))).collect(),
        perhaps: vec![Perhaps {
            pick: "2.0".into(),
            title: "Un altro <titolo>".into(),
            href: "/desk/rassegna/generale/2026-11-24T07:00:00/notizia/2".into(),
            source: "Il Lago & C.".into(),
            datetime: "2026-11-22T18:40:00+01:00".into(),
            when: "22 nov 2026, 18:40".into(),
        }],
        elsewhere: vec![("1/2026-11-25T07:00:00".into(), "Rassegna <generale>, domani".into())],
        version: 3,
        note: "Una \"nota\"".into(),
        summary: "</textarea><script>".into(),
        sentences: [(1, "Il lungolago <riapre>.", true), (2, "Lo dice la sindaca.", false)]
            .map(|(hash, words, printed)| Sentence { hash, words: words.into(), printed })
            .into(),
        gist: Some(GistWords {
            parts: vec![("Il lungolago <riapre>.".into(), "Il Lago & C.".into(), "/desk/articoli/1".into())],
            chars: 48,
            free: !changed,
        }),
        leaves: "Nella rassegna può uscire un estratto di al massimo 165 caratteri.".into(),
        lost: changed,
        chosen: !changed,
        theirs: changed.then(|| ("La <loro>".into(), "</pre><script>".into())),
        most_note: 280,
        most_summary: 800,
        slips: match changed {
            true => Slips(vec![salastampa_acts::Slip { field: "sintesi", sentence: "Marco è arrivato prima".into() }]),
            false => Slips::default(),
        },
        is_out: false,
        can_curate: true,
    };
    let page = |page: StoryPage| page.render().expect("a template over strings");
    vec![("story", page(story(false))), ("story, changed by another", page(story(true)))]
}
