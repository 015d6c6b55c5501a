//! Every address of the public newsroom, made from its table of routes: a route that is not named here fails the tests
//! that go through all of them.

use axum::http::Method;

/// What an address has to do with one release.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Role {
    /// It is there because of that release alone: before its hour it is an unknown address.
    Own,
    /// It is there anyway, and shows the release from its hour on.
    Shows,
    /// It is there anyway, and never shows it.
    Apart,
    /// It is never there, whatever the hour.
    Never,
}

/// A request, and what it has to do with the release.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Visit {
    pub(crate) method: Method,
    pub(crate) path: String,
    /// A form that is posted.
    pub(crate) form: Option<(&'static str, String)>,
    pub(crate) role: Role,
}

/// The release that the visits are about: a *notizia* of the topics `viabilita` (others have it too) and `darsena nuova`,
/// the only one of its year, whose text says *pontile*.
pub(crate) struct About<'a> {
    pub(crate) year: &'a str,
    pub(crate) number: u32,
    pub(crate) slug: &'a str,
    /// What somebody might paste to have it checked: text, fingerprint, receipt of somebody who has seen it early.
    pub(crate) known: &'a [String],
}

const FEEDS: [&str; 3] = ["feed.atom", "feed.rss", "feed.json"];

/// Every visit that the newsroom has an answer for.
pub(crate) fn visits(about: &About<'_>) -> Vec<Visit> {
    let mut visits = Vec::new();
    let About { year, number, slug, .. } = about;
    let mut get = |path: String, role: Role| visits.push(Visit { method: Method::GET, path, form: None, role });
    for pattern in salastampa_web::newsroom::paths() {
        match pattern {
            "/" | "/robots.txt" => get(pattern.into(), Role::Apart),
            "/sitemap.xml" | "/sitemap-news.xml" => get(pattern.into(), Role::Shows),
            "/verifica" | "/novita/ufficio-stampa.vcf" => get(pattern.into(), Role::Apart),
            "/novita" => {
                get(pattern.into(), Role::Shows);
                get(format!("{pattern}?pagina=1"), Role::Shows);
                get(format!("{pattern}?pagina=2"), Role::Never);
            }
            "/novita/cerca" => {
                for question in ["pontile", "darsena+nuova", "lungolago", "pontili+riapre"] {
                    get(format!("{pattern}?q={question}"), Role::Shows);
                }
                get(pattern.into(), Role::Apart);
            }
            // what may be posted there: tests/ratings.rs
            "/novita/valutazione" => get(pattern.into(), Role::Never),
            "/novita/argomenti" => get(pattern.into(), Role::Shows),
            "/novita/argomenti/{topic}" => {
                get("/novita/argomenti/darsena-nuova".into(), Role::Own);
                get("/novita/argomenti/viabilita".into(), Role::Shows);
                get("/novita/argomenti/viabilita?pagina=2".into(), Role::Never);
            }
            "/novita/argomenti/{topic}/{feed}" => {
                for feed in FEEDS {
                    get(format!("/novita/argomenti/darsena-nuova/{feed}"), Role::Own);
                    get(format!("/novita/argomenti/viabilita/{feed}"), Role::Shows);
                }
                get("/novita/argomenti/darsena-nuova/altro".into(), Role::Never);
            }
            "/novita/anno/{year}" => {
                get(format!("/novita/anno/{year}"), Role::Own);
                get(format!("/novita/anno/0{year}"), Role::Never);
            }
            "/novita/{section}" => {
                get("/novita/notizie".into(), Role::Shows);
                // what stands beside the list of another section counts it, but does not name it
                get("/novita/altro".into(), Role::Never);
                for feed in FEEDS {
                    get(format!("/novita/{feed}"), Role::Shows);
                }
            }
            "/novita/{section}/{feed}" => {
                for feed in FEEDS {
                    get(format!("/novita/notizie/{feed}"), Role::Shows);
                    get(format!("/novita/comunicati/{feed}"), Role::Apart);
                    get(format!("/novita/avvisi/{feed}"), Role::Apart);
                }
                get("/novita/notizie/feed".into(), Role::Never);
            }
            "/novita/{section}/{year}/{name}" => {
                for section in ["notizie", "comunicati", "avvisi"] {
                    for name in [format!("{number}-{slug}"), format!("{number}"), format!("{number}-altro")] {
                        for ending in ["", ".txt", ".json", ".docx"] {
                            get(format!("/novita/{section}/2026/{name}{ending}"), Role::Own);
                        }
                        get(format!("/novita/{section}/2026/{name}.pdf"), Role::Never);
                    }
                }
                get(format!("/novita/altro/2026/{number}-{slug}"), Role::Never);
                get(format!("/novita/notizie/x/{number}-{slug}"), Role::Never);
            }
            "/novita/{section}/{year}/{name}/{part}" => {
                for section in ["notizie", "comunicati"] {
                    for part in ["versioni", "ricevuta", "v1", "v1.txt", "ricevuta-v1.txt"] {
                        get(format!("/novita/{section}/2026/{number}-{slug}/{part}"), Role::Own);
                    }
                }
                for part in ["v2", "v2.txt", "v0", "v", "ricevuta-v2.txt", "v1.pdf", "materiali.zip", "altro"] {
                    get(format!("/novita/notizie/2026/{number}-{slug}/{part}"), Role::Never);
                }
            }
            // with photos and documents: tests/files.rs
            "/file/{hash}/{name}" => get(format!("/file/{}/ponte.jpg", "0".repeat(64)), Role::Never),
            other => panic!("{other} is a new route: say here what an embargo hides of it"),
        }
    }
    for known in about.known {
        let form = Some(("testo", known.clone()));
        visits.push(Visit { method: Method::POST, path: "/verifica".into(), form, role: Role::Shows });
    }
    visits
}

/// Paths that are there, where a release with that number and name is public.
pub(crate) fn open(number: u32, slug: &str) -> Vec<String> {
    let paths = ["", ".txt", ".json", ".docx", "/versioni", "/ricevuta", "/v1", "/v1.txt", "/ricevuta-v1.txt"];
    let of_release = paths.into_iter().map(|part| format!("/novita/comunicati/2026/{number}-{slug}{part}"));
    let rest =
        ["/", "/robots.txt", "/sitemap.xml", "/sitemap-news.xml", "/verifica", "/novita", "/novita/cerca?q=lago"];
    let rest = rest.into_iter().chain(["/novita/argomenti", "/novita/anno/2026", "/novita/comunicati"]);
    let feeds = FEEDS.into_iter().map(|feed| format!("/novita/comunicati/{feed}"));
    of_release.chain(rest.map(str::to_owned)).chain(feeds).collect()
}
