#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use proptest::prelude::*;

use super::*;

fn code<T: std::fmt::Debug>(parsed: Parsed<T>) -> &'static str {
    parsed.expect_err("is refused").code
}

#[test]
fn decimals() {
    for (text, expected) in [
        ("1234.50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("(12.00)", "-12.00"),
        ("¥1,234", "1234"),
        ("$ -5", "-5"),
        ("-$5.5", "-5.5"),
        ("€10", "10"),
        ("100 元", "100"),
        ("１２，３４５．６７", "12345.67"),
        ("￥99", "99"),
        (".5", "0.5"),
        ("5.", "5"),
        ("+007", "7"),
        ("1 234 567.8", "1234567.8"),
        ("1'234", "1234"),
        ("-0.000001", "-0.000001"),
    ] {
        assert_eq!(decimal(text, Mark::Point).map(|number| number.to_string()), Ok(expected.into()), "{text}");
    }
    assert_eq!(decimal("1.234,50", Mark::Comma).unwrap().to_string(), "1234.50");
    assert_eq!(decimal("12,5", Mark::Comma).unwrap().to_string(), "12.5");
    for text in ["", "-", "12,5", "1,23,456", "1.2.3", "1e5", "12%", "--5", "(-5)", "abc", "$", "1,2345", "=1+1", "NaN"]
    {
        assert_eq!(code(decimal(text, Mark::Point)), "decimal", "{text}");
    }
    assert_eq!(code(decimal(&"9".repeat(40), Mark::Point)), "decimal_range");
}

#[test]
fn whole_numbers_and_truth() {
    assert_eq!(whole("1,200", Mark::Point), Ok(1200));
    assert_eq!(whole("-12.00", Mark::Point), Ok(-12));
    assert_eq!(code(whole("1.5", Mark::Point)), "whole_number");
    assert_eq!(code(whole("99999999999999999999", Mark::Point)), "whole_number_range");
    for (text, expected) in
        [("TRUE", true), ("yes", true), ("是", true), ("1", true), ("No", false), ("否", false), ("０", false)]
    {
        assert_eq!(boolean(text), Ok(expected), "{text}");
    }
    assert_eq!(code(boolean("maybe")), "boolean");
}

#[test]
fn dates() {
    let calendar = Calendar::default();
    for text in
        ["2024-01-31", "2024/1/31", "20240131", "2024年1月31日", "2024-01-31 00:00:00.000", " ２０２４-０１-３１ "]
    {
        assert_eq!(calendar.date(text).map(|day| day.to_string()), Ok("2024-01-31".into()), "{text}");
    }
    for text in ["01/02/2024", "31.12.2024", "1-2-24"] {
        assert_eq!(code(calendar.date(text)), "ambiguous_date", "{text}");
    }
    for text in ["2024-02-30", "", "soon", "2024", "2024-01-31 08:00", "99999-01-01", "45322"] {
        assert_eq!(code(calendar.date(text)), "date", "{text}");
    }
    let german = Calendar::new(Some("%d.%m.%Y"), None).unwrap();
    assert_eq!(german.date("31.12.2024").unwrap().to_string(), "2024-12-31");
    assert_eq!(code(german.date("2024-12-31")), "date");
    assert_eq!(code(Calendar::new(Some("%Q"), None)), "time_format");
    assert_eq!(code(Calendar::new(None, Some("Mars/Base"))), "time_zone");
}

#[test]
fn instants() {
    let utc = |calendar: &Calendar, text: &str| calendar.instant(text).map(|instant| instant.to_rfc3339());
    let (plain, china) = (Calendar::default(), Calendar::new(None, Some("Asia/Shanghai")).unwrap());
    assert_eq!(utc(&plain, "2010-12-01 08:26:00"), Ok("2010-12-01T08:26:00+00:00".into()));
    assert_eq!(utc(&china, "2010-12-01 08:26:00"), Ok("2010-12-01T00:26:00+00:00".into()));
    assert_eq!(utc(&china, "2010-12-01T08:26:00Z"), Ok("2010-12-01T08:26:00+00:00".into()));
    assert_eq!(utc(&china, "2010-12-01 08:26:00+0000"), Ok("2010-12-01T08:26:00+00:00".into()));
    assert_eq!(utc(&china, "2010/12/1 8:26"), Ok("2010-12-01T00:26:00+00:00".into()));
    assert_eq!(utc(&china, "2010-12-01"), Ok("2010-11-30T16:00:00+00:00".into()));
    let york = Calendar::new(Some("%m/%d/%Y %H:%M"), Some("America/New_York")).unwrap();
    assert_eq!(utc(&york, "07/04/2024 12:00"), Ok("2024-07-04T16:00:00+00:00".into()));
    assert_eq!(code(york.instant("03/10/2024 02:30")), "skipped_time");
    assert_eq!(code(plain.instant("01/02/2024 10:00")), "ambiguous_date");
    assert_eq!(code(plain.instant("2024-01-31 25:00")), "instant");
    let cairo = Calendar::new(None, Some("Africa/Cairo")).unwrap();
    assert_eq!(utc(&cairo, "2024-04-26"), Ok("2024-04-25T22:00:00+00:00".into()));
}

#[test]
fn choices() {
    let stages = ["closed_won", "in_progress"];
    assert_eq!(choice(" Closed Won ", &stages), Ok("closed_won"));
    assert_eq!(choice("IN-PROGRESS", &stages), Ok("in_progress"));
    assert_eq!(code(choice("lost", &stages)), "choice");
}

#[test]
fn reaching_someone() {
    assert_eq!(email(" a.b+c@example.com "), Ok("a.b+c@example.com".into()));
    assert_eq!(email("mailto:a@例子.中国").map(|_| ()), Ok(()));
    for text in ["a@", "@b.com", "a b@c.com", "plain", "a@b@c.com"] {
        assert_eq!(code(email(text)), "email", "{text}");
    }
    let (china, swiss) = (kernel::Region::of("CN"), kernel::Region::of("CH"));
    assert_eq!(phone("138 0013 8000", china).unwrap().e164, "+8613800138000");
    assert_eq!(phone("＋８６ 13800138000", None).unwrap().e164, "+8613800138000");
    let swiss = phone("044 668 18 00", swiss).unwrap();
    assert_eq!((swiss.raw.as_str(), swiss.e164.as_str()), ("044 668 18 00", "+41446681800"));
    assert_eq!(code(phone("12", china)), "phone");
    assert_eq!(code(phone("13800138000", None)), "phone");
    assert_eq!(url("www.example.com/a?b=c"), Ok("https://www.example.com/a?b=c".into()));
    assert_eq!(url("HTTP://example.com:8080").map(|_| ()), Ok(()));
    for text in ["javascript:alert(1)", "ftp://example.com", "no host", "localhost", "https://", "file:///etc/passwd"] {
        assert_eq!(code(url(text)), "url", "{text}");
    }
}

proptest! {
    #[test]
    fn nothing_panics(text in "\\PC{0,40}|[-+()0-9.,:/TZ ¥$年月日]{0,30}") {
        let _ = (decimal(&text, Mark::Comma), whole(&text, Mark::Point), boolean(&text), choice(&text, &["a"]));
        let calendar = Calendar::new(None, Some("Asia/Shanghai")).unwrap();
        let _ = (calendar.date(&text), calendar.instant(&text), email(&text), url(&text));
        let _ = (phone(&text, kernel::Region::of("CN")), phone(&text, None), phone(&text, kernel::Region::of(&text)));
    }

    #[test]
    fn decimals_keep_their_digits(whole in 0_i64..1_000_000_000_000, cents in 0_u32..100) {
        let text = format!("{whole}.{cents:02}");
        prop_assert_eq!(decimal(&text, Mark::Point).unwrap().to_string(), text);
    }
}
