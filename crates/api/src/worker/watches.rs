//! What is looked for every few seconds, whoever brought it about: what is due, what has lain too long, what waits to be
//! settled. Each holds its own transaction; one that cannot look keeps none of the others from it.
use crate::house::House;
use platform::Conn;

/// One look, and how much it has done.
type Watch = fn(&mut Conn) -> kernel::Result<usize>;

const WATCHES: &[(&str, Watch)] = &[
    ("reminders", ::customer::task::reminder::fire_due),
    ("quotes that have run out", ::sales::quote::expire_due),
    ("sums of opportunities", ::sales::opportunity::sums::fold),
    ("opportunities that rot", ::sales::opportunity::rotting::watch),
    ("contracts", ::sales::contract::watch),
    ("merges", platform::merge::settle),
    ("promises of leads", ::sales::lead::response::watch),
    ("pools", ::sales::lead::pooling::recycle),
    ("promises of cases", ::service::watch),
    ("who is there to answer", ::service::agent::presence::watch),
    ("cases to be given out", ::service::routing::watch),
    ("articles that have their moment", ::service::kb::version::watch),
    ("what customers have bought", ::analytics::facts::fold),
    ("customers to be sorted anew", ::analytics::segmentation::sweep::sweep),
    ("labels that are over", ::analytics::label::account::expire),
    ("runs that are due", ::analytics::segmentation::run::put_down_due),
    ("redemptions", ::marketing::redemption::watch),
];

/// What puts down jobs that a lane is to take at once.
const SCHEDULES: &[(&str, Watch)] = &[
    ("schedules", platform::job::schedule::put_down_due),
    ("schedules of reports", ::analytics::schedule::put_down_due),
    ("surveys", ::service::survey::response::watch),
];

pub async fn all(house: &House) {
    for (what, watch) in SCHEDULES {
        if one(house, what, *watch).await > 0 {
            super::rouse();
        }
    }
    for (what, watch) in WATCHES {
        one(house, what, *watch).await;
    }
}

async fn one(house: &House, what: &str, watch: Watch) -> usize {
    let done = house.jobs.unpermitted(watch).await;
    done.unwrap_or_else(|error| {
        tracing::warn!(%error, what, "cannot be looked after");
        0
    })
}
