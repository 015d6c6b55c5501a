//! Where the relay is and how to speak with it.

use crate::{Fault, FaultKind, Phase};
use lettre::transport::smtp::extension::ClientId;
use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

/// The relay of the office.
#[derive(Clone, Debug)]
pub struct SmtpConfig {
    /// Name or address of the server.
    pub host: String,
    /// Its port: 25, 587, or 465 for [`Tls::Implicit`].
    pub port: u16,
    /// How the connection is protected.
    pub tls: Tls,
    /// Name and password, if it asks for them.
    pub login: Option<Login>,
    /// The name by which we greet: the full domain name of this machine, or its address.
    pub helo: String,
    /// Certificates in PEM to trust besides those of the system: that of a municipality's own authority.
    pub roots: Vec<u8>,
    /// How long each phase may take.
    pub phases: Phases,
}

/// How a connection is protected. A certificate is always checked: one that does not hold is a fault, never a reason to
/// go on in the clear.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tls {
    /// Not at all: for a relay on this machine.
    Off,
    /// STARTTLS if the server offers it; not to this machine, unless there is a password. A Postfix beside the program has
    /// a certificate that it signed itself (Debian's package makes one and offers STARTTLS with it), and nobody is on the
    /// way there.
    Opportunistic,
    /// STARTTLS, or no mail.
    StartTls,
    /// TLS from the first byte (RFC 8314).
    Implicit,
}

/// Name and password. Without encryption they go to this machine only.
#[derive(Clone, PartialEq, Eq)]
pub struct Login {
    /// The name.
    pub user: String,
    /// The password; never printed.
    pub password: String,
}

/// How long each phase of the conversation may take. The figures are RFC 5321 §4.5.3.2; a shorter wait for the dot makes
/// duplicates, because the server may have accepted the message just before it answers. Lower values are for tests.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Phases {
    /// Opening the connection.
    pub connect: Duration,
    /// Greeting and EHLO; the handshake of TLS.
    pub banner: Duration,
    /// AUTH, RSET, MAIL.
    pub mail: Duration,
    /// RCPT.
    pub rcpt: Duration,
    /// The answer to DATA.
    pub data: Duration,
    /// The message and the answer to its final dot.
    pub dot: Duration,
    /// The answer to QUIT, which nobody needs.
    pub quit: Duration,
}

impl Default for Phases {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(30),
            banner: Duration::from_secs(5 * 60),
            mail: Duration::from_secs(5 * 60),
            rcpt: Duration::from_secs(5 * 60),
            data: Duration::from_secs(2 * 60),
            dot: Duration::from_secs(10 * 60),
            quit: Duration::from_secs(5),
        }
    }
}

impl Phases {
    /// The same limit for each phase: for tests, and for who must not wait.
    pub fn all(limit: Duration) -> Self {
        Self { connect: limit, banner: limit, mail: limit, rcpt: limit, data: limit, dot: limit, quit: limit }
    }
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Login").field("user", &self.user).field("password", &"…").finish()
    }
}

impl SmtpConfig {
    /// A relay with the usual settings: STARTTLS if offered, no login, the phases of the RFC.
    pub fn new(host: impl Into<String>, port: u16) -> Self {
        Self {
            host: host.into(),
            port,
            tls: Tls::Opportunistic,
            login: None,
            helo: "[127.0.0.1]".into(),
            roots: Vec::new(),
            phases: Phases::default(),
        }
    }

    /// Whether the relay is this machine.
    pub(crate) fn is_here(&self) -> bool {
        self.host == "localhost" || self.host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }

    /// Whether nobody else can hear what is said, and nothing of it is secret.
    pub(crate) fn is_out_of_reach(&self) -> bool {
        self.is_here() && self.login.is_none()
    }

    /// The argument of EHLO. lettre writes it as it is: anything but a name or an address is refused here.
    pub(crate) fn client_id(&self) -> Result<ClientId, Fault> {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
        let literal = self.helo.trim_start_matches('[').trim_end_matches(']').trim_start_matches("IPv6:");
        match literal.parse::<IpAddr>() {
            Ok(IpAddr::V4(ip)) => Ok(ClientId::Ipv4(ip)),
            Ok(IpAddr::V6(ip)) => Ok(ClientId::Ipv6(ip)),
            Err(_) if !self.helo.is_empty() && self.helo.chars().all(plain) => Ok(ClientId::Domain(self.helo.clone())),
            Err(_) => {
                let why = format!("cannot greet as {:?}: not a name of a machine", self.helo);
                Err(Fault::new(Phase::Greeting, FaultKind::Unable(why)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn we_greet_by_name_or_address_and_by_nothing_else() {
        let greet = |helo: &str| {
            let config = SmtpConfig { helo: helo.into(), ..SmtpConfig::new("localhost", 25) };
            config.client_id().map(|id| id.to_string()).map_err(|fault| fault.phase)
        };
        assert_eq!(greet("posta.bellariva.test").as_deref(), Ok("posta.bellariva.test"));
        assert_eq!(greet("[127.0.0.1]").as_deref(), Ok("[127.0.0.1]"));
        assert_eq!(greet("::1").as_deref(), Ok("[IPv6:::1]"));
        assert_eq!(greet("a\r\nMAIL FROM:<x@y>"), Err(Phase::Greeting));
        assert_eq!(greet(""), Err(Phase::Greeting));
    }

    #[test]
    fn a_password_is_never_printed() {
        let login = Login { user: "ufficio".into(), password: "segreta".into() };
        let config = SmtpConfig { login: Some(login), ..SmtpConfig::new("localhost", 25) };
        assert!(!format!("{config:?}").contains("segreta"));
    }
}
