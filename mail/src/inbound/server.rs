//! Bounces without a report: qmail, old Exim, Courier and small servers that write a letter.
//!
//! Two things must hold. The mail comes from a mail server: an empty return path, or a name that servers have. And it has
//! one of the shapes below. A person who quotes a bounce is no server; a server's notice of other things has no shape.

use super::fields::{Fields, one_line};
use super::status::{code_in, failed, reply_in, shown};
use super::{LINE, Mail, bounded};
use salastampa_domain::{InboundKind, Report};

/// How the letters of servers begin to speak of a failure.
const FAILED: [&str; 17] = [
    "this is the qmail-send program",
    "could not be delivered to one or more of its recipients",
    "could not be delivered to the following",
    "could not be delivered",
    "delivery to the following recipient",
    "the following addresses had permanent fatal errors",
    "the following address(es) failed",
    "this message was created automatically by mail delivery software",
    "undeliverable",
    "was not delivered to",
    "wasn't delivered to",
    "unable to deliver",
    "delivery has failed to these recipients",
    "impossibile recapitare",
    "recapito non riuscito",
    "non è stato possibile recapitare",
    "nicht zugestellt",
];
/// How they speak of one that they still try.
const DELAYED: [&str; 6] = [
    "has not yet been delivered",
    "has not been delivered to one or more of its recipients after",
    "delivery attempts will continue",
    "you do not need to resend",
    "no action is required on your part",
    "still trying",
];

/// What a server tells in words of its own.
pub(super) fn bounce(mail: &Mail) -> Option<Report> {
    if !is_from_a_server(&mail.header) || mail.content_type.contains("disposition-notification") {
        return None;
    }
    let failed_recipients = mail.header.addresses("x-failed-recipients");
    let words = mail.text.to_lowercase();
    let start = words.find(|c: char| !c.is_whitespace()).unwrap_or_default();
    // what it gives back is not its own word
    let own = &words[start..own_end(&words).max(start)];
    let subject = mail.header.first("subject").to_lowercase();
    let says = |shapes: &[&str]| shapes.iter().any(|shape| own.contains(shape) || subject.contains(shape));
    let is_delay = says(&DELAYED) || ((subject.contains("delay") || subject.contains("ritard")) && !says(&FAILED));
    if failed_recipients.is_empty() && !is_delay && !says(&FAILED) {
        return None;
    }
    let said = line_of_the_server(own).unwrap_or_default();
    let code = code_in(&said).or_else(|| code_in(own));
    let kind = if is_delay && failed_recipients.len() <= 1 && !own.contains("permanent") {
        InboundKind::Delayed
    } else {
        failed(code, if said.is_empty() { own } else { &said })
    };
    let status = code.map(shown).or_else(|| reply_in(&said).map(|code| code.to_string())).unwrap_or_default();
    let last = match failed_recipients.as_slice() {
        [one] => one.to_lowercase(),
        _ => String::new(),
    };
    Some(Report { original: String::new(), last, kind, status, said: bounded(&one_line(&said), LINE) })
}

/// Where a letter begins to give the message back.
fn own_end(words: &str) -> usize {
    const COPIES: [&str; 5] = [
        "below this line is a copy",
        "this is a copy of the message",
        "original message headers",
        "-----original message",
        "return-path:",
    ];
    COPIES.iter().filter_map(|mark| words.find(mark)).min().unwrap_or(words.len())
}

/// The line in which the other server speaks: the first with a code, else the first with a reply.
fn line_of_the_server(own: &str) -> Option<String> {
    let lines: Vec<&str> = own.lines().map(str::trim).filter(|line| !line.is_empty()).take(500).collect();
    let at = lines
        .iter()
        .position(|line| code_in(line).is_some())
        .or_else(|| lines.iter().position(|line| reply_in(line).is_some()))?;
    Some(lines[at..lines.len().min(at + 2)].join(" "))
}

/// Whether a mail says that a mail server wrote it.
pub(super) fn is_from_a_server(header: &Fields) -> bool {
    let path = header.has("return-path") && header.addresses("return-path").is_empty();
    let from = header.first("from").to_lowercase();
    let name = |name: &str| from.contains(name);
    path || name("mailer-daemon") || name("postmaster@") || name("mail delivery s") || name("microsoftexchange")
}
