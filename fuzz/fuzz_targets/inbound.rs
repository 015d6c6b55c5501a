//! A mail that comes back, as a mail server hands it over.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| salastampa_fuzz::run(inbound, bytes));

fn inbound(bytes: &[u8]) {
    let read = salastampa_mail::read_inbound(bytes, None);
    assert!(read.text.chars().count() <= 2_000 && read.came_to.len() <= 50 && read.about.len() <= 50);
}
