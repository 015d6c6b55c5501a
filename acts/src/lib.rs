//! What a person or a job does to the rows, one verb a file.
//!
//! An act asks for the right (`domain::may`), asks for the proof that the state carries, calls a pure function of the
//! middle, and writes its rows and its [`Event`](salastampa_domain::Event) in one transaction. Web, command line and
//! jobs all come through here, so that all are guarded alike and all leave the same trace.
//! Left out: the network, HTTP, HTML, and the question when something is done (that is for the jobs).

pub mod alert;
pub mod backfile;
pub mod booklet;
pub mod cell;
pub mod clip;
pub mod clip_hand;
pub mod contacts;
pub mod curate;
pub mod desk;
pub mod dossier;
pub mod doubt;
pub mod editions;
pub mod elections;
pub mod error;
pub mod export;
pub mod feed;
pub mod feedback;
pub mod feeds;
pub mod gold;
pub mod grade;
pub mod group;
pub mod house;
pub mod hub;
pub mod issues;
pub mod key;
pub mod leave;
pub mod licences;
pub mod lists;
pub mod log;
pub mod login;
pub mod look;
pub mod meant;
pub mod net;
pub mod note;
pub mod office;
pub mod oidc;
pub mod outbox;
mod password;
pub mod persons;
pub mod pickup;
mod quiet;
pub mod rating;
pub mod readers;
pub mod receipt;
pub mod receive;
pub mod release;
pub mod review;
pub mod revise;
pub mod seal;
pub mod second_factor;
pub mod session;
pub mod settings;
pub mod setup;
pub mod sources;
pub mod standing;
pub mod subscribe;
pub mod tag;
pub mod templates;
pub mod tidy;
pub mod token;
pub mod totp;
pub mod user;
pub mod watch;
mod weigh;
pub mod weights;
pub mod wire;
pub mod work;

pub use desk::AtDesk;
pub use error::{Denied, Error, Result, Slip};
pub use house::House;
