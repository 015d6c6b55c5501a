//! Articles on their way out, each within the rights of its outlet.

use super::*;
use crate::desk::small::{self, NOW, Office};
use salastampa_domain::time::DAY;
use salastampa_domain::{
    Contract, ContractScope, ForeignText, NewArticle, Outlet, OutletId, RightsClass, Seq, Signals, Timestamp, Use,
    UserId,
};
use salastampa_index::TantivyArchive;

/// What no outlet of the world lets out but the last ones.
const SECRET: &str = "segretissimo";

pub(crate) struct Press {
    pub(crate) office: Office,
    pub(crate) archive: Arc<dyn Archive>,
    _folder: tempfile::TempDir,
}

fn outlet(slug: &str, rights: RightsClass) -> Outlet {
    let holds = |until| Contract {
        number: "1/2026".into(),
        until,
        scope: ContractScope::Intranet,
        extract_chars: 400,
        max_readers: Some(20),
    };
    Outlet {
        rights,
        contract: match slug {
            "scaduto" => Some(holds(NOW.plus(-DAY).day())),
            "licenza" => Some(holds(NOW.plus(DAY).day())),
            _ => None,
        },
        ..small::outlet(slug, &format!("=Il {slug}"))
    }
}

fn article(outlet: OutletId, n: i64, title: &str) -> NewArticle {
    let long = "parola ".repeat(60);
    NewArticle {
        body: ForeignText::new(format!("Riapre il ponte; {long}. Il resto è {SECRET}.")),
        authors: vec!["@nina".into()],
        published_at: Some(NOW.plus(-n * DAY)),
        signals: Signals { tdm_reserved: n == 9, ..Signals::default() },
        ..small::article(outlet, &format!("https://{n}.test/a"), title, NOW.plus(-n * DAY))
    }
}

const CLASSES: [(&str, RightsClass); 7] = [
    ("interno", RightsClass::Internal),
    ("rimando", RightsClass::LinkOnly),
    ("estratto", RightsClass::ExtractOnly),
    ("scaduto", RightsClass::LicensedFull),
    ("licenza", RightsClass::LicensedFull),
    ("aperto", RightsClass::Open),
    ("nostro", RightsClass::Own),
];

impl Press {
    /// An outlet of each class with one article each.
    pub(crate) async fn new() -> Self {
        let office = Office::new().await;
        let mut write = office.store.write().await.expect("a transaction");
        for ((slug, class), n) in CLASSES.iter().zip(1..) {
            let id = write.record_outlet(&outlet(slug, *class)).await.expect("an outlet");
            write.keep_article(&article(id, n, "-ponte; \"nuovo\""), None, 0, NOW).await.expect("kept").expect("new");
        }
        write.commit().await.expect("a commit");
        Self::following(office).await
    }

    async fn following(office: Office) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let archive = TantivyArchive::open(folder.path(), "an office", Seq(0));
        let changes = office.store.read().await.expect("rows").list_changes(Seq(0), 1_000_000).await.expect("changes");
        archive.apply(&changes).await.expect("applied");
        Self { office, archive: Arc::new(archive), _folder: folder }
    }

    fn place(&self, login: &str) -> Place {
        Place {
            store: self.office.store.clone(),
            archive: Arc::clone(&self.archive),
            house: Arc::new(self.office.house.clone()),
            login: Some(login.into()),
            lang: Lang::It,
            now: NOW,
        }
    }

    async fn parts(&self, form: Form, query: Query) -> Vec<Vec<u8>> {
        let order = Order { query, form, title: String::new(), subject: "archive".into() };
        let mut export = begin(self.place("ivo"), order).await.expect("it begins");
        let mut parts = Vec::new();
        while let Some(part) = export.next().await.expect("a part") {
            parts.push(part);
        }
        parts
    }

    async fn text(&self, form: Form) -> String {
        String::from_utf8(self.parts(form, Query::text("ponte")).await.concat()).expect("UTF-8")
    }

    pub(crate) async fn uses(&self) -> Vec<Use> {
        self.office.store.read().await.expect("rows").list_uses(None).await.expect("uses")
    }
}

#[tokio::test]
async fn a_table_is_text_to_every_office_program_and_holds_what_the_rights_let_out() {
    let press = Press::new().await;
    let text = press.text(Form::Csv { comma: false }).await;
    let mut lines = text.split("\r\n");
    assert_eq!(
        lines.next(),
        Some("\u{feff}numero;data;testata;titolo;firma;sezione;estratto;diritti;indirizzo"),
        "a mark before the heads"
    );
    let internal = lines.next().expect("a line");
    assert!(internal.starts_with("1;2026-"), "{internal}");
    assert!(internal.ends_with(";'=Il interno;\"'-ponte; \"\"nuovo\"\"\";;;;Uso interno;"), "{internal}");
    let link = lines.next().expect("a line");
    assert!(link.ends_with(";'@nina;;;Solo collegamento;https://2.test/a"), "{link}");
    let short = lines.next().expect("a line");
    assert!(short.contains("[…]") && !short.contains(SECRET), "{short}");
    let expired = lines.next().expect("a line");
    assert!(expired.contains("Testo in licenza: licenza mancante o scaduta"), "{expired}");
    let comma = press.text(Form::Csv { comma: true }).await;
    assert!(comma.starts_with("numero,data,"), "no mark: {comma}");
    assert!(comma.contains(",\"'-ponte; \"\"nuovo\"\"\","), "{comma}");
}

#[tokio::test]
async fn whole_texts_leave_where_a_licence_says_so_and_each_is_accounted_for() {
    let press = Press::new().await;
    let text = press.text(Form::JsonLines { tags: false }).await;
    let whole: Vec<bool> = text
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"))
        .map(|object| object["text"].to_string().contains(SECRET))
        .collect();
    assert_eq!(whole, [false, false, false, false, true, true, true]);
    let uses = press.uses().await;
    assert_eq!(uses.iter().map(|used| used.full_text).collect::<Vec<_>>(), whole);
    assert!(uses.iter().all(|used| used.output == "export jsonl" && used.readers == 1));
    assert_eq!(uses.iter().map(|used| used.chars == 0).collect::<Vec<_>>()[..3], [true, true, false]);
    let mut rows = press.office.store.read().await.expect("rows");
    let told = rows.list_events(1).await.expect("a log").remove(0);
    assert_eq!((told.verb.as_str(), told.subject.as_str()), ("articles.export", "archive"));
    let told = told.after.unwrap_or_default();
    assert!(
        told.contains("\"articles\":7") && told.contains("\"format\":\"jsonl\"") && told.contains("ponte"),
        "{told}"
    );
}

#[tokio::test]
async fn the_tags_of_the_office_leave_only_when_they_are_asked_for() {
    let press = Press::new().await;
    let mut write = press.office.store.write().await.expect("a transaction");
    let tag = write.record_tag("viabilita", "Viabilità").await.expect("a tag");
    write.tag_article(tag, ArticleId(3), UserId(1), NOW).await.expect("tagged");
    write.commit().await.expect("a commit");
    for form in [Form::Csv { comma: false }, Form::JsonLines { tags: false }] {
        assert!(!press.text(form).await.contains("Viabilità"));
    }
    let text = press.text(Form::JsonLines { tags: true }).await;
    assert!(text.contains("\"tags\":[\"Viabilità\"]") && text.contains("\"tags\":[]"), "{text}");
}

#[tokio::test]
async fn a_list_on_paper_is_a_searchable_pdf_with_its_articles() {
    let press = Press::new().await;
    let parts = press.parts(Form::Pdf, Query::text("ponte")).await;
    assert_eq!(parts.len(), 1);
    assert!(parts[0].starts_with(b"%PDF-1.7"));
    let text = salastampa_pdf::read::text(parts[0].clone()).expect("it can be read").body.to_lowercase();
    for words in ["ricerca: ponte", "7 articoli · 7 testate", "indice", "senza testo. uso interno.", "riapre il ponte"]
    {
        assert!(text.contains(words), "{words} in {text}");
    }
    assert_eq!(press.uses().await.len(), 7);
}

#[tokio::test]
async fn a_long_answer_comes_in_parts_that_are_written_down_before_they_leave() {
    let office = Office::new().await;
    let mut write = office.store.write().await.expect("a transaction");
    let id = write.record_outlet(&outlet("estratto", RightsClass::ExtractOnly)).await.expect("an outlet");
    for n in 0..1_500 {
        let one =
            NewArticle { key: format!("{n}"), published_at: Some(Timestamp(NOW.0 - n)), ..article(id, 1, "ponte") };
        write.keep_article(&one, None, 0, NOW).await.expect("kept").expect("new");
    }
    write.commit().await.expect("a commit");
    let press = Press::following(office).await;
    let query = Query { sort: Sort::Oldest, ..Query::text("ponte") };
    let order = Order { query, form: Form::Csv { comma: false }, title: String::new(), subject: "archive".into() };
    let mut export = begin(press.place("ivo"), order).await.expect("it begins");
    assert_eq!((export.planned(), press.uses().await.len()), (1_500, 0), "nothing has left yet");
    let mut lines = 0;
    for done in [1_000, 1_500] {
        let part = export.next().await.expect("a part").expect("one more");
        lines += part.iter().filter(|byte| **byte == b'\n').count();
        assert_eq!(press.uses().await.len(), done);
    }
    assert_eq!(lines, 1_501, "the heads, and each article once");
    assert!(export.next().await.expect("an end").is_none());
    assert_eq!(press.office.log().await, ["articles.export"], "one line for the whole file");
    // the paper holds less, and says so
    let query = Query::text("ponte");
    let order = Order { query, form: Form::JsonLines { tags: false }, title: String::new(), subject: "archive".into() };
    let export = begin(press.place("ivo"), order).await.expect("it begins");
    assert_eq!(export.file_name(), format!("articoli-ponte-{}.jsonl", NOW.day()));
    let cut = Export { total: 200_000, planned: 1_500, ..export };
    assert!(cut.cut_words().contains("Qui ci sono i primi 1.500 articoli: la ricerca ne trova 200.000"));
    assert_eq!(cut.tail(), Some(b"{\"cut\":true,\"articles\":1500,\"found\":200000}\n".to_vec()));
}

#[tokio::test]
async fn nothing_leaves_for_a_stranger_or_a_query_that_cannot_run_or_finds_nothing() {
    let press = Press::new().await;
    let order = |text: &str| Order {
        query: Query::text(text),
        form: Form::Csv { comma: false },
        title: String::new(),
        subject: "archive".into(),
    };
    for (login, text) in [("nessuno", "ponte"), ("ivo", "\"ponte"), ("ivo", "introvabile")] {
        let refused = begin(press.place(login), order(text)).await.err();
        assert!(matches!(refused, Some(crate::Error::Denied(_))), "{login} {text}");
    }
    let none = Order { query: Query { only: Some(Vec::new()), ..Query::text("") }, ..order("") };
    assert!(begin(press.place("ivo"), none).await.is_err(), "an empty dossier");
    assert!(press.uses().await.is_empty() && press.office.log().await.is_empty());
}

/// Some lines as a file of that form has them.
pub(crate) fn printed(form: Form, lines: &[Line]) -> String {
    let part = match form {
        Form::JsonLines { tags } => json::part(lines, tags),
        _ => table::part(lines, false, true, salastampa_locale::Lang::It),
    };
    String::from_utf8(part.expect("it can be written")).expect("it is text")
}
