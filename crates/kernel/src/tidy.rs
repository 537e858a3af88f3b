//! What is done to a body before its rules are asked: spaces off, e-mail in lower case, phone numbers in E.164.

use crate::rule;

/// A body that a door reads. The default changes nothing.
pub trait Tidy {
    fn tidy(&mut self) {}
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

/// `+86 138-0013-8000` becomes `+8613800138000`; what is not a number with its country code stays as it is.
pub fn phone(text: &mut String) {
    trim(text);
    if let Some(plain) = e164(text) {
        *text = plain;
    }
}

fn e164(text: &str) -> Option<String> {
    let rest = text.strip_prefix('+')?;
    let digits: String = rest.chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')' | '.' | '\u{a0}')).collect();
    let good =
        (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
    good.then(|| format!("+{digits}"))
}

/// The rule behind `phone`: a number in E.164.
pub fn is_phone(text: &str) -> Result<(), validator::ValidationError> {
    if e164(text).is_some_and(|plain| plain == text) {
        return Ok(());
    }
    Err(rule!("phone", "is not a phone number with its country code, such as +8613800138000"))
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
            super::phone(&mut text);
            super::is_phone(&text).is_ok().then_some(text)
        };
        assert_eq!(tidy(" +86 138-0013-8000 ").as_deref(), Some("+8613800138000"));
        assert_eq!(tidy("+1 (415) 555.0100").as_deref(), Some("+14155550100"));
        for bad in ["13800138000", "+0123456789", "+12", "+1234567890123456", "+86 一二三", ""] {
            assert_eq!(tidy(bad), None, "{bad}");
        }
    }
}
