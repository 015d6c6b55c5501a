//! The pages from outside: requests to the router over a small office in a folder. One binary: each further one would be
//! linked anew.

#![allow(unreachable_pub, reason = "a test binary has no outside")]

mod alerts;
mod archive;
mod around;
mod around_newsroom;
mod attacks;
mod codes;
mod curation;
mod desk;
mod directory;
mod dossier;
mod editions;
mod elections;
mod embargo;
mod entry;
mod files;
mod held;
mod hostile;
mod imports;
mod joined;
mod keeping;
mod licences;
mod newsroom;
mod own;
mod people;
mod persons;
mod pickup;
mod questions;
mod ranges;
mod ratings;
mod register;
mod releases;
mod reserved;
mod returned;
mod roles;
mod sentences;
mod sources;
mod subscribing;
mod templates;
mod withdrawn;
mod world;
