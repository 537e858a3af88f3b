//! What a form may say of itself, and what it says where it is silent.
use super::{FormPatch, MAKES, NewForm, STATUSES, Thanks, text};
use crate::choices::one_of;
use kernel::{Tidy, rule, tidy};
use validator::ValidationError;

impl Tidy for NewForm {
    fn tidy(&mut self) {
        tidy::trim(&mut self.name);
        self.phone_region.iter_mut().for_each(tidy::capital);
    }
}
impl Tidy for FormPatch {
    fn tidy(&mut self) {
        self.name.iter_mut().for_each(tidy::trim);
        self.phone_region.iter_mut().flatten().for_each(tidy::capital);
    }
}
impl FormPatch {
    /// Whether it does no more than close the form.
    pub fn only_shuts(&self) -> bool {
        let Self { name, status, user_id, fields, thank_you, redirect_url, allowed_origins, .. } = self;
        let shuts = status.as_ref().is_some_and(|status| status != "published");
        let texts = name.is_none() && fields.is_none() && thank_you.is_none() && redirect_url.is_none();
        let rest = self.has_double_opt_in.is_none() && self.least_seconds.is_none() && self.phone_region.is_none();
        shuts && texts && rest && user_id.is_none() && allowed_origins.is_none()
    }
}

pub(super) fn draft() -> String {
    "draft".to_owned()
}
pub(super) fn contact() -> String {
    "contact".to_owned()
}
pub(super) const fn two() -> i32 {
    2
}

pub(super) fn is_status(text: &str) -> Result<(), ValidationError> {
    one_of(text, STATUSES)
}
pub(super) fn is_made(text: &str) -> Result<(), ValidationError> {
    one_of(text, MAKES)
}
pub(super) fn is_text(thanks: &Thanks) -> Result<(), ValidationError> {
    text::is_sound(&thanks.0)
}

/// A page that browsers may be sent to.
pub(super) fn is_page(url: &str) -> Result<(), ValidationError> {
    let plain = url.len() <= 2000 && !url.chars().any(|c| c.is_control() || c.is_whitespace());
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    if plain && rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/')) {
        return Ok(());
    }
    Err(rule!("url", "is no address of a page, such as https://www.example.com/thanks"))
}

pub(super) fn are_origins(all: &[String]) -> Result<(), ValidationError> {
    let good = |origin: &String| {
        is_page(origin).is_ok()
            && origin.split_once("://").is_some_and(|(_, host)| !host.contains(['/', '?', '#', '@', '\\']))
            && *origin == origin.to_lowercase()
    };
    if all.iter().all(good) {
        return Ok(());
    }
    Err(rule!("origins", "are sites such as https://www.example.com, without a path and in small letters"))
}
