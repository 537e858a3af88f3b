//! How identifiers are written, compared, checked and hinted at.
use chrono::NaiveDate;
use kernel::rule;
use platform::vault::Given;
use unicode_normalization::UnicodeNormalization;
use validator::ValidationError;

const SHORTEST: usize = 5;
const LONGEST: usize = 40;

/// As it is kept and compared: plain letters and digits, capitals, nothing between them.
pub fn tidy(number: &Given) -> Given {
    let kept = |c: &char| !c.is_whitespace() && !matches!(c, '-' | '.' | '/' | '_' | '\u{b7}');
    Given::new(number.expose().nfkc().filter(kept).flat_map(char::to_uppercase).collect())
}

/// Its end, of a short one less: people tell one from another by it, and nobody can make up the rest.
pub fn hint(number: &str) -> String {
    let shown = 4.min(number.len() / 3);
    number.get(number.len().saturating_sub(shown)..).unwrap_or_default().to_owned()
}

/// The rule by which a tidy number cannot be one of this kind. Never the number.
pub fn fault(kind: &str, number: &str) -> Option<ValidationError> {
    if !(SHORTEST..=LONGEST).contains(&number.len()) {
        return Some(rule!("length", "has fewer than 5 or more than 40 letters and digits"));
    }
    if !number.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Some(rule!("format", "has something in it beside letters and digits"));
    }
    match kind {
        "cn_resident_id" if !is_cn_resident_id(number) => {
            Some(rule!("check_digit", "is no resident identity number of 18 digits (GB 11643)"))
        }
        "cn_credit_code" if !is_cn_credit_code(number) => {
            Some(rule!("check_digit", "is no unified social credit code of 18 characters (GB 32100)"))
        }
        "iban" if !is_iban(number) => Some(rule!("check_digit", "is no IBAN (ISO 13616)")),
        _ => None,
    }
}

/// 居民身份证: 17 digits with a day of birth in them, and a check character by modulus 11.
fn is_cn_resident_id(number: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let Some((digits, check)) = number.split_at_checked(WEIGHTS.len()) else { return false };
    let digits: Option<Vec<u32>> = digits.chars().map(|c| c.to_digit(10)).collect();
    let Some(digits) = digits else { return false };
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    let born = number.get(6..14).and_then(|day| NaiveDate::parse_from_str(day, "%Y%m%d").ok());
    born.is_some() && is_at(check, "10X98765432", sum % 11)
}

/// 统一社会信用代码: of 31 characters, without those that look like others; modulus 31.
fn is_cn_credit_code(number: &str) -> bool {
    const LETTERS: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let Some((body, check)) = number.split_at_checked(17) else { return false };
    let values: Option<Vec<usize>> = body.chars().map(|c| LETTERS.find(c)).collect();
    let Some(values) = values else { return false };
    let weights = std::iter::successors(Some(1), |weight| Some(weight * 3 % 31));
    let sum: usize = values.iter().zip(weights).map(|(value, weight)| value * weight).sum();
    is_at(check, LETTERS, u32::try_from((31 - sum % 31) % 31).unwrap_or_default())
}

/// Country, two check digits, account: turned round and read as a number, it is 1 modulo 97.
fn is_iban(number: &str) -> bool {
    let Some((head, account)) = number.split_at_checked(4) else { return false };
    let (country, check) = head.split_at_checked(2).unwrap_or_default();
    let plain =
        country.bytes().all(|byte| byte.is_ascii_uppercase()) && check.bytes().all(|byte| byte.is_ascii_digit());
    let turned = account.chars().chain(head.chars()).filter_map(|c| c.to_digit(36));
    let rest = turned.fold(0, |rest, value| (rest * if value < 10 { 10 } else { 100 } + value) % 97);
    plain && (15..=34).contains(&number.len()) && rest == 1
}

fn is_at(check: &str, letters: &str, at: u32) -> bool {
    let wanted = usize::try_from(at).ok().and_then(|at| letters.get(at..=at));
    wanted == Some(check)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tidied(text: &str) -> String {
        tidy(&Given::new(text.into())).expose().to_owned()
    }

    #[test]
    fn numbers_are_written_in_one_way() {
        assert_eq!(tidied(" gb82 west-1234.5698 7654 32 "), "GB82WEST12345698765432");
        assert_eq!(tidied("１１０１０５１９４９１２３１００２ｘ"), "11010519491231002X");
    }

    /// The examples of the standards, and each of them with one character changed or two exchanged.
    #[test]
    fn check_digits_find_a_slip_of_the_hand() {
        for (kind, good) in [
            ("cn_resident_id", "11010519491231002X"),
            ("cn_resident_id", "440524188001010014"),
            ("cn_credit_code", "91350100M000100Y43"),
            ("iban", "GB82WEST12345698765432"),
            ("iban", "DE89370400440532013000"),
        ] {
            assert_eq!(fault(kind, good), None, "{good}");
            let letters: Vec<char> = good.chars().collect();
            for at in 0..letters.len() {
                let mut slip = letters.clone();
                slip[at] = if slip[at] == '1' { '2' } else { '1' };
                assert!(fault(kind, &slip.iter().collect::<String>()).is_some(), "{slip:?}");
                let mut swap = letters.clone();
                if at > 0 && swap[at] != swap[at - 1] {
                    swap.swap(at, at - 1);
                    assert!(fault(kind, &swap.iter().collect::<String>()).is_some(), "{swap:?}");
                }
            }
            for bent in [&good[1..], &format!("{good}0"), "", "1", "ÄÖÜÄÖÜÄÖÜ"] {
                assert!(fault(kind, bent).is_some(), "{bent}");
            }
        }
        assert!(fault("cn_resident_id", "110105194913310027").is_some(), "no such day");
    }

    #[test]
    fn of_the_others_the_form_is_asked_for() {
        assert_eq!(fault("passport", "E12345678"), None);
        for bad in ["E123", "E1234567é", &"1".repeat(41)] {
            assert!(fault("passport", bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn a_hint_is_the_smaller_part() {
        assert_eq!(hint("11010519491231002X"), "002X");
        assert_eq!(hint("E1234567"), "67");
        assert_eq!(hint("12345"), "5");
    }
}
