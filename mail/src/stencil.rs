//! From a frozen letter to the bytes that one person gets, and that for two thousand.
//!
//! The parts are the same for all but for the personal link, a word to one person and the boundaries, so they are encoded
//! once, with places where those go. What is personal stands on lines of its own (soft breaks, which a reader does not
//! see), so that its length moves nothing else. Left out: what is shown; that was made before the letter was frozen.

use crate::flowed::flowed;
use crate::header::bracketed;
use crate::message::{LINE_LIMIT, headers};
use crate::retry::scatter;
use crate::{BadMessage, HTML_LIMIT, MAIL_LIMIT, MAIL_LIMIT_WITH_FILES, Personal, Sender};
use lettre::message::header::{ContentDisposition, ContentTransferEncoding, ContentType};
use lettre::message::{Body, MultiPart, SinglePart};
use salastampa_domain::Letter;
use salastampa_domain::delivery::{NOTE_CLOSES, NOTE_MARK, NOTE_OPENS, OWN_DATA_MARK, UNSUBSCRIBE_MARK};

/// The message for one person. `files` are the letter's attachments as (name, type, bytes). Who writes to many makes the
/// [`Stencil`] once.
pub fn render(
    letter: &Letter,
    personal: &Personal<'_>,
    sender: &Sender,
    files: &[(String, String, Vec<u8>)],
) -> Result<Vec<u8>, BadMessage> {
    Stencil::of(letter, sender, files)?.message(personal)
}

/// A letter made ready for many: the parts are encoded once, and of each message only the headers and the personal places
/// are written anew. Encoding was half of what a message cost.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stencil {
    letter: Letter,
    sender: Sender,
    body: Vec<Piece>,
    /// Bytes of the HTML part, without what is personal.
    html: usize,
    limit: usize,
}

/// A piece of the body.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Piece {
    /// As it stands.
    Fixed(Vec<u8>),
    /// The message's own boundary of that level.
    Boundary(u64),
    /// A place in one of the two parts.
    Place(Place, Part),
}

/// What goes to a place of the letter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Place {
    /// The personal link.
    Leave,
    /// From here to [`Place::NoteCloses`] everything is left out for who has no note.
    NoteOpens,
    /// The word to this person.
    Note,
    NoteCloses,
    /// The link to the person's own data.
    OwnData,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Part {
    Text,
    Html,
}

/// The marks of the letter.
const PLACES: [(&str, Place); 5] = [
    (UNSUBSCRIBE_MARK, Place::Leave),
    (NOTE_OPENS, Place::NoteOpens),
    (NOTE_MARK, Place::Note),
    (NOTE_CLOSES, Place::NoteCloses),
    (OWN_DATA_MARK, Place::OwnData),
];

/// Where a boundary goes, while lettre puts the parts together. `=_` cannot come up in quoted-printable nor in base64: no
/// content can end its own part, and none is taken for a place. As long as a boundary, so that headers fold alike.
const BOUNDARIES: [&str; 2] = ["=_xxxxxxxxxxxxxxxx1", "=_xxxxxxxxxxxxxxxx2"];
/// How a place is held in an encoded part: no encoded part and no name of a file has such a byte.
const HELD: u8 = 1;

impl Stencil {
    /// Encodes a letter. What is wrong with it for everybody is told here.
    pub fn of(letter: &Letter, sender: &Sender, files: &[(String, String, Vec<u8>)]) -> Result<Self, BadMessage> {
        let [alternative, mixed] = BOUNDARIES;
        let mut body = MultiPart::alternative()
            .boundary(alternative)
            .singlepart(part("text/plain; charset=utf-8; format=flowed", &flowed(&letter.text), Part::Text))
            .singlepart(part("text/html; charset=utf-8", &letter.html, Part::Html));
        if !files.is_empty() {
            body = MultiPart::mixed().boundary(mixed).multipart(body);
            for (name, mime, bytes) in files {
                body = body.singlepart(file(name, mime, bytes)?);
            }
        }
        let limit = if files.is_empty() { MAIL_LIMIT } else { MAIL_LIMIT_WITH_FILES };
        let body = body.formatted();
        within_limits(&body, limit)?;
        let html = PLACES.iter().fold(letter.html.clone(), |html, (mark, _)| html.replace(mark, "")).len();
        if html >= HTML_LIMIT {
            return Err(BadMessage::HtmlTooLong(html));
        }
        // text and HTML are in the body now
        let letter = Letter { text: String::new(), html: String::new(), attachments: Vec::new(), ..letter.clone() };
        Ok(Self { letter, sender: sender.clone(), body: pieces(&body), html, limit })
    }

    /// Whether somebody who gets it must be shown how to leave.
    pub fn leaves(&self) -> bool {
        self.letter.list.is_some() || self.body.iter().any(|piece| matches!(piece, Piece::Place(Place::Leave, _)))
    }

    /// The message for one person.
    pub fn message(&self, personal: &Personal<'_>) -> Result<Vec<u8>, BadMessage> {
        let mut bytes = headers(&self.letter, personal, &self.sender)?.to_string().into_bytes();
        within_limits(&bytes, self.limit)?;
        let seed = |level: u64| scatter(personal.delivery.0.unsigned_abs() ^ (level << 56));
        let (mut html, mut skips) = (self.html, false);
        for piece in &self.body {
            let (place, part) = match piece {
                Piece::Place(place, part) => (place, part),
                Piece::Fixed(fixed) => {
                    bytes.extend_from_slice(if skips { b"" } else { fixed });
                    continue;
                }
                Piece::Boundary(level) => {
                    bytes.extend(format!("=_{:016x}{level}", seed(*level)).bytes());
                    continue;
                }
            };
            let words = match place {
                Place::Leave => {
                    let leave = personal.unsubscribe.ok_or(BadMessage::NoWayOut)?;
                    bracketed("List-Unsubscribe", leave.url)?;
                    leave.url.to_owned()
                }
                Place::OwnData => personal.own_data.ok_or(BadMessage::NoLink)?.to_owned(),
                Place::Note => personal.note.unwrap_or_default().to_owned(),
                Place::NoteOpens | Place::NoteCloses => {
                    skips = *place == Place::NoteOpens && personal.note.is_none();
                    continue;
                }
            };
            let shown = match part {
                _ if skips => String::new(),
                Part::Text => flowed(&words),
                Part::Html => escaped(&words).replace('\n', "<br>"),
            };
            html += if *part == Part::Html { shown.len() } else { 0 };
            bytes.extend(encoded(&shown));
        }
        match (html, bytes.len()) {
            (html, _) if html >= HTML_LIMIT => Err(BadMessage::HtmlTooLong(html)),
            (_, size) if size > self.limit => Err(BadMessage::TooLarge(size)),
            _ => Ok(bytes),
        }
    }
}

fn within_limits(bytes: &[u8], limit: usize) -> Result<(), BadMessage> {
    if bytes.len() > limit {
        return Err(BadMessage::TooLarge(bytes.len()));
    }
    match bytes.split(|&b| b == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line).len()).max() {
        Some(longest) if longest > LINE_LIMIT => Err(BadMessage::LineTooLong(longest)),
        _ => Ok(()),
    }
}

/// The body taken apart at its places.
fn pieces(body: &[u8]) -> Vec<Piece> {
    let (mut pieces, mut from, mut at) = (Vec::new(), 0, 0);
    while at < body.len() {
        let found = match body[at..] {
            [HELD, place, part, ..] => {
                let part = if part == b't' { Part::Text } else { Part::Html };
                let place = PLACES.get(usize::from(place.wrapping_sub(b'0')));
                place.map(|(_, place)| (3, Piece::Place(*place, part)))
            }
            [b'=', b'_', ..] => {
                let marked = BOUNDARIES.iter().zip(1..).find(|(mark, _)| body[at..].starts_with(mark.as_bytes()));
                marked.map(|(mark, level)| (mark.len(), Piece::Boundary(level)))
            }
            _ => None,
        };
        let Some((length, piece)) = found else {
            at += 1;
            continue;
        };
        pieces.extend([Piece::Fixed(body[from..at].to_vec()), piece]);
        at += length;
        from = at;
    }
    pieces.push(Piece::Fixed(body[from..].to_vec()));
    pieces
}

fn escaped(words: &str) -> String {
    words.replace('&', "&amp;").replace('"', "&quot;").replace('\'', "&#39;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A part of text, with its places held.
fn part(mime: &str, text: &str, part: Part) -> SinglePart {
    let mut body = Vec::with_capacity(text.len() + text.len() / 8);
    let mut rest = text;
    let first = |rest: &str| {
        let found = PLACES.iter().zip(b'0'..).filter_map(|((mark, _), place)| Some((rest.find(mark)?, *mark, place)));
        found.min_by_key(|(at, ..)| *at)
    };
    while let Some((at, mark, place)) = first(rest) {
        body.extend(encoded(&rest[..at]));
        // words of any length fit on lines of their own
        soft_break(&mut body);
        body.extend([HELD, place, if part == Part::Text { b't' } else { b'h' }]);
        body.extend_from_slice(b"=\r\n");
        rest = &rest[at + mark.len()..];
    }
    body.extend(encoded(rest));
    let body = Body::dangerous_pre_encoded(body, ContentTransferEncoding::QuotedPrintable);
    SinglePart::builder().header(ContentType::parse(mime).expect("the two types are well formed")).body(body)
}

/// A text in quoted-printable: always, so that no server on the way has a reason to change it.
fn encoded(text: &str) -> Vec<u8> {
    Body::new_with_encoding(text.to_owned(), ContentTransferEncoding::QuotedPrintable)
        .expect("quoted-printable takes any text")
        .into_vec()
}

/// Ends a line of quoted-printable without ending the line of the text (RFC 2045 §6.7, rule 5: 76 characters, the `=`
/// counted).
fn soft_break(encoded: &mut Vec<u8>) {
    let start = encoded.iter().rposition(|&b| b == b'\n').map_or(0, |at| at + 1);
    if encoded.len() - start > 75 {
        // an octet is three characters, which stay together
        let of_one = encoded[encoded.len() - 3..].iter().rposition(|&b| b == b'=').map_or(1, |at| 3 - at);
        let at = encoded.len() - of_one;
        encoded.splice(at..at, *b"=\r\n");
    }
    encoded.extend_from_slice(b"=\r\n");
}

fn file(name: &str, mime: &str, bytes: &[u8]) -> Result<SinglePart, BadMessage> {
    let bad = || BadMessage::File(name.to_owned());
    let kind = ContentType::parse(mime).map_err(|_| bad())?;
    let proper = |c: char| !c.is_control() && c != '/' && c != '\\';
    if name.is_empty() || name.len() > 200 || !name.chars().all(proper) {
        return Err(bad());
    }
    let body = Body::new_with_encoding(bytes.to_vec(), ContentTransferEncoding::Base64).map_err(|_| bad())?;
    Ok(SinglePart::builder().header(kind).header(ContentDisposition::attachment(name)).body(body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_grows_too_long_where_a_link_goes_in_and_no_octet_is_torn() {
        for before in ["x", "è", "=", " ", "\n"] {
            for length in 0..160 {
                let text = format!("{}{UNSUBSCRIBE_MARK}{}", before.repeat(length), "\nfine è");
                let part = part("text/plain", &text, Part::Text).formatted();
                let (_, body) = std::str::from_utf8(&part).expect("ASCII").split_once("\r\n\r\n").expect("a head");
                assert!(body.split("\r\n").all(|line| line.len() <= 76), "{body}");
                let whole = body.replace("=\r\n", "").replace("=20", " ").replace("=3D", "=").replace("=C3=A8", "è");
                let whole = whole.replace("\r\n", "\n").replace("\u{1}0t", UNSUBSCRIBE_MARK);
                assert_eq!(whole.trim_end_matches('\n'), text, "{body}");
            }
        }
    }
}
