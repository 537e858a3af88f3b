//! Random filters, written twice: for us, and for a CEL interpreter with the guards that make our rule for absent
//! values explicit there. Numbers are multiples of ¼: what a double holds exactly, for CEL has no decimals.
use proptest::prelude::*;
use proptest::sample::select;

#[derive(Clone, Debug)]
pub struct Text {
    pub ours: String,
    pub guarded: String,
}

/// Marks every text, so that it can be looked for in SQL.
pub const MARK: &str = "zq";

pub fn filter() -> impl Strategy<Value = Text> {
    let base = prop_oneof![
        4 => prop_oneof![texts(), numbers(), times(), others(), customs(), paths()],
        1 => quantified("orders", "o", orders()),
    ];
    base.prop_recursive(4, 12, 3, joined)
}

fn same(text: String) -> Text {
    Text { ours: text.clone(), guarded: text }
}

/// True in both languages only where every one of these is there.
fn present(fields: &[&str], text: String) -> Text {
    let guard: String = fields.iter().map(|field| format!("{field} != null && ")).collect();
    Text { guarded: format!("({guard}{text})"), ours: text }
}

fn word() -> impl Strategy<Value = &'static str> {
    select(vec!["zqa", "zqb", "zqab", "ZQA", "zq%", "zq_", "zq\\\\", "zq华东", "zq'", "zq\\\"", "zq--", "zq; drop"])
}

fn order() -> impl Strategy<Value = &'static str> {
    select(vec!["<", "<=", ">", ">=", "=="])
}

fn equality() -> impl Strategy<Value = &'static str> {
    select(vec!["==", "!="])
}

fn quarter() -> impl Strategy<Value = f64> {
    (-40i32..40).prop_map(|n| f64::from(n) / 4.0 + 7000.0)
}

fn integer() -> impl Strategy<Value = i64> {
    7000i64..7010
}

fn texts() -> BoxedStrategy<Text> {
    let field = || select(vec!["name", "city", "custom.region"]);
    let how = select(vec!["contains", "startsWith", "endsWith", "icontains", "istartsWith", "iendsWith", "iequals"]);
    let list = |words: Vec<&str>| words.iter().map(|w| format!("\"{w}\"")).collect::<Vec<_>>().join(", ");
    prop_oneof![
        (field(), equality(), word()).prop_map(|(f, op, w)| same(format!("{f} {op} \"{w}\""))),
        (field(), how, word()).prop_map(|(f, how, w)| present(&[f], format!("{f}.{how}(\"{w}\")"))),
        (field(), prop::collection::vec(word(), 0..4)).prop_map(move |(f, ws)| same(format!("{f} in [{}]", list(ws)))),
        select(vec!["open", "won"]).prop_map(|s| same(format!("status == \"{s}\""))),
        (word(), select(vec!["tags", "labels"])).prop_map(|(w, set)| same(format!("\"{w}\" in {set}"))),
    ]
    .boxed()
}

fn numbers() -> BoxedStrategy<Text> {
    prop_oneof![
        (order(), integer()).prop_map(|(op, n)| present(&["score"], format!("score {op} {n}"))),
        (order(), quarter()).prop_map(|(op, n)| present(&["rate"], format!("rate {op} {n:?}"))),
        (order(), integer()).prop_map(|(op, n)| present(&["score"], format!("score + visits {op} 2 * {n}"))),
        (order(), quarter()).prop_map(|(op, n)| present(&["custom.weight"], format!("custom.weight {op} {n:?}"))),
    ]
    .boxed()
}

fn times() -> BoxedStrategy<Text> {
    prop_oneof![
        (order(), 1u32..28)
            .prop_map(|(op, day)| same(format!("created_at {op} timestamp(\"2026-02-{day:02}T00:00:00Z\")"))),
        (order(), 110u32..150).prop_map(|(op, days)| same(format!("created_at {op} days_ago({days})"))),
        (order(), 2640u32..3600).prop_map(|(op, h)| same(format!("created_at {op} now() - duration(\"{h}h\")"))),
        (order(), 1u32..28).prop_map(|(op, day)| present(&["birthday"], format!("birthday {op} \"1990-02-{day:02}\""))),
        (order(), 1u32..28)
            .prop_map(|(op, day)| present(&["custom.since"], format!("custom.since {op} \"2020-02-{day:02}\""))),
    ]
    .boxed()
}

fn others() -> BoxedStrategy<Text> {
    let nullable = select(vec!["city", "score", "rate", "custom.region", "subscribed", "account", "owner_id"]);
    prop_oneof![
        (nullable, equality()).prop_map(|(f, op)| same(format!("{f} {op} null"))),
        Just(same("active".into())),
        Just(Text { ours: "subscribed".into(), guarded: "(subscribed == true)".into() }),
        equality().prop_map(|op| same(format!("owner_id {op} me()"))),
    ]
    .boxed()
}

fn customs() -> BoxedStrategy<Text> {
    prop_oneof![
        Just(Text { ours: "custom.vip".into(), guarded: "(custom.vip == true)".into() }),
        (equality(), 0u32..4)
            .prop_map(|(op, n)| same(format!("custom.friend {op} \"00000000-0000-0000-0000-00000000000{n}\""))),
        (equality(), integer()).prop_map(|(op, n)| same(format!("custom.level {op} {n}"))),
        (equality(), 1u32..28).prop_map(|(op, day)| same(format!("custom.since {op} \"2020-02-{day:02}\""))),
    ]
    .boxed()
}

/// Over relations to one: all of the way must be there.
fn paths() -> BoxedStrategy<Text> {
    let way = || select(vec![vec!["account"], vec!["account", "account.parent"]]);
    let last = |way: &[&str]| way.last().copied().unwrap_or_default().to_owned();
    prop_oneof![
        (way(), word()).prop_map(move |(way, w)| present(&way, format!("{}.industry == \"{w}\"", last(&way)))),
        (way(), order(), integer()).prop_map(move |(mut way, op, n)| {
            let text = format!("{}.size {op} {n}", last(&way));
            let size = format!("{}.size", last(&way));
            way.push(&size);
            present(&way, text)
        }),
    ]
    .boxed()
}

fn orders() -> BoxedStrategy<Text> {
    let line = prop_oneof![
        word().prop_map(|w| same(format!("l.sku == \"{w}\""))),
        (order(), integer()).prop_map(|(op, n)| same(format!("l.quantity {op} {n}"))),
    ];
    let lines = line.prop_recursive(2, 6, 3, joined);
    let atom = prop_oneof![
        (order(), quarter()).prop_map(|(op, n)| same(format!("o.total.amount {op} {n:?}"))),
        (order(), quarter()).prop_map(|(op, n)| present(&["o.paid"], format!("o.paid {op} {n:?}"))),
        (order(), quarter()).prop_map(|(op, n)| present(&["o.worth.base"], format!("o.worth.base {op} {n:?}"))),
        Just(present(&["o.worth.amount", "o.worth.base"], "o.worth.base > o.worth.amount".into())),
        Just(present(&["o.paid"], "o.total.amount - o.paid > 0.5".into())),
        Just(present(&["score"], "o.total.amount > score".into())),
        Just(same("o.total.currency == \"CNY\"".into())),
        quantified("o.lines", "l", lines.boxed()),
    ];
    atom.prop_recursive(2, 6, 3, joined).boxed()
}

fn joined(inner: impl Strategy<Value = Text> + Clone + 'static) -> impl Strategy<Value = Text> {
    let many = prop::collection::vec(inner.clone(), 2..4);
    prop_oneof![
        (many, select(vec![" && ", " || "])).prop_map(|(all, with)| {
            let join = |pick: fn(&Text) -> &str| format!("({})", all.iter().map(pick).collect::<Vec<_>>().join(with));
            Text { ours: join(|text| &text.ours), guarded: join(|text| &text.guarded) }
        }),
        inner.prop_map(|text| Text { ours: format!("!({})", text.ours), guarded: format!("!({})", text.guarded) }),
    ]
}

fn quantified(rows: &'static str, variable: &'static str, body: BoxedStrategy<Text>) -> impl Strategy<Value = Text> {
    (select(vec!["exists", "all"]), body).prop_map(move |(how, body)| Text {
        ours: format!("{rows}.{how}({variable}, {})", body.ours),
        guarded: format!("{rows}.{how}({variable}, {})", body.guarded),
    })
}
