//! Every field beside every other thing, by every operator: what compiles, runs.
//! A filter may find nothing; it may never be an error of the database.
use super::model::{CONTACT, compile, ctx, fresh};
use super::semantics::{found, rows};

const VALUES: [&str; 24] = [
    "\"zq\"",
    "\"open\"",
    "1",
    "-1.5",
    "\"2.5\"",
    "1e20",
    "true",
    "null",
    "date(\"2026-01-01\")",
    "\"2026-01-01\"",
    "today()",
    "today(\"America/New_York\") - duration(\"36h\")",
    "now() - duration(\"36500h\")",
    "timestamp(\"9999-12-31T23:59:59Z\") + duration(\"876000h\")",
    "now() + duration(\"876000h\") + duration(\"1h\")",
    "days_ago(36500)",
    "me()",
    "\"00000000-0000-0000-0000-000000000001\"",
    "[]",
    "[1, 2.5]",
    "[\"open\"]",
    "[\"2026-01-01\"]",
    "[\"00000000-0000-0000-0000-000000000001\"]",
    "[timestamp(\"2026-01-01T00:00:00Z\")]",
];

#[test]
fn what_compiles_runs() {
    let mut conn = fresh("filter_pairs");
    rows(&mut conn);
    let mut fields: Vec<String> = CONTACT.fields.iter().map(|field| field.name.to_owned()).collect();
    fields.extend(["region", "weight", "vip", "since", "level", "grade", "friend"].map(|key| format!("custom.{key}")));
    let paths = ["account", "account.industry", "account.size", "account.owner_id", "account.parent.size"];
    let sums = ["score + visits", "score * 9223372036854775807"];
    fields.extend(paths.into_iter().chain(sums).map(str::to_owned));
    let others: Vec<String> = fields.iter().cloned().chain(VALUES.map(str::to_owned)).collect();
    let mut run = 0;
    for (field, other) in fields.iter().flat_map(|field| others.iter().map(move |other| (field, other))) {
        for text in [
            format!("{field} == {other}"),
            format!("{field} != {other}"),
            format!("{field} < {other}"),
            format!("!({field} >= {other})"),
            format!("{field} in {other}"),
            format!("{other} in {field}"),
            format!("{field}.icontains({other})"),
            format!("!({field} * {other} > 1)"),
        ] {
            if compile(&text).is_ok() {
                run += 1;
                found(&mut conn, &text, &ctx());
            }
        }
    }
    assert!(run > 300, "only {run} compile");
}
