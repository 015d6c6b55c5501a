//! The program entered by its front door, on small worlds in a folder. One binary: each further one would be linked anew.

mod alert;
mod bad_input;
mod crawl;
mod demo;
mod outlets;
#[path = "../store/tests/contract/postgres.rs"]
mod postgres;
mod press_test;
mod recovery;
mod release;
mod review;
#[path = "../mail/tests/sink/mod.rs"]
mod sink;
mod tidy;
mod verbs;
