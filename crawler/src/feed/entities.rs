//! Character references: `&egrave;`, `&#8217;`, `&#x2019;` and the `&#146;` that means Windows-1252.
//!
//! The table holds the named references of HTML 4, which is what feeds use. A name that is not in it stays as written,
//! so that nothing a DTD could declare is ever expanded.

/// Replaces each known reference by its character, once: `&amp;lt;` becomes `&lt;`.
pub(crate) fn decode(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        decoded.push_str(&rest[..at]);
        rest = &rest[at..];
        match reference(rest) {
            Some((c, length)) => {
                decoded.push(c);
                rest = &rest[length..];
            }
            None => {
                decoded.push('&');
                rest = &rest[1..];
            }
        }
    }
    decoded.push_str(rest);
    decoded
}

/// Writes text so that an XML parser reads it back; characters that XML 1.0 forbids (§2.2) are left out.
pub(crate) fn encode(text: &str, into: &mut String) {
    for c in text.chars() {
        match c {
            '&' => into.push_str("&amp;"),
            '<' => into.push_str("&lt;"),
            '>' => into.push_str("&gt;"),
            '"' => into.push_str("&quot;"),
            '\t' | '\n' | '\r' => into.push(c),
            '\u{0}'..'\u{20}' | '\u{FFFE}' | '\u{FFFF}' => {}
            _ => into.push(c),
        }
    }
}

/// The reference at the beginning of `text` and its length.
fn reference(text: &str) -> Option<(char, usize)> {
    let inside = &text[1..];
    let word = |from: &str| from.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(from.len()).min(32);
    let closed = |length: usize| length + usize::from(text[length..].starts_with(';'));
    if let Some(number) = inside.strip_prefix('#') {
        let (digits, radix, skip) = match number.strip_prefix(['x', 'X']) {
            Some(digits) => (digits, 16, 3),
            None => (number, 10, 2),
        };
        let digits = &digits[..digits.find(|c: char| !c.is_digit(radix)).unwrap_or(digits.len()).min(8)];
        let point = u32::from_str_radix(digits, radix).ok()?;
        return Some((numbered(point)?, closed(skip + digits.len())));
    }
    let name = &inside[..word(inside)];
    let length = closed(1 + name.len());
    // without its semicolon only the oldest names count: `&copy 2026` yes, `a&not` no
    let must_close = !matches!(name, "amp" | "lt" | "gt" | "quot" | "nbsp" | "copy");
    if must_close && length == 1 + name.len() {
        return None;
    }
    named(name).map(|c| (c, length))
}

/// A numbered character; 128 to 159 are Windows-1252, as in HTML (§13.2.5.80).
fn numbered(point: u32) -> Option<char> {
    match point {
        0 => None,
        128..=159 => {
            let byte = [u8::try_from(point).ok()?];
            encoding_rs::WINDOWS_1252.decode_without_bom_handling(&byte).0.chars().next()
        }
        _ => char::from_u32(point),
    }
}

fn named(name: &str) -> Option<char> {
    if let Some(at) = LATIN_1.iter().position(|known| *known == name) {
        return char::from_u32(160 + u32::try_from(at).ok()?);
    }
    OTHERS.iter().find(|(known, _)| *known == name).map(|(_, c)| *c)
}

/// U+00A0 to U+00FF, in order.
const LATIN_1: [&str; 96] = [
    "nbsp", "iexcl", "cent", "pound", "curren", "yen", "brvbar", "sect", "uml", "copy", "ordf", "laquo", "not", "shy",
    "reg", "macr", "deg", "plusmn", "sup2", "sup3", "acute", "micro", "para", "middot", "cedil", "sup1", "ordm",
    "raquo", "frac14", "frac12", "frac34", "iquest", "Agrave", "Aacute", "Acirc", "Atilde", "Auml", "Aring", "AElig",
    "Ccedil", "Egrave", "Eacute", "Ecirc", "Euml", "Igrave", "Iacute", "Icirc", "Iuml", "ETH", "Ntilde", "Ograve",
    "Oacute", "Ocirc", "Otilde", "Ouml", "times", "Oslash", "Ugrave", "Uacute", "Ucirc", "Uuml", "Yacute", "THORN",
    "szlig", "agrave", "aacute", "acirc", "atilde", "auml", "aring", "aelig", "ccedil", "egrave", "eacute", "ecirc",
    "euml", "igrave", "iacute", "icirc", "iuml", "eth", "ntilde", "ograve", "oacute", "ocirc", "otilde", "ouml",
    "divide", "oslash", "ugrave", "uacute", "ucirc", "uuml", "yacute", "thorn", "yuml",
];

const OTHERS: [(&str, char); 75] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("AMP", '&'),
    ("LT", '<'),
    ("GT", '>'),
    ("QUOT", '"'),
    ("OElig", 'Œ'),
    ("oelig", 'œ'),
    ("Scaron", 'Š'),
    ("scaron", 'š'),
    ("Yuml", 'Ÿ'),
    ("fnof", 'ƒ'),
    ("circ", 'ˆ'),
    ("tilde", '˜'),
    ("ensp", '\u{2002}'),
    ("emsp", '\u{2003}'),
    ("thinsp", '\u{2009}'),
    ("zwnj", '\u{200C}'),
    ("zwj", '\u{200D}'),
    ("lrm", '\u{200E}'),
    ("rlm", '\u{200F}'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("sbquo", '‚'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("bdquo", '„'),
    ("dagger", '†'),
    ("Dagger", '‡'),
    ("bull", '•'),
    ("hellip", '…'),
    ("permil", '‰'),
    ("prime", '′'),
    ("Prime", '″'),
    ("lsaquo", '‹'),
    ("rsaquo", '›'),
    ("oline", '‾'),
    ("frasl", '⁄'),
    ("euro", '€'),
    ("trade", '™'),
    ("larr", '←'),
    ("uarr", '↑'),
    ("rarr", '→'),
    ("darr", '↓'),
    ("harr", '↔'),
    ("minus", '−'),
    ("lowast", '∗'),
    ("radic", '√'),
    ("infin", '∞'),
    ("asymp", '≈'),
    ("ne", '≠'),
    ("equiv", '≡'),
    ("le", '≤'),
    ("ge", '≥'),
    ("loz", '◊'),
    ("spades", '♠'),
    ("clubs", '♣'),
    ("hearts", '♥'),
    ("diams", '♦'),
    ("alpha", 'α'),
    ("beta", 'β'),
    ("gamma", 'γ'),
    ("delta", 'δ'),
    ("pi", 'π'),
    ("sigma", 'σ'),
    ("omega", 'ω'),
    ("Omega", 'Ω'),
    ("mu", 'μ'),
    ("hearts", '♥'),
    ("check", '✓'),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_decoded_once_and_unknown_ones_stay() {
        for (text, expected) in [
            ("caff&egrave; &amp; t&eacute;", "caffè & té"),
            ("l&#8217;ora, l&#x2019;ora, l&#146;ora", "l’ora, l’ora, l’ora"),
            ("&amp;lt;", "&lt;"),
            ("AT&T & co.", "AT&T & co."),
            ("a&nbsp;b &copy 2026", "a\u{a0}b © 2026"),
            ("&lol9; &xxe; &#0; &#xFFFFFFFF; &#; &", "&lol9; &xxe; &#0; &#xFFFFFFFF; &#; &"),
            ("https://example.test/?a=1&region=2&not=3", "https://example.test/?a=1&region=2&not=3"),
            ("&yuml;&nbsp;&euro;", "ÿ\u{a0}€"),
        ] {
            assert_eq!(decode(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_encoded_is_read_back_without_what_xml_forbids() {
        let mut encoded = String::new();
        encode("a<b> & \"c\"\u{0}\u{1b}\n", &mut encoded);
        assert_eq!(encoded, "a&lt;b&gt; &amp; &quot;c&quot;\n");
        assert_eq!(decode(&encoded), "a<b> & \"c\"\n");
    }
}
