//! The marketing wing, from outside.
mod attribution;
mod coupons;
mod promotions;
mod redemptions;
mod campaigns;
mod mails;
mod plans;
mod sends;
mod suppressions;
mod templates;
