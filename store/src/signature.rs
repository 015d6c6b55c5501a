//! Bylines: what the articles say of who wrote them, and the last article of each name in each outlet.

use crate::sql::{PART, Row, built, places, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::{ArticleId, Byline, LastSigned, OutletId, Seq};

impl Rows {
    /// The bylines of the articles that changed after `after`, in order of their changes; also of those that nobody signed,
    /// so that a follower comes on. What nobody may see yet has none.
    pub async fn list_bylines(&mut self, after: Seq, limit: usize) -> Result<Vec<Byline>, Error> {
        let rows = sql("select seq, id, outlet, coalesce(published_at, first_seen) as at, \
             case hidden when 0 then authors else '[]' end as authors from article where seq > $1 order by seq limit $2");
        let read = |row: &Row| {
            Ok(Byline {
                seq: Seq(row.number("seq")?),
                article: ArticleId(row.number("id")?),
                outlet: OutletId(row.number("outlet")?),
                at: row.time("at")?,
                authors: row.json("authors")?,
            })
        };
        rows.number(after.0).count(limit).all(self).await?.iter().map(read).collect()
    }

    /// The last signatures under those names, by name and outlet.
    pub async fn list_signatures(&mut self, names: &[&str]) -> Result<Vec<LastSigned>, Error> {
        let mut found = Vec::new();
        for part in names.chunks(PART) {
            let query = format!("select * from signature where name in ({})", places(1, part.len()));
            for row in built(query).texts(part).all(self).await? {
                found.push(LastSigned {
                    name: row.text("name")?,
                    outlet: OutletId(row.number("outlet")?),
                    article: ArticleId(row.number("article")?),
                    at: row.time("at")?,
                });
            }
        }
        found.sort_by(|a, b| (&a.name, a.outlet).cmp(&(&b.name, b.outlet)));
        Ok(found)
    }
}

impl Write {
    /// Writes down that a name signed an article; an older one than what is known changes nothing.
    pub async fn record_signature(&mut self, signature: &LastSigned) -> Result<(), Error> {
        let insert = sql("insert into signature (name, outlet, article, at) values ($1, $2, $3, $4) \
             on conflict (name, outlet) do update set article = excluded.article, at = excluded.at \
             where signature.at < excluded.at");
        let insert = insert.text(&signature.name).number(signature.outlet.0).number(signature.article.0);
        insert.time(signature.at).run(self).await?;
        Ok(())
    }

    /// Takes the signatures away that name an article, but those under the names `but`: its byline was set right, or it may be
    /// seen no more. What such a name signed earlier is not known any more, until it signs again.
    pub async fn forget_signatures(&mut self, article: ArticleId, but: &[&str]) -> Result<u64, Error> {
        let names = match but {
            [] => String::new(),
            but => format!(" and name not in ({})", places(2, but.len())),
        };
        let delete = built(format!("delete from signature where article = $1{names}")).number(article.0);
        let delete = if but.is_empty() { delete } else { delete.texts(but) };
        delete.run(self).await
    }
}
