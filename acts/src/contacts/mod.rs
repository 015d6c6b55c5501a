//! Journalists: taken in from a file, kept at the desk, let go.
//!
//! The basis is GDPR art. 6(1)(e) with L. 150/2000. Each record says where the address comes from and until when it is
//! held; who asks gets their data ([`export`]), who leaves is left alone for ever ([`opt_out`]), and who wants to be
//! forgotten is ([`erase`]). Each is told once that they are held ([`notice`]), and old records are looked over
//! ([`confirm`]). What a person does by themselves is in [`own`] and
//! [`own_data`]. Because a line of the log is never changed, the log says
//! which fields of a person were changed and never what stood in them.

pub mod bylines;
pub mod cards;
mod columns;
mod confirm;
pub mod doubles;
pub(crate) mod erase;
mod export;
mod form;
mod import;
mod keep;
pub mod notice;
pub mod own;
pub mod own_data;
mod ran;
mod vcard;

pub use confirm::{confirm, count_to_confirm, erase_several, to_confirm};
pub(crate) use erase::alias_of;
#[cfg(test)]
pub(crate) use erase::is_alias;
pub use erase::{Erased, alias, erase};
pub use export::{Shape, export, export_all, export_at_console};
pub use form::ContactForm;
pub use import::{Imported, Trial, import, import_at_desk, table_text};
pub(crate) use keep::{OPT_OUT, close, find as find_one};
pub use keep::{add, edit, mark_of, opt_out, suppressed};
pub use ran::{Ran, RanBy, ran};

#[cfg(test)]
mod tests;
