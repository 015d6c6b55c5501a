//! Nothing that is served may end the program, and each such input ends in its class.

#[path = "hostile/cases.rs"]
mod cases;

use cases::{CASES, run};

#[test]
fn each_hostile_input_ends_in_its_class() {
    let mut wrong = Vec::new();
    for case in CASES {
        let work = move || run(case.way, &(case.make)());
        // as on a visit: a thread with a stack of 8 MB
        let end = std::thread::Builder::new().stack_size(8 << 20).spawn(work).expect("a thread").join();
        if end.as_ref().ok() != Some(&case.end) {
            wrong.push(format!("{:?} {}: {end:?}, not {:?}", case.way, case.name, case.end));
        }
    }
    assert!(CASES.len() >= 60 && wrong.is_empty(), "{}", wrong.join("\n"));
}
