//! A release leaves when another person has approved it, to each once, not before its hour, and can be set right.

mod election;
mod files;
mod gate;
mod newsroom;
mod note;
mod notice;

use crate::press_test::{MORNING, OFFICE, Press, Ran, header, words};
use crate::sink::{Act, Script, Sink, Verb};
use crate::verbs::Served;
use gate::Gate;
use std::collections::BTreeSet;

const RITA: &str = "rita@riva.test";
const UGO: &str = "ugo@molo.test";
const LEA: &str = "lea@sponda.test";

fn text(title: &str, embargo: &str) -> String {
    let embargo = if embargo.is_empty() { String::new() } else { format!("embargo = \"{embargo}\"\n") };
    format!(
        "+++\ntitolo = \"{title}\"\nliste = [\"locali\", \"radio\"]\ncontatti = [\"Ufficio stampa, tel. 0300 555\"]\n\
         {embargo}+++\n\nDa lunedì 23 novembre il Comune di Bellariva apre il nuovo ponte pedonale sul Gerna: si passa \
         a piedi e in bicicletta, dalle sei a mezzanotte.\n"
    )
}

/// An office with three journalists, one of whom is on two lists and keeps embargoes.
fn office() -> Press {
    founded(Press::new(&[]))
}

fn founded(press: Press) -> Press {
    // after today's review, so that releases are all that leaves
    press.office_of("2026-11-23 08:00", OFFICE).journalists();
    press
}

fn step(press: &Press, now: &str, words: &[&str]) -> Ran {
    press.run(now, &[&["release"], words].concat())
}

fn done(press: &Press, now: &str, words: &[&str]) -> String {
    let ran = step(press, now, words);
    assert_eq!(ran.code, 0, "{words:?}: {ran:?}");
    ran.out
}

/// Nothing has changed, and the person is told why in a sentence.
fn refused(press: &Press, now: &str, words: &[&str], sentence: &str) {
    let before = state(press);
    let ran = step(press, now, words);
    assert_eq!(ran.code, 1, "{words:?}: {ran:?}");
    assert!(ran.err.contains(sentence), "{words:?}: {}", ran.err);
    assert_eq!(state(press), before, "{words:?}");
}

fn state(press: &Press) -> Vec<String> {
    press.rows("select slug || ' ' || state from release order by id")
}

/// Written by Elena, approved by Carlo.
fn approved(press: &Press, slug: &str, text: &str) {
    press.write("testo.md", text);
    done(press, "2026-11-23 09:00", &["new", slug, "testo.md", "--as", "elena"]);
    done(press, "2026-11-23 09:10", &["submit", slug, "--as", "elena"]);
    done(press, "2026-11-23 09:20", &["approve", slug, "--as", "carlo"]);
}

/// Approved and with everybody.
fn sent(press: &Press, slug: &str, text: &str) {
    approved(press, slug, text);
    done(press, "2026-11-23 09:30", &["send", slug, "--as", "carlo"]);
    press.live("2026-11-23 09:30", "2026-11-23 09:35");
}

fn to<'a>(mails: &'a [String], address: &str) -> Vec<&'a String> {
    mails.iter().filter(|m| header(m, "To").contains(address)).collect()
}

fn receivers(press: &Press) -> Vec<String> {
    let mut receivers: Vec<String> = press.mails().iter().map(|m| header(m, "To")).collect();
    receivers.sort();
    receivers
}

#[test]
fn each_step_has_its_person_and_its_place() {
    let press = office();
    press.write("testo.md", text("Apre il ponte sul Gerna", ""));
    let now = "2026-11-23 09:00";
    refused(&press, now, &["new", "ponte", "testo.md", "--as", "irma"], "Il ruolo «lettore» non può farlo");
    refused(&press, now, &["new", "ponte", "testo.md", "--as", "nessuno"], "Non c'è nessun operatore «nessuno»");
    refused(&press, now, &["submit", "ponte", "--as", "elena"], "Non c'è niente che si chiami «ponte»");
    done(&press, now, &["new", "ponte", "testo.md", "--as", "carlo"]);
    refused(&press, now, &["approve", "ponte", "--as", "carlo"], "Il comunicato «ponte» è nello stato");
    refused(&press, now, &["send", "ponte", "--as", "carlo"], "Il comunicato «ponte» è nello stato");
    done(&press, now, &["submit", "ponte", "--as", "carlo"]);
    refused(
        &press,
        now,
        &["approve", "ponte", "--as", "carlo"],
        "Chi ha scritto il testo, o l'ha mandato in revisione, non può approvarlo",
    );
    refused(&press, now, &["approve", "ponte", "--as", "elena"], "Il ruolo «redattore» non può farlo");
    refused(&press, now, &["schedule", "ponte", "--at", "2026-11-23 10:00", "--as", "carlo"], "è nello stato");
    assert_eq!(press.run(now, &["user", "add", "dina", "--name", "Dina Sala", "--role", "chief"]).code, 0);
    done(&press, now, &["approve", "ponte", "--as", "dina"]);
    refused(&press, now, &["approve", "ponte", "--as", "dina"], "è nello stato");
    refused(
        &press,
        now,
        &["schedule", "ponte", "--at", "2026-11-23 08:00", "--as", "dina"],
        "L'ora indicata è già passata",
    );
    refused(&press, now, &["correct", "ponte", "testo.md", "--as", "elena"], "è nello stato");
    refused(&press, now, &["withdraw", "ponte", "--why", "x", "--as", "dina"], "è nello stato");
    done(&press, now, &["send", "ponte", "--as", "dina"]);
    refused(&press, now, &["send", "ponte", "--as", "dina"], "è nello stato");
    press.live(now, "2026-11-23 09:05");
    refused(&press, "2026-11-23 09:05", &["send", "ponte", "--as", "dina"], "è nello stato");
    press.live("2026-11-23 09:05", "2026-11-23 09:10");
    assert_eq!(receivers(&press).len(), 3, "pressing thrice sends once");
    // every step that was taken is in the register, and no other
    let verbs = press.rows("select verb from event where subject like 'release:%' order by id");
    assert_eq!(verbs, ["release.new", "release.submit", "release.approve", "release.send", "release.settle"]);
}

#[test]
fn a_text_that_cannot_leave_is_told_line_by_line() {
    let press = office();
    press.write(
        "testo.md",
        "+++\ntitolo = \"Apre il ponte\"\nlista = [\"locali\"]\nembargo = \"domani\"\n+++\n\nTesto.\n",
    );
    let ran = step(&press, MORNING, &["new", "ponte", "testo.md", "--as", "elena"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("riga 3: «lista» non è una chiave") && ran.err.contains("riga 4: "), "{}", ran.err);
    press.write("testo.md", "+++\ntitolo = \"Apre il ponte\"\nliste = [\"locale\"]\n+++\n\nTesto.\n");
    done(&press, MORNING, &["new", "ponte", "testo.md", "--as", "elena"]);
    refused(&press, MORNING, &["submit", "ponte", "--as", "elena"], "Non c'è nessuna lista «locale»");
}

#[test]
fn under_embargo_only_the_trusted_have_it_and_the_page_opens_at_the_hour() {
    let press = office();
    approved(&press, "ponte", &text("Apre il ponte sul Gerna", "2026-11-23 11:00"));
    done(&press, "2026-11-23 09:30", &["schedule", "ponte", "--at", "2026-11-23 10:00", "--as", "carlo"]);
    press.live("2026-11-23 09:30", "2026-11-23 09:59");
    assert_eq!(receivers(&press), Vec::<String>::new(), "its hour has not come");
    press.live("2026-11-23 09:59", "2026-11-23 10:59");
    assert_eq!(receivers(&press), ["Rita Melzi <rita@riva.test>"]);
    assert!(words(&press.mails()[0]).contains("EMBARGO fino alle ore 11:00"));

    let address = "/novita/comunicati/2026/1-ponte";
    let unknown = "/novita/comunicati/2026/9-ponte";
    let served = Served::start(&press, "2026-11-23 10:59:59");
    let (hidden, none) = (served.ask("GET", address), served.ask("GET", unknown));
    assert_eq!((hidden.0, none.0), (404, 404));
    assert_eq!(hidden.1.replace("1-ponte", "9-ponte"), none.1, "nobody can tell that there is something");
    assert!(!served.ask("GET", "/novita/comunicati").1.contains("Gerna"));
    assert!(!served.ask("GET", "/novita/comunicati/feed.atom").1.contains("Gerna"));
    assert_eq!(served.stop(), 0);
    let served = Served::start(&press, "2026-11-23 11:00:00");
    let shown = served.ask("GET", address);
    assert!(shown.0 == 200 && shown.1.contains("Apre il ponte sul Gerna"), "{shown:?}");
    assert!(served.ask("GET", "/novita/comunicati/feed.atom").1.contains("Gerna"));
    assert_eq!(served.stop(), 0);

    press.live("2026-11-23 11:00", "2026-11-23 11:02");
    assert_eq!(
        receivers(&press),
        ["Lea Conti <lea@sponda.test>", "Rita Melzi <rita@riva.test>", "Ugo Bassi <ugo@molo.test>"],
        "each once, also who is on two lists"
    );
    let late: Vec<String> = to(&press.mails(), UGO).iter().map(|m| header(m, "Date")).collect();
    assert_eq!(late, ["Mon, 23 Nov 2026 11:00:00 +0100"]);
    assert!(done(&press, "2026-11-23 11:02", &["show", "ponte"]).starts_with("ponte: sent"));
}

#[test]
fn a_mail_to_a_list_can_be_left_with_one_click_also_when_the_next_one_waits() {
    let press = office();
    sent(&press, "ponte", &text("Apre il ponte sul Gerna", ""));
    let mails = press.mails();
    let ids: BTreeSet<String> = mails.iter().map(|m| header(m, "Message-ID")).collect();
    assert_eq!((mails.len(), ids.len()), (3, 3));
    let lea = to(&mails, LEA)[0].clone();
    assert_eq!(header(&lea, "List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
    assert_eq!(header(&lea, "List-Id"), "<comunicati.bellariva.test>");
    assert_eq!(header(&lea, "Auto-Submitted"), "", "a person sends a release");
    let link = header(&lea, "List-Unsubscribe");
    let link = link.trim_start_matches('<').split('>').next().expect("an address").to_owned();
    assert!(words(&lea).contains(&link), "the link is also there to be read");
    let path = link.strip_prefix("http://127.0.0.1:8080").expect("the office's own address");

    approved(&press, "mensa", &text("Mensa, il nuovo menù", ""));
    done(&press, "2026-11-23 09:40", &["schedule", "mensa", "--at", "2026-11-23 12:00", "--as", "carlo"]);
    let served = Served::start(&press, "2026-11-23 10:00");
    assert_eq!(served.ask("GET", path).0, 200);
    assert_eq!(press.rows("select cast(count(*) as text) from suppression"), ["0"], "a look changes nothing");
    assert_eq!(served.ask("POST", path).0, 200);
    assert_eq!(served.ask("POST", path).0, 200, "twice is as once");
    assert_eq!(served.ask("POST", &path.replace(|c: char| c.is_ascii_digit(), "7")).0, 404);
    assert_eq!(served.stop(), 0);
    press.live("2026-11-23 12:00", "2026-11-23 12:05");
    let mails = press.mails();
    assert_eq!((to(&mails, RITA).len(), to(&mails, UGO).len(), to(&mails, LEA).len()), (2, 2, 1));
    let shown = done(&press, "2026-11-23 12:05", &["show", "mensa"]);
    assert!(shown.contains("accepted: 2") && shown.contains("suppressed: 1"), "{shown}");

    // an import does not bring back who has left
    press.journalists();
    sent(&press, "nidi", &text("Asili nido, si apre la graduatoria", ""));
    assert_eq!(to(&press.mails(), LEA).len(), 1);
}

#[test]
fn a_correction_goes_in_thread_to_those_who_have_the_first_and_not_to_who_left() {
    let press = office();
    sent(&press, "ponte", &text("Apre il ponte sul Gerna", ""));
    let first = press.mails();
    let link = header(to(&first, LEA)[0], "List-Unsubscribe");
    let path = link.trim_start_matches("<http://127.0.0.1:8080").split('>').next().expect("an address").to_owned();
    let served = Served::start(&press, "2026-11-23 09:40");
    assert_eq!(served.ask("POST", &path).0, 200);
    assert_eq!(served.stop(), 0);
    // who joins now has not read the mistake
    press.write("nuovi.csv", "nome;email;liste\nNora Galli;nora@colle.test;locali\n");
    assert_eq!(press.run("2026-11-23 09:41", &["import", "contacts", "nuovi.csv"]).code, 0);

    press.write("nuovo.md", text("Apre il ponte sul Gerna, alle sette", ""));
    done(&press, "2026-11-23 09:45", &["correct", "ponte", "nuovo.md", "--as", "elena"]);
    refused(&press, "2026-11-23 09:45", &["send", "ponte", "--as", "carlo"], "è nello stato");
    done(&press, "2026-11-23 09:46", &["submit", "ponte", "--as", "elena"]);
    done(&press, "2026-11-23 09:47", &["approve", "ponte", "--as", "carlo"]);
    let said = done(&press, "2026-11-23 09:48", &["send", "ponte", "--as", "carlo"]);
    assert!(said.contains("2 mails leave, 1 held back"), "{said}");
    press.live("2026-11-23 09:48", "2026-11-23 09:55");
    let all = press.mails();
    assert_eq!(all.len(), 5);
    for address in [RITA, UGO] {
        let (before, mails) = (to(&first, address)[0], to(&all, address));
        let after =
            mails.iter().find(|m| header(m, "Message-ID") != header(before, "Message-ID")).expect("a second mail");
        assert_eq!(header(after, "In-Reply-To"), header(before, "Message-ID"));
        assert_eq!(header(after, "References"), header(before, "Message-ID"));
        assert!(header(after, "Subject").contains("RETTIFICA"), "{}", header(after, "Subject"));
    }
}

#[test]
fn a_correction_before_the_hour_takes_the_place_of_what_still_waits() {
    let press = office();
    approved(&press, "ponte", &text("Apre il ponte sul Gerna", "2026-11-23 11:00"));
    done(&press, "2026-11-23 09:30", &["send", "ponte", "--as", "carlo"]);
    press.live("2026-11-23 09:30", "2026-11-23 10:00");
    press.write("nuovo.md", text("Apre il ponte sul Gerna, alle sette", "2026-11-23 11:00"));
    done(&press, "2026-11-23 10:00", &["correct", "ponte", "nuovo.md", "--as", "elena"]);
    done(&press, "2026-11-23 10:05", &["submit", "ponte", "--as", "elena"]);
    done(&press, "2026-11-23 10:10", &["approve", "ponte", "--as", "carlo"]);
    done(&press, "2026-11-23 10:15", &["send", "ponte", "--as", "carlo"]);
    press.live("2026-11-23 10:15", "2026-11-23 10:59");
    let mails = press.mails();
    assert_eq!((to(&mails, RITA).len(), mails.len()), (2, 2), "only she has the first, and gets the second at once");
    press.live("2026-11-23 10:59", "2026-11-23 11:05");
    let mails = press.mails();
    for address in [UGO, LEA] {
        let theirs = to(&mails, address);
        assert_eq!(theirs.len(), 1, "nobody is skipped, and nobody is sent the mistake");
        assert!(words(theirs[0]).contains("alle sette"));
        assert_eq!(header(theirs[0], "In-Reply-To"), "");
    }
}

#[test]
fn a_withdrawal_stops_what_waits_and_tells_who_has_it() {
    let press = office();
    approved(&press, "ponte", &text("Apre il ponte sul Gerna", "2026-11-23 11:00"));
    done(&press, "2026-11-23 09:30", &["send", "ponte", "--as", "carlo"]);
    press.live("2026-11-23 09:30", "2026-11-23 10:00");
    let why = ["withdraw", "ponte", "--why", "Il collaudo è rinviato", "--as"];
    refused(&press, "2026-11-23 10:00", &[&why[..], &["elena"]].concat(), "Il ruolo «redattore» non può farlo");
    let silent = ["withdraw", "ponte", "--why", " ", "--as", "carlo"];
    refused(&press, "2026-11-23 10:00", &silent, "manca il motivo");
    let said = done(&press, "2026-11-23 10:00", &[&why[..], &["carlo"]].concat());
    assert!(said.contains("2 mails stopped, 1 receivers are told"), "{said}");
    refused(&press, "2026-11-23 10:01", &[&why[..], &["carlo"]].concat(), "è nello stato");
    press.live("2026-11-23 10:01", "2026-11-23 12:00");
    let mails = press.mails();
    assert_eq!((mails.len(), to(&mails, RITA).len()), (2, 2));
    let (kill, first): (Vec<_>, Vec<_>) =
        mails.iter().partition(|m| header(m, "Message-ID").starts_with("<withdrawal"));
    assert_eq!(header(kill[0], "In-Reply-To"), header(first[0], "Message-ID"));
    assert!(words(kill[0]).contains("Motivo: Il collaudo è rinviato"), "{}", words(kill[0]));
    let served = Served::start(&press, "2026-11-23 12:00");
    let page = served.ask("GET", "/novita/comunicati/2026/1-ponte");
    assert!(page.0 != 200 && !page.1.contains("bicicletta"), "{page:?}");
    assert_eq!(served.stop(), 0);
}

#[test]
fn a_withdrawal_also_stops_what_a_worker_has_in_hand() {
    let gate = Gate::start();
    let press = founded(Press::new(&[]).settings(&format!(
        "[mail]\ntransport = \"smtp\"\n[smtp]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"off\"\nconnections = 1\n",
        gate.port
    )));
    approved(&press, "ponte", &text("Apre il ponte sul Gerna", ""));
    done(&press, "2026-11-23 09:30", &["send", "ponte", "--as", "carlo"]);
    let served = Served::start(&press, "2026-11-23 09:30");
    let (first, id) = gate.came.recv().expect("the first message comes");
    assert!(first == LEA && id.contains("<release"), "{first} {id}");
    let said = done(&press, "2026-11-23 09:30", &["withdraw", "ponte", "--why", "Un errore", "--as", "carlo"]);
    assert!(said.contains("1 receivers are told"), "hers is on its way: {said}");
    gate.go_on.send(()).expect("the server waits");
    let (second, id) = gate.came.recv().expect("another message comes");
    assert!(second == LEA && id.contains("<withdrawal"), "{second} {id}");
    assert_eq!(served.stop(), 0);
    assert_eq!(gate.came.try_iter().count(), 0);
    assert_eq!(
        press.rows("select address || ' ' || kind || ' ' || state from delivery order by address, id"),
        [
            "lea@sponda.test release accepted",
            "lea@sponda.test withdrawal accepted",
            "rita@riva.test release cancelled",
            "ugo@molo.test release cancelled"
        ]
    );
}

#[test]
fn a_release_that_was_stopped_goes_on_to_those_who_have_not_had_it_and_to_no_other() {
    let gate = Gate::start();
    let press = founded(Press::new(&[]).settings(&format!(
        "[mail]\ntransport = \"smtp\"\n[smtp]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"off\"\nconnections = 1\n",
        gate.port
    )));
    approved(&press, "ponte", &text("Apre il ponte sul Gerna", ""));
    approved(&press, "nidi", &text("Nidi, trenta posti in più", ""));
    refused(&press, "2026-11-23 09:30", &["stop", "ponte", "--as", "carlo"], "è nello stato «approvato»");
    done(&press, "2026-11-23 09:30", &["send", "ponte", "--as", "carlo"]);
    let ids = || press.rows("select address || ' ' || message_id from delivery where thing = 1 order by address");
    let drawn = ids();
    let served = Served::start(&press, "2026-11-23 09:30");
    assert_eq!(gate.came.recv().expect("the first message comes").0, LEA);
    let said = done(&press, "2026-11-23 09:30", &["stop", "ponte", "--as", "carlo"]);
    assert!(said.contains("0 mails do not leave, 3 in hand"), "the worker has claimed them all: {said}");
    // what comes next tells that the worker is done with those
    done(&press, "2026-11-23 09:30", &["send", "nidi", "--as", "carlo"]);
    gate.go_on.send(()).expect("the server waits");
    let next =
        |n: usize| -> BTreeSet<String> { (0..n).map(|_| gate.came.recv().expect("another message comes").0).collect() };
    assert_eq!(next(3).len(), 3);
    let states = || press.rows("select address || ' ' || state from delivery where thing = 1 order by address");
    assert_eq!(states(), ["lea@sponda.test accepted", "rita@riva.test cancelled", "ugo@molo.test cancelled"]);
    let said = done(&press, "2026-11-23 09:30", &["send", "ponte", "--as", "carlo"]);
    assert!(said.contains("2 mails leave, 0 held back"), "{said}");
    assert_eq!(next(2), BTreeSet::from([RITA.to_owned(), UGO.to_owned()]));
    assert_eq!(served.stop(), 0);
    assert_eq!(gate.came.try_iter().count(), 0);
    assert!(states().iter().all(|line| line.ends_with(" accepted")), "{:?}", states());
    assert_eq!(ids(), drawn, "each has the Message-ID that was drawn for them");
}

#[test]
fn nothing_leaves_that_nobody_approved_as_it_stands() {
    let press = office();
    press.write("testo.md", text("Apre il ponte sul Gerna", ""));
    done(&press, "2026-11-23 09:00", &["new", "ponte", "testo.md", "--as", "elena"]);
    press.live("2026-11-23 09:00", "2026-11-23 09:05");
    done(&press, "2026-11-23 09:05", &["submit", "ponte", "--as", "elena"]);
    press.live("2026-11-23 09:05", "2026-11-23 09:10");
    done(&press, "2026-11-23 09:10", &["approve", "ponte", "--as", "carlo"]);
    // an edit voids the approval
    done(&press, "2026-11-23 09:15", &["new", "ponte", "testo.md", "--as", "elena"]);
    refused(&press, "2026-11-23 09:15", &["send", "ponte", "--as", "carlo"], "è nello stato");
    done(&press, "2026-11-23 09:16", &["submit", "ponte", "--as", "elena"]);
    done(&press, "2026-11-23 09:17", &["approve", "ponte", "--as", "carlo"]);
    press.rows("update release_version set plain = replace(plain, 'mezzanotte', 'mezzogiorno') returning title");
    for step in [&["send", "ponte"][..], &["schedule", "ponte", "--at", "2026-11-23 10:00"]] {
        let words = [step, &["--as", "carlo"]].concat();
        refused(&press, "2026-11-23 09:18", &words, "Il testo non è più quello approvato");
    }
    press.live("2026-11-23 09:18", "2026-11-23 12:00");
    assert_eq!(press.mails(), Vec::<String>::new());
}

#[test]
fn what_is_frozen_leaves_although_the_rows_are_changed_behind_it() {
    let press = office();
    approved(&press, "ponte", &text("Apre il ponte sul Gerna", ""));
    done(&press, "2026-11-23 09:30", &["schedule", "ponte", "--at", "2026-11-23 10:00", "--as", "carlo"]);
    press.rows("update release_version set plain = 'altro', html = 'altro', subject = 'altro' returning title");
    press.live("2026-11-23 10:00", "2026-11-23 10:05");
    let mails = press.mails();
    assert_eq!(mails.len(), 3);
    assert!(mails.iter().all(|m| words(m).contains("dalle sei a mezzanotte")), "{mails:?}");
}

#[test]
fn a_server_that_hangs_up_after_the_dot_gets_that_message_once_more_and_no_other() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let script = Script::new().times(1, Verb::Dot, UGO, Act::AcceptThenCut).on(
        Verb::Rcpt,
        LEA,
        Act::reply("550 5.1.1 no such user here"),
    );
    let sink = runtime.block_on(Sink::start(script));
    let (host, port) = (sink.addr.ip(), sink.addr.port());
    let press = founded(Press::new(&[]).settings(&format!(
        "[mail]\ntransport = \"smtp\"\n[smtp]\nhost = \"{host}\"\nport = {port}\ntls = \"off\"\nconnections = 2\n"
    )));
    sent(&press, "ponte", &text("Apre il ponte sul Gerna", ""));

    let log = sink.log();
    let of = |address: &str| log.accepted_for(address);
    assert_eq!((of(RITA).len(), of(UGO).len(), of(LEA).len()), (1, 2, 0));
    let twice = of(UGO);
    assert_eq!((&twice[0].message_id, &twice[0].bytes), (&twice[1].message_id, &twice[1].bytes));
    let states = press.rows("select address || ' ' || state || ' ' || uncertain from delivery order by address");
    assert_eq!(states, ["lea@sponda.test failed 0", "rita@riva.test accepted 0", "ugo@molo.test accepted 1"]);
    let shown = done(&press, "2026-11-23 09:36", &["show", "ponte"]);
    assert!(
        shown.starts_with("ponte: sent") && shown.contains("lea@sponda.test: failed at RCPT: 550 5.1.1"),
        "{shown}"
    );
}

#[test]
fn a_message_in_doubt_for_the_second_time_waits_for_a_person() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let sink = runtime.block_on(Sink::start(Script::new().on(Verb::Dot, UGO, Act::AcceptThenCut)));
    let (host, port) = (sink.addr.ip(), sink.addr.port());
    let press =
        founded(Press::new(&[]).settings(&format!(
            "[mail]\ntransport = \"smtp\"\n[smtp]\nhost = \"{host}\"\nport = {port}\ntls = \"off\"\n"
        )));
    sent(&press, "ponte", &text("Apre il ponte sul Gerna", ""));
    press.live("2026-11-23 09:35", "2026-11-23 18:00");
    let log = sink.log();
    assert_eq!((log.accepted_for(UGO).len(), log.accepted_for(RITA).len(), log.accepted_for(LEA).len()), (2, 1, 1));
    assert_eq!(press.rows("select state from delivery where address = 'ugo@molo.test'"), ["uncertain"]);
    assert!(done(&press, "2026-11-23 18:00", &["show", "ponte"]).contains("uncertain: 1"));
}
