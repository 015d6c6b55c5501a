//! What acts know of the house they work in: the office's name, its address on the web, its key.

use salastampa_domain::time::DAY;
use salastampa_domain::{
    Act, Actor, Address, AlertHours, AlertId, Delivery, DeliveryId, DeliveryKind, Election, Privacy, Subject,
    Timestamp, Token, TokenPurpose, User, may,
};
use salastampa_locale::Lang;
use salastampa_store::Rows;

use crate::{Denied, Result, token};

/// So long the link to one's own data holds.
pub(crate) const OWN_DATA_TIME: i64 = DAY;

/// The office, as it is printed on what leaves, and the key that signs its links.
#[derive(Clone, Debug)]
pub struct House {
    /// The body, such as `Comune di Bellariva sul Lago`.
    pub office: String,
    /// The town, as in a dateline.
    pub town: String,
    /// How journalists reach the press office.
    pub contacts: String,
    /// Address that mail comes from.
    pub sender: Address,
    /// The name beside it.
    pub sender_name: String,
    /// The address that people use, without a slash at the end.
    pub base_url: String,
    /// The office's language.
    pub lang: Lang,
    /// Signs links and Message-IDs.
    pub key: Vec<u8>,
    /// An office of one person: the author may approve.
    pub one_person: bool,
    /// A watch that finds more articles a day is called too wide.
    pub wide_watch: u32,
    /// The day of the town's patron, as month and day.
    pub patron: Option<(i8, i8)>,
    /// When alerts that can wait leave, and how many a day.
    pub alerts: AlertHours,
    /// Where servers send back what they cannot deliver, such as `b@…`: each message has an address of its own there. Where
    /// there is none, mail comes back to `sender`.
    pub returns: Option<Address>,
    /// The elections that the installer has written down; the office enters its own at the desk.
    pub elections: Vec<Election>,
    /// Who answers for personal data. Where some of it is unsaid, no notice of GDPR art. 14 goes out.
    pub privacy: Privacy,
}

#[cfg(test)]
impl House {
    /// The office of the tests.
    pub(crate) fn sample() -> Self {
        Self {
            office: "Comune di Bellariva sul Lago".into(),
            town: "Bellariva sul Lago".into(),
            contacts: "Ufficio stampa, tel. 0300 000".into(),
            sender: Address::parse("stampa@bellariva.test").expect("an address"),
            sender_name: "Ufficio stampa".into(),
            base_url: "https://stampa.bellariva.test".into(),
            lang: Lang::It,
            key: b"a key for tests".to_vec(),
            one_person: false,
            wide_watch: 50,
            patron: None,
            alerts: AlertHours::default(),
            returns: None,
            elections: Vec::new(),
            privacy: Privacy::default(),
        }
    }
}

impl House {
    /// The Message-ID of a delivery, without brackets: fixed for ever, equal in every attempt, guessed by nobody.
    pub fn message_id(&self, id: DeliveryId, subject: &Subject) -> String {
        let name = format!("{}{id}.v{}.r{}", subject.kind.name(), subject.version, subject.round);
        format!("{name}.{}@{}", token::mark(&self.key, &name), self.sender.domain())
    }

    /// The link in an alert by which its reader says *non mi interessa*; it ends after ninety days.
    pub fn not_for_me_url(&self, alert: AlertId, now: Timestamp) -> String {
        let until = Some(now.plus(90 * DAY));
        let token = Token { purpose: TokenPurpose::NotForMe, thing: alert.0, reader: None, until };
        format!("{}/avvisi/{}", self.base_url, token::sign(&self.key, &token))
    }

    /// The envelope sender of a delivery (VERP), below the address where its mail comes back: what servers send there is
    /// known by it.
    pub fn envelope_sender(&self, returns: &Address, id: DeliveryId) -> Option<Address> {
        with_token(returns, &self.return_token(id))
    }

    /// What the server is given with a delivery and gives back with what it tells of it.
    pub fn return_token(&self, id: DeliveryId) -> String {
        token::sign_return(&self.key, TokenPurpose::Bounce, id)
    }

    /// What follows `mailto:` for the receiver of a delivery who wants to leave by mail. The token stands in the subject
    /// also where the address has it: one of them survives what mail programs do.
    pub fn leave_mailto(&self, returns: Option<&Address>, sender: &Address, id: DeliveryId) -> String {
        let token = token::sign_return(&self.key, TokenPurpose::Unsubscribe, id);
        let to = returns.and_then(|base| with_token(base, &token)).unwrap_or_else(|| sender.clone());
        format!("{to}?subject=unsubscribe%20{token}")
    }

    /// The link to their own data that a person is sent on request, below the address that was frozen with its letter. None
    /// in any other message. It ends a day after it was asked for, so that every attempt has the same.
    pub fn own_data_url(&self, base_url: &str, delivery: &Delivery) -> Option<String> {
        let until = Some(delivery.queued_at.plus(OWN_DATA_TIME));
        let token = Token { purpose: TokenPurpose::OwnData, thing: delivery.id.0, reader: None, until };
        let is_asked = delivery.subject.kind == DeliveryKind::OwnData;
        is_asked.then(|| format!("{base_url}/miei-dati/{}", token::sign(&self.key, &token)))
    }

    /// The link by which the receiver of a delivery leaves, below the address that was frozen with its letter.
    pub fn leave_url(&self, base_url: &str, id: DeliveryId) -> String {
        format!("{base_url}/disiscrizione/{}", token::sign(&self.key, &Token::unsubscribe(id)))
    }
}

/// `b@comune.test` with a token: `b+17-…@comune.test`; `None` if that is too long for an address.
fn with_token(base: &Address, token: &str) -> Option<Address> {
    let (local, domain) = base.as_str().rsplit_once('@')?;
    Address::parse(&format!("{local}+{token}@{domain}")).ok()
}

/// The user of that login, if they may do it.
pub async fn allowed(rows: &mut Rows, login: &str, act: Act) -> Result<User> {
    let user = rows.find_user(login).await?.filter(|u| u.disabled_at.is_none());
    let user = user.ok_or_else(|| Denied::NoUser(login.to_owned()))?;
    if may(user.role, act) { Ok(user) } else { Err(Denied::Role { role: user.role, act }.into()) }
}

/// The actor of a user.
pub fn actor(user: &User) -> Actor {
    Actor::User { id: user.id }
}

/// The Italian day of an instant: what licences are asked about.
pub fn today(now: Timestamp) -> jiff::civil::Date {
    now.day()
}
