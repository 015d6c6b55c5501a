//! Who works at the desk, and who may do what. Asked inside the act, so that web, command line and API are guarded alike.

use crate::{Address, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Somebody who works at the desk (*operatore*).
#[derive(Clone, PartialEq, Debug)]
pub struct User {
    /// The number.
    pub id: UserId,
    /// The name to log in with.
    pub login: String,
    /// Full name.
    pub name: String,
    /// Where mail to them goes.
    pub address: Option<Address>,
    /// What they are.
    pub role: Role,
    /// May give the second signature in election time.
    pub second_signature: bool,
    /// PHC string of the password; `None` cannot log in.
    pub password: Option<String>,
    /// The second factor of the login, once one was set up.
    pub second_factor: Option<SecondFactor>,
    /// How they like the desk.
    pub preferences: Preferences,
    /// May do nothing since.
    pub disabled_at: Option<Timestamp>,
}

/// How somebody likes the desk.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Preferences {
    /// `it` or `en`; the office's language where absent.
    pub language: Option<String>,
    /// Whether single keys do something (WCAG 2.1.4: they can be switched off).
    pub shortcuts: bool,
}

impl Default for Preferences {
    fn default() -> Self {
        Self { language: None, shortcuts: true }
    }
}

/// A second factor by time (RFC 6238).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondFactor {
    /// The shared secret, sealed with the office's key.
    pub secret: String,
    /// When a first code proved that the person has it; it is not asked for before.
    pub confirmed_at: Option<Timestamp>,
    /// The step of the last code that was taken: none is taken twice.
    pub last_step: i64,
    /// Hashes of the codes that open once each, for who has lost the telephone.
    #[serde(default)]
    pub recovery: Vec<String>,
}

impl fmt::Debug for SecondFactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecondFactor").field("confirmed_at", &self.confirmed_at).finish_non_exhaustive()
    }
}

/// Somebody who is at the desk now.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Session {
    /// SHA-256 of the token that the browser holds, in hexadecimal: who reads the rows cannot take a session over.
    pub hash: String,
    /// Who.
    pub user: UserId,
    /// What each form of the session carries, so that no other site can send one.
    pub csrf: String,
    /// When they logged in.
    pub made_at: Timestamp,
    /// When they were seen last, to the minute.
    pub seen_at: Timestamp,
    /// Whether every factor was given; until then nothing but the next step of the login is open.
    pub complete: bool,
    /// What the next page says once.
    pub flash: Option<String>,
    /// What was typed when the session before had ended, as JSON.
    pub kept: Option<String>,
}

/// Failed logins of an account or from an address.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LoginFailures {
    /// How many.
    pub failures: u32,
    /// When the first one was.
    pub since: Timestamp,
    /// No password is looked at before.
    pub closed_until: Timestamp,
}

/// What a user is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// *Lettore*.
    Viewer,
    /// *Redattore*.
    Editor,
    /// *Capo ufficio stampa*: approves.
    Chief,
    /// *Amministratore*: a technical role, approves no text.
    Admin,
}

/// What can be done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Act {
    /// Read archive and reviews, search.
    Read,
    /// Read reserved editions without a grant.
    ReadReserved,
    /// Triage, clip, edit a review, add by address.
    Curate,
    /// Publish a review or a late version.
    PublishReview,
    /// Write drafts, submit them.
    Write,
    /// Contacts, lists and readers.
    KeepContacts,
    /// Approve, schedule, send, withdraw a release.
    Approve,
    /// The calendar of elections.
    Elections,
    /// The rules of editions: hours, holidays, order, caps.
    Editions,
    /// The office's own texts to begin a release with.
    Templates,
    /// Sources, rights, settings, users, backup, retention.
    Administer,
    /// Look at sources, settings and users.
    Inspect,
    /// Read the whole audit log.
    ReadLog,
    /// Read one's own lines of it.
    ReadOwnLog,
}

impl Act {
    /// Every act.
    pub const ALL: [Self; 14] = [
        Self::Read,
        Self::ReadReserved,
        Self::Curate,
        Self::PublishReview,
        Self::Write,
        Self::KeepContacts,
        Self::Approve,
        Self::Elections,
        Self::Editions,
        Self::Templates,
        Self::Administer,
        Self::Inspect,
        Self::ReadLog,
        Self::ReadOwnLog,
    ];
}

/// Whether a role may do it. Whether this person may do it to this thing (an author never approves the own text) is
/// for the act to ask on top.
pub fn may(role: Role, act: Act) -> bool {
    use Role::{Admin, Chief, Editor};
    match act {
        Act::Read => true,
        Act::ReadReserved | Act::Approve | Act::Elections => role == Chief,
        Act::Curate | Act::PublishReview | Act::Write | Act::KeepContacts => matches!(role, Editor | Chief),
        Act::Administer => role == Admin,
        Act::Inspect | Act::ReadLog | Act::Editions | Act::Templates => matches!(role, Chief | Admin),
        Act::ReadOwnLog => matches!(role, Editor | Chief | Admin),
    }
}

/// Whether this user may give the second signature that election time asks for.
pub fn may_sign_second(user: &User) -> bool {
    user.role == Role::Chief || (user.second_signature && matches!(user.role, Role::Editor | Role::Admin))
}

impl Role {
    /// Every role, least first.
    pub const ALL: [Self; 4] = [Self::Viewer, Self::Editor, Self::Chief, Self::Admin];

    /// Its name in files and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Editor => "editor",
            Self::Chief => "chief",
            Self::Admin => "admin",
        }
    }

    /// The role of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_table_of_rights() {
        let table: Vec<String> = Act::ALL
            .into_iter()
            .map(|act| {
                let row: Vec<&str> =
                    Role::ALL.into_iter().map(|role| if may(role, act) { "yes" } else { "no" }).collect();
                format!("{act:?}: {}", row.join(" "))
            })
            .collect();
        expect_test::expect![[r#"
            Read: yes yes yes yes
            ReadReserved: no no yes no
            Curate: no yes yes no
            PublishReview: no yes yes no
            Write: no yes yes no
            KeepContacts: no yes yes no
            Approve: no no yes no
            Elections: no no yes no
            Editions: no no yes yes
            Templates: no no yes yes
            Administer: no no no yes
            Inspect: no no yes yes
            ReadLog: no no yes yes
            ReadOwnLog: no yes yes yes"#]]
        .assert_eq(&table.join("\n"));
    }
}
