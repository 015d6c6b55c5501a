//! *Via libera*: somebody notes that whoever is quoted has let the words go out, and when.
//!
//! The note is of these words (`salastampa_releases::quotations`): where they change, it is of no quotation of the text any
//! more, and the text is as if nobody had asked. What stands when the text is approved goes with the proof.

use crate::desk::{AtDesk, line, slip};
use crate::house::allowed;
use crate::{Denied, House, Result};
use salastampa_domain::{Act, Release, ReleaseState, SignOff, Timestamp, Version};
use salastampa_locale::{fill, t};
use salastampa_releases::draft::parse;
use salastampa_releases::quotations::{Quotation, quotations};
use salastampa_store::Rows;

/// Longest name with its office, in characters.
const LONGEST: usize = 200;

/// A quotation of a text, with who let it go out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Quoted {
    /// The words.
    pub quotation: Quotation,
    /// None where nobody has noted it.
    pub free: Option<SignOff>,
}

/// The quotations of a text of a release, each with its note; none where the text does not read.
pub async fn quoted(rows: &mut Rows, house: &House, release: &Release, markdown: &str) -> Result<Vec<Quoted>> {
    let Ok(draft) = parse(markdown) else { return Ok(Vec::new()) };
    let notes = rows.list_sign_offs(release.id).await?;
    let of = |quotation: Quotation| {
        let free = notes.iter().find(|note| note.quote == quotation.key).cloned();
        Quoted { quotation, free }
    };
    Ok(quotations(&draft, house.lang).into_iter().map(of).collect())
}

/// What goes with the proof of a version: the notes of the quotations that it has.
pub(super) async fn of_version(
    rows: &mut Rows,
    house: &House,
    release: &Release,
    version: &Version,
) -> Result<Vec<SignOff>> {
    let all = quoted(rows, house, release, &version.markdown).await?;
    Ok(all.into_iter().filter_map(|quoted| quoted.free).collect())
}

/// Notes that `who` has let the words go out, at an instant of the Italian clock.
///
/// # Errors
/// [`Denied::Form`] where the name or the hour does not read; [`Denied::Invalid`] where the text has no such words any more;
/// [`Denied::State`] once it is on its way.
pub async fn free(desk: AtDesk<'_>, slug: &str, quote: &str, who: &str, at: &str) -> Result<()> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::Write).await?;
    let release = open(&mut write, slug).await?;
    let all = quoted(&mut write, desk.house, &release, &release.draft).await?;
    let Some(found) = all.into_iter().find(|quoted| quoted.quotation.key == quote) else {
        return Err(Denied::Invalid(vec![t(desk.lang, "composer.quotes.changed").to_owned()]).into());
    };
    let mut slips = Vec::new();
    let who = line(who);
    if who.is_empty() {
        slips.push(slip("virgolettati", t(desk.lang, "composer.quotes.no_who")));
    } else if who.chars().count() > LONGEST {
        slips.push(slip("virgolettati", fill(desk.lang, "composer.quotes.long", &[("most", &LONGEST.to_string())])));
    }
    // a day without an hour would mean midnight
    let at = Timestamp::parse(at.trim()).filter(|_| at.contains(':'));
    let Some(at) = at.filter(|at| *at <= desk.now && slips.is_empty()) else {
        if at.is_none_or(|at| at > desk.now) {
            slips.push(slip("virgolettati", t(desk.lang, "composer.quotes.no_when")));
        }
        return Err(Denied::Form(slips).into());
    };
    let note =
        SignOff { quote: found.quotation.key, words: found.quotation.words, who, at, by: user.id, noted: desk.now };
    write.record_sign_off(release.id, &note).await?;
    let said = [("why", serde_json::Value::from(format!("{}: «{}»", note.who, note.words)))];
    super::moved_saying(&mut write, &user, "release.quote", &release, &release, &said, desk.now).await?;
    write.commit().await?;
    Ok(())
}

/// Takes the note back: it was of somebody else, or they think otherwise.
pub async fn unfree(desk: AtDesk<'_>, slug: &str, quote: &str) -> Result<()> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::Write).await?;
    let release = open(&mut write, slug).await?;
    let notes = write.list_sign_offs(release.id).await?;
    let Some(note) = notes.into_iter().find(|note| note.quote == quote) else { return Ok(()) };
    write.remove_sign_off(release.id, quote).await?;
    let said = [("why", serde_json::Value::from(format!("{}: «{}»", note.who, note.words)))];
    super::moved_saying(&mut write, &user, "release.quote_removed", &release, &release, &said, desk.now).await?;
    write.commit().await?;
    Ok(())
}

/// The release, while its text waits: what has left was approved with the notes of then.
async fn open(rows: &mut Rows, slug: &str) -> Result<Release> {
    let release = super::find(rows, slug).await?;
    match release.state {
        ReleaseState::Draft | ReleaseState::InReview { .. } => Ok(release),
        _ => super::wrong_state(&release),
    }
}
