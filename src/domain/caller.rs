//! From where a request comes.

use std::fmt;
use std::net::IpAddr;
use std::net::Ipv6Addr;
use std::net::SocketAddr;

/// The address from which a request comes: of the connection, or the one for which a proxy of ours speaks. Printing it
/// for a log shows nothing.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Caller(IpAddr);

/// What one household or office gets of the newer addresses: 64 bits, behind which it may take any number.
const NETWORK: u128 = u128::MAX << 64;

impl Caller {
    /// From an address.
    #[must_use]
    pub fn at(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V4(address) => IpAddr::V4(address),
            IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & NETWORK)),
        })
    }

    /// From what a proxy wrote: an address, alone, in brackets, or with a port.
    #[must_use]
    pub fn read(entry: &str) -> Option<Self> {
        let entry = entry.trim();
        let alone = entry.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(entry);
        let address = alone.parse().or_else(|_| entry.parse().map(|both: SocketAddr| both.ip()));
        address.ok().map(Self::at)
    }

    /// What it is counted as.
    #[must_use]
    pub fn counted_as(self) -> String {
        self.0.to_string()
    }
}

impl fmt::Debug for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Caller(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted_as(address: &str) -> String {
        Caller::at(address.parse().expect("an address")).counted_as()
    }

    #[test]
    fn an_address_is_read_with_a_port_and_in_brackets_too() {
        let read = |entry| Caller::read(entry).map(Caller::counted_as);
        for entry in [
            "198.51.100.1",
            " 198.51.100.1 ",
            "198.51.100.1:443",
            "::ffff:198.51.100.1",
            "[::ffff:198.51.100.1]:1",
        ] {
            assert_eq!(read(entry).as_deref(), Some("198.51.100.1"), "{entry}");
        }
        for entry in ["2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:99"] {
            assert_eq!(read(entry).as_deref(), Some("2001:db8::"), "{entry}");
        }
        for entry in ["", "unknown", "198.51.100.1:", "[2001:db8::1", "198.51.100.1:99999"] {
            assert_eq!(read(entry), None, "{entry}");
        }
    }

    #[test]
    fn whoever_takes_another_address_of_their_own_network_is_counted_on() {
        assert_eq!(counted_as("192.0.2.7"), "192.0.2.7");
        assert_eq!(counted_as("::ffff:192.0.2.7"), "192.0.2.7");
        assert_eq!(counted_as("2001:db8:1:2:3::4"), counted_as("2001:db8:1:2:ffff::1"));
        assert_ne!(counted_as("2001:db8:1:2::"), counted_as("2001:db8:1:3::"));
    }
}
