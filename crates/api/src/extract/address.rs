//! Where a request comes from: the other end of the connection. Where that is a proxy of the house's own
//! (`GUANXI_TRUSTED_PROXIES`), it is whom the proxy names in `X-Forwarded-For`; what anybody else writes there counts
//! for nothing.
use super::state;
use crate::answer::{Fail, Result};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use kernel::net::Nets;
use std::future::{Ready, ready};
use std::net::{IpAddr, Ipv4Addr};

/// The address of the caller.
#[derive(Clone, Copy, Debug)]
pub struct Address(pub IpAddr);

/// The proxies whose word is taken.
#[derive(Clone, Debug, Default)]
pub struct Proxies(pub Nets);

impl FromRequest for Address {
    type Error = Fail;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(address(req))))
    }
}

/// Of the addresses that the request has come by, from the nearest on, the first that is no proxy of the house.
pub fn address(req: &HttpRequest) -> IpAddr {
    let peer = req.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip().to_canonical());
    let Ok(proxies) = state::<Proxies>(req) else { return peer };
    if !proxies.0.hold(peer) {
        return peer;
    }
    let lines = req.headers().get_all("x-forwarded-for").filter_map(|value| value.to_str().ok());
    let named: Vec<&str> = lines.flat_map(|line| line.split(',')).collect();
    behind(peer, &named, &proxies.0)
}

/// Each proxy has written at the end whom it speaks with: read from there, as long as it is trusted.
fn behind(peer: IpAddr, named: &[&str], trusted: &Nets) -> IpAddr {
    let mut nearest = peer;
    for name in named.iter().rev() {
        let Some(next) = read(name.trim()) else { return nearest };
        nearest = next;
        if !trusted.hold(nearest) {
            return nearest;
        }
    }
    nearest
}

/// An address, with or without its port.
fn read(name: &str) -> Option<IpAddr> {
    let address = name.parse::<IpAddr>().ok();
    let address = address.or_else(|| name.parse::<std::net::SocketAddr>().ok().map(|socket| socket.ip()));
    let address = address.or_else(|| name.strip_prefix('[')?.strip_suffix(']')?.parse().ok());
    address.map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_trusted_proxies_say_is_believed() {
        let trusted: Nets = "10.0.0.0/8, ::1".parse().unwrap_or_default();
        let peer = IpAddr::from([10, 0, 0, 1]);
        for (named, address) in [
            (vec![], "10.0.0.1"),
            (vec!["203.0.113.9"], "203.0.113.9"),
            (vec!["6.6.6.6", " 203.0.113.9"], "203.0.113.9"),
            (vec!["203.0.113.9", "10.0.0.7"], "203.0.113.9"),
            (vec!["6.6.6.6", "203.0.113.9", "10.0.0.7", "::1"], "203.0.113.9"),
            (vec!["203.0.113.9:4711"], "203.0.113.9"),
            (vec!["[2001:db8::1]:4711"], "2001:db8::1"),
            (vec!["::ffff:203.0.113.9"], "203.0.113.9"),
            (vec!["203.0.113.9", "nonsense"], "10.0.0.1"),
            (vec!["203.0.113.9", "nonsense", "10.0.0.7"], "10.0.0.7"),
            (vec!["10.0.0.9", "10.0.0.8"], "10.0.0.9"),
        ] {
            assert_eq!(behind(peer, &named, &trusted).to_string(), address, "{named:?}");
        }
    }
}
