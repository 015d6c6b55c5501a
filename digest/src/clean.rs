//! What came from outside, made fit for a line of print.
//!
//! A title may hold line breaks, control characters, or marks that turn the direction of everything after them; an
//! address may be no web address. Templates escape what means something in HTML; this file sees to what a reader, a
//! subject line or a text part would be misled by. Left out: judging what the words say.

/// One line of text: blanks collapsed, control and direction characters gone, at most `most` characters and then `…`.
pub fn line(text: &str, most: usize) -> String {
    let mut out = String::new();
    let mut length = 0;
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()) {
        let mut word: String = word.chars().filter(|c| !is_hidden(*c)).collect();
        // nobody's words may stand for the personal link of a letter, which is written in double braces
        while word.contains("{{") {
            word = word.replace("{{", "{");
        }
        if word.is_empty() {
            continue;
        }
        let more = word.chars().count() + usize::from(length > 0);
        if length + more > most {
            let room = most.saturating_sub(length + 1);
            // a first word that is too long is cut, any other is left away whole
            if length == 0 {
                out.extend(word.chars().take(room));
            }
            out.push('…');
            return out;
        }
        if length > 0 {
            out.push(' ');
        }
        out.push_str(&word);
        length += more;
    }
    out
}

/// A link to a source, if the address is one of the web: anything else (`javascript:`, `data:`, a path) is no link.
pub fn link(url: &str) -> Option<&str> {
    const LONGEST: usize = 2_000;
    let url = url.trim();
    let lower = url.get(..8).unwrap_or(url).to_ascii_lowercase();
    let web = lower.starts_with("https://") || lower.starts_with("http://");
    let clean = !url.chars().any(|c| c.is_whitespace() || c.is_control() || is_hidden(c) || "<>\"'`\\".contains(c));
    (web && clean && url.len() <= LONGEST).then_some(url)
}

// marks of direction, zero-width characters but the joiner of emoji and scripts, soft hyphens, byte order marks
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
        || ('\u{e0000}'..='\u{e007f}').contains(&c)
}

/// Text for XML 1.0: escaped, without the characters that it does not allow.
pub fn xml(text: &str) -> String {
    let allowed = text
        .chars()
        .filter(|c| matches!(c, '\t' | '\n' | '\r') || !(c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}')));
    let mut out = String::with_capacity(text.len());
    for c in allowed {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_becomes_one_harmless_line() {
        for (from, to) in [
            ("  Riapre il\r\n lungolago ", "Riapre il lungolago"),
            ("Oggetto\r\nBcc: x@esempio.test", "Oggetto Bcc: x@esempio.test"),
            ("gpj.\u{202e}exe", "gpj.exe"),
            ("a\u{200b}b\u{0}c", "ab c"),
            ("{{{disiscrizione}}", "{disiscrizione}}"),
            ("", ""),
            ("uno due tre quattro", "uno due tre…"),
            ("precipitevolissimevolmente", "precipitevo…"),
        ] {
            assert_eq!(line(from, 12.max(to.chars().count())), to, "{from:?}");
        }
    }

    #[test]
    fn only_an_address_of_the_web_is_a_link() {
        assert_eq!(link(" https://il-lago.test/a?b=1&c=2 "), Some("https://il-lago.test/a?b=1&c=2"));
        assert_eq!(link("HTTP://il-lago.test/"), Some("HTTP://il-lago.test/"));
        for bad in [
            "javascript:alert(1)",
            "/articolo",
            "",
            "https://a.test/\"onclick=x",
            "data:text/html,x",
            "https://a.test/a b",
        ] {
            assert_eq!(link(bad), None, "{bad}");
        }
        assert_eq!(link(&format!("https://a.test/{}", "x".repeat(3_000))), None);
    }
}
