//! `user`: who may work at the desk.

use super::say;
use crate::app::{App, told};
use crate::cli::User;
use anyhow::{Context, Result};
use salastampa_domain::Role;
use std::io::BufRead;

/// Adds a user or sets a password.
pub async fn run(app: &App, what: User) -> Result<()> {
    let now = app.clock.now();
    match what {
        User::Add { login, name, role } => {
            let role = Role::parse(&role).with_context(|| {
                format!("{role:?} is no role; the roles are {}", Role::ALL.map(Role::name).join(", "))
            })?;
            told(app, salastampa_acts::user::add(&app.store, &app.house, &login, &name, role, now).await)?;
            say(format!("{login}: {}", role.name()));
        }
        User::Passwd { login } => {
            // from standard input, so that it stands in no list of processes and no shell history
            let mut password = String::new();
            std::io::stdin().lock().read_line(&mut password).context("reading the password")?;
            let password = password.trim_end();
            told(app, salastampa_acts::user::set_password(&app.store, &app.house, &login, password, now).await)?;
            say(format!("{login}: the password is set"));
        }
    }
    Ok(())
}
