//! The signed receipts of a release: one for each text that was public (`acts::receipt` says what they prove).

use super::address::Reading;
use super::page::Moment;
use crate::Site;
use crate::frame::{Crumb, Frame};
use askama::Template;
use salastampa_acts::receipt::{Receipt, public_key, write};
use salastampa_domain::{Published, Timestamp, Version};
use salastampa_locale::{fill, t};
use salastampa_releases::public;

/// The page.
#[derive(Template, Debug)]
#[template(path = "newsroom/receipts.html")]
pub(crate) struct ReceiptsPage {
    pub(crate) frame: Frame,
    pub(crate) lead: String,
    pub(crate) receipts: Vec<Shown>,
    /// The key by which anybody checks them, in hexadecimal.
    pub(crate) key: String,
    pub(crate) verify: String,
}

/// A receipt on the page.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    pub(crate) heading: String,
    pub(crate) since: Moment,
    /// When it went to the press, where it did: told beside what is signed.
    pub(crate) issued: Option<Moment>,
    pub(crate) fingerprint: String,
    /// The receipt, as it is signed.
    pub(crate) text: String,
    pub(crate) href: String,
    /// The text that the fingerprint is of.
    pub(crate) of: String,
}

/// The receipt of a text that is or was public.
pub(super) fn of(site: &Site, published: &Published, version: &Version, since: Timestamp) -> String {
    let Published { year, number, .. } = published;
    let text = public::text(version, (*year, *number), site.house.lang);
    let receipt = Receipt {
        office: site.house.office.clone(),
        url: format!("{}/novita/comunicati/{year}/{number}", site.house.base_url),
        version: version.number,
        since,
        text: public::sha256(text.as_bytes()),
        frozen: version.sha256.clone(),
    };
    write(&site.house.key, &receipt)
}

impl ReceiptsPage {
    pub(super) fn of(site: &Site, reading: &Reading) -> Self {
        let lang = site.house.lang;
        let path = format!("{}{}", site.prefix(), reading.path());
        let title = t(lang, "newsroom.receipt.title");
        let mut frame = site.frame(title).under_section(reading.news());
        frame.crumbs.push(Crumb::new(&reading.version.title, path.clone()));
        let mut frame = frame.here();
        frame.canonical = Some(format!("{}/ricevuta", reading.path()));
        let shown = |text: &super::address::Standing| {
            let number = text.version.number.to_string();
            let words = public::text(&text.version, reading.register(), lang);
            Shown {
                heading: fill(lang, "newsroom.version.number", &[("n", &number)]),
                since: Moment::of(text.since, lang),
                issued: text.issued.map(|at| Moment::of(at, lang)),
                fingerprint: public::sha256(words.as_bytes()),
                text: of(site, &reading.published, &text.version, text.since),
                href: format!("{path}/ricevuta-v{number}.txt"),
                of: format!("{path}/v{number}.txt"),
            }
        };
        Self {
            lead: fill(lang, "newsroom.receipt.lead", &[("title", &reading.version.title)]),
            receipts: reading.texts.iter().rev().map(shown).collect(),
            key: public_key(&site.house.key),
            verify: format!("{}/verifica", site.prefix()),
            frame,
        }
    }
}
