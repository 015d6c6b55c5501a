//! From names to addresses, filtered in the very answer that the connection is opened with.

use crate::Refused;
use crate::guard::{Reach, permitted};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::collections::BTreeMap;
use std::net::SocketAddr;

/// Who turns names into addresses.
#[derive(Clone, Debug, Default)]
pub enum Resolver {
    /// The machine's own.
    #[default]
    System,
    /// A table, for tests and the demo: a name goes to its address and port (a port in the URL wins), any other name
    /// has none, and nothing but loopback is reached.
    Fixed(BTreeMap<String, SocketAddr>),
    /// Answers that change between two questions, as a hostile name server gives them.
    #[cfg(test)]
    Changing(fn(&str) -> Vec<SocketAddr>),
}

/// A resolver that hands on only the addresses that may be connected to.
pub(crate) struct Filtered {
    pub(crate) inner: Resolver,
    pub(crate) reach: Reach,
}

impl Resolve for Filtered {
    fn resolve(&self, name: Name) -> Resolving {
        let (inner, reach, host) = (self.inner.clone(), self.reach.clone(), name.as_str().to_owned());
        Box::pin(async move {
            let found = look_up(&inner, &host).await;
            if found.is_empty() {
                return Err(Refused::Dns { host }.into());
            }
            // an answer that mixes public and inner addresses loses the inner ones
            let kept: Vec<SocketAddr> =
                found.into_iter().filter(|a| reach.names(&host) || permitted(a.ip(), &reach)).collect();
            if kept.is_empty() {
                return Err(Refused::ForbiddenAddress { host }.into());
            }
            Ok(Box::new(kept.into_iter()) as Addrs)
        })
    }
}

/// The addresses of a name; none where the name is unknown. Port 0 stands for the scheme's own.
async fn look_up(resolver: &Resolver, host: &str) -> Vec<SocketAddr> {
    match resolver {
        Resolver::System => match tokio::net::lookup_host((host, 0)).await {
            Ok(found) => found.collect(),
            Err(error) => {
                tracing::debug!(host, %error, "name not resolved");
                Vec::new()
            }
        },
        Resolver::Fixed(table) => table.get(host.trim_end_matches('.')).copied().into_iter().collect(),
        #[cfg(test)]
        Resolver::Changing(answer) => answer(host),
    }
}
