//! `?status=open&owner_id=…`: the same as the filter that it stands for.
use super::model::{TenantFields, contacts, ctx, fresh, house};
use super::semantics::rows;
use diesel::prelude::*;
use platform::filter::{
    FILTER_BAD_LITERAL, FILTER_NEEDS_MACRO, FILTER_UNKNOWN_FIELD, FILTER_UNKNOWN_VALUE, Filter, Refusal,
};
use uuid::Uuid;

fn equals(pairs: &[(&str, &str)]) -> Result<Filter<contacts::table>, Refusal> {
    Filter::equals(pairs, house(), &TenantFields)
}

#[test]
fn pairs_find_what_the_filter_would() {
    let mut conn = fresh("filter_equals");
    rows(&mut conn);
    let cases: &[(&[(&str, &str)], &str)] = &[
        (&[], "123"),
        (&[("status", "open")], "1"),
        (&[("active", "true"), ("tags", "vip")], "13"),
        (&[("subscribed", "false")], "3"),
        (&[("score", "10"), ("status", "lost"), ("active", "true")], "3"),
        (&[("rate", "0.3")], "1"),
        (&[("birthday", "1990-01-01")], "1"),
        (&[("created_at", "2026-01-01T00:00:00Z")], "2"),
        (&[("owner_id", "00000000-0000-0000-0000-00000000004d")], "1"),
        (&[("custom.region", "华东")], "1"),
        (&[("account.industry", "retail")], "1"),
        (&[("account.parent.industry", "retail"), ("name", "Bob_x")], "2"),
        (&[("name", "x'; drop table contacts; --")], ""),
    ];
    let ctx = ctx();
    for (pairs, expected) in cases {
        let filter = equals(pairs).unwrap().and(Filter::everything(house()));
        let listed = contacts::table.filter(contacts::tenant_id.eq(Uuid::from(ctx.tenant))).filter(filter.on(&ctx));
        let ids: Vec<Uuid> = listed.order(contacts::id).select(contacts::id).load(&mut conn).unwrap();
        let found: String = ids.iter().map(|id| (id.as_u128() & 0xf).to_string()).collect();
        assert_eq!(found, *expected, "{pairs:?}");
    }
}

#[test]
fn a_pair_is_refused_by_its_name() {
    let refused = |name: &'static str, value| {
        let refusal = equals(&[("status", "open"), (name, value)]).map(drop).unwrap_err();
        assert_eq!((refusal.pointer, refusal.at), (format!("?{name}").into(), None));
        refusal.code
    };
    assert_eq!(refused("nme", "x"), FILTER_UNKNOWN_FIELD);
    assert_eq!(refused("account.nme", "x"), FILTER_UNKNOWN_FIELD);
    assert_eq!(refused(".".repeat(100_000).leak(), "x"), FILTER_UNKNOWN_FIELD);
    assert_eq!(refused("", "x"), FILTER_UNKNOWN_FIELD);
    assert_eq!(refused("orders.total", "1"), FILTER_NEEDS_MACRO);
    assert_eq!(refused("status", "ajar"), FILTER_UNKNOWN_VALUE);
    assert_eq!(refused("score", "many"), FILTER_BAD_LITERAL);
    assert_eq!(refused("name", "a\0b"), FILTER_BAD_LITERAL);
    assert_eq!(refused("owner_id", "1"), FILTER_BAD_LITERAL);
}
