//! `/v1/metadata`: what records are made of, for this tenant and this caller.
mod fields;
mod info;
mod objects;
mod option_sets;

use crate::routes::Routes;

pub fn routes(cfg: &mut Routes) {
    cfg.configure(objects::routes).configure(fields::routes).configure(option_sets::routes);
}
