//! HTML cut into tags as a browser cuts it (HTML §13.2.5), so that what is counted is what the parser will build.
//!
//! Other than the tokens of feeds, which forgive: here a quote runs to its end whatever it holds, and what is open at the
//! end of the page is lost with it. Character references stay as written.

/// One piece of a page; slices as written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Piece<'a> {
    /// `<name ..>`, how many attributes it has, and whether it ends in `/>`.
    Start { name: &'a str, attributes: usize, closed: bool, source: &'a str },
    /// `</name ..>`
    End { name: &'a str },
    /// Text between tags.
    Text(&'a str),
    /// The inside of an element that holds no markup.
    Raw(&'a str),
}

/// The pieces of a page, in order. Comments and declarations are left out.
#[derive(Clone)]
pub(super) struct Pieces<'a> {
    rest: &'a str,
    raw: Option<&'a str>,
}

impl<'a> Pieces<'a> {
    pub(super) fn of(page: &'a str) -> Self {
        Self { rest: page, raw: None }
    }

    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length.min(self.rest.len()));
        self.rest = rest;
        taken
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        if let Some(name) = self.raw.take() {
            let end = raw_end(self.rest, name);
            return Some(Piece::Raw(self.take(end)));
        }
        loop {
            let rest = self.rest;
            let after = rest.strip_prefix('<');
            let Some(after) = after else {
                let end = rest.find('<').unwrap_or(rest.len());
                return (end > 0).then(|| Piece::Text(self.take(end)));
            };
            let is_end = after.starts_with('/');
            let name = after.strip_prefix('/').unwrap_or(after);
            if name.starts_with(|c: char| c.is_ascii_alphabetic()) {
                let length =
                    name.find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>')).unwrap_or(name.len());
                let name = &name[..length];
                let head = 1 + usize::from(is_end) + length;
                // a tag without end is lost, and so is the rest of the page
                let Some((attributes, size)) = tag(&rest[head..]) else {
                    self.rest = "";
                    return None;
                };
                let source = self.take(head + size);
                if is_end {
                    return Some(Piece::End { name });
                }
                self.raw = is_raw(name).then_some(name);
                return Some(Piece::Start { name, attributes, closed: source.ends_with("/>"), source });
            }
            if after.starts_with("!--") {
                let end = comment_end(rest);
                self.take(end);
            } else if is_end || after.starts_with(['!', '?']) {
                self.take(rest.find('>').map_or(rest.len(), |at| at + 1));
            } else {
                let end = after.find('<').map_or(rest.len(), |at| at + 1);
                return Some(Piece::Text(self.take(end)));
            }
        }
    }
}

/// The length of a comment (HTML §13.2.5.43 to 51): it ends with `-->` or `--!>`, or at once.
fn comment_end(rest: &str) -> usize {
    if let Some(short) = ["<!-->", "<!--->"].iter().find(|short| rest.starts_with(**short)) {
        return short.len();
    }
    let bytes = rest.as_bytes();
    (4..bytes.len())
        .filter(|at| bytes[*at] == b'>')
        .find(|at| bytes[4..*at].ends_with(b"--") || bytes[4..*at].ends_with(b"--!"))
        .map_or(rest.len(), |at| at + 1)
}

/// The attributes of the tag whose name ends here, and the length up to and with its `>`.
fn tag(rest: &str) -> Option<(usize, usize)> {
    let (mut attributes, mut quote, mut in_name, mut value) = (0, None, false, false);
    for (at, byte) in rest.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), _) => {
                if byte == open {
                    quote = None;
                }
            }
            (None, b'>') => return Some((attributes, at + 1)),
            (None, b'"' | b'\'') if value => (quote, value) = (Some(byte), false),
            (None, b'=') if in_name => (in_name, value) = (false, true),
            (None, b'/') => in_name = false,
            (None, _) if byte.is_ascii_whitespace() => in_name = false,
            (None, _) => {
                // the first character of a name, or of a value without quotes: counted once more, which does no harm
                attributes += usize::from(!in_name);
                (in_name, value) = (true, false);
            }
        }
    }
    None
}

/// The attributes of a start tag behind its name, each with its name and as written: name, sign and value.
pub(super) fn attributes(tag: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = tag.strip_suffix('>').unwrap_or(tag);
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if rest.is_empty() {
            return None;
        }
        let is_end = |c: char| c.is_ascii_whitespace() || matches!(c, '/' | '=');
        // a sign in the first place is part of the name (HTML §13.2.5.32)
        let name = rest.char_indices().skip(1).find(|(_, c)| is_end(*c)).map_or(rest.len(), |(at, _)| at);
        let blank = rest[name..].len() - rest[name..].trim_start_matches(|c: char| c.is_ascii_whitespace()).len();
        let mut end = name;
        if let Some(value) = rest[name + blank..].strip_prefix('=') {
            let begin = rest.len() - value.trim_start_matches(|c: char| c.is_ascii_whitespace()).len();
            let value = &rest[begin..];
            end = begin
                + match value.chars().next() {
                    Some(quote @ ('"' | '\'')) => value[1..].find(quote).map_or(value.len(), |at| at + 2),
                    _ => value.find(|c: char| c.is_ascii_whitespace()).unwrap_or(value.len()),
                };
        }
        let (written, after) = rest.split_at(end);
        rest = after;
        Some((&written[..name], written))
    })
}

/// Where the end tag of a raw element begins.
fn raw_end(rest: &str, name: &str) -> usize {
    let is_end = |at: usize| {
        let tag = &rest.as_bytes()[at + 2..];
        tag.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
            && tag.get(name.len()).is_none_or(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>'))
    };
    rest.match_indices("</").map(|(at, _)| at).find(|at| is_end(*at)).unwrap_or(rest.len())
}

/// Elements that hold no markup, for a parser that takes scripts to run.
pub(super) fn is_raw(name: &str) -> bool {
    const RAW: [&str; 10] =
        ["script", "style", "textarea", "title", "noscript", "iframe", "xmp", "noembed", "noframes", "plaintext"];
    RAW.iter().any(|raw| raw.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(page: &str) -> String {
        let show = |piece| match piece {
            Piece::Start { name, attributes, closed, .. } => format!("<{name} {attributes} {closed}>"),
            Piece::End { name } => format!("</{name}>"),
            Piece::Text(text) => format!("[{text}]"),
            Piece::Raw(text) => format!("r[{text}]"),
        };
        Pieces::of(page).map(show).collect()
    }

    #[test]
    fn pages_are_cut_as_browsers_cut_them() {
        for (page, expected) in [
            ("<p class='a b' id=c>x</p>", "<p 3 false>[x]</p>"),
            ("<div x=\"<\">y", "<div 1 false>[y]"),
            ("<div/>", "<div 0 true>"),
            ("<p \"a b\">", "<p 2 false>"),
            ("<!-- a --!><p>", "<p 0 false>"),
            ("<!--><p>", "<p 0 false>"),
            ("<!-- a ---><p>", "<p 0 false>"),
            ("<!-- <p>", ""),
            ("<?x><p>?>", "<p 0 false>[?>]"),
            ("<![CDATA[<p>]]>", "[]]>]"),
            ("</ </div>x", "[x]"),
            ("1 < 2", "[1 ][< 2]"),
            ("<script>'</p>' <a x='</SCRIPT ><p>", "<script 0 false>r['</p>' <a x=']</SCRIPT><p 0 false>"),
            ("<noscript></div></noscript>", "<noscript 0 false>r[</div>]</noscript>"),
            ("<p x='unclosed>", ""),
        ] {
            assert_eq!(cut(page), expected, "{page}");
        }
    }
}
