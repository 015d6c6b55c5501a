//! Why an answer did not come: few variants, because the caller decides by them how ill a source is.

use std::error::Error;
use std::io;

/// Why nothing was fetched.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Refused {
    /// No connection or no whole answer in time.
    #[error("no answer in time")]
    Timeout,
    /// The name has no address.
    #[error("the name {host} has no address")]
    Dns {
        /// The name.
        host: String,
    },
    /// Nobody listens, or the network is down.
    #[error("no connection: {why}")]
    Connect {
        /// As the system says it.
        why: String,
    },
    /// The certificate is not good for this name and day, or no common protocol.
    #[error("no secure connection: {why}")]
    Tls {
        /// As the library says it.
        why: String,
    },
    /// Larger than the caller's cap, or headers above 64 KB.
    #[error("{what} above the limit of {limit} bytes")]
    TooBig {
        /// `the body` or `the headers`.
        what: &'static str,
        /// The limit.
        limit: usize,
    },
    /// A small body that unpacks to a huge one.
    #[error("the body unpacks to more than a hundred times its size")]
    Bomb,
    /// The address, or every address of the name, lies in an inner network.
    #[error("{host} lies in an inner network")]
    ForbiddenAddress {
        /// The name or literal address.
        host: String,
    },
    /// More than five.
    #[error("too many redirects")]
    TooManyRedirects,
    /// A redirect that the caller did not permit.
    #[error("redirected to {to}, which is not permitted here")]
    ForeignRedirect {
        /// Where it would have gone.
        to: String,
        /// The status that sends there: 301, 302, 303, 307 or 308.
        status: u16,
        /// The statuses of the redirects that were followed before.
        before: Vec<u16>,
    },
    /// An address that is none, or none that is asked.
    #[error("bad address: {why}")]
    BadUrl {
        /// What is wrong with it.
        why: String,
    },
    /// The answer broke off or is not HTTP.
    #[error("broken answer: {why}")]
    Broken {
        /// As the library says it.
        why: String,
    },
}

impl Refused {
    /// Reads the cause out of an error of the library: our own verdict from inside the resolver first.
    pub(crate) fn of(error: &reqwest::Error) -> Self {
        let mut seen = Vec::new();
        let mut cause: Option<&(dyn Error + 'static)> = Some(error);
        while let Some(current) = cause {
            seen.push(current);
            // an io error hides the error that it was made from: its own `source` skips that one
            cause = match current.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
                Some(inner) => Some(inner),
                None => current.source(),
            };
        }
        if let Some(own) = seen.iter().find_map(|e| e.downcast_ref::<Self>()) {
            return own.clone();
        }
        let why = seen.last().map(|e| e.to_string()).unwrap_or_default();
        if error.is_timeout() {
            Self::Timeout
        } else if let Some(tls) = seen.iter().find_map(|e| e.downcast_ref::<rustls::Error>()) {
            Self::Tls { why: tls.to_string() }
        } else if error.is_connect() {
            Self::Connect { why }
        } else if error.is_builder() {
            Self::BadUrl { why }
        } else {
            Self::Broken { why }
        }
    }
}
