//! From the list into a dossier: the ticked boxes, the page, or all that the search finds.

use super::Asked;
use super::clip::chosen;
use crate::answer::Error;
use crate::desk::dossiers::filed;
use crate::desk::fields::Fields;
use crate::desk::session::Desk;
use axum::response::Response;
use salastampa_acts::error::query_sentence;
use salastampa_acts::{Denied, Slip};
use salastampa_index::SearchError;

pub(super) async fn file(desk: Desk, fields: Fields) -> Response {
    let asked = Asked::of(&fields);
    let back = asked.path();
    match chosen(&desk, &asked, &fields).await {
        Ok(ids) => filed(&desk, &fields, &ids, &back).await,
        Err(Error::Act(error)) => desk.refused(&back, &error).await,
        Err(Error::Search(SearchError::Query(error))) => {
            let slip = Slip { field: "q", sentence: query_sentence(desk.lang, &error) };
            desk.refused(&back, &Denied::Form(vec![slip]).into()).await
        }
        Err(other) => desk.no_page(&other),
    }
}
