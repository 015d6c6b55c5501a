//! Outlets.

use crate::sql::{Row, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::{Outlet, OutletId};

impl Rows {
    /// All outlets, by number.
    pub async fn list_outlets(&mut self) -> Result<Vec<Outlet>, Error> {
        sql("select * from outlet order by id").all(self).await?.iter().map(read).collect()
    }

    /// The outlet of that name.
    pub async fn find_outlet_by_slug(&mut self, slug: &str) -> Result<Option<Outlet>, Error> {
        sql("select * from outlet where slug = $1").text(slug).optional(self).await?.as_ref().map(read).transpose()
    }

    /// The outlet with that number.
    pub async fn find_outlet(&mut self, id: OutletId) -> Result<Option<Outlet>, Error> {
        sql("select * from outlet where id = $1").number(id.0).optional(self).await?.as_ref().map(read).transpose()
    }
}

impl Write {
    /// Declares an outlet, known by its slug; the number in `outlet` is ignored.
    pub async fn record_outlet(&mut self, outlet: &Outlet) -> Result<OutletId, Error> {
        let id = self.number_of("select id from outlet where slug = $1", &outlet.slug, "outlet").await?;
        sql("insert into outlet (id, slug, name, kind, area, tier, rights, contract, home) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (id) do update set \
             name = excluded.name, kind = excluded.kind, area = excluded.area, tier = excluded.tier, \
             rights = excluded.rights, contract = excluded.contract, home = excluded.home")
        .number(id)
        .text(&outlet.slug)
        .text(&outlet.name)
        .word(&outlet.kind)
        .text(&outlet.area)
        .number(outlet.tier.into())
        .word(&outlet.rights)
        .maybe_json(outlet.contract.as_ref())
        .maybe_text(outlet.home.as_deref())
        .run(self)
        .await?;
        Ok(OutletId(id))
    }
}

fn read(row: &Row) -> Result<Outlet, Error> {
    Ok(Outlet {
        id: OutletId(row.number("id")?),
        slug: row.text("slug")?,
        name: row.text("name")?,
        kind: row.word("kind")?,
        area: row.text("area")?,
        tier: row.small("tier")?,
        rights: row.word("rights")?,
        contract: row.maybe_json("contract")?,
        home: row.maybe_text("home")?,
    })
}
