//! Whether something was to show more of a text than its rights allow: the second net found it, and it fell back to its title.

use super::{Check, State, check};
use salastampa_acts::net::Found;
use salastampa_locale::{Lang, date, fill, plural, t};

/// What was found in the last week, the newest first.
pub(super) fn rights(caught: &[Found], lang: Lang) -> Check {
    let Some(last) = caught.first() else {
        let words = t(lang, "settings.health.rights_words").to_owned();
        return check(lang, State::Good, "settings.health.rights", words, "settings.health.rights_do");
    };
    let at = date::moment(last.at.civil(), lang);
    let values = [("at", at.as_str()), ("output", last.output.as_str())];
    let last = fill(lang, "settings.health.rights_last", &values);
    let words = format!("{} {last}", plural(lang, "settings.health.rights_caught", caught.len()));
    let found = check(lang, State::Note, "settings.health.rights", words, "settings.health.rights_do");
    Check { href: Some("/desk/registro?cosa=rights".into()), ..found }
}
