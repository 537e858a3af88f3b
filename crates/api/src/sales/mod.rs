//! The doors of the sales wing.
mod assignment_rules;
mod board;
mod contract_parts;
mod contracts;
mod exchange_rates;
mod forecasts;
mod lead_pooling;
mod lead_score_rules;
mod lead_steps;
mod leads;
mod offered;
pub mod open_quotes;
mod opportunities;
mod opportunity_parts;
mod order_lines;
mod orders;
mod payment_parts;
mod payments;
mod pipelines;
mod pools;
mod price_book_entries;
mod price_books;
mod prices;
pub mod printing;
mod products;
mod quotas;
mod quote_links;
mod quote_moves;
mod quote_parts;
mod quotes;
mod stages;
mod territories;

use crate::routes::Routes;

pub fn routes(cfg: &mut Routes) {
    cfg.configure(products::routes)
        .configure(price_books::routes)
        .configure(price_book_entries::routes)
        .configure(prices::routes)
        .configure(pipelines::routes)
        .configure(stages::routes)
        .configure(board::routes)
        .configure(opportunities::routes)
        .configure(opportunity_parts::routes)
        // `/leads/assign` before `/leads/{id}`, which it would be taken for
        .configure(lead_steps::routes)
        .configure(leads::routes)
        .configure(lead_pooling::routes)
        .configure(pools::routes)
        .configure(lead_score_rules::routes)
        .configure(territories::routes)
        .configure(assignment_rules::routes)
        .configure(exchange_rates::routes)
        .configure(forecasts::routes)
        .configure(quotas::routes)
        .configure(quotes::routes)
        .configure(quote_moves::routes)
        .configure(quote_parts::routes)
        .configure(quote_links::routes)
        .configure(contracts::routes)
        .configure(contract_parts::routes)
        .configure(payments::routes)
        .configure(payment_parts::routes)
        .configure(orders::routes)
        .configure(order_lines::routes);
}
