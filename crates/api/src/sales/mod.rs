//! The doors of the sales wing.
mod order_lines;
mod orders;
mod price_book_entries;
mod price_books;
mod prices;
mod products;

use utoipa_actix_web::service_config::ServiceConfig;

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.configure(products::routes)
        .configure(price_books::routes)
        .configure(price_book_entries::routes)
        .configure(prices::routes)
        .configure(orders::routes)
        .configure(order_lines::routes);
}
