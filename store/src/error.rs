//! What can go wrong with the store, sorted by what the caller does about it.

use std::path::PathBuf;

/// Why the store did not do it. The transaction that met it is to be dropped.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Somebody else is writing, or the database does not answer in time: later it may work.
    #[error("the database is busy")]
    Busy,
    /// No room: nothing is written until somebody makes some.
    #[error("the disk is full")]
    Full,
    /// A row with that name or number is there already.
    #[error("it exists already")]
    Exists,
    /// The database was made by a newer version of the program.
    #[error("the database was made by a newer version of salastampa: use that version or a newer one")]
    NewerSchema,
    /// No database there, or it refuses us.
    #[error("cannot reach the database at {place}")]
    Unreachable {
        /// Where, without user name and password.
        place: String,
        /// What the driver says.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A row that was written by another hand, or by a version that knew less: it does not read.
    #[error("a row does not read: {column}: {why}")]
    Broken {
        /// Which column.
        column: String,
        /// What is wrong with it.
        why: String,
    },
    /// The folder of files, or the file of the database.
    #[error("cannot use {path}")]
    File {
        /// Which one.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// Not on this database.
    #[error("{0}")]
    Unsupported(&'static str),
    /// Anything else that the database says.
    #[error("the database refused")]
    Db(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// A failed use of the file system; a full disk is told apart.
    pub(crate) fn file(path: impl Into<PathBuf>, source: std::io::Error) -> Self {
        match source.kind() {
            std::io::ErrorKind::StorageFull => Self::Full,
            _ => Self::File { path: path.into(), source },
        }
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::PoolTimedOut => return Self::Busy,
            sqlx::Error::Io(io) if io.kind() == std::io::ErrorKind::StorageFull => return Self::Full,
            sqlx::Error::Io(_) | sqlx::Error::Tls(_) => {
                return Self::Unreachable { place: "its address".into(), source: error.into() };
            }
            sqlx::Error::Database(said) if said.is_unique_violation() => return Self::Exists,
            sqlx::Error::Database(said) => {
                // SQLite: primary codes are the low byte (5 busy, 6 locked, 13 full); PostgreSQL: SQLSTATE
                let code = said.code().unwrap_or_default();
                match (code.parse::<i32>().map(|n| n & 0xff), code.as_ref()) {
                    (_, "55P03" | "40P01" | "40001") => return Self::Busy,
                    (_, "53100") => return Self::Full,
                    (Ok(5 | 6), c) if c.len() < 5 => return Self::Busy,
                    (Ok(13), c) if c.len() < 5 => return Self::Full,
                    _ => {}
                }
            }
            _ => {}
        }
        Self::Db(error.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_apart_from_other_troubles_of_files() {
        let full = std::io::Error::from(std::io::ErrorKind::StorageFull);
        assert!(matches!(Error::file("x", full), Error::Full));
        let gone = std::io::Error::from(std::io::ErrorKind::NotFound);
        assert!(matches!(Error::file("x", gone), Error::File { .. }));
        let full = sqlx::Error::Io(std::io::ErrorKind::StorageFull.into());
        assert!(matches!(Error::from(full), Error::Full));
        assert!(matches!(Error::from(sqlx::Error::PoolTimedOut), Error::Busy));
    }
}
