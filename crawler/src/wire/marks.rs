//! What agencies write into titles and texts beside the news: urgency, takes, corrections, datelines, sign-offs.
//!
//! One place for all formats, because the marks are those of the trade and not of a format: `+++ Title +++`,
//! `Title (2-segue)`, `ANNULLA: Title`, `(AGZ) - BELLARIVA, 23 NOV - Text … (AGZ).` A word is only a mark where it
//! stands as one: in capitals before a colon, or in brackets; "annullata la gara" is news. Left out: marks of photos.

use super::{Kind, Status, WireItem};
use crate::feed::plain::collapse;
use crate::key;
use salastampa_domain::ForeignText;

/// The highest number of a take that is believed.
const MOST_TAKES: u32 = 30;
/// Marks at the end of a text.
const MOST_MARKS: usize = 8;
/// The longest of them, in characters.
const LONGEST_MARK: usize = 120;
/// Of the words of a text that stand in for a title, in characters.
const LONGEST_BEGINNING: usize = 110;

/// Takes the marks out of an item and keeps what they say.
pub(super) fn read(item: &mut WireItem) {
    title(item);
    text(item);
    if item.title.is_empty() {
        item.title = item.subtitle.clone().unwrap_or_else(|| beginning(&item.body));
    }
    if item.chain.is_none() {
        item.chain = key::title_key(&item.title);
    }
    if item.kind == Kind::Kill {
        item.status = Status::Cancelled;
    }
    for author in &mut item.authors {
        if let Some(name) = ["By ", "by ", "di ", "Di "].iter().find_map(|by| author.strip_prefix(by)) {
            *author = name.trim().to_owned();
        }
    }
}

/// What two slugs are compared by: their letters and digits.
pub(super) fn slug_key(slug: &str) -> Option<String> {
    let key: String = slug.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    (key.chars().count() >= 6).then(|| format!("slug:{key}"))
}

/// Whether a line only says which version this is (`1st Ld-Writethru`, `2ND LEAD`, `KILL`); then the item knows.
pub(super) fn version_words(line: &str, item: &mut WireItem) -> bool {
    let words = line.to_ascii_lowercase();
    if words.chars().count() > 40 {
        return false;
    }
    let has = |mark: &str| words.split(|c: char| !c.is_alphanumeric()).any(|word| word == mark);
    let numbered = words.starts_with(|c: char| c.is_ascii_digit());
    let capitals = !line.chars().any(char::is_lowercase);
    if capitals && has("kill") || words == "kill" {
        item.kind = Kind::Kill;
    } else if has("correction") || has("correctionandrewrite") || capitals && has("correct") {
        item.kind = Kind::Correction;
    } else if has("writethru") || (numbered && (has("ld") || has("lead") || has("add") || has("update"))) {
        if item.kind == Kind::New {
            item.kind = Kind::Update;
        }
    } else if capitals && (words == "extra" || words == "urgent" || words == "flash" || words == "alert") {
        item.plus = item.plus.max(1);
    } else {
        return false;
    }
    true
}

fn title(item: &mut WireItem) {
    // what is longer than any title is no title, and must not be gone through once for each of its brackets
    let start: String = item.title.chars().take(super::LONGEST_FIELD).collect();
    let mut title = collapse(&start);
    title = title.trim_end_matches('=').trim_end().to_owned();
    let plus = title.chars().take_while(|c| *c == '+').count();
    item.plus = item.plus.max(u8::try_from(plus).unwrap_or(u8::MAX));
    let mut rest = title.trim_matches(|c: char| c == '+' || c == '*' || c.is_whitespace()).to_owned();
    while let Some((mark, shorter)) = trailing(&rest).or_else(|| leading(&rest)) {
        apply(&mark, item);
        rest = shorter.trim_matches(|c: char| c == '+' || c == '*' || c == '=' || c.is_whitespace()).to_owned();
    }
    item.title = rest;
}

/// The first words of a text, for a flash that has no title.
fn beginning(body: &ForeignText) -> String {
    let first = body.for_analysis().lines().next().unwrap_or_default();
    match first.char_indices().nth(LONGEST_BEGINNING) {
        None => first.to_owned(),
        Some((at, _)) => format!("{}…", first[..at].rsplit_once(' ').map_or(&first[..at], |(words, _)| words)),
    }
}

enum Mark {
    Take(Option<u32>, bool),
    Kind(Kind),
}

fn apply(mark: &Mark, item: &mut WireItem) {
    match mark {
        Mark::Take(number, continues) => {
            item.take = number.unwrap_or(item.take);
            item.continues |= continues;
        }
        // a kill is never less than that
        Mark::Kind(kind) if item.kind != Kind::Kill => item.kind = *kind,
        Mark::Kind(_) => {}
    }
}

/// A mark at the end of a title, and the title before it.
fn trailing(title: &str) -> Option<(Mark, &str)> {
    if let Some(inner) = title.strip_suffix(')') {
        let (before, inner) = inner.rsplit_once('(')?;
        return Some((in_brackets(inner)?, before));
    }
    if let Some(inner) = title.strip_suffix('-') {
        let (before, number) = inner.rsplit_once('-')?;
        return Some((Mark::Take(Some(take(number.trim())?), false), before));
    }
    // a lone word in capitals behind a title that has small letters
    let before = title.strip_suffix("SEGUE")?;
    let before = before.trim_end_matches(['-', '–', '/', ' ', '.']);
    (before.chars().any(char::is_lowercase)).then_some((Mark::Take(None, true), before))
}

/// A mark at the beginning, and the title behind it.
fn leading(title: &str) -> Option<(Mark, &str)> {
    if let Some(inner) = title.strip_prefix('(') {
        let (inner, rest) = inner.split_once(')')?;
        return Some((in_brackets(inner)?, rest));
    }
    let (word, rest) = title.trim_start_matches('*').split_once([':', '*'])?;
    let capitals = !word.chars().any(char::is_lowercase);
    (capitals && !rest.trim().is_empty()).then_some((Mark::Kind(kind(word)?), rest))
}

/// What stands in brackets: a number, *segue*, or a word for what the item is.
fn in_brackets(inner: &str) -> Option<Mark> {
    let words: Vec<String> =
        inner.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["segue"] => Some(Mark::Take(None, true)),
        [number, "segue"] => Some(Mark::Take(Some(take(number)?), true)),
        [number] if number.bytes().all(|b| b.is_ascii_digit()) => Some(Mark::Take(Some(take(number)?), false)),
        _ => Some(Mark::Kind(kind(inner)?)),
    }
}

fn take(number: &str) -> Option<u32> {
    number.parse().ok().filter(|n| (1..=MOST_TAKES).contains(n))
}

/// The words by which agencies say what an item is to the one before.
fn kind(word: &str) -> Option<Kind> {
    match collapse(word).to_lowercase().trim_matches('+').trim() {
        "annulla" | "annullo" | "annullare" | "da annullare" | "annullamento" | "annulla notizia" | "kill" => {
            Some(Kind::Kill)
        }
        "correzione" | "corregge" | "corretto" | "rettifica" | "errata corrige" | "errata-corrige" | "correction"
        | "corrected" | "corrects" => Some(Kind::Correction),
        "aggiornamento" | "aggiorna" | "aggiornato" | "rpt" | "ripetizione" | "update" | "updated" => {
            Some(Kind::Update)
        }
        _ => None,
    }
}

fn text(item: &mut WireItem) {
    let mut paragraphs: Vec<String> = item.body.for_analysis().lines().map(str::to_owned).collect();
    let mut agency = None;
    if let Some(first) = paragraphs.first_mut()
        && let Some(line) = dateline(first)
    {
        agency = line.agency;
        item.dateline.get_or_insert(line.shown);
        if item.place.is_none() {
            item.place = line.place;
        }
        *first = line.rest;
    } else if let (Some(known), Some(first)) = (&item.dateline, paragraphs.first_mut())
        && let Some(rest) = first.strip_prefix(known.trim_end_matches(['-', ' ']))
    {
        *first = rest.trim_start_matches(['-', '–', ' ']).to_owned();
    }
    item.place = item.place.as_deref().map(in_small_letters);
    // an end holds a few marks, not thousands
    for _ in 0..MOST_MARKS {
        let Some(last) = paragraphs.last_mut() else { break };
        let tail = last.char_indices().rev().nth(LONGEST_MARK).map_or(0, |(at, _)| at);
        let folded = last[tail..].to_lowercase();
        if folded.contains("riproduzione riservata") && last.chars().count() < 120 {
            item.rights.get_or_insert_with(|| "riproduzione riservata".into());
            paragraphs.pop();
            continue;
        }
        if let Some(before) = ["(segue)", "(segue).", "- segue"].iter().find_map(|mark| folded.strip_suffix(mark)) {
            item.continues = true;
            // small letters may be more or fewer than the capitals that they were
            let kept: String = last[tail..].chars().take(before.chars().count()).collect();
            last.truncate(tail);
            last.push_str(kept.trim_end());
            continue;
        }
        if let Some((before, signed)) = agency.as_deref().and_then(|agency| sign_off(last, agency)) {
            if item.authors.is_empty() && !signed.is_empty() {
                item.authors.push(signed);
            }
            *last = before;
            // one line may hold the sign-off and a mark before it, not two sign-offs
            agency = None;
            continue;
        }
        if !last.is_empty() {
            break;
        }
        paragraphs.pop();
    }
    paragraphs.retain(|line| !line.is_empty());
    item.body = ForeignText::new(paragraphs.join("\n"));
}

/// A dateline at the beginning of a text.
struct Dateline {
    shown: String,
    place: Option<String>,
    agency: Option<String>,
    rest: String,
}

/// The dashes that stand between dateline and text.
const DASHES: [char; 4] = ['-', '–', '—', '_'];

/// Finds `(AGZ) - BELLARIVA, 23 NOV - ` or `Bellariva, 23 nov. (Agz) - ` at the beginning of a text.
fn dateline(text: &str) -> Option<Dateline> {
    let open = text.char_indices().take(70).find(|(_, c)| *c == '(')?.0;
    let close = open + text[open..].char_indices().take(28).find(|(_, c)| *c == ')')?.0;
    let agency = text[open + 1..close].trim();
    let named = agency.chars().any(char::is_alphabetic)
        && agency.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '.' | '/' | '-' | '&'));
    if !named {
        return None;
    }
    let before = text[..open].trim();
    let behind = text[close + 1..].trim_start_matches(['.', ' ', ',', '\u{a0}']);
    let behind = behind.strip_prefix(DASHES)?;
    let agency = Some(agency.to_owned());
    if !before.is_empty() {
        let place = before.split(',').next().unwrap_or_default().trim();
        let plain = before.starts_with(char::is_uppercase) && !before.contains([':', ';', '?', '!', '"', '«']);
        let short = place.split_whitespace().count() <= 4;
        // behind a comma stands the day, or else the town stands in capitals
        let dated = !before.contains(',')
            || before.contains(|c: char| c.is_ascii_digit())
            || !place.chars().any(char::is_lowercase);
        // an aside in brackets begins small and is longer than an agency's letters
        let signed = text[open + 1..close].starts_with(char::is_uppercase) || close - open <= 5;
        return (plain && short && dated && signed).then(|| Dateline {
            shown: text[..=close].trim().to_owned(),
            place: Some(place.to_owned()),
            agency,
            rest: behind.trim_start().to_owned(),
        });
    }
    // behind the agency: town and day, up to the next dash
    let found = behind.char_indices().take(70).find(|(at, c)| {
        DASHES.contains(c) && behind[..*at].ends_with(' ') && behind[at + c.len_utf8()..].starts_with([' ', '\u{a0}'])
    });
    let segment = found.map(|(at, _)| behind[..at].trim()).filter(|segment| {
        segment.starts_with(char::is_uppercase)
            && (segment.chars().any(|c| c.is_ascii_digit()) || !segment.chars().any(char::is_lowercase))
    });
    let (place, rest, shown) = match (segment, found) {
        (Some(segment), Some((at, dash))) => {
            let place = segment.split([',', '(']).next().unwrap_or_default().trim();
            let shown = format!("{} - {segment}", text[..=close].trim());
            (Some(place.to_owned()).filter(|p| !p.is_empty()), &behind[at + dash.len_utf8()..], shown)
        }
        _ => (None, behind, text[..=close].trim().to_owned()),
    };
    Some(Dateline { shown, place, agency, rest: rest.trim_start().to_owned() })
}

/// The agency's name in brackets at the end of a text, and the initials behind it.
fn sign_off(last: &str, agency: &str) -> Option<(String, String)> {
    let (before, behind) = last.rsplit_once('(')?;
    let (name, tail) = behind.split_once(')')?;
    let tail = tail.trim_matches(['.', ' ']);
    let initials = tail.chars().count() <= 12 && !tail.chars().any(char::is_lowercase);
    (name.trim().eq_ignore_ascii_case(agency) && initials).then(|| (before.trim_end().to_owned(), tail.to_owned()))
}

/// A town that is written in capitals, as one writes towns.
fn in_small_letters(place: &str) -> String {
    if place.chars().any(char::is_lowercase) {
        return place.to_owned();
    }
    let mut begins = true;
    let letter = |c: char| {
        let written: String = if begins { c.to_uppercase().collect() } else { c.to_lowercase().collect() };
        begins = !c.is_alphabetic();
        written
    };
    place.chars().map(letter).collect()
}
