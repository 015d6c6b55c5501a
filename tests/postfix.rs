//! A real Postfix of the test's own, as an office has one beside the program: what is accepted there is as good as gone.
//!
//! The scenes that `outbox`, `release`, `receive` and `conformity` play with the scripted server stand here once more,
//! with the answers, the log, the bounces and the mailboxes of the server that offices have. What it cannot be made to do
//! (to hang up at the wrong moment, to keep silent) somebody on the way does (`between`); whom it takes mail for it asks a
//! service of the test (`policy`). Nothing leaves the machine.

mod between;
mod bounces;
mod correction;
mod cut;
mod embargo;
mod killed;
mod leaving;
mod letters;
mod person;
mod policy;
mod readers;
mod refused;
mod returned;
mod server;
mod setups;
mod stopped;
