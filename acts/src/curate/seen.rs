//! Reserved editions: who may know of them, on whatever page they would be named.

use super::sees;
use crate::Result;
use salastampa_domain::{Delivery, DeliveryKind, EditionId, ReviewId, User};
use salastampa_store::Rows;

/// The editions that a user may not see: nothing of them is named to them.
pub async fn unseen(rows: &mut Rows, user: &User) -> Result<Vec<EditionId>> {
    let editions = rows.list_editions().await?;
    Ok(editions.iter().filter(|edition| !sees(user, edition)).map(|edition| edition.id).collect())
}

/// Whether a user may see a message: one that carries a reserved edition only by the right to that edition.
pub async fn sees_delivery(rows: &mut Rows, user: &User, delivery: &Delivery) -> Result<bool> {
    let subject = delivery.subject;
    if !matches!(subject.kind, DeliveryKind::Review | DeliveryKind::Difference) {
        return Ok(true);
    }
    let Some(review) = rows.find_review_by_id(ReviewId(subject.thing)).await? else { return Ok(true) };
    let edition = rows.find_edition_by_id(review.edition).await?;
    Ok(edition.is_none_or(|edition| sees(user, &edition)))
}
