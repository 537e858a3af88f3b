//! What is refused, with which code, and where.
use super::model::compile;
use kernel::Error;
use platform::filter::*;
use std::collections::BTreeSet;

fn refused(text: &str) -> (&'static str, usize, usize) {
    let refusal = compile(text).map(drop).expect_err(text);
    let at = refusal.at.unwrap();
    (refusal.code.name, at.line, at.column)
}

#[test]
fn every_refusal_has_a_code_and_a_place() {
    let cases = [
        ("", FILTER_SYNTAX, 1, 1),
        ("name == ", FILTER_SYNTAX, 1, 9),
        ("city == \"北京\" && && true", FILTER_SYNTAX, 1, 17),
        ("city == \"北京\" && nme == \"x\"", FILTER_UNKNOWN_FIELD, 1, 17),
        ("active &&\n  account.nme == \"x\"", FILTER_UNKNOWN_FIELD, 2, 11),
        ("name == \"open", FILTER_SYNTAX, 1, 9),
        ("name == \"a\\c\"", FILTER_SYNTAX, 1, 11),
        ("name == \"\\u+041\"", FILTER_SYNTAX, 1, 10),
        ("name == \"a\\u0000\"", FILTER_BAD_LITERAL, 1, 11),
        ("name == \"\"\"x\"\"\"", FILTER_UNSUPPORTED, 1, 9),
        ("active ? true : false", FILTER_UNSUPPORTED, 1, 8),
        ("score / 0 > 1", FILTER_UNSUPPORTED, 1, 7),
        ("score < 1 < 2", FILTER_SYNTAX, 1, 11),
        ("score > \"many\"", FILTER_BAD_LITERAL, 1, 9),
        ("rate == 0.12345678901234567890123456789012", FILTER_BAD_LITERAL, 1, 9),
        ("created_at > days_ago(99999999999)", FILTER_BAD_LITERAL, 1, 14),
        ("birthday == today(\"Mars/Olympus\")", FILTER_BAD_LITERAL, 1, 13),
        ("name > 5", FILTER_TYPE_MISMATCH, 1, 8),
        ("name < \"b\"", FILTER_TYPE_MISMATCH, 1, 6),
        ("\"a\" == \"a\"", FILTER_TYPE_MISMATCH, 1, 5),
        ("status == \"lots\"", FILTER_UNKNOWN_VALUE, 1, 11),
        ("shoe_size == \"x\"", FILTER_NOT_FILTERABLE, 1, 1),
        ("custom.nope == 1", FILTER_UNKNOWN_FIELD, 1, 8),
        ("orders.total > 5", FILTER_NEEDS_MACRO, 1, 1),
        ("orders == null", FILTER_NEEDS_MACRO, 1, 1),
        ("orders.exists(o, o.total.base > 5)", FILTER_UNKNOWN_FIELD, 1, 26),
        ("\"x\" in orders", FILTER_NEEDS_MACRO, 1, 8),
        ("city in labels", FILTER_NEEDS_MACRO, 1, 9),
        ("5 in labels", FILTER_TYPE_MISMATCH, 1, 1),
        ("\"x\" in labels.name", FILTER_NEEDS_MACRO, 1, 8),
        ("\"x\" in city", FILTER_TYPE_MISMATCH, 1, 5),
        ("\"x\" in nope", FILTER_UNKNOWN_FIELD, 1, 8),
        ("orders.exists(o, o.worth.base.amount > 5)", FILTER_UNKNOWN_FIELD, 1, 31),
        ("orders.exists_one(o, o.total > 5)", FILTER_UNKNOWN_FUNCTION, 1, 8),
        ("name.matches(\"(a+)+$\")", FILTER_UNKNOWN_FUNCTION, 1, 6),
    ];
    let mut wrong = Vec::new();
    for (text, code, line, column) in cases {
        let (got, expected) = (refused(text), (code.name, line, column));
        if got != expected {
            wrong.push(format!("{text:?}: {got:?}, not {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn size_is_bounded() {
    let code = |text: &str| refused(text).0;
    assert_eq!(code(&"active && ".repeat(900)), "filter_too_long");
    assert_eq!(code(&format!("{}active", "active && ".repeat(101))), "filter_too_many_terms");
    assert_eq!(code(&format!("{}active", "has(custom.vip) && ".repeat(101))), "filter_too_many_terms");
    assert_eq!(code(&"(".repeat(4000)), "filter_too_deep");
    assert_eq!(code(&format!("active{}", ".a".repeat(2000))), "filter_too_deep");
    assert_eq!(code(&format!("score{} > 1", " + 1".repeat(900))), "filter_too_deep");
    assert_eq!(code(&format!("account{}.industry == \"x\"", ".parent".repeat(9))), "filter_too_many_hops");
    assert_eq!(code(&["\"x\" in labels"; 9].join(" && ")), "filter_too_many_hops");
    assert_eq!(code(&format!("visits in [{}]", vec!["1"; 501].join(","))), "filter_list_too_long");
}

#[test]
fn a_refusal_is_told_to_the_caller() {
    let error = Error::from(compile("active &&\n  nme == \"x\"").map(drop).unwrap_err());
    assert_eq!(error.code, FILTER_UNKNOWN_FIELD);
    assert_eq!(error.detail.map(|detail| detail.to_string()).as_deref(), Some("2:3: contact has no \"nme\""));
    let fault = error.faults.first().unwrap();
    assert_eq!((fault.pointer.as_str(), fault.code.as_str()), ("?filter", "filter_unknown_field"));
    assert_eq!(serde_json::to_value(&fault.params).unwrap(), serde_json::json!({"line": 2, "column": 3, "offset": 12}));
    let segment = Error::from(compile("").map(drop).unwrap_err().under("/filter"));
    assert_eq!(segment.faults.first().unwrap().pointer, "/filter");
}

#[test]
fn codes_are_of_one_family_and_unique() {
    let names: BTreeSet<&str> = CODES.iter().map(|code| code.name).collect();
    assert_eq!(names.len(), CODES.len());
    assert!(names.iter().all(|name| name.starts_with("filter_") || name.starts_with("sort_")));
}
