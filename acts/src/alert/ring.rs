//! What a telephone shows of alerts: titles, outlets and watches, and the link to the source. Nothing of the text, because a
//! notification passes through others' servers and lies on a locked screen.

use salastampa_digest::{AlertSheet, clean};
use salastampa_domain::{PushNote, Use};

/// Longest title, in characters.
const TITLE: usize = 200;
/// So many stories of a batch are named.
const NAMED: usize = 5;

/// What a notification shows of what its mail does: the titles, for one reader.
pub(super) fn uses(of_mail: &[Use]) -> Vec<Use> {
    let one =
        |used: &Use| Use { output: "notification".into(), full_text: false, chars: 0, readers: 1, ..used.clone() };
    of_mail.iter().take(NAMED).map(one).collect()
}

/// An alert at once.
pub(super) fn of_one(sheet: &AlertSheet) -> PushNote {
    PushNote {
        title: clean::line(&sheet.title, TITLE),
        text: clean::line(&format!("{} · {}", sheet.outlet_name, sheet.watches.join(", ")), TITLE),
        link: clean::link(&sheet.url).unwrap_or_default().to_owned(),
        urgent: true,
    }
}

/// What came together, under the subject of its mail.
pub(super) fn of_batch(subject: &str, sheets: &[AlertSheet]) -> PushNote {
    let named = sheets.iter().take(NAMED).map(|sheet| clean::line(&sheet.title, TITLE));
    PushNote {
        title: clean::line(subject, TITLE),
        text: named.collect::<Vec<_>>().join("\n"),
        link: String::new(),
        urgent: false,
    }
}
