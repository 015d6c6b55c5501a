//! Encryption on the way to the relay. The certificates in `tests/tls/` are for these tests alone (localhost, 2020 to
//! 2120); the key of the authority that signed them was thrown away.

mod sink;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use salastampa_domain::{Address, Cause};
use salastampa_mail::{Envelope, Fault, Login, SmtpConfig, Tls, Transport, Verdict, judge};
use sink::{Act, Log, Script, Verb, World, talk};
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

const AUTHORITY: &[u8] = include_bytes!("tls/authority.pem");

/// A server for one connection: plain until STARTTLS, or encrypted at once. Gives the port and what was said.
async fn server(script: Script, implicit: bool) -> (u16, Arc<World>) {
    let chain = CertificateDer::pem_slice_iter(include_bytes!("tls/server.pem")).collect::<Result<Vec<_>, _>>();
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("tls/server.key")).expect("a key");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring speaks them")
        .with_no_client_auth()
        .with_single_cert(chain.expect("a chain"), key)
        .expect("they fit");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = listener.local_addr().expect("bound").port();
    let world = World::new(script);
    let shared = Arc::clone(&world);
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.expect("a connection");
        let connection = shared.enter();
        let stream = if implicit { Some(stream) } else { talk(&shared, connection, stream, true).await };
        if let Some(stream) = stream
            && let Ok(stream) = acceptor.accept(stream).await
        {
            talk(&shared, connection, stream, implicit).await;
        }
    });
    (port, world)
}

fn config(port: u16, tls: Tls) -> SmtpConfig {
    SmtpConfig { tls, roots: AUTHORITY.to_vec(), ..SmtpConfig::new("127.0.0.1", port) }
}

async fn send(config: SmtpConfig) -> Result<(), Fault> {
    let mut connection = Transport::Smtp(Box::new(config)).connect().await?;
    let address = |text| Address::parse(text).expect("an address");
    let envelope =
        Envelope { from: address("b@bellariva.test"), to: address("redazione@giornale.test"), id: String::new() };
    let ready = connection.offer(&envelope).await?;
    ready.data(b"Message-ID: <a@bellariva.test>\r\n\r\nciao\r\n", None).await?;
    connection.quit().await;
    Ok(())
}

fn login() -> Option<Login> {
    Some(Login { user: "ufficio".into(), password: "segreta".into() })
}

fn starttls() -> Script {
    Script::new().offering(&["STARTTLS", "AUTH PLAIN"])
}

fn verbs(log: &Log) -> Vec<&str> {
    log.verbs(1)
}

#[tokio::test]
async fn mail_goes_encrypted_by_starttls_and_from_the_first_byte() {
    let (port, world) = server(starttls(), false).await;
    send(config(port, Tls::StartTls)).await.expect("accepted");
    assert_eq!(verbs(&world.log()), ["EHLO", "STARTTLS", "EHLO", "EHLO", "MAIL", "RCPT", "DATA", "QUIT"]);
    let (port, world) = server(starttls(), false).await;
    send(SmtpConfig { login: login(), ..config(port, Tls::Opportunistic) }).await.expect("accepted");
    assert_eq!(verbs(&world.log()), ["EHLO", "STARTTLS", "EHLO", "AUTH", "EHLO", "MAIL", "RCPT", "DATA", "QUIT"]);
    let (port, world) = server(Script::new(), true).await;
    send(config(port, Tls::Implicit)).await.expect("accepted");
    assert_eq!(verbs(&world.log()), ["EHLO", "EHLO", "MAIL", "RCPT", "DATA", "QUIT"]);
}

#[tokio::test]
async fn a_certificate_that_does_not_hold_stops_everything() {
    for (tls, implicit) in [(Tls::StartTls, false), (Tls::Opportunistic, false), (Tls::Implicit, true)] {
        let (port, world) = server(starttls(), implicit).await;
        let config = SmtpConfig { roots: Vec::new(), login: login(), ..config(port, tls) };
        let fault = send(config).await.expect_err("unknown authority");
        assert_eq!(judge(Err(&fault)), Verdict::SenderFault { cause: Cause::Encryption }, "{tls:?} {fault}");
        assert!(!verbs(&world.log()).contains(&"MAIL"));
    }
}

#[tokio::test]
async fn a_server_on_this_machine_may_have_a_certificate_of_its_own() {
    let (port, world) = server(starttls(), false).await;
    send(SmtpConfig { roots: Vec::new(), ..config(port, Tls::Opportunistic) }).await.expect("accepted");
    assert!(!verbs(&world.log()).contains(&"STARTTLS"), "nobody is on the way, and there is no password");
}

#[tokio::test]
async fn required_encryption_that_is_not_offered_means_no_mail() {
    for script in [Script::new(), starttls().on(Verb::StartTls, "", Act::reply("454 4.7.0 not now"))] {
        let (port, world) = server(script, false).await;
        let fault = send(config(port, Tls::StartTls)).await.expect_err("in the clear");
        assert_eq!(judge(Err(&fault)), Verdict::SenderFault { cause: Cause::Encryption }, "{fault}");
        assert!(!verbs(&world.log()).contains(&"MAIL"));
    }
}

#[tokio::test]
async fn opportunistic_encryption_goes_on_without_when_it_is_not_offered() {
    let (port, world) = server(Script::new(), false).await;
    send(config(port, Tls::Opportunistic)).await.expect("accepted");
    assert!(!verbs(&world.log()).contains(&"STARTTLS"));
}

#[tokio::test]
async fn a_line_smuggled_in_before_the_encryption_is_not_read_as_encrypted() {
    let smuggled = Act::reply("220 go on\r\n250-smuggled\r\n250 AUTH PLAIN");
    let (port, world) = server(starttls().on(Verb::StartTls, "", smuggled), false).await;
    let fault = send(config(port, Tls::StartTls)).await.expect_err("somebody is on the way");
    assert_eq!(judge(Err(&fault)), Verdict::SenderFault { cause: Cause::Encryption }, "{fault}");
    assert!(!verbs(&world.log()).contains(&"MAIL"));
}

#[tokio::test]
async fn a_password_goes_encrypted_or_to_this_machine_only() {
    let login = login();
    // an old spelling of this machine's address, which therefore counts as another's
    let elsewhere = |port, tls| SmtpConfig { login: login.clone(), host: "127.1".into(), ..config(port, tls) };
    let (port, world) = server(Script::new().offering(&["AUTH PLAIN"]), false).await;
    let fault = send(elsewhere(port, Tls::Opportunistic)).await.expect_err("in the clear");
    assert_eq!(judge(Err(&fault)), Verdict::SenderFault { cause: Cause::Login }, "{fault}");
    assert!(!verbs(&world.log()).contains(&"AUTH"));

    let (port, world) = server(starttls(), false).await;
    send(SmtpConfig { login: login.clone(), ..config(port, Tls::StartTls) }).await.expect("accepted");
    let log = world.log();
    assert_eq!(verbs(&log)[..4], ["EHLO", "STARTTLS", "EHLO", "AUTH"]);
}
