//! In or out, in which section, how much it matters, and the office's own words.

use super::{Doing, Done, Pick};
use crate::{Denied, House, Result, Slip};
use salastampa_digest::borrowed;
use salastampa_digest::extract::{self, Sentence};
use salastampa_domain::{
    Act, ArticleId, Chosen, ClippingState, ForeignText, Hand, IssueKey, Relevance, SectionId, TextPart, Timestamp, Tone,
};
use salastampa_locale::{fill, t};
use salastampa_store::{Rows, Store};
use std::collections::BTreeMap;

/// Longest note, in characters.
pub const LONGEST_NOTE: usize = 280;
/// Longest summary, in characters: what public tenders ask of an abstract, title and blanks included.
pub const LONGEST_SUMMARY: usize = 800;

/// What is decided of a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Decision {
    /// In: in the section given or in the proposed one, behind what was kept there before.
    Keep {
        /// Which section.
        section: Option<SectionId>,
        /// How much it matters, if that is said with it.
        relevance: Option<Relevance>,
    },
    /// Out, until there is news.
    Drop,
    /// Nobody's word: as the machine proposes.
    Undecided,
    /// How much it matters.
    Rate(Option<Relevance>),
    /// How it stands towards the administration.
    Tone(Option<Tone>),
    /// This article stands for the story.
    Lead(ArticleId),
}

impl Decision {
    fn verb(self) -> &'static str {
        match self {
            Self::Keep { .. } => "review.keep",
            Self::Drop => "review.drop",
            Self::Undecided => "review.undecide",
            Self::Rate(_) => "review.rate",
            Self::Tone(_) => "review.tone",
            Self::Lead(_) => "review.lead",
        }
    }
}

/// Decides about lines: all of them or, if somebody else was first at one, none. What is decided so already is left
/// alone, whoever did it.
pub async fn decide(
    store: &Store,
    login: &str,
    key: IssueKey,
    picks: &[Pick],
    decision: Decision,
    now: Timestamp,
) -> Result<Done> {
    let each: Vec<(Pick, Decision)> = picks.iter().map(|pick| (*pick, decision)).collect();
    decide_each(store, login, key, &each, decision.verb(), now).await
}

/// Decides about each line what stands beside it, as one act: stories that are kept stand in the order given, and those
/// that are left out with them come back by the same step.
pub async fn choose(
    store: &Store,
    login: &str,
    key: IssueKey,
    each: &[(Pick, Decision)],
    now: Timestamp,
) -> Result<Done> {
    decide_each(store, login, key, each, "review.choose", now).await
}

async fn decide_each(
    store: &Store,
    login: &str,
    key: IssueKey,
    each: &[(Pick, Decision)],
    verb: &str,
    now: Timestamp,
) -> Result<Done> {
    let mut doing = Doing::begin(store, login, key, Act::Curate, now).await?;
    for (pick, decision) in each {
        let before = doing.hand(pick.story);
        let after = decided(&doing, before.clone(), *decision)?;
        if after != before {
            doing.expect(*pick).await?;
            doing.put(after, true).await?;
        }
    }
    doing.end(verb).await
}

fn decided(doing: &Doing, hand: Hand, decision: Decision) -> Result<Hand> {
    let line = doing.line(hand.story)?;
    let by = doing.user.id;
    let mut after = hand.clone();
    after.seen = line.newest;
    match decision {
        Decision::Keep { section, relevance } => {
            let section = match section {
                Some(chosen) if doing.edition.sections.iter().all(|s| s.id != chosen) => {
                    return Err(Denied::Unknown { what: "section", name: chosen.to_string() }.into());
                }
                Some(chosen) => chosen,
                None => hand.section.map_or_else(|| doing.section_of(line), Ok)?,
            };
            after.relevance = relevance.or(hand.relevance);
            if !(hand.is_kept() && hand.section == Some(section)) {
                after.state = ClippingState::Kept { by };
                after.place = Some(doing.arrangement.next_place(section));
                after.section = Some(section);
            } else if after.relevance == hand.relevance {
                return Ok(hand);
            }
        }
        Decision::Drop if hand.is_dropped() && hand.seen == line.newest => return Ok(hand),
        Decision::Drop => (after.state, after.place) = (ClippingState::Dropped { by }, None),
        Decision::Undecided if hand.state == ClippingState::Proposed => return Ok(hand),
        Decision::Undecided => {
            (after.state, after.place, after.section) = (ClippingState::Proposed, None, None);
        }
        Decision::Rate(relevance) if hand.relevance == relevance => return Ok(hand),
        Decision::Rate(relevance) => after.relevance = relevance,
        Decision::Tone(tone) if hand.tone == tone => return Ok(hand),
        Decision::Tone(tone) => after.tone = tone,
        Decision::Lead(article) => {
            if !line.articles.iter().any(|a| a.article == article && a.clipped) {
                return Err(Denied::Unknown { what: "article", name: article.to_string() }.into());
            }
            if hand.lead == Some(article) {
                return Ok(hand);
            }
            after.lead = Some(article);
        }
    }
    Ok(after)
}

/// Writes the note to the readers and the office's own words in place of the extract.
pub async fn annotate(
    store: &Store,
    house: &House,
    login: &str,
    key: IssueKey,
    pick: Pick,
    (note, summary): (&str, &str),
    now: Timestamp,
) -> Result<Done> {
    let (note, summary) = (tidy(note), tidy(summary));
    let mut slips = Vec::new();
    let too_long = |text: &str, most: usize| {
        let n = text.chars().count();
        let values = [("n", &*n.to_string()), ("most", &*most.to_string())];
        (n > most).then(|| fill(house.lang, "curation.too_long", &values))
    };
    if let Some(sentence) = too_long(&note, LONGEST_NOTE) {
        slips.push(Slip { field: "nota", sentence });
    }
    if let Some(sentence) = too_long(&summary, LONGEST_SUMMARY) {
        slips.push(Slip { field: "sintesi", sentence });
    }
    let mut doing = Doing::begin(store, login, key, Act::Curate, now).await?;
    let articles: Vec<ArticleId> = doing.line(pick.story)?.articles.iter().map(|a| a.article).collect();
    // a note is not weighed by the rights of an outlet, so it may hold none of its text
    if is_borrowed(&mut doing.write, &note, &articles).await? {
        slips.push(Slip { field: "nota", sentence: t(house.lang, "curation.borrowed_note").to_owned() });
    }
    if !slips.is_empty() {
        return Err(Denied::Form(slips).into());
    }
    let before = doing.hand(pick.story);
    let after = Hand { note, summary, ..before.clone() };
    if after != before {
        doing.expect(pick).await?;
        doing.put(after, true).await?;
    }
    doing.end("review.annotate").await
}

/// Has these sentences of the article that stands for a story stand for it, in the order of its text; none gives the choice
/// back to the program. What the rights do not let out of them stays inside, as with any extract.
///
/// # Errors
/// [`Denied::Unknown`] for a sentence that the article does not have (it was corrected meanwhile).
pub async fn quote(
    store: &Store,
    login: &str,
    key: IssueKey,
    pick: Pick,
    sentences: &[u64],
    now: Timestamp,
) -> Result<Done> {
    let mut doing = Doing::begin(store, login, key, Act::Curate, now).await?;
    let article = doing.line(pick.story)?.entry.article;
    let (_, _, known) = offered(&mut doing.write, article).await?;
    if sentences.iter().any(|hash| known.iter().all(|known| known.hash != *hash)) {
        return Err(Denied::Unknown { what: "sentence", name: article.to_string() }.into());
    }
    let taken: Vec<u64> = known.iter().map(|known| known.hash).filter(|hash| sentences.contains(hash)).collect();
    let before = doing.hand(pick.story);
    let chosen = (!taken.is_empty()).then_some(Chosen { article, sentences: taken });
    let after = Hand { chosen, ..before.clone() };
    if after != before {
        doing.expect(pick).await?;
        doing.put(after, true).await?;
    }
    doing.end("review.quote").await
}

/// The text of an article of which sentences may be chosen, in which of its texts they stand, and the sentences.
pub async fn offered(rows: &mut Rows, article: ArticleId) -> Result<(TextPart, ForeignText, Vec<Sentence>)> {
    let told = rows.list_articles(&[article]).await?;
    let lead = told.into_iter().next().map(|article| article.lead).unwrap_or_default();
    let body = rows.list_bodies(&[article]).await?.into_iter().next().map(|(_, body)| body).unwrap_or_default();
    let (part, text) = extract::offered(&lead, &body);
    Ok((part, text.clone(), extract::sentences(text)))
}

/// Whether a line of the office holds a long run of one of the articles' texts: of its summary or of its body.
pub(crate) async fn is_borrowed(rows: &mut Rows, line: &str, articles: &[ArticleId]) -> Result<bool> {
    if line.split_whitespace().nth(borrowed::LONGEST_RUN).is_none() {
        return Ok(false);
    }
    let bodies: BTreeMap<ArticleId, ForeignText> = rows.list_bodies(articles).await?.into_iter().collect();
    let nothing = ForeignText::default();
    let told = rows.list_articles(articles).await?;
    Ok(told.iter().any(|a| borrowed::is_borrowed(line, &a.lead, bodies.get(&a.id).unwrap_or(&nothing))))
}

/// One line of text, blanks collapsed.
fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
