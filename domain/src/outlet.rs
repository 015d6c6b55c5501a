//! Outlets (*testate*): the publications whose sources we visit.

use crate::{Contract, OutletId, RightsClass};
use serde::{Deserialize, Serialize};

/// A publication.
#[derive(Clone, PartialEq, Debug)]
pub struct Outlet {
    /// Its number.
    pub id: OutletId,
    /// Its name in files and addresses, such as `il-lago`.
    pub slug: String,
    /// As readers know it.
    pub name: String,
    /// What sort of publication.
    pub kind: OutletKind,
    /// Where it is read: a municipality, a province, `Italia`.
    pub area: String,
    /// Weight for the office, 1 (first) to 5; orders "anche su".
    pub tier: u8,
    /// What its texts may be used for.
    pub rights: RightsClass,
    /// The licence behind a licensed class.
    pub contract: Option<Contract>,
    /// Its home page.
    pub home: Option<String>,
}

/// Sorts of publications.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutletKind {
    /// News agency.
    Agency,
    /// National or regional daily.
    Daily,
    /// Local newspaper or site.
    Local,
    /// Radio or television.
    RadioTv,
    /// Online outlet.
    Web,
    /// Public body.
    Institution,
    /// Portal of funding calls.
    Funding,
}
