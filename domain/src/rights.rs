//! What may leave the house, and the types that see to it.
//!
//! The words of others are [`ForeignText`]: it cannot be displayed or serialised. [`allowed`] weighs an outlet's rights
//! class, the signals of the page and the audience; only the [`Allowed`] that it gives makes an [`Extract`], and only an
//! `Extract` can be printed by a template, a mail, a PDF, a feed or an export.
//! The ground is L. 633/1941 art. 65 (non-reserved articles), 43-bis (very short extracts are free) and 70-quater (text
//! mining may be reserved). The defaults take the stricter reading; they are a policy of the office, not legal advice.

use crate::{ArticleId, OutletId, Timestamp};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::Range;

/// Text written by somebody else: a lead, a body. No `Display`, no `Serialize`, and `Debug` shows its length only.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct ForeignText(String);

impl ForeignText {
    /// Takes text from outside.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, to be analysed or kept inside the house: indexed, hashed, compared, stored. Never to be printed; what
    /// prints goes through [`Allowed::extract`].
    pub fn for_analysis(&self) -> &str {
        &self.0
    }

    /// Whether nothing is there.
    pub fn is_empty(&self) -> bool {
        self.0.trim().is_empty()
    }

    /// Its length in characters.
    pub fn chars(&self) -> usize {
        self.0.chars().count()
    }
}

impl fmt::Debug for ForeignText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ForeignText({} characters)", self.chars())
    }
}

/// What an outlet's texts may be used for. A source may override its outlet's.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RightsClass {
    /// Title, source and date for named readers; nothing for the public.
    Internal,
    /// Title, source, date, author and link.
    LinkOnly,
    /// The same and a very short extract.
    #[default]
    ExtractOnly,
    /// The same with the cap of a contract.
    LicensedExtract,
    /// Full text within a contract.
    LicensedFull,
    /// Full text under an open licence, with attribution.
    Open,
    /// The office's own text.
    Own,
}

/// Who will see it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Audience {
    /// The desk's own pages.
    Staff,
    /// So many named readers of a mail, a PDF or a signed page.
    Readers(usize),
    /// Anybody.
    Public,
}

/// How far a licence reaches.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContractScope {
    /// Inside the administration.
    Intranet,
    /// Anybody.
    Public,
}

/// A licence of a publisher.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Contract {
    /// As the contract calls itself.
    pub number: String,
    /// The last day on which it holds.
    pub until: Date,
    /// How far it reaches.
    pub scope: ContractScope,
    /// Longest extract, in characters.
    pub extract_chars: usize,
    /// Most named readers of a full text; `None` is no limit.
    pub max_readers: Option<usize>,
}

/// What a page or its site said about its use.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Signals {
    /// Text mining is reserved (art. 70-quater): header, meta or `/.well-known/tdmrep.json`.
    pub tdm_reserved: bool,
    /// "Riproduzione riservata" stands in the text (art. 65).
    pub reproduction_reserved: bool,
    /// Length in characters of the summary that the outlet itself gives away; an extract is never longer.
    pub own_summary: Option<usize>,
    /// The page put a barrier before its text (for subscribers, consent, proof of being a person): what was read may be its
    /// beginning only. Rights do not ask it, the choice of the article that stands for a story does. False of articles that
    /// were kept before this was.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub barred: bool,
}

/// The longest extract: whichever ends first.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Cap {
    /// In characters.
    pub chars: usize,
    /// In words.
    pub words: usize,
}

impl Cap {
    /// The office's default for a *very short extract*: 200 characters or 30 words. The law gives a test, not a number.
    pub const VERY_SHORT: Self = Self { chars: 200, words: 30 };
    /// What the desk itself shows beside a search hit.
    pub const DESK: Self = Self { chars: 300, words: 60 };
}

/// Why it is so, for the person who asks.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The class of the outlet says so.
    Class,
    /// Text mining is reserved and no licence is recorded.
    TdmReserved,
    /// The licence has expired, does not reach this audience, or is missing.
    ContractLacking,
    /// Reproduction is reserved and no licence is recorded.
    ReproductionReserved,
    /// The desk's own pages.
    Staff,
}

/// What may be printed of one article for one audience. Only [`allowed`] makes it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Allowed {
    /// The longest extract; `None` is none at all.
    pub cap: Option<Cap>,
    /// Whether the whole text may be printed.
    pub full_text: bool,
    /// Whether a picture of the outlet may be shown.
    pub image: bool,
    /// Whether title, source and link may be shown at all.
    pub shown: bool,
    /// Why.
    pub reason: Reason,
    // keeps the construction in this module
    sealed: Sealed,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Sealed;

/// The gate: what may be printed of an article of an outlet of this class, with these signals, for this audience, on
/// this Italian day.
pub fn allowed(
    class: RightsClass,
    contract: Option<&Contract>,
    signals: &Signals,
    audience: Audience,
    today: Date,
) -> Allowed {
    let holds = contract.is_some_and(|c| {
        today <= c.until
            && match audience {
                Audience::Staff => true,
                Audience::Readers(n) => c.max_readers.is_none_or(|most| n <= most),
                Audience::Public => c.scope == ContractScope::Public,
            }
    });
    let own_or_open = matches!(class, RightsClass::Own | RightsClass::Open);
    let bounded = |cap: Cap| Cap { chars: cap.chars.min(signals.own_summary.unwrap_or(usize::MAX)), ..cap };
    let nothing =
        Allowed { cap: None, full_text: false, image: false, shown: true, reason: Reason::Class, sealed: Sealed };
    let short = Allowed { cap: Some(bounded(Cap::VERY_SHORT)), ..nothing.clone() };

    if own_or_open {
        let cap = Some(Cap { chars: usize::MAX, words: usize::MAX });
        return Allowed { cap, full_text: true, image: class == RightsClass::Own, ..nothing };
    }
    if signals.tdm_reserved && !holds {
        let shown = !(class == RightsClass::Internal && audience == Audience::Public);
        return Allowed { reason: Reason::TdmReserved, shown, ..nothing };
    }
    if audience == Audience::Staff {
        return Allowed { cap: Some(Cap::DESK), full_text: true, reason: Reason::Staff, ..nothing };
    }
    match class {
        RightsClass::Internal => Allowed { shown: audience != Audience::Public, ..nothing },
        RightsClass::LinkOnly => nothing,
        // a public page carries headline, source and link only (C5)
        _ if audience == Audience::Public && !holds => nothing,
        RightsClass::ExtractOnly => short,
        RightsClass::LicensedExtract | RightsClass::LicensedFull => match contract {
            Some(c) if holds => Allowed {
                cap: Some(Cap { chars: c.extract_chars, words: usize::MAX }),
                full_text: class == RightsClass::LicensedFull,
                ..nothing
            },
            _ if signals.reproduction_reserved => Allowed { reason: Reason::ReproductionReserved, ..short },
            _ => Allowed { reason: Reason::ContractLacking, ..short },
        },
        RightsClass::Open | RightsClass::Own => nothing,
    }
}

/// Text of another that may be printed for the audience it was made for.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Extract(String);

impl Extract {
    /// The text; empty where nothing may be shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nothing may be shown.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Extract {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Allowed {
    /// The whole text, one paragraph each, blank lines left out; nothing unless all of it may be printed.
    pub fn paragraphs(&self, text: &ForeignText) -> Vec<Extract> {
        let lines = text.0.lines().filter(|_| self.full_text);
        lines.map(str::trim).filter(|line| !line.is_empty()).map(|line| Extract(line.to_owned())).collect()
    }

    /// A part of the text, with single blanks; nothing unless all of it may be printed. `range` is in bytes.
    pub fn passage(&self, text: &ForeignText, range: Range<usize>) -> Extract {
        let words = words_within(&text.0, &range).into_iter().filter(|_| self.full_text);
        Extract(words.map(|place| &text.0[place]).collect::<Vec<_>>().join(" "))
    }

    /// The beginning of the text, up to the cap, cut at a word and closed with `[…]` where something is missing.
    pub fn extract(&self, text: &ForeignText) -> Extract {
        self.extract_range(text, 0..text.0.len())
    }

    /// The same of a part: `range` is in bytes and is drawn in to whole characters.
    pub fn extract_range(&self, text: &ForeignText, range: Range<usize>) -> Extract {
        self.extract_ranges(text, &[range]).0
    }

    /// The same of several parts, in their order, with `[…]` where something between them is left out; and the byte ranges of
    /// what is printed.
    pub fn extract_ranges(&self, text: &ForeignText, ranges: &[Range<usize>]) -> (Extract, Vec<Range<usize>>) {
        let Some(cap) = self.cap else { return Default::default() };
        const CUT: &str = " […]";
        let whole = &text.0;
        let words: Vec<Range<usize>> = ranges.iter().flat_map(|range| words_within(whole, range)).collect();
        let (mut out, mut chars) = (String::new(), 0);
        let mut printed: Vec<Range<usize>> = Vec::new();
        for (n, place) in words.iter().enumerate() {
            let word = &whole[place.clone()];
            let skipped = n > 0 && whole.get(words[n - 1].end..place.start).is_none_or(|gap| !gap.trim().is_empty());
            let gap = if skipped { CUT.chars().count() } else { 0 };
            let length = word.chars().count() + usize::from(n > 0) + gap;
            // the mark of a cut counts, unless this word is the last one
            let mark = if n + 1 == words.len() { 0 } else { CUT.chars().count() };
            if n >= cap.words || chars + length + mark > cap.chars {
                if n > 0 {
                    out.push_str(CUT);
                }
                break;
            }
            if skipped {
                out.push_str(CUT);
            }
            if n > 0 {
                out.push(' ');
            }
            out.push_str(word);
            chars += length;
            match printed.last_mut().filter(|_| !skipped) {
                Some(last) => last.end = place.end,
                None => printed.push(place.clone()),
            }
        }
        (Extract(out), printed)
    }
}

/// The byte ranges of the words of a part, which is drawn in to whole characters.
fn words_within(whole: &str, part: &Range<usize>) -> Vec<Range<usize>> {
    let mut start = part.start.min(whole.len());
    let mut end = part.end.clamp(start, whole.len());
    while !whole.is_char_boundary(start) {
        start += 1;
    }
    while !whole.is_char_boundary(end) {
        end -= 1;
    }
    let mut words = Vec::new();
    let mut at = start;
    for word in whole.get(start..end).unwrap_or_default().split_whitespace() {
        // nothing but blanks stands between two words
        at += whole[at..].len() - whole[at..].trim_start().len();
        words.push(at..at + word.len());
        at += word.len();
    }
    words
}

/// One output of foreign text: what the office owes an account of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Use {
    /// When it left.
    pub at: Timestamp,
    /// Whose text.
    pub outlet: OutletId,
    /// Which article.
    pub article: ArticleId,
    /// Where it went: `review mail`, `review pdf`, `alert`, `feed`, `export csv`.
    pub output: String,
    /// Whether it was the whole text.
    pub full_text: bool,
    /// Characters shown.
    pub chars: usize,
    /// To how many people.
    pub readers: usize,
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    const LONG: &str = "Il lungolago riapre domani ai pedoni dopo tre mesi di lavori che hanno rifatto la pavimentazione, \
        le luci e gli alberi; restano chiusi fino a primavera il molo piccolo e la rampa per le barche, che aspettano un \
        collaudo rinviato due volte per l'altezza dell'acqua.";

    #[test]
    fn an_extract_ends_at_a_word_and_says_that_it_ends() {
        let allowed =
            allowed(RightsClass::ExtractOnly, None, &Signals::default(), Audience::Readers(8), date(2026, 11, 23));
        let extract = allowed.extract(&ForeignText::new(LONG));
        assert!(extract.as_str().ends_with(" […]"), "{extract}");
        assert!(extract.as_str().chars().count() <= 200);
        let short = allowed.extract(&ForeignText::new("Due parole."));
        assert_eq!(short.as_str(), "Due parole.");
    }

    #[test]
    fn a_reservation_of_text_mining_leaves_the_title_only() {
        let signals = Signals { tdm_reserved: true, ..Signals::default() };
        for audience in [Audience::Staff, Audience::Readers(1), Audience::Public] {
            let allowed = allowed(RightsClass::LicensedFull, None, &signals, audience, date(2026, 11, 23));
            assert_eq!((allowed.cap, allowed.full_text, allowed.shown), (None, false, true));
        }
    }

    #[test]
    fn a_whole_text_is_given_where_the_gate_says_so_and_nowhere_else() {
        let text = ForeignText::new("Il primo capoverso. \n\n  Il secondo.\n");
        let gate = |class, signals: &Signals, audience| allowed(class, None, signals, audience, date(2026, 11, 23));
        let open = Signals::default();
        let shown = gate(RightsClass::ExtractOnly, &open, Audience::Staff).paragraphs(&text);
        assert_eq!(shown.iter().map(Extract::as_str).collect::<Vec<_>>(), ["Il primo capoverso.", "Il secondo."]);
        let reserved = Signals { tdm_reserved: true, ..Signals::default() };
        for allowed in [
            gate(RightsClass::ExtractOnly, &open, Audience::Readers(1)),
            gate(RightsClass::LicensedFull, &open, Audience::Public),
            gate(RightsClass::LicensedFull, &reserved, Audience::Staff),
        ] {
            assert!(allowed.paragraphs(&text).is_empty());
        }
    }

    #[test]
    fn an_expired_licence_falls_back_to_the_short_extract() {
        let contract = Contract {
            number: "12/2026".into(),
            until: date(2026, 12, 31),
            scope: ContractScope::Intranet,
            extract_chars: 800,
            max_readers: Some(10),
        };
        let gate = |audience, day| {
            let a = allowed(RightsClass::LicensedFull, Some(&contract), &Signals::default(), audience, day);
            (a.full_text, a.cap.map(|c| c.chars))
        };
        assert_eq!(gate(Audience::Readers(10), date(2026, 12, 31)), (true, Some(800)));
        assert_eq!(gate(Audience::Readers(11), date(2026, 12, 31)), (false, Some(200)));
        assert_eq!(gate(Audience::Readers(10), date(2027, 1, 1)), (false, Some(200)));
        assert_eq!(gate(Audience::Public, date(2026, 12, 31)), (false, None));
    }

    proptest! {
        #[test]
        fn no_extract_is_longer_than_its_cap(
            text in "[ -~àèéìòù\n]{0,600}",
            own_summary in proptest::option::of(0usize..300),
            class in proptest::sample::select(vec![
                RightsClass::Internal, RightsClass::LinkOnly, RightsClass::ExtractOnly,
                RightsClass::LicensedExtract, RightsClass::LicensedFull,
            ]),
            from in 0usize..700, to in 0usize..700, readers in 0usize..500, public in any::<bool>(),
        ) {
            let signals = Signals { own_summary, ..Signals::default() };
            let audience = if public { Audience::Public } else { Audience::Readers(readers) };
            let gate = allowed(class, None, &signals, audience, date(2026, 11, 23));
            let extract = gate.extract_range(&ForeignText::new(text), from..to);
            let cap = gate.cap.unwrap_or(Cap { chars: 0, words: 0 });
            prop_assert!(extract.as_str().chars().count() <= cap.chars);
            prop_assert!(cap.chars <= own_summary.unwrap_or(usize::MAX));
            // the mark of a cut is no word of theirs
            prop_assert!(extract.as_str().split_whitespace().filter(|w| *w != "[…]").count() <= cap.words);
            prop_assert!(!gate.full_text);
        }
    }
}
