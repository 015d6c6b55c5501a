//! One `[[source]]`.

use super::entry::{Entry, Field, Mistake, nearest, shown};
use super::outlet::RIGHTS;
use crate::section;
use salastampa_domain::{
    ArticleSelectors, Cadence, Health, LegalStatus, Origin, OutletId, Selectors, Source, SourceId, SourceKind,
    SourceReading, Timestamp, Validators, WireFormat,
};

/// The kinds as the file names them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Feed,
    Sitemap,
    Page,
    Wire,
}

const KINDS: [(&str, Kind); 4] =
    [("feed", Kind::Feed), ("sitemap", Kind::Sitemap), ("page", Kind::Page), ("wire", Kind::Wire)];
const CLASSES: [(&str, Cadence); 4] = [("A", Cadence::A), ("B", Cadence::B), ("C", Cadence::C), ("D", Cadence::D)];
const FORMATS: [(&str, WireFormat); 5] = [
    ("newsml_g2", WireFormat::NewsmlG2),
    ("newsml1", WireFormat::Newsml1),
    ("nitf", WireFormat::Nitf),
    ("iptc7901", WireFormat::Iptc7901),
    ("anpa", WireFormat::Anpa),
];
const LEGAL: [(&str, LegalStatus); 3] = [
    ("da verificare", LegalStatus::ToVerify),
    ("verificata", LegalStatus::Verified),
    ("con licenza", LegalStatus::Licensed),
];

/// One source as read: itself, how its pages are read, the slug of its outlet, and the installer's note.
pub(super) type Declared = (Source, String, Option<String>);

/// Reads one source; `None` if what is there makes none.
pub(super) fn read(mut entry: Entry<'_, '_>, outlets: &[&str]) -> Option<Declared> {
    entry.need("id", "dare alla fonte un nome breve, per esempio \"il-lago-tutte\"");
    entry.need("outlet", "scrivere l'id della testata");
    entry.need("kind", "scrivere che cosa si legge: feed, sitemap, page o wire");
    let slug = entry.slug("id").map(|f| f.value.to_owned());
    let outlet = outlet(&mut entry, outlets);
    let kind = entry.choice("kind", &KINDS);
    let is_wire = kind == Some(Kind::Wire);
    entry.need(
        "url",
        match is_wire {
            true => "scrivere la cartella in cui l'agenzia deposita i lanci",
            false => "scrivere l'indirizzo da visitare",
        },
    );
    entry.need("class", "scrivere quanto spesso si visita: A agenzia, B nazionale, C locale, D ente");
    let url = if is_wire { folder(&mut entry) } else { entry.address("url") };
    let format = format(&mut entry, kind);
    let cadence = entry.choice("class", &CLASSES);
    let rubric = entry.text("rubric").map(|f| f.value.trim().to_owned());
    let rights = entry.choice("rights", &RIGHTS);
    let legal = entry.choice("legal", &LEGAL).unwrap_or_default();
    let extract = entry.flag("extract").unwrap_or(true);
    let enabled = entry.flag("enabled").unwrap_or(true);
    let note = entry.text("note").map(|f| f.value.to_owned());
    let selectors = selectors(&mut entry, kind);
    let reading = SourceReading { article: article(&mut entry), front: front(&mut entry, kind) };
    entry.close();
    let kind = match kind? {
        Kind::Feed => SourceKind::Feed,
        Kind::Sitemap => SourceKind::Sitemap,
        Kind::Page => SourceKind::Page { selectors: selectors? },
        Kind::Wire => SourceKind::Wire { format },
    };
    let source = Source {
        id: SourceId(0),
        slug: slug?,
        outlet: OutletId(0),
        kind,
        host: crate::key::host_key(url.as_ref()?.value),
        url: url?.value.to_owned(),
        cadence: cadence?,
        rubric,
        rights,
        legal,
        extract,
        origin: Origin::File,
        paused: !enabled,
        retired_at: None,
        next_at: Timestamp(0),
        health: Health::New,
        validators: Validators::default(),
        learned: salastampa_domain::Learned::default(),
        reading,
    };
    Some((source, outlet?, note))
}

fn outlet(entry: &mut Entry<'_, '_>, outlets: &[&str]) -> Option<String> {
    let field = entry.text("outlet")?;
    if !outlets.contains(&field.value) {
        let remedy = match nearest(field.value, outlets.iter().copied()) {
            Some(word) => format!("forse «{}»?", shown(word)),
            None => "aggiungere una voce [[outlet]] con questo id".into(),
        };
        let message = format!("la testata «{}» non c'è nel file", shown(field.value));
        entry.mistakes.push(Mistake::new(field.at, message, remedy));
        return None;
    }
    Some(field.value.to_owned())
}

/// The drop folder of an agency: a path, from the root or from the data folder, that does not lead out of it again.
fn folder<'a>(entry: &mut Entry<'a, '_>) -> Option<Field<&'a str>> {
    let field = entry.text("url")?;
    let is_path = !field.value.contains("://") && !field.value.contains('\0');
    if is_path && !field.value.split('/').any(|part| part == "..") {
        return Some(field);
    }
    entry.mistakes.push(Mistake::new(
        field.at,
        format!("«url» non è una cartella: «{}»", shown(field.value)),
        "per kind = \"wire\" scrivere un percorso, per esempio \"agenzie/agenzia-zeta\" dentro la cartella dei dati",
    ));
    None
}

/// The format that a person expects; what comes is recognised by what it is.
fn format(entry: &mut Entry<'_, '_>, kind: Option<Kind>) -> Option<WireFormat> {
    let at = entry.at;
    let format = entry.choice("format", &FORMATS);
    if format.is_some() && kind.is_some_and(|kind| kind != Kind::Wire) {
        entry.mistakes.push(Mistake::new(at, "il formato serve solo a kind = \"wire\"", "toglierlo o cambiare kind"));
    }
    format
}

fn selectors(entry: &mut Entry<'_, '_>, kind: Option<Kind>) -> Option<Selectors> {
    if kind == Some(Kind::Page) {
        entry.need("selectors", "per kind = \"page\" dire dove sono le notizie: selectors = { item = \"…\" }");
    }
    let field = entry.table("selectors")?;
    let (at, is_page) = (field.at, kind == Some(Kind::Page));
    if !is_page && kind.is_some() {
        entry.mistakes.push(Mistake::new(
            at,
            "i selettori servono solo a kind = \"page\"",
            "toglierli o cambiare kind",
        ));
    }
    let mut inner = Entry::new("selectors", field.value, at, entry.mistakes);
    inner.need("item", "scrivere il selettore CSS di una notizia, per esempio item = \".card\"");
    let mut selector = |key| selector(&mut inner, key);
    let (item, link, title) = (selector("item"), selector("link"), selector("title"));
    let (date, lead) = (selector("date"), selector("lead"));
    inner.close();
    Some(Selectors { item: item?, link, title, date, lead })
}

/// Whether the order of the source is that of a front page: a map and a wire have none.
fn front(entry: &mut Entry<'_, '_>, kind: Option<Kind>) -> bool {
    let at = entry.at;
    let front = entry.flag("front").unwrap_or(false);
    if front && matches!(kind, Some(Kind::Sitemap | Kind::Wire)) {
        let remedy = "toglierlo, o leggere la prima pagina con kind = \"page\"";
        entry.mistakes.push(Mistake::new(at, "«front» serve solo a kind = \"page\" o \"feed\"", remedy));
    }
    front
}

/// The selectors of article pages; a feed, a map and a section page may all have them.
fn article(entry: &mut Entry<'_, '_>) -> Option<ArticleSelectors> {
    let field = entry.table("article")?;
    let mut inner = Entry::new("article", field.value, field.at, entry.mistakes);
    let mut selector = |key| selector(&mut inner, key);
    let (body, title, authors, date) = (selector("body"), selector("title"), selector("authors"), selector("date"));
    let remove = inner.texts("remove");
    for field in &remove {
        check(&mut inner, "remove", field);
    }
    inner.close();
    let remove = remove.into_iter().map(|field| field.value.to_owned()).collect();
    Some(ArticleSelectors { body, title, authors, date, remove })
}

/// A CSS selector.
fn selector(entry: &mut Entry<'_, '_>, key: &'static str) -> Option<String> {
    let field = entry.text(key)?;
    check(entry, key, &field).then(|| field.value.to_owned())
}

fn check(entry: &mut Entry<'_, '_>, key: &str, field: &Field<&str>) -> bool {
    let good = section::is_selector(field.value);
    if !good {
        let message = format!("«{key}» non è un selettore CSS: «{}»", shown(field.value));
        entry.mistakes.push(Mistake::new(field.at, message, "scrivere per esempio \".card h2\""));
    }
    good
}
