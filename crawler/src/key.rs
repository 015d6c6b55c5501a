//! The keys by which two readings are known to be one: addresses, hosts, titles, bodies.
//!
//! A key is for comparing only; what is shown and asked is the address as published. Hashes are XXH3: equal on every
//! machine, and nobody gains by forging them, since they only join what already comes from one outlet.

use url::{Host, Url};
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

/// Names of query parameters that follow the reader and not the article; those that end in `*` are beginnings.
const TRACKING: [&str; 12] =
    ["utm_*", "mtm_*", "mc_*", "_hs*", "fbclid", "gclid", "dclid", "msclkid", "igshid", "twclid", "yclid", "ref"];

/// Endings under which anybody may register a name: of the Public Suffix List the Italian part that press and public
/// bodies use, and the hosts of blogs.
const SUFFIXES: [&str; 14] = [
    "gov.it",
    "edu.it",
    "co.it",
    "com.sm",
    "altervista.org",
    "blogspot.com",
    "blogspot.it",
    "wordpress.com",
    "netlify.app",
    "github.io",
    "co.uk",
    "org.uk",
    "com.mt",
    "admin.ch",
];

/// The regions of Italy as labels before `.it`; each is open to registration, as are the codes of provinces.
const REGIONS: [&str; 20] = [
    "abruzzo",
    "basilicata",
    "calabria",
    "campania",
    "emilia-romagna",
    "friuli-venezia-giulia",
    "lazio",
    "liguria",
    "lombardia",
    "marche",
    "molise",
    "piemonte",
    "puglia",
    "sardegna",
    "sicilia",
    "toscana",
    "trentino-alto-adige",
    "umbria",
    "valle-aosta",
    "veneto",
];

/// Towns that are a province of Lombardia or a metropolitan city, as labels before `.it`.
const TOWNS: [&str; 25] = [
    "bari",
    "bergamo",
    "bologna",
    "brescia",
    "cagliari",
    "catania",
    "como",
    "cremona",
    "firenze",
    "genova",
    "lecco",
    "lodi",
    "mantova",
    "messina",
    "milano",
    "monza",
    "napoli",
    "palermo",
    "pavia",
    "reggio-calabria",
    "roma",
    "sondrio",
    "torino",
    "varese",
    "venezia",
];

/// The canonical form of an address: what two addresses are compared by. Scheme `https`, no default port, fragment,
/// dot after the host or tracking parameters; everything else in the order in which it was published. What is no
/// address at all stays as it is.
pub fn canonical(url: &str) -> String {
    let Ok(mut read) = Url::parse(url.trim()) else { return url.trim().to_owned() };
    if !matches!(read.scheme(), "http" | "https") {
        return read.into();
    }
    if read.scheme() == "http" {
        let port = read.port();
        // both cannot fail between two web schemes; the port that http hides is none of https
        let _ = read.set_scheme("https");
        let _ = read.set_port(port);
    }
    if let Some(host) = read.host_str().and_then(|h| h.strip_suffix('.')).map(str::to_owned) {
        let _ = read.set_host(Some(&host));
    }
    read.set_fragment(None);
    let kept: Vec<&str> = read.query().unwrap_or_default().split('&').filter(|p| !p.is_empty() && !tracks(p)).collect();
    let kept = kept.join("&");
    read.set_query((!kept.is_empty()).then_some(&kept));
    read.into()
}

fn tracks(parameter: &str) -> bool {
    let name = parameter.split('=').next().unwrap_or_default().to_ascii_lowercase();
    TRACKING.iter().any(|t| match t.strip_suffix('*') {
        Some(beginning) => name.starts_with(beginning),
        None => name == *t,
    })
}

/// Who is asked gently as one: the registrable domain of an address. A literal address stands for itself, with its
/// port on loopback, so that the servers of a test stay apart. Empty where there is no host.
pub fn host_key(url: &str) -> String {
    let Ok(url) = Url::parse(url.trim()) else { return String::new() };
    match url.host() {
        Some(Host::Domain(name)) => registrable(name.trim_end_matches('.')).to_owned(),
        Some(Host::Ipv4(ip)) if ip.is_loopback() => format!("{ip}:{}", url.port_or_known_default().unwrap_or_default()),
        Some(Host::Ipv6(ip)) if ip.is_loopback() => format!("{ip}:{}", url.port_or_known_default().unwrap_or_default()),
        Some(Host::Ipv4(ip)) => ip.to_string(),
        Some(Host::Ipv6(ip)) => ip.to_string(),
        None => String::new(),
    }
}

/// The last two labels, or three under an ending where anybody may register.
fn registrable(name: &str) -> &str {
    let last = |labels: usize| match name.rmatch_indices('.').nth(labels - 1) {
        Some((dot, _)) => &name[dot + 1..],
        None => name,
    };
    let two = last(2);
    if is_suffix(two) { last(3) } else { two }
}

fn is_suffix(two_labels: &str) -> bool {
    let regional = two_labels.strip_suffix(".it").is_some_and(|label| {
        // two letters before .it are the code of a province, never a free name
        label.len() == 2 || REGIONS.contains(&label) || TOWNS.contains(&label)
    });
    regional || SUFFIXES.contains(&two_labels)
}

/// Whether two addresses belong to one registrable domain: how far `rel=canonical` and lasting redirects are believed.
pub fn same_site(one: &str, other: &str) -> bool {
    let key = host_key(one);
    !key.is_empty() && key == host_key(other)
}

/// The key of a title: its words without case, accents and punctuation. `None` under four words, which too many
/// articles share.
pub fn title_key(title: &str) -> Option<String> {
    let folded = salastampa_text::fold(title);
    let words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    (words.len() >= 4).then(|| format!("{:016x}", xxh3_64(words.join(" ").as_bytes())))
}

/// The key of a body: one that has not changed is not parsed again.
pub fn body_hash(body: &[u8]) -> String {
    format!("{:032x}", xxh3_128(body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_page_have_one_canonical_form() {
        for (url, expected) in [
            ("http://WWW.Lago.Test/a?b=1#c", "https://www.lago.test/a?b=1"),
            ("https://www.lago.test:443/a", "https://www.lago.test/a"),
            ("http://www.lago.test:80/a", "https://www.lago.test/a"),
            ("http://www.lago.test:8080/a", "https://www.lago.test:8080/a"),
            ("https://www.lago.test./a", "https://www.lago.test/a"),
            ("https://lago.test", "https://lago.test/"),
            (" https://lago.test/a?utm_source=x&id=7&UTM_Medium=y&p=2 ", "https://lago.test/a?id=7&p=2"),
            ("https://lago.test/a?fbclid=1&gclid=2&mc_cid=3&_hsenc=4&ref=home&mtm_x=5", "https://lago.test/a"),
            ("https://lago.test/a?reference=1&mcx=2", "https://lago.test/a?reference=1&mcx=2"),
            ("https://lago.test/a?b=%C3%A8&c=d%20e", "https://lago.test/a?b=%C3%A8&c=d%20e"),
            ("https://città.test/è", "https://xn--citt-3na.test/%C3%A8"),
            ("https://lago.test/A", "https://lago.test/A"),
            ("urn:x:1", "urn:x:1"),
            ("nessun indirizzo", "nessun indirizzo"),
        ] {
            assert_eq!(canonical(url), expected, "{url}");
            assert_eq!(canonical(expected), expected, "canonical twice: {url}");
        }
    }

    #[test]
    fn hosts_of_one_publisher_have_one_key() {
        for (url, expected) in [
            ("https://www.lago.test/feed", "lago.test"),
            ("https://rss.cronaca.lago.test/feed", "lago.test"),
            ("https://lago.test./", "lago.test"),
            ("https://www.comune.bellariva.lombardia.it/", "bellariva.lombardia.it"),
            ("https://www.comune.lecco.it/", "comune.lecco.it"),
            ("https://www.provincia.lc.it/", "provincia.lc.it"),
            ("https://bandi.regione.lombardia.it/x", "regione.lombardia.it"),
            ("https://www.interno.gov.it/", "interno.gov.it"),
            ("https://unblog.altervista.org/", "unblog.altervista.org"),
            ("http://127.0.0.1:4711/a", "127.0.0.1:4711"),
            ("http://127.0.0.1/a", "127.0.0.1:80"),
            ("http://1.1.1.1:8080/a", "1.1.1.1"),
            ("http://localhost/", "localhost"),
            ("nessuno", ""),
        ] {
            assert_eq!(host_key(url), expected, "{url}");
        }
        assert!(same_site("https://m.lago.test/a", "http://www.lago.test/a"));
        assert!(!same_site("https://lago.test/a", "https://monte.test/a"));
        assert!(!same_site("nessuno", "nessuno"));
    }

    #[test]
    fn a_title_is_known_by_its_words() {
        let key = title_key("Il molo piccolo riapre: è ufficiale").expect("six words");
        assert_eq!(title_key("il MOLO  piccolo riapre — E' ufficiale!"), Some(key.clone()));
        assert_ne!(title_key("Il molo grande riapre: è ufficiale"), Some(key));
        assert_eq!(title_key("Chiuso il molo"), None);
        assert_eq!(title_key(""), None);
    }
}
