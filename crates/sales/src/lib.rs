//! The sales wing: what is sold, and what was bought.
mod exact;
pub mod order;
pub mod price_book;
mod privacy;
pub mod product;
mod schema;

pub use order::summary;
pub use privacy::TABLES;

use kernel::Code;
use kernel::catalogue::{Catalogue, Echo, Relation};

/// The nouns of the wing.
pub const CATALOGUES: &[&Catalogue] = &[
    &product::CATALOGUE,
    &price_book::CATALOGUE,
    &price_book::entry::CATALOGUE,
    &order::CATALOGUE,
    &order::line::CATALOGUE,
];

/// What the wing adds to the nouns of others.
pub const RELATIONS: &[(&str, Relation)] = &[
    ("account", Relation::many("orders", "order", "account_id")),
    ("contact", Relation::many("orders", "order", "contact_id")),
];

/// What this wing says to callers, in every language.
pub const TEXTS: &str = include_str!("texts.txt");
/// Members that tell of fields elsewhere: what the orders of a customer come to.
pub const ECHOES: &[Echo] = &[
    Echo { object: "account_overview", field: "orders", of: &[("order", "account_id")] },
    Echo { object: "contact_overview", field: "orders", of: &[("order", "contact_id")] },
    Echo { object: "order_summary", field: "order_count", of: &[("order", "status")] },
    Echo { object: "order_summary", field: "totals", of: &[("order", "total"), ("order", "status")] },
    Echo { object: "order_summary", field: "average", of: &[("order", "total"), ("order", "status")] },
    Echo { object: "order_summary", field: "first_order_at", of: &[("order", "placed_at"), ("order", "status")] },
    Echo { object: "order_summary", field: "last_order_at", of: &[("order", "placed_at"), ("order", "status")] },
    Echo { object: "order_summary", field: "open_count", of: &[("order", "status")] },
    Echo { object: "order_summary", field: "recent", of: &[("order", "placed_at")] },
    Echo { object: "order_summary", field: "open", of: &[("order", "placed_at"), ("order", "status")] },
];

/// The codes that the wing raises.
pub const CODES: &[&[Code]] = &[product::CODES, price_book::CODES, order::CODES];
