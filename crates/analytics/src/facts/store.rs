//! The queries of what is known of customers. A run looks at all of a tenant, whoever has asked for it, so they hold the
//! tenant themselves; archived and erased accounts are no customers.
use crate::schema::tenants;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::{Pg, PgRowByRowLoadingMode};
use diesel::prelude::*;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::result::QueryResult;
use diesel::sql_types::{Array, Date, Integer, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid};
use kernel::TenantId;
use platform::Conn;
use rust_decimal::Decimal;
use uuid::Uuid;

diesel::define_sql_function! { fn fold_customer_facts(most: Integer) -> diesel::sql_types::BigInt; }

/// What the orders of a customer come to, as they are looked at.
#[derive(Clone, Debug, QueryableByName)]
pub struct Base {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// nothing where there are none
    #[diesel(sql_type = Nullable<Integer>)]
    pub order_count: Option<i32>,
    #[diesel(sql_type = Nullable<Numeric>)]
    pub revenue: Option<Decimal>,
    #[diesel(sql_type = Nullable<Numeric>)]
    pub net: Option<Decimal>,
    #[diesel(sql_type = Nullable<Date>)]
    pub last_on: Option<NaiveDate>,
}

/// Which orders are looked at.
#[derive(Clone, Debug)]
pub struct Look {
    pub tenant: TenantId,
    pub currency: String,
    /// of the tenant
    pub zone: String,
    /// the orders from then until before then; all that are kept, where there is neither
    pub from: Option<DateTime<Utc>>,
    pub until: Option<DateTime<Utc>>,
}

/// Adds up what is marked, at most so many marks; how many there were.
pub fn fold(conn: &mut Conn, most: i32) -> QueryResult<i64> {
    diesel::select(fold_customer_facts(most)).get_result(conn)
}

/// Where days of a tenant begin, and what it reckons in.
pub fn zone(conn: &mut Conn, tenant: TenantId) -> QueryResult<(String, String)> {
    tenants::table.find(tenant).select((tenants::time_zone, tenants::base_currency)).first(conn)
}

/// What is kept of all orders.
const KEPT: &str = "LEFT JOIN (SELECT f.tenant_id, f.account_id, f.order_count, f.revenue_amount, f.net_amount, \
                    f.last_order_at FROM customer_facts AS f WHERE f.tenant_id = $1 AND f.currency = $2 \
                    AND $4::timestamptz IS NULL AND $5::timestamptz IS NULL) AS k \
                    ON k.tenant_id = a.tenant_id AND k.account_id = a.id";
/// The orders themselves, between two moments.
const ASKED: &str = "LEFT JOIN LATERAL (SELECT count(*)::int AS order_count, sum(o.total_amount) AS revenue_amount, \
                     sum(o.total_amount - o.tax_amount - o.shipping_amount) AS net_amount, \
                     max(o.placed_at) AS last_order_at FROM orders AS o WHERE o.tenant_id = a.tenant_id \
                     AND o.account_id = a.id AND o.currency = $2 AND o.deleted_at IS NULL AND o.status <> 'cancelled' \
                     AND ($4::timestamptz IS NULL OR o.placed_at >= $4) \
                     AND ($5::timestamptz IS NULL OR o.placed_at < $5)) AS k ON k.order_count > 0";

/// Customers and what their orders come to, in the order of their ids; of these, or of all.
fn asked<'a>(look: &'a Look, whom: Option<&'a [Uuid]>) -> BoxedSqlQuery<'a, Pg, SqlQuery> {
    let orders = if look.from.is_some() || look.until.is_some() { ASKED } else { KEPT };
    let which = if whom.is_some() { "a.id = ANY ($6)" } else { "$6::uuid[] IS NULL" };
    let text = format!(
        "SELECT a.id, k.order_count, k.revenue_amount AS revenue, k.net_amount AS net, \
         (k.last_order_at AT TIME ZONE $3)::date AS last_on FROM accounts AS a {orders} \
         WHERE a.tenant_id = $1 AND {which} AND a.deleted_at IS NULL AND NOT EXISTS (SELECT FROM erasures AS e \
         WHERE e.tenant_id = a.tenant_id AND e.resource = 'account' AND e.record_id = a.id) ORDER BY a.id"
    );
    diesel::sql_query(text)
        .into_boxed::<Pg>()
        .bind::<SqlUuid, _>(look.tenant)
        .bind::<Text, _>(&look.currency)
        .bind::<Text, _>(&look.zone)
        .bind::<Nullable<Timestamptz>, _>(look.from)
        .bind::<Nullable<Timestamptz>, _>(look.until)
        .bind::<Nullable<Array<SqlUuid>>, _>(whom)
}

/// Those of these who are customers.
pub fn these(conn: &mut Conn, look: &Look, ids: &[Uuid]) -> QueryResult<Vec<Base>> {
    asked(look, Some(ids)).load(conn)
}

/// All customers, one by one as they come; no more of them once `take` says no.
pub fn each(conn: &mut Conn, look: &Look, mut take: impl FnMut(&Base) -> bool) -> QueryResult<()> {
    for one in asked(look, None).load_iter::<Base, PgRowByRowLoadingMode>(conn)? {
        if !take(&one?) {
            break;
        }
    }
    Ok(())
}
