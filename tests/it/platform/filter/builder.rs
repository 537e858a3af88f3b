//! Text as react-querybuilder 8.24 writes it (`format: "cel"`), and what we say.
use super::model::compile;
use kernel::Code;
use platform::filter::{FILTER_BAD_LITERAL, FILTER_SYNTAX, FILTER_UNKNOWN_FUNCTION};

fn verdict(text: &str) -> Result<(), Code> {
    compile(text).map(drop).map_err(|refusal| refusal.code)
}

#[test]
fn a_visual_builder_is_read() {
    for text in [
        r#"status == "open" && score > 10"#,
        r#"name.contains("50%") && (city in ["北京", "上海"] || city == null)"#,
        r#"!((score >= "10" && score <= "20") || !name.contains("x"))"#,
        r#"orders.exists(elem_alias, elem_alias.total > "500") && (score < "1" || score > "2") && !(city in ["a"])"#,
        r#"(score >= 10 && score <= 20) && rate > 0.10 && city != null && !(status in ["won", "lost"])"#,
        r#"orders.all(elem_alias, elem_alias.total > 500) && !orders.exists(elem_alias, elem_alias.total > 500)"#,
        r#"rate > "0.1" && active == true && tags.exists(elem_alias, elem_alias == "vip")"#,
        "1 == 1",
    ] {
        assert_eq!(verdict(text), Ok(()), "{text}");
    }
}

/// It does not escape a backslash, writes a Date by its `toString`, and counts rows: an SDK's rules mend that.
#[test]
fn what_a_builder_writes_wrongly_is_refused() {
    assert_eq!(verdict(r#"account.industry == "retail" && name.endsWith("a\"b\c")"#), Err(FILTER_SYNTAX));
    let date = r#"created_at > "Thu Jan 01 1970 00:00:00 GMT+0000 (Coordinated Universal Time)""#;
    assert_eq!(verdict(date), Err(FILTER_BAD_LITERAL));
    assert_eq!(verdict("orders.filter(e, e.total > 500).size() >= 2"), Err(FILTER_UNKNOWN_FUNCTION));
}
