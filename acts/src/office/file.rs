//! The office file, line by line as it is written; what is left out has a default that works.

use salastampa_domain::{Medium, OnHolidays, OrderRule, Urgency, Visibility};
use serde::Deserialize;

/// The file, as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct OfficeFile {
    pub(super) user: Vec<UserLine>,
    pub(super) person: Vec<PersonLine>,
    pub(super) watch: Vec<WatchLine>,
    pub(super) edition: Vec<EditionLine>,
    pub(super) reader: Vec<ReaderLine>,
    pub(super) list: Vec<ListLine>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UserLine {
    pub(super) login: String,
    pub(super) name: String,
    pub(super) role: String,
    #[serde(default)]
    pub(super) address: Option<String>,
    #[serde(default)]
    pub(super) second_signature: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PersonLine {
    pub(super) slug: String,
    pub(super) name: String,
    #[serde(default)]
    pub(super) aliases: Vec<String>,
    pub(super) office: String,
    #[serde(default)]
    pub(super) from: Option<String>,
    #[serde(default)]
    pub(super) until: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WatchLine {
    pub(super) slug: String,
    pub(super) name: String,
    pub(super) query: String,
    #[serde(default = "five")]
    pub(super) weight: u8,
    #[serde(default)]
    pub(super) urgency: Urgency,
    #[serde(default)]
    pub(super) hold: u32,
    #[serde(default)]
    pub(super) terms: Vec<String>,
    #[serde(default)]
    pub(super) minimum: u8,
    #[serde(default)]
    pub(super) per_outlet: u16,
    #[serde(default)]
    pub(super) diverse: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EditionLine {
    pub(super) slug: String,
    pub(super) name: String,
    pub(super) schedule: String,
    #[serde(default = "quarter")]
    pub(super) ready_before: u32,
    #[serde(default = "twelve")]
    pub(super) cap: usize,
    #[serde(default)]
    pub(super) per_outlet: usize,
    #[serde(default)]
    pub(super) holidays: OnHolidays,
    #[serde(default)]
    pub(super) order: OrderRule,
    #[serde(default)]
    pub(super) visibility: Visibility,
    pub(super) section: Vec<SectionLine>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SectionLine {
    pub(super) name: String,
    pub(super) watches: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReaderLine {
    pub(super) slug: String,
    pub(super) name: String,
    pub(super) address: String,
    #[serde(default = "italian")]
    pub(super) language: String,
    #[serde(default)]
    pub(super) watches: Vec<String>,
    #[serde(default)]
    pub(super) editions: Vec<String>,
    #[serde(default = "yes")]
    pub(super) alerts: bool,
    #[serde(default = "yes")]
    pub(super) reviews: bool,
    #[serde(default)]
    pub(super) quiet: Option<String>,
    #[serde(default)]
    pub(super) second: Option<String>,
    #[serde(default)]
    pub(super) second_at_night: bool,
    #[serde(default)]
    pub(super) push: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ListLine {
    pub(super) slug: String,
    pub(super) name: String,
    #[serde(default)]
    pub(super) medium: Option<Medium>,
    #[serde(default)]
    pub(super) beat: Option<String>,
    #[serde(default)]
    pub(super) territory: Option<String>,
}

fn five() -> u8 {
    5
}
fn quarter() -> u32 {
    15
}
fn twelve() -> usize {
    12
}
fn italian() -> String {
    "it".into()
}
fn yes() -> bool {
    true
}
