//! diesel's cache of prepared statements has no bound: only shapes of the house's own get in.
use super::model::{TenantFields, compile, contacts, ctx, fresh, house};
use diesel::prelude::*;
use platform::filter::Filter;

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    n: i64,
}

fn prepared(conn: &mut PgConnection) -> i64 {
    let count = "select count(*) as n from pg_prepared_statements where statement like '%contacts%'";
    diesel::sql_query(count).get_result::<Count>(conn).unwrap().n
}

fn list(conn: &mut PgConnection, filter: Filter<contacts::table>) {
    let query = contacts::table.filter(filter.on(&ctx())).select(contacts::id).into_boxed();
    query.load::<uuid::Uuid>(conn).unwrap();
}

fn pairs(names: &[(&str, &str)]) -> Filter<contacts::table> {
    Filter::equals(names, house(), &TenantFields).unwrap()
}

#[test]
fn only_few_shapes_are_prepared() {
    let mut conn = fresh("filter_cache");
    let before = prepared(&mut conn);
    for n in 1..10 {
        list(&mut conn, compile(&vec!["active"; n].join(" && ")).unwrap());
        list(&mut conn, compile("active").unwrap().and(Filter::everything(house())));
    }
    list(&mut conn, pairs(&[("name", "a"), ("city", "b"), ("score", "3")]));
    list(&mut conn, pairs(&[("account.industry", "a")]));
    assert_eq!(prepared(&mut conn) - before, 0);
    for name in ["a", "b"] {
        list(&mut conn, Filter::everything(house()));
        list(&mut conn, pairs(&[("name", name)]));
        list(&mut conn, pairs(&[("name", name), ("score", "3")]));
    }
    assert_eq!(prepared(&mut conn) - before, 3);
}

/// Values and the length of a list do not make another shape.
#[test]
fn one_shape_is_one_prepared_statement() {
    let mut conn = fresh("filter_shapes");
    let before = prepared(&mut conn);
    for n in 0..20 {
        let text = format!("score > {n} && city in [{}\"x\"]", "\"a\",".repeat(n));
        list(&mut conn, compile(&text).unwrap().cached());
    }
    assert_eq!(prepared(&mut conn) - before, 1);
}
