//! What a search finds, as a file.

use super::Asked;
use super::gathered::Gathered;
use crate::answer::Error;
use crate::desk::export::{download, form_of};
use crate::desk::fields::Fields;
use crate::desk::session::Desk;
use axum::response::Response;
use salastampa_acts::error::query_sentence;
use salastampa_acts::{Denied, Slip};
use salastampa_domain::{Act, Query};
use salastampa_index::SearchError;

pub(super) async fn export(desk: Desk, fields: Fields) -> Response {
    let asked = Asked { dopo: String::new(), ..Asked::of(&fields) };
    let back = asked.path();
    match query(&desk, asked).await {
        Ok(query) => download(&desk, query, form_of(&fields), "", "archive", &back).await,
        Err(Error::Search(SearchError::Query(error))) => {
            let slip = Slip { field: "q", sentence: query_sentence(desk.lang, &error) };
            desk.refused(&back, &Denied::Form(vec![slip]).into()).await
        }
        Err(other) => desk.no_page(&other),
    }
}

async fn query(desk: &Desk, asked: Asked) -> Result<Query, Error> {
    desk.must(Act::Read)?;
    let mut rows = desk.site.store.read().await?;
    let (outlets, watches) = (rows.list_outlets().await?, rows.list_watches().await?);
    let gathered = Gathered::read(&mut rows).await?;
    let asked = gathered.known(asked.known(&outlets, &watches));
    let query = asked.query(&outlets).map_err(SearchError::from)?;
    Ok(Query { only: gathered.only(&mut rows, &asked).await?, ..query })
}
