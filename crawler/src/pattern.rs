//! Path patterns with `*` and a closing `$`, as `robots.txt` (RFC 9309 §2.2.3) and `tdmrep.json` write them.

use url::Url;

/// The longest pattern that is read, in bytes.
pub(crate) const LONGEST: usize = 2_048;

/// Whether a pattern matches a path from its beginning. Both normalised. Segments between stars are looked for leftmost
/// first, which is enough for stars and takes linear time, whatever somebody writes into the file.
pub(crate) fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, anchored) = match pattern.strip_suffix('$') {
        Some(pattern) => (pattern, true),
        None => (pattern, false),
    };
    let mut segments = pattern.split('*');
    let first = segments.next().unwrap_or_default();
    let Some(mut rest) = path.strip_prefix(first) else { return false };
    let mut segments = segments.peekable();
    if segments.peek().is_none() {
        return !anchored || rest.is_empty();
    }
    while let Some(segment) = segments.next() {
        if anchored && segments.peek().is_none() {
            return rest.ends_with(segment);
        }
        match rest.find(segment) {
            Some(at) => rest = &rest[at + segment.len()..],
            None => return false,
        }
    }
    true
}

/// Path and query of an address, normalised for matching.
pub(crate) fn path_of(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let path = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    Some(normalise(&path))
}

/// One spelling for each octet: unreserved characters plain, all else that is no ASCII in percent form with capitals.
pub(crate) fn normalise(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let escaped = (byte == b'%')
            .then(|| text.get(at + 1..at + 3))
            .flatten()
            .filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()))
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match escaped {
            Some(octet) if octet.is_ascii_alphanumeric() || b"-._~".contains(&octet) => out.push(char::from(octet)),
            Some(octet) => out.push_str(&format!("%{octet:02X}")),
            None if byte.is_ascii() => out.push(char::from(byte)),
            None => out.push_str(&format!("%{byte:02X}")),
        }
        at += if escaped.is_some() { 3 } else { 1 };
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_and_the_closing_dollar_are_understood() {
        for (pattern, path, expected) in [
            ("/", "/anything", true),
            ("/fish", "/fish.html", true),
            ("/fish", "/Fish.asp", false),
            ("/fish/", "/fish", false),
            ("/fish*", "/fishheads/yummy.html", true),
            ("/*.php", "/folder/filename.php?parameters", true),
            ("/*.php", "/windows.PHP", false),
            ("/*.php$", "/filename.php", true),
            ("/*.php$", "/filename.php?parameters", false),
            ("/*.php$", "/a.php/b.php", true),
            ("/fish*.php", "/fishheads/catfish.php?x", true),
            ("/fish*.php", "/Fish.PHP", false),
            ("/a$", "/a", true),
            ("/a$", "/ab", false),
            ("/a*$", "/abc", true),
            ("*", "/", true),
            ("*/stampa/", "/it/stampa/1", true),
            ("/a**b", "/axxb", true),
            ("/ab*ba$", "/aba", false),
            ("/*?", "/a?b", true),
            ("/*?", "/a", false),
        ] {
            assert_eq!(matches(pattern, path), expected, "{pattern} on {path}");
        }
    }

    #[test]
    fn many_stars_cost_no_more_than_few() {
        let pattern = format!("/{}$", "*a".repeat(1_000));
        assert!(!matches(&pattern, &format!("/{}b", "a".repeat(4_000))));
    }

    #[test]
    fn octets_have_one_spelling() {
        for (text, expected) in [
            ("/%7Eelena/%c3%a8", "/~elena/%C3%A8"),
            ("/è", "/%C3%A8"),
            ("/a%2fb", "/a%2Fb"),
            ("/100%", "/100%"),
            ("/%+1", "/%+1"),
            ("/%é1", "/%%C3%A91"),
        ] {
            assert_eq!(normalise(text), expected);
        }
    }
}
