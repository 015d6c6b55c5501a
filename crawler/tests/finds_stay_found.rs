//! What once broke a reader, or was made to, is read again on each run: see `salastampa_crawler::fuzz`.

use salastampa_crawler::fuzz::WAYS;
use std::path::Path;

#[test]
fn finds_stay_found() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/finds");
    for (way, read) in WAYS {
        let finds: Vec<_> = std::fs::read_dir(folder.join(way)).expect("a folder for each way").flatten().collect();
        assert!(!finds.is_empty(), "{way}");
        for find in finds {
            let bytes = std::fs::read(find.path()).expect("a file of the project");
            // as on a visit: a thread with a stack of 8 MB
            let thread = std::thread::Builder::new().stack_size(8 << 20).spawn(move || read(&bytes)).expect("a thread");
            assert!(thread.join().is_ok(), "{way}: {}", find.path().display());
        }
    }
}
