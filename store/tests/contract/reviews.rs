//! Reviews, their frozen versions, and the account of foreign texts.

use crate::world::*;
use salastampa_domain::*;
use salastampa_store::Error;

contract! {
    async fn an_edition_has_one_review_a_slot(home: &Home) {
        let mut write = home.store.write().await?;
        let edition = write.record_edition(&edition("mattino", &["Città"])).await?;
        let draft = review(edition, "2027-01-15T07:00:00");
        let id = write.record_review(draft.clone()).await?;
        let expected = Review { id, ..draft.clone() };
        assert_eq!(write.find_review(edition, draft.slot).await?, Some(expected.clone()));
        assert_eq!(write.find_review_by_id(id).await?, Some(expected));
        assert!(matches!(write.record_review(draft.clone()).await, Err(Error::Exists)));
        let later = write.record_review(review(edition, "2027-01-16T07:00:00")).await?;
        let newest: Vec<ReviewId> = write.list_reviews(9).await?.iter().map(|r| r.id).collect();
        assert_eq!(newest, [later, id]);
        assert_eq!(write.list_reviews(1).await?.len(), 1);
        assert_eq!(write.find_review(EditionId(9), draft.slot).await?, None);
        assert_eq!(write.find_review_by_id(ReviewId(9)).await?, None);
    }

    async fn a_published_version_is_frozen(home: &Home) {
        let mut write = home.store.write().await?;
        let edition = write.record_edition(&edition("mattino", &["Città"])).await?;
        let id = write.record_review(review(edition, "2027-01-15T07:00:00")).await?;
        let mut now = write.find_review_by_id(id).await?.expect("there");
        now.version = 1;
        now.state = ReviewState::Published { at: at(1), by: None };
        write.replace_review(&now).await?;
        let outputs = [("pdf".to_owned(), "aa".repeat(32)), ("html".to_owned(), "bb".repeat(32))];
        write.record_review_version(&now, at(1), &outputs).await?;
        let changed = Review { title: "Un'altra".into(), ..now.clone() };
        assert!(matches!(write.record_review_version(&changed, at(2), &[]).await, Err(Error::Exists)));
        write.replace_review(&changed).await?;
        assert_eq!(write.find_review_by_id(id).await?, Some(changed));
        assert_eq!(write.find_review_version(id, 1).await?, Some(now));
        assert_eq!(write.find_review_version(id, 2).await?, None);
        let [pdf, html] = outputs;
        assert_eq!(write.list_review_outputs(id, 1).await?, [html, pdf]);
        assert!(write.list_review_outputs(id, 2).await?.is_empty());
    }

    async fn uses_of_texts_are_counted_by_outlet(home: &Home) {
        let (outlet, _, ids) = press_with(&home.store, 2).await?;
        let mut write = home.store.write().await?;
        let other = write.record_outlet(&crate::world::outlet("eco")).await?;
        let one = Use {
            at: NOW, outlet, article: ids[0], output: "review mail".into(), full_text: false, chars: 180, readers: 12,
        };
        let two = Use { outlet: other, article: ids[1], full_text: true, ..one.clone() };
        write.record_uses(&[]).await?;
        write.record_uses(&[one.clone(), two.clone()]).await?;
        write.record_uses(std::slice::from_ref(&one)).await?;
        assert_eq!(write.count_uses().await?, 3);
        assert_eq!(write.list_uses(Some(other)).await?, std::slice::from_ref(&two));
        assert_eq!(write.list_uses(None).await?, [one.clone(), two, one]);
    }
}
