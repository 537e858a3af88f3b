//! What is sealed, what has been opened, and what equal values have in common: types that go into no JSON, no log, no
//! event and no audit row by accident.
//!
//! ```compile_fail
//! fn told(sealed: platform::vault::Sealed) -> serde_json::Value { serde_json::json!({"value": sealed}) }
//! ```
//! ```compile_fail
//! fn told(plain: platform::vault::Plain) -> serde_json::Value { serde_json::json!({"value": plain}) }
//! ```
//! ```compile_fail
//! fn told(plain: platform::vault::Plain) -> String { plain.to_string() }
//! ```
//! ```compile_fail
//! fn told(given: platform::vault::Given) -> serde_json::Value { serde_json::json!({"value": given}) }
//! ```
//! ```compile_fail
//! fn kept(print: platform::vault::Fingerprint) -> serde_json::Value { serde_json::json!({"value": print}) }
//! ```
//! Whoever needs it says so:
//! ```
//! fn told(plain: &platform::vault::Plain) -> serde_json::Value { serde_json::json!({"value": plain.text()}) }
//! ```
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::Binary;
use kernel::DataKeyId;
use serde::Deserialize;
use std::fmt;
use uuid::Uuid;
use zeroize::Zeroizing;

/// How what follows is made. Another way gets another number.
const FORM: u8 = 1;

/// A sealed value as its column keeps it: its form, the id of its key, the nonce, what is sealed.
#[derive(Clone, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = Binary)]
pub struct Sealed(Vec<u8>);

/// What equal values have in common, as its column keeps it: its form, the id of its key, 32 bytes.
#[derive(Clone, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = Binary)]
pub struct Fingerprint(Vec<u8>);

/// What was sealed. It is wiped from memory when it is let go.
pub struct Plain(Zeroizing<Vec<u8>>);

/// A text of a body that is to be sealed, or that sealed values are held against.
#[derive(Clone, Deserialize)]
#[serde(from = "String")]
pub struct Given(Zeroizing<String>);

impl Sealed {
    pub(super) fn new(key: DataKeyId, sealed: &[u8]) -> Self {
        Self(whole(key, sealed))
    }

    /// Its key, and what that opens.
    pub(super) fn parts(&self) -> Option<(DataKeyId, &[u8])> {
        let (form, rest) = self.0.split_first()?;
        let (key, sealed) = rest.split_first_chunk::<16>()?;
        (*form == FORM).then(|| (Uuid::from_bytes(*key).into(), sealed))
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl Fingerprint {
    pub(super) fn new(key: DataKeyId, print: &[u8; 32]) -> Self {
        Self(whole(key, print))
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl Plain {
    pub(crate) fn new(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self(bytes)
    }

    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// As a text; empty where it is none.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl Given {
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Given {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

fn whole(key: DataKeyId, what: &[u8]) -> Vec<u8> {
    [&[FORM], key.0.as_bytes().as_slice(), what].concat()
}

macro_rules! shown_as_nothing { ($($name:ident),+) => {$(
    impl fmt::Debug for $name {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(concat!(stringify!($name), "(…)"))
        }
    }
)+}; }
shown_as_nothing!(Sealed, Fingerprint, Plain, Given);

macro_rules! kept_as_bytes { ($($name:ident),+) => {$(
    impl ToSql<Binary, Pg> for $name {
        fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
            <Vec<u8> as ToSql<Binary, Pg>>::to_sql(&self.0, out)
        }
    }
    impl FromSql<Binary, Pg> for $name {
        fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
            <Vec<u8> as FromSql<Binary, Pg>>::from_sql(value).map(Self)
        }
    }
)+}; }
kept_as_bytes!(Sealed, Fingerprint);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn none_of_them_shows_what_it_holds() {
        let key = DataKeyId::new();
        let shown = format!(
            "{:?} {:?} {:?} {:?}",
            Sealed::new(key, b"secret"),
            Fingerprint::new(key, &[1; 32]),
            Plain::new(Zeroizing::new(b"secret".to_vec())),
            Given::new("secret".into()),
        );
        assert_eq!(shown, "Sealed(…) Fingerprint(…) Plain(…) Given(…)");
    }

    #[test]
    fn a_sealed_value_says_which_key_it_needs() {
        let key = DataKeyId::new();
        let sealed = Sealed::new(key, b"rest");
        assert_eq!(sealed.parts(), Some((key, b"rest".as_slice())));
        for nonsense in [vec![], vec![FORM], vec![2; 60], vec![FORM; 16]] {
            assert!(Sealed(nonsense).parts().is_none());
        }
    }
}
