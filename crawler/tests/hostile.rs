//! Nothing that is served may end the program, and each such input ends in its class.

#[path = "hostile/cases.rs"]
mod cases;

use cases::{CASES, Case, run};

#[test]
fn each_hostile_input_ends_in_its_class() {
    // two at a time: what is optimised on a visit is slow here
    let halves = [0, 1].map(|half| std::thread::spawn(move || wrong(CASES.iter().skip(half).step_by(2))));
    let wrong: Vec<String> = halves.into_iter().flat_map(|half| half.join().expect("it catches all")).collect();
    assert!(CASES.len() >= 60 && wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The inputs that end otherwise than they must.
fn wrong(cases: impl Iterator<Item = &'static Case>) -> Vec<String> {
    let mut wrong = Vec::new();
    for case in cases {
        let work = move || run(case.way, &(case.make)());
        // as on a visit: a thread with a stack of 8 MB
        let end = std::thread::Builder::new().stack_size(8 << 20).spawn(work).expect("a thread").join();
        if end.as_ref().ok() != Some(&case.end) {
            wrong.push(format!("{:?} {}: {end:?}, not {:?}", case.way, case.name, case.end));
        }
    }
    wrong
}
