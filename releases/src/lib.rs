//! From Markdown to a release in its clothes: mail, page, and who gets it.
//!
//! *A `draft` is read, `lint` warns, `refuse` forbids, `impersonal` says what election time forbids, `freeze` makes the bytes that leave, `expand` names
//! whom they go to.* A release is rendered once, when it is submitted; every retry, preview, page and proof then uses
//! those bytes ([`Frozen`]), so that what the head of the office approved is what journalists read. The Markdown becomes
//! a small closed tree ([`markdown::Block`]) and both the HTML and the text part are written from that tree: they
//! cannot say different words, and what the tree has no name for (raw HTML, images, scripts) cannot come out.
//!
//! Left out on purpose: rows and files, the approval itself, sending (all in `acts` and the jobs), the frame of the
//! public page (in `web`), when it is election time (`domain`).

pub mod compare;
pub mod compose;
pub mod docx;
pub mod draft;
pub mod files;
pub mod find;
pub mod html;
pub mod impersonal;
pub mod letter;
pub mod lint;
mod mail;
pub mod markdown;
pub mod message;
pub mod notice;
mod own_data;
pub mod plain;
pub mod public;
pub mod quotations;
pub mod quotes;
pub mod recipients;
pub mod refuse;
pub mod render;
mod subscription;
pub mod templates;
pub mod wording;

pub use compare::{Change, Piece, compare};
pub use compose::{Fields, compose};
pub use draft::{Draft, Problem};
pub use impersonal::{Finding, impersonal};
pub use letter::{kill_letter, letter};
pub use lint::{Lint, LintContext, lint};
pub use message::Message;
pub use notice::notice_letter;
pub use own_data::own_data_letter;
pub use recipients::{Recipient, expand};
pub use refuse::{Refusal, refuse};
pub use render::{CorrectionOf, Frozen, House, dated, digest, freeze, preview};
pub use subscription::subscription_letter;
