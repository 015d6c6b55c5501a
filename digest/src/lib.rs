//! From clippings to a review and to alerts, rendered as mail, text and the words of a PDF.
//!
//! A value goes in and a value comes out, in three steps that know nothing of one another's insides:
//! `compose` chooses and orders (clippings to sections of entries), `sheet` says it in words (a frozen
//! [`Review`](salastampa_domain::Review) to the sentences of its readers' language), `mail` and `alert` set the
//! words in HTML and in text. The PDF is set from the same [`Sheet`], so that no output can say more than another.
//!
//! Text of others is shown only as an [`Extract`](salastampa_domain::Extract), which only the gate of the rights makes.
//! Left out: rows and clock (jobs and acts), sending (the outbox), the setting of the PDF (crate `pdf`).

pub mod alert;
pub mod borrowed;
pub mod clean;
pub mod compose;
pub mod dress;
pub mod extract;
pub mod mail;
pub mod net;
mod plain;
pub mod points;
pub mod sample;
pub mod sheet;

pub use alert::AlertSheet;
pub use compose::{Candidate, Gathered, Latecomers, Line, LineArticle, Shown, Standing, Weigh, compose};
pub use dress::Dress;
pub use sheet::Sheet;
