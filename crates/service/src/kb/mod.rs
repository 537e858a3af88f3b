//! The knowledge base: what the business knows, in portals that its customers may read. An article stands in a portal and
//! has versions, each in one language; of an article and a language one version at most is published, and that is what
//! visitors read. What they read, search and say of it is counted ([`tally`]) and kept ([`feedback`]).
pub mod article;
pub mod category;
pub mod feedback;
pub mod page;
pub mod portal;
pub mod reading;
pub(crate) mod schema;
pub mod tally;
pub mod version;
