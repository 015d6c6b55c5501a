//! The one way out of the program: resolver and redirect guard, caps, timeouts, identity.
//!
//! Sources, their pages, `robots.txt` and whatever else is named by somebody outside are fetched here and nowhere
//! else, because an address from outside may point at our own network (server-side request forgery) and an answer
//! from outside may be endless. The pipeline of [`Client::get`]: address checked ([`guard`]) -> name resolved and
//! filtered at the moment of connecting ([`Resolver`]) -> answer's headers bounded -> redirects walked by hand, each
//! through the same guard -> body streamed, unpacked and bounded.
//!
//! Left out on purpose: politeness (who may be asked how often is the crawler's business), retries, cookies, proxies
//! from the environment, and the types of the library inside.

mod body;
mod client;
pub mod dns;
pub mod guard;
mod refused;
mod resolve;
mod retry_after;

pub use client::{Client, Config, Hop, NoClient, Request, Response};
pub use refused::Refused;
pub use resolve::Resolver;
pub use retry_after::parse_retry_after;
