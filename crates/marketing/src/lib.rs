//! The marketing wing: campaigns, promotions and consent.
//! Its rooms are not built yet. What stands is what promotions reckon by, which is pure.
pub mod promotion;
