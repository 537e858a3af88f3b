//! What is tidied of the body of an account, and the rules that it may break.
use super::{AccountPatch, NewAccount};
use crate::address;
use crate::choices::{LIFECYCLE_STAGES, RATINGS, SOURCES, one_of};
use kernel::{Region, Tidy, rule, tidy};
use validator::ValidationError;

impl Tidy for NewAccount {
    fn tidy(&mut self) {
        [&mut self.name, &mut self.legal_name, &mut self.tax_number].into_iter().flatten().for_each(tidy::trim);
        self.email.iter_mut().for_each(tidy::email);
        self.person.iter_mut().for_each(Tidy::tidy);
        self.addresses.iter_mut().for_each(Tidy::tidy);
    }
    fn dial(&mut self, region: Option<Region>) {
        tidy::dial(&mut self.phone, &mut self.phone_text, region);
        self.person.iter_mut().for_each(|person| person.dial(region));
        self.addresses.iter_mut().for_each(|address| address.dial(region));
    }
}
impl Tidy for AccountPatch {
    fn tidy(&mut self) {
        self.name.iter_mut().for_each(tidy::trim);
        [&mut self.legal_name, &mut self.tax_number].into_iter().flatten().flatten().for_each(tidy::trim);
        self.email.iter_mut().flatten().for_each(tidy::email);
    }
    fn dial(&mut self, region: Option<Region>) {
        tidy::redial(&mut self.phone, &mut self.phone_text, region);
    }
}

/// An organisation by its name, or one of two ways to say who it is.
pub(super) fn is_named(new: &NewAccount) -> Result<(), ValidationError> {
    let (member, mut rule) = match (&new.name, &new.person, new.person_id) {
        (_, Some(_), Some(_)) => ("person_id", rule!("one_of", "either person or person_id")),
        (None, None, None) => ("name", rule!("required", "missing field `{field}`", field = "name")),
        _ => return Ok(()),
    };
    rule.add_param("member".into(), &member);
    Err(rule)
}

pub(super) fn leads_once(new: &NewAccount) -> Result<(), ValidationError> {
    address::leads_once(&new.addresses)
}

pub(super) fn is_stage(text: &str) -> Result<(), ValidationError> {
    one_of(text, LIFECYCLE_STAGES)
}
pub(super) fn is_rating(text: &str) -> Result<(), ValidationError> {
    one_of(text, RATINGS)
}
pub(super) fn is_source(text: &str) -> Result<(), ValidationError> {
    one_of(text, SOURCES)
}
