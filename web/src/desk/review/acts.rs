//! The acts on an issue: one address for all of them, from the pages *Ritagli*, *Rassegna* and of one story.
//!
//! A button says in its value what is done to which line, at which version, and which line is current then:
//! `tieni.12.3.15`. Without a line it is done to those that are ticked. Every act answers with the page that it came
//! from.

use super::issue::{self, pick};
use crate::answer::Error;
use crate::desk::Desk;
use crate::desk::fields::Fields;
use axum::extract::Path;
use axum::response::Response;
use salastampa_acts::curate::{self, Decision, Done, Pick, Step};
use salastampa_acts::{Denied, Error as Refused, review};
use salastampa_domain::{ArticleId, EditionId, IssueKey, ReaderId, Relevance, SectionId, Slot, StoryId};
use salastampa_locale::{date, fill, plural};

/// What a button asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Asked {
    verb: String,
    /// The line it is about; none where it is about those that are ticked.
    pick: Option<Pick>,
    /// The line that is current then.
    next: Option<i64>,
}

impl Asked {
    /// Reads the value of a button.
    pub(super) fn read(text: &str) -> Self {
        let mut parts = text.splitn(4, '.');
        let verb = parts.next().unwrap_or_default().to_owned();
        let line = parts.next().zip(parts.next()).and_then(|(story, version)| pick(&format!("{story}.{version}")));
        Self { verb, pick: line, next: parts.next().and_then(|n| n.parse().ok()) }
    }
}

impl Asked {
    /// A button that stands once for the whole list, pressed by its key for the current line.
    fn aimed(self, fields: &Fields) -> Self {
        match pick(fields.text("riga")) {
            Some(line) if self.pick.is_none() => {
                let next = fields.value("poi").or(Some(line.story.0));
                Self { pick: Some(line), next, ..self }
            }
            _ => self,
        }
    }
}

/// The page that an act came from, and goes back to: one of ours, whatever the form says.
pub(super) fn back(fields: &Fields, own: &str, slug: &str) -> String {
    let here = fields.text("qui");
    let harmless = |c: char| c.is_ascii_alphanumeric() || "%&=_+-.".contains(c);
    match here.split_once('?').unwrap_or((here, "")) {
        ("ritagli", query) if query.chars().all(harmless) => match query.is_empty() {
            true => format!("/desk/ritagli?edizione={slug}"),
            false => format!("/desk/ritagli?{query}"),
        },
        ("notizia", story) if story.parse::<i64>().is_ok() => format!("{own}/notizia/{story}"),
        _ => own.to_owned(),
    }
}

/// Does what a button of a page asks for.
pub(super) async fn act(desk: Desk, Path((slug, slot)): Path<(String, String)>, fields: Fields) -> Response {
    let issue = match issue::of(&desk, &slug, &slot).await {
        Ok(issue) => issue,
        Err(error) => return desk.no_page(&error),
    };
    let own = issue.path();
    let asked = Asked::read(fields.text("fai")).aimed(&fields);
    let mut path = back(&fields, &own, &issue.edition.slug);
    if let Some(next) = asked.next {
        path = format!("{path}#riga-{next}");
    }
    match does(&desk, &issue, &asked, &fields).await {
        Ok((words, Some(done))) if done.act > 0 => issue.decided(&desk, &done, &path, &words, fields.text("qui")).await,
        Ok((words, _)) => desk.go(&path, words).await,
        Err(Error::Act(error)) => desk.refused(&path, &error).await,
        Err(error) => desk.no_page(&error),
    }
}

/// What an act says then, and what can be undone of it.
type Said = (String, Option<Done>);

async fn does(desk: &Desk, issue: &issue::Issue, asked: &Asked, fields: &Fields) -> Result<Said, Error> {
    if let Some((words, decision)) = decision(&asked.verb) {
        return decided(desk, issue.key, asked, fields, words, decision).await;
    }
    match asked.verb.as_str() {
        "conferma" | "sconferma" | "pubblica" | "versione" | "prova" | "revoca" => {
            let seen = Some(fields.text("visto")).filter(|seen| !seen.is_empty());
            match sends(desk, issue, &asked.verb, seen).await {
                Err(Error::Act(Refused::Denied(denied @ Denied::Changed { .. }))) => {
                    moved(desk, issue.key, &denied).await
                }
                said => said,
            }
        }
        verb if verb.starts_with("revoca-") => {
            let review = issue.out.as_ref().map(|r| r.id).ok_or(Error::Missing)?;
            let reader = verb.strip_prefix("revoca-").and_then(|id| id.parse().ok()).ok_or(Error::Missing)?;
            let store = &desk.site.store;
            curate::revoke_reader_link(store, &desk.user.login, review, ReaderId(reader), desk.now).await?;
            Ok((desk.t("curation.done.link_revoked").to_owned(), None))
        }
        _ => moves(desk, issue.key, asked, fields).await,
    }
}

/// What is decided by a button, with the words for it.
fn decision(verb: &str) -> Option<(&'static str, Decision)> {
    let (verb, suffix) = verb.split_once('-').unwrap_or((verb, ""));
    let number: Option<i64> = suffix.parse().ok();
    let keep = |relevance| Decision::Keep { section: number.map(SectionId), relevance };
    Some(match verb {
        "tieni" => ("curation.done.kept", keep(None)),
        "tienip" => ("curation.done.kept", keep(Some(Relevance::Main))),
        "tienis" => ("curation.done.kept", keep(Some(Relevance::Minor))),
        "tienic" => ("curation.done.kept", keep(Some(Relevance::Mention))),
        "scarta" => ("curation.done.dropped", Decision::Drop),
        "rimetti" => ("curation.done.undecided", Decision::Undecided),
        "p" => ("curation.done.rated", Decision::Rate(Some(Relevance::Main))),
        "s" => ("curation.done.rated", Decision::Rate(Some(Relevance::Minor))),
        "c" => ("curation.done.rated", Decision::Rate(Some(Relevance::Mention))),
        "nessuna" => ("curation.done.rated", Decision::Rate(None)),
        "tono" => ("curation.done.toned", Decision::Tone(issue::tone(suffix)?)),
        "guida" => ("curation.done.lead", Decision::Lead(ArticleId(number?))),
        "scartaresto" | "scartatutte" => ("curation.done.dropped", Decision::Drop),
        _ => return None,
    })
}

async fn decided(
    desk: &Desk,
    key: IssueKey,
    asked: &Asked,
    fields: &Fields,
    words: &'static str,
    decision: Decision,
) -> Result<Said, Error> {
    let names: &[&str] = match asked.verb.as_str() {
        "scartaresto" => &["indecisa"],
        "scartatutte" => &["indecisa", "altrove"],
        _ => &["scelta"],
    };
    let lines: Vec<Pick> = match asked.pick {
        Some(one) => vec![one],
        None => names.iter().flat_map(|name| fields.all(name)).filter_map(pick).collect(),
    };
    if lines.is_empty() {
        return Ok((desk.t("curation.done.none_ticked").to_owned(), None));
    }
    let done = curate::decide(&desk.site.store, &desk.user.login, key, &lines, decision, desk.now).await?;
    Ok((counted(desk, done.lines, words), Some(done)))
}

fn counted(desk: &Desk, lines: usize, words: &'static str) -> String {
    match lines {
        0 => desk.t("curation.done.nothing").to_owned(),
        lines => plural(desk.lang, words, lines),
    }
}

/// What changes the order, the stories themselves, or another issue; and what takes an act back.
async fn moves(desk: &Desk, key: IssueKey, asked: &Asked, fields: &Fields) -> Result<Said, Error> {
    let (store, login, now) = (&desk.site.store, desk.user.login.as_str(), desk.now);
    let (verb, number) = asked.verb.split_once('-').unwrap_or((&asked.verb, ""));
    let one = asked.pick.ok_or(Error::Missing);
    let said = |words: &'static str, done: Done| Ok((desk.t(words).to_owned(), Some(done)));
    match verb {
        "su" | "giu" | "cima" | "prima" => {
            let step = match verb {
                "su" => Step::Up,
                "giu" => Step::Down,
                "cima" => Step::First,
                _ => fields.value("prima").map_or(Step::Last, |story| Step::Before(StoryId(story))),
            };
            let done = curate::order(store, login, key, one?, step, now).await?;
            Ok((counted(desk, done.lines.min(1), "curation.done.placed"), Some(done)))
        }
        "unisci" => {
            let mut stories: Vec<Pick> = fields.all("scelta").into_iter().filter_map(pick).collect();
            stories.extend(asked.pick);
            stories.sort_by_key(|p| p.story);
            stories.dedup();
            let done = curate::merge(store, login, key, &stories, now).await?;
            said(if done.act == 0 { "curation.done.merge_two" } else { "curation.done.merged" }, done)
        }
        "stacca" => {
            let article = ArticleId(number.parse().map_err(|_| Error::Missing)?);
            said("curation.done.detached", curate::detach(store, login, key, one?, article, now).await?)
        }
        "altrove" => {
            let to = elsewhere(fields.text("dove")).ok_or(Error::Missing)?;
            said("curation.done.brought", curate::bring(store, login, key, one?, to, fields.has("via"), now).await?)
        }
        "annulla" => {
            let act = fields.text("fai").split_once('.').and_then(|(_, act)| act.parse().ok());
            match curate::undo(store, login, key, act, now).await {
                Ok(_) => Ok((desk.t("curation.done.undone").to_owned(), None)),
                Err(Refused::Denied(Denied::Unknown { what: "act", .. })) => {
                    Ok((desk.t("curation.done.nothing_to_undo").to_owned(), None))
                }
                Err(error) => Err(error.into()),
            }
        }
        _ => Err(Error::Missing),
    }
}

/// Who did what since the page was read: nothing was confirmed and nothing left, the page shows the issue as it stands.
async fn moved(desk: &Desk, key: IssueKey, denied: &Denied) -> Result<Said, Error> {
    let mut rows = desk.site.store.read().await?;
    let last = curate::history(&mut rows, key, 1).await?;
    let names = curate::names(&mut rows).await?;
    let Some(act) = last.first() else { return Ok((denied.sentence(desk.lang), None)) };
    let lines = act.change.lines.len().max(act.change.elsewhere.len());
    let words = [
        ("who", names.get(&act.by).cloned().unwrap_or_else(|| "—".to_owned())),
        ("what", super::page::verb_words(&act.verb, lines, desk.lang)),
        ("at", date::time(act.at.civil().time())),
    ];
    let words = words.each_ref().map(|(name, text)| (*name, text.as_str()));
    Ok((fill(desk.lang, "curation.done.moved", &words), None))
}

/// What answers for an issue or sends it.
async fn sends(desk: &Desk, issue: &issue::Issue, verb: &str, seen: Option<&str>) -> Result<Said, Error> {
    let (store, house, login, key, now) =
        (&desk.site.store, &desk.site.house, desk.user.login.as_str(), issue.key, desk.now);
    let words = match verb {
        "conferma" => {
            curate::confirm(store, login, key, seen, now).await?;
            fill(desk.lang, "curation.done.confirmed", &[("hour", &issue::hour(key.slot, desk.lang))])
        }
        "sconferma" => {
            curate::unconfirm(store, login, key, now).await?;
            desk.t("curation.done.taken_back").to_owned()
        }
        "pubblica" => match review::publish_now(store, house, login, key, seen, now).await? {
            true => desk.t("curation.done.published").to_owned(),
            false => desk.t("curation.done.published_before").to_owned(),
        },
        "versione" => {
            let version = curate::publish_late(store, house, login, key, now).await?.to_string();
            fill(desk.lang, "curation.done.version", &[("n", &version)])
        }
        "prova" => {
            let to = curate::send_test(store, house, login, key, now).await?;
            fill(desk.lang, "curation.done.tested", &[("address", to.as_str())])
        }
        _ => {
            let review = issue.out.as_ref().map(|r| r.id).ok_or(Error::Missing)?;
            curate::revoke_links(store, login, review, now).await?;
            desk.t("curation.done.revoked").to_owned()
        }
    };
    Ok((words, None))
}

/// `2/2026-11-24T07:00:00`: an issue that a story can go to.
fn elsewhere(text: &str) -> Option<IssueKey> {
    let (edition, slot) = text.split_once('/')?;
    Some(IssueKey { edition: EditionId(edition.parse().ok()?), slot: Slot::parse(slot)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_button_says_what_to_which_line_and_where_to_go_then() {
        let line = |story, version| Some(Pick { story: StoryId(story), version });
        let asked = |verb: &str, pick, next| Asked { verb: verb.into(), pick, next };
        assert_eq!(Asked::read("tieni.12.3.15"), asked("tieni", line(12, 3), Some(15)));
        assert_eq!(Asked::read("tieni-4.12.3"), asked("tieni-4", line(12, 3), None));
        assert_eq!(Asked::read("conferma"), asked("conferma", None, None));
        for junk in ["", "tieni.x.3", "tieni.0.3", "tieni.1"] {
            assert_eq!(Asked::read(junk).pick, None, "{junk}");
        }
    }

    #[test]
    fn an_act_goes_back_to_a_page_of_the_desk_and_nowhere_else() {
        let from = |qui: &str| {
            let pairs = vec![("qui".to_owned(), qui.to_owned())];
            back(&Fields { pairs, files: Vec::new() }, "/desk/rassegna/g/x", "g")
        };
        assert_eq!(from("ritagli?edizione=g&pagina=2"), "/desk/ritagli?edizione=g&pagina=2");
        assert_eq!(from("ritagli"), "/desk/ritagli?edizione=g");
        assert_eq!(from("notizia?12"), "/desk/rassegna/g/x/notizia/12");
        for foreign in ["", "https://altrove.test", "ritagli?a=/\r\nX: y", "notizia?../../esci", "//altrove.test"] {
            assert_eq!(from(foreign), "/desk/rassegna/g/x", "{foreign}");
        }
    }
}
