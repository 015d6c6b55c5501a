//! What surrounds every public page: head, landmarks, breadcrumb, foot. The order of the national model for municipal
//! sites (*Modello Comuni*), in our own markup and style.

use salastampa_locale::{Lang, t};

/// The surroundings of a page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Frame {
    pub(crate) lang: Lang,
    pub(crate) office: String,
    pub(crate) contacts: Vec<String>,
    /// Path of the site, before every link: links stay on the host that people came by.
    pub(crate) prefix: String,
    pub(crate) base_url: String,
    pub(crate) title: String,
    /// For search engines and previews; none where empty.
    pub(crate) description: String,
    /// Path under which the page wants to be known; a page without one does not want to be found.
    pub(crate) canonical: Option<String>,
    /// Path of the picture that previews of the page show, below the site.
    pub(crate) image: Option<String>,
    /// For a text of its own, not a list: when it became public, and when it changed last.
    pub(crate) article: Option<(String, String)>,
    /// Linked data about the page (JSON, made safe for where it stands).
    pub(crate) data: Option<String>,
    /// Path of the list whose feeds the page names.
    pub(crate) feed: String,
    /// Sections of the municipality's own site, above ours.
    pub(crate) sections: Vec<FooterLink>,
    pub(crate) crumbs: Vec<Crumb>,
    pub(crate) footer: Vec<FooterLink>,
}

/// A step of the path to a page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Crumb {
    pub(crate) words: String,
    /// The page itself has no link.
    pub(crate) href: Option<String>,
}

/// A link at the foot.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct FooterLink {
    pub(crate) words: String,
    pub(crate) href: String,
    /// The name by which the national checker of municipal sites finds it.
    pub(crate) element: &'static str,
}

impl Crumb {
    /// A step that can be taken.
    pub(crate) fn new(words: &str, href: String) -> Self {
        Self { words: words.to_owned(), href: Some(href) }
    }

    /// The step where one stands.
    pub(crate) fn here(words: &str) -> Self {
        Self { words: words.to_owned(), href: None }
    }
}

impl Frame {
    /// The sentence of a key in the page's language.
    pub(crate) fn t(&self, key: &str) -> String {
        t(self.lang, key).to_owned()
    }

    /// Where the style sheet lies.
    pub(crate) fn style(&self) -> String {
        format!("{}{}", self.prefix, crate::assets::path("newsroom.css"))
    }

    /// The path ends at the page itself, under its title.
    #[must_use]
    pub(crate) fn here(mut self) -> Self {
        self.crumbs.push(Crumb::here(&self.title));
        self
    }

    /// The path ends at the page itself, in other words than its title.
    #[must_use]
    pub(crate) fn here_as(mut self, words: &str) -> Self {
        self.crumbs.push(Crumb::here(words));
        self
    }

    /// A step more, to a path below the site.
    pub(crate) fn push(&mut self, words: &str, path: &str) {
        self.crumbs.push(Crumb::new(words, format!("{}{path}", self.prefix)));
    }

    /// The path to the news: *Home › Novità*.
    #[must_use]
    pub(crate) fn under_news(mut self) -> Self {
        self.push(t(self.lang, "web.news"), "/novita");
        self
    }

    /// The same path, where the news are the page.
    #[must_use]
    pub(crate) fn at_news(self) -> Self {
        let words = t(self.lang, "web.news");
        self.here_as(words)
    }

    /// The feeds of the page's list: type, title, path.
    pub(crate) fn feeds(&self) -> Vec<(&'static str, &'static str, String)> {
        let named = [("application/atom+xml", "Atom", "atom"), ("application/rss+xml", "RSS", "rss")];
        let named = named.into_iter().chain([("application/feed+json", "JSON Feed", "json")]);
        named.map(|(mime, name, ending)| (mime, name, format!("{}{}/feed.{ending}", self.prefix, self.feed))).collect()
    }

    /// The surroundings of an invented office, for the samples of pages.
    #[cfg(test)]
    pub(crate) fn sample(lang: Lang, title: &str) -> Self {
        Self {
            lang,
            office: "Comune di Bellariva sul Lago".into(),
            contacts: vec!["Ufficio stampa, tel. 0000 000000".into(), "stampa@bellariva.test".into()],
            prefix: "/ufficio-stampa".into(),
            base_url: "https://www.bellariva.test/ufficio-stampa".into(),
            title: title.into(),
            description: "Notizie dal Comune".into(),
            canonical: Some("/novita/comunicati".into()),
            image: None,
            article: None,
            data: None,
            feed: "/novita".into(),
            sections: vec![FooterLink {
                words: t(lang, "newsroom.frame.services").into(),
                href: "https://www.bellariva.test/servizi".into(),
                element: "all-services",
            }],
            crumbs: vec![Crumb::new(t(lang, "web.home"), "/ufficio-stampa/".into())],
            footer: vec![FooterLink {
                words: t(lang, "web.footer.privacy").into(),
                href: "https://www.bellariva.test/privacy".into(),
                element: "privacy-policy-link",
            }],
        }
    }
}
