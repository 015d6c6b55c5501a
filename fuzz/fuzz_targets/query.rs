//! See `index/tests/contract/thrown.rs`.
#![no_main]

#[path = "../../index/tests/contract/common.rs"]
mod common;
#[path = "../../index/tests/contract/oracle.rs"]
mod oracle;
#[path = "../../index/tests/contract/thrown.rs"]
mod thrown;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| salastampa_fuzz::run(thrown::query, bytes));
