//! What readers say of public pages: taken in without asking who, told to whoever edits releases, forgotten after a year.
//!
//! It is bounded by page and by day, whoever sends: nobody can fill the disk or drown the others, and no address of a
//! machine needs to be looked at for that. What people write although they are asked not to (names, telephones) is struck
//! out by a press ([`strike`]).

use crate::desk::{AtDesk, line};
use crate::house::{actor, allowed};
use crate::{Denied, Result};
use salastampa_domain::rating::LONGEST;
use salastampa_domain::{Act, Rating, RatingId, Timestamp};
use salastampa_store::{Rows, Store};

/// Most answers of one page on one day.
pub const MOST_OF_PAGE: i64 = 100;
/// Most answers on one day.
pub const MOST_OF_DAY: i64 = 1_000;
/// So many days an answer is kept.
pub const KEPT: i32 = 365;

/// What became of an answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Given {
    /// It is written down.
    Kept,
    /// There are enough of today.
    Enough,
}

/// Takes an answer in; number and day are set here, and its words are put on one line and cut at [`LONGEST`].
///
/// # Errors
/// [`Denied::Invalid`] for numbers that are none of the form's.
pub async fn give(store: &Store, rating: Rating, now: Timestamp) -> Result<Given> {
    let words: String = line(&rating.words).chars().take(LONGEST).collect();
    let rating = Rating { day: now.day(), words, ..rating };
    if !rating.is_sound() {
        return Err(Denied::Invalid(Vec::new()).into());
    }
    // a flood costs a question, not a turn at writing
    if is_enough(&mut store.read().await?, &rating).await? {
        return Ok(Given::Enough);
    }
    let mut write = store.write().await?;
    if is_enough(&mut write, &rating).await? {
        return Ok(Given::Enough);
    }
    write.record_rating(&rating).await?;
    write.commit().await?;
    Ok(Given::Kept)
}

async fn is_enough(rows: &mut Rows, rating: &Rating) -> Result<bool> {
    Ok(rows.count_ratings(&rating.page, rating.day).await? >= MOST_OF_PAGE
        || rows.count_ratings("", rating.day).await? >= MOST_OF_DAY)
}

/// Takes the words out of an answer that says what it should not.
pub async fn strike(desk: AtDesk<'_>, id: RatingId) -> Result<()> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::Write).await?;
    if write.strike_rating(id).await? {
        let subject = format!("rating:{id}");
        write.record_event(desk.now, &actor(&user), "release.rating_struck", &subject, None, None).await?;
        write.commit().await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;
    use crate::desk::small::{NOW, Office};
    use salastampa_domain::time::DAY;

    fn answer(page: &str, stars: u8) -> Rating {
        let day = NOW.day();
        let (reason, words) = (Some(5), "Chiaro,\r\n ma\u{0} lungo".into());
        Rating { id: RatingId(0), page: page.into(), release: None, day, stars, reason, words }
    }

    #[tokio::test]
    async fn answers_are_bounded_by_page_and_day_and_go_after_a_year() {
        let office = Office::new().await;
        for _ in 0..MOST_OF_PAGE {
            assert_eq!(give(&office.store, answer("/novita", 4), NOW).await.expect("taken"), Given::Kept);
        }
        assert_eq!(give(&office.store, answer("/novita", 4), NOW).await.expect("full"), Given::Enough);
        assert_eq!(give(&office.store, answer("/novita/avvisi", 4), NOW).await.expect("another"), Given::Kept);
        let tomorrow = NOW.plus(DAY);
        assert_eq!(give(&office.store, answer("/novita", 2), tomorrow).await.expect("tomorrow"), Given::Kept);
        let rows = office.store.read().await.expect("rows").list_ratings("/novita", 0, 1).await.expect("rows");
        assert_eq!((rows[0].stars, rows[0].words.as_str(), rows[0].day), (2, "Chiaro, ma lungo", tomorrow.day()));
        crate::tidy::tidy(&office.store, NOW.plus(366 * DAY)).await.expect("kept house");
        let left = office.store.read().await.expect("rows").list_rated(9).await.expect("rows");
        assert_eq!(left.iter().map(|rated| rated.count).collect::<Vec<_>>(), [1], "yesterday's are gone");
    }

    #[tokio::test]
    async fn what_is_no_answer_is_refused_and_words_are_struck_by_who_may_write() {
        let office = Office::new().await;
        for wrong in [answer("/novita", 0), answer("/novita", 6), Rating { reason: Some(6), ..answer("/novita", 3) }] {
            let refused = give(&office.store, wrong, NOW).await;
            assert!(matches!(refused, Err(Error::Denied(Denied::Invalid(_)))), "{refused:?}");
        }
        let long = Rating { words: "è ".repeat(500), ..answer("/novita", 3) };
        give(&office.store, long, NOW).await.expect("cut");
        let id = office.store.read().await.expect("rows").list_ratings("", 0, 1).await.expect("rows")[0].id;
        let refused = strike(office.desk("ivo"), id).await;
        assert!(matches!(refused, Err(Error::Denied(Denied::Role { .. }))), "{refused:?}");
        strike(office.desk("lia"), id).await.expect("struck");
        strike(office.desk("lia"), id).await.expect("twice is once");
        let kept = office.store.read().await.expect("rows").list_ratings("", 0, 9).await.expect("rows");
        assert_eq!((kept.len(), kept[0].stars, kept[0].words.as_str()), (1, 3, ""));
        assert_eq!(office.log().await, ["release.rating_struck"]);
    }
}
