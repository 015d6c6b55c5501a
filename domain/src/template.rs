//! A house template (*modello*): a text that the office begins a release with.
//!
//! Some stand from the first day and are no rows; a row of the same name stands in the place of one, also to say that the
//! office does not want it.

use serde::{Deserialize, Serialize};

/// A text to begin with, as the office keeps it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ReleaseTemplate {
    /// Its name in commands and addresses.
    pub slug: String,
    /// What it is called.
    pub name: String,
    /// Markdown with its head, which says what sort of release it makes.
    pub text: String,
    /// The office does not want it: it is offered to nobody until it is taken up again.
    #[serde(default)]
    pub is_away: bool,
}
