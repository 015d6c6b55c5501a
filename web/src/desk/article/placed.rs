//! Why an article stands in its story, or in one of its own: what the program found when it came, in words.
//!
//! It is what was found then. What a person said of the story later stands above it, and is not told here.

use crate::answer::Error;
use crate::desk::session::Desk;
use salastampa_domain::{Article, Because, StoryId};
use salastampa_locale::{Lang, t};
use salastampa_store::Rows;

/// The reason, and the nearest story that it did not join.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Placed {
    pub(super) why: String,
    /// Address and title of that story's article in front.
    pub(super) beside: Option<(String, String)>,
}

/// What is known of it: nothing of an article that waits, or that came before this was kept.
pub(super) async fn placed(desk: &Desk, rows: &mut Rows, article: &Article) -> Result<Option<Placed>, Error> {
    let Some(found) = rows.find_placement(article.id).await? else { return Ok(None) };
    let Some(because) = found.because else { return Ok(None) };
    let why = words(desk.lang, because);
    let beside = match found.beside {
        // it has come there since
        Some(beside) if Some(beside.story) == article.story => None,
        Some(beside) => in_front(desk, rows, beside.story).await?,
        None => None,
    };
    Ok(Some(Placed { why, beside }))
}

fn words(lang: Lang, because: Because) -> String {
    t(lang, &format!("archive.placed.{}", because.name())).to_owned()
}

async fn in_front(desk: &Desk, rows: &mut Rows, story: StoryId) -> Result<Option<(String, String)>, Error> {
    let told = rows.list_story_articles(&[story]).await?;
    let lead = rows.find_story(story).await?.map(|story| story.lead);
    let front = told.iter().find(|one| Some(one.id) == lead).or(told.first()).filter(|one| !one.is_taken_back());
    Ok(front.map(|one| (desk.href(&format!("/desk/articoli/{}", one.id)), one.title.clone())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_reason_has_words_of_its_own() {
        for lang in [Lang::It, Lang::En] {
            let told: BTreeSet<String> = Because::ALL.iter().map(|because| words(lang, *because)).collect();
            assert!(told.len() == Because::ALL.len() && told.iter().all(|words| words.ends_with('.')), "{told:?}");
        }
    }
}
