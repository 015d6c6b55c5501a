//! *Manca un pezzo*: an address that nobody had seen and a page of paper become articles of the next review, through the
//! forms of the desk and the running program.

use crate::outlets::{Answer, page};
use crate::press_test::{OFFICE, Office, Press};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Stdio;

/// Somebody at the desk, without a browser.
pub struct Visitor {
    address: String,
    cookie: String,
}

impl Visitor {
    /// Somebody whom the office does not know.
    pub fn outside(address: &str) -> Self {
        Self { address: address.to_owned(), cookie: String::new() }
    }

    /// Lets somebody in.
    pub fn enter(address: &str, login: &str, password: &str) -> Self {
        let mut visitor = Self { address: address.to_owned(), cookie: String::new() };
        let answer = visitor.post("/desk/entra", &[("nome", login), ("password", password)]);
        let cookie = answer.lines().find_map(|line| line.strip_prefix("set-cookie: ")).expect("a session");
        visitor.cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        visitor
    }

    fn ask(&self, head: &str, body: &[u8]) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("the office listens");
        let (address, cookie) = (&self.address, &self.cookie);
        let head = format!("{head}\r\nHost: {address}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n");
        stream.write_all(&[head.as_bytes(), body].concat()).expect("it reads");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("it answers");
        String::from_utf8_lossy(&answer).into_owned()
    }

    pub fn see(&self, path: &str) -> String {
        self.ask(&format!("GET {path} HTTP/1.1"), b"")
    }

    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> String {
        let byte = |b: u8| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") };
        let encoded = |text: &str| text.bytes().map(byte).collect::<String>();
        let body: Vec<String> = fields.iter().map(|(name, text)| format!("{name}={}", encoded(text))).collect();
        let body = body.join("&");
        let kind = "Content-Type: application/x-www-form-urlencoded";
        self.ask(&format!("POST {path} HTTP/1.1\r\n{kind}\r\nContent-Length: {}", body.len()), body.as_bytes())
    }

    /// A form with a file (RFC 7578).
    pub fn upload(&self, path: &str, fields: &[(&str, &str)], (name, file): (&str, &[u8])) -> String {
        let mut body = Vec::new();
        for (field, text) in fields {
            body.extend(format!("--x\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{text}\r\n").bytes());
        }
        let head = format!("--x\r\nContent-Disposition: form-data; name=\"pdf\"; filename=\"{name}\"\r\n\r\n");
        body.extend([head.as_bytes(), file, b"\r\n--x--\r\n"].concat());
        let kind = "Content-Type: multipart/form-data; boundary=x";
        self.ask(&format!("POST {path} HTTP/1.1\r\n{kind}\r\nContent-Length: {}", body.len()), &body)
    }
}

/// What stands between two pieces of a text.
pub fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    text.split_once(from).and_then(|(_, rest)| rest.split_once(to)).unwrap_or_else(|| panic!("no {from} in {text}")).0
}

/// A PDF of one page with those lines of text.
pub fn pdf(lines: &[&str]) -> Vec<u8> {
    let set = |(n, line): (usize, &&str)| {
        let size = if n == 0 { 26 } else { 11 };
        format!("BT /F1 {size} Tf 1 0 0 1 50 {} Tm ({line}) Tj ET\n", 780 - 40 * n.min(1) - 14 * n)
    };
    let content: String = lines.iter().enumerate().map(set).collect();
    format!(
        "%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n\
         2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n\
         3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>\nendobj\n\
         4 0 obj\n<< /Length {} >>\nstream\n{content}\nendstream\nendobj\n\
         5 0 obj\n<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>\nendobj\n\
         trailer\n<< /Size 6 /Root 1 0 R >>\n%%EOF\n",
        content.len() + 1
    )
    .into_bytes()
}

/// An office that runs, with its editor at the desk.
fn desk() -> (Press, Office, Visitor) {
    let free = format!("127.0.0.1:{}", crate::ports::free());
    let press =
        Press::new(&["lago.test", "altrove.test"]).environment("SALASTAMPA__WEB__BASE_URL", &format!("http://{free}"));
    let outlet = "[[outlet]]\nid = \"il-lago\"\nname = \"Il Lago\"\nkind = \"local\"\narea = \"Bellariva\"\n\n[[source]]\n\
                  id = \"il-lago-tutte\"\noutlet = \"il-lago\"\nkind = \"feed\"\nurl = \"http://lago.test/feed.xml\"\nclass = \"C\"\n";
    press.write("feeds.toml", outlet);
    press.write("office.toml", OFFICE);
    assert_eq!(press.run_now(&["import", "office", "office.toml"]).code, 0);
    let mut told = press.command().args(["user", "passwd", "elena"]).stdin(Stdio::piped()).spawn().expect("it starts");
    told.stdin.take().expect("it was piped").write_all(b"una parola lunga\n").expect("it reads");
    assert!(told.wait().expect("it ends").success());
    let office = Office::start_at(&press, &free);
    let visitor = Visitor::enter(&free, "elena", "una parola lunga");
    (press, office, visitor)
}

#[test]
fn a_piece_that_is_missing_comes_by_its_address_or_as_a_pdf() {
    let (press, mut office, elena) = desk();
    let list = elena.see("/desk/ritagli");
    let issue = format!("/desk/rassegna/generale/{}", between(&list, "href=\"/desk/rassegna/generale/", "\""));
    let shown = elena.see(&issue);
    let word = between(&shown, "name=\"_csrf\" value=\"", "\"").to_owned();
    let section = between(&shown, "name=\"sezione\"><option value=\"", "\"").to_owned();

    // an address of a site that is no source
    let title = "Il traghetto delle sei parte in anticipo";
    press.outlets.answer(
        "altrove.test",
        "/traghetto",
        Answer::ok("text/html; charset=utf-8", page(title, "Da lunedì.")),
    );
    let fields = [("_csrf", &*word), ("indirizzo", "http://altrove.test/traghetto"), ("sezione", &section)];
    let answer = elena.post(&format!("{issue}/incolla"), &fields);
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    office.until("errand 1 is done");
    let page = elena.see(&issue);
    assert!(page.contains(title) && page.contains("questo sito non è tra le fonti"), "{page}");
    assert_eq!(press.rows("select url from article"), ["http://altrove.test/traghetto"]);
    assert_eq!(press.rows("select body from article_text where body like '%parcheggio dietro la stazione%'").len(), 1);
    let paths: Vec<String> = press.outlets.asked_of("altrove.test").into_iter().map(|a| a.path).collect();
    assert_eq!(paths, ["/robots.txt", "/.well-known/tdmrep.json", "/traghetto"], "its rules are asked first");

    // a page of paper
    let file = pdf(&[
        "Il campanile torna a suonare",
        "Dopo tre anni di lavori il campanile di San Rocco torna a suonare le ore. La spesa \\350 stata divi-",
        "sa tra la parrocchia e il Comune, che ha messo a disposizione il ponteggio.",
    ]);
    let form =
        |outlet| [("_csrf", &*word), ("sezione", &*section), ("testata", outlet), ("titolo", ""), ("giorno", "")];
    let path = format!("{issue}/carica");
    let refused = elena.upload(&path, &form(""), ("lista.txt", b"non un pdf"));
    assert!(refused.starts_with("HTTP/1.1 422"), "{refused}");
    assert!(
        refused.contains("non è un PDF leggibile") && refused.contains("Scegli la testata da cui viene"),
        "{refused}"
    );
    let answer = elena.upload(&path, &form("il-lago"), ("pagina <9>.pdf", &file));
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    office.until("errand 2 is done");
    let page = elena.see(&issue);
    assert!(
        page.contains("Il campanile torna a suonare") && page.contains("pagina &#60;9&#62;.pdf: aggiunto"),
        "{page}"
    );
    let text = press.rows("select body from article_text where title = 'Il campanile torna a suonare'");
    assert!(text.len() == 1 && text[0].contains("è stata divisa tra la parrocchia"), "{text:?}");

    // the same file again adds nothing; a scan says that it is one
    elena.upload(&path, &form("il-lago"), ("ancora.pdf", &file));
    office.until("errand 3 is done");
    assert_eq!(press.rows("select cast(count(*) as text) from article"), ["2"]);
    elena.upload(&path, &form("il-lago"), ("scansione.pdf", &pdf(&["7"])));
    office.until("errand 4 is done");
    assert!(elena.see(&issue).contains("non contiene testo ma immagini"));
    assert_eq!(press.rows("select cast(count(*) as text) from article"), ["2"]);
}
