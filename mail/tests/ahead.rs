//! Several commands in one breath (RFC 2920): what is said ahead of its turn binds nobody, and no answer is ever taken for
//! another's.

mod sink;

use salastampa_domain::Address;
use salastampa_mail::{
    Connection, Envelope, Fault, MESSAGES_PER_CONNECTION, Phase, Phases, Reply, SmtpConfig, Tls, Transport, Verdict,
    judge,
};
use sink::{Act, Script, Sink, Verb};
use std::time::Duration;

async fn connect(sink: &Sink) -> Connection {
    connect_within(sink, Phases::default()).await
}

async fn connect_within(sink: &Sink, phases: Phases) -> Connection {
    let config = SmtpConfig { tls: Tls::Off, phases, ..SmtpConfig::new(sink.addr.ip().to_string(), sink.addr.port()) };
    Transport::Smtp(Box::new(config)).connect().await.expect("the sink greets")
}

fn envelope(to: &str) -> Envelope {
    let address = |text: &str| Address::parse(text).expect("an address");
    Envelope { from: address("b+1.ab@bellariva.test"), to: address(&format!("{to}@giornale.test")), id: String::new() }
}

fn mail(to: &str) -> Vec<u8> {
    format!("Message-ID: <{to}@bellariva.test>\r\n\r\n.{to}\r\n").into_bytes()
}

/// A message to that name, and whose turn it is then.
async fn send(connection: &mut Connection, to: &str, next: Option<&str>) -> Result<Reply, Fault> {
    let next = next.map(envelope);
    connection.offer(&envelope(to)).await?.data(&mail(to), next.as_ref()).await
}

fn recipients(sink: &Sink) -> Vec<String> {
    sink.log().messages.iter().map(|m| m.recipient.replace("@giornale.test", "")).collect()
}

fn said(sink: &Sink, connection: usize) -> String {
    sink.log().verbs(connection).iter().skip(2).copied().collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn the_next_message_is_announced_behind_the_dot_and_its_data_wait_for_the_second_step() {
    let sink = Sink::start(Script::new()).await;
    let mut connection = connect(&sink).await;
    for (to, next) in [("a", Some("b")), ("b", Some("c")), ("c", None)] {
        let reply = send(&mut connection, to, next).await.expect("accepted");
        assert_eq!(reply.code, 250);
    }
    connection.quit().await;
    assert_eq!(said(&sink, 1), "MAIL RCPT DATA MAIL RCPT DATA MAIL RCPT DATA QUIT");
    for (message, to) in sink.log().messages.iter().zip(["a", "b", "c"]) {
        assert_eq!((&message.bytes, &message.recipient), (&mail(to), &format!("{to}@giornale.test")));
    }
}

#[tokio::test]
async fn a_server_that_takes_one_command_at_a_time_hears_one_at_a_time() {
    let sink = Sink::start(Script::new().offering(&["DSN"]).on(Verb::Mail, "", Act::Silence)).await;
    let mut connection = connect_within(&sink, Phases { mail: Duration::from_millis(60), ..Phases::default() }).await;
    let fault = send(&mut connection, "a", Some("b")).await.expect_err("silence");
    assert_eq!((fault.phase, said(&sink, 1).as_str()), (Phase::Mail, "MAIL"), "no RCPT behind it");

    let sink = Sink::start(Script::new().offering(&["DSN"])).await;
    let mut connection = connect(&sink).await;
    send(&mut connection, "a", Some("b")).await.expect("accepted");
    assert_eq!(said(&sink, 1), "MAIL RCPT DATA");
    send(&mut connection, "c", None).await.expect("accepted");
    assert_eq!(recipients(&sink), ["a", "c"]);
}

#[tokio::test]
async fn what_was_said_ahead_is_taken_back_for_somebody_else() {
    let refused_recipient = Script::new().on(Verb::Rcpt, "via", Act::reply("550 5.1.1 no such user"));
    let refused_sender = Script::new().times(1, Verb::Mail, "", Act::reply("250 ok"));
    let refused_sender = refused_sender.times(1, Verb::Mail, "", Act::reply("451 4.3.0 later"));
    for script in [Script::new(), refused_recipient, refused_sender] {
        let sink = Sink::start(script).await;
        let mut connection = connect(&sink).await;
        send(&mut connection, "a", Some("via")).await.expect("accepted");
        let reply = send(&mut connection, "b", None).await.expect("accepted");
        assert_eq!(reply.queue_id.as_deref(), Some("SINK2"), "its own answer, not one of those before");
        assert_eq!(said(&sink, 1), "MAIL RCPT DATA MAIL RCPT RSET MAIL RCPT DATA");
        assert_eq!(recipients(&sink), ["a", "b"]);
    }
}

#[tokio::test]
async fn a_refusal_stands_with_whom_it_is_about() {
    let sink = Sink::start(Script::new().on(Verb::Rcpt, "nessuno", Act::reply("550 5.1.1 no such user")).on(
        Verb::Dot,
        "grande",
        Act::reply("552 5.3.4 too big"),
    ))
    .await;
    let mut connection = connect(&sink).await;
    send(&mut connection, "a", Some("nessuno")).await.expect("accepted");
    let outcome = send(&mut connection, "nessuno", Some("b")).await;
    assert_eq!(judge(outcome.as_ref()), Verdict::RecipientFailed);
    send(&mut connection, "b", Some("grande")).await.expect("accepted");
    // the dot of one is refused, the next was said behind it and goes on
    let outcome = send(&mut connection, "grande", Some("c")).await;
    assert_eq!(outcome.expect_err("refused").phase, Phase::Dot);
    send(&mut connection, "c", None).await.expect("accepted");
    assert_eq!(sink.log().connections, 1);
    let taken: Vec<_> = sink.log().messages.iter().filter(|m| m.accepted).map(|m| m.recipient.clone()).collect();
    assert_eq!(taken, ["a", "b", "c"].map(|to| format!("{to}@giornale.test")));
}

#[tokio::test]
async fn a_refused_sender_says_nothing_about_the_next_one() {
    let script = Script::new().times(1, Verb::Mail, "", Act::reply("451 4.3.0 later"));
    let sink = Sink::start(script.on(Verb::Rcpt, "a@", Act::reply("503 5.5.1 MAIL first"))).await;
    let mut connection = connect(&sink).await;
    let fault = send(&mut connection, "a", None).await.expect_err("refused");
    assert_eq!((fault.phase, fault.reply().map(|reply| reply.code)), (Phase::Mail, Some(451)));
    let reply = send(&mut connection, "b", None).await.expect("accepted on the same connection");
    assert_eq!((reply.queue_id.as_deref(), sink.log().connections), (Some("SINK1"), 1));
}

#[tokio::test]
async fn a_connection_that_ends_behind_a_yes_takes_nothing_from_it() {
    for end in [Act::Cut, Act::reply("421 4.7.0 that was enough")] {
        let script = Script::new().times(1, Verb::Mail, "", Act::reply("250 ok")).on(Verb::Mail, "", end);
        let sink = Sink::start(script).await;
        let mut connection = connect(&sink).await;
        let reply = send(&mut connection, "a", Some("b")).await.expect("the dot was answered");
        assert_eq!(reply.queue_id.as_deref(), Some("SINK1"));
        let fault = send(&mut connection, "b", None).await.expect_err("it has ended");
        assert!(fault.is_stale(), "{fault}: a fresh connection tries it again, nothing of it was sent");
        assert!(!connection.is_usable());
    }
}

#[tokio::test]
async fn an_answer_that_does_not_come_is_waited_for_in_its_own_time() {
    let sink = Sink::start(Script::new().on(Verb::Rcpt, "fermo", Act::Silence)).await;
    let mut connection = connect_within(&sink, Phases { rcpt: Duration::from_millis(60), ..Phases::default() }).await;
    send(&mut connection, "a", Some("fermo")).await.expect("the dot was answered");
    let fault = send(&mut connection, "fermo", None).await.expect_err("silence");
    assert_eq!((fault.phase, connection.is_usable()), (Phase::Rcpt, false));
}

#[tokio::test]
async fn nothing_is_announced_on_a_connection_that_ends_with_this_message() {
    let sink = Sink::start(Script::new()).await;
    let mut connection = connect(&sink).await;
    for n in 0..MESSAGES_PER_CONNECTION {
        assert!(connection.is_usable(), "{n}");
        send(&mut connection, &format!("r{n}"), Some(&format!("r{}", n + 1))).await.expect("accepted");
    }
    assert!(!connection.is_usable());
    connection.quit().await;
    assert!(said(&sink, 1).ends_with("RCPT DATA QUIT"));
}
