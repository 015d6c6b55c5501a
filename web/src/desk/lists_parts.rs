//! The lines of the pages of lists: a list, a member with why they get nothing, somebody who could be added.

use super::{Contact, Desk, Lang, Membership, Out, Preview, date, fill, medium_words, plural, t};

/// A list among all.
pub(super) struct ListLine {
    pub(super) slug: String,
    pub(super) href: String,
    pub(super) name: String,
    /// Who is on it, in words.
    pub(super) rule: String,
    pub(super) count: String,
    pub(super) left: Option<String>,
}

/// Who is on a list: the counts in words, and some of them.
pub(super) struct Shown {
    /// *Riceveranno 37 su 40.*
    pub(super) words: String,
    pub(super) kept_out: usize,
    pub(super) members: Vec<MemberLine>,
    /// More than are shown here.
    pub(super) more: usize,
}

/// Somebody on a list.
pub(super) struct MemberLine {
    pub(super) id: i64,
    pub(super) href: String,
    pub(super) name: String,
    pub(super) address: String,
    pub(super) outlet: String,
    pub(super) medium: &'static str,
    /// Why they are on it.
    pub(super) why: String,
    /// Why nothing is sent to them.
    pub(super) out: Option<String>,
    pub(super) embargo: bool,
}

/// Somebody who could be added.
pub(super) struct Candidate {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) outlet: String,
    pub(super) address: String,
    pub(super) is_on: bool,
}

/// A preview as it is shown.
pub(super) fn shown(desk: &Desk, preview: Preview, membership: &Membership) -> Shown {
    let lang = desk.lang;
    let reached = (preview.total - preview.kept_out).to_string();
    let more = preview.total.saturating_sub(preview.members.len());
    let words = match preview.total {
        0 => t(lang, "people.lists.nobody").to_owned(),
        total => fill(lang, "people.lists.reached", &[("n", &reached), ("total", &total.to_string())]),
    };
    let members = preview.members.into_iter().map(|member| MemberLine {
        id: member.contact.id.0,
        href: desk.href(&format!("/desk/giornalisti/{}", member.contact.id)),
        address: member.contact.address.as_str().to_owned(),
        medium: medium_words(member.contact.medium, lang),
        embargo: member.contact.accepts_embargo,
        why: reason_words(membership, &member.contact, lang),
        name: member.contact.name,
        outlet: member.contact.outlet,
        out: member.out.map(|(out, at)| {
            let day = date::full(at.day(), lang);
            match out {
                Out::Left => fill(lang, "people.lists.out_left", &[("day", &day)]),
                Out::Closed => fill(lang, "people.lists.out_closed", &[("day", &day)]),
                Out::Lapsed => fill(lang, "people.lists.out_lapsed", &[("day", &day)]),
            }
        }),
    });
    Shown { words, kept_out: preview.kept_out, members: members.collect(), more }
}

/// Why somebody is on a list: what of them the rule looks at, as it stands with them.
pub(super) fn reason_words(membership: &Membership, contact: &Contact, lang: Lang) -> String {
    let Membership::Rule { medium, beat, territory } = membership else {
        return t(lang, "people.lists.why_hand").to_owned();
    };
    let same = |a: &str, b: &str| a.trim().to_lowercase() == b.trim().to_lowercase();
    let theirs = beat.as_ref().map(|beat| contact.beats.iter().find(|one| same(one, beat)).unwrap_or(beat).clone());
    let said = Membership::Rule {
        medium: medium.map(|_| contact.medium),
        beat: theirs,
        territory: territory.as_ref().map(|_| contact.territory.trim().to_owned()),
    };
    fill(lang, "people.lists.why_rule", &[("rule", &rule_words(&said, lang))])
}

/// Who is on a list, in words.
pub(super) fn rule_words(membership: &Membership, lang: Lang) -> String {
    let Membership::Rule { medium, beat, territory } = membership else {
        return t(lang, "people.lists.by_hand").to_owned();
    };
    let mut parts = Vec::new();
    if let Some(medium) = medium {
        parts.push(fill(lang, "people.lists.rule_medium", &[("medium", medium_words(*medium, lang))]));
    }
    if let Some(beat) = beat {
        parts.push(fill(lang, "people.lists.rule_beat", &[("beat", beat)]));
    }
    if let Some(territory) = territory {
        parts.push(fill(lang, "people.lists.rule_territory", &[("territory", territory)]));
    }
    match parts.is_empty() {
        true => t(lang, "people.lists.rule_all").to_owned(),
        false => parts.join(" · "),
    }
}

impl Shown {
    /// *e altri 12*, below a page that does not show all.
    pub(super) fn more_words(&self, lang: &Lang) -> String {
        plural(*lang, "people.lists.more", self.more)
    }
}
