//! The bytes of an issue: a letter and its PDF for each language that somebody reads, kept by their hash. Of a reserved
//! edition each reader has a letter of their own, with a link and no story.

use crate::alert::dress;
use crate::outbox::keep;
use crate::{House, Result, booklet, outbox, token};
use salastampa_digest::mail;
use salastampa_domain::delivery::Attachment;
use salastampa_domain::time::DAY;
use salastampa_domain::{
    DeliveryKind, Edition, FileRef, Letter, NewDelivery, Reader, ReaderId, Review, ReviewId, Subject, Timestamp, Token,
    TokenPurpose, Visibility,
};
use salastampa_locale::Lang;
use salastampa_store::Store;
use std::collections::BTreeMap;

/// How long a link of a letter opens what it leads to.
pub const LINK_DAYS: i64 = 30;

/// The address under which what a letter tells can be read on the web without an account, for [`LINK_DAYS`].
pub fn web_link(house: &House, purpose: TokenPurpose, thing: i64, now: Timestamp) -> String {
    let token = Token { purpose, thing, reader: None, until: Some(now.plus(LINK_DAYS * DAY)) };
    format!("{}/l/{}", house.base_url, token::sign(&house.key, &token))
}

/// The same of a review, for one reader alone: revoked, it opens nothing, and everybody else's does.
pub fn own_link(house: &House, review: ReviewId, reader: ReaderId, now: Timestamp) -> String {
    let until = Some(now.plus(LINK_DAYS * DAY));
    let token = Token { purpose: TokenPurpose::Review, thing: review.0, reader: Some(reader), until };
    format!("{}/l/{}", house.base_url, token::sign(&house.key, &token))
}

/// The office as its letters and pages print it.
pub fn dressed(house: &House, language: Lang) -> salastampa_digest::Dress {
    dress(house, language)
}

/// The letter of a review as it stands, without its attachments. `web` is its address; empty if it has none yet.
pub fn letter(house: &House, review: &Review, language: Lang, web: String) -> Letter {
    mail::review(review, &salastampa_digest::Dress { web, ..dress(house, language) })
}

/// The letter of a reserved edition: it leads to `web` and tells no story.
pub fn reserved_letter(house: &House, review: &Review, language: Lang, web: String, now: Timestamp) -> Letter {
    let until = now.plus(LINK_DAYS * DAY).day();
    mail::reserved(review, &salastampa_digest::Dress { web, ..dress(house, language) }, until)
}

/// The PDF of a review as it stands. Takes a good part of a second of computing, on a thread of its own.
pub async fn paper(house: &House, review: &Review, language: Lang) -> anyhow::Result<Vec<u8>> {
    let value = booklet::booklet(review, &dress(house, language));
    Ok(tokio::task::spawn_blocking(move || salastampa_pdf::render(&value)).await??)
}

/// The frozen bytes of an issue: a letter and its PDF for each language that somebody reads.
pub(crate) struct Printed {
    pub(crate) letters: BTreeMap<&'static str, FileRef>,
    /// Of a reserved edition, the letter of each reader.
    own: BTreeMap<ReaderId, FileRef>,
    papers: Vec<FileRef>,
    pub(crate) outputs: Vec<(String, String)>,
}

impl Printed {
    /// The letter that a reader gets.
    pub(crate) fn letter(&self, house: &House, reader: &Reader) -> String {
        let of = |language: &str| self.letters.get(language);
        let letter = self.own.get(&reader.id).or_else(|| of(&reader.language)).or_else(|| of(house.lang.code()));
        letter.map_or_else(String::new, |file| file.sha256.clone())
    }

    /// The letter of a reader of a reserved edition.
    pub(crate) fn own(&self, reader: ReaderId) -> Option<&FileRef> {
        self.own.get(&reader)
    }

    pub(crate) fn files(&self) -> impl Iterator<Item = &FileRef> {
        self.letters.values().chain(self.own.values()).chain(&self.papers)
    }
}

pub(crate) async fn print(
    store: &Store,
    house: &House,
    edition: &Edition,
    review: &Review,
    readers: &[Reader],
    now: Timestamp,
) -> Result<Printed> {
    let mut printed =
        Printed { letters: BTreeMap::new(), own: BTreeMap::new(), papers: Vec::new(), outputs: Vec::new() };
    let is_reserved = edition.visibility == Visibility::Reserved;
    for language in Lang::ALL {
        let wanted = language == house.lang || readers.iter().any(|r| r.language == language.code());
        if !wanted {
            continue;
        }
        let web = web_link(house, TokenPurpose::Review, review.id.0, now);
        let mut letter = letter(house, review, language, web);
        match paper(house, review, language).await {
            Ok(bytes) => {
                let pdf = keep(store, &bytes, "application/pdf", now).await?;
                letter.attachments.push(Attachment {
                    name: format!("rassegna-{}-{}.pdf", edition.slug, review.slot.0.date()),
                    mime: "application/pdf".into(),
                    file: pdf.sha256.clone(),
                });
                // the office's own language is the one that is asked for without a word
                let name = if language == house.lang { "pdf".to_owned() } else { format!("pdf.{}", language.code()) };
                printed.outputs.push((name, pdf.sha256.clone()));
                printed.papers.push(pdf);
            }
            // the mail is the product: it never misses its hour for its paper
            Err(why) => tracing::error!("the review {} leaves without its PDF: {why:#}", edition.slug),
        }
        // what a reserved edition tells is behind each reader's own link, and in no mail
        if is_reserved {
            continue;
        }
        let file = outbox::freeze(store, house, &letter, now).await?;
        printed.outputs.push((format!("letter.{}", language.code()), file.sha256.clone()));
        printed.letters.insert(language.code(), file);
    }
    for reader in readers.iter().filter(|_| is_reserved) {
        let language = Lang::parse(&reader.language).unwrap_or(house.lang);
        let web = own_link(house, review.id, reader.id, now);
        let letter = reserved_letter(house, review, language, web, now);
        printed.own.insert(reader.id, outbox::freeze(store, house, &letter, now).await?);
    }
    Ok(printed)
}

/// The row of the outbox for a reader.
pub(crate) fn row(house: &House, reader: &Reader, review: &Review, printed: &Printed, now: Timestamp) -> NewDelivery {
    NewDelivery {
        subject: Subject { kind: DeliveryKind::Review, thing: review.id.0, version: review.version, round: 0 },
        address: reader.address.clone(),
        contact: None,
        reader: Some(reader.id),
        letter: printed.letter(house, reader),
        due_at: now,
        expires_at: None,
        in_reply_to: None,
        suppressed: None,
    }
}
