//! Places in a text that are filled in: `{{contact.given_name}}`. A text is gone through once, and what comes into it is
//! text: nothing in a name is a place again, nor means anything to a browser.
use std::collections::BTreeMap;

/// What can be filled in. Whoever fills in gives each its value, or none.
pub const PLACES: &[&str] = &[
    "case.number",
    "case.subject",
    "contact.display_name",
    "contact.email",
    "contact.family_name",
    "contact.given_name",
    "contact.job_title",
    "user.display_name",
    "user.email",
];

/// What the places hold.
pub type Values = BTreeMap<&'static str, String>;

/// A text with its places filled in; and those for which there was nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    pub text: String,
    pub missing: Vec<&'static str>,
}

/// A piece of a text.
enum Piece<'a> {
    Plain(&'a str),
    Place(&'a str),
}

/// A place for which there is nothing leaves nothing.
#[must_use]
pub fn merged(text: &str, values: &Values) -> Merged {
    let mut done = Merged::default();
    for piece in pieces(text) {
        match piece {
            Piece::Plain(plain) => done.text.push_str(plain),
            Piece::Place(name) => match PLACES.iter().find(|place| **place == name) {
                Some(place) => match values.get(place) {
                    Some(value) => done.text.push_str(value),
                    None => done.missing.push(place),
                },
                None => {}
            },
        }
    }
    done.missing.dedup();
    done
}

/// The first place of a text that cannot be filled in.
#[must_use]
pub fn unknown(text: &str) -> Option<String> {
    pieces(text).into_iter().find_map(|piece| match piece {
        Piece::Place(name) if !PLACES.contains(&name) => Some(name.chars().take(100).collect()),
        _ => None,
    })
}

/// What a browser shows as the text is written, line by line.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut page = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '<' => page.push_str("&lt;"),
            '>' => page.push_str("&gt;"),
            '&' => page.push_str("&amp;"),
            '"' => page.push_str("&quot;"),
            '\'' => page.push_str("&#39;"),
            '\n' => page.push_str("<br>"),
            '\r' => {}
            other => page.push(other),
        }
    }
    page
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let (mut pieces, mut rest) = (Vec::new(), text);
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, behind)) = after.split_once("}}") else { break };
        pieces.push(Piece::Plain(before));
        pieces.push(Piece::Place(name.trim()));
        rest = behind;
    }
    pieces.push(Piece::Plain(rest));
    pieces
}

#[cfg(test)]
mod tests {
    use super::{Values, escaped, merged, unknown};

    fn values() -> Values {
        [("contact.given_name", "{{user.email}}<b>".to_owned()), ("user.display_name", "Ada".to_owned())].into()
    }

    #[test]
    fn places_are_filled_in_once() {
        let done = merged("Dear {{ contact.given_name }}, {{user.display_name}}", &values());
        assert_eq!(done.text, "Dear {{user.email}}<b>, Ada", "what comes in is no place again");
        assert_eq!(escaped(&done.text), "Dear {{user.email}}&lt;b&gt;, Ada");
    }

    #[test]
    fn what_there_is_not_is_named() {
        let done = merged("{{case.number}}{{case.number}} x", &values());
        assert_eq!((done.text.as_str(), done.missing.as_slice()), (" x", ["case.number"].as_slice()));
    }

    #[test]
    fn only_what_can_be_filled_in_is_a_place() {
        assert_eq!(unknown("{{contact.birth_on}}"), Some("contact.birth_on".to_owned()));
        assert_eq!(unknown("{{1 + 1}}"), Some("1 + 1".to_owned()));
        assert_eq!((unknown("{{contact.email}} {{"), unknown("a { b } c")), (None, None));
    }
}
