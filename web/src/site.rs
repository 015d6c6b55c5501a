//! What every page needs to be made: rows, the present, the office.

use crate::Metrics;
use crate::frame::{Crumb, FooterLink, Frame};
use salastampa_acts::House;
use salastampa_acts::oidc::Provider;
use salastampa_domain::{Clock, Declared};
use salastampa_index::Archive;
use salastampa_locale::{Lang, t};
use salastampa_store::Store;
use std::net::IpAddr;
use std::sync::Arc;

/// The site, cheap to clone. Not `Debug`: the office's key is in it.
#[derive(Clone)]
pub struct Site {
    /// The rows.
    pub store: Store,
    /// The present.
    pub clock: Clock,
    /// The office, its address on the web and its key.
    pub house: Arc<House>,
    /// Links that the law wants at the foot of each page.
    pub footer: Arc<Footer>,
    /// What is counted.
    pub metrics: Metrics,
    /// The searchable archive; without one the pages that search say so.
    pub archive: Option<Arc<dyn Archive>>,
    /// The directory through which people may log in too.
    pub directory: Option<Arc<Directory>>,
    /// What the installer decided, and the desk therefore may not.
    pub declared: Arc<Declared>,
    /// Proxies whose word on where a request came from is taken.
    pub proxies: Arc<Vec<IpAddr>>,
    /// How often each feed was asked of late.
    pub pace: crate::Pace,
    /// What is kept of public texts, which never change.
    pub shelf: crate::Shelf,
}

/// The directory of the municipality, and the way out to it: the one request that pages make themselves.
#[derive(Debug)]
pub struct Directory {
    /// As it is configured.
    pub provider: Provider,
    /// The way out.
    pub client: salastampa_http::Client,
}

/// Addresses of pages that a public body must link to; what is absent is not shown.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Footer {
    /// *Amministrazione trasparente* (D.lgs 33/2013).
    pub transparency: Option<String>,
    /// *Informativa privacy* (GDPR art. 13).
    pub privacy: Option<String>,
    /// *Note legali*.
    pub legal: Option<String>,
    /// *Dichiarazione di accessibilità* (L. 4/2004).
    pub accessibility: Option<String>,
    /// *Domande frequenti*.
    pub faq: Option<String>,
    /// *Segnalazione disservizio*.
    pub report: Option<String>,
    /// *Amministrazione*, the first of the four sections of the municipality's site (*Novità* is ours).
    pub management: Option<String>,
    /// *Servizi*.
    pub services: Option<String>,
    /// *Vivere il Comune*.
    pub living: Option<String>,
    /// *Accedi all'area personale*.
    pub personal: Option<String>,
}

impl Site {
    /// A site that has counted nothing yet.
    pub fn new(store: Store, clock: Clock, house: Arc<House>, footer: Footer) -> Self {
        Self {
            store,
            clock,
            house,
            footer: Arc::new(footer),
            metrics: Metrics::default(),
            archive: None,
            directory: None,
            declared: Arc::default(),
            proxies: Arc::default(),
            pace: crate::Pace::default(),
            shelf: crate::Shelf::default(),
        }
    }

    /// The same site with an archive to search.
    #[must_use]
    pub fn with_archive(self, archive: Arc<dyn Archive>) -> Self {
        Self { archive: Some(archive), ..self }
    }

    /// The same site with a directory to log in through.
    #[must_use]
    pub fn with_directory(self, directory: Option<Arc<Directory>>) -> Self {
        Self { directory, ..self }
    }

    /// The same site where the installer decided this.
    #[must_use]
    pub fn under(self, declared: Arc<Declared>) -> Self {
        Self { declared, ..self }
    }

    /// The same site behind proxies.
    #[must_use]
    pub fn behind(self, proxies: Vec<IpAddr>) -> Self {
        Self { proxies: Arc::new(proxies), ..self }
    }

    /// The archive, for pages that search.
    pub(crate) fn archive(&self) -> Result<&dyn Archive, crate::answer::Error> {
        self.archive.as_deref().ok_or(crate::answer::Error::NoArchive)
    }

    /// The path of `base_url`, without a slash at the end: `/ufficio-stampa`, or nothing.
    pub fn prefix(&self) -> &str {
        path_of(&self.house.base_url)
    }

    /// The surroundings of a page of that title; the page fills in the rest.
    pub(crate) fn frame(&self, title: &str) -> Frame {
        let house = &self.house;
        Frame {
            lang: house.lang,
            office: house.office.clone(),
            contacts: lines(&house.contacts),
            prefix: self.prefix().to_owned(),
            base_url: house.base_url.clone(),
            title: title.to_owned(),
            description: String::new(),
            canonical: None,
            image: None,
            article: None,
            data: None,
            feed: "/novita".into(),
            sections: self.footer.sections(house.lang),
            crumbs: vec![Crumb::new(t(house.lang, "web.home"), format!("{}/", self.prefix()))],
            footer: self.footer.links(house.lang),
        }
    }
}

impl Footer {
    fn links(&self, lang: Lang) -> Vec<FooterLink> {
        named(
            lang,
            [
                (&self.transparency, "web.footer.transparency", "transparency-link"),
                (&self.privacy, "web.footer.privacy", "privacy-policy-link"),
                (&self.legal, "web.footer.legal", "legal-notes"),
                (&self.accessibility, "web.footer.accessibility", "accessibility-link"),
                (&self.faq, "newsroom.frame.faq", "faq"),
                (&self.report, "newsroom.frame.report", "report-inefficiency"),
            ],
        )
    }

    fn sections(&self, lang: Lang) -> Vec<FooterLink> {
        named(
            lang,
            [
                (&self.management, "newsroom.frame.management", "management"),
                (&self.services, "newsroom.frame.services", "all-services"),
                (&self.living, "newsroom.frame.living", "live"),
                (&self.personal, "newsroom.frame.personal", "personal-area-login"),
            ],
        )
    }
}

/// The links that there are, with their words and the names by which the national checker finds them.
fn named<const N: usize>(lang: Lang, links: [(&Option<String>, &str, &'static str); N]) -> Vec<FooterLink> {
    let link = |(href, key, element): (&Option<String>, &str, &'static str)| {
        href.clone().map(|href| FooterLink { words: t(lang, key).to_owned(), href, element })
    };
    links.into_iter().filter_map(link).collect()
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

fn path_of(base_url: &str) -> &str {
    let after = base_url.split_once("://").map_or(base_url, |(_, after)| after);
    after.find('/').map_or("", |slash| after[slash..].trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_of_an_address_is_what_follows_the_host() {
        for (base_url, path) in [
            ("https://stampa.bellariva.test", ""),
            ("https://stampa.bellariva.test/", ""),
            ("https://www.bellariva.test/ufficio-stampa", "/ufficio-stampa"),
            ("http://127.0.0.1:8080/a/b/", "/a/b"),
        ] {
            assert_eq!(path_of(base_url), path, "{base_url}");
        }
    }
}
