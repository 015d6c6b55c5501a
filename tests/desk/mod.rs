//! The desk in a browser: the journeys of an office, and no barrier on any page.

pub(crate) mod browser;
pub(crate) mod hands;
mod public;

use browser::{Browser, Running, told};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use tempfile::TempDir;
use thirtyfour::prelude::*;

/// What everybody at the demo's desk types.
const PASSWORD: &str = "bellariva";

/// The second morning of the demo, a quarter of an hour before its reviews leave: lived through once for all tests.
const MORNING: &str = "2026-11-24 06:46";

/// A demo that stands at that morning, on a copy of its data; gives its address.
fn demo(folder: &Path) -> (Running, String) {
    static LIVED: OnceLock<TempDir> = OnceLock::new();
    let lived = LIVED.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let mut command = Command::new(env!("CARGO_BIN_EXE_salastampa"));
        command
            .current_dir(folder.path())
            .env("RUST_LOG", "warn")
            .args(["demo", "--once", "--until", MORNING, "--data"]);
        let output = command.arg(folder.path().join("d")).output().expect("the demo starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        folder
    });
    copy(&lived.path().join("d"), &folder.join("d"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_salastampa"));
    command.current_dir(folder).env("RUST_LOG", "warn").args(["demo", "--port", "0", "--until", MORNING, "--data"]);
    command.arg(folder.join("d")).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().expect("the demo starts");
    let lines = told(&mut child, "is the desk; the password");
    let last = lines.last().expect("the line that was waited for");
    let base = last.split_whitespace().next().and_then(|address| address.strip_suffix("/desk")).expect("an address");
    (Running(child), base.to_owned())
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder").flatten() {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        match from.is_dir() {
            true => copy(&from, &to),
            false => drop(std::fs::copy(&from, &to).expect("a file")),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_page_of_the_desk_has_a_barrier_at_either_width() {
    let Some(browser) = Browser::open(true).await else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let (_demo, base) = demo(folder.path());
    browser.go(&format!("{base}/desk/entra")).await;
    let mut barriers = browser.barriers().await;
    // the chief reads Italian, the administrator English: between them they see every page in both
    for (login, english) in [("teresa", false), ("piero", true)] {
        browser.enter(&base, login, PASSWORD).await;
        if english {
            browser.go(&format!("{base}/desk/preferenze")).await;
            browser.choose("select[name=language]", "en").await;
            browser.press("main form button[type=submit]").await;
            assert!(browser.has("html[lang=en]").await, "{}", browser.text().await);
        }
        if !english {
            barriers.extend(gathered(&browser, &base).await);
        }
        let pages = browser.each_kind(&base).await;
        for address in &pages {
            barriers.extend(browser.look(address).await);
        }
        println!("{} pages for {login}", pages.len());
        match english {
            false => barriers.extend(conflict(&browser, &base, "/desk/giornalisti/1", "seen").await),
            true => {
                barriers.extend(conflict(&browser, &base, "/desk/impostazioni", "version").await);
                barriers.extend(invitation(&browser, &base).await);
            }
        }
        browser.go(&format!("{base}/desk/oggi")).await;
        browser.press(".desk-user form button").await;
    }
    let link = link_of_a_letter(&folder.path().join("d/mail"), &base);
    browser.go(&link).await;
    assert!(browser.has("main h1").await, "a letter's link opens a page: {}", browser.text().await);
    barriers.extend(browser.look(&link).await);
    browser.close().await;
    assert!(barriers.is_empty(), "{}", barriers.join("\n"));
}

/// The page that tells of a form that came after another's: what it was based on is made older than what is kept.
async fn conflict(browser: &Browser, base: &str, path: &str, field: &str) -> Vec<String> {
    browser.go(&format!("{base}{path}")).await;
    let older = format!("document.querySelector('main input[name={field}]').value = '0'");
    browser.driver.execute(older, Vec::new()).await.expect("an older form");
    browser.press(&format!("main form:has(input[name={field}]) button[type=submit]")).await;
    assert!(browser.has("main .alert-warning").await, "{path} says that somebody was first: {}", browser.text().await);
    browser.barriers_at_both(true).await
}

/// A dossier with an article that has a tag and a note, and a feed of it: the pages of all of them hold something.
async fn gathered(browser: &Browser, base: &str) -> Vec<String> {
    browser.go(&format!("{base}/desk/dossier")).await;
    browser.write("#campo-nome", "Il molo").await;
    browser.press("main form[action$='/desk/dossier'] button[type=submit]").await;
    browser.go(&format!("{base}/desk/archivio")).await;
    browser.tick("input[name=articolo]").await;
    browser.choose("select[name=nel_dossier]", "il-molo").await;
    browser.press("button[formaction$='/desk/archivio/dossier']").await;
    browser.go(&format!("{base}/desk/dossier/il-molo")).await;
    browser.press(".archive-title a").await;
    browser.write("#etichetta", "Viabilità, Lavori").await;
    browser.press("form[action$='/etichette'] button").await;
    browser.write("#nota", "Sentire l'assessora.").await;
    browser.press("form[action$='/note'] button").await;
    let mut barriers = browser.look(&format!("{base}/desk/dossier/il-molo")).await;
    browser.go(&format!("{base}/desk/feed/nuovo?dossier=il-molo")).await;
    browser.press("main form button[type=submit]").await;
    assert!(browser.has("code.desk-link").await, "the address is shown: {}", browser.text().await);
    barriers.extend(browser.barriers_at_both(true).await);
    barriers
}

/// The page that shows a link for somebody's password, and the page behind the link, also after a slip.
async fn invitation(browser: &Browser, base: &str) -> Vec<String> {
    browser.go(&format!("{base}/desk/operatori/1")).await;
    browser.press("form[action$='/invito'] button").await;
    let mut barriers = browser.barriers_at_both(true).await;
    let link = browser.one("code.desk-link").await.text().await.expect("a link");
    barriers.extend(browser.look(&link).await);
    browser.go(&link).await;
    browser.write("#campo-password", "corta").await;
    browser.write("#campo-again", "diversa").await;
    browser.press("main button[type=submit]").await;
    assert!(browser.has("[aria-invalid=true]").await, "{}", browser.text().await);
    barriers.extend(browser.barriers_at_both(true).await);
    barriers
}

/// The link to a published review in a letter that has left.
fn link_of_a_letter(mail: &Path, base: &str) -> String {
    let letters = std::fs::read_dir(mail).expect("letters").flatten();
    let mut texts = letters.filter_map(|letter| std::fs::read_to_string(letter.path()).ok());
    // addresses stand in mails with the port that the demo had when they were written; long lines are folded
    let token = texts.find_map(|text| {
        let text = text.replace("=\r\n", "");
        let (_, rest) = text.split_once("/l/r-")?;
        Some(rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect::<String>())
    });
    format!("{base}/l/r-{}", token.expect("a letter with a link"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_search_becomes_a_watch() {
    for scripts in [true, false] {
        let Some(browser) = Browser::open(scripts).await else { return };
        let folder = tempfile::tempdir().expect("a folder");
        let (_demo, base) = demo(folder.path());
        browser.enter(&base, "elena", PASSWORD).await;
        browser.write("#cerca-ovunque", "lungolago AND").await;
        browser.press(".desk-find button").await;
        assert!(browser.text().await.contains("AND"), "the slip is shown");
        browser.write("main input[name=q]", "lungolago cantiere").await;
        browser.press("main form[method=get] button[type=submit]").await;
        assert!(browser.text().await.contains("articoli"), "{}", browser.text().await);
        browser.press_words("Salva come tema").await;
        browser.write("#campo-nome", "Cantiere del lungolago").await;
        browser.press_words("Prova senza salvare").await;
        assert!(browser.has("#prova").await, "what it would clip is shown first: {}", browser.text().await);
        browser.press_words("Salva").await;
        let saved = browser.text().await;
        assert!(saved.contains("Tema creato"), "{saved}");
        assert!(browser.at().await.contains("/desk/temi/cantiere-del-lungolago"), "{}", browser.at().await);
        browser.close().await;
    }
}

/// An edition of twelve stories as an officer wants it: the key that puts each in its place. `p` is kept as *principale*
/// in the proposed section, `r` as it is proposed, a number is a section.
const WANTED: [(&str, &str); 12] = [
    ("p", "Frana di Piandarco, 41 evacuati: ordinanza nella notte"),
    ("r", "Bellariva, treni serali: intesa in Regione. Corti: impegno scritto"),
    ("p", "Bellariva, bilancio 2027: tributi fermi, sale l'imposta di soggiorno"),
    ("r", "Bellariva, bagarre in consiglio comunale sull'appalto delle palestre"),
    ("r", "Tamponamento in via Roncaglia, traffico in tilt"),
    ("r", "Bellariva, dal 30 novembre il cantiere del lungolago"),
    ("r", "La frana annunciata: nel 2019 una perizia indicava Piandarco"),
    ("r", "Bellariva, accordo per recuperare 48 case popolari sfitte"),
    ("4", "Asili nido, a Bellariva sul Lago retta azzerata sotto i 20 mila euro di Isee"),
    ("3", "Battello & autobus con un biglietto solo"),
    ("6", "Turismo, il Maresio cresce del 4,6%: Bellariva guida la classifica"),
    ("4", "Mensa, il ricambio è arrivato: da mercoledì torna la pasta"),
];

/// The same edition as its readers see it: the canteen stands before what was kept before it.
const EDITION: [(&str, &[&str]); 6] = [
    ("In primo piano", &["Frana di Piandarco", "Bellariva, treni serali", "La frana annunciata"]),
    ("Giunta e consiglio", &["Bellariva, bagarre"]),
    (
        "Lavori pubblici e mobilità",
        &["Tamponamento in via Roncaglia", "Bellariva, dal 30 novembre", "Battello & autobus"],
    ),
    ("Scuola e sociale", &["Mensa, il ricambio", "Bellariva, accordo per recuperare", "Asili nido"]),
    ("Turismo e cultura", &["Turismo, il Maresio"]),
    ("Bilancio", &["Bellariva, bilancio 2027"]),
];

/// The parts of an issue's page with the titles in them, as far as they hold stories.
async fn edition(browser: &Browser) -> Vec<(String, Vec<String>)> {
    let mut parts = Vec::new();
    for part in browser.all("main section[aria-labelledby^=sezione-]").await {
        let heading = part.find(By::Css("h2")).await.expect("a heading").text().await.expect("words");
        let mut titles = Vec::new();
        for title in part.find_all(By::Css("[data-row] h3")).await.expect("stories") {
            titles.push(title.text().await.expect("words"));
        }
        if !titles.is_empty() {
            parts.push((heading, titles));
        }
    }
    parts
}

fn is_as_wanted(found: &[(String, Vec<String>)]) {
    assert_eq!(found.len(), EDITION.len(), "{found:#?}");
    for ((heading, titles), (section, stories)) in found.iter().zip(EDITION) {
        assert!(heading.contains(section), "{heading} is not {section}");
        assert_eq!(titles.len(), stories.len(), "{section}: {titles:#?}");
        for (title, begin) in titles.iter().zip(stories) {
            assert!(title.starts_with(begin), "{section}: {title} is not {begin}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edition_of_twelve_stories_takes_at_most_forty_five_keys() {
    let Some(browser) = Browser::open(true).await else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let (_demo, base) = demo(folder.path());
    browser.enter(&base, "elena", PASSWORD).await;
    browser.go(&format!("{base}/desk/ritagli?edizione=generale")).await;
    let mut hands = hands::Hands::on(browser);
    // one walk down the candidates, whatever their order is
    let titles = hands.lines().await;
    for (line, title) in titles.iter().enumerate() {
        if let Some((key, _)) = WANTED.iter().find(|(_, wanted)| wanted == title) {
            hands.go_to(line, true).await;
            hands.press(key).await;
        }
    }
    for key in ["E", "v"] {
        hands.press(key).await;
    }
    let sections: Vec<Vec<&str>> = EDITION.iter().map(|(_, stories)| stories.to_vec()).collect();
    hands.order(&sections, |title| sections.iter().flatten().copied().find(|begin| title.starts_with(begin))).await;
    hands.press("C").await;
    let hands::Hands { browser, keys } = hands;
    println!("{keys} keys");
    is_as_wanted(&edition(&browser).await);
    let text = browser.text().await;
    assert_eq!(text.matches("Principale").count() - 1, 2, "two stories are principal, and one button says so: {text}");
    assert!(text.contains("Confermata da Elena Prati") || text.contains("confermata"), "{text}");
    assert!(keys <= 45, "{keys} keys");
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_edition_is_made_and_published_without_scripts() {
    let Some(browser) = Browser::open(false).await else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let (_demo, base) = demo(folder.path());
    browser.enter(&base, "elena", PASSWORD).await;
    browser.go(&format!("{base}/desk/ritagli?edizione=generale")).await;
    for (key, title) in WANTED {
        browser.press_in_row(title, &format!("[data-key='{key}']")).await;
    }
    browser.press("button[data-key='E']").await;
    browser.press("a[data-key='v']").await;
    for _ in 0..2 {
        browser.press_in_row("Mensa, il ricambio è arrivato: da mercoledì torna la pasta", "[data-key='K']").await;
    }
    is_as_wanted(&edition(&browser).await);
    browser.press("button[value=pubblica]").await;
    let text = browser.text().await;
    assert!(text.contains("Elena Prati"), "who published it is named: {text}");
    assert!(!text.contains("on revisionata"), "{text}");
    is_as_wanted(&edition(&browser).await);
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_release_goes_from_draft_to_sent_by_two_people() {
    for scripts in [true, false] {
        let Some(browser) = Browser::open(scripts).await else { return };
        let folder = tempfile::tempdir().expect("a folder");
        let (_demo, base) = demo(folder.path());
        browser.enter(&base, "elena", PASSWORD).await;
        browser.go(&format!("{base}/desk/comunicati/nuovo")).await;
        browser.write("#campo-titolo", "Il ponte del Filatoio riapre lunedì").await;
        browser.write("#campo-sommario", "Finiti i lavori, torna il doppio senso.").await;
        let body = "Il ponte del Filatoio riapre **lunedì 30 novembre** alle 6.\n\nPassano auto, autobus e biciclette.";
        browser.write("#campo-testo", body).await;
        browser.tick("input[name=liste]").await;
        browser.press_words("Salva la bozza").await;
        browser.press_words("Manda in revisione").await;
        let waiting = browser.text().await;
        assert!(waiting.contains("L'approvazione spetta al capo ufficio stampa"), "{waiting}");
        let page = browser.at().await;
        browser.press_words("Esci").await;
        browser.enter(&base, "teresa", PASSWORD).await;
        assert!(browser.text().await.contains("Approva 1 comunicato"), "{}", browser.text().await);
        browser.go(&page).await;
        browser.press_words("Approva questo testo").await;
        browser.press("form[action$='/invia'] button").await;
        let sent = browser.text().await;
        assert!(sent.contains("Diramato") || sent.contains("In invio") || sent.contains("in invio"), "{sent}");
        let public = format!("{base}/novita/comunicati");
        browser.go(&public).await;
        assert!(browser.text().await.contains("Il ponte del Filatoio riapre lunedì"), "{}", browser.text().await);
        browser.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_answers_make_an_office_and_a_telephone_is_the_second_lock() {
    for scripts in [true, false] {
        let Some(browser) = Browser::open(scripts).await else { return };
        let folder = tempfile::tempdir().expect("a folder");
        let (_serve, link) = empty_office(folder.path());
        let base = link.split("/desk/").next().expect("an address").to_owned();
        let mut barriers = Vec::new();
        if scripts {
            barriers.extend(browser.look(&link).await);
        }
        browser.go(&link).await;
        browser.press("button[value=found]").await;
        assert!(browser.has("[aria-invalid=true]").await, "what is missing is said beside its field");
        barriers.extend(browser.barriers_at_both(scripts).await);
        for (field, text) in [
            ("office", "Comune di Montechiaro"),
            ("town", "Montechiaro"),
            ("province", "Lecco"),
            ("mayor_name", "Ada Corti"),
            ("mayor_address", "sindaca@montechiaro.test"),
            ("sender", "stampa@montechiaro.test"),
            ("name", "Lia Neri"),
            ("address", "lia.neri@montechiaro.test"),
            ("login", "lia"),
            ("password", "una parola lunga"),
            ("again", "una parola lunga"),
        ] {
            browser.write(&format!("#campo-{field}"), text).await;
        }
        browser.choose("select[name=mail]", "folder").await;
        browser.press("button[value=found]").await;
        assert!(browser.text().await.contains("L'ufficio è pronto"), "{}", browser.text().await);
        barriers.extend(browser.barriers_at_both(scripts).await);
        browser.go(&link).await;
        assert!(!browser.has("button[value=found]").await, "the link has had its day");
        browser.enter(&base, "lia", "una parola lunga").await;
        let secret = browser.one(".desk-secret").await.text().await.expect("a secret");
        let secret = salastampa_acts::totp::from_base32(&secret).expect("base 32");
        browser.write("#campo-code", "000000").await;
        browser.press("form[action$='/codice/nuovo'] button").await;
        assert!(browser.has("[aria-invalid=true]").await, "a wrong code opens nothing");
        barriers.extend(browser.barriers_at_both(scripts).await);
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a time").as_secs();
        let step = i64::try_from(now / 30).expect("a step");
        browser.write("#campo-code", &salastampa_acts::totp::code(&secret, step)).await;
        browser.press("form[action$='/codice/nuovo'] button").await;
        barriers.extend(browser.barriers_at_both(scripts).await);
        browser.go(&format!("{base}/desk/oggi")).await;
        assert!(browser.text().await.contains("Comune di Montechiaro"), "{}", browser.text().await);
        assert!(browser.at().await.ends_with("/desk/oggi"), "{}", browser.at().await);
        browser.press_words("Esci").await;
        browser.enter(&base, "lia", "una parola lunga").await;
        assert!(browser.has("input[name=code]").await, "the next login asks for a code: {}", browser.text().await);
        barriers.extend(browser.barriers_at_both(scripts).await);
        assert!(barriers.is_empty(), "{}", barriers.join("\n"));
        browser.close().await;
    }
}

/// A program on an empty folder; gives the link that it prints.
fn empty_office(folder: &Path) -> (Running, String) {
    let free = || format!("127.0.0.1:{}", crate::ports::free());
    let (pages, metrics) = (free(), free());
    let source = "[[outlet]]\nid = \"lago\"\nname = \"Il Lago\"\nkind = \"local\"\narea = \"Lecco\"\n\n[[source]]\nid = \"lago-tutte\"\n\
                  outlet = \"lago\"\nkind = \"feed\"\nurl = \"http://lago.invalid/feed.xml\"\nclass = \"C\"\n";
    std::fs::write(folder.join("feeds.toml"), source).expect("a registry");
    let mut command = Command::new(env!("CARGO_BIN_EXE_salastampa"));
    command.current_dir(folder).env("RUST_LOG", "warn").arg("serve");
    command.env("SALASTAMPA__WEB__LISTEN", &pages).env("SALASTAMPA__WEB__METRICS", metrics);
    command.env("SALASTAMPA__WEB__BASE_URL", format!("http://{pages}"));
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("it starts");
    let lines = told(&mut child, "/desk/avvio/");
    let line = lines.last().expect("the line that was waited for");
    let link = line.split_whitespace().find(|word| word.contains("/desk/avvio/")).expect("a link");
    (Running(child), link.to_owned())
}
