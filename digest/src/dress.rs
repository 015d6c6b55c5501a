//! What every message of the office wears: its name, its town, its site, its language.

use salastampa_locale::Lang;

/// The clothes of a message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Dress {
    /// The office, such as "Ufficio stampa".
    pub office: String,
    /// The municipality, such as "Comune di Bellariva sul Lago".
    pub town: String,
    /// Where the office's pages stand, without a slash at the end; empty if they stand nowhere yet.
    pub base_url: String,
    /// The address under which this message can be read on the web; empty if there is none.
    pub web: String,
    /// Address or telephone under which a person answers; empty if there is none to print.
    pub contact: String,
    /// The language of the readers.
    pub language: Lang,
}

impl Dress {
    /// An invented office.
    pub fn sample(language: Lang) -> Self {
        Self {
            office: "Ufficio stampa".into(),
            town: "Comune di Bellariva sul Lago".into(),
            base_url: "https://comune.bellariva.test/stampa".into(),
            web: String::new(),
            contact: "stampa@comune.bellariva.test".into(),
            language,
        }
    }
}
