//! What comes back through a real Postfix: it bounces what it cannot deliver, to the address under which each message
//! left, and hands that to `salastampa receive`, set up word for word as `docs/operations.md` tells an office to.

use super::server::{KEEPING, Plan, Postfix, id, settings};
use crate::outbox::{Server, deliver, journalist, office, states, step};
use crate::press_test::{Press, header};
use crate::receive::office::Mailed;
use crate::sink::{Act, Script, Verb};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;

/// Of the page for those who run the program, what follows a comment in the block about Postfix, to the next empty line.
fn documented(part: &str) -> String {
    let page = include_str!("../../docs/operations.md");
    let block = page.split("With Postfix on the machine of the program:").nth(1).expect("the page tells it");
    let block = block.split("```").nth(1).expect("as a block");
    let lines = block.lines().skip_while(|line| !line.starts_with(&format!("# {part}"))).skip(1);
    lines.take_while(|line| !line.trim().is_empty()).map(|line| format!("{line}\n")).collect()
}

/// An office whose Postfix is set up so, and whose program runs as a user without rights.
pub struct Office {
    /// The program's.
    pub press: Press,
    /// What it relays through, and what hands it what comes back.
    pub postfix: Postfix,
}

impl Office {
    /// One with further lines in Postfix's transport table.
    pub fn start(transport: &str, journalists: usize) -> Option<Self> {
        let main = "alias_maps = inline:{ { b = root } { stampa = root } }\n";
        Self::with(&documented("main.cf"), main, &format!("{}{transport}", documented("transport")), journalists)
    }

    /// One whose Postfix knows nothing of the program but by the `.forward` of the user that it runs as.
    fn by_forward(transport: &str, journalists: usize) -> Option<Self> {
        let main = "recipient_delimiter = +\nmyorigin = bellariva.test\nalias_maps = inline:{ { b = nobody } { stampa = root } }\n\
            forward_path = {office}/forward\ntransport_maps = hash:{at}/etc/transport\n";
        let office = Self::with("", main, transport, journalists)?;
        let page = include_str!("../../docs/operations.md");
        let line = page.split('`').find(|code| code.starts_with("\"|/usr/bin/salastampa")).expect("the page tells it");
        let folder = office.press.path().display().to_string();
        let line = line.replace("/usr/bin/salastampa", &format!("{folder}/salastampa"));
        office.press.write("forward", format!("{}\n", line.replace('…', &format!("{folder}/salastampa.toml"))));
        Some(office)
    }

    fn with(documented_main: &str, main: &str, transport: &str, journalists: usize) -> Option<Self> {
        let [user, group] = ["-u", "-g"].map(|what| id(what, Some("nobody")).parse().expect("a number"));
        let press = Press::new(&[]).run_as(user, group);
        let folder = press.path().display().to_string();
        let ours = |text: &str| text.replace("comune.it", "bellariva.test").replace("/etc/postfix", "{at}/etc");
        let master = ours(&documented("master.cf"))
            .replace("user=salastampa", "user=nobody")
            .replace("/usr/bin/salastampa", &format!("{folder}/salastampa"))
            .replace("/etc/salastampa", &folder);
        assert!(
            master.contains(&format!("argv={folder}/salastampa --config {folder}/salastampa.toml receive")),
            "{master}"
        );
        // beside what the page says: the office's domain is here, with its mailbox and the alias that the page asks for
        let main = format!(
            "{}{}mydestination = bellariva.test\n{KEEPING}delay_warning_time = 1s\n",
            ours(documented_main),
            main.replace("{office}", &folder)
        );
        let table = format!("stampa@bellariva.test virtual:\n{}", ours(transport));
        let plan = Plan { main, master, files: vec![("transport", table)], maps: vec!["transport"] };
        let postfix = Postfix::of(&plan)?;
        // the instant is set by the test: the rest of the command line is the page's
        let program = press.program().display().to_string();
        let script =
            press.write("salastampa", format!("#!/bin/sh\nexec {program} --now \"$(cat {folder}/now)\" \"$@\"\n"));
        std::fs::set_permissions(script, std::fs::Permissions::from_mode(0o755)).expect("its own file");
        let lines = settings(postfix.port, 2, &format!("[data]\nfolder = \"{folder}/data\"\n"));
        let lines = lines.replace("[mail]\n", "[mail]\nreturns = \"b@bellariva.test\"\n");
        Some(Self { press: office(press.settings(&lines), journalists), postfix })
    }

    /// Sends a release on that day; what comes back is booked at ten.
    pub fn send(&self, day: &str, slug: &str) {
        self.press.write("now", format!("{day} 10:00"));
        self.release(day, slug);
    }

    /// Sends a release on that day.
    fn release(&self, day: &str, slug: &str) {
        if slug != "ponte" {
            for (hour, words) in [
                ("09:00", &["new", slug, "testo.md", "--as", "elena"][..]),
                ("09:10", &["submit", slug, "--as", "elena"]),
                ("09:20", &["approve", slug, "--as", "carlo"]),
            ] {
                step(&self.press, &format!("{day} {hour}"), words);
            }
        }
        step(&self.press, &format!("{day} 09:30"), &["send", slug, "--as", "carlo"]);
        deliver(&self.press, &format!("{day} 09:30"), &format!("{day} 09:35"));
    }

    /// What the program said of each mail that Postfix handed to it, once there are so many: to whom it came, and what it
    /// was taken for.
    pub fn booked(&self, count: usize) -> Vec<(String, String)> {
        self.postfix.until(&format!("{count} mails that came back"), |log| {
            let of = |line: &str| {
                let (_, said) = line.split_once("(delivered via salastampa service (")?;
                let (_, to) = line.split_once(": to=<")?;
                let (_, said) = said.split_once(": ")?;
                Some((to.split('>').next()?.to_owned(), said.trim_end_matches(')').to_owned()))
            };
            let booked: Vec<_> = log.lines().filter_map(of).collect();
            (booked.len() >= count).then_some(booked)
        })
    }

    /// The first column, as a set.
    fn set(&self, statement: &str) -> BTreeSet<String> {
        self.press.rows(statement).into_iter().collect()
    }
}

/// Hands a mail to Postfix, as a server of the world does; gives the queue id under which it was taken.
pub fn post(port: u16, from: &str, to: &str, mail: &[u8]) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("Postfix listens");
    let mut answers = BufReader::new(stream.try_clone().expect("a socket"));
    let mut say = |text: &[u8], code: &str| {
        stream.write_all(text).expect("it reads");
        let mut line = String::new();
        answers.read_line(&mut line).expect("it answers");
        assert!(line.starts_with(code), "{}: {line}", String::from_utf8_lossy(text));
        line
    };
    say(b"", "220");
    say(b"HELO mx.altrove.test\r\n", "250");
    say(format!("MAIL FROM:<{from}>\r\n").as_bytes(), "250");
    say(format!("RCPT TO:<{to}>\r\n").as_bytes(), "250");
    say(b"DATA\r\n", "354");
    let mut lines = Vec::new();
    for line in mail.strip_suffix(b"\n").unwrap_or(mail).split(|b| *b == b'\n') {
        if line.starts_with(b".") {
            lines.push(b'.');
        }
        lines.extend_from_slice(line.strip_suffix(b"\r").unwrap_or(line));
        lines.extend_from_slice(b"\r\n");
    }
    lines.extend_from_slice(b".\r\n");
    let taken = say(&lines, "250");
    say(b"QUIT\r\n", "221");
    taken.trim().rsplit(' ').next().unwrap_or_default().to_owned()
}

/// What a server of the world knows of the mail that the office sent to the first of its journalists.
pub fn mailed(postfix: &Postfix, of: usize) -> Mailed {
    let first = postfix.kept(of).into_iter().find(|kept| kept.to == journalist(0)).expect("it arrived");
    let mail = first.text();
    let leave = header(&mail, "List-Unsubscribe");
    let (_, leave) = leave.split_once("<mailto:").expect("also by mail");
    Mailed {
        to: first.to.clone(),
        envid: first.sender.trim_start_matches("b+").trim_end_matches("@bellariva.test").to_owned(),
        verp: first.sender.clone(),
        message_id: header(&mail, "Message-ID").trim_matches(['<', '>']).to_owned(),
        leave: leave.trim_end_matches('>').to_owned(),
    }
}

#[test]
fn what_postfix_bounces_is_booked_for_what_it_is_and_only_what_is_gone_is_suspended() {
    // the servers of newsrooms, behind Postfix; of one recipient it knows itself that there is none
    let refused = [
        (Verb::Rcpt, "r0001@", "550 5.1.1 no such user"),
        (Verb::Rcpt, "r0002@", "552 5.2.2 mailbox full"),
        (Verb::Dot, "r0003@", "554 5.7.1 looks like spam"),
        (Verb::Rcpt, "r0004@", "550 5.4.4 no way to that domain"),
        (Verb::Rcpt, "r0005@", "550 5.7.26 this mail is not authenticated"),
        (Verb::Rcpt, "r0006@", "550 User unknown"),
    ];
    let script = refused.iter().fold(Script::new(), |script, (at, to, said)| script.on(*at, to, Act::reply(said)));
    let world = Server::start(script);
    let transport = format!(
        "r0000@redazioni.test error:5.1.1 no such user here\nredazioni.test smtp:[127.0.0.1]:{}\n",
        world.port()
    );
    let Some(office) = Office::start(&transport, 10) else { return };
    let classes = ["hard_bounce", "hard_bounce", "soft_bounce", "refused", "hard_bounce", "refused", "hard_bounce"];
    for (days, (day, slug)) in
        [("2026-11-23", "ponte"), ("2026-11-24", "mensa"), ("2026-11-25", "nidi")].iter().enumerate()
    {
        office.send(day, slug);
        let booked = office.booked(6 * (days + 1));
        assert!(booked.iter().all(|(to, said)| to.starts_with("b+") && said.contains(", matched")), "{booked:?}");
        let told = "select d.address || ' ' || r.kind from delivery_return r join delivery d on d.id = r.delivery \
            where d.thing = (select max(thing) from delivery) order by 1";
        let expected: Vec<String> =
            classes.iter().enumerate().map(|(n, class)| format!("{} {class}", journalist(n))).collect();
        assert_eq!(office.press.rows(told), expected, "on {day}");
    }
    let gone = BTreeSet::from([0, 1, 4, 6].map(journalist));
    assert_eq!(office.set("select address from returned_address where suspended_at is not null"), gone);
    assert_eq!(office.press.rows("select why || ' ' || count(*) from suppression group by why"), ["bounced 4"]);
    assert_eq!([7, 8, 9].map(|n| world.took(&journalist(n)).len()), [3, 3, 3], "the others have theirs, once each");

    office.send("2026-11-26", "piazza");
    assert_eq!(office.set("select address from delivery where state = 'suppressed' and reason = 'bounced'"), gone);
    assert_eq!(office.booked(21).len(), 21, "those who are gone have none that could come back");
}

#[test]
fn a_forged_bounce_counts_nothing_an_absence_neither_an_answer_reaches_the_office_and_a_wish_holds() {
    let Some(office) = Office::start("", 2) else { return };
    office.send("2026-11-23", "ponte");
    let mailed = mailed(&office.postfix, 2);
    assert!(mailed.verp.starts_with("b+1-"), "{mailed:?}");
    let cases = [
        ("token-made-up", "", "hard_bounce, in the tray"),
        ("token-with-another-number", "", "hard_bounce, in the tray"),
        ("away-italian", "", "auto_reply, matched"),
        ("a-person-answers", "r0000@redazioni.test", "reply, matched, handed on to the office"),
        ("wish-by-button", "r0000@redazioni.test", "opt_out, matched"),
    ];
    for (n, (name, from, expected)) in cases.iter().enumerate() {
        let bytes = mailed.fill(name, &Mailed::default(), "2026-11-23");
        let to = header(&String::from_utf8_lossy(&bytes).replace("\r\n", "\n"), "To");
        post(office.postfix.port, from, &to, &bytes);
        let (came_to, said) = office.booked(n + 1).pop().expect("one more");
        assert_eq!((came_to.as_str(), said.as_str()), (to.as_str(), *expected), "{name}");
        let kept = office.set("select why from suppression");
        assert_eq!(kept.contains("opt-out"), *name == "wish-by-button", "{name}: {kept:?}");
        assert!(!kept.contains("bounced"), "{name}");
    }
    assert_eq!(office.press.rows("select cast(count(*) as text) from delivery_return"), ["0"]);
    deliver(&office.press, "2026-11-23 10:00", "2026-11-23 10:10");
    let answer =
        office.postfix.kept(3).into_iter().find(|kept| kept.to == "stampa@bellariva.test").expect("at the office");
    assert!(header(&answer.text(), "Reply-To").contains("r0000@redazioni.test"), "whoever answers answers the person");
}

#[test]
fn a_line_in_a_forward_file_hands_it_over_too() {
    let world = Server::start(Script::new().on(Verb::Rcpt, "r0000@", Act::reply("550 5.1.1 no such user")));
    let transport = format!("redazioni.test smtp:[127.0.0.1]:{}\n", world.port());
    let Some(office) = Office::by_forward(&transport, 2) else { return };
    office.send("2026-11-23", "ponte");
    let said = office.postfix.until("mails that came back", |log| {
        let line = log.lines().find(|line| line.contains("relay=local, "))?;
        Some(line.to_owned())
    });
    assert!(said.contains("status=sent (delivered to command: "), "{said}");
    assert_eq!(office.press.rows("select kind || ' ' || delivery from inbound"), ["hard_bounce 1"]);
}

#[test]
fn what_cannot_be_booked_now_postfix_keeps_and_a_notice_of_delay_counts_nothing() {
    let world = Server::start(Script::new().on(Verb::Rcpt, "", Act::reply("450 4.2.1 busy, later")));
    let Some(office) = Office::start(&format!("redazioni.test smtp:[127.0.0.1]:{}\n", world.port()), 1) else { return };
    // somebody has mistyped the command line
    office.press.write("now", "mai");
    office.release("2026-11-23", "ponte");
    assert_eq!(states(&office.press), ["accepted 1"]);
    // after a second it tells the sender that it still tries; there is nobody to tell
    let flushed = |what: &str, words: &str| {
        office.postfix.until(what, |log| {
            let found = log.contains(words);
            if !found {
                office.postfix.command("flush");
            }
            found.then_some(())
        });
    };
    flushed("attempts that wait", "relay=salastampa, ");
    let said = office.postfix.said();
    let line = said.lines().find(|line| line.contains("relay=salastampa, ")).expect("it was looked for");
    assert!(line.contains("status=deferred (temporary failure") && line.contains("mai"), "{line}");
    office.press.write("now", "2026-11-23 10:00");
    flushed("mails that came back", "delivered via salastampa service");
    let (_, said) = office.booked(1).remove(0);
    assert_eq!(said, "delayed, matched");
    assert!(office.press.rows("select address from returned_address").is_empty());
}
