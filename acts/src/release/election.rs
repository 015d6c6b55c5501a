//! What election time asks of a text (*par condicio*), asked by whoever lets one go: that it is impersonal, that somebody
//! wrote down why it is indispensable, and that two people who did not write it have signed it.
//!
//! It is asked of each instant at which something of the text leaves or becomes public, so that one that is approved
//! today for the day after the polls is free, and one that was scheduled before the polls were called is not.

use crate::{Denied, House, Result, elections};
use salastampa_domain::election::in_force;
use salastampa_domain::{
    Approved, Delivery, Election, Release, ReleaseId, ReleaseState, Timestamp, Version, is_public,
};
use salastampa_locale::{Lang, date, fill, t};
use salastampa_releases::draft::{Draft, parse};
use salastampa_releases::impersonal::{Class, Finding, impersonal, impersonal_words, in_address};
use salastampa_store::Rows;

/// What election time finds in a text, and does not find beside it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Required {
    /// In whose time it would leave.
    pub election: Election,
    /// The instant at which it would.
    pub at: Timestamp,
    /// What the text says that it may not say, and what is in doubt.
    pub findings: Vec<Finding>,
    /// Nobody has written why it cannot wait.
    pub no_reason: bool,
    /// Its author approved it, by the setting for offices of one person, which does not hold in election time.
    pub alone: bool,
    /// Nobody has given the second signature.
    pub no_second: bool,
}

impl Required {
    /// Whether the text itself may leave: approved or not.
    pub fn text_is_fit(&self) -> bool {
        !self.no_reason && self.blocks().next().is_none()
    }

    /// Whether it may leave.
    pub fn is_met(&self) -> bool {
        self.text_is_fit() && !self.alone && !self.no_second
    }

    /// What stops the text.
    pub fn blocks(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.class == Class::Block)
    }

    /// What a person should look at again.
    pub fn doubts(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.class == Class::Warn)
    }

    /// `Elezioni comunali 2027, fino alle ore 15:00 del 14 giugno 2027`.
    pub fn until(&self, lang: Lang) -> String {
        let ends = date::moment(self.election.ends().civil(), lang);
        fill(lang, "election.until", &[("name", &self.election.name), ("at", &ends)])
    }

    /// Everything that stands in the way, a line each.
    pub fn lines(&self, lang: Lang) -> Vec<String> {
        let mut lines: Vec<String> = self.blocks().map(|finding| finding.say(lang)).collect();
        lines.extend(self.lacks(lang).into_iter().map(str::to_owned));
        lines
    }

    /// What is missing beside the text: a reason, an approver, a signature.
    pub fn lacks(&self, lang: Lang) -> Vec<&'static str> {
        let mut lacks = Vec::new();
        if self.no_reason {
            lacks.push(t(lang, "election.lacks.reason"));
        }
        if self.alone {
            lacks.push(t(lang, "election.lacks.approver"));
        } else if self.no_second {
            lacks.push(t(lang, "election.lacks.second"));
        }
        lacks
    }
}

/// What election time asks of a text that leaves at these instants; none where none of them lies in one. Without an
/// approval only the text is judged. `address` is the name that it will have in its public address ([`address`]).
pub(super) async fn required(
    rows: &mut Rows,
    house: &House,
    address: Option<&str>,
    draft: &Draft,
    approved: Option<&Approved>,
    instants: &[Timestamp],
) -> Result<Option<Required>> {
    let calendar = elections::calendar(rows, house).await?;
    let Some((at, election)) = instants.iter().find_map(|at| Some((*at, in_force(&calendar, *at)?))) else {
        return Ok(None);
    };
    let persons = rows.list_persons().await?;
    let mut findings = impersonal(draft, &persons, at.day(), house.lang);
    findings.extend(address.into_iter().flat_map(|slug| in_address(slug, &persons, at.day(), house.lang)));
    Ok(Some(Required {
        election: election.clone(),
        at,
        findings,
        no_reason: draft.indispensable.trim().is_empty(),
        alone: approved.is_some_and(|approved| approved.alone),
        no_second: approved.is_some_and(|approved| approved.second.is_none()),
    }))
}

/// The name that a text brings into public: none where everybody knows the address already.
pub(super) fn address(release: &Release, now: Timestamp) -> Option<&str> {
    (!is_public(release, now)).then_some(release.slug.as_str())
}

/// What stands in the way of words that the office says in public at `now`, beside its releases: a line each.
pub(super) async fn refused_words(rows: &mut Rows, house: &House, words: &str, now: Timestamp) -> Result<Vec<String>> {
    let calendar = elections::calendar(rows, house).await?;
    if in_force(&calendar, now).is_none() {
        return Ok(Vec::new());
    }
    let findings = impersonal_words(words, &rows.list_persons().await?, now.day(), house.lang);
    let blocks = findings.iter().filter(|finding| finding.class == Class::Block);
    Ok(blocks.map(|finding| finding.message.say(house.lang)).collect())
}

/// The same of a working text that is looked over: it would leave now, or at the end of its embargo. Of a new one that has
/// no name yet only the text is judged.
pub async fn required_of_draft(
    rows: &mut Rows,
    house: &House,
    release: Option<&Release>,
    draft: &Draft,
    now: Timestamp,
) -> Result<Option<Required>> {
    let slug = release.and_then(|release| address(release, now));
    required(rows, house, slug, draft, None, &[draft.embargo.map_or(now, |until| until.max(now))]).await
}

/// The same of a frozen text that waits for somebody's word: with the approval that it has.
pub async fn required_of(
    rows: &mut Rows,
    house: &House,
    release: &Release,
    version: &Version,
    now: Timestamp,
) -> Result<Option<Required>> {
    let draft = frozen(version)?;
    let at = super::embargo(release, draft.embargo, now).map_or(now, |until| until.max(now));
    required(rows, house, address(release, now), &draft, release.state.approved(), &[at]).await
}

/// The same of one message that somebody sends again by hand, at `now`: of the text that it carries, with the approval of
/// that text. One whose approval does not stand any more counts as unsigned.
pub(crate) async fn required_of_message(
    rows: &mut Rows,
    house: &House,
    delivery: &Delivery,
    now: Timestamp,
) -> Result<Option<Required>> {
    let Some(release) = rows.find_release_by_id(ReleaseId(delivery.subject.thing)).await? else { return Ok(None) };
    let versions = rows.list_versions(release.id).await?;
    let Some(version) = versions.iter().find(|v| v.number == delivery.subject.version) else { return Ok(None) };
    let approved = release.proof_of(version.id);
    let required = required(rows, house, address(&release, now), &frozen(version)?, approved, &[now]).await?;
    Ok(required.map(|required| Required { no_second: required.no_second || approved.is_none(), ..required }))
}

/// The draft that was frozen.
pub(super) fn frozen(version: &Version) -> Result<Draft> {
    let draft = parse(&version.markdown).map_err(|_| Denied::Altered)?;
    Ok(Draft { files: version.files.clone(), ..draft })
}

/// The instants at which something of a release that is on its way still leaves or becomes public. Of one that is beside a
/// newer text only its hour is known here.
pub(super) fn instants(release: &Release, now: Timestamp) -> Vec<Timestamp> {
    let public = release.public_at.filter(|_| !is_public(release, now));
    let public = public.map(|at| release.embargo_until.map_or(at, |until| until.max(at)));
    let leaves = match release.state {
        ReleaseState::Scheduled { at, .. } => Some(at),
        _ => None,
    };
    leaves.into_iter().chain(public).filter(|at| *at >= now).collect()
}
