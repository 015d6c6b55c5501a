//! What an agency says of a wire beside its text, in lines for the page of an article.
//!
//! Left out: the text itself, and codes that only machines of the agency read, but for the routing line, which an
//! officer quotes when they ring the agency's desk.

use salastampa_domain::{Timestamp, Wire};
use salastampa_locale::{Lang, date, fill, plural, t};
use salastampa_store::Hidden;

/// The lines, the most pressing first; none for an article that did not come by wire.
pub(super) fn lines(wires: &[Wire], hidden: Option<Hidden>, lang: Lang) -> Vec<String> {
    let Some(newest) = wires.iter().max_by_key(|wire| wire.at) else { return Vec::new() };
    let moment = |at: Timestamp| date::moment(at.civil(), lang);
    let mut lines = Vec::new();
    match hidden {
        Some(Hidden { until: Some(at) }) => lines.push(fill(lang, "archive.wire.embargo", &[("when", &moment(at))])),
        Some(Hidden { until: None }) => lines.push(t(lang, "archive.wire.withheld").to_owned()),
        None => {}
    }
    let takes = wires.iter().filter(|wire| wire.lines > 0).count();
    let mut facts = Vec::new();
    facts.extend(newest.notes.urgency.map(|n| fill(lang, "archive.wire.urgency", &[("n", &n.to_string())])));
    facts.extend((newest.notes.plus > 0).then(|| "+".repeat(newest.notes.plus.min(5).into())));
    facts.extend((takes > 1).then(|| plural(lang, "archive.wire.takes", takes)));
    facts.extend(newest.notes.continues.then(|| t(lang, "archive.wire.continues").to_owned()));
    facts.extend(newest.notes.place.clone());
    facts.extend(newest.notes.slug.clone());
    if !facts.is_empty() {
        lines.push(facts.join(" · "));
    }
    let note = newest.notes.note.as_deref().map(|note| fill(lang, "archive.wire.note", &[("note", note)]));
    let rights = newest.notes.rights.as_deref().map(|note| fill(lang, "archive.wire.rights", &[("note", note)]));
    let routing = newest.notes.routing.as_deref().map(|codes| fill(lang, "archive.wire.routing", &[("codes", codes)]));
    lines.extend([note, rights, routing].into_iter().flatten());
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use salastampa_domain::{OutletId, WireKind, WireNotes, WireStatus};

    #[test]
    fn the_desk_is_told_what_the_agency_says() {
        let wire = |take: u32, lines| Wire {
            outlet: OutletId(1),
            identity: take.to_string(),
            version: 1,
            article: None,
            kind: WireKind::New,
            status: WireStatus::Usable,
            chain: None,
            take,
            lines,
            at: Timestamp(i64::from(take)),
            notes: WireNotes {
                urgency: Some(2),
                plus: 2,
                continues: true,
                place: Some("Bellariva".into()),
                note: Some("segue tabella".into()),
                ..WireNotes::default()
            },
        };
        let hidden = Some(Hidden { until: None });
        assert_eq!(
            lines(&[wire(1, 2), wire(2, 1)], hidden, Lang::It),
            [
                t(Lang::It, "archive.wire.withheld"),
                "urgenza 2 · ++ · 2 lanci · segue · Bellariva",
                "Nota dell'agenzia, non per il pubblico: segue tabella",
            ]
        );
        assert_eq!(lines(&[], None, Lang::It), Vec::<String>::new());
    }
}
