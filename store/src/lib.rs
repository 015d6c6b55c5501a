//! The only crate that knows SQL, and the folder of files.
//!
//! A [`Store`] is a database (SQLite in a file, or PostgreSQL) and a folder. [`Store::read`] gives [`Rows`], whose
//! methods read; [`Store::write`] gives a [`Write`], a transaction whose methods write and which reads what it has
//! written. One file a noun, one method a question: `find_*` gives an `Option`, `list_*` a `Vec`, `claim_*` takes a
//! lease, `record_*` and `replace_*` write.
//!
//! One SQL text serves both databases, so that what is proved on a laptop's file holds on the server: columns are
//! `text` and `bigint`, numbers are drawn from counter rows inside the writing transaction, writers take turns, and
//! texts are folded and sorted in Rust. No query is checked when the program is built; instead the tests in
//! `tests/contract` call each one on both databases.
//!
//! Left out on purpose: a trait (there is one implementation), any rule of the office (`acts`), the reading of the
//! time (it is passed in), and the types of the SQL library, which never leave this crate.

mod alert;
mod article;
mod aside;
mod backup;
mod change;
mod claim;
mod clipping;
mod contact;
mod contact_address;
mod contact_keys;
mod counted;
mod counter;
mod curation;
mod delivery;
mod dossier;
mod double;
mod edition;
mod election;
mod entry_link;
mod errand;
mod error;
mod event;
mod feed;
mod files;
mod found;
mod front;
mod import;
mod importance;
mod inbound;
mod job;
mod keeping;
mod list;
mod look;
mod meta;
mod note;
mod outbox;
mod outlet;
mod pause;
mod person;
mod pickup;
mod progress;
mod published;
mod push;
mod rating;
mod reader;
mod release;
mod release_file;
mod release_note;
mod review;
mod revision;
mod schema;
mod session;
mod settings;
mod sign_off;
mod signature;
mod source;
mod source_override;
mod sql;
mod staff;
mod store;
mod story;
mod subscriber;
mod tag;
mod template;
mod text_use;
mod tie;
mod turn;
mod version;
mod visit;
mod watch;
mod watch_past;
mod wire;

pub mod host;
mod hub;

pub use change::Stamps;
pub use counted::Counted;
pub use delivery::DeliveryFilter;
pub use entry_link::EntryLink;
pub use error::Error;
pub use event::EventFilter;
pub use files::Files;
pub use found::Found;
pub use host::{Fetched, Host, Met};
pub use look::Told;
pub use outbox::Waiting;
pub use progress::{End, Hold};
pub use release::ReleaseFilter;
pub use revision::Revised;
pub use salastampa_domain::ItemKey;
pub use store::{Rows, Store, Write};
pub use turn::{Claim, Throttle};
pub use visit::Left;
pub use wire::{Hidden, WireLook};
