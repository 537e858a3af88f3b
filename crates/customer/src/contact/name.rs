//! How a person is called.
use super::NewContact;

impl NewContact {
    /// The name to show: as given, or made of the names, or the e-mail address where there is no name.
    pub fn name(&self) -> Option<String> {
        let given = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
        given(&self.display_name)
            .or_else(|| full(self.given_name.as_deref(), self.family_name.as_deref()))
            .or_else(|| given(&self.email))
    }
}

/// Family name first and no space between where the names are written in Chinese, Japanese or Korean.
pub fn full(given: Option<&str>, family: Option<&str>) -> Option<String> {
    let filled = |name: Option<&str>| name.map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned);
    match (filled(given), filled(family)) {
        (Some(given), Some(family)) if cjk(&given) && cjk(&family) => Some(format!("{family}{given}")),
        (Some(given), Some(family)) => Some(format!("{given} {family}")),
        (one, other) => one.or(other),
    }
}

fn cjk(name: &str) -> bool {
    name.chars().all(|c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}'))
}

#[cfg(test)]
mod tests {
    use super::full;

    #[test]
    fn each_language_has_its_order() {
        assert_eq!(full(Some("伟"), Some("王")).as_deref(), Some("王伟"));
        assert_eq!(full(Some("Zoë"), Some("Müller")).as_deref(), Some("Zoë Müller"));
        assert_eq!(full(Some(" "), Some("王")).as_deref(), Some("王"));
        assert_eq!(full(None, None), None);
    }
}
