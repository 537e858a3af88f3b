//! Nets of addresses, as `10.0.0.0/8`, `2001:db8::/32` or a single address. An IPv4 address that is written as an IPv6
//! one (`::ffff:10.0.0.1`) is the same address.
use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;

/// Addresses that begin with the same bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Net {
    base: u128,
    /// of 128: an IPv4 net is one below `::ffff:0:0/96`
    bits: u32,
}

const V4_BITS: u32 = 96;

impl Net {
    pub fn holds(&self, address: IpAddr) -> bool {
        masked(number(address), self.bits) == self.base
    }
}

impl FromStr for Net {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no address and no net such as 10.0.0.0/8");
        let (address, bits) = text.trim().split_once('/').map_or((text.trim(), None), |(a, b)| (a, Some(b)));
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let (most, offset) = if address.is_ipv4() { (32, V4_BITS) } else { (128, 0) };
        let bits = match bits {
            // `+8` and `08` are not how a net is written
            Some(bits) if bits.starts_with(['+', '0']) && bits != "0" => return Err(wrong()),
            Some(bits) => bits.parse::<u32>().map_err(|_| wrong())?,
            None => most,
        };
        if bits > most {
            return Err(wrong());
        }
        let bits = bits + offset;
        Ok(Self { base: masked(number(address), bits), bits })
    }
}

impl fmt::Display for Net {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (address, most, bits) = match Ipv6Addr::from(self.base).to_ipv4_mapped() {
            Some(v4) if self.bits >= V4_BITS => (IpAddr::V4(v4), 32, self.bits - V4_BITS),
            _ => (IpAddr::V6(Ipv6Addr::from(self.base)), 128, self.bits),
        };
        if bits == most { write!(f, "{address}") } else { write!(f, "{address}/{bits}") }
    }
}

/// The text of several nets, parted by commas.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Nets(pub Vec<Net>);

impl Nets {
    pub fn hold(&self, address: IpAddr) -> bool {
        self.0.iter().any(|net| net.holds(address))
    }
}

impl FromStr for Nets {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        parts.map(str::parse).collect::<Result<_, _>>().map(Self)
    }
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().to_bits(),
        IpAddr::V6(v6) => v6.to_bits(),
    }
}

fn masked(number: u128, bits: u32) -> u128 {
    number & u128::MAX.checked_shl(128 - bits).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(net: &str, address: &str) -> bool {
        net.parse::<Net>().unwrap().holds(address.parse().unwrap())
    }

    #[test]
    fn a_net_holds_its_own_and_no_other() {
        for (net, inside, outside) in [
            ("10.0.0.0/8", "10.255.0.1", "11.0.0.0"),
            ("10.1.2.3/8", "10.0.0.0", "9.255.255.255"),
            ("192.0.2.7", "192.0.2.7", "192.0.2.8"),
            ("0.0.0.0/0", "255.255.255.255", "2001:db8::1"),
            ("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::"),
            ("::1", "::1", "::2"),
            ("10.0.0.0/8", "::ffff:10.9.9.9", "::a09:909"),
        ] {
            assert!(holds(net, inside), "{net} {inside}");
            assert!(!holds(net, outside), "{net} {outside}");
        }
        assert!(holds("::/0", "1.2.3.4") && holds("::ffff:10.0.0.0/104", "10.0.0.1"));
    }

    #[test]
    fn a_net_is_written_in_one_way() {
        for (text, written) in [
            ("10.1.2.3/8", "10.0.0.0/8"),
            (" 192.0.2.7/32 ", "192.0.2.7"),
            ("2001:DB8::1/32", "2001:db8::/32"),
            ("::ffff:10.0.0.0/104", "10.0.0.0/8"),
            ("::/0", "::/0"),
            ("0.0.0.0/0", "0.0.0.0/0"),
        ] {
            assert_eq!(text.parse::<Net>().map(|net| net.to_string()), Ok(written.to_owned()));
        }
        for bad in [
            "",
            "10",
            "10.0.0.0/33",
            "::/129",
            "10.0.0.0/",
            "10.0.0.0/-1",
            "10.0.0.0/+8",
            "10.0.0.0/08",
            "010.0.0.1",
            "a",
            "1.2.3.4/8/8",
        ] {
            assert!(bad.parse::<Net>().is_err(), "{bad}");
        }
        assert_eq!("10.0.0.0/8, ::1".parse::<Nets>().map(|nets| nets.0.len()), Ok(2));
    }
}
