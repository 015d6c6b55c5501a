//! Mail that comes back, from bytes to a plain [`Incoming`]: what it is, whom it may concern, what a server said.
//!
//! Nothing of it is believed: a token says whom it concerns (`acts`), and only a shape that servers have says that it is
//! a bounce. Order of the looks, the surest first: certified mail, a report (RFC 3464), a server's own words without a
//! report, a wish to be left alone, a program's answer (RFC 3834), a person. Words decide what a bounce says of an
//! address, never whose it is.
//!
//! Bounded: of the bytes the first [`READ`] are looked at, a mail of more than [`PARTS`] parts by its header only (so a
//! tree of parts is neither deep nor wide), texts are cut. A panic of the library is that mail's own fault: it is read as
//! one of which nothing is known. Left out: booking, and sending anything to anybody.

mod fields;
mod program;
mod report;
mod server;
mod status;
mod wish;

use fields::{Fields, one_line};
use mail_parser::{Message, MessageParser, PartType};
use salastampa_domain::{Address, InboundKind, Incoming, Report};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// So many bytes of a mail are read; reports and the header of what is given back stand at its beginning.
pub(crate) const READ: usize = 1 << 20;
/// A mail with more parts is read by its header only.
const PARTS: usize = 100;
/// So many characters of a text are looked through for what a server says.
const WORDS: usize = 20_000;
/// So many characters of a text are kept.
const TEXT: usize = 2_000;
/// So many characters of a line are kept.
const LINE: usize = 500;
/// So many addresses or Message-IDs of one mail are tried.
const TRIED: usize = 50;

/// Reads a mail. `recipient` is the address that the server gave it to us for, where it says so.
pub fn read(bytes: &[u8], recipient: Option<&str>) -> Incoming {
    let bytes = &bytes[..bytes.len().min(READ)];
    let mut incoming = catch_unwind(AssertUnwindSafe(|| read_whole(bytes))).unwrap_or_else(|_| nothing());
    if let Some(recipient) = recipient {
        incoming.came_to.insert(0, bounded(recipient, LINE));
    }
    incoming.came_to.truncate(TRIED);
    incoming
}

/// The parts of a mail that its class is read from.
struct Mail {
    header: Fields,
    /// `multipart/report` and the like, lower case, with its parameters.
    content_type: String,
    /// What people would read.
    text: String,
    /// The machine's part of a report (RFC 3464), in blocks.
    report: Vec<Fields>,
    /// The header of the message that it gives back.
    returned: Fields,
}

fn read_whole(bytes: &[u8]) -> Incoming {
    let parser = MessageParser::default();
    let deep = parts(bytes) > PARTS;
    let parsed = if deep { parser.parse_headers(bytes) } else { parser.parse(bytes) };
    let Some(message) = parsed.filter(|message| !message.parts.is_empty()) else { return nothing() };
    let mail = Mail::of(&message);
    let reports = report::reports(&mail);
    let found = classify(&mail, reports);
    let returned_text = if found.kind.is_report() { mail.text.as_str() } else { "" };
    let mut about = mail.returned.ids("message-id");
    about.extend(fields::ids_in(returned_text));
    about.extend(mail.header.ids("in-reply-to"));
    about.extend(mail.header.ids("references"));
    about.truncate(TRIED);
    let mut came_to: Vec<String> =
        ["delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "to", "cc", "x-forwarded-to", "resent-to"]
            .into_iter()
            .flat_map(|name| mail.header.addresses(name))
            .collect();
    came_to.extend(mail.returned.addresses("return-path"));
    let from = mail.header.addresses("from").into_iter().next().unwrap_or_default();
    Incoming {
        kind: found.kind,
        came_to,
        envelopes: mail.report.iter().flat_map(|block| block.all("original-envelope-id")).take(TRIED).collect(),
        about,
        message_id: mail.header.ids("message-id").into_iter().next(),
        reports: found.reports,
        from_name: bounded(if from.is_empty() { mail.header.first("from") } else { &from }, LINE),
        from: Address::parse(&from).ok(),
        subject: bounded(&one_line(mail.header.first("subject")), LINE),
        text: excerpt(&mail.text),
        automatic: program::is_automatic(&mail.header) || found.kind.is_report(),
    }
}

/// What a mail is, and what it says of whom.
struct Found {
    kind: InboundKind,
    reports: Vec<Report>,
}

fn classify(mail: &Mail, reports: Vec<Report>) -> Found {
    let plain = |kind| Found { kind, reports: Vec::new() };
    if program::is_certified(&mail.header) {
        return plain(InboundKind::Receipt);
    }
    if let Some(kind) = reports.iter().map(|report| report.kind).min() {
        return Found { kind, reports };
    }
    if let Some(report) = server::bounce(mail) {
        return Found { kind: report.kind, reports: vec![report] };
    }
    if wish::to_leave(&mail.header) {
        return plain(InboundKind::OptOut);
    }
    if program::answers(mail) {
        return plain(InboundKind::AutoReply);
    }
    if wish::is_from_a_person(mail) { plain(InboundKind::Reply) } else { plain(InboundKind::Unknown) }
}

impl Mail {
    fn of(message: &Message<'_>) -> Self {
        let header = Fields::of(message);
        let content_type = header.content_type.to_lowercase();
        let (mut text, mut html) = (String::new(), String::new());
        let mut report = Vec::new();
        let mut returned = Fields::default();
        for part in &message.parts {
            let kind = fields::content_type(part);
            match (&part.body, kind.as_str()) {
                (_, kind) if kind.ends_with("/delivery-status") || kind.ends_with("/global-delivery-status") => {
                    report.extend(fields::blocks(&String::from_utf8_lossy(part.contents())));
                }
                (_, kind) if kind.ends_with("/rfc822-headers") || kind.ends_with("/global-headers") => {
                    let blocks = fields::blocks(&String::from_utf8_lossy(part.contents()));
                    returned.merge(blocks.into_iter().next());
                }
                (PartType::Message(inner), _) if !inner.parts.is_empty() => returned.merge(Some(Fields::of(inner))),
                // a server that could not say what it gives back, and one whose base64 did not read
                (_, kind) if kind.ends_with("/rfc822") || kind.ends_with("/global") => {
                    let blocks = fields::blocks(&String::from_utf8_lossy(part.contents()));
                    returned.merge(blocks.into_iter().next());
                }
                (PartType::Text(words), _) if text.len() < WORDS => {
                    text.push_str(words);
                    text.push('\n');
                }
                (PartType::Html(words), _) if html.len() < WORDS => {
                    html.push_str(&mail_parser::decoders::html::html_to_text(&bounded(words, 10 * WORDS)));
                    html.push('\n');
                }
                _ => {}
            }
        }
        let text = if text.trim().is_empty() { html } else { text };
        Self { header, content_type, text: bounded(&text, WORDS), report, returned }
    }
}

/// How many parts there may be: lines that could name the type of one, counted without reading them.
fn parts(bytes: &[u8]) -> usize {
    bytes.windows(12).filter(|window| window.eq_ignore_ascii_case(b"content-type")).count()
}

/// The first characters of a text, without what no text holds.
fn bounded(text: &str, most: usize) -> String {
    text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).take(most).collect()
}

/// How a text begins, without empty lines.
fn excerpt(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
    bounded(&lines.join("\n"), TEXT)
}

fn nothing() -> Incoming {
    Incoming {
        kind: InboundKind::Unknown,
        came_to: Vec::new(),
        envelopes: Vec::new(),
        about: Vec::new(),
        message_id: None,
        reports: Vec::new(),
        from: None,
        from_name: String::new(),
        subject: String::new(),
        text: String::new(),
        automatic: true,
    }
}

#[cfg(test)]
mod tests;
