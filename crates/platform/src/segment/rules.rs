//! What a new segment has to be, whatever its filter says.
use super::{DYNAMIC, KINDS, NewSegment, STATIC};
use kernel::rule;
use validator::ValidationError;

pub(super) fn is_kind(text: &str) -> Result<(), ValidationError> {
    match KINDS.contains(&text) {
        true => Ok(()),
        false => Err(rule!("choice", "is none of static and dynamic")),
    }
}

pub(super) fn fits_its_kind(new: &NewSegment) -> Result<(), ValidationError> {
    let says = new.filter.as_ref().is_some_and(|text| !text.trim().is_empty());
    match (new.kind.as_str(), says) {
        (DYNAMIC, false) => Err(rule!("required", "a dynamic segment needs a filter")),
        (STATIC, _) if new.filter.is_some() || !new.exclude_ids.is_empty() => {
            Err(rule!("kind", "a static segment has no filter and excludes nothing"))
        }
        _ => Ok(()),
    }
}
