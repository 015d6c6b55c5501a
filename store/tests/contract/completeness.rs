//! That the contract is complete: each public method of the store is called by one of these tests.

use std::path::Path;

fn sources(folder: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut files: Vec<_> = std::fs::read_dir(folder).expect("the folder").map(|f| f.expect("a file").path()).collect();
    files.sort();
    files.iter().map(|file| std::fs::read_to_string(file).expect("a text")).collect()
}

#[test]
fn each_public_method_of_the_store_is_called_here() {
    let (store, tests) = (sources("src"), sources("tests/contract"));
    let methods: Vec<&str> = store
        .lines()
        .filter_map(|line| line.strip_prefix("    pub async fn ").or_else(|| line.strip_prefix("    pub fn ")))
        .map(|rest| rest.split(['(', '<']).next().unwrap_or(rest))
        .collect();
    assert!(methods.len() > 100, "the methods are found: {}", methods.len());
    let called = |name: &str| {
        ["(", "(\n"]
            .iter()
            .any(|end| tests.contains(&format!(".{name}{end}")) || tests.contains(&format!("::{name}{end}")))
    };
    let never: Vec<&str> = methods.into_iter().filter(|name| !called(name)).collect();
    assert!(never.is_empty(), "never called: {never:?}");
}
