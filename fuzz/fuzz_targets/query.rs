//! See `index/tests/contract/thrown.rs`.
#![no_main]

#[path = "../../index/tests/contract/common.rs"]
#[allow(dead_code, reason = "the tests of the archive take more of it")]
mod common;
#[path = "../../index/tests/contract/oracle.rs"]
mod oracle;
#[path = "../../index/tests/contract/thrown.rs"]
mod thrown;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| salastampa_fuzz::run(thrown::query, bytes));
