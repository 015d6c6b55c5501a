//! What a reader's program makes of our messages, seen through another library's parser.

use mail_parser::{Address as Parsed, HeaderValue, Message, MessageParser, MimeHeaders};
use salastampa_domain::{Address, DeliveryId, Letter, Timestamp};
use salastampa_mail::{BadMessage, HTML_LIMIT, MAIL_LIMIT, Personal, Sender, Unsubscribe, render};

const LEAVE: Unsubscribe<'static> = Unsubscribe {
    url: "https://stampa.bellariva.test/disiscrizione/ab12?a=1&b=2",
    mailto: "lascia@bellariva.test?subject=ab12",
};

fn address(text: &str) -> Address {
    Address::parse(text).expect("an address")
}

fn sender() -> Sender {
    Sender {
        name: "Comune di Bellariva sul Lago – Ufficio stampa".into(),
        address: address("stampa@bellariva.test"),
        reply_to: address("stampa@bellariva.test"),
        list_host: "liste.bellariva.test".into(),
        help: "https://stampa.bellariva.test/liste".into(),
    }
}

fn letter() -> Letter {
    Letter {
        subject: "[Comune di Bellariva] Riapre il lungolago".into(),
        html: "<!doctype html><html lang=\"it\"><p>Riapre il lungolago.</p></html>".into(),
        text: "Riapre il lungolago.\n\nLavori finiti.\n".into(),
        language: "it".into(),
        auto_generated: false,
        list: None,
        attachments: Vec::new(),
    }
}

fn personal(to: &Address) -> Personal<'_> {
    Personal {
        to,
        to_name: Some("Dario Ferri"),
        message_id: "release12.v1.r0.ab12@bellariva.test",
        in_reply_to: None,
        date: Timestamp::parse("2026-11-22 11:00").expect("an hour"),
        note: None,
        delivery: DeliveryId(7),
        own_data: None,
        unsubscribe: Some(LEAVE),
    }
}

fn sent(letter: &Letter) -> Vec<u8> {
    render(letter, &personal(&address("dario@giornale.test")), &sender(), &[]).expect("a good letter")
}

fn read(bytes: &[u8]) -> Message<'_> {
    MessageParser::default().parse(bytes).expect("a message")
}

fn text_header<'a>(message: &'a Message<'_>, name: &'static str) -> Option<&'a str> {
    message.header(name).and_then(HeaderValue::as_text)
}

/// The header block as lines, folded ones joined.
fn unfolded(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let head = text.split("\r\n\r\n").next().unwrap_or_default().replace("\r\n ", " ");
    head.lines().map(str::to_owned).collect()
}

fn is_well_formed(bytes: &[u8]) {
    assert!(bytes.is_ascii(), "only ASCII on the way");
    for line in bytes.split(|&b| b == b'\n') {
        assert!(line.len() <= 999, "{} bytes in a line", line.len());
        assert!(line.is_empty() || line.ends_with(b"\r"), "each line ends in CR LF");
    }
    for word in String::from_utf8_lossy(bytes).split("\r\n\r\n").next().unwrap_or_default().split_whitespace() {
        assert!(!word.starts_with("=?") || word.len() <= 75, "an encoded word of {}: {word}", word.len());
    }
}

#[test]
fn subject_names_and_bodies_come_back_as_they_were_written() {
    let long = "Piano dell’illuminazione: già approvati i lavori più urgenti – dal lungolago a piazza dell’Orologio, "
        .repeat(3)
        .chars()
        .take(180)
        .collect::<String>();
    for subject in [
        "Riapre il lungolago",
        "È già così: perché, più, lunedì, €50 “gratis” – dell’Orologio…",
        "🚧 Lavori 🇮🇹 finiti 👩‍👩‍👧‍👦",
        long.trim(),
        "=?utf-8?q?non_=C3=A8_codificato?= davvero",
        "senzaspazi".repeat(40).as_str(),
        "a è b è è c 🚧 d",
        "Virgole, punti; \"virgolette\" <angoli> (tonde) e chiocciole @",
    ] {
        let text =
            format!("{subject}\n\n“Perché sì”, dice l’assessora.\n.punto in testa\n{}\n", "parola ".repeat(300).trim());
        let html = format!("<p title=\"=3D\">{subject} è 🚧</p>\r\n.<br>{}", "x".repeat(3_000));
        let bytes = sent(&Letter { subject: subject.into(), text: text.clone(), html: html.clone(), ..letter() });
        is_well_formed(&bytes);
        let message = read(&bytes);
        assert_eq!(message.subject(), Some(subject));
        assert_eq!(message.body_text(0).as_deref().map(|t| t.replace("\r\n", "\n")), Some(text));
        assert_eq!(message.body_html(0).as_deref(), Some(html.as_str()));
    }
    for name in
        ["Dario Ferri", "Niccolò D’Àncora", "Ferri, Dario \"il Nero\"", "Бојана 🚧", "a@b.test", "=?utf-8?q?Ada?=", ""]
    {
        let to = address("dario@giornale.test");
        let personal = Personal { to_name: Some(name), ..personal(&to) };
        let bytes = render(&letter(), &personal, &sender(), &[]).expect("a good name");
        is_well_formed(&bytes);
        let message = read(&bytes);
        let Some(Parsed::List(to)) = message.to() else { panic!("no recipient: {name}") };
        assert_eq!(
            (to.len(), to[0].name().unwrap_or_default(), to[0].address()),
            (1, name, Some("dario@giornale.test"))
        );
        let Some(Parsed::List(from)) = message.from() else { panic!("no sender") };
        assert_eq!(from[0].name(), Some("Comune di Bellariva sul Lago – Ufficio stampa"));
    }
}

#[test]
fn five_hundred_letters_of_all_sorts_are_well_formed() {
    let words = [
        "lungolago",
        "perché",
        "già",
        "Città",
        "€1.200",
        "“sì”",
        "l’Orologio",
        "🚧",
        "–",
        "A",
        "=?x?=",
        "più",
        "https://stampa.bellariva.test/novita/comunicati/2026/una-strada-molto-lunga",
        "«eccola»",
        "...",
        "=",
        ".",
    ];
    let mut state = 1_u64;
    let mut pick = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).expect("31 bits") % below
    };
    for round in 0..500 {
        let mut phrase = |most: usize| {
            let count = 1 + pick(most);
            (0..count).map(|_| words[pick(words.len())]).collect::<Vec<_>>().join(" ")
        };
        let (subject, name) = (phrase(25), phrase(4));
        let text = (0..5).map(|_| phrase(60)).collect::<Vec<_>>().join("\n");
        let letter =
            Letter { subject: subject.clone(), text: text.clone(), html: format!("<p>{text}</p>"), ..letter() };
        let to = address("dario@giornale.test");
        let bytes = render(&letter, &Personal { to_name: Some(&name), ..personal(&to) }, &sender(), &[]).expect("fine");
        is_well_formed(&bytes);
        let message = read(&bytes);
        assert_eq!(message.subject(), Some(subject.as_str()), "round {round}");
        assert_eq!(message.to().and_then(Parsed::first).and_then(|a| a.name()), Some(name.as_str()), "round {round}");
        assert_eq!(message.body_text(0).map(|t| t.trim_end().replace("\r\n", "\n")), Some(text), "round {round}");
    }
}

#[test]
fn nothing_is_injected_into_the_headers() {
    let attacks = [
        "\r\nBcc: x@altrove.test",
        "\nBcc: x@altrove.test",
        "\rBcc: x@altrove.test",
        "\r\n\r\n<script>",
        "\0",
        "\u{b}x",
        "\u{85}x",
        "\r\n .\r\nMAIL FROM:<x@altrove.test>",
        "\n\n",
        "\r",
    ];
    let to = address("dario@giornale.test");
    let mut refused = 0;
    for attack in attacks {
        let bad = |field: &str| format!("{field}{attack}");
        let (id, thread, url, name) = (bad("a@b.test"), bad("c@d.test"), bad("https://x.test/"), bad("Dario"));
        let (subject, language, help, office) = (bad("Titolo"), bad("it"), bad("https://x.test/"), bad("Ufficio"));
        let good = (letter(), personal(&to), sender());
        let list = Letter { list: Some("redazioni".into()), ..letter() };
        for (letter, personal, sender) in [
            (Letter { subject, ..letter() }, good.1, good.2.clone()),
            (Letter { language, ..letter() }, good.1, good.2.clone()),
            (good.0.clone(), Personal { to_name: Some(&name), ..good.1 }, good.2.clone()),
            (good.0.clone(), Personal { message_id: &id, ..good.1 }, good.2.clone()),
            (good.0.clone(), Personal { in_reply_to: Some(&thread), ..good.1 }, good.2.clone()),
            (
                list.clone(),
                Personal { unsubscribe: Some(Unsubscribe { url: &url, ..LEAVE }), ..good.1 },
                good.2.clone(),
            ),
            (
                list.clone(),
                Personal { unsubscribe: Some(Unsubscribe { mailto: &url, ..LEAVE }), ..good.1 },
                good.2.clone(),
            ),
            (list.clone(), good.1, Sender { help, ..sender() }),
            (list.clone(), good.1, Sender { list_host: url.clone(), ..sender() }),
            (good.0.clone(), good.1, Sender { name: office, ..sender() }),
        ] {
            let outcome = render(&letter, &personal, &sender, &[]);
            assert!(matches!(outcome, Err(BadMessage::Header { .. })), "{attack:?}: {outcome:?}");
            refused += 1;
        }
        let file = (bad("rassegna.pdf"), "application/pdf".to_owned(), vec![1]);
        assert!(matches!(render(&good.0, &good.1, &good.2, &[file]), Err(BadMessage::File(_))), "{attack:?}");
        let kind = ("rassegna.pdf".to_owned(), bad("application/pdf"), vec![1]);
        let outcome = render(&good.0, &good.1, &good.2, &[kind]);
        let leaked = outcome.as_ref().is_ok_and(|bytes| String::from_utf8_lossy(bytes).contains("Bcc"));
        assert!(!leaked, "{attack:?}");
    }
    assert_eq!(refused, 100);
}

#[test]
fn a_list_letter_carries_the_way_out_in_headers_and_bodies() {
    let letter = Letter {
        list: Some("Redazioni locali".into()),
        auto_generated: true,
        html: "<a href=\"{{disiscrizione}}\">Non voglio più riceverla</a>".into(),
        text: "Per non riceverla più: {{disiscrizione}}\n".into(),
        ..letter()
    };
    let bytes = sent(&letter);
    let headers = unfolded(&bytes);
    for line in [
        "List-Id: <redazioni-locali.liste.bellariva.test>",
        "List-Help: <https://stampa.bellariva.test/liste>",
        "List-Unsubscribe: <https://stampa.bellariva.test/disiscrizione/ab12?a=1&b=2>, <mailto:lascia@bellariva.test?subject=ab12>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        "Auto-Submitted: auto-generated",
        "Content-Language: it",
    ] {
        assert!(headers.iter().any(|h| h == line), "{line} in {headers:#?}");
    }
    let message = read(&bytes);
    let html = message.body_html(0).expect("html");
    assert_eq!(
        html,
        "<a href=\"https://stampa.bellariva.test/disiscrizione/ab12?a=1&amp;b=2\">Non voglio più riceverla</a>"
    );
    let text = message.body_text(0).expect("text");
    assert!(text.contains("più: https://stampa.bellariva.test/disiscrizione/ab12?a=1&b=2"), "{text}");

    let to = address("dario@giornale.test");
    let without = Personal { unsubscribe: None, ..personal(&to) };
    assert_eq!(render(&letter, &without, &sender(), &[]), Err(BadMessage::NoWayOut));
    let only_the_mark = Letter { list: None, ..letter.clone() };
    assert_eq!(render(&only_the_mark, &without, &sender(), &[]), Err(BadMessage::NoWayOut));
    // a letter that speaks of no list needs none, and names none
    let plain = unfolded(&render(&self::letter(), &without, &sender(), &[]).expect("no list"));
    assert!(!plain.iter().any(|h| h.starts_with("List-") || h.starts_with("Auto-Submitted")), "{plain:#?}");
}

#[test]
fn a_correction_is_threaded_under_the_persons_own_earlier_mail() {
    let to = address("dario@giornale.test");
    let personal = Personal { in_reply_to: Some("release12.v1.r0.ab12@bellariva.test"), ..personal(&to) };
    let bytes = render(&letter(), &personal, &sender(), &[]).expect("fine");
    let message = read(&bytes);
    assert_eq!(message.in_reply_to().as_text(), Some("release12.v1.r0.ab12@bellariva.test"));
    assert_eq!(message.references().as_text(), Some("release12.v1.r0.ab12@bellariva.test"));
}

#[test]
fn each_header_stands_once_and_the_date_is_that_of_the_wall() {
    let bytes = sent(&Letter { list: Some("redazioni".into()), ..letter() });
    let names: Vec<String> =
        unfolded(&bytes).iter().filter_map(|h| h.split(':').next()).map(str::to_lowercase).collect();
    let mut once = names.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), names.len(), "{names:?}");
    for wanted in ["date", "from", "reply-to", "to", "subject", "message-id", "mime-version", "content-type"] {
        assert!(names.iter().any(|n| n == wanted), "{wanted} in {names:?}");
    }
    for never in ["cc", "bcc", "precedence"] {
        assert!(!names.iter().any(|n| n == never), "{never}");
    }
    let message = read(&bytes);
    assert_eq!(text_header(&message, "Content-Language"), Some("it"));
    assert!(unfolded(&bytes).contains(&"Date: Sun, 22 Nov 2026 11:00:00 +0100".to_owned()));
    assert_eq!(message.from().and_then(Parsed::first).and_then(|a| a.address()), Some("stampa@bellariva.test"));
    assert_eq!(message.from(), message.reply_to());
}

#[test]
fn the_same_delivery_gives_the_same_bytes_and_another_one_other_boundaries() {
    let letter = Letter { list: Some("redazioni".into()), ..letter() };
    let files = [("rassegna.pdf".to_owned(), "application/pdf".to_owned(), vec![0, 159, 146, 150, 13, 10, 46])];
    let to = address("dario@giornale.test");
    let made = |delivery| {
        let personal = Personal { delivery: DeliveryId(delivery), ..personal(&to) };
        render(&letter, &personal, &sender(), &files).expect("fine")
    };
    assert_eq!(made(7), made(7));
    let boundary = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        text.split("boundary=\"").nth(1).and_then(|rest| rest.split('"').next()).map(str::to_owned)
    };
    assert!(boundary(&made(7)).is_some());
    assert_ne!(boundary(&made(7)), boundary(&made(8)));
}

#[test]
fn a_file_goes_along_whole_and_under_its_name() {
    let pdf: Vec<u8> = (0..100_000_u64).map(|n| u8::try_from(n * n % 251).expect("below 251")).collect();
    let name = "Rassegna stampa – 22 novembre, “città”.pdf";
    let files = [(name.to_owned(), "application/pdf".to_owned(), pdf.clone())];
    let to = address("dario@giornale.test");
    let bytes = render(&letter(), &personal(&to), &sender(), &files).expect("fine");
    is_well_formed(&bytes);
    let message = read(&bytes);
    let file = message.attachment(0).expect("a file");
    assert_eq!((file.attachment_name(), file.contents()), (Some(name), pdf.as_slice()));
    assert_eq!(message.attachment_count(), 1);
    assert_eq!(message.body_text(0).map(|t| t.replace("\r\n", "\n")), Some(letter().text));
    assert_eq!(message.body_html(0).as_deref(), Some(letter().html.as_str()));
}

#[test]
fn what_is_too_large_is_refused_before_it_is_sent() {
    let to = address("dario@giornale.test");
    let of = |letter: &Letter, files: &[(String, String, Vec<u8>)]| render(letter, &personal(&to), &sender(), files);
    let html = |n: usize| Letter { html: "x".repeat(n), ..letter() };
    assert!(of(&html(HTML_LIMIT - 1), &[]).is_ok());
    assert_eq!(of(&html(HTML_LIMIT), &[]), Err(BadMessage::HtmlTooLong(HTML_LIMIT)));
    let text = Letter { text: "x".repeat(MAIL_LIMIT), ..letter() };
    assert!(matches!(of(&text, &[]), Err(BadMessage::TooLarge(_))));
    let file = |n: usize| [("rassegna.pdf".to_owned(), "application/pdf".to_owned(), vec![7; n])];
    assert!(of(&letter(), &file(5_000_000)).is_ok(), "a review may carry its PDF");
    assert!(matches!(of(&letter(), &file(8_000_000)), Err(BadMessage::TooLarge(_))));
    // a word that long is no title, but it goes through; an address of the web that long cannot
    assert!(of(&Letter { subject: "x".repeat(2_000), ..letter() }, &[]).is_ok());
    let url = format!("https://stampa.bellariva.test/{}", "x".repeat(1_000));
    let personal = Personal { unsubscribe: Some(Unsubscribe { url: &url, ..LEAVE }), ..personal(&to) };
    let list = Letter { list: Some("redazioni".into()), ..letter() };
    assert!(matches!(render(&list, &personal, &sender(), &[]), Err(BadMessage::LineTooLong(_))));
}

#[test]
fn a_word_to_one_person_stands_at_the_top_of_that_message_alone() {
    let letter = Letter {
        html: "<p>Via</p>{{se nota}}<p class=\"n\">{{nota}}</p>\n{{fine nota}}<p>Riapre il lungolago</p>".into(),
        text: "Via\n\n{{se nota}}{{nota}}\n\n{{fine nota}}Riapre il lungolago\n".into(),
        ..letter()
    };
    let to = address("dario@giornale.test");
    let bodies = |note| {
        let bytes = render(&letter, &Personal { note, ..personal(&to) }, &sender(), &[]).expect("fine");
        is_well_formed(&bytes);
        let message = read(&bytes);
        let text = message.body_text(0).expect("text").replace("\r\n", "\n");
        (text, message.body_html(0).expect("html").replace("\r\n", "\n"))
    };
    let plain = ("Via\n\nRiapre il lungolago\n".to_owned(), "<p>Via</p><p>Riapre il lungolago</p>".to_owned());
    assert_eq!(bodies(None), plain);
    let (text, html) = bodies(Some("Caro Dario,\n<b>più</b> {{disiscrizione}} {{fine nota}} di così = no. \n> Ciao"));
    assert_eq!(
        text,
        "Via\n\nCaro Dario,\n<b>più</b> {{disiscrizione}} {{fine nota}} di così = no.\n > Ciao\n\nRiapre il lungolago\n"
    );
    assert_eq!(
        html,
        "<p>Via</p><p class=\"n\">Caro Dario,<br>&lt;b&gt;più&lt;/b&gt; {{disiscrizione}} {{fine nota}} di così = no. \
         <br>&gt; Ciao</p>\n<p>Riapre il lungolago</p>"
    );
}
