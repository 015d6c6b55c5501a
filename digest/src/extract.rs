//! Which words of an article stand for it: a range, never a string. What is printed of the range is the gate's business.
//!
//! The outlet's own summary comes first, because the outlet chose to give it away; without one, the first sentences of
//! the body. In front of both stand words that tell nothing, the dateline (`BELLARIVA, 23 NOV -`), the agency
//! (`(ANSA) -`) and the byline (`di Ada Neri`): they are stepped over. For news the lead is a strong baseline, so no
//! sentence is ranked here.

use salastampa_domain::{Allowed, Extract, ForeignText, Passage, TextPart};
use salastampa_text::{self as text, is_month};
use std::ops::Range;

/// Longest piece of an outlet's own summary, in characters: what public tenders ask of an abstract.
pub const LONGEST_SUMMARY: usize = 800;
/// Longest piece of a body, in characters, unless its first sentence alone is longer.
pub const LONGEST_OPENING: usize = 280;
/// Most sentences of a body.
const SENTENCES: usize = 2;
/// No more than so many bytes are looked at: what stands for an article stands at its beginning.
const WINDOW: usize = 8_000;

/// Most sentences of an article that a person may choose among.
const CHOICE: usize = 40;

/// What is shown of an article, and where it stands there.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Cutting {
    /// The words.
    pub extract: Extract,
    /// Where they stand; none where there are none.
    pub passage: Option<Passage>,
    /// A person chose sentences, and none of them stands in the text any more: the program's choice stands again.
    pub lost: bool,
}

/// A sentence that may be chosen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sentence {
    /// Hash of its words, by which it is found again.
    pub hash: u64,
    /// Where it stands, in bytes.
    pub range: Range<usize>,
    /// Its first character, counted from the beginning of the text.
    pub first: usize,
}

/// What may be shown of an article, from its summary or from the opening of its body.
pub fn extract(allowed: &Allowed, lead: &ForeignText, body: &ForeignText) -> Extract {
    cutting(allowed, lead, body, &[]).extract
}

/// The same with the place where it stands; of an article of which a person chose sentences, those that still stand in it.
pub fn cutting(allowed: &Allowed, lead: &ForeignText, body: &ForeignText, chosen: &[u64]) -> Cutting {
    let (part, source, mut ranges) = if lead.is_empty() {
        (TextPart::Body, body, vec![opening(body.for_analysis(), SENTENCES, LONGEST_OPENING)])
    } else {
        (TextPart::Lead, lead, vec![opening(lead.for_analysis(), usize::MAX, LONGEST_SUMMARY)])
    };
    let (own_part, own) = offered(lead, body);
    let taken: Vec<Range<usize>> =
        sentences(own).into_iter().filter(|s| chosen.contains(&s.hash)).map(|s| s.range).collect();
    let lost = taken.is_empty() && !chosen.is_empty();
    let (part, source) = if taken.is_empty() { (part, source) } else { (own_part, own) };
    if !taken.is_empty() {
        ranges = taken;
    }
    let (extract, printed) = allowed.extract_ranges(source, &ranges);
    Cutting { extract, passage: (!printed.is_empty()).then(|| passage(part, source, &printed)), lost }
}

/// Where ranges of bytes of a text stand, as it is told: in characters.
pub fn passage(part: TextPart, text: &ForeignText, ranges: &[Range<usize>]) -> Passage {
    let text = text.for_analysis();
    let count = |upto: usize| text.get(..upto).map_or(0, |text| text.chars().count());
    Passage { part, ranges: ranges.iter().map(|range| (count(range.start), count(range.end))).collect() }
}

/// The text of which a person may choose sentences: the body, or the outlet's summary where no body was kept.
pub fn offered<'a>(lead: &'a ForeignText, body: &'a ForeignText) -> (TextPart, &'a ForeignText) {
    if body.is_empty() { (TextPart::Lead, lead) } else { (TextPart::Body, body) }
}

/// The sentences of a text that may be chosen, in their order: those behind dateline and byline, forty at most.
pub fn sentences(whole: &ForeignText) -> Vec<Sentence> {
    let whole = whole.for_analysis();
    let window = floor(whole, WINDOW);
    let from = start(&whole[..window]);
    let of = |range: Range<usize>| {
        let range = from + range.start..from + range.end;
        let words = text::words(whole.get(range.clone())?);
        let hash = text::shingles(&words, words.len()).first().copied()?;
        let first = whole[..range.start].chars().count();
        Some(Sentence { hash, range, first })
    };
    text::sentences(&whole[from..window]).into_iter().filter_map(of).take(CHOICE).collect()
}

/// The byte range of the first sentences after dateline and byline, `chars` characters at most: a first sentence that is
/// longer ends at a word.
pub fn begins(whole: &ForeignText, sentences: usize, chars: usize) -> Range<usize> {
    let whole = whole.for_analysis();
    let range = opening(whole, sentences, chars);
    let seen = whole.get(range.clone()).unwrap_or_default();
    let Some((end, _)) = seen.char_indices().nth(chars) else { return range };
    let end = seen[..end].rfind(char::is_whitespace).unwrap_or(0);
    range.start..range.start + seen[..end].trim_end().len()
}

/// The byte range of the first sentences after dateline and byline: as many as fit in `sentences` and `chars`, at least
/// one. A first sentence longer than [`LONGEST_SUMMARY`] is cut at a word.
fn opening(whole: &str, sentences: usize, chars: usize) -> Range<usize> {
    let window = floor(whole, WINDOW);
    let start = start(&whole[..window]);
    let seen = &whole[start..window];
    let mut end = 0;
    for (n, sentence) in text::sentences(seen).into_iter().enumerate() {
        let upto = sentence.end.min(seen.len());
        if n >= sentences || (n > 0 && seen.get(..upto).is_none_or(|s| s.chars().count() > chars)) {
            break;
        }
        end = upto;
    }
    let longest = seen.char_indices().nth(LONGEST_SUMMARY.max(chars)).map_or(seen.len(), |(at, _)| at);
    if end > longest {
        end = seen[..longest].rfind(char::is_whitespace).unwrap_or(longest);
    }
    start..start + seen.get(..end).map_or(0, |s| s.trim_end().len())
}

fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Where the news begins.
fn start(text: &str) -> usize {
    let mut at = skip_blanks(text, 0);
    if let Some((first, _)) = text[at..].split_once('\n')
        && is_byline(first)
    {
        at = skip_blanks(text, at + first.len());
    }
    // agency, place and date may stand in any order, each closed by a dash
    for _ in 0..3 {
        let Some(length) = dateline(&text[at..]) else { break };
        at = skip_blanks(text, at + length);
    }
    at
}

fn skip_blanks(text: &str, at: usize) -> usize {
    text.len() - text[at..].trim_start().len()
}

fn is_byline(line: &str) -> bool {
    let line = line.trim();
    let lower = line.to_lowercase();
    ["di ", "a cura di ", "by "].iter().any(|by| lower.starts_with(by))
        && line.split_whitespace().count() <= 6
        && !line.ends_with(['.', '!', '?', ':'])
        && line.split_whitespace().filter(|w| w.starts_with(char::is_uppercase)).count() >= 2
}

/// The length in bytes of a dateline with its dash, or with the full stop that ends it.
fn dateline(text: &str) -> Option<usize> {
    const LONGEST: usize = 70;
    let near = &text[..floor(text, LONGEST)];
    let near = near.split('\n').next().unwrap_or_default();
    if let Some((head, _)) = near.split_once(". ")
        && is_place_and_day(head)
    {
        return Some(head.len() + 2);
    }
    let (head, dash) = [" - ", " – ", " — ", " -- "]
        .iter()
        .filter_map(|dash| near.find(dash).map(|at| (&near[..at], dash.len())))
        .min_by_key(|(head, _)| head.len())?;
    (is_place_and_date(head)).then_some(head.len() + dash)
}

/// `Bellariva sul Lago, 25 novembre`: a place, a day, a month, perhaps a year, and not a word more.
fn is_place_and_day(head: &str) -> bool {
    const JOINING: [&str; 12] = ["di", "de", "del", "della", "dei", "in", "al", "alla", "sul", "sulla", "sull", "d"];
    let Some((place, day)) = head.split_once(", ") else { return false };
    let mut day = day.split_whitespace();
    let is_day = day.next().is_some_and(|d| d.trim_end_matches('°').parse::<u8>().is_ok_and(|d| (1..=31).contains(&d)))
        && day.next().is_some_and(is_month)
        && day.next().is_none_or(|year| year.len() == 4 && year.parse::<u16>().is_ok())
        && day.next().is_none();
    let mut words = place.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    let is_place = place.starts_with(char::is_uppercase)
        && words.clone().count() <= 5
        && words.all(|w| w.starts_with(char::is_uppercase) || JOINING.contains(&w));
    is_day && is_place
}

/// Whether the words before a dash name an agency, a place or a day, and no news.
fn is_place_and_date(head: &str) -> bool {
    let mut outside = String::new();
    let mut depth = 0_usize;
    for c in head.chars() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ if depth == 0 => outside.push(c),
            _ => {}
        }
    }
    let words: Vec<&str> = outside.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    if words.is_empty() {
        // nothing but an agency in brackets
        return head.contains(['(', '[']) && head.split_whitespace().count() <= 3;
    }
    let shouted = words.iter().all(|w| !w.chars().any(char::is_lowercase));
    let dated =
        words.iter().any(|w| w.parse::<u8>().is_ok_and(|d| (1..=31).contains(&d))) && words.iter().any(|w| is_month(w));
    let capital = outside.trim_start().starts_with(char::is_uppercase);
    (shouted && words.len() <= 6) || (dated && capital && words.len() <= 8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use salastampa_domain::{Audience, RightsClass, Signals, allowed};

    fn news(text: &str) -> &str {
        &text[start(text)..]
    }

    #[test]
    fn the_dateline_and_the_byline_are_no_news() {
        for (text, begins) in [
            ("BELLARIVA, 23 NOV - Riapre il lungolago.", "Riapre"),
            ("(ANSA) - BELLARIVA SUL LAGO, 23 NOV - Riapre il lungolago.", "Riapre"),
            ("Bellariva, 23 nov. (Adnkronos) - Riapre il lungolago.", "Riapre"),
            ("BELLARIVA – Riapre il lungolago.", "Riapre"),
            ("(Lago News) — Riapre il lungolago.", "Riapre"),
            ("di Ada Neri\nRiapre il lungolago.", "Riapre"),
            ("Bellariva, 3 settembre - Riapre il lungolago.", "Riapre"),
            ("Riapre il lungolago - e chiude il molo.", "Riapre il lungolago - e"),
            ("Bellariva, 25 novembre. Riapre il lungolago.", "Riapre"),
            ("Torre Maresio sul Lago, 1° dicembre 2026. Riapre il lungolago.", "Riapre"),
            ("Riapre, 25 novembre permettendo. E poi chiude.", "Riapre, 25"),
            ("Lo dice Corti, 25 novembre. Poi tace.", "Lo dice Corti"),
            ("Bellariva, 40 novembre. Un refuso.", "Bellariva, 40"),
            ("Bellariva, 3 settimane. Tanto dura il cantiere.", "Bellariva, 3"),
            ("Il sindaco - eletto a maggio - ha detto di sì.", "Il sindaco"),
            ("di nuovo chiuso il molo\nLo dice il Comune.", "di nuovo"),
            ("Nel 2026 - 23 novembre compreso - piove.", "Nel 2026"),
            ("", ""),
            ("à - è", "à"),
        ] {
            assert!(news(text).starts_with(begins), "{text:?} gave {:?}", news(text));
        }
    }

    #[test]
    fn the_summary_of_the_outlet_goes_before_the_body() {
        let gate = allowed(RightsClass::Open, None, &Signals::default(), Audience::Readers(3), date(2026, 11, 23));
        let lead = ForeignText::new("(ANSA) - BELLARIVA, 23 NOV - Da domani si passa.");
        let body = ForeignText::new("Il lungolago riapre ai pedoni.");
        assert_eq!(extract(&gate, &lead, &body).as_str(), "Da domani si passa.");
        assert_eq!(extract(&gate, &ForeignText::new(" "), &body).as_str(), "Il lungolago riapre ai pedoni.");
        assert!(extract(&gate, &ForeignText::default(), &ForeignText::default()).is_empty());
    }

    #[test]
    fn an_extract_says_where_it_stands_and_a_person_chooses_other_sentences_which_are_found_again() {
        let gate = |class| allowed(class, None, &Signals::default(), Audience::Readers(9), date(2026, 11, 23));
        let (some, nothing) = (gate(RightsClass::ExtractOnly), ForeignText::default());
        let text = "BELLARIVA, 23 NOV - È stato riaperto il molo. Piove. La sindaca: «Felici». Costa poco.";
        let body = ForeignText::new(text);
        let cut = |body: &ForeignText, chosen: &[u64]| cutting(&some, &nothing, body, chosen);
        let shown = |cutting: &Cutting, of: &str| {
            let chars: Vec<char> = of.chars().collect();
            let passage = cutting.passage.clone().expect("something is shown");
            assert_eq!(passage.part, TextPart::Body);
            passage.ranges.iter().map(|(from, to)| chars[*from..*to].iter().collect()).collect::<Vec<String>>()
        };
        let own = cut(&body, &[]);
        assert_eq!(own.extract.as_str(), "È stato riaperto il molo. Piove.");
        assert_eq!(shown(&own, text), ["È stato riaperto il molo. Piove."]);

        let hashes: Vec<u64> = sentences(&body).iter().map(|s| s.hash).collect();
        assert_eq!(hashes.len(), 4);
        let chosen = cut(&body, &[hashes[3], hashes[0]]);
        assert_eq!(chosen.extract.as_str(), "È stato riaperto il molo. […] Costa poco.", "in the order of the text");
        assert_eq!(shown(&chosen, text), ["È stato riaperto il molo.", "Costa poco."]);
        assert_eq!(cut(&body, &hashes[2..]).extract.as_str(), "La sindaca: «Felici». Costa poco.", "nothing between");

        let later = "Aggiornamento. Costa poco. È stato riaperto, forse, il molo.";
        let again = cut(&ForeignText::new(later), &[hashes[0], hashes[3]]);
        assert_eq!((again.extract.as_str(), again.lost), ("Costa poco.", false), "what still stands there");
        assert_eq!(shown(&again, later), ["Costa poco."]);
        let gone = cut(&ForeignText::new("Tutto da rifare."), &hashes);
        assert_eq!((gone.extract.as_str(), gone.lost), ("Tutto da rifare.", true));

        let long = ForeignText::new((0..300).map(|n| format!("Frase numero {n}. ")).collect::<String>());
        let all: Vec<u64> = sentences(&long).iter().map(|s| s.hash).collect();
        assert_eq!(all.len(), CHOICE);
        let capped = cut(&long, &all);
        assert!(capped.extract.as_str().ends_with(" […]"), "the class decides: {}", capped.extract);
        assert!(capped.extract.as_str().split_whitespace().count() <= 31);
        let none = cutting(&gate(RightsClass::LinkOnly), &nothing, &body, &hashes);
        assert_eq!((none.extract.as_str(), none.passage), ("", None));
    }

    #[test]
    fn a_text_without_a_full_stop_is_cut_at_a_word() {
        let endless = "lago ".repeat(5_000);
        let range = opening(&endless, 2, LONGEST_OPENING);
        assert!(range.len() <= LONGEST_SUMMARY, "{range:?}");
        assert!(endless[range].ends_with("lago"));
        assert_eq!(opening(&"è".repeat(20_000), 2, 10).end % 2, 0);
    }
}
