//! What is wrong with a form, beside each field and at the top of the page.

use salastampa_acts::Slip;

/// The slips of a form; none on a form that was not sent yet.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Slips(pub(crate) Vec<Slip>);

impl Slips {
    /// What is wrong with a field.
    pub(crate) fn of(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|slip| slip.field == field).map(|slip| slip.sentence.as_str())
    }

    /// Whether nothing is wrong.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them, for the summary at the top.
    pub(crate) fn all(&self) -> &[Slip] {
        &self.0
    }
}
