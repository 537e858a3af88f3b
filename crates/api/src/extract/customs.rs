//! The tenant's own fields of a body, whatever noun it is of: held against their definitions before the rest is read, and
//! put in their form; the body then says by which version of them. What is wrong with them is told with the rest.
use crate::house;
use crate::sight::Sight;
use kernel::custom::{CUSTOM, STAMP};
use kernel::{Error, Fault, Grants, Result};
use platform::custom::{self, Of};
use serde_json::Value;
use std::borrow::Cow;
use utoipa::ToSchema;

/// A body whose own fields have been looked at.
pub struct Looked<'a> {
    pub bytes: Cow<'a, [u8]>,
    pub faults: Vec<Fault>,
}

impl<'a> Looked<'a> {
    /// Of a body of this shape, as far as its noun has such fields.
    pub fn at<T: ToSchema>(bytes: &'a [u8], grants: &Grants) -> Result<Self> {
        match meant::<T>() {
            Some((noun, of)) => Self::of(noun, of, bytes, grants),
            None => Ok(Self { bytes: Cow::Borrowed(bytes), faults: Vec::new() }),
        }
    }

    /// Of one that is not written.
    pub fn compared<T: ToSchema>(bytes: &'a [u8], grants: &Grants) -> Result<Self> {
        match meant::<T>() {
            Some((noun, _)) => Self::of(noun, Of::Likeness, bytes, grants),
            None => Ok(Self { bytes: Cow::Borrowed(bytes), faults: Vec::new() }),
        }
    }

    fn of(noun: &str, of: Of, bytes: &'a [u8], grants: &Grants) -> Result<Self> {
        let as_it_is = Self { bytes: Cow::Borrowed(bytes), faults: Vec::new() };
        let speaks = speaks(bytes);
        if !speaks && of != Of::New {
            return Ok(as_it_is);
        }
        if !speaks && grants.own().of(noun).is_empty() {
            let version = grants.own().version(noun);
            return Ok(
                stamped(bytes, version).map_or(as_it_is, |bytes| Self { bytes: bytes.into(), faults: Vec::new() })
            );
        }
        let Ok(Value::Object(mut members)) = serde_json::from_slice(bytes) else { return Ok(as_it_is) };
        if of != Of::New && !members.contains_key(CUSTOM) {
            return Ok(as_it_is);
        }
        let (own, faults) = match custom::check(noun, grants, members.get(CUSTOM), of) {
            Ok(own) => (own, Vec::new()),
            Err(faults) => (serde_json::Map::new(), faults),
        };
        members.insert(CUSTOM.to_owned(), Value::Object(own));
        let bytes = serde_json::to_vec(&members).map_err(Error::internal)?;
        Ok(Self { bytes: bytes.into(), faults })
    }
}

/// The noun that a body makes or changes by its name, and which of both.
fn meant<T: ToSchema>() -> Option<(&'static str, Of)> {
    let name = T::name();
    let of = match name.ends_with("Patch") {
        true => Of::Patch,
        false if name.starts_with("New") => Of::New,
        false => return None,
    };
    let noun = Sight::of_the_house().noun::<T>()?;
    let catalogue = house::catalogues().ok()?.get(noun)?;
    catalogue.custom.map(|_| (catalogue.noun, of))
}

/// Whether a body may have such a member: by its name, or by one that is written otherwise (`"\u0063ustom"`), of which any
/// letter of ASCII begins alike.
fn speaks(bytes: &[u8]) -> bool {
    bytes.windows(CUSTOM.len() + 2).any(|some| some == b"\"custom\"") || bytes.windows(4).any(|some| some == br"\u00")
}

/// A body that has no such fields, of a tenant that has none: it says so, and is not gone through for that.
fn stamped(bytes: &[u8], version: i64) -> Option<Vec<u8>> {
    let open = bytes.iter().position(|byte| !byte.is_ascii_whitespace())?;
    let (before, rest) = bytes.split_at_checked(open + 1)?;
    let first = rest.iter().find(|byte| !byte.is_ascii_whitespace())?;
    if before.last() != Some(&b'{') {
        return None;
    }
    let comma = if *first == b'}' { "" } else { "," };
    let own = format!("\"{CUSTOM}\":{{\"{STAMP}\":{version}}}{comma}");
    Some([before, own.as_bytes(), rest].concat())
}
