//! Law: whatever the filter, the SQL is one SELECT; each table in it names the tenant, each table crossed the visibility;
//! and no word of the caller stands in it. By a grammar that is not ours, and a walk that refuses what it does not know.
use super::model::{compile, contacts, seeing};
use super::rounds;
use super::trees::{self, MARK};
use diesel::pg::Pg;
use diesel::prelude::*;
use kernel::Reach;
use platform::filter::Refusal;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use sqlparser::ast::{
    BinaryOperator, Expr, FunctionArguments, Query, Select, SelectItem, SetExpr, Statement, TableFactor, Value,
};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;

/// As one sees it who sees only their own.
fn sql(text: &str) -> Result<String, Refusal> {
    let ctx = seeing(&["contact", "account", "order", "product"].map(|noun| (noun, Reach::Own)));
    let filter = compile(text)?;
    let query = contacts::table.filter(contacts::tenant_id.eq(uuid::Uuid::from(ctx.tenant))).filter(filter.on(&ctx));
    let debug = diesel::debug_query::<Pg, _>(&query.select(contacts::id)).to_string();
    Ok(debug.split(" -- binds:").next().unwrap_or_default().to_owned())
}

type Verdict<T = ()> = Result<T, String>;

fn lawful(sql: &str) -> Verdict {
    if sql.contains(MARK) {
        return Err("a caller's word".into());
    }
    let parsed = Parser::parse_sql(&PostgreSqlDialect {}, sql).map_err(|error| error.to_string())?;
    match parsed.as_slice() {
        [Statement::Query(query)] => rows(query, &mut Vec::new()),
        _ => Err("not one SELECT".into()),
    }
}

/// The tables open around a place in the query: table and alias, the outermost first.
type Open = Vec<(String, String)>;

fn rows(query: &Query, open: &mut Open) -> Verdict {
    let SetExpr::Select(select) = query.body.as_ref() else { return Err("a set of queries".into()) };
    let bare = Query { body: query.body.clone(), ..plain_query() };
    if *query != bare {
        return Err(format!("more than a SELECT: {query}"));
    }
    let (table, alias) = only_table(select)?;
    let condition = select.selection.as_ref().ok_or("no WHERE")?;
    let mut all = Vec::new();
    conjuncts(condition, &mut all);
    let has = |condition: &str| all.iter().any(|one| one == condition);
    if !all.iter().any(|one| is_bind(one, &format!("\"{alias}\".\"tenant_id\" = "))) {
        return Err(format!("no tenant beside {table}"));
    }
    let seen = match table.as_str() {
        "products" => true,
        _ if open.is_empty() => true,
        "lines" | "parcels" | "labels" => {
            let (of, column) = match table.as_str() {
                "lines" => ("orders", "order_id"),
                "labels" => ("contacts", "contact_id"),
                _ => ("lines", "line_id"),
            };
            let (above, name) = open.last().ok_or("a part of nothing")?;
            let from_parent = above == of && has(&format!("\"{alias}\".\"{column}\" = \"{name}\".\"id\""));
            let by_parent = format!("EXISTS (SELECT 1 FROM \"{of}\" AS \"p");
            from_parent || all.iter().any(|one| one.starts_with(&by_parent))
        }
        _ => all.iter().any(|one| is_visibility(one, &alias)),
    };
    if !seen {
        return Err(format!("{table} may be seen by anybody"));
    }
    open.push((table, alias));
    let verdict = expression(condition, open);
    open.pop();
    verdict
}

fn plain_query() -> Query {
    match Parser::parse_sql(&PostgreSqlDialect {}, "SELECT 1").unwrap().remove(0) {
        Statement::Query(query) => *query,
        other => panic!("{other}"),
    }
}

/// `SELECT 1 FROM x AS t1 WHERE …`, and at the top `SELECT contacts.id FROM contacts WHERE …`.
fn only_table(select: &Select) -> Verdict<(String, String)> {
    let [from] = select.from.as_slice() else { return Err("not one table".into()) };
    let TableFactor::Table { name, alias, .. } = &from.relation else { return Err("not a table".into()) };
    let table = name.to_string().replace('"', "");
    let alias = alias.as_ref().map_or(table.clone(), |alias| alias.name.value.clone());
    let named = if table == alias { format!("\"{table}\"") } else { format!("\"{table}\" AS \"{alias}\"") };
    let [SelectItem::UnnamedExpr(what)] = select.projection.as_slice() else { return Err("not one column".into()) };
    let condition = select.selection.as_ref().map(ToString::to_string).unwrap_or_default();
    let whole = format!("SELECT {what} FROM {named} WHERE {condition}");
    if select.to_string() != whole || !from.joins.is_empty() {
        return Err(format!("more than columns of a table: {select}"));
    }
    match what.to_string().as_str() {
        "1" | "\"contacts\".\"id\"" => Ok((table, alias)),
        other => Err(format!("selects {other}")),
    }
}

fn conjuncts(e: &Expr, into: &mut Vec<String>) {
    match e {
        Expr::BinaryOp { left, op: BinaryOperator::And, right } => {
            conjuncts(left, into);
            conjuncts(right, into);
        }
        Expr::Nested(inner) if matches!(**inner, Expr::BinaryOp { op: BinaryOperator::And, .. }) => {
            conjuncts(inner, into)
        }
        other => into.push(other.to_string().trim_start_matches('(').trim_end_matches(')').to_owned()),
    }
}

fn is_bind(condition: &str, left: &str) -> bool {
    let number = condition.strip_prefix(left).and_then(|right| right.strip_prefix('$'));
    number.is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_digit()))
}

/// The one predicate of `platform::visible`, to the letter: whose it is, or that it is shared.
fn is_visibility(condition: &str, alias: &str) -> bool {
    let given = "FROM \"shares\" AS \"s\" WHERE \"s\".\"tenant_id\" = $ AND \"s\".\"grantee_id\" = ANY($) AND \
                 \"s\".\"resource\" = $ AND \"s\".\"deleted_at\" IS NULL AND (\"s\".\"expires_at\" IS NULL OR \
                 \"s\".\"expires_at\" > $)";
    let whole = format!(
        "\"{alias}\".\"owner_id\" = ANY($) OR (EXISTS (SELECT 1 {given} AND \"s\".\"record_id\" = \"{alias}\".\"id\") AND \
         \"{alias}\".\"id\" = ANY(ARRAY(SELECT \"s\".\"record_id\" {given})))"
    );
    let condition: String = condition
        .split('$')
        .map(|part| part.trim_start_matches(|c: char| c.is_ascii_digit()))
        .collect::<Vec<_>>()
        .join("$");
    let plain = |text: &str| text.trim_start_matches('(').trim_end_matches(')').to_owned();
    plain(&condition) == plain(&whole)
}

/// Every form that the compiler makes; another one is a fault.
fn expression(e: &Expr, open: &mut Open) -> Verdict {
    if open.iter().any(|(_, alias)| is_visibility(&e.to_string(), alias)) {
        return Ok(());
    }
    let mut each = |parts: &[&Expr]| parts.iter().try_for_each(|part| expression(part, open));
    match e {
        Expr::Value(value) => match &value.value {
            Value::Placeholder(_) | Value::Boolean(_) => Ok(()),
            Value::SingleQuotedString(text) if ["number", "true", "false"].contains(&text.as_str()) => Ok(()),
            other => Err(format!("a literal: {other}")),
        },
        Expr::CompoundIdentifier(names) => {
            let known = open.iter().any(|(_, alias)| names.first().is_some_and(|first| first.value == *alias));
            if known { Ok(()) } else { Err(format!("{e} is not open here")) }
        }
        Expr::Nested(e) | Expr::IsNotNull(e) | Expr::IsNotTrue(e) | Expr::UnaryOp { expr: e, .. } => each(&[e]),
        Expr::Cast { expr, .. } | Expr::Collate { expr, .. } => each(&[expr]),
        Expr::BinaryOp { left, right, .. } | Expr::AnyOp { left, right, .. } => each(&[left, right]),
        Expr::Like { expr, pattern, .. } | Expr::ILike { expr, pattern, .. } => each(&[expr, pattern]),
        Expr::Array(array) => each(&array.elem.iter().collect::<Vec<_>>()),
        Expr::Exists { subquery, .. } => rows(subquery, open),
        Expr::Function(call) if call.name.to_string() == "custom_number" => match &call.args {
            FunctionArguments::List(list) if list.args.len() == 2 => Ok(()),
            _ => Err(format!("not as we call it: {call}")),
        },
        Expr::Case { operand, conditions, else_result: None, .. } => {
            each(&operand.iter().map(AsRef::as_ref).collect::<Vec<_>>())?;
            conditions.iter().try_for_each(|case| each(&[&case.condition, &case.result]))
        }
        other => Err(format!("not of ours: {other}")),
    }
}

#[test]
fn any_filter_is_lawful_sql() {
    let mut runner = TestRunner::deterministic();
    let mut lawful_ones = 0;
    for _ in 0..rounds(1500) {
        let text = trees::filter().new_tree(&mut runner).unwrap().current().ours;
        let Ok(sql) = sql(&text) else { continue };
        lawful(&sql).unwrap_or_else(|fault| panic!("{fault}\n{text}\n{sql}"));
        lawful_ones += 1;
    }
    assert!(lawful_ones > rounds(1000));
}

/// What the random ones do not say.
#[test]
fn rarer_filters_are_lawful_too() {
    for text in [
        "orders.exists(o, o.lines.all(l, l.product.sku == \"zq\" && l.product.lines.exists(m, m.sku == \"zq\")))",
        "orders.exists(o, o.lines.exists(l, l.product.parcels.exists(p, p.carrier == \"zq\" && p.line.sku != \"zq\")))",
        "account.contacts.exists(c, c.orders.exists(o, o.contact.account.parent.size > score + c.score * 2))",
        "custom[\"客户等级\"] == \"zq\" || custom.region.icontains(\"zq\") || custom.grade in [\"a\"] || custom.level > 7",
        "birthday == today(\"Asia/Shanghai\") || created_at < today() - duration(\"7h\") || !(custom.since > today())",
        "custom.friend in [\"00000000-0000-0000-0000-000000000001\"] || !has(custom.friend)",
    ] {
        let sql = sql(text).unwrap();
        lawful(&sql).unwrap_or_else(|fault| panic!("{fault}\n{text}\n{sql}"));
    }
}

/// The law itself is looked at: it must refuse what is not lawful.
#[test]
fn the_walk_sees_what_is_wrong() {
    let good = sql("orders.exists(o, o.total.amount > 7000 && o.lines.exists(l, l.sku == \"zq\"))").unwrap();
    assert_eq!(lawful(&good), Ok(()));
    for (from, to) in [
        ("\"t1\".\"tenant_id\" = $2", "\"t1\".\"id\" = $2"),
        ("\"t1\".\"tenant_id\" = $2", "(TRUE OR \"t1\".\"tenant_id\" = $2)"),
        ("\"t1\".\"owner_id\" = ANY ($3)", "TRUE"),
        ("\"s\".\"tenant_id\" = $4", "TRUE"),
        ("\"s\".\"grantee_id\" = ANY ($5)", "TRUE"),
        ("\"s\".\"record_id\" = \"t1\".\"id\"", "\"s\".\"record_id\" = \"t2\".\"id\""),
        ("\"s\".\"expires_at\" > $11", "TRUE"),
        ("\"t2\".\"order_id\" = \"t1\".\"id\"", "\"t2\".\"order_id\" = \"t2\".\"id\""),
        ("> $12", "> 500"),
        ("= $14", "= 'x'"),
        ("= $14", "= pg_sleep($6)"),
        ("= $14", "= \"x\".\"y\""),
        ("SELECT 1 FROM \"lines\"", "SELECT 1 FROM \"orders\", \"lines\""),
        ("SELECT 1 FROM \"lines\"", "SELECT 2 FROM \"lines\""),
    ] {
        let bad = good.replacen(from, to, 1);
        assert_ne!(bad, good, "{from} is not in {good}");
        assert!(lawful(&bad).is_err(), "{bad}");
    }
    assert!(lawful(&format!("{good}; SELECT 1")).is_err());
    assert!(lawful(&format!("{good} UNION {good}")).is_err());
    assert!(lawful(&format!("{good} LIMIT 1")).is_err());
}

#[test]
fn one_shape_is_one_text() {
    let pairs = [
        ("city == \"a\" && score > 1", "city == \"'; drop table contacts; --\" && score > 99"),
        ("city in [\"a\"]", "city in [\"a\", \"b\", \"c\"]"),
        ("created_at > days_ago(1)", "created_at > days_ago(30)"),
        ("birthday == today()", "birthday == today(\"Asia/Shanghai\")"),
        ("custom.region == \"a\"", "custom[\"客户等级\"] == \"b\""),
        ("name.contains(\"%\")", "name.contains(\"_\\\\\")"),
    ];
    for (a, b) in pairs {
        assert_eq!(sql(a).unwrap(), sql(b).unwrap());
    }
}
