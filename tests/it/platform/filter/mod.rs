//! The filter language, against its promises: what filters mean, what is refused, what the SQL looks like, that
//! PostgreSQL and an independent CEL interpreter find the same rows, and that no text at all does harm.
//! `GUANXI_FUZZ=10` makes the random tests ten times as long.
mod builder;
mod cache;
mod differential;
mod equals;
mod fuzz;
mod model;
mod pairs;
mod refusals;
mod semantics;
mod shape;
mod trees;
mod visible;

/// How many rounds a random test makes.
fn rounds(usual: usize) -> usize {
    let times = std::env::var("GUANXI_FUZZ").ok().and_then(|n| n.parse::<usize>().ok());
    usual * times.unwrap_or(1)
}
