//! What a person can do with a release now, and why not. The acts ask again; here it is said before anybody tries.

use crate::answer::Error;
use crate::desk::elections::Panel;
use crate::desk::session::Desk;
use salastampa_acts::release::{Checked, Required, check_of, hands, recipients, required_of};
use salastampa_domain::{Act, Release, ReleaseState, Version, may_sign_second};
use salastampa_locale::fill;
use salastampa_store::Rows;

/// What can be done now.
#[derive(Default)]
pub(super) struct Todo {
    /// The hash of the text before the eyes.
    pub(super) seen: String,
    /// The words of the link to the composer.
    pub(super) edit: Option<&'static str>,
    pub(super) submit: Option<Checked>,
    pub(super) approve: bool,
    /// Why the text cannot be approved by this person.
    pub(super) approve_why: Option<&'static str>,
    /// The author approves alone, by the setting of the office.
    pub(super) alone: bool,
    /// What election time asks of it.
    pub(super) election: Option<Panel>,
    /// Election time has held it back: the sentence.
    pub(super) held: Option<String>,
    /// The second signature can be given by this person.
    pub(super) sign: bool,
    /// The second signature is for somebody else.
    pub(super) sign_waits: bool,
    /// Election time keeps it from leaving now; it may leave later.
    pub(super) not_now: bool,
    pub(super) reject: bool,
    pub(super) send: Option<Going>,
    /// Why it is not this person who sends.
    pub(super) send_why: Option<&'static str>,
    pub(super) stop: Option<String>,
    /// A correction that has not left can be let go.
    pub(super) abandon: bool,
    /// Its text can be the beginning of another release.
    pub(super) base: bool,
    pub(super) withdraw: bool,
}

/// Who would get it, in numbers.
pub(super) struct Going {
    pub(super) words: String,
    pub(super) details: Vec<String>,
    pub(super) button: String,
}

pub(super) async fn todo(
    desk: &Desk,
    rows: &mut Rows,
    release: &Release,
    version: Option<&Version>,
) -> Result<Todo, Error> {
    let house = &desk.site.house;
    let chief = desk.may(Act::Approve);
    let mut todo = Todo {
        seen: version.map(|version| version.sha256.clone()).unwrap_or_default(),
        withdraw: chief && release.current.is_some() && release.withdrawn.is_none(),
        base: desk.may(Act::Write),
        abandon: release.beside().is_some() && release.current.is_some(),
        ..Todo::default()
    };
    match &release.state {
        ReleaseState::Draft => {
            todo.edit = Some(desk.t("composer.todo.edit"));
            let checked = check_of(rows, house, desk.lang, Some(release), &release.draft, desk.now).await?;
            todo.election = checked.election.as_ref().map(|required| Panel::of(required, desk.lang));
            todo.submit = Some(checked);
        }
        ReleaseState::InReview { by, .. } => {
            let own = match version {
                Some(version) => hands(rows, release, version).await?.contains(&desk.user.id),
                None => *by == desk.user.id,
            };
            let required = asked(desk, rows, release, version).await?;
            let fit = required.as_ref().is_none_or(Required::text_is_fit);
            let one_person = house.one_person && required.is_none();
            todo.election = required.as_ref().map(|required| Panel::of(required, desk.lang));
            todo.edit = Some(desk.t("composer.todo.edit_review"));
            todo.approve = true;
            todo.alone = own && one_person;
            todo.approve_why = match (chief, own && !one_person) {
                (false, _) => Some(desk.t("composer.todo.only_chief")),
                (true, true) => Some(desk.t("composer.todo.own_text")),
                (true, false) if !fit => Some(desk.t("composer.todo.submit_why")),
                (true, false) => None,
            };
            todo.reject = chief;
            todo.send = Some(going(desk, rows, release).await?);
        }
        ReleaseState::Approved { approved } => {
            let required = asked(desk, rows, release, version).await?;
            let coming = desk.elections.iter().any(|election| election.ends() > desk.now) || approved.held.is_some();
            let other = version.is_some_and(|v| ![approved.by, v.author, release.author].contains(&desk.user.id));
            todo.held = approved.held.map(|held| {
                fill(desk.lang, "election.sign.held", &[("at", &super::words::moment(held.due, desk.lang))])
            });
            todo.sign = coming && approved.second.is_none() && other && may_sign_second(&desk.user);
            todo.sign_waits = required.as_ref().is_some_and(|r| r.no_second) && !todo.sign;
            todo.not_now = required.as_ref().is_some_and(|required| !required.is_met());
            todo.election = required.as_ref().map(|required| Panel::of(required, desk.lang));
            todo.edit = Some(desk.t("composer.todo.edit_approved"));
            todo.reject = chief;
            todo.send = Some(going(desk, rows, release).await?);
            todo.send_why = (!chief).then(|| desk.t("composer.todo.only_chief_sends"));
        }
        ReleaseState::Scheduled { .. } => {
            todo.stop = chief.then(|| desk.t("composer.todo.stop_scheduled").to_owned());
        }
        ReleaseState::Sending { .. } => {
            todo.edit = Some(desk.t("composer.todo.correct"));
            todo.stop = chief.then(|| desk.t("composer.todo.stop_sending").to_owned());
        }
        ReleaseState::Sent { .. } => todo.edit = Some(desk.t("composer.todo.correct")),
        ReleaseState::Withdrawn { .. } => {}
    }
    if let Some(ReleaseState::Sending { .. }) = release.beside().map(|out| &out.state) {
        todo.stop = chief.then(|| desk.t("composer.todo.stop_beside").to_owned());
    }
    if !desk.may(Act::Write) {
        // who only signs
        (todo.edit, todo.submit, todo.abandon) = (None, None, false);
    }
    Ok(todo)
}

/// What election time asks of the text that is frozen.
async fn asked(
    desk: &Desk,
    rows: &mut Rows,
    release: &Release,
    version: Option<&Version>,
) -> Result<Option<Required>, Error> {
    match version {
        Some(version) => Ok(required_of(rows, &desk.site.house, release, version, desk.now).await?),
        None => Ok(None),
    }
}

/// Who would get it now, by the function that the sending itself uses.
async fn going(desk: &Desk, rows: &mut Rows, release: &Release) -> Result<Going, Error> {
    let all = recipients(rows, &desk.site.house, release, desk.now).await?;
    let sent = all.iter().filter(|a| a.is_sent()).count();
    let later = all.iter().filter(|a| a.is_sent() && a.due_at > desk.now && !a.is_quiet).count();
    let quiet = all.iter().filter(|a| a.is_sent() && a.is_quiet).count();
    let kept_out = all.iter().filter(|a| a.suppressed.is_some()).count();
    let have = all.iter().filter(|a| a.suppressed.is_none() && a.has_it()).count();
    let say = |key, n| salastampa_locale::plural(desk.lang, key, n);
    let mut details = Vec::new();
    for (key, n) in [
        ("composer.going.later", later),
        ("composer.going.quiet", quiet),
        ("composer.going.kept_out", kept_out),
        ("composer.going.have", have),
    ] {
        if n > 0 {
            details.push(say(key, n));
        }
    }
    if sent == 0 {
        details.push(desk.t("composer.going.nobody").to_owned());
    }
    Ok(Going { words: say("composer.going.sent", sent), details, button: say("composer.going.button", sent) })
}
