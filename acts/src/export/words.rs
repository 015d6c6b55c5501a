//! What the rights of an article are called, in files and at the desk alike.

use salastampa_domain::{Reason, RightsClass};
use salastampa_locale::{Lang, t};

/// The name of a rights class.
pub fn class_words(lang: Lang, class: RightsClass) -> &'static str {
    match class {
        RightsClass::Internal => t(lang, "archive.rights.internal"),
        RightsClass::LinkOnly => t(lang, "archive.rights.link_only"),
        RightsClass::ExtractOnly => t(lang, "archive.rights.extract_only"),
        RightsClass::LicensedExtract => t(lang, "archive.rights.licensed_extract"),
        RightsClass::LicensedFull => t(lang, "archive.rights.licensed_full"),
        RightsClass::Open => t(lang, "archive.rights.open"),
        RightsClass::Own => t(lang, "archive.rights.own"),
    }
}

/// Why less than the class says may leave; empty where the class says it all.
pub fn reason_words(lang: Lang, reason: Reason) -> &'static str {
    match reason {
        Reason::Class | Reason::Staff => "",
        Reason::TdmReserved => t(lang, "archive.rights.tdm_reserved"),
        Reason::ContractLacking => t(lang, "archive.rights.contract_lacking"),
        Reason::ReproductionReserved => t(lang, "archive.rights.reproduction_reserved"),
    }
}

/// Both, as one: `Testo in licenza: licenza mancante o scaduta`.
pub(crate) fn rights_words(lang: Lang, class: RightsClass, reason: Reason) -> String {
    match reason_words(lang, reason) {
        "" => class_words(lang, class).to_owned(),
        reason => format!("{}: {reason}", class_words(lang, class)),
    }
}
