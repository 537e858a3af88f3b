//! What is shown of an address and a number: enough to tell two apart, too little to reach anybody.
use super::super::Lead;
use std::collections::BTreeSet;

const STARS: &str = "****";

/// How somebody is reached, and what they are called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reached {
    pub email: Option<String>,
    pub phone: Option<String>,
    pub phone_text: Option<String>,
    pub display_name: String,
}

impl Reached {
    pub fn of(lead: &Lead) -> Self {
        Self {
            email: lead.email.clone(),
            phone: lead.phone.clone(),
            phone_text: lead.phone_text.clone(),
            display_name: lead.display_name.clone(),
        }
    }

    /// Whether its name is no name, but how it is reached.
    pub fn is_named_by_it(&self) -> bool {
        [&self.email, &self.phone].into_iter().flatten().any(|way| *way == self.display_name)
    }

    pub fn masked(&self) -> Self {
        let (email, phone) = (self.email.as_deref().map(email), self.phone.as_deref().map(phone));
        let shown = if self.email.as_ref() == Some(&self.display_name) { &email } else { &phone };
        let display_name = shown.clone().filter(|_| self.is_named_by_it());
        let display_name = display_name.unwrap_or_else(|| self.display_name.clone());
        Self { email, phone, phone_text: None, display_name }
    }
}

/// `w***@example.cn`; of a short one, nothing before the sign.
fn email(address: &str) -> String {
    let (local, domain) = address.rsplit_once('@').unwrap_or((address, ""));
    let first = local.chars().next().filter(|_| local.chars().count() > 2);
    first.into_iter().collect::<String>() + STARS + "@" + domain
}

/// `+86138****8000`; of a short one, less.
fn phone(number: &str) -> String {
    let all: Vec<char> = number.chars().collect();
    let (head, tail) = if all.len() > 11 { (all.len() - 8, 4) } else { (3.min(all.len() / 3), 2.min(all.len() / 4)) };
    let begin: String = all.iter().take(head).collect();
    let end: String = all.iter().skip(all.len() - tail).collect();
    begin + STARS + &end
}

/// Those of the words of its ways that are not words of its names too.
pub fn own_words(ways: Vec<String>, names: Vec<String>) -> Vec<String> {
    let names: BTreeSet<String> = names.into_iter().collect();
    ways.into_iter().filter(|word| !names.contains(word)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_reached_by_what_is_shown() {
        assert_eq!(phone("+8613800138000"), "+86138****8000");
        assert_eq!(phone("+493012345"), "+49****45");
        assert_eq!(phone("+1234"), "+****4");
        assert_eq!(phone(""), "****");
        assert_eq!(email("wang.wei@example.cn"), "w****@example.cn");
        assert_eq!(email("ab@example.cn"), "****@example.cn");
        assert_eq!(email("王伟明@example.cn"), "王****@example.cn");
        let (address, number) = ("ada@x.cn".to_owned(), Some("+8613800138000".to_owned()));
        let phone_text = Some("138 0013 8000".to_owned());
        let named = Reached { email: Some(address.clone()), phone: number, phone_text, display_name: address };
        assert_eq!(named.masked().display_name, "a****@x.cn");
        assert_eq!(named.masked().phone_text, None, "it would tell the whole number");
        let called = Reached { display_name: "Ada".into(), ..named };
        assert_eq!(called.masked().display_name, "Ada");
    }
}
