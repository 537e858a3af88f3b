//! How well cases were looked after: what it is judged by ([`scorecard`]), and what somebody has said of one ([`evaluation`]).
pub mod evaluation;
pub(crate) mod figure;
pub(crate) mod reckon;
pub mod scorecard;
