//! The conversation with a mail server that refuses, stalls, hangs up and lies.

mod sink;

use salastampa_domain::{Address, Cause};
use salastampa_mail::{
    Connection, Envelope, Fault, FaultKind, Login, MESSAGES_PER_CONNECTION, Phase, Phases, Reply, SmtpConfig, Tls,
    Transport, Verdict, judge,
};
use sink::{Act, Script, Sink, Verb};
use std::time::Duration;

fn config(sink: &Sink) -> SmtpConfig {
    SmtpConfig { tls: Tls::Off, ..SmtpConfig::new(sink.addr.ip().to_string(), sink.addr.port()) }
}

async fn connect(sink: &Sink) -> Connection {
    Transport::Smtp(Box::new(config(sink))).connect().await.expect("the sink greets")
}

/// A connection with a short limit in one phase; the others wait long, so that a slow machine changes nothing.
async fn connect_within(sink: &Sink, phases: Phases) -> Result<Connection, Fault> {
    Transport::Smtp(Box::new(SmtpConfig { phases, ..config(sink) })).connect().await
}

const SHORT: Duration = Duration::from_millis(60);

fn address(text: &str) -> Address {
    Address::parse(text).expect("an address")
}

fn envelope(to: &str) -> Envelope {
    Envelope { from: address("b+1.ab@bellariva.test"), to: address(to), id: "1-ab".into() }
}

fn mail(id: &str) -> Vec<u8> {
    format!("Message-ID: <{id}@bellariva.test>\r\nSubject: prova\r\n\r\n.una riga col punto\r\nfine\r\n").into_bytes()
}

/// Both steps.
async fn send(connection: &mut Connection, to: &str, id: &str) -> Result<Reply, Fault> {
    connection.offer(&envelope(to)).await?.data(&mail(id), None).await
}

fn verdict(outcome: &Result<Reply, Fault>) -> Verdict {
    judge(outcome.as_ref())
}

#[tokio::test]
async fn a_message_arrives_byte_for_byte_and_its_queue_id_is_known() {
    let sink = Sink::start(Script::new()).await;
    let mut connection = connect(&sink).await;
    let reply = send(&mut connection, "redazione@giornale.test", "a").await.expect("accepted");
    assert_eq!((reply.code, reply.queue_id.as_deref()), (250, Some("SINK1")));
    connection.quit().await;
    let log = sink.log();
    let [received] = log.messages.as_slice() else { panic!("{} messages", log.messages.len()) };
    assert_eq!(received.bytes, mail("a"), "dots doubled and undoubled, no line more or less");
    assert_eq!(received.sender, "b+1.ab@bellariva.test");
    assert_eq!(received.recipient, "redazione@giornale.test");
    assert_eq!(log.verbs(1), ["EHLO", "EHLO", "MAIL", "RCPT", "DATA", "QUIT"]);
}

#[tokio::test]
async fn nothing_is_said_about_the_data_before_the_second_step() {
    let sink = Sink::start(Script::new()).await;
    let mut connection = connect(&sink).await;
    let ready = connection.offer(&envelope("a@giornale.test")).await.expect("offered");
    assert!(!sink.log().verbs(1).contains(&"DATA"));
    drop(ready);
    // an offer taken back does not leak its recipient into the next message
    send(&mut connection, "b@giornale.test", "b").await.expect("accepted");
    assert_eq!(sink.log().verbs(1), ["EHLO", "EHLO", "MAIL", "RCPT", "RSET", "MAIL", "RCPT", "DATA"]);
    assert_eq!(sink.log().messages[0].recipient, "b@giornale.test");
}

#[tokio::test]
async fn after_a_refused_recipient_the_connection_lives_on() {
    let refuse = Act::reply("550 5.1.1 no such user");
    let sink = Sink::start(Script::new().on(Verb::Rcpt, "nessuno@", refuse)).await;
    let mut connection = connect(&sink).await;
    for round in 0..10 {
        let outcome = send(&mut connection, "nessuno@giornale.test", "no").await;
        assert_eq!(verdict(&outcome), Verdict::RecipientFailed);
        assert_eq!(outcome.unwrap_err().phase, Phase::Rcpt);
        assert!(connection.is_usable());
        send(&mut connection, "redazione@giornale.test", &format!("yes{round}")).await.expect("accepted");
    }
    assert_eq!(sink.log().connections, 1);
    assert_eq!(sink.log().messages.len(), 10);
}

#[tokio::test]
async fn a_row_of_refused_recipients_is_spread_over_connections_before_a_server_takes_offence() {
    let refuse = Act::reply("550 5.1.1 no such user");
    let sink = Sink::start(Script::new().on(Verb::Rcpt, "nessuno", refuse)).await;
    for _ in 0..2 {
        let mut connection = connect(&sink).await;
        for n in 0..5 {
            assert!(connection.is_usable(), "{n}");
            let outcome = send(&mut connection, &format!("nessuno{n}@giornale.test"), "no").await;
            assert_eq!(verdict(&outcome), Verdict::RecipientFailed);
        }
        assert!(!connection.is_usable(), "Exchange hangs up here, Postfix is slow after ten");
        connection.quit().await;
    }
    assert_eq!(sink.log().verbs(2).last(), Some(&"QUIT"));
}

#[tokio::test]
async fn each_answer_at_each_step_is_booked_as_what_it_is() {
    for (verb, answer, expected, lives) in [
        (Verb::Mail, "530 5.7.0 log in first", Verdict::SenderFault { cause: Cause::Login }, true),
        (Verb::Mail, "550 5.7.1 not from you", Verdict::SenderFault { cause: Cause::Policy }, true),
        (Verb::Rcpt, "450 4.2.0 later", Verdict::RecipientTemporary, true),
        (Verb::Rcpt, "251 2.1.5 will forward", Verdict::Accepted, true),
        (Verb::Rcpt, "421 4.3.2 closing", Verdict::SenderFault { cause: Cause::Busy }, false),
        (Verb::Rcpt, "354 out of step", Verdict::SenderFault { cause: Cause::Protocol }, false),
        (Verb::Data, "451 4.3.0 later", Verdict::RecipientTemporary, true),
        (Verb::Data, "250 out of step", Verdict::SenderFault { cause: Cause::Protocol }, false),
        (Verb::Dot, "550 5.7.515 DMARC", Verdict::SenderFault { cause: Cause::Policy }, true),
        (Verb::Dot, "552 5.3.4 too big", Verdict::MessageRefused, true),
        (Verb::Dot, "354 stray", Verdict::Uncertain, false),
        (Verb::Dot, "251 not a yes here", Verdict::Uncertain, false),
        (Verb::Dot, "what is this", Verdict::Uncertain, false),
        (Verb::Dot, "250 2.0.0 ok", Verdict::Accepted, true),
    ] {
        let sink = Sink::start(Script::new().times(1, verb, "", Act::reply(answer))).await;
        let mut connection = connect(&sink).await;
        let outcome = send(&mut connection, "redazione@giornale.test", "a").await;
        assert_eq!(verdict(&outcome), expected, "{verb:?} {answer}: {outcome:?}");
        assert_eq!(connection.is_usable(), lives, "{verb:?} {answer}");
        if lives {
            send(&mut connection, "redazione@giornale.test", "b").await.expect("the next one goes through");
        }
    }
}

#[tokio::test]
async fn a_cut_after_the_dot_leaves_exactly_those_uncertain() {
    let chosen = |n: usize| n % 4 == 1;
    let mut script = Script::new();
    for n in (0..40).filter(|&n| chosen(n)) {
        let act = if n % 8 == 1 { Act::AcceptThenCut } else { Act::Cut };
        script = script.times(1, Verb::Dot, &format!("m.{n}."), act);
    }
    let sink = Sink::start(script).await;
    let mut connection = connect(&sink).await;
    let mut uncertain = Vec::new();
    for n in 0..40 {
        if !connection.is_usable() {
            connection.quit().await;
            connection = connect(&sink).await;
        }
        let outcome = send(&mut connection, "redazione@giornale.test", &format!("m.{n}.")).await;
        match verdict(&outcome) {
            Verdict::Accepted => {}
            Verdict::Uncertain => uncertain.push(n),
            other => panic!("{n}: {other:?} {outcome:?}"),
        }
    }
    assert_eq!(uncertain, (0..40).filter(|&n| chosen(n)).collect::<Vec<_>>());

    // sent again, each arrives, byte for byte the same as the copy that the server may already have
    for n in uncertain {
        if !connection.is_usable() {
            connection = connect(&sink).await;
        }
        send(&mut connection, "redazione@giornale.test", &format!("m.{n}.")).await.expect("accepted");
        let log = sink.log();
        let copies: Vec<_> = log.messages.iter().filter(|m| m.message_id == format!("m.{n}.@bellariva.test")).collect();
        assert_eq!(copies.len(), 2);
        assert_eq!(copies[0].hash, copies[1].hash);
    }
}

#[tokio::test]
async fn a_cut_before_the_dot_is_uncertain_and_one_at_rcpt_is_not() {
    let script = Script::new().on(Verb::Data, "prima@", Act::CutBeforeDot).on(Verb::Rcpt, "rcpt@", Act::Cut).on(
        Verb::Data,
        "data@",
        Act::Cut,
    );
    let sink = Sink::start(script).await;
    for (to, expected) in [
        ("prima@giornale.test", Verdict::Uncertain),
        ("rcpt@giornale.test", Verdict::SenderFault { cause: Cause::Cut }),
        ("data@giornale.test", Verdict::SenderFault { cause: Cause::Cut }),
    ] {
        let mut connection = connect(&sink).await;
        let outcome = send(&mut connection, to, "a").await;
        assert_eq!(verdict(&outcome), expected, "{to} {outcome:?}");
        assert!(!connection.is_usable());
    }
}

#[tokio::test]
async fn a_late_answer_is_never_booked_on_the_next_message() {
    let script = Script::new().on(Verb::Dot, "lento@", Act::Late(SHORT * 4, "250 2.0.0 ok".into())).on(
        Verb::Dot,
        "rifiuta@",
        Act::reply("550 5.1.1 no such user"),
    );
    let sink = Sink::start(script).await;
    let phases = Phases { dot: SHORT, ..Phases::default() };
    let mut connection = connect_within(&sink, phases).await.expect("the sink greets");

    let first = send(&mut connection, "lento@giornale.test", "lento").await;
    assert_eq!(verdict(&first), Verdict::Uncertain);
    assert_eq!(first.unwrap_err().kind, FaultKind::Silent);
    assert!(!connection.is_usable(), "the socket is gone, and the late answer with it");
    let again = connection.offer(&envelope("rifiuta@giornale.test")).await.map(|_| ()).unwrap_err();
    assert!(again.is_stale(), "{again}");

    let mut connection = connect(&sink).await;
    let second = send(&mut connection, "rifiuta@giornale.test", "rifiuta").await;
    assert_eq!(verdict(&second), Verdict::RecipientFailed);
}

#[tokio::test]
async fn each_phase_has_its_own_deadline() {
    let long = Phases::default();
    for (verb, phases, phase) in [
        (Verb::Connect, Phases { banner: SHORT, ..long }, Phase::Greeting),
        (Verb::Ehlo, Phases { banner: SHORT, ..long }, Phase::Greeting),
        (Verb::Mail, Phases { mail: SHORT, ..long }, Phase::Mail),
        (Verb::Rcpt, Phases { rcpt: SHORT, ..long }, Phase::Rcpt),
        (Verb::Data, Phases { data: SHORT, ..long }, Phase::Data),
        (Verb::Dot, Phases { dot: SHORT, ..long }, Phase::Dot),
    ] {
        let sink = Sink::start(Script::new().on(verb, "", Act::Silence)).await;
        let outcome = match connect_within(&sink, phases).await {
            Ok(mut connection) => {
                let outcome = send(&mut connection, "redazione@giornale.test", "a").await;
                assert!(!connection.is_usable(), "{verb:?}");
                outcome
            }
            Err(fault) => Err(fault),
        };
        let fault = outcome.expect_err("silence is no answer");
        assert_eq!((fault.phase, &fault.kind), (phase, &FaultKind::Silent), "{verb:?}");
    }
}

#[tokio::test]
async fn a_server_that_never_greets_is_the_senders_fault_and_others_go_on() {
    let sink = Sink::start(Script::new().times(1, Verb::Connect, "", Act::Silence)).await;
    let phases = Phases { banner: SHORT, ..Phases::default() };
    let fault = connect_within(&sink, phases).await.expect_err("no greeting");
    assert_eq!(judge(Err(&fault)), Verdict::SenderFault { cause: Cause::Greeting });
    let mut connection = connect(&sink).await;
    // in a task of its own, as the outbox has one for each connection
    let other = tokio::spawn(async move { send(&mut connection, "redazione@giornale.test", "a").await });
    other.await.expect("the task ends").expect("accepted");
}

#[tokio::test]
async fn greylisting_passes_at_the_second_try() {
    let sink = Sink::start(Script::new().on(Verb::Rcpt, "", Act::Greylist)).await;
    let mut connection = connect(&sink).await;
    for to in ["a@giornale.test", "b@giornale.test"] {
        assert_eq!(verdict(&send(&mut connection, to, to).await), Verdict::RecipientTemporary);
        send(&mut connection, to, to).await.expect("the second time");
        assert_eq!(sink.log().accepted_for(to).len(), 1);
    }
}

#[tokio::test]
async fn a_closed_port_and_an_unknown_name_mean_that_there_is_no_relay() {
    let closed = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.local_addr().expect("bound").port()
    };
    for config in [SmtpConfig::new("127.0.0.1", closed), SmtpConfig::new("relay.invalid", 25)] {
        let fault = Transport::Smtp(Box::new(config)).connect().await.expect_err("nobody is there");
        assert_eq!(judge(Err(&fault)), Verdict::RelayDown, "{fault}");
    }
}

#[tokio::test]
async fn a_connection_that_died_while_it_rested_is_told_apart() {
    let script = Script::new()
        .times(1, Verb::Mail, "", Act::reply("250 2.1.0 ok"))
        .times(1, Verb::Mail, "", Act::reply("421 4.4.2 idle too long"))
        .times(1, Verb::Mail, "", Act::reply("250 2.1.0 ok"))
        .times(1, Verb::Mail, "", Act::Cut)
        .times(1, Verb::Mail, "", Act::Cut);
    let sink = Sink::start(script).await;
    for _ in 0..2 {
        let mut connection = connect(&sink).await;
        send(&mut connection, "a@giornale.test", "a").await.expect("accepted");
        let fault = send(&mut connection, "b@giornale.test", "b").await.expect_err("it has ended");
        assert!(fault.is_stale(), "{fault}");
        assert!(!connection.is_usable());
    }
    // on a fresh connection it is the server's doing, and counts
    let fault = send(&mut connect(&sink).await, "c@giornale.test", "c").await.expect_err("cut");
    assert_eq!(judge(Err(&fault)), Verdict::SenderFault { cause: Cause::Cut });
}

#[tokio::test]
async fn a_dropped_task_never_leaves_a_conversation_half_way() {
    let sink = Sink::start(Script::new().on(Verb::Rcpt, "fermo@", Act::Silence)).await;
    let mut connection = connect(&sink).await;
    {
        let to = envelope("fermo@giornale.test");
        let offer = connection.offer(&to);
        assert!(tokio::time::timeout(SHORT, offer).await.is_err());
    }
    assert!(!connection.is_usable());
}

#[tokio::test]
async fn a_connection_ends_after_its_share_of_messages() {
    let sink = Sink::start(Script::new()).await;
    let mut connection = connect(&sink).await;
    for n in 0..MESSAGES_PER_CONNECTION {
        assert!(connection.is_usable(), "{n}");
        send(&mut connection, "redazione@giornale.test", &n.to_string()).await.expect("accepted");
    }
    assert!(!connection.is_usable());
    connection.quit().await;
    assert_eq!(sink.log().verbs(1).last(), Some(&"QUIT"));
}

#[tokio::test]
async fn quit_does_not_wait_for_a_server_that_does_not_answer_it() {
    let sink = Sink::start(Script::new().on(Verb::Quit, "", Act::Silence)).await;
    let phases = Phases { quit: SHORT, ..Phases::default() };
    connect_within(&sink, phases).await.expect("the sink greets").quit().await;
}

#[tokio::test]
async fn notices_are_asked_for_where_the_server_offers_them() {
    for (offered, mail_line, rcpt_line) in [
        (
            &["DSN"][..],
            "MAIL FROM:<b+1.ab@bellariva.test> RET=HDRS ENVID=1-ab",
            "RCPT TO:<a+b@giornale.test> NOTIFY=FAILURE,DELAY ORCPT=rfc822;a+2Bb@giornale.test",
        ),
        (&["8BITMIME"][..], "MAIL FROM:<b+1.ab@bellariva.test>", "RCPT TO:<a+b@giornale.test>"),
    ] {
        let sink = Sink::start(Script::new().offering(offered)).await;
        send(&mut connect(&sink).await, "a+b@giornale.test", "a").await.expect("accepted");
        let log = sink.log();
        let said: Vec<&str> = log.commands.iter().map(|(_, line)| line.as_str()).collect();
        assert!(said.contains(&mail_line) && said.contains(&rcpt_line), "{said:?}");
    }
}

#[tokio::test]
async fn an_address_outside_ascii_needs_a_server_that_takes_it() {
    let plain = Sink::start(Script::new()).await;
    let mut connection = connect(&plain).await;
    let outcome = send(&mut connection, "nicolò@giornale.test", "a").await;
    assert_eq!(verdict(&outcome), Verdict::RecipientFailed);
    send(&mut connection, "nicolo@giornale.test", "b").await.expect("the others are not touched");

    let able = Sink::start(Script::new().offering(&["SMTPUTF8", "8BITMIME"])).await;
    send(&mut connect(&able).await, "nicolò@giornale.test", "a").await.expect("accepted");
    let log = able.log();
    assert!(log.commands.iter().any(|(_, line)| line.ends_with("SMTPUTF8 BODY=8BITMIME")), "{:?}", log.commands);
    assert_eq!(log.messages[0].recipient, "nicolò@giornale.test");
}

#[tokio::test]
async fn a_login_is_spoken_as_the_server_likes_it_and_a_refused_one_is_the_senders_fault() {
    let login = Some(Login { user: "ufficio".into(), password: "segreta".into() });
    for (offered, said) in [
        ("AUTH PLAIN LOGIN", &["AUTH PLAIN AHVmZmljaW8Ac2VncmV0YQ=="][..]),
        ("AUTH LOGIN", &["AUTH LOGIN", "dWZmaWNpbw==", "c2VncmV0YQ=="][..]),
    ] {
        let sink = Sink::start(Script::new().offering(&[offered])).await;
        let transport = Transport::Smtp(Box::new(SmtpConfig { login: login.clone(), ..config(&sink) }));
        transport.connect().await.expect("logged in");
        let log = sink.log();
        let lines: Vec<&str> = log.commands.iter().map(|(_, line)| line.as_str()).collect();
        assert!(said.iter().all(|line| lines.contains(line)), "{lines:?}");
    }
    let refuses = Script::new().offering(&["AUTH PLAIN"]).on(Verb::Auth, "", Act::reply("535 5.7.8 no"));
    for script in [refuses, Script::new()] {
        let sink = Sink::start(script).await;
        let transport = Transport::Smtp(Box::new(SmtpConfig { login: login.clone(), ..config(&sink) }));
        let fault = transport.connect().await.expect_err("not let in");
        assert_eq!(judge(Err(&fault)), Verdict::SenderFault { cause: Cause::Login }, "{fault}");
    }
}

#[tokio::test]
async fn a_message_with_a_lone_line_feed_is_not_sent() {
    let sink = Sink::start(Script::new()).await;
    let mut connection = connect(&sink).await;
    let ready = connection.offer(&envelope("a@giornale.test")).await.expect("offered");
    let outcome = ready.data(b"Message-ID: <a@b>\r\n\r\nx\n.\r\nMAIL FROM:<y@z>\r\n", None).await;
    assert_eq!(verdict(&outcome), Verdict::MessageRefused);
    assert!(!sink.log().verbs(1).contains(&"DATA"));
    send(&mut connection, "b@giornale.test", "b").await.expect("the next one goes through");
}
