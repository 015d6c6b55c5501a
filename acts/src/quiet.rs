//! Quiet hours as people type and read them: two fields of a form, or one cell of a table; and what new ones mean for what
//! waits already.

use crate::desk::slip;
use crate::{Result, Slip};
use jiff::civil::Time;
use salastampa_domain::quiet::awake;
use salastampa_domain::{Contact, DeliveryKind, DeliveryState, QuietHours};
use salastampa_locale::{Lang, t};
use salastampa_store::Write;

/// So many of a journalist's last messages are looked at: what waits is among them.
const LAST: usize = 200;

/// Releases that wait for a journalist wait for the end of their new quiet hours too. Hours that were taken away bring
/// nothing forward: what was promised for the morning comes in the morning.
pub(crate) async fn let_wait(write: &mut Write, before: &Contact, after: &Contact) -> Result<()> {
    if before.quiet == after.quiet || after.quiet.is_none() {
        return Ok(());
    }
    for delivery in write.list_deliveries_to(after.id, LAST).await? {
        let waits = delivery.state == DeliveryState::Queued && delivery.in_reply_to.is_none();
        let due_at = awake(after.quiet, delivery.due_at);
        if waits && delivery.subject.kind == DeliveryKind::Release && due_at > delivery.due_at {
            write.put_off_delivery(delivery.id, due_at).await?;
        }
    }
    Ok(())
}

/// The two fields of a form; both empty is none. What cannot be taken is said at `quiet_from`.
pub(crate) fn typed(from: &str, until: &str, lang: Lang, slips: &mut Vec<Slip>) -> Option<QuietHours> {
    match (from.trim(), until.trim()) {
        ("", "") => None,
        (from, until) => {
            let quiet = between(from, until);
            if quiet.is_none() {
                slips.push(slip("quiet_from", t(lang, "people.slip.quiet")));
            }
            quiet
        }
    }
}

/// `22:00-07:00`.
pub(crate) fn parse(text: &str) -> Option<QuietHours> {
    let (from, until) = text.split_once(['-', '–'])?;
    between(from.trim(), until.trim())
}

/// The hours as [`parse`] reads them; empty for none.
pub(crate) fn words(quiet: Option<QuietHours>) -> String {
    quiet.map_or_else(String::new, |(from, until)| format!("{}-{}", clock(from), clock(until)))
}

/// The hours as the two fields have them.
pub(crate) fn fields(quiet: Option<QuietHours>) -> (String, String) {
    quiet.map_or_else(Default::default, |(from, until)| (clock(from), clock(until)))
}

fn clock(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

fn between(from: &str, until: &str) -> Option<QuietHours> {
    let (from, until) = (hour(from)?, hour(until)?);
    (from != until).then_some((from, until))
}

fn hour(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    Time::new(hour.parse().ok()?, minute.get(..2)?.parse().ok()?, 0, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_as_they_are_written() {
        let night = parse("22:00-07:30");
        assert_eq!((words(night), fields(night)), ("22:00-07:30".into(), ("22:00".into(), "07:30".into())));
        assert_eq!(parse("22:00 – 07:30"), night);
        for text in ["", "22:00", "22-7", "22:00-22:00", "25:00-07:00", "-", "22:0è-07:00"] {
            assert_eq!(parse(text), None, "{text}");
        }
        let mut slips = Vec::new();
        assert_eq!((typed("", " ", Lang::It, &mut slips), slips.len()), (None, 0));
        assert_eq!((typed("22:00", "", Lang::It, &mut slips), slips.len()), (None, 1));
    }
}
