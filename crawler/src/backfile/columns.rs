//! What each column of an old archive is: by its name, in Italian or English, or because the person says so.

use std::collections::BTreeMap;

/// A part of an article that a column can hold.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Field {
    /// The title.
    Title,
    /// The outlet, by name.
    Outlet,
    /// The day, and perhaps the hour.
    Date,
    /// The hour alone.
    Time,
    /// Who signed.
    Author,
    /// The address.
    Url,
    /// The text.
    Text,
    /// The outlet's own summary.
    Lead,
    /// The outlet's own section.
    Section,
    /// What the old archive knows the article by.
    Id,
}

/// Each field with the name that a person maps by and the names of columns that mean it, folded, the likeliest first.
const NAMES: [(Field, &str, &[&str]); 10] = [
    (Field::Title, "title", &["titolo", "title", "headline", "titoloarticolo"]),
    (
        Field::Outlet,
        "outlet",
        &[
            "testata",
            "outlet",
            "fonte",
            "source",
            "giornale",
            "quotidiano",
            "publication",
            "newspaper",
            "pubblicazione",
        ],
    ),
    (
        Field::Date,
        "date",
        &[
            "data",
            "date",
            "datapubblicazione",
            "datadipubblicazione",
            "pubblicatoil",
            "published",
            "publishedat",
            "pubdate",
            "publicationdate",
            "dataarticolo",
            "giorno",
            "day",
            "datetime",
            "dataora",
            "timestamp",
        ],
    ),
    (Field::Time, "time", &["ora", "time", "orario"]),
    (Field::Author, "author", &["autore", "author", "autori", "authors", "firma", "byline", "giornalista"]),
    (Field::Url, "url", &["url", "link", "indirizzo", "href", "permalink", "collegamento", "indirizzoweb"]),
    (
        Field::Text,
        "text",
        &["testo", "text", "body", "content", "contenuto", "corpo", "articolo", "testointegrale", "fulltext"],
    ),
    (
        Field::Lead,
        "lead",
        &["sommario", "lead", "occhiello", "abstract", "summary", "description", "descrizione", "sottotitolo"],
    ),
    (Field::Section, "section", &["sezione", "section", "rubrica", "rubric", "categoria", "category"]),
    (
        Field::Id,
        "id",
        &["id", "idarticolo", "articleid", "codice", "identificativo", "guid", "idesterno", "externalid"],
    ),
];

impl Field {
    /// Every field.
    pub fn all() -> impl Iterator<Item = Self> {
        NAMES.iter().map(|(field, ..)| *field)
    }

    /// The name by which a person maps it: `title`, `outlet`, `date`…
    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(field, ..)| *field == self).map_or("", |(_, name, _)| name)
    }

    /// The field that a person means: its name, or any name of a column that means it.
    pub fn parse(name: &str) -> Option<Self> {
        field(name)
    }
}

fn folded(name: &str) -> String {
    salastampa_text::fold(name).to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The field that a column of that name holds.
pub(super) fn field(column: &str) -> Option<Field> {
    let name = folded(column);
    NAMES.iter().find(|(_, _, names)| names.contains(&name.as_str())).map(|(field, ..)| *field)
}

fn likeliness(column: &str) -> usize {
    let name = folded(column);
    NAMES.iter().find_map(|(_, _, names)| names.iter().position(|n| *n == name)).unwrap_or(usize::MAX)
}

/// What the columns of a file are.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Columns {
    /// The columns in the order of the file.
    pub names: Vec<String>,
    /// Which of them holds a field, from 0.
    pub places: BTreeMap<Field, usize>,
}

/// Why a mapping cannot be used.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum BadMap {
    /// There is no such field.
    NoField(String),
    /// The file has no such column.
    NoColumn(String),
    /// No column holds that field, and no article is without it.
    Missing(Field),
}

impl Columns {
    /// Of columns with these names; `mapped` says of some which column holds them, by name or by number from 1, and an
    /// empty column that none does.
    ///
    /// # Errors
    /// [`BadMap`] if the mapping names what is not there, or if title or date are nowhere.
    pub fn of(names: Vec<String>, mapped: &[(String, String)]) -> Result<Self, BadMap> {
        let mut places: BTreeMap<Field, usize> = BTreeMap::new();
        for (at, name) in names.iter().enumerate() {
            let Some(field) = field(name) else { continue };
            let better = places.get(&field).is_none_or(|known| likeliness(name) < likeliness(&names[*known]));
            if better {
                places.insert(field, at);
            }
        }
        for (wanted, column) in mapped {
            let field = Field::parse(wanted).ok_or_else(|| BadMap::NoField(wanted.clone()))?;
            if column.trim().is_empty() {
                places.remove(&field);
                continue;
            }
            let key = folded(column);
            let by_number =
                || column.trim().parse::<usize>().ok().filter(|n| (1..=names.len()).contains(n)).map(|n| n - 1);
            let exact = names.iter().position(|name| name.trim() == column.trim());
            let at = exact.or_else(|| names.iter().position(|name| folded(name) == key)).or_else(by_number);
            let at = at.ok_or_else(|| BadMap::NoColumn(column.clone()))?;
            // said for one field, it is no longer guessed for another
            places.retain(|other, place| *place != at || mapped.iter().any(|(f, _)| Field::parse(f) == Some(*other)));
            places.insert(field, at);
        }
        match [Field::Title, Field::Date].into_iter().find(|field| !places.contains_key(field)) {
            Some(missing) => Err(BadMap::Missing(missing)),
            None => Ok(Self { names, places }),
        }
    }

    /// What the column at that place is taken for.
    pub fn field_at(&self, place: usize) -> Option<Field> {
        self.places.iter().find(|(_, at)| **at == place).map(|(field, _)| *field)
    }
}
