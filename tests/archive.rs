//! The searchable archive by the front door: damaged, killed, without room, without leave; in the end it holds what the
//! store holds.

use crate::bad_input::{Disk, refused, with_articles};
use crate::press_test::{MORNING, Office, Press, is_long, ran, skipped};
use crate::verbs::Served;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const NOW: &str = "2026-11-23 06:10";
const DATE: &str = "Mon, 23 Nov 2026 05:30:00 +0100";

/// The files of the archive, in its folder and below.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the archive").flatten() {
        match entry.path().is_dir() {
            true => names.extend(files(&entry.path())),
            false => names.push(entry.path()),
        }
    }
    names.sort();
    names
}

/// An office with so many articles, fifty at each of its outlets.
fn with_many(outlets: usize) -> Press {
    let hosts: Vec<String> = (0..outlets).map(|n| format!("testata{n}.test")).collect();
    let names: Vec<&str> = hosts.iter().map(String::as_str).collect();
    let press = Press::new(&names);
    press.feeds();
    for host in &hosts {
        let titles: Vec<String> = (0..50).map(|n| format!("Consiglio di {host}, punto numero {n} approvato")).collect();
        let slugs: Vec<String> = (0..50).map(|n| format!("c{n}")).collect();
        let items: Vec<_> =
            titles.iter().zip(&slugs).map(|(title, slug)| (slug.as_str(), title.as_str(), "In breve.", DATE)).collect();
        press.outlets.feed(host, &items);
    }
    press.live(MORNING, NOW);
    press
}

/// The archive answers as the store would.
fn agrees(press: &Press, what: &str) {
    let mut found = press.found(NOW, "");
    found.sort();
    let kept = press.rows(
        "select t.title from article a join article_text t on t.article = a.id and t.revision = a.revision order by t.title",
    );
    assert_eq!(found, kept, "{what}");
}

#[test]
fn a_damaged_archive_is_built_again_from_the_store() {
    let press = with_articles(&["lago.test", "monte.test"]);
    let folder = press.path().join("data/index");
    type Harm = fn(&Path) -> std::io::Result<()>;
    let harms: [(&str, Harm); 3] = [
        ("written over", |path| std::fs::write(path, "rumore")),
        ("cut short", |path| {
            let length = std::fs::metadata(path)?.len();
            std::fs::File::options().write(true).open(path)?.set_len(length / 2)
        }),
        ("gone", |path| std::fs::remove_file(path)),
    ];
    for (what, harm) in harms {
        for name in files(&folder) {
            harm(&name).expect("the file can be harmed");
        }
        assert_eq!(press.found(NOW, "traghetto").len(), 2, "all files {what}");
        // one alone is enough to be wrong
        for end in ["meta.json", ".idx", "CURRENT"] {
            let one = files(&folder).into_iter().find(|path| path.to_string_lossy().ends_with(end)).expect(end);
            harm(&one).expect("the file can be harmed");
            assert_eq!(press.found(NOW, "traghetto").len(), 2, "{end} {what}");
        }
    }
    std::fs::remove_dir_all(&folder).expect("the archive goes");
    press.live(NOW, "2026-11-23 06:20");
    assert_eq!(press.found("2026-11-23 06:20", "traghetto").len(), 2);
}

#[test]
fn building_anew_that_is_killed_again_and_again_ends_with_what_the_store_holds() {
    let (outlets, kills) = if is_long() { (8, 40) } else { (1, 5) };
    let press = with_many(outlets);
    let index = press.path().join("data/index");
    let numbers = || -> Vec<String> {
        let entries = std::fs::read_dir(&index).expect("the archive").flatten();
        entries.filter(|e| e.path().is_dir()).map(|e| e.file_name().to_string_lossy().into_owned()).collect()
    };
    for round in 0..kills {
        let before = numbers();
        let mut command = press.command();
        command.args(["--now", NOW, "reindex"]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().expect("it starts");
        // from the moment at which a new sibling appears, later each time
        let mut looks: u32 = round * round * 4;
        while child.try_wait().expect("it can be asked").is_none() {
            if numbers() != before {
                if looks == 0 {
                    break;
                }
                looks -= 1;
            }
            std::thread::yield_now();
        }
        // one that has ended is past killing
        let _ = child.kill();
        child.wait().expect("it is gone");
        agrees(&press, &format!("after kill {round}"));
    }
    let ran = press.run(NOW, &["reindex"]);
    let all = outlets * 50;
    assert_eq!((ran.code, ran.out), (0, format!("{all} articles are searchable\n")));
    assert_eq!(numbers().len(), 1, "{:?}", numbers());
    agrees(&press, "in the end");
    let check = press.run(NOW, &["check"]);
    assert!(check.out.contains(&format!("ok       archive: {all} articles, the same as the store")), "{check:?}");
}

#[test]
fn check_names_the_days_on_which_archive_and_store_differ() {
    let press = with_articles(&["lago.test", "monte.test"]);
    let check = press.run(NOW, &["check"]);
    assert!(check.out.contains("ok       archive: 2 articles"), "{check:?}");
    crate::outlets::query(
        &press.path().join("data/salastampa.db"),
        "update article set published_at = published_at - 86400000 where id = 1",
    )
    .expect("a change that nobody was told of");
    let check = press.run(NOW, &["check"]);
    let told = "2 days differ from the store: 2026-11-22 (1 kept, 0 found), 2026-11-23 (1 kept, 2 found)";
    assert!(check.code == 1 && check.out.contains(told) && check.out.contains("salastampa reindex"), "{check:?}");
    assert_eq!(press.run(NOW, &["reindex"]).code, 0);
    let check = press.run(NOW, &["check"]);
    assert!(check.out.contains("ok       archive: 2 articles, the same as the store on each of 2 days"), "{check:?}");
}

#[test]
fn a_living_office_builds_anew_when_asked_and_answers_meanwhile() {
    let press = with_many(1);
    let mut office = Office::start(&press);
    let asked = press.run_now(&["reindex"]);
    assert!(asked.code == 0 && asked.out.contains("the running office takes it"), "{asked:?}");
    assert!(asked.out.contains("Salute"), "{asked:?}");
    office.until("the archive is built anew, because somebody asked for it");
    assert_eq!(press.found(NOW, "consiglio").len(), 50);
    assert!(press.path().join("data/index/g2").is_dir());
    office.signal("TERM");
    assert!(office.ended().success());
    agrees(&press, "afterwards");
}

#[test]
fn without_room_the_archive_waits_and_the_office_stays_up() {
    let press = Press::new(&["lago.test"]).settings("[data]\nindex = \"archivio\"\n");
    let Some(disk) = Disk::over(&press.path().join("archivio"), "6m") else { return };
    press.feeds();
    let first = ("pa", "Riaperto il traghetto", "Corse ogni ora.", DATE);
    press.outlets.feed("lago.test", &[first]);
    press.live(MORNING, NOW);
    assert_eq!(press.found(NOW, "traghetto").len(), 1);
    press.outlets.feed("lago.test", &[first, ("pb", "Riaperto il molo", "Lavori finiti.", DATE)]);
    // no byte left, and just enough to begin
    let mut now = String::from(NOW);
    for (spare, until) in [(0, "2026-11-23 06:40"), (8 << 10, "2026-11-23 06:50")] {
        disk.fill(spare);
        assert_eq!(press.run(&now, &["run", "crawl", "--until", until]).code, 0, "the store has room");
        refused(&press.run(until, &["run", "follow"]), &["archivio", "the disk is full: make room"]);
        // what was there answers, and says that it is not the last
        let ran = press.run(until, &["search", "traghetto"]);
        assert!(ran.code == 0 && ran.out.contains("1 articles"), "{ran:?}");
        assert!(ran.err.contains("the disk is full"), "{ran:?}");
        refused(&press.run(until, &["reindex"]), &["the disk is full"]);
        let served = Served::start(&press, until);
        assert_eq!(served.ask("GET", "/healthz").0, 200);
        assert_eq!(served.stop(), 0);
        disk.make_room();
        now = until.to_owned();
    }
    assert_eq!(press.run(&now, &["run", "follow"]).code, 0);
    assert_eq!(press.found(&now, "riaperto").len(), 2);
    assert_eq!(press.run(&now, &["reindex"]).code, 0);
    assert_eq!(press.found(&now, "riaperto").len(), 2);
}

#[test]
fn a_folder_that_may_not_be_written_is_told_with_the_remedy_and_the_office_stays_up() {
    let press = Press::new(&["lago.test"]).settings("[data]\nindex = \"archivio\"\n");
    let Some(disk) = Disk::over(&press.path().join("archivio"), "6m") else { return };
    press.feeds();
    press.outlets.feed("lago.test", &[("pa", "Riaperto il traghetto", "Corse ogni ora.", DATE)]);
    // before there is an archive, and after
    for until in [NOW, "2026-11-23 06:20"] {
        disk.read_only(true);
        assert_eq!(press.run(MORNING, &["run", "crawl", "--until", NOW]).code, 0);
        refused(&press.run(until, &["run", "follow"]), &["archivio", "let the user who runs salastampa write there"]);
        let ran = press.run(until, &["search", "traghetto"]);
        refused(&ran, &["Il programma non può scrivere nella cartella dell'archivio", "Nulla va perso"]);
        let served = Served::start(&press, until);
        assert_eq!(served.ask("GET", "/healthz").0, 200);
        assert_eq!(served.stop(), 0);
        let check = press.run(until, &["check"]);
        assert!(check.code == 1 && check.out.contains("problem  archive: "), "{check:?}");
        disk.read_only(false);
        assert_eq!(press.run(until, &["run", "follow"]).code, 0);
        assert_eq!(press.found(until, "traghetto").len(), 1);
    }
}

#[test]
fn a_full_disk_in_the_middle_of_building_is_told_and_the_office_ends_it_by_itself_when_there_is_room() {
    let press = Press::new(&["lago.test"]).settings("[data]\nindex = \"archivio\"\n");
    let Some(disk) = Disk::over(&press.path().join("archivio"), "6m") else { return };
    press.feeds();
    press.outlets.feed("lago.test", &[("pa", "Riaperto il traghetto", "Corse ogni ora.", DATE)]);
    press.live(MORNING, NOW);
    let mut office = Office::start(&press);
    disk.fill(0);
    let asked = press.run_now(&["reindex"]);
    assert!(asked.code == 0 && asked.out.contains("the running office takes it"), "{asked:?}");
    office.until("the disk is full");
    assert_eq!(press.found(NOW, "traghetto").len(), 1, "the old one answers");
    disk.make_room();
    office.until("the archive is built anew, because somebody asked for it");
    assert_eq!(press.found(NOW, "traghetto").len(), 1);
    office.signal("TERM");
    assert!(office.ended().success());
    agrees(&press, "afterwards");
}

#[test]
fn a_folder_of_somebody_else_is_told_with_the_remedy_and_the_archive_comes_when_it_is_given() {
    use std::os::unix::process::CommandExt;
    // nobody in particular; only who may do all can become that
    const NOBODY: u32 = 65_534;
    let press = Press::new(&["lago.test"]).settings("[data]\nindex = \"archivio\"\n");
    let given = |path: &Path, who: u32| {
        let done = Command::new("chown").args(["-R", &who.to_string()]).arg(path).output();
        done.is_ok_and(|done| done.status.success())
    };
    press.feeds();
    press.outlets.feed("lago.test", &[("pa", "Riaperto il traghetto", "Corse ogni ora.", DATE)]);
    press.command();
    let index = press.path().join("archivio");
    std::fs::create_dir(&index).expect("a folder");
    if !given(press.path(), NOBODY) {
        return skipped("another user", "only root gives a folder away");
    }
    let as_nobody = |now: &str, words: &[&str]| {
        let mut command = press.command();
        command.uid(NOBODY).args(["--now", now]).args(words).stdin(Stdio::null());
        ran(command.output())
    };
    // before there is an archive, and after
    for until in [NOW, "2026-11-23 06:20"] {
        assert!(given(&index, 0), "it was given to others already");
        assert_eq!(as_nobody(MORNING, &["run", "crawl", "--until", NOW]).code, 0, "the store is its own");
        refused(&as_nobody(until, &["run", "follow"]), &["archivio", "let the user who runs salastampa write there"]);
        refused(&as_nobody(until, &["search", "traghetto"]), &["non può scrivere nella cartella dell'archivio"]);
        let check = as_nobody(until, &["check"]);
        assert!(check.code == 1 && check.out.contains("problem  archive: "), "{check:?}");
        assert!(given(&index, NOBODY), "it is given back");
        assert_eq!(as_nobody(until, &["run", "follow"]).code, 0);
        let found = as_nobody(until, &["search", "traghetto"]);
        assert!(found.code == 0 && found.out.contains("1 articles"), "{found:?}");
    }
}
