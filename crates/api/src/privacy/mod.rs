//! The doors of the privacy office: what people ask about their data, what the law holds, what goes by its age.
mod holds;
mod policies;
mod requests;
mod results;

use crate::routes::Routes;

pub fn routes(cfg: &mut Routes) {
    cfg.configure(requests::routes).configure(results::routes).configure(holds::routes).configure(policies::routes);
}
