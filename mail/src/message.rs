//! What a message is made of and what is refused in one; its headers.
//!
//! Equal input gives equal bytes: the date and the Message-ID are the delivery's, the MIME boundaries come from its
//! number (lettre would draw them at random). A message that is sent again after a doubt is therefore the same message,
//! and the receiving side can tell. How the parts are encoded is in `stencil`.
//!
//! Personal are the address, the opt-out link and the thread; everything else was frozen with the letter. One message
//! goes to one person: there is no Cc and no Bcc here.

use crate::header::{bracketed, set_mailbox, set_plain, set_text};
use lettre::message::header::{Headers, MimeVersion};
use salastampa_domain::{Address, DeliveryId, Letter, Timestamp};

/// So many bytes of HTML are too many: Gmail cuts a mail off at about 102 kB.
pub const HTML_LIMIT: usize = 100_000;
/// A message without files is no longer than this many bytes; many desks refuse larger ones.
pub const MAIL_LIMIT: usize = 3_000_000;
/// With files (the review's PDF) it is no longer than this many bytes.
pub const MAIL_LIMIT_WITH_FILES: usize = 10_000_000;
/// RFC 5322 §2.1.1: no line is longer, its CR LF not counted.
pub(crate) const LINE_LIMIT: usize = 998;

/// Who writes: the office.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sender {
    /// Its name.
    pub name: String,
    /// Its address.
    pub address: Address,
    /// Where answers go. The same as `address`, and read by somebody: desks distrust any other.
    pub reply_to: Address,
    /// The domain in which the lists of the office have their identity (RFC 2919).
    pub list_host: String,
    /// Where somebody on a list finds help: `https://…` or `mailto:…` (RFC 2369).
    pub help: String,
}

/// What is the recipient's own in a message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Personal<'a> {
    /// The recipient.
    pub to: &'a Address,
    /// His or her name.
    pub to_name: Option<&'a str>,
    /// Without angle brackets.
    pub message_id: &'a str,
    /// The Message-ID of his or her earlier mail that this one follows.
    pub in_reply_to: Option<&'a str>,
    /// The `Date`; written with the Italian offset.
    pub date: Timestamp,
    /// A word of the office to him or her alone, as it was typed; it stands at the top.
    pub note: Option<&'a str>,
    /// Seed of the MIME boundaries.
    pub delivery: DeliveryId,
    /// The link to his or her own data; without it the letter must not lead there.
    pub own_data: Option<&'a str>,
    /// How to leave; without it the letter must not speak of leaving.
    pub unsubscribe: Option<Unsubscribe<'a>>,
}

/// Two ways to leave a list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Unsubscribe<'a> {
    /// The personal page; a POST to it leaves at once (RFC 8058).
    pub url: &'a str,
    /// What follows `mailto:` for who cannot open it: an address, with a subject if wanted.
    pub mailto: &'a str,
}

/// Why a letter does not become a message. A letter that fails here fails for everybody on the list.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BadMessage {
    /// A line break or another character that the field cannot hold.
    #[error("the field {name} holds a line break or another character that is not allowed there")]
    Header {
        /// The field.
        name: &'static str,
    },
    /// A list is written to, or the letter shows the way out, and there is none.
    #[error("the message goes to a list and has no way to leave it")]
    NoWayOut,
    /// The letter leads to the person's own data, and there is no link to them.
    #[error("the message leads to somebody's own data and has no link to them")]
    NoLink,
    /// A file without a proper name or type.
    #[error("the file {0:?} has no proper name or type")]
    File(String),
    /// [`HTML_LIMIT`].
    #[error("the HTML part has {0} bytes; from {HTML_LIMIT} on mail programs cut it off")]
    HtmlTooLong(usize),
    /// [`MAIL_LIMIT`], [`MAIL_LIMIT_WITH_FILES`].
    #[error("the message has {0} bytes and is too large for many mailboxes")]
    TooLarge(usize),
    /// The key of the office does not sign.
    #[error("the message could not be signed with the office's key")]
    Unsigned,
    /// A word too long for a header line.
    #[error("a header line has {0} characters; {LINE_LIMIT} are allowed")]
    LineTooLong(usize),
}

/// The fields of a message, in their order.
pub(crate) fn headers(letter: &Letter, personal: &Personal<'_>, sender: &Sender) -> Result<Headers, BadMessage> {
    let mut headers = Headers::new();
    set_plain(&mut headers, "Date", &[&personal.date.rfc5322()])?;
    set_mailbox(&mut headers, "From", &sender.name, &sender.address)?;
    set_mailbox(&mut headers, "Reply-To", &sender.name, &sender.reply_to)?;
    set_mailbox(&mut headers, "To", personal.to_name.unwrap_or_default(), personal.to)?;
    set_text(&mut headers, "Subject", &letter.subject)?;
    set_plain(&mut headers, "Message-ID", &[&bracketed("Message-ID", personal.message_id)?])?;
    if let Some(earlier) = personal.in_reply_to {
        let earlier = bracketed("In-Reply-To", earlier)?;
        set_plain(&mut headers, "In-Reply-To", &[&earlier])?;
        set_plain(&mut headers, "References", &[&earlier])?;
    }
    if letter.auto_generated {
        set_plain(&mut headers, "Auto-Submitted", &["auto-generated"])?;
    }
    if let Some(list) = &letter.list {
        let leave = personal.unsubscribe.ok_or(BadMessage::NoWayOut)?;
        let id = format!("{}.{}", list_label(list), sender.list_host);
        set_plain(&mut headers, "List-Id", &[&bracketed("List-Id", &id)?])?;
        set_plain(&mut headers, "List-Help", &[&bracketed("List-Help", &sender.help)?])?;
        let page = bracketed("List-Unsubscribe", leave.url)?;
        let mail = bracketed("List-Unsubscribe", &format!("mailto:{}", leave.mailto))?;
        set_plain(&mut headers, "List-Unsubscribe", &[&format!("{page},"), &mail])?;
        set_plain(&mut headers, "List-Unsubscribe-Post", &["List-Unsubscribe=One-Click"])?;
    }
    set_plain(&mut headers, "Content-Language", &[&letter.language])?;
    headers.set(MimeVersion::new(1, 0));
    Ok(headers)
}

/// The list's name as a label of a List-Id (RFC 2919 §3): letters, digits, hyphens.
fn list_label(list: &str) -> String {
    let label: String =
        list.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    label.split('-').filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
}
