use super::*;
use serde_json::json;

fn variant(html: &str) -> TemplateVariant {
    TemplateVariant {
        locale: "en".into(),
        subject: Some("Hello {{ contact.given_name }}".into()),
        html: Some(html.into()),
        text: None,
    }
}

fn named(fallback: Option<&str>) -> Vec<TemplateVariable> {
    vec![TemplateVariable { name: "contact.given_name".into(), fallback: fallback.map(str::to_owned) }]
}

fn reader(name: &str) -> Reader {
    Reader { known: json!({"contact": {"given_name": name, "email": "secret@example.com"}}), given: Vec::new() }
}

#[test]
fn what_is_filled_in_is_escaped_and_never_read_again() {
    let written = write(&variant("<p>{{ contact.given_name }}</p>"), &named(None), &reader("<b>{{ 1 + 1 }}")).unwrap();
    let html = written.html.unwrap();
    assert!(!html.contains("<b>") && html.contains("{{ 1 + 1 }}"), "{html}");
}

#[test]
fn a_subject_stays_on_its_line() {
    let written = write(&variant("x"), &named(None), &reader("a\r\nBcc: everybody@example.com")).unwrap();
    assert_eq!(written.subject.as_deref(), Some("Hello a Bcc: everybody@example.com"));
}

#[test]
fn where_nothing_is_known_the_fallback_stands_or_nothing_is_sent() {
    let written = write(&variant("{{ contact.given_name }}"), &named(Some("friend")), &reader("  ")).unwrap();
    assert_eq!(written.html.as_deref(), Some("friend"));
    let error = write(&variant("{{ contact.given_name }}"), &named(None), &reader("")).unwrap_err();
    assert_eq!(error.code, UNFILLED);
}

#[test]
fn what_is_not_declared_is_refused() {
    let told = |html: &str| faults(&variant(html), &named(None), "/variants/0");
    assert!(told("<p>{% if contact.given_name %}x{% endif %}</p>").is_empty());
    for bad in [
        "{{ contact.email }}",
        "{{ contact }}",
        "{{ other }}",
        "{% include 'x' %}",
        "{% set x = 1 %}",
        "{%- macro x() %}{% endmacro %}",
        "{% for x in contact.given_name recursive %}{% endfor %}",
        "{{ contact.given_name | nothing }}",
        "{% if %}",
        "{{",
    ] {
        assert_eq!(told(bad).len(), 1, "{bad}");
    }
}

#[test]
fn what_has_no_end_is_ended() {
    let loops = "{% for a in '1234567890' * 1000 %}{% endfor %}";
    assert!(write(&variant(loops), &named(Some("x")), &reader("x")).is_err());
    let long = "{{ 'x' * 600000 }}";
    assert_eq!(write(&variant(long), &named(Some("x")), &reader("x")).unwrap_err().code, BROKEN);
}
