//! What filters mean, on rows chosen to tell.
use super::model::{compile, contacts, ctx, fresh};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use kernel::Ctx;
use uuid::Uuid;

/// In their ids `~` stands for 00000000-0000-0000-0000-0000000000. The second tenant looks just like the first.
const ROWS: &str = r#"
insert into accounts (tenant_id, id, parent_id, industry, size) values
  ('~01', '~a1', null, 'retail', 10), ('~01', '~a2', '~a1', null, 20), ('~02', '~a3', null, 'retail', 30);
insert into contacts (tenant_id, id, account_id, name, city, status, score, visits, rate, active, subscribed, birthday,
  created_at, owner_id, tags, custom) values
  ('~01', '~c1', '~a1', 'Ann 50%', '北京', 'open', 5, 1, 0.3, true, true, '1990-01-01', '2026-06-30T17:00:00Z', '~4d',
   '{vip,new}', '{"region":"华东","weight":0.1,"vip":true,"since":"2020-05-01","客户等级":"A","friend":"~4d"}'),
  ('~01', '~c2', '~a2', 'Bob_x', null, 'won', null, 2, null, false, null, null, '2026-01-01T00:00:00Z', null,
   '{}', '{"weight":"heavy","since":7}'),
  ('~01', '~c3', null, 'cyd\back', '上海', 'lost', 10, 3, 0.30000000000000004, true, false, '2000-12-31',
   '2025-01-01T00:00:00Z', null, '{vip}', '{"vip":false}'),
  ('~02', '~c4', '~a3', 'Other tenant', '北京', 'open', 5, 1, 0.3, true, true, null, '2026-06-29T00:00:00Z', null,
   '{vip}', '{}');
insert into orders (tenant_id, id, contact_id, total_amount, currency, paid, placed_on) values
  ('~01', '~e1', '~c1', 600, 'CNY', 600, '2026-06-01'), ('~01', '~e2', '~c1', 50, 'EUR', null, '2026-07-01'),
  ('~01', '~e3', '~c2', 700, 'EUR', 699.9, '2026-06-30'), ('~02', '~e4', '~c3', 9999, 'EUR', null, '2026-06-03');
update orders set worth_amount = 10, base_worth = 71 where id = '~e3';
update orders set worth_amount = 20 where id = '~e1';
insert into lines (tenant_id, id, order_id, sku, quantity) values ('~01', '~f1', '~e1', 'x', 1);
insert into labels values ('~01', '~71', '~c1', 'vip', 'red'), ('~01', '~72', '~c1', 'new', null),
  ('~02', '~73', '~c3', 'vip', null), ('~01', '~74', '~c3', 'new', 'vip');
"#;

pub fn rows(conn: &mut PgConnection) {
    conn.batch_execute(&ROWS.replace('~', "00000000-0000-0000-0000-0000000000")).unwrap();
}

/// The last digits of the ids found.
pub fn found(conn: &mut PgConnection, text: &str, ctx: &Ctx) -> String {
    let filter = compile(text).unwrap_or_else(|refusal| panic!("{text}: {refusal:?}"));
    let listed = contacts::table.filter(contacts::tenant_id.eq(Uuid::from(ctx.tenant)));
    let query = listed.filter(filter.on(ctx)).order(contacts::id).select(contacts::id).into_boxed();
    let ids: Vec<Uuid> = query.load(conn).unwrap_or_else(|error| panic!("{text}: {error}"));
    ids.iter().map(|id| (id.as_u128() & 0xf).to_string()).collect()
}

fn holds(database: &str, cases: &[(&str, &str)]) {
    let mut conn = fresh(database);
    rows(&mut conn);
    let mut wrong = Vec::new();
    for (text, expected) in cases {
        let got = found(&mut conn, text, &ctx());
        if got != *expected {
            wrong.push(format!("{text}: {got:?}, not {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Equal to null only; every other comparison is false; `!` is the complement.
#[test]
fn what_is_absent() {
    holds(
        "filter_absent",
        &[
            ("city == null", "2"),
            ("null != city", "13"),
            ("has(custom.region)", "1"),
            ("city == \"北京\"", "1"),
            ("city != \"北京\"", "23"),
            ("!(city == \"北京\")", "23"),
            ("score > 5", "3"),
            ("!(score > 5)", "12"),
            ("score <= 5", "1"),
            ("!(score > 5 || score <= 5)", "2"),
            ("subscribed", "1"),
            ("!subscribed", "23"),
            ("subscribed == false", "3"),
            ("subscribed != true", "23"),
            ("!(city in [\"北京\"])", "23"),
            ("city in []", ""),
            ("!(city.contains(\"北\"))", "23"),
            ("1 == 1", "123"),
            ("true", "123"),
        ],
    );
}

/// Wildcards are plain characters; case counts where nothing else is said.
#[test]
fn text() {
    holds(
        "filter_text",
        &[
            ("name.contains(\"50%\")", "1"),
            ("name.contains(\"%\")", "1"),
            ("name.contains(\"b_x\")", "2"),
            ("name.contains(\"_\")", "2"),
            ("name.endsWith(\"\\\\back\")", "3"),
            ("name.startsWith(\"ann\")", ""),
            ("name.istartsWith(\"ANN\")", "1"),
            ("name.icontains(\"OB\")", "2"),
            ("name.iequals(\"BOB_X\")", "2"),
            ("name == \"\\u0041nn 50\\x25\"", "1"),
            ("status in [\"open\", \"won\"]", "12"),
            ("\"vip\" in tags", "13"),
            ("!(\"vip\" in tags)", "2"),
            ("tags.exists(t, t == \"vip\")", "13"),
        ],
    );
}

/// A relation whose records go by a name is asked like tags; what another tenant calls somebody is nothing.
#[test]
fn names_in_a_relation() {
    holds(
        "filter_names",
        &[
            ("\"vip\" in labels", "1"),
            ("labels.exists(l, l.name == \"vip\")", "1"),
            ("\"new\" in labels", "13"),
            ("!(\"new\" in labels)", "2"),
            ("\"red\" in labels", ""),
            ("\"vip\" in labels && \"new\" in labels && \"vip\" in tags", "1"),
            ("orders.exists(o, \"vip\" in o.contact.labels)", "1"),
            ("account.parent.contacts.exists(c, \"new\" in c.labels)", "2"),
        ],
    );
}

/// What is kept in the tenant's own money, and absent where no rate was known.
#[test]
fn money_in_the_tenants_own() {
    holds(
        "filter_base",
        &[
            ("orders.exists(o, o.worth.base > 70)", "2"),
            ("orders.exists(o, o.worth.base == o.base_worth)", "2"),
            ("orders.exists(o, o.worth.base - o.worth.amount == 61)", "2"),
            ("orders.exists(o, o.worth.amount > 15 && o.worth.base == null)", "1"),
            ("orders.exists(o, !(o.worth.base > 70))", "1"),
        ],
    );
}

/// A number is its digits.
#[test]
fn numbers() {
    holds(
        "filter_numbers",
        &[
            ("rate == 0.3", "1"),
            ("rate == 0.1 + 0.2", "1"),
            ("rate == 0.30000000000000004", "3"),
            ("rate * 10 == 3", "1"),
            ("rate > \"0.29\"", "13"),
            ("score + visits == 6", "1"),
            ("score > 4.5", "13"),
            ("score == -5", ""),
            ("score > -5.5", "13"),
            ("score * 9223372036854775807 > 1", "13"),
            ("score in [5, 10]", "13"),
            ("score in [5, 10.5]", "1"),
        ],
    );
}

/// It is 22:00 in London and the next day in Shanghai.
#[test]
fn times() {
    holds(
        "filter_times",
        &[
            ("created_at > days_ago(30)", "1"),
            ("created_at > now() - duration(\"720h\")", "1"),
            ("created_at >= timestamp(\"2026-01-01T08:00:00+08:00\")", "12"),
            ("created_at >= today()", "1"),
            ("created_at >= today(\"Asia/Shanghai\")", "1"),
            ("created_at >= today(\"Asia/Shanghai\") + duration(\"2h\")", ""),
            ("created_at < today(\"Asia/Shanghai\")", "23"),
            ("orders.exists(o, o.placed_on == today(\"Asia/Shanghai\"))", "1"),
            ("orders.exists(o, o.placed_on == today())", "2"),
            ("orders.exists(o, o.placed_on == now() + duration(\"3h\"))", "1"),
            ("orders.exists(o, o.placed_on == today() - duration(\"696h\"))", "1"),
            ("birthday == date(\"1990-01-01\")", "1"),
            ("birthday == date(\"1990-01-02\") - duration(\"1h\")", "1"),
            ("birthday < today()", "13"),
            ("birthday > \"1999-01-01\"", "3"),
        ],
    );
}

#[test]
fn custom_fields() {
    holds(
        "filter_custom",
        &[
            ("custom.region == \"华东\"", "1"),
            ("custom[\"客户等级\"] == \"A\"", "1"),
            ("\"华东\" == custom.region", "1"),
            ("custom.region != \"华东\"", "23"),
            ("custom.region.startsWith(\"华\")", "1"),
            ("custom.region in [\"华东\", \"华北\"]", "1"),
            ("custom.weight == 0.1", "1"),
            ("custom.weight > 0.05", "1"),
            ("custom.weight != 0.1", "23"),
            ("custom.vip", "1"),
            ("!custom.vip", "23"),
            ("custom.vip == false", "3"),
            ("custom.since < \"2021-01-01\"", "1"),
            ("custom.since == date(\"2020-05-01\")", "1"),
            ("custom.friend == me()", "1"),
            ("custom.friend in [\"00000000-0000-0000-0000-00000000004d\"]", "1"),
            ("owner_id == me()", "1"),
            ("owner_id != me()", "23"),
        ],
    );
}

/// A path to one is EXISTS; `all` over no rows is true.
#[test]
fn relations() {
    holds(
        "filter_relations",
        &[
            ("account == null", "3"),
            ("account != null", "12"),
            ("account.industry == \"retail\"", "1"),
            ("account.industry != \"retail\"", "23"),
            ("account.industry == null", "23"),
            ("account.parent.industry == \"retail\"", "2"),
            ("account.parent.contacts.exists(c, c.name.contains(\"Ann\"))", "2"),
            ("orders.exists(o, o.total.amount > 500 && o.lines.exists(l, l.sku == \"x\"))", "1"),
            ("orders.exists(o, o.total > 500)", "12"),
            ("orders.all(o, o.total > 100)", "23"),
            ("!orders.all(o, o.total > 100)", "1"),
            ("orders.exists(o, true)", "12"),
            ("orders.exists(o, o.total.currency == \"CNY\")", "1"),
            ("orders.exists(o, o.total - o.paid > 0.05)", "2"),
            ("orders.exists(o, o.total.amount - o.paid == 0.1)", "2"),
            ("orders.exists(o, o.total > visits * 200)", "12"),
            ("orders.exists(o, o.paid == null)", "1"),
            ("orders.exists(o, o.contact.account.industry == \"retail\")", "1"),
        ],
    );
}
