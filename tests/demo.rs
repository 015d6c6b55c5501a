//! The day of the demo, as the README promises it: on SQLite and on PostgreSQL.

use crate::postgres::{is_required, server};
use crate::press_test::header;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Mails of a folder, each as one text with its header lines unfolded.
fn mails(folder: &Path) -> Vec<String> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder.join("mail"))
        .expect("the demo wrote mails")
        .flatten()
        .map(|e| e.path())
        .filter(|p| p.extension().is_some_and(|e| e == "eml"))
        .collect();
    paths.sort();
    paths
        .iter()
        .map(|p| std::fs::read_to_string(p).expect("a mail reads").replace("\r\n", "\n").replace("\n ", " "))
        .collect()
}

/// The figure in a line of the table.
fn figure(table: &str, name: &str) -> i64 {
    let line = table.lines().find(|l| l.starts_with(name)).unwrap_or_else(|| panic!("no {name} in\n{table}"));
    let digits: String = line[name.len()..].trim_start().chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or_else(|_| panic!("no figure in {line}"))
}

/// Lives through the day and looks at what it left.
fn a_day(database: Option<&str>) {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("d");
    let mut command = Command::new(env!("CARGO_BIN_EXE_salastampa"));
    command.current_dir(folder.path()).env("RUST_LOG", "warn").args(["demo", "--once", "--data"]).arg(&data);
    if let Some(url) = database {
        command.env("SALASTAMPA__DATA__DATABASE", url);
    }
    let output = command.output().expect("the demo starts");
    let table = String::from_utf8_lossy(&output.stdout).into_owned();
    let log = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{table}\n{log}");

    assert!(figure(&table, "articles") >= 150, "{table}");
    assert!(figure(&table, "copies") >= 15, "{table}");
    assert!(figure(&table, "reviews") >= 2, "{table}");
    assert!(figure(&table, "pickup found") >= 3, "{table}");
    assert!(table.contains("not answering"), "the dead outlet is not named:\n{table}");
    let embargo = table.lines().find(|l| l.starts_with("page under embargo")).expect("the embargo was watched");
    assert!(embargo.contains("404 before its hour, 200 at it"), "{embargo}");

    let mails = mails(&data);
    assert!(table.contains("deliveries accepted"), "{table}");
    assert_eq!(figure(&table, "deliveries accepted"), i64::try_from(mails.len()).expect("few mails"), "{table}");

    // nobody gets the same thing twice: Message-IDs are unique, and so is each (subject, address) of an alert
    let ids: BTreeSet<String> = mails.iter().map(|m| header(m, "Message-ID")).collect();
    assert_eq!(ids.len(), mails.len());
    let mut alerts: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut journalists: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for mail in &mails {
        let (id, to) = (header(mail, "Message-ID"), header(mail, "To"));
        if id.starts_with("<alert") {
            *alerts.entry((to, header(mail, "Subject"))).or_default() += 1;
        } else if id.starts_with("<release") {
            assert!(journalists.entry(header(mail, "Subject")).or_default().insert(to.clone()), "{to} twice: {id}");
        }
    }
    assert!(!alerts.is_empty(), "no alert left");
    assert!(alerts.values().all(|n| *n == 1), "{alerts:?}");
    // three releases and the correction of one
    assert_eq!(journalists.len(), 4, "{:?}", journalists.keys());
    let everybody: BTreeSet<&String> = journalists.values().flatten().collect();
    assert_eq!(everybody.len(), 40, "every journalist is reached");

    let papers = std::fs::read_dir(data.join("rassegne")).expect("the reviews' PDFs").flatten().count();
    assert!(papers >= 2, "{papers}");
    for entry in std::fs::read_dir(data.join("rassegne")).expect("the reviews' PDFs").flatten() {
        assert!(std::fs::read(entry.path()).expect("a PDF reads").starts_with(b"%PDF-1.7"));
    }
    assert!(!log.contains("ERROR"), "{log}");
}

#[test]
fn a_day_of_the_demo_on_sqlite() {
    a_day(None);
}

#[test]
fn a_day_of_the_demo_on_postgresql() {
    let Some(server) = server() else {
        assert!(!is_required("postgres"), "postgresql is required and was not found");
        println!("skipped: postgresql not found");
        return;
    };
    let name = format!("salastampa_demo_{}", std::process::id());
    admin(&server.url("postgres"), &format!("create database {name}"));
    a_day(Some(&server.url(&name)));
    admin(&server.url("postgres"), &format!("drop database {name} with (force)"));
}

/// A statement to the server itself.
pub fn admin(url: &str, statement: &str) {
    use sqlx::{AssertSqlSafe, Connection, Executor};
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        sqlx::any::install_default_drivers();
        let mut connection = sqlx::AnyConnection::connect(url).await.expect("the server answers");
        connection.execute(AssertSqlSafe(statement.to_owned())).await.expect("the server obeys");
        connection.close().await.expect("closed");
    });
}
