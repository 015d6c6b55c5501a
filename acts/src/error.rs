//! Why an act was not done: refused to a person, who is told in words, or failed, which goes to the log.

use salastampa_domain::delivery::NOTE_LIMIT;
use salastampa_domain::{Act, Role, Timestamp};
use salastampa_locale as locale;

/// Why an act was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Refused: nothing has changed.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The store failed: the transaction is rolled back, nothing has changed.
    #[error(transparent)]
    Store(#[from] salastampa_store::Error),
    /// Something else failed.
    #[error(transparent)]
    Other(#[from] anyhow::Error),
}

/// What an act gives.
pub type Result<T> = std::result::Result<T, Error>;

/// Why an act is refused. Callers decide by it; people read [`Denied::sentence`].
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Denied {
    /// The role may not do it.
    #[error("role {} may not do {act:?}", .role.name())]
    Role {
        /// What the person is.
        role: Role,
        /// What was tried.
        act: Act,
    },
    /// The user is disabled or does not exist.
    #[error("no such user: {0}")]
    NoUser(String),
    /// The approver wrote the version.
    #[error("the author of a version may not approve it")]
    OwnText,
    /// The thing is not in the state that the act starts from.
    #[error("{slug} is {state}, which does not allow this")]
    State {
        /// Which release.
        slug: String,
        /// Where it stands.
        state: &'static str,
    },
    /// There is no such thing.
    #[error("no {what} named {name}")]
    Unknown {
        /// `release`, `list`, `edition`.
        what: &'static str,
        /// As it was called.
        name: String,
    },
    /// There is one already.
    #[error("there is already a {what} named {name}")]
    Exists {
        /// `release`, `user`.
        what: &'static str,
        /// As it was called.
        name: String,
    },
    /// The text or file cannot be used; each line says where and what to do.
    #[error("{}", .0.join("\n"))]
    Invalid(Vec<String>),
    /// Fields of a form that cannot be taken as they are; what was typed is the caller's to keep.
    #[error("{}", .0.iter().map(|slip| slip.sentence.as_str()).collect::<Vec<_>>().join("; "))]
    Form(Vec<Slip>),
    /// Somebody else has changed the thing since it was read: nothing is overwritten.
    #[error("changed by {by} in the meantime")]
    Changed {
        /// Who, by name.
        by: String,
        /// When.
        at: Timestamp,
    },
    /// Name or password are wrong; which of them is not said.
    #[error("wrong login")]
    WrongLogin,
    /// Too many failed logins: no password is looked at before.
    #[error("too many failed logins")]
    Wait {
        /// When the next one is.
        until: Timestamp,
    },
    /// The instant lies in the past.
    #[error("the instant has passed")]
    Past,
    /// Election time: the text may not leave as it is, or not yet.
    #[error("election time: {}", .0.lines(locale::Lang::En).join("; "))]
    Election(Box<crate::release::Required>),
    /// The second signature is not this person's to give.
    #[error("the second signature is not yours to give")]
    MayNotSign,
    /// The second signature is given by somebody who neither wrote nor approved the text.
    #[error("author and approver may not give the second signature")]
    SameHand,
    /// The second signature is there.
    #[error("the text has its second signature")]
    Signed,
    /// A word to one person that is longer than [`salastampa_domain::delivery::NOTE_LIMIT`].
    #[error("the note is too long")]
    LongNote,
    /// The frozen bytes no longer have the hash that was approved.
    #[error("the text is not the one that was approved")]
    Altered,
}

/// What is wrong with one field of a form.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Slip {
    /// The name of the field, as the form has it.
    pub field: &'static str,
    /// What is wrong and what to write instead, in the person's language.
    pub sentence: String,
}

impl Denied {
    /// What happened and what to do, for the person.
    pub fn sentence(&self, lang: locale::Lang) -> String {
        let say = |key: &'static str, args: &[(&str, &str)]| locale::fill(lang, key, args);
        match self {
            Self::Role { role, .. } => say("acts.role", &[("role", role_name(lang, *role))]),
            Self::NoUser(name) => say("acts.no_user", &[("name", name)]),
            Self::OwnText => say("acts.own_text", &[]),
            Self::State { slug, state } => say("acts.state", &[("slug", slug), ("state", state_name(lang, state))]),
            Self::Unknown { what, name } => say("acts.unknown", &[("what", thing_name(lang, what)), ("name", name)]),
            Self::Exists { what, name } => say("acts.exists", &[("what", thing_name(lang, what)), ("name", name)]),
            Self::Invalid(lines) => format!("{}\n{}", say("acts.invalid", &[]), lines.join("\n")),
            Self::Form(slips) => slips.iter().map(|slip| slip.sentence.as_str()).collect::<Vec<_>>().join("\n"),
            Self::Changed { by, at } => {
                let at = at.civil();
                say("acts.changed", &[("who", by), ("at", &locale::date::moment(at, lang))])
            }
            Self::WrongLogin => say("acts.wrong_login", &[]),
            Self::Wait { until } => say("acts.wait", &[("time", &locale::date::time(until.civil().time()))]),
            Self::Election(required) => {
                let head = say("election.refused", &[("until", &required.until(lang))]);
                format!("{head}\n{}", required.lines(lang).join("\n"))
            }
            Self::MayNotSign => say("election.may_not_sign", &[]),
            Self::SameHand => say("election.same_hand", &[]),
            Self::Signed => say("election.signed", &[]),
            Self::LongNote => say("acts.long_note", &[("most", &NOTE_LIMIT.to_string())]),
            Self::Past => say("acts.past", &[]),
            Self::Altered => say("acts.altered", &[]),
        }
    }
}

/// Why a query cannot be used, in words.
pub fn query_sentence(lang: locale::Lang, error: &salastampa_index::QueryError) -> String {
    let args = error.args();
    let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
    locale::fill(lang, error.key(), &args)
}

fn role_name(lang: locale::Lang, role: Role) -> &'static str {
    match role {
        Role::Viewer => locale::t(lang, "acts.roles.viewer"),
        Role::Editor => locale::t(lang, "acts.roles.editor"),
        Role::Chief => locale::t(lang, "acts.roles.chief"),
        Role::Admin => locale::t(lang, "acts.roles.admin"),
    }
}

/// A state of a release as the office calls it.
pub fn state_name(lang: locale::Lang, state: &'static str) -> &'static str {
    match state {
        "draft" => locale::t(lang, "acts.states.draft"),
        "in_review" => locale::t(lang, "acts.states.in_review"),
        "approved" => locale::t(lang, "acts.states.approved"),
        "scheduled" => locale::t(lang, "acts.states.scheduled"),
        "sending" => locale::t(lang, "acts.states.sending"),
        "sent" => locale::t(lang, "acts.states.sent"),
        "withdrawn" => locale::t(lang, "acts.states.withdrawn"),
        other => other,
    }
}

fn thing_name(lang: locale::Lang, what: &'static str) -> &'static str {
    match what {
        "release" => locale::t(lang, "acts.things.release"),
        "file" => locale::t(lang, "acts.things.file"),
        "list" => locale::t(lang, "acts.things.list"),
        "link" => locale::t(lang, "acts.things.link"),
        "user" => locale::t(lang, "acts.things.user"),
        "watch" => locale::t(lang, "acts.things.watch"),
        "edition" => locale::t(lang, "acts.things.edition"),
        "review" => locale::t(lang, "acts.things.review"),
        "contact" => locale::t(lang, "acts.things.contact"),
        "reader" => locale::t(lang, "acts.things.reader"),
        "source" => locale::t(lang, "acts.things.source"),
        "article" => locale::t(lang, "acts.things.article"),
        "story" => locale::t(lang, "acts.things.story"),
        "delivery" => locale::t(lang, "acts.things.delivery"),
        "inbound" => locale::t(lang, "acts.things.inbound"),
        "alert" => locale::t(lang, "acts.things.alert"),
        "clipping" => locale::t(lang, "acts.things.clipping"),
        "import" => locale::t(lang, "acts.things.import"),
        "person" => locale::t(lang, "acts.things.person"),
        "dossier" => locale::t(lang, "acts.things.dossier"),
        "note" => locale::t(lang, "acts.things.note"),
        "feed" => locale::t(lang, "acts.things.feed"),
        "election" => locale::t(lang, "acts.things.election"),
        "template" => locale::t(lang, "acts.things.template"),
        "second_factor" => locale::t(lang, "acts.things.second_factor"),
        other => other,
    }
}

impl Error {
    /// The sentence for the person, where the act was refused.
    pub fn sentence(&self, lang: locale::Lang) -> String {
        match self {
            Self::Denied(denied) => denied.sentence(lang),
            Self::Store(e) => locale::fill(lang, "acts.store", &[("why", &e.to_string())]),
            Self::Other(e) => locale::fill(lang, "acts.failed", &[("why", &format!("{e:#}"))]),
        }
    }
}
