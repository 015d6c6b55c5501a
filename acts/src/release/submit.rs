//! *Invia in revisione*: the version is frozen here, with its number in the register.

use crate::house::allowed;
use crate::{Denied, House, Result};
use salastampa_domain::release::register_year;
use salastampa_domain::{Act, Release, ReleaseState, Timestamp, Version, VersionId};
use salastampa_releases::{CorrectionOf, Refusal, freeze, refuse};
use salastampa_store::Store;

/// Freezes the draft and hands it to the approver.
pub async fn submit(store: &Store, house: &House, slug: &str, login: &str, now: Timestamp) -> Result<Version> {
    let mut write = store.write().await?;
    let user = allowed(&mut write, login, Act::Write).await?;
    let release = super::find(&mut write, slug).await?;
    if release.state != ReleaseState::Draft {
        return super::wrong_state(&release);
    }
    let said = |refused: &[Refusal]| -> Vec<String> { refused.iter().map(|r| r.message.say(house.lang)).collect() };
    let mut draft = super::read(house, &release.draft)?;
    draft.files = write.find_release_files(release.id).await?;
    let mut lists = Vec::new();
    let mut problems = Vec::new();
    for name in &draft.lists {
        match write.find_list(name).await? {
            Some(list) => lists.push(list.id),
            None => problems.push(salastampa_locale::fill(house.lang, "acts.no_list", &[("name", name)])),
        }
    }
    problems.extend(super::embargo_too_late(&release, draft.embargo, now).map(|late| late.say(house.lang)));
    let corrected = match release.current {
        Some(id) => write.find_version(id).await?,
        None => None,
    };
    let correction_of = corrected.as_ref().map(|v| CorrectionOf { title: v.title.clone(), at: v.at });
    let letterhead = super::letterhead(house);
    problems.extend(said(&refuse(&draft, &letterhead, correction_of.as_ref(), now)));
    if !problems.is_empty() {
        return Err(Denied::Invalid(problems).into());
    }
    let register = match release.register {
        Some(register) => register,
        None => {
            let year = register_year(now);
            (year, write.next_register(year).await?)
        }
    };
    let frozen = freeze(&draft, &letterhead, register, correction_of.as_ref(), now)
        .map_err(|refused| Denied::Invalid(said(&refused)))?;
    let number = write.list_versions(release.id).await?.iter().map(|v| v.number).max().unwrap_or(0) + 1;
    let mut version = Version {
        id: VersionId(0),
        release: release.id,
        number,
        author: user.id,
        at: now,
        markdown: release.draft.clone(),
        title: frozen.title,
        subject: frozen.subject,
        html: frozen.html,
        text: frozen.text,
        page: frozen.page,
        summary: frozen.summary,
        lists,
        corrects: release.current,
        files: frozen.files,
        sha256: frozen.sha256,
    };
    version.id = write.record_version(&version).await?;
    let after = Release {
        register: Some(register),
        title: version.title.clone(),
        // that of the text which is out, until this one leaves
        embargo_until: if release.current.is_some() { release.embargo_until } else { draft.embargo },
        state: ReleaseState::InReview { version: version.id, by: user.id, at: now },
        ..release.clone()
    };
    super::moved(&mut write, &user, "release.submit", &release, &after, now).await?;
    write.commit().await?;
    Ok(version)
}
