//! The marketing wing: campaigns, promotions and consent.
//! Its rooms are not built yet; the crate keeps their place in the house, so that the laws of who may know whom hold
//! from the start.
