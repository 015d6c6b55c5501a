//! *Per sigla*: the candidates of the next issue in their sections, each with a code of two letters. Who types the codes
//! one after the other has made the edition, in that order.
//!
//! On a day of hundreds, walking to a line costs more keys than deciding about it. The codes are numbers of the list that
//! the form carries with it, so that what arrives in the meantime shifts none of them; a list that comes back with a
//! correction to make keeps them too. It is one field and two buttons, and needs no script.

use crate::answer::Error;
use crate::desk::Desk;
use crate::desk::fields::Fields;
use crate::desk::form::Slips;
use crate::desk::frame::Frame;
use crate::desk::review::issue::{self, Choice, Row};
use crate::desk::session::see_other;
use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use salastampa_acts::curate::{self, Decision, Pick};
use salastampa_acts::{Denied, Slip};
use salastampa_domain::{Act, SectionId};
use salastampa_locale::{Lang, fill, plural, t};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Lines that have a code: as many as there are pairs of letters.
const MOST: usize = 26 * 26;
/// The field, and what is hidden in the form.
const FIELD: &str = "sigle";

/// The candidates with their codes.
#[derive(Template)]
#[template(path = "desk/codes.html")]
pub(crate) struct CodesPage {
    frame: Frame,
    slug: String,
    name: String,
    slot: String,
    hour: String,
    /// The page of the list that is decided line by line.
    list: String,
    sections: Vec<Part>,
    /// The lines in the order of their codes, as [`issue::pick`] reads them.
    order: Vec<String>,
    /// Candidates beyond those that have a code.
    beyond: usize,
    typed: String,
    slips: Slips,
    conflict: Option<String>,
}

/// A section with its candidates.
struct Part {
    choice: Choice,
    lines: Vec<Coded>,
}

/// A line; one that was kept before stands there without a code.
struct Coded {
    code: String,
    row: Row,
    href: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Asked {
    edizione: String,
}

/// The code of the nth line: `aa`, `ab` …
fn code(n: usize) -> String {
    let letter = |n: usize| char::from(b'a' + u8::try_from(n % 26).unwrap_or(0));
    [letter(n / 26), letter(n)].iter().collect()
}

/// What is wrong with the codes that were typed.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Unread {
    /// Nothing was typed.
    Nothing,
    /// No line of the page is called so.
    Line(String),
    /// There is no section of that number.
    Section(String),
}

impl Unread {
    fn sentence(&self, sections: usize, lang: Lang) -> String {
        match self {
            Self::Nothing => t(lang, "curation.codes.nothing").to_owned(),
            Self::Line(code) => fill(lang, "curation.codes.no_line", &[("code", code)]),
            Self::Section(code) => {
                fill(lang, "curation.codes.no_section", &[("code", code), ("most", &sections.to_string())])
            }
        }
    }
}

/// Reads codes: two letters each, in any case, with a section's number before one that goes there; blanks and commas do
/// not count. Gives the lines with the sections asked for, in the order typed; a line that is named twice stands where
/// it was named first.
fn read(text: &str, lines: &[Option<Pick>], sections: usize) -> Result<Vec<(Pick, Option<usize>)>, Unread> {
    let mut chosen: Vec<(Pick, Option<usize>)> = Vec::new();
    let mut typed = text.chars().filter(|c| !c.is_whitespace() && !",;.".contains(*c)).peekable();
    while typed.peek().is_some() {
        let digit = typed.next_if(char::is_ascii_digit);
        let name: String = typed.by_ref().take(2).flat_map(char::to_lowercase).collect();
        let section = match digit.and_then(|d| d.to_digit(10)).map(|d| d as usize) {
            Some(n) if n == 0 || n > sections => return Err(Unread::Section(format!("{n}{name}"))),
            section => section.map(|n| n - 1),
        };
        let letters: Vec<usize> = name.bytes().filter(u8::is_ascii_lowercase).map(|b| usize::from(b - b'a')).collect();
        let line = match letters[..] {
            [tens, ones] if name.len() == 2 => lines.get(tens * 26 + ones).copied().flatten(),
            _ => None,
        };
        let line = line.ok_or(Unread::Line(name))?;
        if chosen.iter().all(|(pick, _)| pick.story != line.story) {
            chosen.push((line, section));
        }
    }
    if chosen.is_empty() { Err(Unread::Nothing) } else { Ok(chosen) }
}

/// Where the page comes from, and what it shows again of a form that was not taken.
#[derive(Default)]
struct Again<'a> {
    /// The lines of the form, in the order of their codes.
    order: Vec<&'a str>,
    typed: &'a str,
    slips: Slips,
    conflict: Option<String>,
}

pub(super) async fn show(desk: Desk, Query(asked): Query<Asked>) -> Response {
    match page(&desk, &asked.edizione, Again::default()).await {
        // an office without an edition is told there what to do
        Err(Error::Missing) if asked.edizione.is_empty() => see_other(&desk.href("/desk/ritagli")),
        page => desk.answer(page),
    }
}

async fn page(desk: &Desk, slug: &str, again: Again<'_>) -> Result<CodesPage, Error> {
    desk.must(Act::Curate)?;
    let mut rows = desk.site.store.read().await?;
    let editions = super::editions(desk, &mut rows).await?;
    let edition = super::chosen(&editions, slug, desk.now)?.ok_or(Error::Missing)?;
    let slot = issue::next_slot(edition, desk.now).ok_or(Error::Missing)?;
    let key = salastampa_domain::IssueKey { edition: edition.id, slot };
    let table = curate::table(&mut rows, edition, key, desk.now).await?;
    let names = curate::names(&mut rows).await?;
    let all = table.lines.iter().map(|line| issue::row(line, &table, &names, desk.lang));
    let mut all: Vec<Row> = all.filter(|row| row.story > 0 && !row.is_dropped()).collect();
    all.sort_by_key(|row| row.is_kept());
    let choices = issue::choices(edition);
    let path = issue::path(&edition.slug, slot);
    let (sections, order) = parts(choices, all, &again.order, &desk.href(&path));
    let undecided = sections.iter().flat_map(|part| &part.lines).filter(|line| !line.row.is_kept());
    Ok(CodesPage {
        frame: desk.frame(desk.t("curation.codes.title")),
        slug: edition.slug.clone(),
        name: edition.name.clone(),
        slot: slot.to_string(),
        hour: issue::hour(slot, desk.lang),
        list: desk.href(&format!("/desk/ritagli?edizione={}", edition.slug)),
        beyond: undecided.filter(|line| line.code.is_empty()).count(),
        sections,
        order,
        typed: again.typed.to_owned(),
        slips: again.slips,
        conflict: again.conflict,
    })
}

/// The candidates by section, with their codes: those of the form that came back first, then one after the other.
fn parts(choices: Vec<Choice>, all: Vec<Row>, before: &[&str], issue: &str) -> (Vec<Part>, Vec<String>) {
    let story = |pick: &str| pick.split_once('.').and_then(|(story, _)| story.parse::<i64>().ok());
    let mut numbers: BTreeMap<i64, usize> =
        before.iter().zip(0..).filter_map(|(pick, n)| Some((story(pick)?, n))).collect();
    // of a line that somebody else decided in the meantime only the place is left
    let mut order: Vec<String> = before.iter().map(|_| String::from("0.0")).collect();
    let mut parts: Vec<Part> = choices.into_iter().map(|choice| Part { choice, lines: Vec::new() }).collect();
    for part in &mut parts {
        for row in all.iter().filter(|row| row.section_id == part.choice.id) {
            let mut line =
                Coded { code: String::new(), row: row.clone(), href: format!("{issue}/notizia/{}", row.story) };
            if !row.is_kept() && (numbers.contains_key(&row.story) || order.len() < MOST) {
                let n = *numbers.entry(row.story).or_insert(order.len());
                if n == order.len() {
                    order.push(String::new());
                }
                order[n].clone_from(&row.pick);
                line.code = code(n);
            }
            part.lines.push(line);
        }
    }
    parts.retain(|part| !part.lines.is_empty());
    (parts, order)
}

/// Keeps the lines whose codes were typed, in that order; by the other button what has a code and was not typed is out.
pub(super) async fn keep(desk: Desk, fields: Fields) -> Response {
    let (slug, slot) = (fields.text("edizione"), fields.text("uscita"));
    let order: Vec<&str> = fields.all("riga").into_iter().take(MOST).collect();
    let typed = fields.text(FIELD);
    let found = async {
        desk.must(Act::Curate)?;
        issue::of(&desk, slug, slot).await
    };
    let issue = match found.await {
        Ok(issue) => issue,
        Err(error) => return desk.no_page(&error),
    };
    let sections: Vec<SectionId> = issue.edition.sections.iter().map(|s| s.id).collect();
    let lines: Vec<Option<Pick>> = order.iter().map(|line| issue::pick(line)).collect();
    let chosen = match read(typed, &lines, sections.len()) {
        Ok(chosen) => chosen,
        Err(unread) => {
            let slips = Slips(vec![Slip { field: FIELD, sentence: unread.sentence(sections.len(), desk.lang) }]);
            return desk.again(page(&desk, slug, Again { order, typed, slips, conflict: None }).await);
        }
    };
    let kept = |section: Option<usize>| Decision::Keep {
        section: section.and_then(|n| sections.get(n).copied()),
        relevance: None,
    };
    let mut each: Vec<(Pick, Decision)> = chosen.iter().map(|(pick, section)| (*pick, kept(*section))).collect();
    let alone = fields.text("fai") == "solo";
    if alone {
        let others = lines.iter().flatten().filter(|line| chosen.iter().all(|(pick, _)| pick.story != line.story));
        each.extend(others.map(|line| (*line, Decision::Drop)));
    }
    match curate::choose(&desk.site.store, &desk.user.login, issue.key, &each, desk.now).await {
        Ok(done) => {
            let path = if alone { issue.path() } else { format!("/desk/ritagli/sigle?edizione={slug}") };
            let mut words = plural(desk.lang, "curation.done.kept", chosen.len());
            if each.len() > chosen.len() {
                words = format!("{words} {}", plural(desk.lang, "curation.done.dropped", each.len() - chosen.len()));
            }
            issue.decided(&desk, &done, &path, &words, "").await
        }
        Err(salastampa_acts::Error::Denied(denied @ Denied::Changed { .. })) => {
            let conflict = Some(denied.sentence(desk.lang));
            desk.again(page(&desk, slug, Again { order, typed, conflict, ..Again::default() }).await)
        }
        Err(error) => desk.refused(&format!("/desk/ritagli?edizione={slug}"), &error).await,
    }
}

#[cfg(test)]
pub(crate) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    let page = |rows: Vec<Row>, slips: Slips, conflict: Option<String>| {
        let choice = Choice { id: 3, n: 1, name: "Lavori <pubblici>".into() };
        let rows = rows.into_iter().map(|row| Row { section_id: 3, ..row }).collect();
        let (sections, order) = parts(vec![choice], rows, &[], "/desk/rassegna/generale/2026-11-24T07:00:00");
        let page = CodesPage {
            frame: Frame::sample(lang, t(lang, "curation.codes.title"), "/desk/ritagli/sigle"),
            slug: "generale".into(),
            name: "Rassegna <generale>".into(),
            slot: "2026-11-24T07:00:00".into(),
            hour: "martedì 24 novembre 2026, ore 07:00".into(),
            list: "/desk/ritagli?edizione=generale".into(),
            beyond: order.len() / 3,
            sections,
            order,
            typed: "ab <q>".into(),
            slips,
            conflict,
        };
        page.render().expect("a template over strings")
    };
    let rows = ["proposed", "late", "over", "kept"].iter().zip(1..).map(|(state, n)| Row::sample(lang, n, state));
    let slips = Slips(vec![Slip { field: FIELD, sentence: Unread::Line("<q>".into()).sentence(1, lang) }]);
    vec![
        ("codes", page(rows.collect(), slips, Some("Ugo <ha> cambiato".into()))),
        ("codes, none", page(Vec::new(), Slips::default(), None)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use salastampa_domain::StoryId;

    fn line(story: i64) -> Pick {
        Pick { story: StoryId(story), version: 0 }
    }

    /// Lines 1, 2 … under `aa`, `ab` …; the third is gone.
    fn lines(n: i64) -> Vec<Option<Pick>> {
        (1..=n).map(|story| (story != 3).then(|| line(story))).collect()
    }

    #[test]
    fn codes_are_read_in_the_order_typed_with_blanks_capitals_and_sections() {
        let read = |text| read(text, &lines(30), 4);
        let expected = Ok(vec![(line(2), None), (line(1), Some(2)), (line(27), None)]);
        for text in ["ab3aaba", "ab 3aa ba", " AB, 3Aa;ba.ab "] {
            assert_eq!(read(text), expected, "{text}");
        }
        for n in 0..MOST {
            let all: Vec<Option<Pick>> = (1..=676).map(|story| Some(line(story))).collect();
            assert_eq!(super::read(&code(n), &all, 1).map(|c| c[0].0.story.0 as usize), Ok(n + 1));
        }
    }

    #[test]
    fn what_is_no_code_is_named_and_nothing_is_chosen() {
        let read = |text| read(text, &lines(30), 4);
        assert_eq!(read(" , "), Err(Unread::Nothing));
        for (text, named) in [("aba", "a"), ("abzz", "zz"), ("ac", "ac"), ("a€", "a€"), ("à1", "à1"), ("12ab", "2a")]
        {
            assert_eq!(read(text), Err(Unread::Line(named.into())), "{text}");
        }
        for (text, named) in [("5ab", "5ab"), ("aa0ab", "0ab"), ("9", "9")] {
            assert_eq!(read(text), Err(Unread::Section(named.into())), "{text}");
        }
        for text in ["İİ", "ẞß", "\u{0}\u{0}", "１ab", "٣ab"] {
            assert!(matches!(read(text), Err(Unread::Line(_))), "{text}");
        }
    }

    #[test]
    fn a_form_that_comes_back_keeps_its_codes_whatever_arrived_or_was_decided() {
        let choice = |id: i64| Choice { id, n: 1, name: "Scuola".into() };
        let row =
            |story, section_id, state| Row { story, section_id, state, pick: format!("{story}.1"), ..Row::default() };
        let all = vec![row(5, 1, "proposed"), row(9, 2, "late"), row(7, 2, "kept"), row(8, 2, "proposed")];
        let (sections, order) = parts(vec![choice(1), choice(2), choice(4)], all, &["8.0", "7.0"], "/x");
        assert_eq!(order, ["8.1", "0.0", "5.1", "9.1"]);
        let codes: Vec<(i64, &str)> =
            sections.iter().flat_map(|p| &p.lines).map(|l| (l.row.story, l.code.as_str())).collect();
        assert_eq!(codes, [(5, "ac"), (9, "ad"), (7, ""), (8, "aa")]);
    }
}
