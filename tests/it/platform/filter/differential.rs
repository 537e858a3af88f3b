//! The same filters, by PostgreSQL through our compiler and by the `cel` interpreter on the same rows in memory; once
//! for somebody who sees everything, and once for somebody who sees only their own orders and accounts.
use super::model::{ME, compile, contacts, ctx, fresh, seeing};
use super::rounds;
use super::trees::{self, Text};
use cel::extractors::This;
use cel::{Context, Program, Value};
use chrono::{DateTime, FixedOffset, TimeDelta};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use kernel::{Ctx, Reach};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use std::collections::HashMap;
use std::sync::Arc;

const ROWS: usize = 1000;

/// Rows are made in SQL, from the row number; values meet those of `trees`.
const MAKE: &str = r#"
insert into accounts (tenant_id, id, parent_id, industry, size, owner_id)
select id('0', 1), id('a', i), case when i % 3 = 0 then null else id('a', i / 2) end,
  case when i % 4 = 0 then null else (array['zqa','zqb','zqab'])[i % 3 + 1] end,
  case when i % 5 = 0 then null else 7000 + i % 10 end, case when i % 3 > 0 then id('0', 77) end
from generate_series(1, 50) i;
insert into contacts (tenant_id, id, account_id, name, city, status, score, visits, rate, active, subscribed, birthday,
  created_at, owner_id, tags, custom)
select id('0', 1), id('c', i), case when i % 3 = 0 then null else id('a', i % 50 + 1) end, w[i % 12 + 1],
  case when i % 4 = 0 then null else w[i * 7 % 12 + 1] || w[i * 5 % 12 + 1] end,
  (array['open','won','lost'])[i % 3 + 1],
  case when i % 6 = 0 then null else 7000 + i % 12 end, i % 9 + 7000,
  case when i % 7 = 0 then null else 7000 + (i % 90 - 45) / 4.0 end, i % 2 = 0,
  case i % 3 when 0 then null when 1 then true else false end,
  case when i % 5 = 0 then null else date '1990-02-01' + i % 28 end,
  timestamptz '2026-02-01Z' + i % 40 * interval '1 day',
  case i % 3 when 0 then null when 1 then id('0', 77) else id('0', 78) end,
  case when i % 5 = 0 then '{}' else array[w[i % 12 + 1], w[i * 3 % 12 + 1]] end,
  case i % 4 when 0 then '{}'
    when 1 then jsonb_build_object('region', w[i * 3 % 12 + 1], 'weight', 7000 + i % 40 / 4.0, 'vip', i % 8 = 1)
    when 2 then jsonb_build_object('region', null, 'weight', 7001, 'level', 7000 + i % 10, 'friend', id('0', i % 5))
    else jsonb_build_object('region', w[i % 12 + 1] || 'x', 'since', date '2020-02-01' + i % 28) end
from generate_series(1, 1000) i,
  (select array['zqa','zqb','zqab','ZQA','zq%','zq_','zq\','zq华东','zq''','zq"','zq--','zq; drop'] w) words;
insert into labels select id('0', 1), id('f' || k, i), id('c', i), w[i * k % 12 + 1]
from generate_series(1, 1000) i, generate_series(1, 3) k,
  (select array['zqa','zqb','zqab','ZQA','zq%','zq_','zq\','zq华东','zq''','zq"','zq--','zq; drop'] w) words
where i % 4 >= k;
insert into orders (tenant_id, id, contact_id, total_amount, currency, worth_amount, base_worth, paid, placed_on,
  owner_id)
select id('0', 1), id('d' || k, i), id('c', i), 7000 + (i * 7 + k * 3) % 80 / 4.0, (array['CNY', 'EUR'])[i % 2 + 1],
  case when i % 6 > 0 then 7000 + (i * 3 + k) % 40 / 4.0 end, case when i % 4 > 0 then 7000 + (i + k * 5) % 40 / 4.0 end,
  case when (i + k) % 3 = 0 then null else 7000 + (i + k) % 40 / 4.0 end, '2026-01-01',
  case when (i + k) % 3 > 0 then id('0', 77) end
from generate_series(1, 1000) i, generate_series(1, 3) k where i % 4 >= k;
insert into lines (tenant_id, id, order_id, sku, quantity)
select tenant_id, ('e' || substr(id::text, 2))::uuid, id, (array['zqa','zqb','zqab'])[total_amount::int % 3 + 1],
  7000 + total_amount::int % 10 from orders where total_amount::int % 5 > 0;
analyze;
"#;

const ID: &str = "create function id(kind text, n int) returns uuid immutable language sql as
 $$ select (rpad(kind, 8, '0') || '-0000-0000-0000-' || lpad(to_hex(n), 12, '0'))::uuid $$;";

/// What the interpreter sees of the rows: `SEEN x` stands for the visibility of `x`.
const AS_JSON: &str = "
select c.id::text, (to_jsonb(c) || jsonb_build_object(
  'account', to_jsonb(a) || jsonb_build_object('parent', to_jsonb(p)),
  'custom', jsonb_build_object('region', null, 'weight', null, 'vip', null, 'level', null, 'friend', null,
    'since', null) || c.custom,
  'labels', coalesce((select jsonb_agg(l.name) from labels l where l.contact_id = c.id), '[]'),
  'orders', coalesce((select jsonb_agg(to_jsonb(o) || jsonb_build_object(
      'total', jsonb_build_object('amount', o.total_amount, 'currency', o.currency),
      'worth', jsonb_build_object('amount', o.worth_amount, 'currency', o.currency, 'base', o.base_worth),
      'lines', coalesce((select jsonb_agg(to_jsonb(l)) from lines l where l.order_id = o.id), '[]')))
    from orders o where o.contact_id = c.id and SEEN o), '[]')))::text as row
from contacts c left join accounts a on a.id = c.account_id and SEEN a
  left join accounts p on p.id = a.parent_id and SEEN p order by c.id";

#[derive(QueryableByName)]
struct Json {
    #[diesel(sql_type = diesel::sql_types::Text)]
    id: String,
    #[diesel(sql_type = diesel::sql_types::Text)]
    row: String,
}

type Row = (String, Context<'static, 'static>);

fn rows(conn: &mut PgConnection, ctx: &Ctx, seen: &str) -> Vec<Row> {
    let sql = ["a", "o", "p"]
        .iter()
        .fold(AS_JSON.to_owned(), |sql, alias| sql.replace(&format!("SEEN {alias}"), &seen.replace("ROW", alias)));
    let rows: Vec<Json> = diesel::sql_query(sql).load(conn).unwrap();
    rows.into_iter().map(|row| (row.id, context(&row.row, ctx))).collect()
}

/// One row and the functions that CEL has not.
fn context(row: &str, ctx: &Ctx) -> Context<'static, 'static> {
    let mut context = Context::default();
    let now: DateTime<FixedOffset> = ctx.now.into();
    context.add_function("now", move || Value::Timestamp(now)).unwrap();
    context.add_function("days_ago", move |days: i64| Value::Timestamp(now - TimeDelta::days(days))).unwrap();
    context.add_function("me", || ME.to_string()).unwrap();
    folded(&mut context, "icontains", |text, needle| text.contains(needle));
    folded(&mut context, "istartsWith", |text, needle| text.starts_with(needle));
    folded(&mut context, "iendsWith", |text, needle| text.ends_with(needle));
    folded(&mut context, "iequals", |text, needle| text == needle);
    let json: serde_json::Map<String, serde_json::Value> = serde_json::from_str(row).unwrap();
    for (name, field) in &json {
        let value = match name.as_str() {
            "created_at" => Value::Timestamp(field.as_str().unwrap().parse().unwrap()),
            name => value(field, name),
        };
        context.add_variable_from_value(name.clone(), value);
    }
    context
}

fn folded(context: &mut Context, name: &str, test: fn(&str, &str) -> bool) {
    let folded =
        move |This(text): This<Arc<String>>, needle: Arc<String>| test(&text.to_lowercase(), &needle.to_lowercase());
    context.add_function(name, folded).unwrap();
}

fn value(json: &serde_json::Value, name: &str) -> Value {
    let broken = matches!(name, "amount" | "base" | "paid" | "weight" | "rate");
    match json {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(b) => (*b).into(),
        serde_json::Value::Number(n) if broken => n.as_f64().unwrap().into(),
        serde_json::Value::Number(n) => n.as_f64().map(|n| n as i64).unwrap().into(),
        serde_json::Value::String(s) => s.clone().into(),
        serde_json::Value::Array(all) => all.iter().map(|v| value(v, name)).collect::<Vec<_>>().into(),
        serde_json::Value::Object(all) => {
            all.iter().map(|(k, v)| (k.clone(), value(v, k))).collect::<HashMap<String, Value>>().into()
        }
    }
}

fn interpreted(text: &str, rows: &[Row]) -> (Vec<String>, Vec<String>) {
    let program = Program::compile(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let (mut found, mut errors) = (Vec::new(), Vec::new());
    for (id, context) in rows {
        match program.execute(context) {
            Ok(Value::Bool(true)) => found.push(id.clone()),
            Ok(_) => {}
            Err(error) => errors.push(error.to_string()),
        }
    }
    (found, errors)
}

fn agree(database: &str, ctx: &Ctx, seen: &str) {
    let mut conn = fresh(database);
    conn.batch_execute(ID).unwrap();
    conn.batch_execute(MAKE).unwrap();
    let rows = rows(&mut conn, ctx, seen);
    assert_eq!(rows.len(), ROWS);
    let mut runner = TestRunner::deterministic();
    let (mut wrong, mut matched, mut done) = (Vec::new(), 0, 0);
    while done < rounds(100) {
        let Text { ours, guarded } = trees::filter().new_tree(&mut runner).unwrap().current();
        // too many terms or hops: now and then
        let Ok(filter) = compile(&ours) else { continue };
        done += 1;
        let query = contacts::table.filter(filter.on(ctx)).order(contacts::id).select(contacts::id);
        let ids: Vec<uuid::Uuid> = query.load(&mut conn).unwrap_or_else(|error| panic!("{ours}: {error}"));
        let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
        let (ruled, errors) = interpreted(&guarded, &rows);
        matched += ids.len();
        if ruled != ids || !errors.is_empty() {
            let counts = format!("sql {} rows, cel {} rows", ids.len(), ruled.len());
            wrong.push(format!("{ours}\n  guarded {guarded}\n  {counts}, errors {:?}", errors.first()));
        }
    }
    assert!(wrong.is_empty(), "{} of {done}\n{}", wrong.len(), wrong[..wrong.len().min(8)].join("\n"));
    assert!(matched > done * ROWS / 10, "the filters find too little to tell: {matched} matches");
}

#[test]
fn both_find_the_same_rows() {
    agree("filter_differential", &ctx(), "true");
}

#[test]
fn both_find_the_same_where_not_all_is_seen() {
    let ctx = seeing(&[("order", Reach::Own), ("account", Reach::Own), ("contact", Reach::All)]);
    agree("filter_differential_own", &ctx, "ROW.owner_id = '00000000-0000-0000-0000-00000000004d'");
}
