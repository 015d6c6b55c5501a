//! Which addresses may be asked at all: the guard against server-side request forgery.
//!
//! Names are judged by what they resolve to at the moment of connecting, never by a look-up beforehand, which a second
//! answer of the same name could belie (DNS rebinding). Literal addresses never reach a resolver, so they are judged
//! here when the URL is read; decimal, octal and hexadecimal spellings have been normalised by then (WHATWG URL).

use crate::Refused;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use url::{Host, Url};

/// The longest address that is followed, in bytes.
pub const LONGEST_URL: usize = 4_096;

/// Where requests may go beyond the public network's ports 80 and 443.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Reach {
    /// 127.0.0.0/8 and `::1`, at any port: for tests and the demo alone.
    pub loopback: bool,
    /// Nothing but loopback: set where names are answered from a fixed table.
    pub loopback_only: bool,
    /// Further ports.
    pub ports: Vec<u16>,
    /// Hosts by name or address that are reached wherever they lie and at any port: somebody named them.
    pub hosts: Vec<String>,
}

impl Reach {
    /// Whether a host is one of those that somebody named.
    pub(crate) fn names(&self, host: &str) -> bool {
        let bare = |host: &str| host.trim_matches(['[', ']']).trim_end_matches('.').to_ascii_lowercase();
        self.hosts.iter().any(|named| bare(named) == bare(host))
    }
}

/// Reads and judges an address before anything is sent.
pub fn check(url: &str, reach: &Reach) -> Result<Url, Refused> {
    if url.len() > LONGEST_URL {
        return Err(Refused::BadUrl { why: format!("longer than {LONGEST_URL} bytes") });
    }
    let url = Url::parse(url.trim()).map_err(|e| Refused::BadUrl { why: e.to_string() })?;
    check_parsed(&url, reach)?;
    Ok(url)
}

/// The same of an address that has been read, such as the target of a redirect.
pub fn check_parsed(url: &Url, reach: &Reach) -> Result<(), Refused> {
    let bad = |why: &str| Err(Refused::BadUrl { why: why.to_owned() });
    if url.as_str().len() > LONGEST_URL {
        return bad("the address is too long");
    }
    if !matches!(url.scheme(), "http" | "https") {
        return bad("neither http nor https");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return bad("a name or password stands in the address");
    }
    if url.host_str().is_some_and(|host| reach.names(host)) {
        return Ok(());
    }
    let literal = match url.host() {
        Some(Host::Ipv4(ip)) => Some(IpAddr::V4(ip)),
        Some(Host::Ipv6(ip)) => Some(IpAddr::V6(ip)),
        Some(Host::Domain(_)) => None,
        None => return bad("no host"),
    };
    if let Some(ip) = literal
        && !permitted(ip, reach)
    {
        return Err(Refused::ForbiddenAddress { host: ip.to_string() });
    }
    let port = url.port_or_known_default().unwrap_or_default();
    let own_port = reach.loopback && literal.is_some_and(|ip| ip.is_loopback());
    if !(matches!(port, 80 | 443) || reach.ports.contains(&port) || own_port) {
        return bad("a port other than 80 and 443");
    }
    Ok(())
}

/// Whether a connection to this address may be opened.
pub fn permitted(ip: IpAddr, reach: &Reach) -> bool {
    if ip.is_loopback() {
        return reach.loopback;
    }
    !reach.loopback_only && is_public(ip)
}

/// Whether an address belongs to the public network (IANA special-purpose registries, RFC 6890).
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let special = match ip.octets() {
        // this network, private, loopback, multicast and everything above
        [0 | 10 | 127 | 224..=255, ..] => true,
        // shared by carriers (RFC 6598)
        [100, b, ..] => (64..128).contains(&b),
        // link-local, with the metadata service of clouds
        [169, 254, ..] => true,
        [172, b, ..] => (16..32).contains(&b),
        [192, 168, ..] | [192, 0, 0, _] => true,
        // benchmarks (RFC 2544)
        [198, b, ..] => (18..20).contains(&b),
        _ => false,
    };
    !special
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let s = ip.segments();
    let embedded = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match s {
        // unspecified, loopback and the old v4-compatible form: judged on the v4 inside, where 0/8 is special
        [0, 0, 0, 0, 0, 0, high, low] => embedded(high, low),
        // v4-mapped, also in the translated form of RFC 2765
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0, 0, 0, 0, 0xffff, 0, high, low] => embedded(high, low),
        // NAT64 (RFC 6052), and its local prefix (RFC 8215)
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => embedded(high, low),
        [0x64, 0xff9b, 1, ..] => false,
        // 6to4 (RFC 3056)
        [0x2002, high, low, ..] => embedded(high, low),
        // Teredo hides a v4 address and a port
        [0x2001, 0, ..] => false,
        // discard-only
        [0x100, 0, 0, 0, ..] => false,
        // unique local, link-local, the old site-local, multicast
        [first, ..] => !(first & 0xfe00 == 0xfc00 || first & 0xff80 == 0xfe80 || first & 0xff00 == 0xff00),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_address_of_an_inner_network_is_public() {
        for ip in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "10.255.255.255",
            "127.0.0.1",
            "127.8.8.8",
            "169.254.169.254",
            "169.254.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.0.1",
            "192.168.255.255",
            "100.64.0.1",
            "100.127.255.255",
            "192.0.0.1",
            "192.0.0.255",
            "198.18.0.1",
            "198.19.255.255",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "fc00::1",
            "fdff:ffff::1",
            "fe80::1",
            "febf::1",
            "fec0::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:169.254.169.254",
            "::ffff:0:10.0.0.1",
            "64:ff9b::10.0.0.1",
            "64:ff9b::169.254.169.254",
            "64:ff9b:1::1",
            "2002:7f00:1::",
            "2002:a00:1::1",
            "2002:c0a8:101::1",
            "2001::1",
            "100::1",
        ] {
            assert!(!is_public(ip.parse().expect(ip)), "{ip}");
        }
    }

    #[test]
    fn neighbours_of_the_inner_networks_are_public() {
        for ip in [
            "1.1.1.1",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.1",
            "169.253.255.255",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.1",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2606:4700::1",
            "2a00:1450::1",
            "::ffff:1.1.1.1",
            "64:ff9b::1.1.1.1",
            "2002:101:101::1",
            "2001:db8::1",
        ] {
            assert!(is_public(ip.parse().expect(ip)), "{ip}");
        }
    }

    #[test]
    fn addresses_are_judged_in_every_spelling() {
        let verdict = |url: &str| match check(url, &Reach::default()) {
            Ok(_) => "goes",
            Err(Refused::ForbiddenAddress { .. }) => "forbidden",
            Err(Refused::BadUrl { .. }) => "bad",
            Err(other) => panic!("{other}"),
        };
        for (url, expected) in [
            ("http://esempio.test/feed.xml", "goes"),
            ("https://esempio.test:443/", "goes"),
            ("http://esempio.test:80/", "goes"),
            ("https://esempio.test:80/", "goes"),
            ("http://1.1.1.1/", "goes"),
            ("http://[2606:4700::1]/", "goes"),
            ("http://127.0.0.1/", "forbidden"),
            ("http://127.0.0.1./", "forbidden"),
            ("http://127.1/", "forbidden"),
            ("http://2130706433/", "forbidden"),
            ("http://0x7f000001/", "forbidden"),
            ("http://0x7f.0.0.1/", "forbidden"),
            ("http://0177.0.0.1/", "forbidden"),
            ("http://017700000001/", "forbidden"),
            ("http://%31%32%37.0.0.1/", "forbidden"),
            ("http://１２７.0.0.1/", "forbidden"),
            ("http://0/", "forbidden"),
            ("http://169.254.169.254/latest/meta-data/", "forbidden"),
            ("http://[::1]/", "forbidden"),
            ("http://[::]/", "forbidden"),
            ("http://[::ffff:10.0.0.1]/", "forbidden"),
            ("http://[64:ff9b::a00:1]/", "forbidden"),
            ("http://[fd00::1]/", "forbidden"),
            ("http://esempio.test:8080/", "bad"),
            ("http://esempio.test:22/", "bad"),
            ("http://utente@esempio.test/", "bad"),
            ("http://utente:parola@esempio.test/", "bad"),
            ("ftp://esempio.test/", "bad"),
            ("file:///etc/passwd", "bad"),
            ("gopher://esempio.test/", "bad"),
            ("data:text/html,x", "bad"),
            ("javascript:alert(1)", "bad"),
            ("/feed.xml", "bad"),
            ("http://", "bad"),
            ("http://a b/", "bad"),
            ("http://256.1.1.1/", "bad"),
            ("", "bad"),
        ] {
            assert_eq!(verdict(url), expected, "{url}");
        }
        assert_eq!(verdict(&format!("http://esempio.test/{}", "a".repeat(LONGEST_URL))), "bad");
    }

    #[test]
    fn loopback_and_other_ports_must_be_asked_for() {
        let goes = |url: &str, reach: &Reach| check(url, reach).is_ok();
        let test = Reach { loopback: true, loopback_only: true, ..Reach::default() };
        assert!(goes("http://127.0.0.1:4711/", &test));
        assert!(goes("http://[::1]:4711/", &test));
        assert!(!goes("http://10.0.0.1/", &test));
        assert!(!goes("http://1.1.1.1/", &test), "a fixed table of names means no network at all");
        assert!(!goes("http://esempio.test:4711/", &test));
        let listed = Reach { ports: vec![8080], ..Reach::default() };
        assert!(goes("http://esempio.test:8080/", &listed));
        assert!(!goes("http://127.0.0.1:8080/", &listed));
    }

    #[test]
    fn a_host_that_somebody_named_is_reached_in_an_inner_network_and_no_other() {
        let hosts = ["ntfy.comune.test", "10.1.2.3", "fd00::7"].map(str::to_owned).to_vec();
        let reach = Reach { hosts, ..Reach::default() };
        for (url, goes) in [
            ("http://10.1.2.3/", true),
            ("http://10.1.2.3:2586/", true),
            ("http://[fd00::7]:8080/", true),
            ("https://NTFY.comune.test.:8443/", true),
            ("http://10.1.2.4/", false),
            ("http://altro.ntfy.comune.test:8080/", false),
            ("http://169.254.169.254/", false),
            ("http://ada@10.1.2.3/", false),
            ("ftp://10.1.2.3/", false),
        ] {
            assert_eq!(check(url, &reach).is_ok(), goes, "{url}");
        }
    }
}
