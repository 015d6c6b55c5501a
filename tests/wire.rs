//! Wires: a file dropped into a folder is an article seconds later, whatever its format, once, and as its agency has it now.
//!
//! The agency and what happens in its town are invented; the folder is a real one.

use crate::press_test::{MORNING, Press};
use std::path::PathBuf;

/// An office with one agency that drops its wires into a folder of the data folder.
fn agency() -> (Press, Folder) {
    let press = Press::new(&[]);
    press.write(
        "feeds.toml",
        "[[outlet]]\nid = \"agenzia-zeta\"\nname = \"Agenzia Zeta\"\nkind = \"agency\"\narea = \"Italia\"\ntier = 1\n\
         rights = \"internal\"\n\n[[source]]\nid = \"zeta-lanci\"\noutlet = \"agenzia-zeta\"\nkind = \"wire\"\n\
         url = \"agenzie/zeta\"\nclass = \"A\"\n",
    );
    let folder = press.path().join("data/agenzie/zeta");
    std::fs::create_dir_all(&folder).expect("a folder");
    (press, Folder(folder))
}

/// The drop folder.
struct Folder(PathBuf);

impl Folder {
    /// Drops a file.
    fn drop(&self, name: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.0.join(name), content).expect("a file of the test");
    }

    /// The names in a folder below it, sorted; none if there is no such folder.
    fn names(&self, below: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.0.join(below)).into_iter().flatten().flatten();
        let mut names: Vec<String> =
            entries.filter(|e| e.path().is_file()).map(|e| e.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

/// A wire in NewsML-G2; `more` stands in its metadata.
fn g2(id: &str, version: u32, title: &str, text: &str, more: &str) -> String {
    let paragraphs: String = text.lines().map(|line| format!("<p>{line}</p>")).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><newsMessage xmlns=\"http://iptc.org/std/nar/2006-10-01/\"><itemSet>\
         <newsItem guid=\"tag:zeta.test,2026:{id}\" version=\"{version}\" xml:lang=\"it\"><itemMeta>\
         <versionCreated>2026-11-23T05:5{}:00</versionCreated>{more}</itemMeta><contentMeta><urgency>3</urgency>\
         <headline>{title}</headline></contentMeta><contentSet><inlineXML><html><body>{paragraphs}</body></html></inlineXML>\
         </contentSet></newsItem></itemSet></newsMessage>",
        version.min(9)
    )
}

fn nitf(id: &str, title: &str, text: &str) -> String {
    format!(
        "<nitf><head><docdata><doc-id id-string=\"{id}\"/><urgency ed-urg=\"4\"/><date.issue norm=\"20261123T055000\"/>\
         </docdata></head><body><body.head><hedline><hl1>{title}</hl1></hedline></body.head><body.content><p>{text}</p>\
         </body.content></body></nitf>"
    )
}

const NEWSML_1: &str = "<NewsML><NewsItem><Identification><NewsIdentifier><ProviderId>zeta.test</ProviderId>\
    <DateId>20261123</DateId><NewsItemId>N1</NewsItemId><RevisionId>1</RevisionId></NewsIdentifier></Identification>\
    <NewsManagement><ThisRevisionCreated>20261123T055000+0100</ThisRevisionCreated><Status FormalName=\"Usable\"/>\
    </NewsManagement><NewsComponent><NewsLines><HeadLine>Girandole in piazza per la festa</HeadLine></NewsLines>\
    <ContentItem><DataContent><p>Duecento girandole.</p></DataContent></ContentItem></NewsComponent></NewsItem></NewsML>";

const IPTC: &[u8] =
    b"\x01agz042 3 a 40 zeta 061\r\n\nBellariva/\r\n\x02Lo zafferano \xe8 tornato sulle colline =\r\n\n\
    Bellariva (zeta) - Tre ettari seminati dai ragazzi\r\ndella cooperativa.\r\n\n\x03230555 MEZ Nov 26\r\n";

const ANPA: &[u8] = b"\x16\x16\x01a4711\x1f-----\nr a\x13\x11 BC-IT--Trattorino   11-23 0040\r\n\
    \x02^BC-IT--Trattorino,40<\r\n^Un trattorino per il verde pubblico<\r\n\t   BELLARIVA (ZETA) _ Pulisce i viali.\r\n\
    \x03ZETA-WF-11-23-26 0450GMT<\r\n";

#[test]
fn a_wire_of_each_format_is_an_article_seconds_after_it_was_dropped() {
    let (press, folder) = agency();
    // the folder is there, and looked at, before the first wire comes
    press.live(MORNING, "2026-11-23 06:00:10");
    folder.drop(
        "1.xml",
        g2(
            "a",
            1,
            "++ Frana sulla litoranea ++",
            "(ZETA) - BELLARIVA, 23 NOV - Strada chiusa.\nNessun ferito. (ZETA).",
            "",
        ),
    );
    folder.drop("2.XML", nitf("b", "Baccalà e polenta per tre sere", "La sagra in piazza."));
    // what a file is called says nothing
    folder.drop("3", NEWSML_1);
    folder.drop("4.xml", IPTC);
    folder.drop("5.txt", ANPA);
    press.live("2026-11-23 06:00:10", "2026-11-23 06:00:15");
    for (word, title) in [
        ("litoranea", "Frana sulla litoranea"),
        ("baccalà", "Baccalà e polenta per tre sere"),
        ("girandole", "Girandole in piazza per la festa"),
        ("zafferano", "Lo zafferano è tornato sulle colline"),
        ("trattorino", "Un trattorino per il verde pubblico"),
    ] {
        assert_eq!(press.found("2026-11-23 06:00:15", word), [title]);
    }
    assert_eq!(folder.names("done/2026-11-23"), ["1.xml", "2.XML", "3", "4.xml", "5.txt"]);
    assert_eq!((folder.names(""), folder.names("rejected")), (vec![], vec![]));
    // dateline and sign-off are kept apart from the text
    assert_eq!(
        press.rows("select body from article_text where title like 'Frana%'"),
        ["Strada chiusa.\nNessun ferito."]
    );
    // within five seconds by the office's clock: the first look may be two seconds late, the second comes one later
    let late = press.rows("select cast(max(kept_at) as text) from article");
    assert!(late[0].parse::<i64>().expect("a number") <= 1_795_410_015_000, "{late:?}");
    // one visit for the first look, and one for what was found
    assert_eq!(press.rows("select cast(new_items as text) from visit order by id"), ["0", "5"]);
}

#[test]
fn a_burst_is_stored_whole_and_the_same_files_again_change_nothing() {
    let (press, folder) = agency();
    let burst = |prefix: &str| {
        for n in 0..100 {
            let title = format!("Notizia numero {n} della mattina");
            folder.drop(&format!("{prefix}{n:03}.xml"), g2(&n.to_string(), 1, &title, "In breve.", ""));
        }
    };
    burst("a");
    press.live(MORNING, "2026-11-23 06:00:05");
    assert_eq!(press.rows("select cast(count(*) as text) from article"), ["100"]);
    assert_eq!((folder.names("").len(), folder.names("done/2026-11-23").len()), (0, 100));
    // as after a kill between the commit and the move: the files lie there again, and under other names too
    burst("a");
    burst("b");
    press.live("2026-11-23 06:00:05", "2026-11-23 06:00:12");
    assert_eq!(press.rows("select cast(count(*) as text) from article"), ["100"]);
    assert_eq!(press.rows("select cast(count(*) as text) from article_text"), ["100"]);
    // nothing was written over
    assert_eq!((folder.names("").len(), folder.names("done/2026-11-23").len()), (0, 300));
}

#[test]
fn a_file_is_read_when_it_is_whole_and_a_broken_one_is_put_aside_with_the_reason() {
    let (press, folder) = agency();
    let whole = g2("a", 1, "Riapre il molo piccolo", "Da domani.", "");
    let crawl = |now: &str| assert_eq!(press.run(now, &["run", "all"]).code, 0);
    folder.drop("lancio.xml", &whole[..100]);
    folder.drop("lancio-2.xml.part", &whole);
    folder.drop(".lancio-3.xml", &whole);
    crawl("2026-11-23 06:00:00");
    // it has grown since the first look: only then does the second count
    folder.drop("lancio.xml", &whole);
    crawl("2026-11-23 06:00:02");
    assert_eq!(press.rows("select title from article"), Vec::<String>::new());
    crawl("2026-11-23 06:00:04");
    assert_eq!(press.rows("select title from article"), ["Riapre il molo piccolo"]);
    assert_eq!(folder.names(""), [".lancio-3.xml", "lancio-2.xml.part"]);

    folder.drop("rotto.xml", &whole[..200]);
    folder.drop("comunicato.eml", "Subject: invito\n\nTesto");
    folder.drop("sano.xml", g2("b", 1, "Il molo è pieno", "Fin dal mattino.", ""));
    press.live("2026-11-23 06:00:06", "2026-11-23 06:00:12");
    assert_eq!(press.rows("select title from article where id = 2"), ["Il molo è pieno"]);
    let rejected = ["comunicato.eml", "comunicato.eml.reason", "rotto.xml", "rotto.xml.reason"];
    assert_eq!(folder.names("rejected"), rejected);
    let reason = std::fs::read_to_string(folder.0.join("rejected/rotto.xml.reason")).expect("a reason");
    assert!(reason.contains("finisce a metà"), "{reason}");
}

#[test]
fn versions_corrections_takes_and_kills_are_one_article() {
    let (press, folder) = agency();
    let mut second = 0;
    // drops a file and lives on until it is read
    let mut comes = |name: &str, content: String| {
        folder.drop(name, content);
        press.live(&format!("2026-11-23 06:00:{second:02}"), &format!("2026-11-23 06:00:{:02}", second + 5));
        second += 5;
    };
    let bodies = || {
        press.rows("select t.body from article a join article_text t on t.article = a.id and t.revision = a.revision order by a.id")
    };
    let title = "Bilancio: Corti, nessun taglio ai servizi";
    comes("1.xml", g2("a", 2, title, "Quaranta milioni.", ""));
    // older, and late
    comes("2.xml", g2("a", 1, title, "Trenta milioni.", ""));
    assert_eq!(bodies(), ["Quaranta milioni."]);
    comes("3.xml", g2("a2", 1, &format!("{title} (2-segue)"), "Il voto è giovedì.", ""));
    comes("4.xml", g2("a", 3, title, "Quarantuno milioni.\nTre in più.", "<signal qcode=\"sig:correction\"/>"));
    assert_eq!(bodies(), ["Quarantuno milioni.\nTre in più.\nIl voto è giovedì."]);
    // another piece under the same title that does not say that it goes on
    comes("5.xml", g2("x", 1, title, "Intervista.", ""));
    assert_eq!(press.rows("select kind from article_text where article = 1"), ["first", "update", "correction"]);
    assert_eq!(bodies().len(), 2);

    comes("6.xml", g2("k", 1, "Chiusa la provinciale per una frana", "Due case vuote.", ""));
    assert_eq!(press.found("2026-11-23 06:00:30", "frana"), ["Chiusa la provinciale per una frana"]);
    comes("7.xml", g2("k", 2, "", "", "<pubStatus qcode=\"stat:canceled\"/>"));
    // what comes late does not bring it back
    comes("8.xml", g2("k2", 1, "Chiusa la provinciale per una frana (2)", "Altre case.", ""));
    assert_eq!(press.found("2026-11-23 06:00:40", "frana"), ["ANNULLATA: Chiusa la provinciale per una frana"]);
    assert_eq!(press.found("2026-11-23 06:00:40", "case"), Vec::<String>::new());
    assert_eq!(press.rows("select kind from article_text where article = 3"), ["first", "removal"]);
    // a kill that comes before its piece keeps it away
    comes("9.xml", g2("z", 2, "", "", "<pubStatus qcode=\"stat:canceled\"/>"));
    comes("10.xml", g2("z", 1, "Il sindaco si dimette", "Lo dirà domani.", ""));
    assert_eq!(bodies().len(), 3);
    assert_eq!(press.rows("select verb from event where verb = 'wire.kill'"), ["wire.kill"]);
}

#[test]
fn a_piece_is_put_together_in_whatever_order_and_under_whatever_number_it_comes() {
    let (press, folder) = agency();
    let title = "Bilancio: Corti, nessun taglio ai servizi";
    let slug = "BC-IT--Pier-Bellariva";
    let anpa = |number: u32, version: &str, text: &str| {
        format!(
            "\x16\x16\x01a{number}\x1f-----\nr a\x13\x11 {slug}   11-23 0040\r\n\x02^{slug}, {version}40<\r\n\
             ^Town opens its pier again<\r\n\t   {text}\r\n\x03ZETA-WF-11-23-26 0450GMT<\r\n"
        )
    };
    let iptc = |number: u32, lead: &str, text: &str| {
        format!(
            "\x01agz{number:03} 3 a 40 zeta 061\r\n\r\nCalcio/Bellariva/\r\n\x02{lead}Il Bellariva in finale =\r\n\r\n\
             {text}\r\n\x03230555 MEZ Nov 26\r\n"
        )
    };
    let steps = [
        // the second take is faster than the first
        ("2.xml", g2("t2", 1, &format!("{title} -2-"), "Il voto è giovedì.", "")),
        ("1.xml", g2("t1", 1, title, "Quaranta milioni.", "")),
        ("3.xml", g2("t3", 1, &format!("{title} (3)"), "Fine.", "")),
        ("a.tst", anpa(1001, "", "The pier opens.")),
        ("b.tst", anpa(1002, "1st Ld-Writethru,", "The pier is open.")),
        ("a.txt", iptc(1, "", "Due gol.")),
        ("b.txt", iptc(2, "2ND LEAD\r\n", "Tre gol.")),
        ("k1.xml", nitf("k1", "Chiusa la scuola di via dei Mille", "Per tre giorni.")),
        ("k2.xml", nitf("k2", "ANNULLA: Chiusa la scuola di via dei Mille", "Non è vero.")),
    ];
    for (n, (name, content)) in steps.iter().enumerate() {
        folder.drop(name, content);
        press.live(&format!("2026-11-23 06:00:{:02}", n * 5), &format!("2026-11-23 06:00:{:02}", n * 5 + 5));
    }
    assert_eq!(
        press.rows(
            "select a.title || '|' || t.body from article a join article_text t on t.article = a.id \
             and t.revision = a.revision order by a.id"
        ),
        [
            &format!("{title}|Quaranta milioni.\nIl voto è giovedì.\nFine."),
            "Town opens its pier again|The pier is open.",
            "Il Bellariva in finale|Tre gol.",
            "ANNULLATA: Chiusa la scuola di via dei Mille|",
        ]
    );
}

#[test]
fn what_is_under_embargo_is_seen_by_nobody_before_its_hour() {
    let (press, folder) = agency();
    press.office();
    let embargo = "<embargoed>2026-11-23T06:30:00+01:00</embargoed>";
    folder.drop("1.xml", g2("a", 1, "Frana: il piano del Comune", "Frana, tre case da lasciare.", embargo));
    folder
        .drop("2.xml", g2("b", 1, "Frana: la stima dei danni", "Sei milioni.", "<pubStatus qcode=\"stat:withheld\"/>"));
    press.live(MORNING, "2026-11-23 06:29");
    assert_eq!(press.rows("select title from article").len(), 2, "they are kept");
    assert_eq!(press.found("2026-11-23 06:29", "frana"), Vec::<String>::new());
    assert_eq!(press.rows("select cast(id as text) from clipping"), Vec::<String>::new());
    assert_eq!(press.rows("select cast(id as text) from article where grouped_at is not null"), Vec::<String>::new());
    assert_eq!(press.mails(), Vec::<String>::new());
    // at its hour it is news
    press.live("2026-11-23 06:29", "2026-11-23 06:35");
    assert_eq!(press.found("2026-11-23 06:35", "frana"), ["Frana: il piano del Comune"]);
    assert_eq!(press.mails_to("sindaca@bellariva.test").len(), 1);
    // a take that comes without its hour does not end the embargo of the piece; nor does one that is taken back
    let late = "<embargoed>2026-11-23T08:00:00+01:00</embargoed>";
    folder.drop("4.xml", g2("c", 1, "Semina dello zafferano in collina", "Tre ettari.", late));
    folder.drop("5.xml", g2("c2", 1, "Semina dello zafferano in collina (2)", "Poi quattro.", ""));
    folder.drop("6.xml", g2("c3", 1, "Semina dello zafferano in collina (3)", "Poi cinque.", ""));
    press.live("2026-11-23 06:35", "2026-11-23 06:35:10");
    folder.drop("7.xml", g2("c3", 2, "", "", "<pubStatus qcode=\"stat:canceled\"/>"));
    press.live("2026-11-23 06:35:10", "2026-11-23 06:35:20");
    assert_eq!(press.found("2026-11-23 06:35:20", "zafferano"), Vec::<String>::new());
    assert_eq!(
        press.rows("select t.body from article a join article_text t on t.article = a.id and t.revision = a.revision where a.id = 3"),
        ["Tre ettari.\nPoi quattro."]
    );
    // the other when the agency says so
    folder
        .drop("3.xml", g2("b", 2, "Frana: la stima dei danni", "Sette milioni.", "<pubStatus qcode=\"stat:usable\"/>"));
    press.live("2026-11-23 06:35:20", "2026-11-23 06:35:30");
    assert_eq!(press.found("2026-11-23 06:35:30", "milioni"), ["Frana: la stima dei danni"]);
}

#[test]
fn a_folder_that_is_not_there_makes_its_source_ill_and_heals_by_itself() {
    let (press, folder) = agency();
    std::fs::remove_dir(&folder.0).expect("an empty folder");
    press.live(MORNING, "2026-11-23 06:05");
    let health = press.rows("select health from source");
    assert!(health[0].contains("\"ill\"") && health[0].contains("la cartella non esiste"), "{health:?}");
    // told when it changes, not each second
    assert_eq!(press.rows("select cast(id as text) from visit").len(), 2);
    std::fs::create_dir(&folder.0).expect("a folder");
    folder.drop("1.xml", g2("a", 1, "Riapre il molo piccolo", "Da domani.", ""));
    press.live("2026-11-23 06:05", "2026-11-23 06:05:20");
    assert!(press.rows("select health from source")[0].contains("alive"));
    assert_eq!(press.rows("select title from article"), ["Riapre il molo piccolo"]);
    assert_eq!(press.rows("select verb from event where verb = 'source.health'").len(), 2);
}
