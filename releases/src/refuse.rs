//! What may not leave, whoever asks. Not a matter of taste: a header that a line break would split, a mail that Gmail
//! clips, a text that nobody gets, an hour that has passed.

use crate::Message;
use crate::draft::Draft;
use crate::files::refuse_files;
use crate::render::{CorrectionOf, Frozen, House};
use salastampa_domain::Timestamp;
use salastampa_domain::delivery::NOTE_LIMIT;

/// Largest HTML part, in bytes: Gmail clips near 102 kB.
pub const LARGEST_HTML: usize = 100_000;
/// Bytes of [`LARGEST_HTML`] that are kept free for what only the message to one person has: a note of full length in which
/// each character is written as five or six, and the personal links beside the address of the site.
const PERSONAL: usize = 6 * NOTE_LIMIT + 600;
/// Longest title, in characters: a longer one is not a title, and a header of that length is cut by servers.
pub const LONGEST_TITLE: usize = 300;

/// Why a draft may not leave.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// Which rule.
    pub rule: Rule,
    /// What is wrong and what to do.
    pub message: Message,
}

/// The rules.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Rule {
    /// A line break or control character in what becomes a header.
    HeaderBreak,
    /// The title is longer than [`LONGEST_TITLE`].
    TitleTooLong,
    /// No list.
    NoList,
    /// The embargo ended before the text was ready.
    EmbargoPast,
    /// A photo that nobody described.
    PhotoWithoutAlt,
    /// A photo without a credit.
    PhotoWithoutCredit,
    /// A file that may no longer be shown when the release becomes public.
    LicenceEnded,
    /// The HTML part would be [`LARGEST_HTML`] or more for somebody.
    TooLarge,
}

/// All reasons why the draft may not leave at `now`, but for its size, which only its rendering knows. A correction may
/// name an embargo that has passed: it keeps the head of what it corrects.
pub fn refuse(draft: &Draft, house: &House, correction_of: Option<&CorrectionOf>, now: Timestamp) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    let mut add = |rule, message| refusals.push(Refusal { rule, message });
    for (name, value) in [("titolo", &draft.title), ("office", &house.office)] {
        if value.chars().any(char::is_control) {
            add(Rule::HeaderBreak, Message::new("releases.refuse.header_break").with("name", name));
        }
    }
    if draft.title.chars().count() > LONGEST_TITLE {
        add(Rule::TitleTooLong, Message::new("releases.refuse.title").with("most", LONGEST_TITLE));
    }
    if draft.lists.is_empty() {
        add(Rule::NoList, Message::new("releases.refuse.no_list"));
    }
    if let Some(until) = draft.embargo
        && until <= now
        && correction_of.is_none()
    {
        let at = until.civil().strftime("%d/%m/%Y %H:%M").to_string();
        add(Rule::EmbargoPast, Message::new("releases.refuse.embargo_past").with("at", at));
    }
    let public_at = draft.embargo.map_or(now, |until| until.max(now));
    refusals.extend(refuse_files(&draft.files, public_at.day()));
    refusals
}

/// What only the rendering shows. `base_url` is the address of the site, which each personal link begins with.
pub(crate) fn refuse_sizes(frozen: &Frozen, base_url: &str) -> Option<Refusal> {
    let most = LARGEST_HTML.saturating_sub(PERSONAL + 2 * base_url.len());
    (frozen.html.len() >= most).then(|| Refusal {
        rule: Rule::TooLarge,
        message: Message::new("releases.refuse.too_large").with("bytes", frozen.html.len()).with("most", most),
    })
}
