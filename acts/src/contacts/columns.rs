//! The columns of a table of journalists: what ours are called, and what people and other programs call them.

/// The columns, in the order in which an export writes them.
pub(super) const COLUMNS: [&str; 17] = [
    "nome",
    "testata",
    "ruolo",
    "altre testate",
    "email",
    "altri indirizzi",
    "telefoni",
    "mezzo",
    "ambiti",
    "territorio",
    "liste",
    "embargo",
    "silenzio",
    "base",
    "fonte",
    "scadenza",
    "note",
];

/// Those of them that may stand there more than once: a second one says more.
pub(super) const SEVERAL: [&str; 2] = ["telefoni", "altri indirizzi"];

/// What else the columns are called, without case and accents.
const CALLED: [(&str, &[&str]); 17] = [
    ("nome", &["nome e cognome", "cognome e nome", "giornalista", "contatto", "name", "full name", "display name"]),
    ("testata", &["giornale", "redazione", "outlet", "media", "organization", "company", "azienda"]),
    (
        "email",
        &[
            "e-mail",
            "mail",
            "posta",
            "posta elettronica",
            "indirizzo email",
            "email address",
            "e-mail address",
            "e-mail 1 - value",
            "primary email",
        ],
    ),
    (
        "telefoni",
        &[
            "telefono",
            "tel",
            "cellulare",
            "cell",
            "mobile",
            "phone",
            "phones",
            "telephone",
            "mobile phone",
            "phone 1 - value",
        ],
    ),
    ("ruolo", &["qualifica", "mansione", "incarico", "role", "title", "job title"]),
    ("altre testate", &["altra testata", "altre redazioni", "other outlets"]),
    (
        "altri indirizzi",
        &[
            "altro indirizzo",
            "altra email",
            "altre email",
            "email 2",
            "e-mail 2",
            "e-mail 3",
            "e-mail 2 - value",
            "e-mail 2 address",
            "secondary email",
            "other addresses",
        ],
    ),
    ("note", &["notes", "annotazioni", "commenti"]),
    ("silenzio", &["ore di silenzio", "non disturbare", "quiet hours"]),
    ("mezzo", &["tipo", "medium", "tipo di media"]),
    ("ambiti", &["ambito", "argomenti", "temi", "settore", "beats", "beat"]),
    ("territorio", &["zona", "area", "territory", "provincia", "citta"]),
    ("liste", &["lista", "lists", "list"]),
    ("embargo", &["accetta embargo"]),
    ("base", &["base giuridica", "basis"]),
    ("fonte", &["origine", "provenienza", "source"]),
    ("scadenza", &["scade", "scade il", "valido fino al", "da confermare entro il", "expires", "expiry"]),
];

/// Which of ours a column is.
pub(super) fn column(name: &str) -> Option<&'static str> {
    let name = salastampa_text::fold(name.trim());
    let is_called = |(ours, others): &&(&'static str, &[&str])| *ours == name || others.contains(&name.as_str());
    CALLED.iter().find(is_called).map(|(ours, _)| *ours)
}
