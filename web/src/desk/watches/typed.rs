//! The fields of the form, from a watch and back.

use crate::desk::fields::Fields;
use salastampa_acts::watch::Wanted;
use salastampa_acts::watch::form::{self, Form};
use salastampa_domain::{Urgency, Watch};

/// A watch as the form shows it: what asks for nothing is left empty.
pub(super) fn as_wanted(watch: &Watch) -> Wanted {
    let number = |n: u32| if n == 0 { String::new() } else { n.to_string() };
    let grading = &watch.grading;
    let terms: Vec<String> = grading.terms.iter().map(ToString::to_string).collect();
    Wanted {
        name: watch.name.clone(),
        query: watch.query.clone(),
        weight: watch.weight.to_string(),
        urgency: watch.urgency,
        hold: number(watch.hold),
        terms: terms.join("\n"),
        minimum: number(grading.minimum.into()),
        per_outlet: number(grading.per_outlet.into()),
        diverse: grading.diverse,
    }
}

/// What was typed.
pub(super) fn typed(fields: &Fields) -> Wanted {
    let query = fields.raw("ricerca");
    let query = match fields.text("forma") {
        "esatta" => form::in_form(query, Form::Exact),
        "tutte" => form::in_form(query, Form::All),
        _ => query.to_owned(),
    };
    let raw = |name| fields.raw(name).to_owned();
    Wanted {
        name: raw("nome"),
        query,
        weight: raw("peso"),
        urgency: Urgency::parse(fields.text("urgenza")).unwrap_or_default(),
        hold: raw("trattieni"),
        terms: raw("pesi"),
        minimum: raw("minimo"),
        per_outlet: raw("per_testata"),
        diverse: !fields.text("diversi").is_empty(),
    }
}
