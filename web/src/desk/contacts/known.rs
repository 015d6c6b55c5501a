//! What stands beside the form of a journalist: whether and why nothing goes to them, the lists that take them in or that
//! they have left, where they sign, what happened.

use super::bylines::{self, BylineLine};
use super::history::{self, History};
use crate::answer::Error;
use crate::desk::session::Desk;
use salastampa_acts::contacts;
use salastampa_acts::receive::{self, Standing};
use salastampa_domain::{Contact, MailingList};
use salastampa_locale::{Lang, date, fill, number};
use salastampa_store::Rows;

/// A thing with its page.
pub(crate) struct Link {
    pub(super) words: String,
    pub(super) href: String,
}

/// What is known of a journalist who was written down before.
pub(crate) struct Known {
    pub(super) id: i64,
    pub(super) left: Option<(String, String)>,
    /// The address is closed for another reason than leaving.
    pub(super) closed: Option<String>,
    /// The address rejects mail: since when, and whether a person has agreed.
    pub(super) suspended: Option<(String, String, bool)>,
    /// How often their address has rejected mail, where it has.
    pub(super) score: Option<String>,
    pub(super) expired: bool,
    /// Lists whose rule takes them in.
    pub(super) by_rule: Vec<Link>,
    /// Lists that they have left by themselves, each with the day.
    pub(super) lists_left: Vec<(Link, String)>,
    /// Where they sign; none where no article of ours has their name.
    pub(super) bylines: Option<BylineLine>,
    /// All that happened.
    pub(super) history: History,
}

pub(super) async fn known_of(
    desk: &Desk,
    rows: &mut Rows,
    contact: &Contact,
    all: &[MailingList],
) -> Result<Known, Error> {
    let lang = desk.lang;
    let closed = contacts::suppressed(rows, &desk.site.house, &contact.address).await?;
    let standing = receive::standing(rows, &contact.address, desk.now).await?;
    let gone = rows.list_lists_left(contact.id).await?;
    let left_at = |list: &MailingList| gone.iter().find(|(id, _)| *id == list.id).map(|(_, at)| *at);
    let link =
        |list: &MailingList| Link { words: list.name.clone(), href: desk.href(&format!("/desk/liste/{}", list.slug)) };
    let by_rule = all.iter().filter(|list| list.membership.takes(contact) && left_at(list).is_none()).map(link);
    let lists_left = all.iter().filter_map(|list| Some((link(list), date::full(left_at(list)?.day(), lang))));
    Ok(Known {
        id: contact.id.0,
        left: contact.opted_out_at.map(|at| (at.rfc3339(), date::moment(at.civil(), lang))),
        closed: closed
            .filter(|s| contact.opted_out_at.is_none() && s.why != receive::BOUNCED)
            .map(|s| date::moment(s.at.civil(), lang)),
        suspended: suspended(&standing, lang),
        score: score(&standing, lang),
        expired: contact.expires.is_some_and(|day| day < desk.now.day()),
        by_rule: by_rule.collect(),
        lists_left: lists_left.collect(),
        bylines: bylines::lines(desk, rows, std::slice::from_ref(contact)).await?.remove(&contact.id),
        history: history::history(desk, rows, contact).await?,
    })
}

/// Since when an address is not mailed because it rejects mail: for machines, in words, and whether a person agreed.
fn suspended(standing: &Standing, lang: Lang) -> Option<(String, String, bool)> {
    let known = standing.known.as_ref()?;
    let at = known.suspended_at?;
    Some((at.rfc3339(), date::moment(at.civil(), lang), known.confirmed_at.is_some()))
}

/// The points of an address that has rejected mail, with one digit: a half is the smallest that is given.
fn score(standing: &Standing, lang: Lang) -> Option<String> {
    let points = number::decimal(standing.score as f64 / 1_000.0, 1, lang);
    (standing.score > 0).then(|| fill(lang, "returned.person.score", &[("points", &points)]))
}
