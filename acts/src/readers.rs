//! Readers (*destinatari*): who receives reviews and alerts, of what, and when not.
//!
//! A reader has no account: the mail is the product. One who wants nothing any more is stopped, not removed: what was
//! sent to them stays told.

use crate::curate::unseen;
use crate::desk::{AtDesk, changed, line, mark, slip, slug};
use crate::house::{actor, allowed};
use crate::{Denied, Result, Slip, quiet};
use salastampa_domain::{Act, Address, EditionId, Event, PushAddress, Reader, ReaderId, Receives, User, WatchId};
use salastampa_locale::{Lang, fill, t};
use salastampa_store::Rows;
use serde_json::json;

/// Longest name, in characters.
const LONGEST: usize = 200;

/// A reader as a form has them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ReaderForm {
    /// Full name.
    pub name: String,
    /// Address.
    pub address: String,
    /// `it` or `en`.
    pub language: String,
    /// Watches followed.
    pub watches: Vec<WatchId>,
    /// Editions received.
    pub editions: Vec<EditionId>,
    /// Receives alerts.
    pub alerts: bool,
    /// Receives reviews.
    pub reviews: bool,
    /// From when it is quiet, such as `22:00`; empty is never.
    pub quiet_from: String,
    /// Until when.
    pub quiet_until: String,
    /// Number of the second person; empty is nobody.
    pub second: String,
    /// A flash in quiet hours goes to the second person.
    pub second_at_night: bool,
    /// Where alerts ring; empty is nowhere.
    pub push: String,
}

impl ReaderForm {
    /// An empty form with what fits most.
    pub fn new() -> Self {
        Self { language: "it".into(), alerts: true, reviews: true, ..Self::default() }
    }

    /// The form of a reader.
    pub fn of(reader: &Reader) -> Self {
        let (quiet_from, quiet_until) = quiet::fields(reader.quiet);
        Self {
            name: reader.name.clone(),
            address: reader.address.as_str().to_owned(),
            language: reader.language.clone(),
            watches: reader.watches.clone(),
            editions: reader.editions.clone(),
            alerts: reader.receives.alerts,
            reviews: reader.receives.reviews,
            quiet_from,
            quiet_until,
            second: reader.second.map_or_else(String::new, |id| id.to_string()),
            second_at_night: reader.second_at_night,
            push: reader.push.as_ref().map_or_else(String::new, |push| push.as_str().to_owned()),
        }
    }

    /// The reader that the fields make; `slug` and number are the caller's. What the officer may not see is left as it was.
    async fn read(&self, rows: &mut Rows, before: Option<&Reader>, user: &User, lang: Lang) -> Result<Reader> {
        let mut slips: Vec<Slip> = Vec::new();
        let name = line(&self.name);
        if name.is_empty() {
            slips.push(slip("name", t(lang, "people.slip.name")));
        } else if name.chars().count() > LONGEST {
            slips.push(slip("name", fill(lang, "people.slip.long", &[("most", &LONGEST.to_string())])));
        }
        let address = Address::parse(&self.address).ok();
        match &address {
            None => slips.push(slip("address", t(lang, "people.slip.address"))),
            Some(address) => {
                let other = rows
                    .list_readers()
                    .await?
                    .into_iter()
                    .find(|r| r.address == *address && before.is_none_or(|b| b.id != r.id));
                if let Some(other) = other {
                    slips.push(slip("address", fill(lang, "people.slip.double", &[("name", &other.name)])));
                }
            }
        }
        let language = Lang::parse(&self.language);
        if language.is_none() {
            slips.push(slip("language", t(lang, "people.slip.choice")));
        }
        let quiet = quiet::typed(&self.quiet_from, &self.quiet_until, lang, &mut slips);
        let chosen = self.second.trim().parse().ok().map(ReaderId).filter(|id| before.is_none_or(|b| b.id != *id));
        let second = match chosen {
            Some(id) => rows.find_reader(id).await?.map(|second| second.id),
            None => None,
        };
        if second.is_none() && (self.second_at_night || !self.second.trim().is_empty()) {
            slips.push(slip("second", t(lang, "people.slip.second")));
        }
        let push = Some(self.push.trim()).filter(|text| !text.is_empty()).map(PushAddress::parse).transpose();
        if push.is_err() {
            slips.push(slip("push", t(lang, "people.slip.push")));
        }
        // what was removed while the form stood open falls away
        let known: Vec<WatchId> = rows.list_watches().await?.into_iter().map(|w| w.id).collect();
        let watches: Vec<WatchId> = known.into_iter().filter(|id| self.watches.contains(id)).collect();
        let unseen = unseen(rows, user).await?;
        let known: Vec<EditionId> = rows.list_editions().await?.into_iter().map(|e| e.id).collect();
        let received = |id: &EditionId| match unseen.contains(id) {
            true => before.is_some_and(|b| b.editions.contains(id)),
            false => self.editions.contains(id),
        };
        let editions: Vec<EditionId> = known.into_iter().filter(received).collect();
        match (address, language) {
            (Some(address), Some(language)) if slips.is_empty() => Ok(Reader {
                id: before.map_or(ReaderId(0), |b| b.id),
                slug: before.map_or_else(String::new, |b| b.slug.clone()),
                name,
                address,
                language: language.code().into(),
                watches,
                editions,
                receives: Receives { alerts: self.alerts, reviews: self.reviews },
                quiet,
                second,
                second_at_night: self.second_at_night,
                push: push.ok().flatten(),
            }),
            _ => Err(Denied::Form(slips).into()),
        }
    }
}

/// The mark of a reader.
pub fn mark_of(reader: &Reader) -> String {
    mark(reader)
}

/// Adds a reader; gives their slug.
pub async fn add(desk: AtDesk<'_>, form: &ReaderForm) -> Result<String> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::KeepContacts).await?;
    let reader = form.read(&mut write, None, &user, desk.lang).await?;
    let taken: Vec<String> = write.list_readers().await?.into_iter().map(|r| r.slug).collect();
    let slug = match slug(&reader.name, &taken) {
        empty if empty.is_empty() => self::slug("destinatario", &taken),
        slug => slug,
    };
    let id = write.record_reader(&Reader { slug: slug.clone(), ..reader.clone() }).await?;
    let after = state(&reader).to_string();
    write.record_event(desk.now, &actor(&user), "reader.add", &Event::about_reader(id), None, Some(&after)).await?;
    write.commit().await?;
    Ok(slug)
}

/// Changes a reader whose form was filled from what `seen` marks.
///
/// # Errors
/// [`Denied::Form`] for fields that cannot be taken, [`Denied::Changed`] if somebody was faster.
pub async fn edit(desk: AtDesk<'_>, slug: &str, seen: &str, form: &ReaderForm) -> Result<()> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::KeepContacts).await?;
    let before = find(&mut write, slug).await?;
    let subject = Event::about_reader(before.id);
    if mark_of(&before) != seen {
        return Err(changed(&mut write, &subject, &desk).await?.into());
    }
    let after = form.read(&mut write, Some(&before), &user, desk.lang).await?;
    if after == before {
        return Ok(());
    }
    write.record_reader(&after).await?;
    let mut is = state(&after);
    is["person"] = json!(before.name != after.name || before.address != after.address);
    let (was, is) = (state(&before).to_string(), is.to_string());
    write.record_event(desk.now, &actor(&user), "reader.edit", &subject, Some(&was), Some(&is)).await?;
    write.commit().await?;
    Ok(())
}

/// A reader gets nothing any more, also of what already waits; gives how many messages were stopped. Their watches,
/// editions and hours stay written down, so that they can be taken up again.
pub async fn stop(desk: AtDesk<'_>, slug: &str) -> Result<u64> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::KeepContacts).await?;
    let before = find(&mut write, slug).await?;
    let after = Reader { receives: Receives { alerts: false, reviews: false }, ..before.clone() };
    write.record_reader(&after).await?;
    let stopped = write.suppress_reader_deliveries(before.id, "stopped").await?;
    if after != before {
        let (was, is) = (state(&before).to_string(), state(&after).to_string());
        let subject = Event::about_reader(before.id);
        write.record_event(desk.now, &actor(&user), "reader.stop", &subject, Some(&was), Some(&is)).await?;
    }
    write.commit().await?;
    Ok(stopped)
}

async fn find(rows: &mut Rows, slug: &str) -> Result<Reader> {
    let reader = rows.find_reader_by_slug(slug).await?;
    Ok(reader.ok_or_else(|| Denied::Unknown { what: "reader", name: slug.to_owned() })?)
}

/// What the log says of a reader: all but who they are.
fn state(reader: &Reader) -> serde_json::Value {
    json!({
        "language": reader.language,
        "watches": reader.watches,
        "editions": reader.editions,
        "receives": reader.receives,
        "quiet": reader.quiet.map(|(from, until)| format!("{from}-{until}")),
        "second": reader.second,
        "second_at_night": reader.second_at_night,
        // the topic is a secret
        "push": reader.push.as_ref().map(PushAddress::host),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::small::{NOW, Office, address, fields, watch};
    use crate::{Denied, Error};
    use salastampa_domain::{DeliveryKind, NewDelivery, Subject};

    fn mayor() -> ReaderForm {
        ReaderForm {
            name: "Ada Corti".into(),
            address: "Sindaca@Bellariva.test".into(),
            quiet_from: "22:00".into(),
            quiet_until: "07:00".into(),
            watches: vec![WatchId(1), WatchId(77)],
            ..ReaderForm::new()
        }
    }

    async fn found(office: &Office, slug: &str) -> Reader {
        let mut rows = office.store.read().await.expect("rows");
        rows.find_reader_by_slug(slug).await.expect("rows").expect("there")
    }

    #[tokio::test]
    async fn a_reader_is_added_changed_and_stopped() {
        let office = Office::new().await;
        let desk = office.desk("lia");
        let mut write = office.store.write().await.expect("a transaction");
        write.record_watch(&watch("scuola")).await.expect("a watch");
        write.commit().await.expect("a commit");
        let slug = add(desk, &mayor()).await.expect("added");
        assert_eq!(slug, "ada-corti");
        let reader = found(&office, &slug).await;
        assert_eq!(reader.watches, [WatchId(1)], "what is not there falls away");
        assert_eq!(ReaderForm::of(&reader).quiet_until, "07:00");
        let seen = mark_of(&reader);
        edit(desk, &slug, &seen, &ReaderForm { quiet_from: String::new(), quiet_until: String::new(), ..mayor() })
            .await
            .expect("changed");
        assert_eq!(found(&office, &slug).await.quiet, None);
        let late = edit(desk, &slug, &seen, &mayor()).await;
        assert!(matches!(late, Err(Error::Denied(Denied::Changed { .. }))), "{late:?}");

        let delivery = NewDelivery {
            subject: Subject { kind: DeliveryKind::Review, thing: 1, version: 1, round: 0 },
            address: address("sindaca@bellariva.test"),
            contact: None,
            reader: Some(reader.id),
            letter: "cd".repeat(32),
            due_at: NOW,
            expires_at: None,
            in_reply_to: None,
            suppressed: None,
        };
        let mut write = office.store.write().await.expect("a transaction");
        write.record_deliveries(&[delivery], NOW, |id, _| format!("review{id}@bellariva.test")).await.expect("a row");
        write.commit().await.expect("a commit");
        assert_eq!(stop(desk, &slug).await.expect("stopped"), 1);
        let stopped = found(&office, &slug).await;
        assert_eq!(stopped.receives, Receives { alerts: false, reviews: false });
        assert_eq!(stopped.watches, [WatchId(1)], "what they followed is remembered");
        assert_eq!(office.log().await, ["reader.add", "reader.edit", "reader.stop"]);
    }

    #[tokio::test]
    async fn every_wrong_field_is_named() {
        let office = Office::new().await;
        let desk = office.desk("lia");
        let wrong = ReaderForm {
            name: String::new(),
            address: "sindaca".into(),
            language: "de".into(),
            quiet_until: String::new(),
            ..mayor()
        };
        assert_eq!(fields(add(desk, &wrong).await), ["name", "address", "language", "quiet_from"]);
        add(desk, &mayor()).await.expect("added");
        assert_eq!(fields(add(desk, &ReaderForm { name: "Altra".into(), ..mayor() }).await), ["address"]);
        let second = ReaderForm { address: "altra@bellariva.test".into(), ..mayor() };
        assert_eq!(add(desk, &second).await.expect("a namesake"), "ada-corti-2");
        assert!(add(office.desk("ivo"), &mayor()).await.is_err());
    }
}
