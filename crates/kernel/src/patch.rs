//! JSON merge patch (RFC 7396) on `Option`: the derives of diesel and validator know `Option` by its name and nothing
//! else. `Option<T>` patches a column that cannot be null, `Option<Option<T>>` one that can.
use serde::{Deserialize, Deserializer};

/// Absent: untouched. `null`: a fault. A value: set.
pub fn value<'de, D: Deserializer<'de>, T: Deserialize<'de>>(de: D) -> Result<Option<T>, D::Error> {
    T::deserialize(de).map(Some)
}

/// Absent: untouched. `null`: cleared. A value: set.
pub fn nullable<'de, D: Deserializer<'de>, T: Deserialize<'de>>(de: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(de).map(Some)
}
