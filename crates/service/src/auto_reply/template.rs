//! Texts with places, `{{case.number}}`, that are filled in. In one pass: what a value holds is no place, whatever it
//! looks like, and nothing is reckoned.

/// The places that there are.
pub const PLACES: &[&str] = &["case.number", "case.subject", "contact.name", "tenant.name"];

/// The pieces of a text: what stands between places, and the names of these.
fn pieces(text: &str) -> Vec<(&str, Option<&str>)> {
    let (mut all, mut rest) = (Vec::new(), text);
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, behind)) = after.split_once("}}") else { break };
        all.push((before, Some(name.trim())));
        rest = behind;
    }
    all.push((rest, None));
    all
}

/// The first place of a text that there is not.
pub fn unknown(text: &str) -> Option<&str> {
    pieces(text).into_iter().filter_map(|(_, name)| name).find(|name| !PLACES.contains(name))
}

/// The text with its values; a place without one is empty.
pub fn filled(text: &str, values: &[(&str, &str)]) -> String {
    let value = |name: &str| values.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| *value);
    pieces(text).into_iter().fold(String::new(), |all, (before, name)| all + before + name.map_or("", value))
}

#[cfg(test)]
mod tests {
    use super::{filled, unknown};

    #[test]
    fn what_a_value_holds_is_no_place() {
        let values = [("case.subject", "{{tenant.name}}"), ("tenant.name", "Tea Ltd")];
        assert_eq!(filled("Re: {{ case.subject }} ({{tenant.name}})", &values), "Re: {{tenant.name}} (Tea Ltd)");
        assert_eq!(filled("{{contact.name}}, {{", &values), ", {{");
    }

    #[test]
    fn a_place_that_there_is_not_is_named() {
        assert_eq!(unknown("{{case.number}} {{contact.password}}"), Some("contact.password"));
        assert_eq!(unknown("{{case.number}} {{"), None);
    }
}
