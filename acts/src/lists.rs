//! Lists that releases go to: named by hand, or by a rule that says who is on them.
//!
//! What is previewed is what is expanded: the same members are asked for, and the same two reasons keep one out (they
//! have left; their address is closed). Left out: removing a list, because frozen releases name it.

use crate::desk::{AtDesk, changed, line, mark, slip, slug};
use crate::house::{actor, allowed};
use crate::{Denied, House, Result, Slip, token};
use jiff::civil::Date;
use salastampa_domain::{
    Act, Contact, ContactId, Event, ListId, MailingList, Medium, Membership, Suppression, Timestamp,
};
use salastampa_locale::{Lang, fill, t};
use salastampa_store::{Rows, Write};
use serde_json::json;
use std::collections::HashMap;

/// Longest name, beat and territory, in characters.
const LONGEST: usize = 100;

/// A list as a form has it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ListForm {
    /// As people see it.
    pub name: String,
    /// Whether a rule says who is on it.
    pub by_rule: bool,
    /// Name of a [`Medium`]; empty fits every one.
    pub medium: String,
    /// One of their beats; empty fits every one.
    pub beat: String,
    /// Their territory; empty fits every one.
    pub territory: String,
}

/// Who is on a list: a page of them by name, and exact counts.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Preview {
    /// All members.
    pub total: usize,
    /// Of them those who get nothing.
    pub kept_out: usize,
    /// How many stand before the page: what was asked for, or the last page there is.
    pub offset: usize,
    /// The members of the page.
    pub members: Vec<Member>,
}

/// Somebody on a list.
#[derive(Clone, PartialEq, Debug)]
pub struct Member {
    /// The journalist.
    pub contact: Contact,
    /// Why nothing is sent to them, and since when.
    pub out: Option<(Out, Timestamp)>,
}

/// Why nothing is sent to a member.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Out {
    /// They asked to be left alone.
    Left,
    /// The address is closed, whoever has it.
    Closed,
    /// The licence under which it is held has ended.
    Lapsed,
}

impl ListForm {
    /// The form of a list.
    pub fn of(list: &MailingList) -> Self {
        let mut form = Self { name: list.name.clone(), ..Self::default() };
        if let Membership::Rule { medium, beat, territory } = &list.membership {
            form.by_rule = true;
            form.medium = medium.map_or("", Medium::name).to_owned();
            form.beat = beat.clone().unwrap_or_default();
            form.territory = territory.clone().unwrap_or_default();
        }
        form
    }

    /// Who would be on the list, or every field that cannot be taken.
    pub fn membership(&self, lang: Lang) -> std::result::Result<Membership, Vec<Slip>> {
        if !self.by_rule {
            return Ok(Membership::Hand);
        }
        let mut slips = Vec::new();
        let medium = match self.medium.trim() {
            "" => None,
            name => {
                let medium = Medium::parse(name);
                if medium.is_none() {
                    slips.push(slip("medium", t(lang, "people.slip.choice")));
                }
                medium
            }
        };
        let mut part = |field: &'static str, text: &str| {
            let text = line(text);
            if text.chars().count() > LONGEST {
                slips.push(slip(field, fill(lang, "people.slip.long", &[("most", &LONGEST.to_string())])));
            }
            (!text.is_empty()).then_some(text)
        };
        let (beat, territory) = (part("beat", &self.beat), part("territory", &self.territory));
        if slips.is_empty() { Ok(Membership::Rule { medium, beat, territory }) } else { Err(slips) }
    }

    fn read(&self, lang: Lang) -> Result<(String, Membership)> {
        let name = line(&self.name);
        let mut slips = self.membership(lang).err().unwrap_or_default();
        if name.is_empty() {
            slips.push(slip("name", t(lang, "people.slip.list_name")));
        } else if name.chars().count() > LONGEST {
            slips.push(slip("name", fill(lang, "people.slip.long", &[("most", &LONGEST.to_string())])));
        }
        match self.membership(lang) {
            Ok(membership) if slips.is_empty() => Ok((name, membership)),
            _ => Err(Denied::Form(slips).into()),
        }
    }
}

/// The mark of a list: its name and its rule, not its members, who come and go one by one.
pub fn mark_of(list: &MailingList) -> String {
    mark(list)
}

/// Adds a list; gives its slug.
pub async fn add(desk: AtDesk<'_>, form: &ListForm) -> Result<String> {
    let (name, membership) = form.read(desk.lang)?;
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::KeepContacts).await?;
    let all = write.list_lists().await?;
    if all.iter().any(|list| list.name.to_lowercase() == name.to_lowercase()) {
        return Err(Denied::Form(vec![slip("name", t(desk.lang, "people.slip.list_double"))]).into());
    }
    let taken: Vec<String> = all.into_iter().map(|list| list.slug).collect();
    let slug = slug(&name, &taken);
    if slug.is_empty() {
        return Err(Denied::Form(vec![slip("name", t(desk.lang, "people.slip.list_name"))]).into());
    }
    let list = MailingList { id: ListId(0), slug: slug.clone(), name, membership };
    let id = write.record_list(&list, &[]).await?;
    let after = state(&list);
    write.record_event(desk.now, &actor(&user), "list.add", &Event::about_list(id), None, Some(&after)).await?;
    write.commit().await?;
    Ok(slug)
}

/// Renames a list or changes its rule. A list by hand that becomes one by rule lets go of its members by hand.
///
/// # Errors
/// [`Denied::Changed`] if the list is no longer what `seen` marks.
pub async fn edit(desk: AtDesk<'_>, slug: &str, seen: &str, form: &ListForm) -> Result<()> {
    let (name, membership) = form.read(desk.lang)?;
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::KeepContacts).await?;
    let before = find(&mut write, slug).await?;
    let subject = Event::about_list(before.id);
    if mark_of(&before) != seen {
        return Err(changed(&mut write, &subject, &desk).await?.into());
    }
    let after = MailingList { name, membership, ..before.clone() };
    if after == before {
        return Ok(());
    }
    if before.membership == Membership::Hand && after.membership != Membership::Hand {
        write.record_list(&after, &[]).await?;
    } else {
        write.replace_list(&after).await?;
    }
    let (was, is) = (state(&before), state(&after));
    write.record_event(desk.now, &actor(&user), "list.edit", &subject, Some(&was), Some(&is)).await?;
    write.commit().await?;
    Ok(())
}

/// Puts a journalist on a list by hand. Twice is the same as once.
///
/// # Errors
/// [`Denied::Invalid`] for a list by rule, and for one that they have left by themselves.
pub async fn add_member(desk: AtDesk<'_>, slug: &str, contact: ContactId) -> Result<()> {
    let (mut write, list, subject, who) = by_hand(&desk, slug).await?;
    let contact = super::contacts::find_one(&mut write, contact).await?;
    if let Some((_, at)) = write.list_lists_left(contact.id).await?.into_iter().find(|(id, _)| *id == list.id) {
        let day = salastampa_locale::date::full(at.day(), desk.lang);
        let sentence = fill(desk.lang, "keeping.has_left", &[("name", &contact.name), ("day", &day)]);
        return Err(Denied::Invalid(vec![sentence]).into());
    }
    if write.record_member(list.id, contact.id).await? {
        let after = json!({ "contact": contact.id }).to_string();
        write.record_event(desk.now, &who, "list.member_add", &subject, None, Some(&after)).await?;
    }
    write.commit().await?;
    Ok(())
}

/// Takes a journalist off a list by hand. Twice is the same as once.
pub async fn remove_member(desk: AtDesk<'_>, slug: &str, contact: ContactId) -> Result<()> {
    let (mut write, list, subject, who) = by_hand(&desk, slug).await?;
    if write.remove_member(list.id, contact).await? {
        let before = json!({ "contact": contact }).to_string();
        write.record_event(desk.now, &who, "list.member_remove", &subject, Some(&before), None).await?;
    }
    write.commit().await?;
    Ok(())
}

async fn by_hand(desk: &AtDesk<'_>, slug: &str) -> Result<(Write, MailingList, String, salastampa_domain::Actor)> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::KeepContacts).await?;
    let list = find(&mut write, slug).await?;
    if list.membership != Membership::Hand {
        return Err(Denied::Invalid(vec![t(desk.lang, "people.slip.by_rule").to_owned()]).into());
    }
    let subject = Event::about_list(list.id);
    Ok((write, list, subject, actor(&user)))
}

async fn find(rows: &mut Rows, slug: &str) -> Result<MailingList> {
    let list = rows.find_list(slug).await?;
    Ok(list.ok_or_else(|| Denied::Unknown { what: "list", name: slug.to_owned() })?)
}

fn state(list: &MailingList) -> String {
    json!({ "name": list.name, "membership": list.membership }).to_string()
}

/// Who is on a list, or would be by a rule that is not saved yet: `limit` of them from `offset`, by name; only those who
/// are kept out, if `only_out`. They are kept out for what the sending asks as well.
pub async fn preview(
    rows: &mut Rows,
    house: &House,
    list: &MailingList,
    only_out: bool,
    (offset, limit): (usize, usize),
    today: Date,
) -> Result<Preview> {
    let members = rows.list_member_addresses(list).await?;
    let closed: HashMap<String, Suppression> =
        rows.list_all_suppressions().await?.into_iter().map(|s| (s.hash.clone(), s)).collect();
    let mut out: HashMap<ContactId, (Out, Timestamp)> = HashMap::new();
    for (id, address, left, until) in &members {
        if let Some(at) = left {
            out.insert(*id, (Out::Left, *at));
        } else if !closed.is_empty()
            && let Some(suppression) = closed.get(&token::suppression(&house.key, address))
        {
            out.insert(*id, (Out::Closed, suppression.at));
        } else if let Some(last) = until.filter(|last| *last < today) {
            out.insert(*id, (Out::Lapsed, Timestamp::of_civil(last.at(12, 0, 0, 0))));
        }
    }
    let lines = if only_out { out.len() } else { members.len() };
    let offset = offset.min(lines.saturating_sub(1) / limit.max(1) * limit);
    let chosen = members.iter().map(|(id, ..)| *id).filter(|id| !only_out || out.contains_key(id));
    let page: Vec<ContactId> = chosen.skip(offset).take(limit).collect();
    let mut found: HashMap<ContactId, Contact> =
        rows.list_contacts_by_id(&page).await?.into_iter().map(|c| (c.id, c)).collect();
    Ok(Preview {
        total: members.len(),
        kept_out: out.len(),
        offset,
        members: page
            .into_iter()
            .filter_map(|id| Some(Member { contact: found.remove(&id)?, out: out.get(&id).copied() }))
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contacts::{self, ContactForm};
    use crate::desk::small::{NOW, Office, fields};
    use crate::{Denied, Error};

    async fn journalist(office: &Office, name: &str, medium: &str) -> ContactId {
        let form = ContactForm {
            name: name.into(),
            address: format!("{}@lago.test", name.to_lowercase()),
            medium: medium.into(),
            origin: "sito".into(),
            ..ContactForm::new()
        };
        contacts::add(office.desk("lia"), &form).await.expect("added")
    }

    async fn shown(office: &Office, slug: &str, only_out: bool) -> (usize, usize, Vec<(String, Option<Out>)>) {
        let mut rows = office.store.read().await.expect("rows");
        let list = rows.find_list(slug).await.expect("rows").expect("a list");
        let seen = preview(&mut rows, &office.house, &list, only_out, (0, 10), NOW.day()).await.expect("a preview");
        let names = seen.members.into_iter().map(|m| (m.contact.name, m.out.map(|(out, _)| out))).collect();
        (seen.total, seen.kept_out, names)
    }

    #[tokio::test]
    async fn a_preview_names_who_is_on_it_and_who_gets_nothing_and_why() {
        let office = Office::new().await;
        let desk = office.desk("lia");
        let form = ListForm { name: "Radio".into(), by_rule: true, medium: "radio".into(), ..ListForm::default() };
        let slug = add(desk, &form).await.expect("a list");
        assert_eq!(slug, "radio");
        let zoe = journalist(&office, "Zoe", "radio").await;
        journalist(&office, "Ugo", "tv").await;
        let lea = journalist(&office, "Lea", "radio").await;
        journalist(&office, "Ida", "radio").await;
        let vera = journalist(&office, "Vera", "radio").await;
        let held = office.store.read().await.expect("rows").find_contact(vera).await.expect("rows").expect("there");
        let mut write = office.store.write().await.expect("a transaction");
        let expires = NOW.day().yesterday().ok();
        write.replace_contact(&Contact { expires, ..held }).await.expect("a licence that has ended");
        write.commit().await.expect("a commit");
        contacts::opt_out(desk, lea).await.expect("left");
        // an address can be closed without its holder having left
        let zoe = office.store.read().await.expect("rows").find_contact(zoe).await.expect("rows").expect("there");
        let hash = token::suppression(&office.house.key, &zoe.address);
        let mut write = office.store.write().await.expect("a transaction");
        let closed = Suppression { hash, at: desk.now, why: "bounced".into() };
        write.record_suppression(&closed).await.expect("closed");
        write.commit().await.expect("a commit");
        let lapsed = ("Vera", Some(Out::Lapsed));
        let expected = [("Ida", None), ("Lea", Some(Out::Left)), lapsed, ("Zoe", Some(Out::Closed))];
        let expected: Vec<_> = expected.into_iter().map(|(name, out)| (name.to_owned(), out)).collect();
        assert_eq!(shown(&office, &slug, false).await, (4, 3, expected.clone()));
        assert_eq!(shown(&office, &slug, true).await, (4, 3, expected[1..].to_vec()));
        let by_hand = add_member(desk, &slug, ContactId(1)).await;
        assert!(matches!(by_hand, Err(Error::Denied(Denied::Invalid(_)))), "{by_hand:?}");
    }

    #[tokio::test]
    async fn a_list_by_hand_is_filled_and_renamed_and_nobody_overwrites_a_newer_name() {
        let office = Office::new().await;
        let desk = office.desk("lia");
        let form = ListForm { name: "Redazioni".into(), ..ListForm::default() };
        let slug = add(desk, &form).await.expect("a list");
        let zoe = journalist(&office, "Zoe", "radio").await;
        add_member(desk, &slug, zoe).await.expect("on it");
        add_member(desk, &slug, zoe).await.expect("twice is once");
        let seen = mark_of(&find(&mut office.store.write().await.expect("rows"), &slug).await.expect("a list"));
        edit(desk, &slug, &seen, &ListForm { name: "Redazioni del lago".into(), ..form.clone() })
            .await
            .expect("renamed");
        let late = edit(desk, &slug, &seen, &ListForm { name: "Altre".into(), ..form.clone() }).await;
        assert!(matches!(late, Err(Error::Denied(Denied::Changed { .. }))), "{late:?}");
        assert_eq!(shown(&office, &slug, false).await.0, 1);
        remove_member(desk, &slug, zoe).await.expect("off it");
        assert_eq!(shown(&office, &slug, false).await.0, 0);
        assert_eq!(
            office.log().await,
            ["list.add", "contact.add", "list.member_add", "list.edit", "list.member_remove"]
        );
        assert_eq!(fields(add(desk, &ListForm { name: "REDAZIONI DEL LAGO".into(), ..form.clone() }).await), ["name"]);
        assert_eq!(fields(add(desk, &ListForm { name: "!?".into(), ..form.clone() }).await), ["name"]);
        let odd = ListForm { name: "X".into(), by_rule: true, medium: "fax".into(), ..ListForm::default() };
        assert_eq!(fields(add(desk, &odd).await), ["medium"]);
        assert!(add(office.desk("ivo"), &ListForm { name: "Y".into(), ..form }).await.is_err());
    }
}
