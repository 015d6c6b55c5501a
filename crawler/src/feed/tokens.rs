//! Markup cut into tags and text, whatever its faults.
//!
//! No error exists here: a `<` that opens nothing is text, a comment or CDATA section without end stops where the markup
//! goes on, an end tag may match nothing. Who reads the tokens decides what they mean. Declarations, comments and
//! processing instructions are left out, and with them every entity that a DTD declares.

/// One piece of markup. All slices are as written: entities still encoded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Token<'a> {
    /// `<name attributes>`; `empty` for `<name/>`.
    Start { name: &'a str, attributes: &'a str, empty: bool, source: &'a str },
    /// `</name>`
    End { name: &'a str, source: &'a str },
    /// Text between tags.
    Text(&'a str),
    /// The inside of a CDATA section.
    Cdata(&'a str),
}

/// The tokens of a document, in order.
pub(crate) struct Tokens<'a> {
    rest: &'a str,
    /// Ends of sections that do not come any more: what is looked for in vain is looked for once, or a page of opened
    /// comments would cost the square of its length.
    gone: Vec<&'static str>,
}

impl<'a> Tokens<'a> {
    pub(crate) fn of(markup: &'a str) -> Self {
        Self { rest: markup, gone: Vec::new() }
    }

    /// Where `end` comes next, counted from the beginning of the rest.
    fn find(&mut self, end: &'static str) -> Option<usize> {
        if self.gone.contains(&end) {
            return None;
        }
        let found = self.rest.find(end);
        if found.is_none() {
            self.gone.push(end);
        }
        found
    }

    /// The length of a comment, declaration or processing instruction at the beginning of the rest.
    fn no_content(&mut self) -> Option<usize> {
        let rest = self.rest;
        if rest.starts_with("<!--") {
            return Some(self.find("-->").map_or(4, |at| at + 3));
        }
        if rest.starts_with("<?") {
            let end = self.find("?>").map(|at| at + 2).or_else(|| self.find(">").map(|at| at + 1));
            return Some(end.unwrap_or(rest.len()));
        }
        if rest.starts_with("<!") {
            let Some(first) = self.find(">") else { return Some(rest.len()) };
            // an internal subset holds declarations in brackets
            let close = rest[..first].find('[').and_then(|_| self.find("]"));
            let end = close.and_then(|at| Some(at + rest[at..].find('>')? + 1));
            return Some(end.unwrap_or(first + 1));
        }
        None
    }

    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let rest = self.rest;
            let first = rest.chars().next()?;
            if first != '<' {
                let end = rest.find('<').unwrap_or(rest.len());
                return Some(Token::Text(self.take(end)));
            }
            if rest.starts_with("<![CDATA[") {
                let end = self.find("]]>");
                let length = end.or_else(|| self.find("</")).unwrap_or(rest.len());
                self.take(length + if end.is_some() { 3 } else { 0 });
                return Some(Token::Cdata(&rest["<![CDATA[".len().min(length)..length]));
            }
            if let Some(length) = self.no_content() {
                self.take(length);
                continue;
            }
            let Some(end) = tag_end(rest) else {
                // nothing that begins here is a tag: the sign itself is text
                let end = rest[1..].find('<').map_or(rest.len(), |at| at + 1);
                return Some(Token::Text(self.take(end)));
            };
            let source = self.take(end);
            let inside = &source[1..source.len() - 1];
            if let Some(name) = inside.strip_prefix('/') {
                return Some(Token::End { name: name_of(name), source });
            }
            let empty = inside.ends_with('/');
            let inside = inside.strip_suffix('/').unwrap_or(inside);
            let name = name_of(inside);
            return Some(Token::Start { name, attributes: &inside[name.len()..], empty, source });
        }
    }
}

/// Where the tag at the beginning of `rest` ends, if it is one. A `>` in quotes does not end it, unless a `<` stands in
/// the same quotes: then a quote is missing, and the first `>` is the end.
fn tag_end(rest: &str) -> Option<usize> {
    let begins = rest[1..].strip_prefix('/').unwrap_or(&rest[1..]).chars().next()?;
    if !(begins.is_alphabetic() || begins == '_' || begins == ':') {
        return None;
    }
    let mut quote = None;
    let mut end = rest.len();
    for (at, byte) in rest.bytes().enumerate().skip(1) {
        match (quote, byte) {
            (None, b'>') => return Some(at + 1),
            (_, b'<') => {
                end = at;
                break;
            }
            // a quote opens a value only after its sign of equality: `<a title=L'ora>` is no opening
            (None, b'"' | b'\'') if rest[..at].trim_end().ends_with('=') => quote = Some(byte),
            (Some(open), _) if byte == open => quote = None,
            _ => {}
        }
    }
    rest[..end].find('>').map(|first| first + 1)
}

fn name_of(inside: &str) -> &str {
    let end = inside.find(|c: char| c.is_whitespace() || matches!(c, '/' | '=' | '"' | '\'')).unwrap_or(inside.len());
    &inside[..end]
}

/// The attributes of a start tag as (name, value as written), in order. A value without quotes ends at a blank, a name
/// without value has an empty one.
pub(crate) fn attributes(source: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = source;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '/' | '"' | '\'' | '='));
        if rest.is_empty() {
            return None;
        }
        let end = rest.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(rest.len());
        let name = &rest[..end];
        rest = rest[end..].trim_start();
        let Some(value) = rest.strip_prefix('=').map(str::trim_start) else {
            return Some((name, ""));
        };
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (value, after) = match quote {
            Some(quote) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
            None => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
        };
        rest = after;
        Some((name, value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(markup: &str) -> String {
        let show = |token| match token {
            Token::Start { name, attributes, empty, .. } => format!("<{name}|{attributes}|{empty}>"),
            Token::End { name, .. } => format!("</{name}>"),
            Token::Text(text) => format!("[{text}]"),
            Token::Cdata(text) => format!("c[{text}]"),
        };
        Tokens::of(markup).map(show).collect()
    }

    #[test]
    fn markup_is_cut_whatever_its_faults() {
        for (markup, expected) in [
            ("<a b='1'>x</a>", "<a| b='1'|false>[x]</a>"),
            ("<a/>", "<a||true>"),
            ("<a b=\"x>y\">z", "<a| b=\"x>y\"|false>[z]"),
            ("<a b=\"x>z</a>", "<a| b=\"x|false>[z]</a>"),
            ("<a b=L'ora>z</a>", "<a| b=L'ora|false>[z]</a>"),
            ("1 < 2 <b>", "[1 ][< 2 ]<b||false>"),
            ("x <", "[x ][<]"),
            ("<!-- <a> --><b>", "<b||false>"),
            ("<!-- <a>", "[ ]<a||false>"),
            ("<![CDATA[<i>]]></a>", "c[<i>]</a>"),
            ("<![CDATA[<i>x</title>", "c[<i>x]</title>"),
            ("<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c>d'>]><a>", "<a||false>"),
            ("</ a>", "[</ a>]"),
        ] {
            assert_eq!(cut(markup), expected, "{markup}");
        }
    }

    #[test]
    fn what_is_opened_a_million_times_is_cut_in_one_pass() {
        for opened in ["<a ", "<!--", "<![CDATA[</", "<?x", "<!x>", "<!x[>", "<a b=\"", "</", "&#"] {
            let markup = opened.repeat(1_000_000 / opened.len());
            assert!(Tokens::of(&markup).count() <= markup.len(), "{opened}");
        }
    }

    #[test]
    fn attributes_are_read_with_and_without_quotes() {
        let read = |source: &str| attributes(source).map(|(n, v)| format!("{n}={v};")).collect::<String>();
        assert_eq!(read(" a='1' b = \"2 3\" c=4 d"), "a=1;b=2 3;c=4;d=;");
        assert_eq!(read(" a='1"), "a=1;");
        assert_eq!(read("==\"'"), "");
    }
}
