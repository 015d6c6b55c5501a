//! Who gets a release, when, and who does not and why.
//!
//! What is previewed is what is expanded: the same function names the people on the screen and fills the outbox.
//! Nobody is dropped in silence; who opted out or is blocked stays in the answer with the reason.

use salastampa_domain::quiet::awake;
use salastampa_domain::{Address, Contact, ContactId, MailingList, Timestamp};
use std::collections::BTreeMap;

/// The contact asked to be left alone.
pub const OPTED_OUT: &str = "opt-out";
/// The licence under which the address is held has ended ([`Contact::is_lapsed`]).
pub const LAPSED: &str = "lapsed";
/// The address is blocked, whoever holds it.
pub const SUPPRESSED: &str = "suppressed";

/// One address that a release goes to, or would.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Recipient {
    /// The journalist.
    pub contact: ContactId,
    /// Their name.
    pub name: String,
    /// Where it goes.
    pub address: Address,
    /// Slugs of the lists that they are on, in order of the lists.
    pub lists: Vec<String>,
    /// Not before: the hour of the sending, the end of an embargo, the end of their quiet hours.
    pub due_at: Timestamp,
    /// Their quiet hours make it wait.
    pub is_quiet: bool,
    /// Why it does not go: [`OPTED_OUT`], [`SUPPRESSED`] or [`LAPSED`].
    pub suppressed: Option<String>,
}

/// The recipients of the lists, each address once, in order of addresses. Before an `embargo` ends only who accepts it
/// is sent anything at `send_at`; for everybody else it is due when it ends. What would leave in somebody's quiet hours
/// waits for their end. A correction and a withdrawal do not come here: they go at once to who has the text.
pub fn expand(
    lists: &[(MailingList, Vec<Contact>)],
    embargo: Option<Timestamp>,
    send_at: Timestamp,
    is_suppressed: impl Fn(&Address) -> bool,
) -> Vec<Recipient> {
    let mut found: BTreeMap<&Address, (Vec<&Contact>, Vec<&str>)> = BTreeMap::new();
    for (list, contacts) in lists {
        for contact in contacts {
            let (same, slugs) = found.entry(&contact.address).or_default();
            same.push(contact);
            if !slugs.contains(&list.slug.as_str()) {
                slugs.push(&list.slug);
            }
        }
    }
    found
        .into_iter()
        .filter_map(|(address, (same, slugs))| {
            let first = same.first()?;
            // of two records with one address the more cautious counts
            let trusted = same.iter().all(|c| c.accepts_embargo);
            let hour = if trusted { send_at } else { embargo.map_or(send_at, |end| end.max(send_at)) };
            let due_at = same.iter().fold(hour, |due, contact| awake(contact.quiet, due));
            let suppressed = if same.iter().any(|c| c.opted_out_at.is_some()) {
                Some(OPTED_OUT)
            } else if is_suppressed(address) {
                Some(SUPPRESSED)
            } else {
                same.iter().any(|c| c.is_lapsed(due_at.day())).then_some(LAPSED)
            };
            Some(Recipient {
                contact: first.id,
                name: first.name.clone(),
                address: address.clone(),
                lists: slugs.into_iter().map(str::to_owned).collect(),
                due_at,
                is_quiet: due_at > hour,
                suppressed: suppressed.map(str::to_owned),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;
    use salastampa_domain::{ListId, Membership};

    fn contact(id: i64, address: &str, accepts_embargo: bool) -> Contact {
        Contact {
            id: ContactId(id),
            name: format!("Contatto {id}"),
            address: Address::parse(address).expect(address),
            outlet: "La Voce del Lago".into(),
            medium: Default::default(),
            beats: Vec::new(),
            territory: String::new(),
            language: "it".into(),
            accepts_embargo,
            basis: Default::default(),
            origin: "sito della testata".into(),
            notice_at: None,
            expires: None,
            phones: Vec::new(),
            quiet: None,
            opted_out_at: None,
            added_at: None,
            changed_at: None,
            confirmed_at: None,
            others: Vec::new(),
            role: String::new(),
            posts: Vec::new(),
            notes: String::new(),
        }
    }

    fn list(id: i64, slug: &str) -> MailingList {
        MailingList { id: ListId(id), slug: slug.into(), name: slug.into(), membership: Membership::Hand }
    }

    fn lists() -> Vec<(MailingList, Vec<Contact>)> {
        let left = Contact { opted_out_at: Some(Timestamp(5)), ..contact(3, "lea@esempio.test", true) };
        let (ugo, ada) = (contact(1, "Ugo@Esempio.TEST", true), contact(2, "ada@esempio.test", false));
        vec![
            (list(1, "cronaca"), vec![ugo.clone(), ada, left]),
            (list(2, "radio"), vec![contact(9, "ugo@esempio.test", true), contact(4, "zoe@esempio.test", true), ugo]),
        ]
    }

    fn shown(recipients: &[Recipient]) -> String {
        let line = |r: &Recipient| {
            let why = r.suppressed.as_deref().unwrap_or("-");
            format!("{} {} [{}] {} {why}", r.contact, r.address, r.lists.join(","), r.due_at.0)
        };
        recipients.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn each_address_gets_it_once_and_nobody_is_dropped_in_silence() {
        let found = expand(&lists(), None, Timestamp(100), |a| a.as_str().starts_with("zoe"));
        expect![[r#"
            2 ada@esempio.test [cronaca] 100 -
            3 lea@esempio.test [cronaca] 100 opt-out
            1 ugo@esempio.test [cronaca,radio] 100 -
            4 zoe@esempio.test [radio] 100 suppressed"#]]
        .assert_eq(&shown(&found));
    }

    #[test]
    fn who_is_held_under_a_licence_gets_what_leaves_until_its_last_day() {
        let at = |text| Timestamp::parse(text).expect("an instant");
        let last = Some(jiff::civil::date(2026, 11, 23));
        let ada = Contact { expires: last, ..contact(2, "ada@esempio.test", false) };
        let lists = [(list(1, "cronaca"), vec![ada])];
        let why = |embargo, send_at| expand(&lists, embargo, send_at, |_| false)[0].suppressed.clone();
        assert_eq!(why(None, at("2026-11-23 23:59")), None);
        assert_eq!(why(None, at("2026-11-24 00:00")).as_deref(), Some(LAPSED));
        let later = Some(at("2026-11-24 11:00"));
        assert_eq!(why(later, at("2026-11-23 10:00")).as_deref(), Some(LAPSED), "her mail would leave after it");
    }

    #[test]
    fn before_the_hour_only_who_accepts_an_embargo_gets_mail() {
        let found = expand(&lists(), Some(Timestamp(200)), Timestamp(100), |_| false);
        expect![[r#"
            2 ada@esempio.test [cronaca] 200 -
            3 lea@esempio.test [cronaca] 100 opt-out
            1 ugo@esempio.test [cronaca,radio] 100 -
            4 zoe@esempio.test [radio] 100 -"#]]
        .assert_eq(&shown(&found));
        let night = |contact: Contact| {
            let hour = |n| jiff::civil::time(n, 0, 0, 0);
            Contact { quiet: Some((hour(22), hour(7))), ..contact }
        };
        let at = |text: &str| Timestamp::parse(text).expect(text);
        let (send, embargo) = (at("2026-11-23 23:00"), at("2026-11-24 06:00"));
        let asleep = vec![(
            list(1, "cronaca"),
            vec![
                night(contact(1, "ada@esempio.test", true)),
                night(contact(2, "bea@esempio.test", false)),
                contact(3, "zoe@esempio.test", true),
            ],
        )];
        let found = expand(&asleep, Some(embargo), send, |_| false);
        let due: Vec<_> = found.iter().map(|r| (r.due_at.rfc3339(), r.is_quiet)).collect();
        let morning = || at("2026-11-24 07:00").rfc3339();
        assert_eq!(due, [(morning(), true), (morning(), true), (send.rfc3339(), false)]);
        let passed = expand(&lists(), Some(Timestamp(50)), Timestamp(100), |_| false);
        assert!(passed.iter().all(|r| r.due_at == Timestamp(100)));
    }
}
