//! Addresses of databases: `scheme://[user[:password]@]host[:port][/path]`.

use crate::error::{Error, Result};
use std::fmt;

/// Where a database listens, and who asks.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    /// `bolt`, `neo4j+s`, `https`, …
    pub scheme: String,
    /// Host and port, as they are written.
    pub host: String,
    /// What follows them, without the slashes around it; a query belongs to it.
    pub path: String,
    /// The user.
    pub user: Option<String>,
    /// The password, which is shown nowhere.
    pub password: Option<String>,
}

impl Address {
    /// Parts an address; `None` for what is none.
    #[must_use]
    pub fn parse(written: &str) -> Option<Result<Address>> {
        let (scheme, rest) = written.split_once("://")?;
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (credentials, host) = match authority.rsplit_once('@') {
            Some((credentials, host)) => (Some(credentials), host),
            None => (None, authority),
        };
        let (user, password) = match credentials.map(|both| both.split_once(':').unwrap_or((both, ""))) {
            Some((user, password)) => (Some(decoded(user)), Some(decoded(password)).filter(|password| !password.is_empty())),
            None => (None, None),
        };
        let address = Address {
            scheme: scheme.to_ascii_lowercase(),
            host: host.to_owned(),
            path: path.trim_end_matches('/').to_owned(),
            user,
            password,
        };
        let port = host.rsplit_once(':').filter(|(before, _)| !before.starts_with('[') || before.ends_with(']')).map(|(_, port)| port);
        let is_wrong = host.is_empty() || host.starts_with(':') || port.is_some_and(|port| port.parse::<u16>().is_err());
        Some(if is_wrong || host.contains(char::is_whitespace) {
            let hint = Some("write it as in bolt://localhost:7687/news".to_owned());
            Err(Error::Usage { reason: format!("{address}: not the address of a database"), hint })
        } else {
            Ok(address)
        })
    }
}

/// `%40` as “@”: what stands before the host may hold any sign.
fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.host)?;
        if self.path.is_empty() { Ok(()) } else { write!(f, "/{}", self.path) }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(written: &str) -> Address {
        Address::parse(written).expect("an address").expect("a good one")
    }

    #[test]
    fn an_address_is_parted_and_keeps_its_password_to_itself() {
        let address = parsed("bolt+s://m.ito:p%40ss:w%C3%B6rd%@db.example:7687/news");
        assert_eq!(address.user.as_deref(), Some("m.ito"));
        assert_eq!(address.password.as_deref(), Some("p@ss:wörd%"));
        assert_eq!((address.host.as_str(), address.path.as_str()), ("db.example:7687", "news"));
        assert_eq!(format!("{address} {address:?}"), "bolt+s://db.example:7687/news bolt+s://db.example:7687/news");
        assert_eq!(parsed("BOLT://[::1]:7687/").to_string(), "bolt://[::1]:7687");
        assert_eq!(parsed("neo4j://[fe80::1]").user, None);
    }

    #[test]
    fn what_is_no_address_says_so() {
        assert!(Address::parse("turtle").is_none());
        for wrong in ["bolt://", "bolt://:7687", "bolt://host:port", "bolt://host:99999", "bolt://user:secret@ /x"] {
            let error = Address::parse(wrong).expect("meant as an address").expect_err(wrong);
            assert!(error.hint().is_some() && !error.to_string().contains("secret"), "{error}");
        }
    }
}
