//! Mail into a folder and into memory: the same two steps as over SMTP.

use salastampa_domain::Address;
use salastampa_mail::{Envelope, Fault, FaultKind, Memory, Reply, Transport, Verdict, judge};
use std::path::Path;

fn envelope() -> Envelope {
    let address = |text| Address::parse(text).expect("an address");
    Envelope { from: address("b@bellariva.test"), to: address("dario@giornale.test"), id: String::new() }
}

fn mail(id: &str, body: &str) -> Vec<u8> {
    format!("Subject: x\r\nMessage-ID: <{id}>\r\n\r\n{body}\r\n").into_bytes()
}

async fn send(transport: &Transport, bytes: &[u8]) -> Result<Reply, Fault> {
    let mut connection = transport.connect().await?;
    let reply = connection.offer(&envelope()).await?.data(bytes, None).await;
    assert!(connection.is_usable());
    connection.quit().await;
    reply
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .expect("the folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort_unstable();
    names
}

#[tokio::test]
async fn a_message_is_one_file_and_a_repeat_overwrites_itself() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let folder = home.path().join("posta");
    let transport = Transport::Folder(folder.clone());
    let reply = send(&transport, &mail("review3.v1@bellariva.test", "uno")).await.expect("written");
    assert_eq!((reply.code, reply.queue_id.as_deref()), (250, Some("review3.v1@bellariva.test")));
    assert_eq!(judge(Ok(&reply)), Verdict::Accepted);
    send(&transport, &mail("review3.v1@bellariva.test", "uno")).await.expect("written again");
    send(&transport, &mail("review3.v2@bellariva.test", "due")).await.expect("written");
    assert_eq!(names(&folder), ["review3.v1@bellariva.test.eml", "review3.v2@bellariva.test.eml"]);
    let kept = std::fs::read(folder.join("review3.v1@bellariva.test.eml")).expect("the file");
    assert_eq!(kept, mail("review3.v1@bellariva.test", "uno"));
}

#[tokio::test]
async fn an_offer_alone_writes_nothing() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let memory = Memory::default();
    for transport in [Transport::Folder(home.path().to_owned()), Transport::Memory(memory.clone())] {
        let mut connection = transport.connect().await.expect("open");
        connection.offer(&envelope()).await.expect("offered");
    }
    assert!(names(home.path()).is_empty());
    assert!(memory.sent().is_empty());
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_leaves_the_rows_waiting() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let file = home.path().join("file");
    std::fs::write(&file, "x").expect("written");
    let fault = send(&Transport::Folder(file.join("posta")), &mail("a@b", "x")).await.expect_err("not a folder");
    assert!(matches!(fault.kind, FaultKind::Disk(_)), "{fault}");
    assert_eq!(judge(Err(&fault)), Verdict::RelayDown);
}

#[tokio::test]
async fn memory_keeps_what_was_sent_in_order_and_off_sends_nothing() {
    let memory = Memory::default();
    let transport = Transport::Memory(memory.clone());
    for body in ["uno", "due"] {
        send(&transport, &mail("a@b", body)).await.expect("kept");
    }
    let bodies: Vec<Vec<u8>> = memory.sent().into_iter().map(|sent| sent.bytes).collect();
    assert_eq!(bodies, [mail("a@b", "uno"), mail("a@b", "due")]);
    assert_eq!(memory.sent()[0].envelope, envelope());

    let fault = send(&Transport::Off, &mail("a@b", "x")).await.expect_err("off");
    assert_eq!((fault.kind.clone(), judge(Err(&fault))), (FaultKind::Off, Verdict::RelayDown));
}
