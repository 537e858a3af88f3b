//! The marketing wing, from outside.
mod attribution;
mod coupons;
mod promotions;
mod redemptions;
