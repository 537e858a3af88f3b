//! What is tidied of the body of a contact, and the rules that it may break.
use super::{ContactPatch, NewContact, point};
use crate::address;
use crate::choices::{GENDERS, LIFECYCLE_STAGES, SOURCES, one_of};
use kernel::{Region, Tidy, rule, tidy};
use validator::ValidationError;

impl NewContact {
    fn primary(&self, kind: &str) -> Option<&point::NewContactPoint> {
        self.contact_points.iter().find(|one| one.is_primary && one.kind == kind)
    }
}
impl Tidy for NewContact {
    fn tidy(&mut self) {
        let names = [&mut self.given_name, &mut self.family_name, &mut self.display_name, &mut self.job_title];
        names.into_iter().flatten().for_each(tidy::trim);
        self.email.iter_mut().for_each(tidy::email);
        self.contact_points.iter_mut().for_each(Tidy::tidy);
        self.addresses.iter_mut().for_each(Tidy::tidy);
        let email = self.primary("email").map(point::NewContactPoint::norm);
        self.email = self.email.take().or(email);
    }
    fn dial(&mut self, region: Option<Region>) {
        self.contact_points.iter_mut().for_each(|one| one.dial(region));
        self.addresses.iter_mut().for_each(|one| one.dial(region));
        tidy::dial(&mut self.phone, &mut self.phone_text, region);
        let primary = self.primary("phone").map(|one| (one.norm(), one.value.clone()));
        if let Some((number, text)) = primary.filter(|_| self.phone.is_none()) {
            (self.phone, self.phone_text) = (Some(number), Some(text));
        }
    }
    fn quote(&mut self, text: String) {
        self.phone_text = self.phone.is_some().then_some(text);
    }
}
impl Tidy for ContactPatch {
    fn tidy(&mut self) {
        [&mut self.given_name, &mut self.family_name, &mut self.job_title]
            .into_iter()
            .flatten()
            .flatten()
            .for_each(tidy::trim);
        self.display_name.iter_mut().for_each(tidy::trim);
        self.email.iter_mut().flatten().for_each(tidy::email);
    }
    fn dial(&mut self, region: Option<Region>) {
        tidy::redial(&mut self.phone, &mut self.phone_text, region);
    }
    fn quote(&mut self, text: String) {
        self.phone_text = self.phone.as_ref().map(|phone| phone.as_ref().map(|_| text));
    }
}

pub(super) fn is_named(new: &NewContact) -> Result<(), ValidationError> {
    if new.name().is_some() {
        return Ok(());
    }
    Err(rule!("required", "needs display_name, given_name, family_name or email"))
}

pub(super) fn leads_once(new: &NewContact) -> Result<(), ValidationError> {
    address::leads_once(&new.addresses)
}

pub(super) fn is_gender(text: &str) -> Result<(), ValidationError> {
    one_of(text, GENDERS)
}
pub(super) fn is_stage(text: &str) -> Result<(), ValidationError> {
    one_of(text, LIFECYCLE_STAGES)
}
pub(super) fn is_source(text: &str) -> Result<(), ValidationError> {
    one_of(text, SOURCES)
}
