//! What holds for the body of an activity.
use super::{DIRECTIONS, KINDS, NewActivity};
use kernel::rule;
use validator::ValidationError;

pub(super) fn is_kind(text: &str) -> Result<(), ValidationError> {
    crate::choices::one_of(text, KINDS)
}

pub(super) fn is_direction(text: &str) -> Result<(), ValidationError> {
    crate::choices::one_of(text, DIRECTIONS)
}

pub(super) fn ends_after_start(new: &NewActivity) -> Result<(), ValidationError> {
    match (new.started_at, new.ended_at) {
        (Some(start), Some(end)) if end < start => {
            let mut rule = rule!("order", "ends before it starts");
            rule.add_param("member".into(), &"ended_at");
            Err(rule)
        }
        _ => Ok(()),
    }
}
