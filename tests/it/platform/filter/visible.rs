//! A relation must not tell of rows that the caller may not see.
use super::model::{TenantFields, fresh, house, lines, seeing};
use super::semantics::{found, rows};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use kernel::Ctx;
use kernel::Reach::{All, None, Own, Subtree, Team};
use platform::filter::Filter;

/// Contact 1 has orders of ours, 2 one of our team's, 3 one of a team below.
const OWNERS: &str = "
update orders set owner_id = '~4d' where id in ('~e1', '~e2');
update orders set owner_id = '~99', team_id = '~07' where id = '~e3';
insert into orders (tenant_id, id, contact_id, total_amount, currency, placed_on, owner_id, team_id)
  values ('~01', '~e5', '~c3', 10, 'EUR', '2026-06-03', null, '~08');
update accounts set owner_id = '~4d' where id = '~a1';
insert into lines (tenant_id, id, order_id, sku, quantity) values ('~01', '~f3', '~e3', 'y', 1);
insert into products values ('~01', '~d1', 'x');
insert into parcels values ('~01', '~b1', '~f1', '~d1', 'post'), ('~01', '~b3', '~f3', '~d1', 'courier');
update lines set product_id = '~d1';
";

fn database(name: &str) -> PgConnection {
    let mut conn = fresh(name);
    rows(&mut conn);
    conn.batch_execute(&OWNERS.replace('~', "00000000-0000-0000-0000-0000000000")).unwrap();
    conn
}

#[test]
fn a_relation_reaches_as_far_as_the_permission() {
    let mut conn = database("filter_visible");
    for (reach, some, none) in
        [(None, "", "123"), (Own, "1", "23"), (Team, "12", "3"), (Subtree, "123", ""), (All, "123", "")]
    {
        let ctx = seeing(&[("order", reach), ("account", All)]);
        assert_eq!(found(&mut conn, "orders.exists(o, true)", &ctx), some, "{reach:?}");
        assert_eq!(found(&mut conn, "!orders.exists(o, true)", &ctx), none, "{reach:?}");
        assert_eq!(found(&mut conn, "account.industry == \"retail\"", &ctx), "1");
    }
    let ctx = seeing(&[("account", Own)]);
    assert_eq!(found(&mut conn, "account != null", &ctx), "1");
    assert_eq!(found(&mut conn, "account.parent != null", &ctx), "");
    assert_eq!(found(&mut conn, "account.parent != null", &seeing(&[("account", All)])), "2");
}

/// What a queue of mine owns is as good as mine; what is shared with me, my team or my queue is seen beside it.
#[test]
fn a_relation_reaches_what_is_shared() {
    let mut conn = database("filter_shared");
    let mine = seeing(&[("order", Own)]);
    let orders = "orders.exists(o, true)";
    conn.batch_execute("update orders set owner_id = '00000000-0000-0000-0000-00000000004e' where id::text like '%e3'")
        .unwrap();
    assert_eq!(found(&mut conn, orders, &mine), "12");
    let share = |n: u32, with: &str, of: &str, more: &str| {
        format!("insert into shares values ('~01', '~0{n}', '{of}', '~e5', '~{with}', 'read', {more})")
            .replace('~', "00000000-0000-0000-0000-0000000000")
    };
    for nothing in [
        share(1, "4d", "order", "'2026-06-30T22:00:00Z', null"),
        share(2, "4d", "order", "null, '2026-06-30T21:00:00Z'"),
        share(3, "4d", "contact", "null, null"),
        share(4, "08", "order", "null, null"),
        share(5, "4d", "order", "null, null").replacen("0001'", "0002'", 1),
    ] {
        conn.batch_execute(&nothing).unwrap();
        assert_eq!(found(&mut conn, orders, &mine), "12", "{nothing}");
    }
    for with in ["4d", "4e", "07"] {
        conn.batch_execute(&share(6, with, "order", "'2026-06-30T22:00:01Z', null")).unwrap();
        assert_eq!(found(&mut conn, orders, &mine), "123", "{with}");
        let many = std::sync::Arc::new(mine.grants.as_ref().clone().with_many_shares(true));
        assert_eq!(found(&mut conn, orders, &Ctx { grants: many, ..mine.clone() }), "123", "{with}");
        assert_eq!(found(&mut conn, "!orders.exists(o, true)", &mine), "", "{with}");
        assert_eq!(found(&mut conn, orders, &seeing(&[("order", None)])), "", "{with}");
        conn.batch_execute("delete from shares where id::text like '%06'").unwrap();
    }
}

/// Every hop on the way is looked at, and what is not seen stops it.
#[test]
fn a_part_is_seen_with_its_parent() {
    let mut conn = database("filter_parts");
    let ours = seeing(&[("order", Own), ("product", Own)]);
    let teams = seeing(&[("order", Team), ("product", All)]);
    let lines = "orders.exists(o, o.lines.exists(l, l.product.sku == \"x\"))";
    assert_eq!(found(&mut conn, lines, &ours), "1");
    assert_eq!(found(&mut conn, lines, &teams), "12");
    assert_eq!(found(&mut conn, lines, &seeing(&[("order", Team)])), "");
    let others = |carrier: &str| {
        format!("orders.exists(o, o.lines.exists(l, l.product.parcels.exists(p, p.carrier == \"{carrier}\")))")
    };
    assert_eq!(found(&mut conn, &others("post"), &ours), "1");
    assert_eq!(found(&mut conn, &others("courier"), &ours), "");
    assert_eq!(found(&mut conn, &others("courier"), &teams), "12");
}

/// From a part up: the parent goes by its own rule.
#[test]
fn a_part_may_be_listed() {
    let mut conn = database("filter_listed_part");
    let mut count = |text: &str, ctx| {
        let filter = Filter::<lines::table>::compile(text, house(), &TenantFields).unwrap();
        lines::table.filter(filter.on(&ctx)).count().get_result::<i64>(&mut conn).unwrap()
    };
    assert_eq!(count("order != null", seeing(&[("order", Own)])), 1);
    assert_eq!(count("order != null", seeing(&[("order", Team)])), 2);
    assert_eq!(count("parcels.exists(p, p.carrier == \"courier\")", seeing(&[("order", Own)])), 1);
}
