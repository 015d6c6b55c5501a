//! What came instead of a feed: pages that a person would recognise at a glance.

/// How far a page is looked at, in bytes.
const HEAD: usize = 64 * 1024;

/// Names the kind of page, if it is a page. The wording is for the log and the health of the source.
pub(super) fn page(text: &str) -> Option<&'static str> {
    let head = &text[..text.floor_char_boundary(HEAD.min(text.len()))];
    let head = head.to_ascii_lowercase();
    let has = |marks: &[&str]| marks.iter().any(|mark| head.contains(mark));
    if !has(&["<html", "<!doctype html", "<body", "<head"]) {
        return None;
    }
    Some(
        if has(&[
            "cf-chl",
            "challenge-platform",
            "<title>just a moment",
            "attention required!",
            "g-recaptcha",
            "hcaptcha",
        ]) {
            "a page with a challenge"
        } else if has(&["cookiewall", "cookie-wall", "consent.", "consentwall", "privacygate"]) && !has(&["<article"]) {
            "a page that asks for consent"
        } else {
            "a web page"
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_told_apart() {
        for (text, expected) in [
            ("<!DOCTYPE html><html><title>Comune di Bellariva</title>", Some("a web page")),
            ("<html><title>Just a moment...</title>", Some("a page with a challenge")),
            ("<html><body class='cookiewall'>", Some("a page that asks for consent")),
            ("<opml version='2.0'/>", None),
        ] {
            assert_eq!(page(text), expected, "{text}");
        }
    }
}
