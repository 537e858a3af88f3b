//! The marketing wing, from outside.
mod attribution;
mod campaigns;
mod coupons;
mod mails;
mod plans;
mod promotions;
mod redemptions;
mod sends;
mod suppressions;
mod templates;
