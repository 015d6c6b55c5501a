//! Whoever asked on the public newsroom to get releases by mail. They are no journalists: held by their own consent and for
//! nothing else, never trusted with an embargo, gone when they say so.

use crate::{Address, SubscriberId, Timestamp};

/// Somebody who gets the releases of some subjects by mail, or has asked for it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Subscriber {
    /// The number.
    pub id: SubscriberId,
    /// Where mail goes.
    pub address: Address,
    /// Names of subjects in addresses, such as `lavori-pubblici`; empty is every subject. What they have confirmed.
    pub topics: Vec<String>,
    /// What they asked for last, and still have to confirm where it differs.
    pub asked: Vec<String>,
    /// When they asked last.
    pub asked_at: Timestamp,
    /// When they confirmed first: the date of the consent. None is somebody who only typed an address.
    pub confirmed_at: Option<Timestamp>,
    /// What they consented to, in the words that stood in the form.
    pub consent: String,
    /// Since when they want nothing more.
    pub left_at: Option<Timestamp>,
}

impl Subscriber {
    /// Whether releases go to them.
    pub fn is_reached(&self) -> bool {
        self.confirmed_at.is_some() && self.left_at.is_none()
    }

    /// Whether they want what is about these subjects.
    pub fn wants<'a>(&self, mut about: impl Iterator<Item = &'a str>) -> bool {
        self.topics.is_empty() || about.any(|topic| self.topics.iter().any(|wanted| wanted == topic))
    }
}
