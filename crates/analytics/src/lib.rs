//! The analytics wing: reports, and customers classified by value, behaviour and prediction.
//! Its rooms are not built yet; the crate keeps their place in the house, so that the laws of who may know whom hold
//! from the start.
