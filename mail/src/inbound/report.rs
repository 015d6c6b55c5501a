//! Reports that a machine can read (RFC 3464, RFC 6522): Postfix, Exchange, Gmail, Exim since 4.90, and most others.
//!
//! One broken block loses none of the others. Also a `message/delivery-status` outside a `multipart/report` counts: some
//! servers on the way write the outer type anew.

use super::fields::{Fields, one_line};
use super::status::{code_in, code_of, failed, reply_in, shown};
use super::{LINE, Mail, bounded};
use salastampa_domain::{InboundKind, Report};

/// What the mail says of each recipient; empty where it is no report.
pub(super) fn reports(mail: &Mail) -> Vec<Report> {
    let blocks = mail.report.iter().filter(|block| block.has("action") || block.has("final-recipient"));
    blocks.map(|block| report(block, &mail.text)).collect()
}

fn report(block: &Fields, text: &str) -> Report {
    let said = bounded(&one_line(block.first("diagnostic-code")), LINE);
    let words = said.split_once(';').map_or(said.as_str(), |(_, words)| words.trim());
    let own = code_of(block.first("status").split_whitespace().next().unwrap_or_default());
    // the remote server's own code where ours to read is a mere "something failed"
    let is_vague = own.is_none_or(|(_, subject, detail)| (subject, detail) == (0, 0));
    let code = if is_vague { code_in(words).or(own) } else { own };
    let kind = match block.first("action").to_lowercase().as_str() {
        "delayed" => InboundKind::Delayed,
        "delivered" | "relayed" | "expanded" => InboundKind::Delivered,
        "failed" => failed(code, if words.is_empty() { text } else { words }),
        // no action, or one that nobody has defined: the code's first digit
        _ => match code {
            Some((2, ..)) => InboundKind::Delivered,
            Some((4, ..)) => InboundKind::Delayed,
            _ => failed(code, if words.is_empty() { text } else { words }),
        },
    };
    let status = code.map(shown).or_else(|| reply_in(words).map(|reply| reply.to_string())).unwrap_or_default();
    Report {
        original: address(block.first("original-recipient")),
        last: address(block.first("final-recipient")),
        kind,
        status,
        said: words.to_owned(),
    }
}

/// `rfc822; <Rita@riva.test>` as an address, lower case; empty where it is none.
fn address(field: &str) -> String {
    let value = field.split_once(';').map_or(field, |(_, value)| value);
    let value = value.trim().trim_start_matches('<').trim_end_matches('>');
    salastampa_domain::Address::parse(value).map(|address| address.as_str().to_owned()).unwrap_or_default()
}
