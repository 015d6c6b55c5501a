//! The program entered by its front door, on small worlds in a folder. One binary: each further one would be linked anew.

#![allow(unreachable_pub, reason = "a test binary has no outside")]
#![allow(clippy::print_stdout, reason = "a skipped test says so, and a test of chance prints its seed")]
#![allow(clippy::disallowed_methods, reason = "the tests are told by the environment what the machine has")]

mod alert;
mod archive;
mod backfile;
mod bad_input;
mod conformity;
mod crawl;
mod demo;
mod desk;
mod doctor;
mod faults;
mod gold;
mod key;
mod look;
mod manners;
mod missing;
#[path = "../mail/tests/opinion/mod.rs"]
mod opinion;
mod outbox;
mod outlets;
mod ports;
mod postfix;
#[path = "../store/tests/contract/postgres.rs"]
mod postgres;
mod press_test;
mod reading;
mod receive;
mod recovery;
mod release;
mod review;
mod rhythm;
#[path = "../mail/tests/sink/mod.rs"]
mod sink;
mod tidy;
mod verbs;
mod wire;
