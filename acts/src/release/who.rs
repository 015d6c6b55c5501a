//! Who gets a release: asked by the page before it is sent, and by the sending itself. What is shown is what is done.

use crate::{House, Result, subscribe, token};
use salastampa_domain::quiet::awake;
use salastampa_domain::{
    Address, Contact, ContactId, Delivery, DeliveryKind, DeliveryState, ListId, MailingList, Release, ReleaseKind,
    Timestamp,
};
use salastampa_locale::t;
use salastampa_releases::expand;
use salastampa_releases::recipients::{LAPSED, SUPPRESSED};
use salastampa_store::Rows;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Somebody who gets a release, or would.
#[derive(Clone, PartialEq, Debug)]
pub struct Addressee {
    /// Where it goes.
    pub address: Address,
    /// The journalist, while we hold the contact.
    pub contact: Option<ContactId>,
    /// Their name; empty where we hold no contact any more.
    pub name: String,
    /// Their outlet.
    pub outlet: String,
    /// Names of the lists that they are on; none for a correction, which goes to those who have the earlier text.
    pub lists: Vec<String>,
    /// Not before.
    pub due_at: Timestamp,
    /// Their quiet hours make it wait.
    pub is_quiet: bool,
    /// The mail that they have, which this one answers in thread.
    pub in_reply_to: Option<String>,
    /// Why they get nothing.
    pub suppressed: Option<String>,
    /// What became of the message with this very text that was made for them before a stop.
    pub before: Option<DeliveryState>,
}

/// What is asked: the text, its place among the versions, and when it would leave.
pub(super) struct Going<'a> {
    pub(super) release: &'a Release,
    pub(super) number: u32,
    pub(super) lists: &'a [ListId],
    pub(super) corrects: bool,
    pub(super) due: Timestamp,
    /// The embargo under which it leaves.
    pub(super) embargo: Option<Timestamp>,
    /// What it is about, as the text names it.
    pub(super) topics: &'a [String],
}

impl Addressee {
    /// Whether a message leaves for them when the release is sent.
    pub fn is_sent(&self) -> bool {
        self.suppressed.is_none() && !self.has_it()
    }

    /// Whether this text was made ready for them before and that stands: they have it, may have it, or could not get it.
    pub fn has_it(&self) -> bool {
        self.before.as_ref().is_some_and(|state| *state != DeliveryState::Cancelled)
    }
}

/// Who would get the release if it were sent at `at`, with names and outlets, in order of addresses: the newest version,
/// or the draft where the text is still being written.
pub async fn recipients(rows: &mut Rows, house: &House, release: &Release, at: Timestamp) -> Result<Vec<Addressee>> {
    let versions = rows.list_versions(release.id).await?;
    let last = versions.last().filter(|_| release.state != salastampa_domain::ReleaseState::Draft);
    let mut lists = Vec::new();
    let named = salastampa_releases::draft::parse(last.map_or(&release.draft, |version| &version.markdown));
    let named_embargo = named.as_ref().ok().and_then(|draft| draft.embargo);
    let topics = named.as_ref().map(|draft| draft.topics.clone()).unwrap_or_default();
    let embargo = super::embargo(release, named_embargo, at);
    let going = match last {
        Some(version) => {
            lists.clone_from(&version.lists);
            let corrects = version.corrects.is_some();
            Going { release, number: version.number, lists: &lists, corrects, due: at, embargo, topics: &topics }
        }
        None => {
            for slug in named.map(|draft| draft.lists).unwrap_or_default() {
                lists.extend(rows.find_list(&slug).await?.map(|list| list.id));
            }
            let number = versions.last().map_or(1, |version| version.number + 1);
            Going {
                release,
                number,
                lists: &lists,
                corrects: release.current.is_some(),
                due: at,
                embargo,
                topics: &topics,
            }
        }
    };
    let mut found = addressees(rows, house, &going).await?;
    let unnamed: Vec<ContactId> = found.iter().filter(|a| a.name.is_empty()).filter_map(|a| a.contact).collect();
    let contacts: HashMap<ContactId, Contact> =
        rows.find_contacts(&unnamed).await?.into_iter().map(|contact| (contact.id, contact)).collect();
    for addressee in &mut found {
        if let Some(contact) = addressee.contact.and_then(|id| contacts.get(&id)) {
            addressee.name.clone_from(&contact.name);
            addressee.outlet.clone_from(&contact.outlet);
        }
    }
    Ok(found)
}

pub(super) async fn addressees(rows: &mut Rows, house: &House, going: &Going<'_>) -> Result<Vec<Addressee>> {
    let earlier = rows.list_deliveries(DeliveryKind::Release, going.release.id.0).await?;
    let mut found = if going.corrects {
        corrected(rows, house, going, &earlier).await?
    } else {
        let mut found = listed(rows, house, going).await?;
        subscribed(rows, house, going, &mut found).await?;
        found
    };
    let mut same: HashMap<&Address, &DeliveryState> = HashMap::new();
    for delivery in earlier.iter().filter(|d| d.subject.version == going.number) {
        same.insert(&delivery.address, &delivery.state);
    }
    for addressee in &mut found {
        addressee.before = same.get(&addressee.address).map(|state| (*state).clone());
    }
    Ok(found)
}

/// The people on the lists; those who are kept out stand there with the reason.
async fn listed(rows: &mut Rows, house: &House, going: &Going<'_>) -> Result<Vec<Addressee>> {
    let mut lists: Vec<(MailingList, Vec<Contact>)> = Vec::new();
    for id in going.lists {
        let Some(list) = rows.find_list_by_id(*id).await? else { continue };
        let members = rows.list_members(*id).await?;
        lists.push((list, members));
    }
    let addresses: BTreeSet<&Address> = lists.iter().flat_map(|(_, members)| members).map(|c| &c.address).collect();
    let closed = closed(rows, house, addresses.into_iter()).await?;
    let recipients = expand(&lists, going.embargo, going.due, |address| closed.contains_key(address));
    let named: HashMap<&str, &str> = lists.iter().map(|(list, _)| (list.slug.as_str(), list.name.as_str())).collect();
    let outlets: HashMap<ContactId, &str> =
        lists.iter().flat_map(|(_, members)| members).map(|c| (c.id, c.outlet.as_str())).collect();
    Ok(recipients
        .into_iter()
        .map(|r| Addressee {
            outlet: outlets.get(&r.contact).copied().unwrap_or_default().to_owned(),
            lists: r.lists.iter().filter_map(|slug| named.get(slug.as_str())).map(|n| (*n).to_owned()).collect(),
            contact: Some(r.contact),
            name: r.name,
            due_at: r.due_at,
            is_quiet: r.is_quiet,
            in_reply_to: None,
            // of an address that is closed the reason is told, not only that it is
            suppressed: r.suppressed.map(|why| match closed.get(&r.address) {
                Some(known) if why == SUPPRESSED => known.clone(),
                _ => why,
            }),
            address: r.address,
            before: None,
        })
        .collect())
}

/// Those who subscribed on the newsroom and are not written to as journalists. They are never trusted with an embargo, and an
/// invitation is for journalists alone.
async fn subscribed(rows: &mut Rows, house: &House, going: &Going<'_>, found: &mut Vec<Addressee>) -> Result<()> {
    if going.release.kind == ReleaseKind::Invito {
        return Ok(());
    }
    let wanting = subscribe::wanting(rows, house, going.topics).await?;
    let closed = closed(rows, house, wanting.iter().map(|subscriber| &subscriber.address)).await?;
    let reached: BTreeSet<Address> =
        found.iter().filter(|one| one.suppressed.is_none()).map(|one| one.address.clone()).collect();
    for subscriber in wanting.into_iter().filter(|subscriber| !reached.contains(&subscriber.address)) {
        // as a journalist they get nothing; they have asked for it since
        found.retain(|one| one.address != subscriber.address);
        found.push(Addressee {
            contact: None,
            name: String::new(),
            outlet: String::new(),
            lists: vec![t(house.lang, "subscribe.desk.title").to_owned()],
            due_at: going.embargo.map_or(going.due, |end| end.max(going.due)),
            is_quiet: false,
            in_reply_to: None,
            suppressed: closed.get(&subscriber.address).cloned(),
            address: subscriber.address,
            before: None,
        });
    }
    found.sort_by(|a, b| a.address.cmp(&b.address));
    Ok(())
}

/// Those who got, or may have got, an earlier version, those for whom one waits, and those for whom it was stopped;
/// without who has left since. The newest mail that somebody has is the one to answer.
async fn corrected(rows: &mut Rows, house: &House, going: &Going<'_>, earlier: &[Delivery]) -> Result<Vec<Addressee>> {
    let mut newest: BTreeMap<&Address, (Option<&Delivery>, &Delivery)> = BTreeMap::new();
    for delivery in earlier.iter().filter(|d| d.subject.version < going.number) {
        let got = matches!(
            delivery.state,
            DeliveryState::Accepted | DeliveryState::Uncertain | DeliveryState::DataStarted { .. }
        );
        let had = newest.get(&delivery.address).and_then(|(got, _)| *got);
        newest.insert(&delivery.address, (if got { Some(delivery) } else { had }, delivery));
    }
    newest.retain(|_, (got, last)| {
        got.is_some() || !matches!(last.state, DeliveryState::Failed | DeliveryState::Suppressed)
    });
    let closed = closed(rows, house, newest.keys().copied()).await?;
    let all: Vec<ContactId> =
        newest.values().flat_map(|(got, last)| [got.and_then(|got| got.contact), last.contact]).flatten().collect();
    let known: HashMap<ContactId, Contact> =
        rows.find_contacts(&all).await?.into_iter().map(|contact| (contact.id, contact)).collect();
    let ends = going.embargo;
    Ok(newest
        .into_iter()
        .map(|(address, (got, last))| {
            // a correction wakes who has the text; who waits for it, for an embargo or the end of the night, goes on waiting
            let held = got.unwrap_or(last).contact.and_then(|contact| known.get(&contact));
            let (quiet, trusted) = held.map(|held| (held.quiet, held.accepts_embargo)).unwrap_or_default();
            let from = ends.filter(|_| !trusted).map_or(going.due, |end| end.max(going.due));
            let due_at = if got.is_some() { going.due } else { awake(quiet, from) };
            let lapsed = held.is_some_and(|held| held.is_lapsed(due_at.day())).then(|| LAPSED.to_owned());
            (address, got, last, due_at, lapsed)
        })
        .map(|(address, got, last, due_at, lapsed)| Addressee {
            address: address.clone(),
            contact: got.unwrap_or(last).contact,
            name: String::new(),
            outlet: String::new(),
            lists: Vec::new(),
            due_at,
            is_quiet: got.is_none() && due_at > going.due && ends.is_none_or(|end| due_at > end),
            in_reply_to: got.map(|delivery| delivery.message_id.clone()),
            suppressed: closed.get(address).cloned().or(lapsed),
            before: None,
        })
        .collect())
}

/// Those of the addresses to which nothing goes, with the reason.
async fn closed(
    rows: &mut Rows,
    house: &House,
    addresses: impl Iterator<Item = &Address>,
) -> Result<HashMap<Address, String>> {
    let hashed: Vec<(String, &Address)> =
        addresses.map(|address| (token::suppression(&house.key, address), address)).collect();
    let hashes: Vec<&str> = hashed.iter().map(|(hash, _)| hash.as_str()).collect();
    let why: HashMap<String, String> =
        rows.list_suppressions(&hashes).await?.into_iter().map(|s| (s.hash, s.why)).collect();
    Ok(hashed.into_iter().filter_map(|(hash, address)| Some((address.clone(), why.get(&hash)?.clone()))).collect())
}
