//! What the tables of the wing tell about whom. An order stays when its customer is erased, for the books need its sums:
//! it then belongs to a pseudonym.
use platform::privacy::Data::{Derived, Personal, Statistic};
use platform::privacy::Erasure::{Anew, Empty, Keep, Null};
use platform::privacy::Whose::{Account, Contact, User};
use platform::privacy::{Table, names, table, tag, technical};

pub const TABLES: &[Table] = &[PRODUCTS, PRICE_BOOKS, PRICE_BOOK_ENTRIES, ORDERS, ORDER_LINES, COUNTERS];

const PRODUCTS: Table = table(
    "products",
    &[
        technical(&["tenant_id", "id", "sku", "name", "category", "description", "unit", "unit_price_amount"]),
        technical(&["unit_price_currency", "is_active", "custom", "search"]),
        technical(&["version", "created_at", "updated_at", "deleted_at"]),
        names(User, &["created_by", "updated_by"]),
    ],
);

const PRICE_BOOKS: Table = table(
    "price_books",
    &[
        technical(&["tenant_id", "id", "name", "description", "currency", "is_default", "is_active", "valid_from_on"]),
        technical(&["valid_until_on", "entry_count", "custom", "search"]),
        technical(&["version", "created_at", "updated_at", "deleted_at"]),
        names(User, &["created_by", "updated_by"]),
    ],
);

const PRICE_BOOK_ENTRIES: Table = table(
    "price_book_entries",
    &[
        technical(&["tenant_id", "id", "price_book_id", "product_id", "min_quantity", "unit_price", "currency"]),
        technical(&["version", "created_at", "updated_at"]),
    ],
);

const ORDERS: Table = table(
    "orders",
    &[
        technical(&["tenant_id", "team_id", "version", "created_at", "updated_at", "deleted_at"]),
        names(Contact, &["id", "number", "contact_id"]),
        names(Account, &["account_id"]),
        names(User, &["owner_id", "created_by", "updated_by"]),
        tag(Statistic, Contact, Keep, &["status", "source", "placed_at", "currency", "subtotal_amount"]),
        tag(Statistic, Contact, Keep, &["discount_amount", "tax_amount", "shipping_amount", "total_amount"]),
        tag(Statistic, Contact, Keep, &["line_count"]),
        tag(Personal, Contact, Null, &["description"]),
        tag(Personal, Contact, Empty, &["custom"]),
        tag(Derived, Contact, Anew, &["search"]),
    ],
);

/// What was bought stays as it was invoiced.
const ORDER_LINES: Table = table(
    "order_lines",
    &[
        technical(&["tenant_id", "version", "created_at", "updated_at"]),
        names(Contact, &["id", "order_id", "line_key"]),
        tag(Statistic, Contact, Keep, &["position", "product_id", "sku", "name", "quantity", "unit_price"]),
        tag(Statistic, Contact, Keep, &["discount_rate", "tax_rate", "subtotal_amount", "discount_amount"]),
        tag(Statistic, Contact, Keep, &["tax_amount", "total_amount", "currency"]),
    ],
);

const COUNTERS: Table = table("counters", &[technical(&["tenant_id", "name", "value"])]);
