//! What is tidied of the body of an account, and the rules that it may break.
use super::{AccountPatch, NewAccount};
use crate::choices::{LIFECYCLE_STAGES, RATINGS, SOURCES, one_of};
use kernel::{Region, Tidy, tidy};
use validator::ValidationError;

impl Tidy for NewAccount {
    fn tidy(&mut self) {
        tidy::trim(&mut self.name);
        [&mut self.legal_name, &mut self.tax_number].into_iter().flatten().for_each(tidy::trim);
        self.email.iter_mut().for_each(tidy::email);
    }
    fn dial(&mut self, region: Option<Region>) {
        tidy::dial(&mut self.phone, &mut self.phone_text, region);
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

pub(super) fn is_stage(text: &str) -> Result<(), ValidationError> {
    one_of(text, LIFECYCLE_STAGES)
}
pub(super) fn is_rating(text: &str) -> Result<(), ValidationError> {
    one_of(text, RATINGS)
}
pub(super) fn is_source(text: &str) -> Result<(), ValidationError> {
    one_of(text, SOURCES)
}
