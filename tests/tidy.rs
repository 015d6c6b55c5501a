//! The house rules that a compiler does not know: who may depend on whom, licences and bans, headers, words, pages.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn metadata() -> Value {
    // what is built here: other systems' libraries stand in the lock file too
    let rustc = Command::new("rustc").arg("-vV").output().expect("rustc runs");
    let rustc = String::from_utf8_lossy(&rustc.stdout).into_owned();
    let host = rustc.lines().find_map(|l| l.strip_prefix("host: ")).expect("rustc names its host");
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline", "--filter-platform", host])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("cargo writes JSON")
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

/// Each of our packages with the names that it depends on outside its tests.
fn ours(metadata: &Value) -> BTreeMap<String, BTreeSet<String>> {
    let members: BTreeSet<&str> =
        metadata["workspace_members"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    metadata["packages"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|p| members.contains(text(p, "id")))
        .map(|p| {
            let dependencies = p["dependencies"].as_array().into_iter().flatten();
            let names = dependencies.filter(|d| d["kind"] != "dev").map(|d| text(d, "name").to_owned());
            (text(p, "name").trim_start_matches("salastampa-").to_owned(), names.collect())
        })
        .collect()
}

#[test]
fn each_crate_depends_on_what_the_map_allows() {
    const BASE: [&str; 3] = ["domain", "text", "locale"];
    let allowed: BTreeMap<&str, Vec<&str>> = BTreeMap::from([
        ("domain", vec![]),
        ("text", vec![]),
        ("locale", vec![]),
        ("http", vec!["domain"]),
        ("mail", vec!["domain"]),
        ("pdf", vec!["locale"]),
        ("crawler", vec!["domain", "text", "http"]),
        ("index", vec!["domain", "text"]),
        ("stories", vec!["domain", "text"]),
        ("digest", BASE.to_vec()),
        ("releases", BASE.to_vec()),
        ("store", vec!["domain"]),
        ("acts", vec!["domain", "text", "locale", "pdf", "index", "stories", "digest", "releases", "store"]),
        ("web", vec!["domain", "locale", "acts", "store", "index", "digest", "releases", "http"]),
    ]);
    let ours = ours(&metadata());
    assert_eq!(ours.len(), allowed.len() + 1, "the map and the workspace name the same crates");
    for (name, dependencies) in &ours {
        let Some(allowed) = allowed.get(name.as_str()) else {
            assert_eq!(name, "salastampa", "an unknown crate");
            continue;
        };
        for dependency in dependencies.iter().filter_map(|d| d.strip_prefix("salastampa-")) {
            assert!(allowed.contains(&dependency), "{name} may not depend on {dependency}");
        }
    }
}

#[test]
fn each_great_library_has_one_home() {
    let homes = [
        ("sqlx", "store"),
        ("tantivy", "index"),
        ("lettre", "mail"),
        ("typst", "pdf"),
        ("reqwest", "http"),
        ("feed-rs", "crawler"),
        ("scraper", "crawler"),
        ("axum", "web"),
        ("frostem", "text"),
    ];
    for (name, dependencies) in ours(&metadata()) {
        for (library, home) in homes {
            assert!(
                name == home || !dependencies.contains(library),
                "{name} depends on {library}, which lives in {home}"
            );
        }
    }
}

#[test]
fn words_and_nouns_do_no_input_or_output() {
    for folder in ["domain", "text", "stories", "digest", "releases"] {
        for (path, source) in rust_files(&root().join(folder).join("src")) {
            for word in ["std::fs", "std::net", "std::process", "async fn", "tokio::"] {
                assert!(!source.contains(word), "{} uses {word}", path.display());
            }
        }
    }
}

#[test]
fn foreign_text_is_only_looked_into_where_it_is_analysed_or_stored() {
    let homes = [
        "domain/",
        "text/",
        "crawler/",
        "index/",
        "stories/",
        "store/",
        "digest/src/extract.rs",
        "digest/src/borrowed.rs",
        "digest/src/net.rs",
    ];
    for folder in CRATES.iter().copied().chain(["src"]) {
        let place = if folder == "src" { root().join("src") } else { root().join(folder).join("src") };
        for (path, source) in rust_files(&place) {
            let name = path.strip_prefix(root()).expect("inside the root").display().to_string();
            if homes.iter().any(|home| name.starts_with(home)) || name.ends_with("tests.rs") {
                continue;
            }
            let code = source.split("#[cfg(test)]").next().unwrap_or_default();
            assert!(!code.contains(".for_analysis()"), "{name} looks into foreign text");
        }
    }
}

#[test]
fn licences_and_bans_hold() {
    let deny: toml::Table =
        std::fs::read_to_string(root().join("deny.toml")).expect("deny.toml").parse().expect("deny.toml reads");
    let list = |section: &str, key: &str| deny[section][key].as_array().cloned().unwrap_or_default();
    let allowed: BTreeSet<String> =
        list("licenses", "allow").iter().filter_map(|v| v.as_str().map(str::to_owned)).collect();
    let banned: BTreeSet<String> =
        list("bans", "deny").iter().filter_map(|v| v["name"].as_str().map(str::to_owned)).collect();
    let metadata = metadata();
    let resolved: BTreeSet<&str> =
        metadata["resolve"]["nodes"].as_array().into_iter().flatten().map(|n| text(n, "id")).collect();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        if !resolved.contains(text(package, "id")) {
            continue;
        }
        let name = text(package, "name");
        assert!(!banned.contains(name), "{name} is banned by deny.toml");
        let licence = text(package, "license");
        assert!(satisfied(licence, &allowed), "{name} has the licence {licence:?}, which deny.toml does not allow");
    }
}

/// Whether an SPDX expression can be satisfied: any side of OR, all sides of AND.
fn satisfied(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let expression = expression.replace('/', " OR ");
    let expression = expression.trim();
    let split = |word: &str| -> Option<Vec<String>> {
        let (mut depth, mut parts, mut last) = (0, Vec::new(), 0);
        for (at, c) in expression.char_indices() {
            match c {
                '(' => depth += 1,
                ')' => depth -= 1,
                _ if depth == 0 && expression[at..].starts_with(word) => {
                    parts.push(expression[last..at].to_owned());
                    last = at + word.len();
                }
                _ => {}
            }
        }
        parts.push(expression[last..].to_owned());
        (parts.len() > 1).then_some(parts)
    };
    if let Some(parts) = split(" OR ") {
        return parts.iter().any(|p| satisfied(p, allowed));
    }
    if let Some(parts) = split(" AND ") {
        return parts.iter().all(|p| satisfied(p, allowed));
    }
    let bare = expression.strip_prefix('(').and_then(|e| e.strip_suffix(')'));
    bare.map_or_else(|| allowed.contains(expression), |inner| satisfied(inner, allowed))
}

#[test]
fn spdx_expressions_are_understood() {
    let allowed = BTreeSet::from(["MIT".to_owned(), "ISC".to_owned()]);
    for (expression, good) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("GPL-3.0 OR MIT", true),
        ("MIT/Apache-2.0", true),
        ("(MIT OR GPL-3.0) AND ISC", true),
        ("MIT AND GPL-3.0", false),
        ("", false),
    ] {
        assert_eq!(satisfied(expression, &allowed), good, "{expression}");
    }
}

const CRATES: [&str; 14] = [
    "domain", "text", "locale", "http", "mail", "pdf", "crawler", "index", "stories", "digest", "releases", "store",
    "acts", "web",
];

fn rust_files(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            let source = std::fs::read_to_string(&path).expect("a source file reads");
            files.push((path, source));
        }
    }
    files
}

fn all_rust_files() -> Vec<(PathBuf, String)> {
    let mut files = rust_files(&root().join("src"));
    files.extend(rust_files(&root().join("tests")));
    for name in CRATES {
        for part in ["src", "tests", "examples", "benches"] {
            files.extend(rust_files(&root().join(name).join(part)));
        }
    }
    files
}

#[test]
fn every_file_says_what_it_is_for_and_none_holds_a_stub() {
    let files = all_rust_files();
    assert!(files.len() > 100, "only {} files were found", files.len());
    // put together here, so that this file does not find itself
    let stubs = ["todo", "unimplemented", "dbg"].map(|name| format!("{name}!("));
    for (path, source) in files {
        assert!(source.starts_with("//!"), "{} has no header", path.display());
        if path.ends_with("tests/tidy.rs") {
            continue;
        }
        for word in &stubs {
            assert!(!source.contains(word.as_str()), "{} holds {word}", path.display());
        }
        assert!(!source.contains("#[ignore"), "{} holds an ignored test", path.display());
        // a silenced warning has its reason beside it
        for line in source.lines().filter(|l| l.contains("allow(dead_code") || l.contains("allow(unused")) {
            assert!(line.contains("reason = \""), "{} silences a warning without a reason: {line}", path.display());
        }
    }
}

#[test]
fn only_the_clock_reads_the_time_and_only_the_configuration_the_environment() {
    let readers = ["SystemTime::now", "Instant::now", "Timestamp::now", "Zoned::now", "env::var(", "env::vars("];
    for (path, source) in all_rust_files() {
        let name = path.strip_prefix(root()).expect("inside the root").display().to_string();
        let is_test = name.contains("tests") || name.contains("examples/") || name.contains("benches/");
        if is_test || name == "src/clock.rs" || name == "src/config/read.rs" {
            continue;
        }
        for reader in readers {
            assert!(!source.contains(reader), "{name} calls {reader}");
        }
    }
}

#[test]
fn the_architecture_names_every_crate_and_stays_short() {
    let page = std::fs::read_to_string(root().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    for name in CRATES {
        assert!(page.contains(&format!("| `{name}/` |")), "ARCHITECTURE.md does not name {name}/");
    }
    assert!(page.lines().count() <= 150, "ARCHITECTURE.md is longer than 150 lines");
}

#[test]
fn every_dependency_has_its_line_in_the_style_page() {
    let manifest: toml::Table =
        std::fs::read_to_string(root().join("Cargo.toml")).expect("Cargo.toml").parse().expect("Cargo.toml reads");
    let page = std::fs::read_to_string(root().join("STYLE.md")).expect("STYLE.md");
    let dependencies = manifest["workspace"]["dependencies"].as_table().expect("a table");
    for name in dependencies.keys().filter(|n| !n.starts_with("salastampa-")) {
        assert!(page.contains(&format!("`{name}`")), "STYLE.md has no line on {name}");
    }
}

/// Library features are decided once: what only a test turned on would build a library twice.
#[test]
fn versions_and_features_are_written_in_one_place() {
    for name in CRATES {
        let manifest = std::fs::read_to_string(root().join(name).join("Cargo.toml")).expect("a manifest");
        let manifest: toml::Table = manifest.parse().expect("a manifest reads");
        for section in ["dependencies", "dev-dependencies"] {
            for (dependency, how) in manifest.get(section).and_then(|s| s.as_table()).into_iter().flatten() {
                let inherited = how.get("workspace").and_then(toml::Value::as_bool) == Some(true);
                assert!(inherited && how.as_table().is_some_and(|t| t.len() == 1), "{name}: {dependency}");
            }
        }
    }
}

#[test]
fn the_public_code_page_agrees_with_the_manifest_and_with_itself() {
    let page = std::fs::read_to_string(root().join("publiccode.yml")).expect("publiccode.yml");
    for key in [
        "publiccodeYmlVersion: \"0.7\"",
        "name:",
        "url:",
        "platforms:",
        "developmentStatus:",
        "softwareType:",
        "organisation:",
        "license: EUPL-1.2",
        "maintenance:",
        "contacts:",
        "localisationReady: true",
        "supports:",
    ] {
        assert!(page.contains(key), "publiccode.yml lacks {key}");
    }
    assert!(page.contains(&format!("softwareVersion: \"{}\"", env!("CARGO_PKG_VERSION"))));
    for key in ["shortDescription:", "longDescription:", "features:"] {
        assert_eq!(page.matches(key).count(), 2, "{key} stands once in each language");
    }
}
