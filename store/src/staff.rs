//! Those who work at the desk. The table is called `staff` because `user` is a word of SQL.

use crate::reader::read_address;
use crate::sql::{Row, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::{User, UserId};

impl Rows {
    /// All users, by number; also the disabled ones.
    pub async fn list_users(&mut self) -> Result<Vec<User>, Error> {
        sql("select * from staff order by id").all(self).await?.iter().map(read).collect()
    }

    /// The user with that name to log in with.
    pub async fn find_user(&mut self, login: &str) -> Result<Option<User>, Error> {
        sql("select * from staff where login = $1").text(login).optional(self).await?.as_ref().map(read).transpose()
    }

    /// The user with that number.
    pub async fn find_user_by_id(&mut self, id: UserId) -> Result<Option<User>, Error> {
        sql("select * from staff where id = $1").number(id.0).optional(self).await?.as_ref().map(read).transpose()
    }
}

impl Write {
    /// Registers a user, known by the login; the number in `user` is ignored.
    pub async fn record_user(&mut self, user: &User) -> Result<UserId, Error> {
        let id = self.number_of("select id from staff where login = $1", &user.login, "staff").await?;
        sql("insert into staff (id, login, name, address, role, second_signature, password, disabled_at, \
             preferences, second_factor) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (id) do update set name = excluded.name, \
             address = excluded.address, role = excluded.role, second_signature = excluded.second_signature, \
             password = excluded.password, disabled_at = excluded.disabled_at, preferences = excluded.preferences, \
             second_factor = excluded.second_factor")
        .number(id)
        .text(&user.login)
        .text(&user.name)
        .maybe_text(user.address.as_ref().map(|a| a.as_str()))
        .word(&user.role)
        .flag(user.second_signature)
        .maybe_text(user.password.as_deref())
        .maybe_time(user.disabled_at)
        .json(&user.preferences)
        .maybe_json(user.second_factor.as_ref())
        .run(self)
        .await?;
        Ok(UserId(id))
    }
}

fn read(row: &Row) -> Result<User, Error> {
    Ok(User {
        id: UserId(row.number("id")?),
        login: row.text("login")?,
        name: row.text("name")?,
        address: row.maybe_text("address")?.map(|text| read_address("address", &text)).transpose()?,
        role: row.word("role")?,
        second_signature: row.flag("second_signature")?,
        password: row.maybe_text("password")?,
        disabled_at: row.maybe_time("disabled_at")?,
        preferences: row.maybe_json("preferences")?.unwrap_or_default(),
        second_factor: row.maybe_json("second_factor")?,
    })
}
