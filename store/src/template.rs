//! The office's own texts to begin a release with.

use crate::sql::sql;
use crate::{Error, Rows, Write};
use salastampa_domain::template::ReleaseTemplate;

impl Rows {
    /// All templates that the office has written, changed or put away, in the order in which it first did.
    pub async fn list_templates(&mut self) -> Result<Vec<ReleaseTemplate>, Error> {
        let rows = sql("select content from release_template order by id").all(self).await?;
        rows.iter().map(|row| row.json("content")).collect()
    }
}

impl Write {
    /// Keeps a template, in the place of the one of its slug.
    pub async fn record_template(&mut self, template: &ReleaseTemplate) -> Result<(), Error> {
        let find = "select id from release_template where slug = $1";
        let id = self.number_of(find, &template.slug, "release_template").await?;
        sql("insert into release_template (id, slug, content) values ($1, $2, $3) \
             on conflict (id) do update set content = excluded.content")
        .number(id)
        .text(&template.slug)
        .json(template)
        .run(self)
        .await?;
        Ok(())
    }

    /// Forgets what the office wrote under that name.
    pub async fn remove_template(&mut self, slug: &str) -> Result<(), Error> {
        sql("delete from release_template where slug = $1").text(slug).run(self).await?;
        Ok(())
    }
}
