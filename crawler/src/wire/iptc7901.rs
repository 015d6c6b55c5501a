//! IPTC 7901 (1979): a teleprinter message with a header line, slug lines, headline, text and the hour at its end.
//!
//! ```text
//! <SOH>src123 4 i 211 …          source and number, priority 1-6, category, words
//! Slug/words/
//! <STX>Headline, on one or more lines =
//!
//! Text …
//! <ETX>ddhhmm ZONE Mon yy
//! ```
//! What stands behind "not for publication" is the agency's word to editors. Left out: the option fields of the header.

use super::body::{joined, unwrapped};
use super::{ETX, NoWire, Raw, STX, WireContext, WireFormat, WireItem, empty, instant, messages, rubric};
use crate::feed::plain::collapse;
use salastampa_domain::ForeignText;

/// Reads a file of one message or several.
pub(super) fn read(text: &str, context: &WireContext) -> Result<Raw, NoWire> {
    messages(text, "IPTC 7901", |message| item(message, context))
}

fn item(message: &str, context: &WireContext) -> Result<WireItem, String> {
    let (head, rest) = message.split_once(STX).ok_or("a message without text")?;
    let (text, trailer) = rest.split_once(ETX).ok_or("a message without its end")?;
    let mut lines = head.lines();
    let header: Vec<&str> = lines.next().unwrap_or_default().split_whitespace().collect();
    let [name, priority, category, ..] = header[..] else { return Err("a header that cannot be read".into()) };
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) || !name.ends_with(|c: char| c.is_ascii_digit()) {
        return Err("a header that cannot be read".into());
    }
    let issued = hour(trailer, context);
    // numbers begin again each day
    let day = issued.unwrap_or(context.now).day();
    let mut item = empty(WireFormat::Iptc7901, format!("{name}-{day}"));
    item.issued_at = issued;
    item.urgency = priority.parse().ok();
    item.category = Some(category.to_owned());
    item.rubric = rubric::of_press_category(category);
    let slug = collapse(&lines.collect::<Vec<_>>().join(" "));
    item.chain = super::marks::slug_key(&slug);
    item.slug = (!slug.is_empty()).then_some(slug);
    let body = headline(text, &mut item);
    let (body, note) = for_editors(body);
    item.note = note;
    let mut paragraphs = unwrapped(body);
    if let Some(signed) = paragraphs.last().and_then(|last| initials(last)) {
        item.authors.extend(signed);
        paragraphs.pop();
    }
    item.body = ForeignText::new(joined(&paragraphs));
    Ok(item)
}

/// `212101 GMT Nov 18`: day, hour and minute, zone, month, year.
fn hour(trailer: &str, context: &WireContext) -> Option<salastampa_domain::Timestamp> {
    let words: Vec<&str> = trailer.split_whitespace().take(4).collect();
    let [number, zone, month, year] = words[..] else { return None };
    if number.len() != 6 || !number.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let year: String = year.chars().take_while(char::is_ascii_digit).collect();
    let year = if year.len() == 2 { format!("20{year}") } else { year };
    // two agencies of the German language write these
    let month = match month.to_lowercase().as_str() {
        "mai" => "may",
        "okt" => "oct",
        "dez" => "dec",
        _ => month,
    };
    instant(&format!("{} {month} {year} {}:{} {zone}", &number[..2], &number[2..4], &number[4..]), context)
}

/// Takes the headline off: the lines up to the first blank one, the last of which ends with `=`. Gives the text behind.
fn headline<'a>(text: &'a str, item: &mut WireItem) -> &'a str {
    let mut rest = text;
    let mut lines: Vec<String> = Vec::new();
    while let Some((line, after)) = rest.split_once('\n').or((!rest.is_empty()).then_some((rest, ""))) {
        let words = collapse(line);
        // a blank line ends the headline, but not before it has begun
        if words.is_empty() && !lines.is_empty() || lines.len() == 6 {
            break;
        }
        rest = after;
        if !words.is_empty() {
            let last = words.ends_with('=');
            lines.push(words.trim_end_matches('=').trim_end().to_owned());
            if last && !after.trim_start_matches(['\r', ' ']).starts_with(|c: char| c.is_alphabetic()) {
                break;
            }
        }
    }
    lines.retain(|line| {
        let by = line.strip_prefix("By ").or_else(|| line.strip_prefix("di "));
        item.authors.extend(by.map(str::to_owned));
        by.is_none()
    });
    if lines.first().is_some_and(|line| super::marks::version_words(line, item)) && lines.len() > 1 {
        lines.remove(0);
    }
    item.title = collapse(&lines.join(" "));
    rest
}

/// The text, and what stands behind it for editors only.
fn for_editors(text: &str) -> (&str, Option<String>) {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let words = line.trim().to_lowercase();
        let begins = words.starts_with("# ")
            || words.starts_with("* * *")
            || words.contains("not for publication")
            || words.contains("non per la pubblicazione")
            || words.contains("non destinat") && words.contains("pubblicazione");
        if begins && at > 0 {
            let note = collapse(&text[at..]);
            return (&text[..at], (!note.is_empty()).then_some(note));
        }
        at += line.len();
    }
    (text, None)
}

/// A last line such as `agz rt mb`: the agency and the initials of those who wrote.
fn initials(line: &str) -> Option<Vec<String>> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let short = |word: &&str| word.len() <= 4 && word.bytes().all(|b| b.is_ascii_lowercase());
    (words.len() >= 2 && words.len() <= 6 && words.iter().all(short))
        .then(|| words[1..].iter().map(|word| (*word).to_owned()).collect())
}
