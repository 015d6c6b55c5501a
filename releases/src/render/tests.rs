//! What is frozen says the same in every clothing, also when the text is hostile.

use super::*;
use crate::draft::parse;
use crate::{kill_letter, letter, refuse};
use expect_test::expect;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use salastampa_domain::delivery::UNSUBSCRIBE_MARK;
use salastampa_domain::{Document, Licence, ListId, Photo, Picture, ReleaseId, UserId, VersionId};

const BODY: &str = "Il *lungolago* di Bellariva riapre oggi, dopo otto mesi di lavori e \"senza più gradini\".\n\n\
    «Restituiamo alla città la sua passeggiata», dice la sindaca Ada Corti.\n\n## Gli orari\n\n\
    - mattina: dalle 7\n- sera: fino alle 23\n\nLa [mappa dei percorsi](https://bellariva.test/mappa) è nel sito.";

fn house(lang: Lang) -> House {
    House {
        office: "Comune di Bellariva sul Lago".into(),
        town: "Bellariva sul Lago".into(),
        contacts: "Ufficio stampa\ntel. 0000 000000".into(),
        base_url: "https://stampa.bellariva.test".into(),
        lang,
    }
}

fn now() -> Timestamp {
    Timestamp::parse("2026-11-22 09:30").expect("a date")
}

fn draft(head: &str, body: &str) -> Draft {
    let text = format!(
        "+++\ntitolo = \"Riapre il \\\"lungolago\\\"\"\nsommario = \"Dopo otto mesi di lavori.\"\nocchiello = \"Lavori pubblici\"\n\
         liste = [\"cronaca\"]\n{head}\n+++\n\n{body}"
    );
    parse(&text).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn frozen(head: &str, lang: Lang) -> Frozen {
    freeze(&draft(head, BODY), &house(lang), (2026, 12), None, now()).expect("it may leave")
}

fn version(frozen: &Frozen, head: &str) -> Version {
    Version {
        id: VersionId(3),
        release: ReleaseId(1),
        number: 1,
        author: UserId(1),
        at: now(),
        markdown: draft(head, BODY).source,
        title: frozen.title.clone(),
        subject: frozen.subject.clone(),
        html: frozen.html.clone(),
        text: frozen.text.clone(),
        page: frozen.page.clone(),
        summary: frozen.summary.clone(),
        lists: vec![ListId(1)],
        corrects: None,
        files: frozen.files.clone(),
        sha256: frozen.sha256.clone(),
    }
}

/// The words of a text, without marks, tags, entities and addresses.
fn words(text: &str) -> Vec<String> {
    let links = regexless(text, '(', ')');
    let plain = links.replace("&amp;", "&").replace("&quot;", "\"").replace("&#38;", "&").replace("&#34;", "\"");
    plain.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

/// A text without its `(https://…)` and `({{…}})`.
fn regexless(text: &str, open: char, close: char) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(open) {
        out.push_str(before);
        let (inside, after) = after.split_once(close).unwrap_or((after, ""));
        if !inside.starts_with("http") && !inside.starts_with("{{") {
            out.push_str(inside);
        }
        rest = after;
    }
    out + rest
}

/// What a browser would show of a page: no head, no comments, no tags.
fn shown(html: &str) -> String {
    let body = html.split_once("</div>").map_or(html, |(_, after)| after);
    let mut out = String::new();
    let mut rest = body;
    while let Some((before, after)) = rest.split_once('<') {
        out.push_str(before);
        out.push(' ');
        let end = if after.starts_with("!--") { "-->" } else { ">" };
        rest = after.split_once(end).map_or("", |(_, after)| after);
    }
    out + rest
}

#[test]
fn the_text_part_is_what_a_desk_copies() {
    expect![[r#"
        EMBARGO fino alle ore 11:00 di mercoledì 25 novembre 2026, ora italiana. Prima di allora non si pubblica e non si anticipa, nemmeno in parte.

        {{se nota}}{{nota}}

        {{fine nota}}Comune di Bellariva sul Lago – Ufficio stampa
        Comunicato stampa n. 12/2026

        Lavori pubblici

        Riapre il «lungolago»

        Dopo otto mesi di lavori.

        Bellariva sul Lago, 25 novembre 2026

        Il lungolago di Bellariva riapre oggi, dopo otto mesi di lavori e «senza più gradini».

        «Restituiamo alla città la sua passeggiata», dice la sindaca Ada Corti.

        Gli orari

        - mattina: dalle 7
        - sera: fino alle 23

        La mappa dei percorsi (https://bellariva.test/mappa) è nel sito.

        Contatti per la stampa
        Ufficio stampa
        tel. 0000 000000

        Il comunicato nella sala stampa, dal 25 novembre 2026, ore 11:00 (https://stampa.bellariva.test/novita/comunicati/2026/12)

        -- 
        Comune di Bellariva sul Lago ti scrive perché sei nelle sue liste stampa.
        Non voglio più ricevere comunicati ({{disiscrizione}})
    "#]].assert_eq(&frozen("embargo = \"2026-11-25 11:00\"", Lang::It).text);
    expect![[r#"
        {{se nota}}{{nota}}

        {{fine nota}}Comune di Bellariva sul Lago – Press office
        Press note no. 12/2026

        Lavori pubblici

        Riapre il "lungolago"

        Dopo otto mesi di lavori.

        Bellariva sul Lago, 22 November 2026

        Il lungolago di Bellariva riapre oggi, dopo otto mesi di lavori e "senza più gradini".

        «Restituiamo alla città la sua passeggiata», dice la sindaca Ada Corti.

        Gli orari

        - mattina: dalle 7
        - sera: fino alle 23

        La mappa dei percorsi (https://bellariva.test/mappa) è nel sito.

        Press contacts
        Ufficio stampa
        tel. 0000 000000

        Read the release in the newsroom (https://stampa.bellariva.test/novita/comunicati/2026/12)

        -- 
        Comune di Bellariva sul Lago writes to you because you are on its press lists.
        I do not want any more releases ({{disiscrizione}})
    "#]]
    .assert_eq(&frozen("lingua = \"en\"\ntipo = \"nota\"", Lang::It).text);
}

#[test]
fn the_page_is_the_body_alone() {
    expect![[r#"
        <p>Il <em>lungolago</em> di Bellariva riapre oggi, dopo otto mesi di lavori e «senza più gradini».</p>
        <p>«Restituiamo alla città la sua passeggiata», dice la sindaca Ada Corti.</p>
        <h2>Gli orari</h2>
        <ul>
        <li>mattina: dalle 7</li>
        <li>sera: fino alle 23</li>
        </ul>
        <p>La <a href="https://bellariva.test/mappa">mappa dei percorsi</a> è nel sito.</p>
    "#]]
    .assert_eq(&frozen("", Lang::It).page);
}

#[test]
fn the_subject_tells_what_it_is() {
    let subject = |head: &str, corrects: Option<&str>| {
        let old = corrects.map(|title| CorrectionOf { title: title.into(), at: now().plus(-86_400_000) });
        freeze(&draft(head, BODY), &house(Lang::It), (2026, 12), old.as_ref(), now()).expect("it may leave").subject
    };
    let embargo = "embargo = \"2026-11-25 11:00\"";
    assert_eq!(subject("", None), "[Comune di Bellariva sul Lago] Riapre il «lungolago»");
    assert_eq!(subject(embargo, None), "EMBARGO fino alle 11:00 del 25/11 – Riapre il «lungolago»");
    assert_eq!(subject("", Some("Apre il lungolago")), "RETTIFICA: Riapre il «lungolago»");
    assert_eq!(subject("tipo = \"rettifica\"", None), "RETTIFICA: Riapre il «lungolago»");
    assert_eq!(subject(embargo, Some("x")), "EMBARGO fino alle 11:00 del 25/11 – RETTIFICA: Riapre il «lungolago»");
}

#[test]
fn an_embargo_and_a_correction_stand_on_top_of_both_parts() {
    let old = CorrectionOf { title: "Apre il lungolago".into(), at: now() };
    let head = "embargo = \"2026-11-25 11:00\"";
    let sent = freeze(&draft(head, BODY), &house(Lang::It), (2026, 12), Some(&old), now()).expect("it may leave");
    assert!(sent.text.starts_with("EMBARGO fino alle ore 11:00 di mercoledì 25 novembre 2026, ora italiana."));
    let order = |text: &str| {
        ["EMBARGO fino alle ore", "Rettifica del comunicato", "Comune di"].map(|part| text.rfind(part).expect(part))
    };
    assert!(
        order(&sent.text).is_sorted()
            && order(shown(&sent.html).split("ti scrive").next().expect("a start")).is_sorted()
    );
}

#[test]
fn a_correction_keeps_the_head_with_the_embargo_that_has_passed() {
    let late = draft("embargo = \"2026-11-21 11:00\"", BODY);
    let refused = freeze(&late, &house(Lang::It), (2026, 12), None, now()).expect_err("the hour has passed");
    assert_eq!(refused.iter().map(|r| r.rule).collect::<Vec<_>>(), [refuse::Rule::EmbargoPast]);
    let old = CorrectionOf { title: "Prima".into(), at: now() };
    let sent = freeze(&late, &house(Lang::It), (2026, 12), Some(&old), now()).expect("it may leave");
    assert!(!sent.text.contains("EMBARGO"));
}

#[test]
fn text_and_html_say_the_same_words() {
    for lang in Lang::ALL {
        let sent = frozen("embargo = \"2026-11-25 11:00\"", lang);
        assert_eq!(words(&sent.text), words(&shown(&sent.html)), "{lang:?}");
    }
}

#[test]
fn the_mail_asks_nobody_for_anything_and_can_be_left() {
    let sent = frozen("", Lang::It);
    for part in [&sent.html, &sent.text] {
        assert_eq!(part.matches(UNSUBSCRIBE_MARK).count(), 1);
    }
    for wish in ["src=", "<img", "url(", "<script", "<link", "@import", "background=", "data:"] {
        assert!(!sent.html.contains(wish), "{wish}");
    }
    assert_eq!(sent.html.matches("<h1").count(), 1);
    assert!(sent.html.len() < 20_000, "{}", sent.html.len());
}

#[test]
fn what_may_not_leave_is_refused_with_every_reason() {
    let rules = |text: &str| -> Vec<refuse::Rule> {
        let refused = freeze(&parse(text).expect("it reads"), &house(Lang::It), (2026, 12), None, now());
        refused.map_or_else(|r| r.iter().map(|r| r.rule).collect(), |_| Vec::new())
    };
    assert_eq!(
        rules("+++\ntitolo = \"A\\r\\nBcc: x@esempio.test\"\nembargo = \"2026-11-20 10:00\"\n+++\nTesto"),
        [refuse::Rule::HeaderBreak, refuse::Rule::NoList, refuse::Rule::EmbargoPast]
    );
    let long = format!("+++\ntitolo = \"{}\"\nliste = \"a\"\n+++\n{}", "a".repeat(301), "parola ".repeat(15_000));
    assert_eq!(rules(&long), [refuse::Rule::TitleTooLong, refuse::Rule::TooLarge]);
}

#[test]
fn any_changed_byte_changes_the_hash() {
    let sent = frozen("", Lang::It);
    let kept = version(&sent, "");
    assert_eq!(digest(&kept), kept.sha256);
    assert_ne!(digest(&Version { text: kept.text.replace("otto", "nove"), ..kept.clone() }), kept.sha256);
    let moved = Version { title: String::new(), subject: format!("{}{}", kept.title, kept.subject), ..kept.clone() };
    assert_ne!(digest(&moved), kept.sha256);
}

#[test]
fn the_letter_is_the_frozen_bytes_for_a_list_that_can_be_left() {
    let sent = frozen("lingua = \"en\"", Lang::It);
    let posted = letter(&version(&sent, "lingua = \"en\""), &house(Lang::It));
    assert_eq!((posted.html, posted.text, posted.subject), (sent.html, sent.text, sent.subject));
    assert_eq!((posted.language.as_str(), posted.list.as_deref()), ("en", Some("comunicati")));
    assert!(!posted.auto_generated && posted.attachments.is_empty());
}

#[test]
fn a_withdrawal_says_why_in_words_alone() {
    let kept = version(&frozen("", Lang::It), "");
    let posted = kill_letter(&kept, &house(Lang::It), "data [sbagliata](https://esempio.test)\n# <b>ora</b>", now());
    assert_eq!(posted.subject, "RITIRATO: Riapre il «lungolago»");
    assert!(posted.text.contains("Motivo: data [sbagliata](https://esempio.test) # <b>ora</b>"), "{}", posted.text);
    assert!(posted.html.contains("&lt;b&gt;ora") && !posted.html.contains("<b>"));
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(7), failure_persistence: None, ..Default::default() })]
    #[test]
    fn no_markdown_brings_a_script_or_a_request_into_a_mail(
        parts in prop::collection::vec(prop::sample::select(vec![
            "<script>alert(1)</script>", "<img src=x onerror=y>", "![a](https://e.test/a.png)", "[a](javascript:b)",
            "[a]: data:text/html,x\n", "<a href='vbscript:x'>", "<style>*{}</style>", "<!--", "-->", "\n\n", "- ", "> ",
            "**", "_", "`", "```\n", "<iframe>", "&lt;script&gt;", "[a](https://e.test/\"onclick=\"x)", "\u{202e}", "\0", "testo",
            "<https://e.test>", "1. ", "# ", "\\", "[", "](", ")", "«", "\"",
        ]), 0..40),
    ) {
        let body = format!("x {}", parts.concat());
        if let Ok(sent) = freeze(&draft("", &body), &house(Lang::It), (2026, 12), None, now()) {
            for html in [&sent.html, &sent.page] {
                let lower = html.to_lowercase();
                // `<style` stands once in the mail's own head
                let own = usize::from(html.starts_with("<!doctype"));
                prop_assert_eq!(lower.matches("<style").count(), own);
                for wish in ["<script", "<img", "<iframe", "=\"javascript:", "=\"data:", "=\"vbscript:"] {
                    prop_assert!(!lower.contains(wish), "{} in {}", wish, html);
                }
                let tags = lower.split('<').skip(1).filter_map(|t| t.split_once('>')).map(|(tag, _)| tag);
                for tag in tags {
                    prop_assert!(!tag.contains(" on") && !tag.contains("src"), "{}", tag);
                }
            }
            prop_assert_eq!(sent.text.contains("alert"), shown(&sent.html).contains("alert"));
        }
    }
}

fn with_files(files: ReleaseFiles) -> Frozen {
    let draft = Draft { files, ..draft("embargo = \"2026-11-25 11:00\"", BODY) };
    freeze(&draft, &house(Lang::It), (2026, 12), None, now()).expect("it may leave")
}

fn some_files() -> ReleaseFiles {
    let full = Picture { file: "ab".repeat(32), bytes: 3_200_000, width: 4_000, height: 3_000 };
    let photo = Photo {
        full,
        name: "ponte.jpg".into(),
        mime: "image/jpeg".into(),
        alt: "Il ponte <b>".into(),
        credit: "Foto di Nina Valli".into(),
        ..Photo::default()
    };
    let document = Document {
        file: "cd".repeat(32),
        bytes: 48_000,
        mime: "application/pdf".into(),
        name: "ordinanza.pdf".into(),
        title: String::new(),
        until: None,
    };
    ReleaseFiles { photos: vec![photo], documents: vec![document] }
}

#[test]
fn a_mail_links_to_files_and_carries_none() {
    let sent = with_files(some_files());
    for part in [&sent.html, &sent.text] {
        assert!(part.contains(&format!("https://stampa.bellariva.test/file/{}/ponte.jpg", "ab".repeat(32))), "{part}");
        assert!(part.contains("Foto di Nina Valli, JPEG, 3,2 MB") && part.contains("PDF, 48 kB"), "{part}");
        assert!(part.contains("/novita/comunicati/2026/12/materiali.zip"), "{part}");
        assert!(part.contains("I collegamenti si aprono dal 25 novembre 2026, ore 11:00."), "{part}");
    }
    let mut files = some_files();
    files.photos[0].until = Some(jiff::civil::date(2027, 1, 1));
    assert!(with_files(files).text.contains("JPEG, 3,2 MB; fino al 1° gennaio 2027"));
    assert!(!sent.html.contains("<img") && sent.html.contains("Il ponte &#60;b&#62;"), "{}", sent.html);
}

#[test]
fn another_word_about_a_photo_is_another_text_and_no_files_change_nothing() {
    let plain = with_files(ReleaseFiles::default());
    // as it was when versions had no files yet: the hash of the text's own fields and of nothing else
    let mut hash = Sha256::new();
    let source = draft("embargo = \"2026-11-25 11:00\"", BODY).source;
    for field in [&source, &plain.title, &plain.subject, &plain.html, &plain.text, &plain.page, &plain.summary] {
        hash.update((field.len() as u64).to_be_bytes());
        hash.update(field.as_bytes());
    }
    let old: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(plain.sha256, old);
    let first = with_files(some_files());
    assert_ne!(first.sha256, plain.sha256);
    let changes: [fn(&mut ReleaseFiles); 7] = [
        |files| files.photos[0].alt.push('!'),
        |files| files.photos[0].thumb.file = "ef".repeat(32),
        |files| files.photos[0].licence = Licence::Cc0,
        |files| files.documents[0].file = "ef".repeat(32),
        |files| files.documents.clear(),
        |files| files.photos[0].until = Some(jiff::civil::date(2027, 1, 1)),
        |files| files.documents[0].until = Some(jiff::civil::date(2027, 1, 1)),
    ];
    for change in changes {
        let mut version = version(&first, "");
        assert_eq!(digest(&Version { markdown: source.clone(), ..version.clone() }), first.sha256);
        version.markdown.clone_from(&source);
        change(&mut version.files);
        assert_ne!(digest(&version), first.sha256);
    }
}
