//! Which addresses of the internet are public, and what an address of a server looks like as text.
use super::Failure;
use kernel::net::Nets;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use url::{Host, Url};

/// Where Azure answers its virtual machines: the one metadata service whose address looks public.
const AZURE: Ipv4Addr = Ipv4Addr::new(168, 63, 129, 16);
/// Domains that nobody can have (RFC 2606): whoever resolves them asks strangers for nothing.
const NOBODYS: [&str; 2] = ["invalid", "example"];

/// Where a request goes.
#[derive(Clone, Debug)]
pub struct Target {
    pub url: Url,
    pub host: Host<String>,
    pub port: u16,
    pub is_secure: bool,
}

impl Target {
    /// Of an absolute address of HTTP, without a user in it. What can be read only by mending it is refused.
    pub fn of(text: &str) -> Result<Self, Failure> {
        let refused = |why: &str| Failure::Refused(format!("{text:?} {why}"));
        if text.len() > 2048 || text.bytes().any(|byte| byte <= b' ' || byte == 0x7f || byte == b'\\') {
            return Err(refused("is no address"));
        }
        let url = Url::parse(text).map_err(|e| refused(&format!("is no address: {e}")))?;
        let is_secure = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return Err(refused("is not of HTTP")),
        };
        let authority = text.split("//").nth(1).unwrap_or_default().split(['/', '?', '#']).next().unwrap_or_default();
        if authority.contains('@') || !url.username().is_empty() || url.password().is_some() {
            return Err(refused("names a user"));
        }
        let host = url.host().ok_or_else(|| refused("has no host"))?.to_owned();
        if let Host::Domain(name) = &host
            && NOBODYS.contains(&name.trim_end_matches('.').rsplit('.').next().unwrap_or_default())
        {
            return Err(refused("is nobody's"));
        }
        let port = url.port_or_known_default().ok_or_else(|| refused("has no port"))?;
        Ok(Self { host, port, is_secure, url })
    }

    /// The host, where it is an address and no name.
    pub fn literal(&self) -> Option<IpAddr> {
        match &self.host {
            Host::Ipv4(address) => Some(IpAddr::V4(*address)),
            Host::Ipv6(address) => Some(IpAddr::V6(*address)),
            Host::Domain(_) => None,
        }
    }
}

/// What may be spoken to.
#[derive(Clone, Debug)]
pub struct Rules {
    /// nets that are not public and may be spoken to all the same, by HTTP too and at any port
    pub allow: Nets,
    /// the ports of public servers
    pub ports: Vec<u16>,
}

impl Rules {
    /// What can be said before a name is resolved.
    pub fn sound(&self, target: &Target) -> Result<(), Failure> {
        match target.literal() {
            Some(address) => self.admit(target, &[address]),
            // whether a name is in a net that is allowed shows when it is resolved
            None if self.allow.0.is_empty() => self.to_the_public(target),
            None => Ok(()),
        }
    }

    /// Whether a server with these addresses may be spoken to: each of them counts.
    pub fn admit(&self, target: &Target, addresses: &[IpAddr]) -> Result<(), Failure> {
        if addresses.is_empty() {
            return Err(Failure::Unreachable("the name has no address".into()));
        }
        if addresses.iter().all(|address| self.allow.hold(*address)) {
            return Ok(());
        }
        let private = |address: &&IpAddr| !is_public(**address) && !self.allow.hold(**address);
        if let Some(address) = addresses.iter().find(private) {
            return Err(Failure::Refused(format!("{address} is not public")));
        }
        self.to_the_public(target)
    }

    /// How public servers are spoken to.
    fn to_the_public(&self, target: &Target) -> Result<(), Failure> {
        if !target.is_secure {
            return Err(Failure::Refused("http is for the nets that are allowed".into()));
        }
        if !self.ports.contains(&target.port) {
            return Err(Failure::Refused(format!("port {} is not allowed", target.port)));
        }
        Ok(())
    }
}

/// Whether it is an address of the internet that belongs to somebody, and no other address is hidden in it.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

/// The special nets of RFC 6890 and its register.
fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = matches!(
        (a, b, c),
        (0 | 10 | 127 | 224..=255, _, _)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 168, _)
            | (198, 18 | 19, _)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (198, 51, 100)
            | (203, 0, 113)
    );
    !special && address != AZURE
}

/// Of 2000::/3 alone, without what is for protocols and documents, and without Teredo and 6to4, which carry an IPv4
/// address. Mapped, compatible and NAT64 addresses are outside of it.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    let special = matches!((a, b), (0x2001, 0..=0x01ff | 0x0db8) | (0x2002, _) | (0x3fff, 0..=0x0fff));
    (0x2000..=0x3fff).contains(&a) && !special
}
