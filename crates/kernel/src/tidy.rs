//! What is done to a body before its rules are asked: spaces off, e-mail in lower case, phone numbers in E.164.
use crate::phone::{self, Region};
use crate::rule;

/// A body that a door reads. The defaults change nothing.
pub trait Tidy {
    fn tidy(&mut self) {}
    /// After that: its numbers in E.164, each with what it was given as beside it. Those that do not say their country are
    /// of the region, if there is one.
    fn dial(&mut self, _region: Option<Region>) {}
    /// Of numbers that are in E.164 already: this is what its own was given as.
    fn quote(&mut self, _text: String) {}
}

/// Spaces off both ends.
pub fn trim(text: &mut String) {
    let trimmed = text.trim();
    if trimmed.len() != text.len() {
        *text = trimmed.to_owned();
    }
}

/// In lower case: how addresses are compared everywhere.
pub fn email(text: &mut String) {
    trim(text);
    *text = text.to_lowercase();
}

/// In capitals, as codes are.
pub fn capital(text: &mut String) {
    trim(text);
    text.make_ascii_uppercase();
}

/// Spaces off, and full-width letters, digits and signs as their plain ones.
pub fn narrow(text: &str) -> String {
    let narrow = |character: char| match character {
        '！'..='～' => char::from_u32(u32::from(character) - 0xFEE0).unwrap_or(character),
        '￥' => '¥',
        '\u{3000}' | '\u{A0}' | '\u{202F}' | '\u{2009}' => ' ',
        '\u{2212}' => '-',
        other => other,
    };
    text.trim().chars().map(narrow).collect()
}

/// `+86 138-0013-8000` becomes `+8613800138000`; what is no number stays as it is ([`phone::e164`]).
pub fn phone(text: &mut String, region: Option<Region>) {
    trim(text);
    if let Some(plain) = phone::e164(text, region) {
        *text = plain;
    }
}

/// A number in E.164, and beside it what it was given as; no text without a number.
pub fn dial(number: &mut Option<String>, text: &mut Option<String>, region: Option<Region>) {
    number.iter_mut().for_each(trim);
    text.clone_from(number);
    number.iter_mut().for_each(|number| phone(number, region));
}

/// The same of a merge patch: the text is changed and cleared with the number.
#[allow(clippy::option_option)] // as every patch has it
pub fn redial(number: &mut Option<Option<String>>, text: &mut Option<Option<String>>, region: Option<Region>) {
    *text = number.as_mut().map(|number| {
        let mut text = None;
        dial(number, &mut text, region);
        text
    });
}

/// The rule behind `phone`: a number in E.164.
pub fn is_phone(text: &str) -> Result<(), validator::ValidationError> {
    if phone::e164(text, None).is_some_and(|plain| plain == text) {
        return Ok(());
    }
    Err(rule!(
        "phone",
        "is not a phone number: it has its country code, such as +8613800138000, or, where the tenant has a \
         `phone_region`, is written as it is dialled there"
    ))
}

/// The rule behind names and the like: not blank.
pub fn is_filled(text: &str) -> Result<(), validator::ValidationError> {
    if !text.trim().is_empty() {
        return Ok(());
    }
    Err(rule!("blank", "is blank"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn phones_are_in_e164() {
        let tidy = |text: &str| {
            let mut text = text.to_owned();
            super::phone(&mut text, None);
            super::is_phone(&text).is_ok().then_some(text)
        };
        assert_eq!(tidy(" +86 138-0013-8000 ").as_deref(), Some("+8613800138000"));
        assert_eq!(tidy("+1 (415) 555.0100").as_deref(), Some("+14155550100"));
        for bad in ["13800138000", "+0123456789", "+12", "+1234567890123456", "+86 一二三", ""] {
            assert_eq!(tidy(bad), None, "{bad}");
        }
    }

    #[test]
    fn what_a_number_was_given_as_stays_beside_it() {
        let china = crate::Region::of("CN");
        let told = |text: &str| Some(text.to_owned());
        let (mut number, mut text) = (told(" 138 0013 8000 "), told("before"));
        super::dial(&mut number, &mut text, china);
        assert_eq!((number, text), (told("+8613800138000"), told("138 0013 8000")));
        let (mut number, mut text) = (None, told("before"));
        super::dial(&mut number, &mut text, china);
        assert_eq!((number, text), (None, None));
        for (given, number, text) in [
            (None, None, None),
            (Some(None), Some(None), Some(None)),
            (Some(told("021-61234567")), Some(told("+862161234567")), Some(told("021-61234567"))),
            (Some(told("nobody")), Some(told("nobody")), Some(told("nobody"))),
        ] {
            let (mut patched, mut beside) = (given, None);
            super::redial(&mut patched, &mut beside, china);
            assert_eq!((patched, beside), (number, text));
        }
    }
}
