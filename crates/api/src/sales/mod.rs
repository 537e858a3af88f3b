//! The doors of the sales wing.
mod order_lines;
mod orders;
mod products;

use utoipa_actix_web::service_config::ServiceConfig;

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.configure(products::routes).configure(orders::routes).configure(order_lines::routes);
}
