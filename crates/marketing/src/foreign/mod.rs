//! What the wing reads of tables that are not its own: what was bought, what is sold, and who is in a segment.
mod schema;
pub(crate) mod store;

use kernel::catalogue::{Catalogue, Owned};
use platform::filter::Listed;
pub(crate) use schema::{contacts, orders, products, segment_members, tenants};

/// As far as it says who sees an order.
static ORDERS: Catalogue = Catalogue {
    noun: "order",
    table: "orders",
    fields: &[],
    relations: &[],
    custom: None,
    owned: Owned::Rows { owner: "owner_id", team: "team_id" },
};

impl Listed for orders::table {
    const CATALOGUE: &'static Catalogue = &ORDERS;
}
impl Listed for contacts::table {
    const CATALOGUE: &'static Catalogue = &customer::contact::CATALOGUE;
}
