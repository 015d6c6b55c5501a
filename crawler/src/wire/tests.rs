//! Files of an invented agency in every format, and what must come out of them.

use super::*;
use expect_test::{Expect, expect};
use salastampa_domain::time::rome;

fn context() -> WireContext {
    WireContext { zone: rome(), now: Timestamp::parse("2026-11-23 08:00").expect("an instant") }
}

/// What an item says, a line a field that says anything.
fn told(item: &WireItem) -> String {
    let mut lines = vec![format!(
        "{:?} {} v{} {:?} {:?} take {}{}",
        item.format,
        item.identity,
        item.version,
        item.status,
        item.kind,
        item.take,
        if item.continues { " (segue)" } else { "" }
    )];
    lines.push(format!("urgency {:?} plus {}", item.urgency, item.plus));
    for (name, value) in [
        ("title", Some(&item.title)),
        ("subtitle", item.subtitle.as_ref()),
        ("slug", item.slug.as_ref()),
        ("dateline", item.dateline.as_ref()),
        ("place", item.place.as_ref()),
        ("category", item.category.as_ref()),
        ("rubric", item.rubric.as_ref()),
        ("language", item.language.as_ref()),
        ("rights", item.rights.as_ref()),
        ("note", item.note.as_ref()),
        ("routing", item.routing.as_ref()),
        ("replaces", item.replaces.as_ref()),
    ] {
        lines.extend(value.map(|value| format!("{name}: {value}")));
    }
    lines.push(format!("authors: {}", item.authors.join(", ")));
    let times = [("issued", item.issued_at), ("embargo", item.embargo_until)];
    lines.extend(times.iter().filter_map(|(name, at)| at.map(|at| format!("{name}: {}", at.rfc3339()))));
    lines.push(format!("lead: {}", item.lead.for_analysis()));
    lines.push(item.body.for_analysis().to_owned());
    lines.join("\n")
}

#[track_caller]
fn reads(file: &[u8], expected: Expect) {
    let (items, problems) = parse(file, &context()).expect("a wire");
    let mut lines: Vec<String> = items.iter().map(told).collect();
    lines.extend(problems.iter().map(|problem| format!("! {}", problem.what)));
    expected.assert_eq(&lines.join("\n\n"));
}

/// As an Italian agency sends it: message, initials as creator, codes behind the last paragraph, rights left empty.
const ITALIAN: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><header><sent>2026-11-23T07:41:00</sent></header><itemSet>
<newsItem guid="tag:agz.test,2026-11-23:0001" version="2" standard="NewsML-G2" xml:lang="it">
<rightsInfo><copyrightHolder><name/></copyrightHolder><copyrightNotice/></rightsInfo>
<itemMeta><itemClass qcode="ninat:text"/><versionCreated>2026-11-23T07:40:00</versionCreated>
<firstCreated>2026-11-23T07:31:00</firstCreated><pubStatus qcode="stat:usable"/><signal qcode="sig:update"/></itemMeta>
<contentMeta><urgency>3</urgency><dateline>AGZ - BELLARIVA, 23 NOV -</dateline>
<subject qcode="products:0010"><name>Cronaca - News</name></subject><subject qcode="FIEG_Categories:CRO"/>
<headline>++ Bellariva: riapre il molo, &quot;promessa mantenuta&quot; ++</headline>
<headline role="hld:subHeadline">Da domani a piedi</headline><creator literal="RZ"><name>RZ</name></creator>
<description role="semantics"><![CDATA[{"persone": }]]></description></contentMeta>
<contentSet><inlineXML contenttype="application/xhtml+xml"><html><body>
<p>
   (AGZ) - BELLARIVA, 23 NOV - Il molo piccolo riapre domani
   dopo tre mesi di lavori.</p><p>Lo ha detto la sindaca Ada Corti. (AGZ).</p>11 22 CRO01 1113 GEST03 QBXB
</body></html></inlineXML></contentSet></newsItem></itemSet></newsMessage>"#;

#[test]
fn newsml_g2_of_an_italian_agency() {
    reads(
        ITALIAN.as_bytes(),
        expect![[r#"
            NewsmlG2 tag:agz.test,2026-11-23:0001 v2 Usable Update take 1
            urgency Some(3) plus 2
            title: Bellariva: riapre il molo, "promessa mantenuta"
            subtitle: Da domani a piedi
            dateline: AGZ - BELLARIVA, 23 NOV -
            place: Bellariva
            category: CRO
            rubric: Cronaca
            language: it
            routing: 11 22 CRO01 1113 GEST03 QBXB
            authors: RZ
            issued: 2026-11-23T07:40:00+01:00
            lead: 
            Il molo piccolo riapre domani dopo tre mesi di lavori.
            Lo ha detto la sindaca Ada Corti."#]],
    );
}

#[test]
fn newsml_g2_with_an_embargo_a_kill_and_a_photo() {
    let file = r#"<newsMessage><itemSet>
        <newsItem guid="tag:agz.test:e" version="1"><rightsInfo><usageTerms>Solo abbonati</usageTerms></rightsInfo><itemMeta>
          <pubStatus qcode="stat:usable"/><embargoed>2026-11-23T18:00:00+01:00</embargoed><edNote>Rispettare l'ora.</edNote></itemMeta>
          <contentMeta><headline>Il bilancio del Comune</headline><by>Dino Rota</by><subject qcode="medtop:04000000"/></contentMeta>
          <contentSet><inlineData>Quaranta milioni
di spesa.

Nessun taglio.</inlineData></contentSet></newsItem>
        <newsItem guid="tag:agz.test:w" version="1"><itemMeta><embargoed/></itemMeta><contentMeta><headline>Senza ora</headline></contentMeta></newsItem>
        <newsItem guid="tag:agz.test:k" version="3"><itemMeta><pubStatus qcode="stat:canceled"/></itemMeta></newsItem>
        <newsItem guid="tag:agz.test:f" version="1"><itemMeta><itemClass qcode="icls:picture"/></itemMeta></newsItem>
        <newsItem version="1"/></itemSet></newsMessage>"#;
    reads(
        file.as_bytes(),
        expect![[r#"
            NewsmlG2 tag:agz.test:e v1 Usable New take 1
            urgency None plus 0
            title: Il bilancio del Comune
            rubric: Economia
            rights: Solo abbonati
            note: Rispettare l'ora.
            authors: Dino Rota
            embargo: 2026-11-23T18:00:00+01:00
            lead: 
            Quaranta milioni di spesa.
            Nessun taglio.

            NewsmlG2 tag:agz.test:w v1 Withheld New take 1
            urgency None plus 0
            title: Senza ora
            authors: 
            lead: 


            NewsmlG2 tag:agz.test:k v3 Cancelled Kill take 1
            urgency None plus 0
            title: 
            authors: 
            lead: 


            ! the item is a picture, no text (tag:agz.test:f)

            ! an item without guid"#]],
    );
}

#[test]
fn newsml_1_in_latin_1() {
    let file = "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><NewsML><NewsItem><Identification><NewsIdentifier>\
        <ProviderId>agz.test</ProviderId><DateId>20261123</DateId><NewsItemId>A7</NewsItemId>\
        <RevisionId PreviousRevision=\"1\" Update=\"N\">2</RevisionId></NewsIdentifier></Identification><NewsManagement>\
        <ThisRevisionCreated>20261123T064500Z</ThisRevisionCreated><Status FormalName=\"Usable\"/><Urgency FormalName=\"4\"/>\
        </NewsManagement><NewsComponent><NewsLines><HeadLine>Perch\u{e9} il molo riapre</HeadLine><ByLine>di Ada Neri</ByLine>\
        <DateLine>Bellariva, 23 nov 2026 (AGZ)</DateLine><SlugLine>molo</SlugLine></NewsLines><DescriptiveMetadata>\
        <Language FormalName=\"it\"/></DescriptiveMetadata><NewsComponent><ContentItem><MediaType FormalName=\"Text\"/>\
        <DataContent><p>La citt\u{e0} ritrova il molo.</p></DataContent></ContentItem></NewsComponent></NewsComponent></NewsItem></NewsML>";
    let bytes: Vec<u8> = file.chars().map(|c| u8::try_from(u32::from(c)).expect("Latin-1")).collect();
    reads(
        &bytes,
        expect![[r#"
            Newsml1 urn:newsml:agz.test:20261123:A7 v2 Usable Update take 1
            urgency Some(4) plus 0
            title: Perché il molo riapre
            slug: molo
            dateline: Bellariva, 23 nov 2026 (AGZ)
            language: it
            authors: Ada Neri
            issued: 2026-11-23T07:45:00+01:00
            lead: 
            La città ritrova il molo."#]],
    );
}

#[test]
fn nitf_with_a_dtd() {
    let file = r#"<?xml version="1.0"?><!DOCTYPE nitf SYSTEM "nitf-3-2.dtd"><nitf baselang="it-IT"><head><title>altro</title>
        <meta name="category" content="POL"/><docdata management-status="embargoed" management-doc-idref="agz.8">
        <doc-id id-string="agz.9"/><urgency ed-urg="2"/><date.issue norm="20261123T071500+0100"/>
        <date.release norm="20261123T120000+0100"/><du-key key="molo" version="3"/><series series.part="2"/>
        <ed-msg info="Segue tabella"/><doc.copyright holder="AGZ"/></docdata></head><body><body.head><hedline><hl1>Il molo in consiglio</hl1>
        <hl2>Voto alle 11</hl2></hedline><byline>di Ada Neri</byline><dateline><location>Bellariva</location>
        <story.date norm="20261123"/></dateline><abstract>Si vota.</abstract></body.head><body.content><p>Il consiglio
        vota alle 11.</p><table><tr><td>Sì</td><td>18</td></tr></table></body.content></body></nitf>"#;
    reads(
        file.as_bytes(),
        expect![[r#"
            Nitf agz.9 v3 Usable Update take 2
            urgency Some(2) plus 0
            title: Il molo in consiglio
            subtitle: Voto alle 11
            slug: molo
            dateline: Bellariva
            place: Bellariva
            category: POL
            rubric: Politica
            language: it
            rights: AGZ
            note: Segue tabella
            replaces: agz.8
            authors: Ada Neri
            issued: 2026-11-23T07:15:00+01:00
            embargo: 2026-11-23T12:00:00+01:00
            lead: Si vota.
            Il consiglio vota alle 11.
            Sì 18"#]],
    );
}

#[test]
fn iptc_7901_in_latin_1() {
    let file = b"\x01agz042 2 s 120 ccccb   agz 061\r\n\nCalcio/Bellariva/\r\n\x021ST LEAD\r\nIl Bellariva \xe8 promosso\r\nall'ultimo minuto\r\ndi Ivo Sala =\r\n\n\
        Bellariva (agz) - Il Bellariva \xe8 promosso: il gol\r\narriva al novantesimo.\r\n\n  Festa in piazza.\r\n\n\
        * * * *\r\nThe following information is not for publication\r\nTel: 0123\r\n\x03230655 GMT Nov 26\r\n\x7f\x04";
    reads(
        file,
        expect![[r#"
            Iptc7901 agz042-2026-11-23 v1 Usable Update take 1
            urgency Some(2) plus 0
            title: Il Bellariva è promosso all'ultimo minuto
            slug: Calcio/Bellariva/
            dateline: Bellariva (agz)
            place: Bellariva
            category: s
            rubric: Sport
            note: * * * * The following information is not for publication Tel: 0123
            authors: Ivo Sala
            issued: 2026-11-23T07:55:00+01:00
            lead: 
            Il Bellariva è promosso: il gol arriva al novantesimo.
            Festa in piazza."#]],
    );
}

#[test]
fn anpa_1312_with_its_header_lines() {
    let file = b"\x16\x16\x01a4711\x1f-----\nu i\x13\x11 BC-IT--Pier-Bellariva 1stLd-Writethru   11-23 0140\r\n\
        \x02^BC-IT--Pier-Bellariva, 1st Ld-Writethru,140< \r\n^Town opens its pier again< \r\n^AP Photo ABC101< \r\n\
        ^Eds: Adds quotes.< \r\n^By ADA NERI=\r\n^Agenzia Zeta=\r\n\t   BELLARIVA, Italy (AGZ) _ ``At last,'' the mayor said. \r\n\
        \t   The pier _ closed for months _ is open. \r\n\r\n\x03AGZ-WF-11-23-26 0630GMT<\r\n\x0c\r\n\x04";
    reads(
        file,
        expect![[r#"
            Anpa a4711-2026-11-23 v1 Usable Update take 1
            urgency Some(3) plus 0
            title: Town opens its pier again
            slug: BC-IT--Pier-Bellariva
            dateline: BELLARIVA, Italy (AGZ)
            place: Bellariva
            category: i
            rubric: Esteri
            note: Eds: Adds quotes.
            authors: ADA NERI
            issued: 2026-11-23T07:30:00+01:00
            lead: 
            “At last,” the mayor said.
            The pier – closed for months – is open."#]],
    );
}

#[test]
fn what_is_no_wire_is_refused_with_a_reason() {
    let deep = format!("<newsMessage>{}", "<p>".repeat(1_600));
    let cut = &ITALIAN[..ITALIAN.len() * 3 / 4];
    for (file, why) in [
        (&b""[..], "file vuoto"),
        (b" \n\0", "file vuoto"),
        (b"Subject: comunicato\n\nTesto", "non è in un formato di agenzia che si sappia leggere"),
        (b"<rss version='2.0'/>", "documento «rss»: non è in un formato di agenzia che si sappia leggere"),
        (cut.as_bytes(), "il file finisce a metà di una notizia"),
        (b"\x01agz042 2 s 120\r\nslug\r\n\x02Titolo =\r\n\nmet", "il file finisce a metà di una notizia"),
        (b"\x16\x16\x01a471", "intestazione ANPA 1312 illeggibile"),
        (b"\x01\x02\x03", "intestazione IPTC 7901 illeggibile"),
        (deep.as_bytes(), "troppi elementi uno dentro l'altro"),
    ] {
        let refused = parse(file, &context()).expect_err("no wire");
        assert_eq!(refused.why, why, "{}", String::from_utf8_lossy(&file[..file.len().min(40)]));
    }
    let big = vec![b'<'; CAP + 1];
    assert_eq!(parse(&big, &context()).expect_err("too big").why, "più grande di 20 MB");
}

#[test]
fn a_broken_item_does_not_lose_the_one_before() {
    let file = "<newsMessage><itemSet><newsItem guid='a'><contentMeta><headline>Intera</headline></contentMeta></newsItem>\
        <newsItem guid='b'><contentMeta><headline>A met";
    let (items, problems) = parse(file.as_bytes(), &context()).expect("one whole item");
    assert_eq!((items.len(), items[0].title.as_str()), (1, "Intera"));
    assert!(problems.iter().any(|p| p.what == "the file breaks off inside b"), "{problems:?}");
}

/// Title, and what is read out of it: title, take, segue, plus, kind.
#[test]
fn the_marks_of_titles() {
    for (title, expected) in [
        ("+++ Terremoto a Bellariva +++", "Terremoto a Bellariva 1 3 New"),
        ("Bilancio: Corti, nessun taglio (2)", "Bilancio: Corti, nessun taglio 2 0 New"),
        ("Bilancio: Corti, nessun taglio (2-segue)", "Bilancio: Corti, nessun taglio 2s 0 New"),
        ("Bilancio: Corti, nessun taglio -3-", "Bilancio: Corti, nessun taglio 3 0 New"),
        ("Bilancio: Corti, nessun taglio (segue)", "Bilancio: Corti, nessun taglio 1s 0 New"),
        ("Bilancio: Corti, nessun taglio - SEGUE", "Bilancio: Corti, nessun taglio 1s 0 New"),
        ("ANNULLA: il molo riapre domani", "il molo riapre domani 1 0 Kill"),
        ("+ ANNULLARE + +", "ANNULLARE 1 1 New"),
        ("Il molo riapre domani (annulla)", "Il molo riapre domani 1 0 Kill"),
        ("ERRATA CORRIGE: il molo riapre martedì", "il molo riapre martedì 1 0 Correction"),
        ("(Correzione) Il molo riapre martedì", "Il molo riapre martedì 1 0 Correction"),
        ("Il molo riapre martedì (RPT)", "Il molo riapre martedì 1 0 Update"),
        ("Annullata la gara del molo", "Annullata la gara del molo 1 0 New"),
        ("Annulla: il giudice ferma tutto", "Annulla: il giudice ferma tutto 1 0 New"),
        ("Il Bellariva vince (1975)", "Il Bellariva vince (1975) 1 0 New"),
        ("Il molo riapre (sì, domani)", "Il molo riapre (sì, domani) 1 0 New"),
        ("Coalizione in bilico =", "Coalizione in bilico 1 0 New"),
        ("()", "() 1 0 New"),
    ] {
        let mut item = empty(WireFormat::Nitf, "x".into());
        item.title = title.into();
        marks::read(&mut item);
        let segue = if item.continues { "s" } else { "" };
        let read = format!("{} {}{segue} {} {:?}", item.title, item.take, item.plus, item.kind);
        assert_eq!(read, expected, "{title}");
    }
}

/// First paragraph, and what is read out of it: dateline, place, text.
#[test]
fn the_marks_of_texts() {
    for (text, expected) in [
        ("(AGZ) - BELLARIVA, 1 LUG - Il molo.", "(AGZ) - BELLARIVA, 1 LUG|Bellariva|Il molo."),
        ("(AGZ) - Il molo - quello piccolo - riapre.", "(AGZ)||Il molo - quello piccolo - riapre."),
        ("Bellariva, 23 nov. (Agz) - Il molo.", "Bellariva, 23 nov. (Agz)|Bellariva|Il molo."),
        ("BELLARIVA (AGENZIA ZETA) - Il molo. (AGENZIA ZETA)", "BELLARIVA (AGENZIA ZETA)|Bellariva|Il molo."),
        (
            "San Pietro in Valle, Nov 2 (AGZ).- Il molo.",
            "San Pietro in Valle, Nov 2 (AGZ)|San Pietro in Valle|Il molo.",
        ),
        ("(AGZ) - BELLARIVA, 1 LUG - Il molo. (AGZ). RZ-COM", "(AGZ) - BELLARIVA, 1 LUG|Bellariva|Il molo."),
        ("Il molo (quello piccolo) riapre.", "||Il molo (quello piccolo) riapre."),
        ("Il molo, dice Corti (lista Onda) - riapre.", "||Il molo, dice Corti (lista Onda) - riapre."),
        ("Il molo (nuovo) - riapre.", "||Il molo (nuovo) - riapre."),
        ("Il sindaco: il molo (nuovo) - riapre.", "||Il sindaco: il molo (nuovo) - riapre."),
        ("Il molo riapre.\nRIPRODUZIONE RISERVATA © Agenzia Zeta", "||Il molo riapre."),
        ("Il molo riapre. (SEGUE)", "||Il molo riapre."),
    ] {
        let mut item = empty(WireFormat::Nitf, "x".into());
        item.body = ForeignText::new(text);
        marks::read(&mut item);
        let of = |field: &Option<String>| field.clone().unwrap_or_default();
        let read = format!("{}|{}|{}", of(&item.dateline), of(&item.place), item.body.for_analysis());
        assert_eq!(read, expected, "{text}");
    }
}

/// Files that want to break a reader. Each is read or refused, on a small stack.
#[test]
fn hostile_files_are_read_or_refused() {
    let item = "<newsItem guid='a'><contentMeta><headline>Molo</headline></contentMeta></newsItem>";
    let laughs = "<!DOCTYPE nitf [<!ENTITY a 'ah'><!ENTITY b '&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;'>]><nitf><body>\
        <body.content><p>&c;</p></body.content></body></nitf>";
    let outside = "<!DOCTYPE nitf [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><nitf><body><body.content><p>&x;</p>\
        </body.content></body></nitf>";
    let files: Vec<(&str, String)> = vec![
        ("deep", "<nitf>".repeat(100_000)),
        ("deep paragraphs", format!("<nitf><body><body.content>{}", "<p>".repeat(10_000))),
        ("many elements", format!("<nitf>{}</nitf>", "<p/>".repeat(300_000))),
        ("many attributes", format!("<nitf {}/>", (0..40_000).map(|n| format!("a{n}='1' ")).collect::<String>())),
        (
            "many namespaces",
            format!("<newsMessage {}/>", (0..20_000).map(|n| format!("xmlns:n{n}='u' ")).collect::<String>()),
        ),
        ("many items", format!("<newsMessage><itemSet>{}</itemSet></newsMessage>", item.repeat(30_000))),
        (
            "a long text",
            format!("<nitf><body><body.content><p>{}</p></body.content></body></nitf>", "molo ".repeat(1_000_000)),
        ),
        (
            "a long title",
            format!(
                "<newsItem guid='a'><contentMeta><headline>{}</headline></contentMeta></newsItem>",
                "(2)".repeat(200_000)
            ),
        ),
        (
            "many marks",
            format!(
                "<newsItem guid='a'><contentMeta><headline>Molo {}</headline></contentMeta></newsItem>",
                "(segue)".repeat(50_000)
            ),
        ),
        (
            "a long guid",
            format!(
                "<newsItem guid='{}'><contentMeta><headline>A</headline></contentMeta></newsItem>",
                "x".repeat(1 << 20)
            ),
        ),
        ("a long comment", format!("<nitf><!--{}--></nitf>", "-x".repeat(2_000_000))),
        ("an entity that grows", laughs.into()),
        ("an entity from outside", outside.into()),
        ("no end of a tag", format!("<nitf><p {}", "a".repeat(1 << 20))),
        (
            "a number without end",
            format!(
                "<newsItem guid='a' version='{0}'><contentMeta><urgency>{0}</urgency></contentMeta></newsItem>",
                "9".repeat(5_000)
            ),
        ),
        ("messages without end", "\u{1}".repeat(300_000)),
        ("texts without end", format!("\u{1}a1 2 s\n{}", "\u{2}".repeat(300_000))),
        ("headers without end", format!("\u{16}\u{1}a1\u{1f}\nu i\n\u{2}{}\u{3}", "^<".repeat(300_000))),
        ("brackets", format!("\u{1}a1 2 s\n\u{2}A =\n\n{}\u{3}", "(".repeat(300_000))),
        ("line ends", format!("\u{1}a1 2 s\n\u{2}{}\u{3}", "\r\n".repeat(300_000))),
        ("segue after segue", format!("\u{1}a1 2 s\n\u{2}A =\n\n{}\u{3}", "(segue)".repeat(100_000))),
    ];
    for (what, file) in files {
        let reader = std::thread::Builder::new().stack_size(2 << 20);
        let read = reader.spawn(move || parse(file.as_bytes(), &context()).map(|(items, _)| items)).expect("a thread");
        let read = read.join().unwrap_or_else(|_| panic!("{what} broke the reader"));
        for item in read.unwrap_or_default() {
            assert!(item.title.len() <= 4 * LONGEST_FIELD && item.body.for_analysis().len() <= 2 << 20, "{what}");
            assert!(
                !item.body.for_analysis().contains("ahah") && !item.body.for_analysis().contains("root:"),
                "{what}"
            );
        }
    }
}
