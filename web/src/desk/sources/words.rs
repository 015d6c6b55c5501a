//! What the pages of sources call things, and the choices of their forms.

use crate::desk::contacts::Options;
use salastampa_domain::{Cadence, LegalStatus, Origin, OutletKind, RightsClass, SourceKind, Timestamp};
use salastampa_locale::{Lang, date, fill, t};

/// An instant near now: *oggi alle 07:29*, or the day in short.
pub(super) fn when(at: Timestamp, now: Timestamp, lang: Lang) -> String {
    let time = date::time(at.civil().time());
    match at.day() == now.day() {
        true => fill(lang, "sources.today", &[("time", &time)]),
        false => format!("{}, {time}", date::short(at.day(), lang)),
    }
}

/// What is read at a source.
pub(super) fn kind(kind: &SourceKind, lang: Lang) -> &'static str {
    match kind {
        SourceKind::Feed => t(lang, "sources.kind.feed"),
        SourceKind::Sitemap => t(lang, "sources.kind.sitemap"),
        SourceKind::Page { .. } => t(lang, "sources.kind.page"),
        SourceKind::Wire { .. } => t(lang, "sources.kind.wire"),
    }
}

/// How often a source is visited.
pub(super) fn cadence(cadence: Cadence, lang: Lang) -> &'static str {
    match cadence {
        Cadence::A => t(lang, "sources.cadence.a"),
        Cadence::B => t(lang, "sources.cadence.b"),
        Cadence::C => t(lang, "sources.cadence.c"),
        Cadence::D => t(lang, "sources.cadence.d"),
    }
}

/// What may leave the house of an outlet's texts.
pub(super) fn rights(class: RightsClass, lang: Lang) -> &'static str {
    match class {
        RightsClass::Internal => t(lang, "sources.rights.internal"),
        RightsClass::LinkOnly => t(lang, "sources.rights.link_only"),
        RightsClass::ExtractOnly => t(lang, "sources.rights.extract_only"),
        RightsClass::LicensedExtract => t(lang, "sources.rights.licensed_extract"),
        RightsClass::LicensedFull => t(lang, "sources.rights.licensed_full"),
        RightsClass::Open => t(lang, "sources.rights.open"),
        RightsClass::Own => t(lang, "sources.rights.own"),
    }
}

/// What is known of our right to read.
pub(super) fn legal(legal: LegalStatus, lang: Lang) -> &'static str {
    match legal {
        LegalStatus::ToVerify => t(lang, "sources.legal.to_verify"),
        LegalStatus::Verified => t(lang, "sources.legal.verified"),
        LegalStatus::Licensed => t(lang, "sources.legal.licensed"),
    }
}

/// Who declared a source.
pub(super) fn origin(origin: Origin, lang: Lang) -> &'static str {
    match origin {
        Origin::File => t(lang, "sources.origin.file"),
        Origin::Desk => t(lang, "sources.origin.desk"),
    }
}

/// The kinds of outlet, as rows and addresses name them.
pub(crate) const KINDS: [(&str, OutletKind); 7] = [
    ("agency", OutletKind::Agency),
    ("daily", OutletKind::Daily),
    ("local", OutletKind::Local),
    ("radio_tv", OutletKind::RadioTv),
    ("web", OutletKind::Web),
    ("institution", OutletKind::Institution),
    ("funding", OutletKind::Funding),
];

/// A kind of outlet.
pub(crate) fn outlet_kind(kind: OutletKind, lang: Lang) -> &'static str {
    match kind {
        OutletKind::Agency => t(lang, "sources.outlet_kind.agency"),
        OutletKind::Daily => t(lang, "sources.outlet_kind.daily"),
        OutletKind::Local => t(lang, "sources.outlet_kind.local"),
        OutletKind::RadioTv => t(lang, "sources.outlet_kind.radio_tv"),
        OutletKind::Web => t(lang, "sources.outlet_kind.web"),
        OutletKind::Institution => t(lang, "sources.outlet_kind.institution"),
        OutletKind::Funding => t(lang, "sources.outlet_kind.funding"),
    }
}

/// A value as rows and forms write it.
pub(super) fn name_of(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

/// The value of such a name.
pub(super) fn value_of<T: serde::de::DeserializeOwned>(name: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(name.to_owned())).ok()
}

/// The classes of pace.
pub(super) fn cadences(lang: Lang) -> Options {
    [Cadence::A, Cadence::B, Cadence::C, Cadence::D].map(|c| (name_of(&c), cadence(c, lang).to_owned())).into()
}

/// The rights classes; those with a licence are for outlets with a contract.
pub(super) fn classes(lang: Lang, licensed: bool) -> Options {
    let mut all = vec![RightsClass::Internal, RightsClass::LinkOnly, RightsClass::ExtractOnly];
    if licensed {
        all.extend([RightsClass::LicensedExtract, RightsClass::LicensedFull]);
    }
    all.extend([RightsClass::Open, RightsClass::Own]);
    all.into_iter().map(|class| (name_of(&class), rights(class, lang).to_owned())).collect()
}

/// What can be known of our right to read.
pub(super) fn legals(lang: Lang) -> Options {
    [LegalStatus::ToVerify, LegalStatus::Verified, LegalStatus::Licensed]
        .map(|status| (name_of(&status), legal(status, lang).to_owned()))
        .into()
}

/// The sorts of outlets.
pub(super) fn outlet_kinds(lang: Lang) -> Options {
    use OutletKind::{Agency, Daily, Funding, Institution, Local, RadioTv, Web};
    [Agency, Daily, Local, RadioTv, Web, Institution, Funding]
        .map(|kind| (name_of(&kind), outlet_kind(kind, lang).to_owned()))
        .into()
}
