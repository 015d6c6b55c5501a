//! What an outlet's texts may be used for, as a badge with its reason, and what of one article this office may print.

use salastampa_acts::alert;
pub(crate) use salastampa_acts::export::class_words;
use salastampa_acts::export::reason_words;
use salastampa_domain::{Allowed, Article, Audience, Outlet, RightsClass, SourceId, Timestamp, allowed};
use salastampa_locale::{Lang, fill, number, t};
use salastampa_store::{Error, Rows};
use std::collections::BTreeMap;

/// The rights of all sources that differ from their outlet's, and the day on which licences are looked at.
pub(crate) struct Rights {
    overrides: BTreeMap<SourceId, RightsClass>,
    today: jiff::civil::Date,
}

/// A rights class, named, with why less than the class says may leave.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Badge {
    pub(crate) words: &'static str,
    /// Empty where the class says it all.
    pub(crate) reason: &'static str,
}

/// What may be printed of one article.
pub(crate) struct Gate {
    pub(crate) class: RightsClass,
    /// On the desk's own pages.
    pub(crate) desk: Allowed,
    /// In what leaves to named readers.
    pub(crate) readers: Allowed,
}

impl Rights {
    pub(crate) async fn read(rows: &mut Rows, now: Timestamp) -> Result<Self, Error> {
        Ok(Self { overrides: rows.list_rights_overrides().await?.into_iter().collect(), today: now.day() })
    }

    /// What may be printed of an article.
    pub(crate) fn gate(&self, article: &Article, outlet: &Outlet) -> Gate {
        let class = alert::rights(article, outlet, &self.overrides);
        let ask = |audience| allowed(class, outlet.contract.as_ref(), &article.signals, audience, self.today);
        Gate { class, desk: ask(Audience::Staff), readers: ask(Audience::Readers(1)) }
    }
}

impl Gate {
    pub(crate) fn badge(&self, lang: Lang) -> Badge {
        Badge { words: class_words(lang, self.class), reason: reason_words(lang, self.readers.reason) }
    }

    /// What the class means, in a sentence.
    pub(crate) fn meaning(&self, lang: Lang) -> &'static str {
        match self.class {
            RightsClass::Internal => t(lang, "archive.rights.internal_means"),
            RightsClass::LinkOnly => t(lang, "archive.rights.link_only_means"),
            RightsClass::ExtractOnly => t(lang, "archive.rights.extract_only_means"),
            RightsClass::LicensedExtract => t(lang, "archive.rights.licensed_extract_means"),
            RightsClass::LicensedFull => t(lang, "archive.rights.licensed_full_means"),
            RightsClass::Open => t(lang, "archive.rights.open_means"),
            RightsClass::Own => t(lang, "archive.rights.own_means"),
        }
    }

    /// What of this article may leave in a review, in a sentence.
    pub(crate) fn leaves(&self, lang: Lang) -> String {
        match self.readers.cap {
            _ if self.readers.full_text => t(lang, "archive.rights.leaves_whole").to_owned(),
            Some(cap) => {
                let chars = number::whole(i64::try_from(cap.chars).unwrap_or(i64::MAX), lang);
                fill(lang, "archive.rights.leaves_extract", &[("n", &chars)])
            }
            None => t(lang, "archive.rights.leaves_title").to_owned(),
        }
    }
}
