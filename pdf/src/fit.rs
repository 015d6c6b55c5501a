//! Text made fit for print: what the fonts hold, in lengths that a page bears.
//!
//! PDF/A forbids a glyph that is missing, so one picture in one title would cost the office its review. A character that
//! no font holds is written in a plainer form where Unicode knows one; a picture is left away, and a letter of a script
//! that we cannot print becomes `□`. A compile cannot be cancelled, so lengths and counts are bounded before.

use crate::booklet::{Booklet, Entry, Line, MARK, Pickup, Section};
use crate::fonts;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Most stories of a document, over all sections.
pub(crate) const MOST_ENTRIES: usize = 1_000;
const MOST_SECTIONS: usize = 60;
const MOST_LINES: usize = 200;
/// Longest headline or line, in characters.
const LONGEST_LINE: usize = 400;
/// Longest extract, in characters.
const LONGEST_TEXT: usize = 4_000;
/// A word longer than this may be broken anywhere.
const LONGEST_WORD: usize = 32;

/// The same document, fit for print.
pub(crate) fn booklet(booklet: &Booklet) -> Booklet {
    let mut left = MOST_ENTRIES;
    let section = |s: &Section| {
        let entries: Vec<Entry> = s.entries.iter().take(left).map(entry).collect();
        left -= entries.len();
        Section { heading: heading(&s.heading), entries }
    };
    Booklet {
        language: booklet.language,
        title: heading(&booklet.title),
        subtitle: line(&booklet.subtitle),
        date_long: line(&booklet.date_long),
        made: booklet.made,
        office: line(&booklet.office),
        town: line(&booklet.town),
        mark: booklet.mark.as_deref().map(line).filter(|m| !m.is_empty()),
        sections: booklet.sections.iter().take(MOST_SECTIONS).map(section).collect(),
        notes: booklet.notes.iter().take(MOST_LINES).map(|n| line(n)).collect(),
        pickup: booklet.pickup.iter().take(MOST_LINES).map(pickup).collect(),
        coverage: line(&booklet.coverage),
        full_index: booklet.full_index,
        ill: booklet.ill.iter().take(MOST_LINES).map(|i| line(i)).collect(),
        colophon: line(&booklet.colophon),
        labels: booklet.labels.clone(),
    }
}

fn entry(entry: &Entry) -> Entry {
    Entry {
        headline: heading(&entry.headline),
        source_line: line(&entry.source_line),
        url: link(&entry.url),
        extract: marked(&entry.extract, LONGEST_TEXT),
        note: text(&entry.note, LONGEST_TEXT),
        also_line: line(&entry.also_line),
        why: line(&entry.why),
    }
}

fn pickup(pickup: &Pickup) -> Pickup {
    let used = |l: &Line| Line { text: line(&l.text), url: link(&l.url) };
    Pickup { title: line(&pickup.title), lines: pickup.lines.iter().take(MOST_LINES).map(used).collect() }
}

/// A heading is never empty: a bookmark without a name leads nowhere.
fn heading(of: &str) -> String {
    let heading = line(of);
    if heading.is_empty() { "—".to_owned() } else { heading }
}

fn line(of: &str) -> String {
    text(of, LONGEST_LINE)
}

/// Only addresses of the web, in the characters that an address has (RFC 3986 §2).
fn link(url: &str) -> String {
    let web = url.starts_with("https://") || url.starts_with("http://");
    let plain = url.chars().all(|c| c.is_ascii_graphic() && !"<>\"\\^`{|}".contains(c));
    if web && plain && url.len() <= 2_000 { url.to_owned() } else { String::new() }
}

fn text(of: &str, most: usize) -> String {
    bounded(of.nfc().take(most.saturating_mul(4)).flat_map(printable), most)
}

/// The same with the marks of words that stand out.
fn marked(of: &str, most: usize) -> String {
    let kept = |c| if c == MARK { vec![c] } else { printable(c) };
    bounded(of.nfc().take(most.saturating_mul(4)).flat_map(kept), most)
}

fn bounded(characters: impl Iterator<Item = char>, most: usize) -> String {
    let mut out = String::new();
    let (mut length, mut word) = (0, 0);
    for c in characters {
        if c == ' ' {
            if !out.ends_with(' ') && !out.is_empty() {
                out.push(' ');
                length += 1;
            }
            word = 0;
            continue;
        }
        if length >= most {
            out.truncate(out.trim_end().len());
            out.push('…');
            return out;
        }
        if word > 0 && word % LONGEST_WORD == 0 {
            out.push(BREAK);
        }
        out.push(c);
        length += 1;
        word += 1;
    }
    out.truncate(out.trim_end().len());
    out
}

/// Where a word may be broken without a hyphen: the zero-width space.
const BREAK: char = '\u{200b}';
/// For a letter that no font holds.
const UNKNOWN: char = '□';

fn printable(c: char) -> Vec<char> {
    if c.is_whitespace() || c.is_control() {
        return vec![' '];
    }
    // accents that did not melt into their letter, and marks that nobody sees
    if is_combining_mark(c) || is_invisible(c) {
        return Vec::new();
    }
    if fonts::has(c) {
        return vec![c];
    }
    let plainer: Vec<char> = c.nfkd().filter(|c| !is_combining_mark(*c) && fonts::has(*c)).collect();
    match plainer.is_empty() {
        false => plainer,
        true if c.is_alphanumeric() => vec![UNKNOWN],
        true => Vec::new(),
    }
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}')
        || c >= '\u{e0000}'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_fonts_lack_is_written_plainer_or_left_away() {
        for (from, to) in [
            ("Lungolago «aperto» — €1.200", "Lungolago «aperto» — €1.200"),
            ("perche\u{301} no", "perché no"),
            ("𝐋𝐔𝐍𝐆𝐎𝐋𝐀𝐆𝐎 ﬁnito", "LUNGOLAGO finito"),
            ("Festa 🎆🚢 sul lago 😀", "Festa sul lago 😀"),
            ("東京 e Москва", "□□ e Москва"),
            ("gpj.\u{202e}exe\u{0}\n#[x] $y$", "gpj.exe #[x] $y$"),
            ("  \u{200b} ", ""),
            ("a \u{e000}b\u{e000}", "a b"),
        ] {
            assert_eq!(line(from), to);
        }
    }

    #[test]
    fn lengths_are_bounded_and_long_words_can_be_broken() {
        assert_eq!(line(&"a ".repeat(9_000)).chars().count(), LONGEST_LINE);
        assert_eq!(line(&"x".repeat(70)).matches(BREAK).count(), 2);
        assert_eq!(marked("Il  \u{e000}ponte 🎆\u{e000} è \u{e000}giù", 12), "Il \u{e000}ponte \u{e000}…");
        assert_eq!(heading("\u{200b}"), "—");
        assert_eq!(link("javascript:alert(1)"), "");
        assert_eq!(link("https://il-lago.test/a?b=è"), "");
        let mut many = Booklet::sample(salastampa_locale::Lang::It);
        many.sections[0].entries = vec![Entry::default(); MOST_ENTRIES + 5];
        let fit = booklet(&many);
        assert_eq!(fit.sections.iter().map(|s| s.entries.len()).sum::<usize>(), MOST_ENTRIES);
    }
}
