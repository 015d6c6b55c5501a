//! See `salastampa_crawler::fuzz`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| salastampa_fuzz::run(salastampa_crawler::fuzz::backfile, bytes));
