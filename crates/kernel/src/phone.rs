//! Telephone numbers: people write them as they dial them; they are kept, compared and called in E.164.
use crate::{rule, tidy};
use phonenumber::{Mode, country};
use validator::ValidationError;

/// What a number is written in at most.
const LONGEST: usize = 40;
/// What stands between digits and says nothing.
const BETWEEN: &[char] = &[' ', '-', '‐', '‑', '–', '—', '(', ')', '.', '/'];
/// What stands before an extension, which is dialled by hand.
const EXTENSION: &[&str] = &["转", "轉", "分机", "分機", "ext", "Ext", "EXT", "x", "X", "#"];
const LONGEST_EXTENSION: usize = 6;

/// The country whose numbers are meant where they do not say their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region(country::Id);

impl Region {
    /// By its code of two letters (ISO 3166-1), such as `CN`; nothing where it has no numbers of its own.
    pub fn of(code: &str) -> Option<Self> {
        code.parse().ok().map(Self)
    }

    pub fn code(&self) -> &str {
        self.0.as_ref()
    }
}

/// A number that a numbering plan has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// `+8613800138000`
    pub e164: String,
    pub extension: Option<String>,
}

/// A number as the numbering plans of the world know it; nothing where none of them has it.
pub fn known(text: &str, region: Option<Region>) -> Option<Known> {
    planned(text, region).or_else(|| {
        let narrow = tidy::narrow(text);
        let (number, extension) = extended(&narrow)?;
        Some(Known { extension: extension.map(str::to_owned), ..planned(number, region)? })
    })
}

fn planned(text: &str, region: Option<Region>) -> Option<Known> {
    let number = phonenumber::parse(region.map(|region| region.0), text).ok()?;
    number.is_valid().then(|| Known {
        e164: number.format().mode(Mode::E164).to_string(),
        extension: number.extension().map(ToString::to_string),
    })
}

/// In E.164: a number with its country code as it is, any other as it is dialled in the region. An extension is left out.
pub fn e164(text: &str, region: Option<Region>) -> Option<String> {
    if text.chars().count() > LONGEST {
        return None;
    }
    let narrow = tidy::narrow(text);
    let (number, _) = extended(&narrow)?;
    if let Some(rest) = number.strip_prefix('+') {
        let digits = digits(rest)?;
        let good = (7..=15).contains(&digits.len()) && !digits.starts_with('0');
        return good.then(|| format!("+{digits}"));
    }
    planned(&digits(number)?, Some(region?)).map(|known| known.e164)
}

/// The number without its extension, and that; nothing where what stands behind it is none.
fn extended(text: &str) -> Option<(&str, Option<&str>)> {
    let marks = EXTENSION.iter().filter_map(|mark| Some((text.find(*mark)?, *mark)));
    let Some((at, mark)) = marks.min() else { return Some((text, None)) };
    let (number, rest) = text.split_at_checked(at)?;
    let extension = rest.strip_prefix(mark)?.trim_matches(|c: char| [' ', '.', ':', '：'].contains(&c));
    let good = (1..=LONGEST_EXTENSION).contains(&extension.len()) && extension.bytes().all(|b| b.is_ascii_digit());
    good.then(|| (number.trim(), Some(extension)))
}

fn digits(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| !BETWEEN.contains(c)).collect();
    digits.bytes().all(|b| b.is_ascii_digit()).then_some(digits)
}

/// The rule behind `phone_region`.
pub fn is_region(code: &str) -> Result<(), ValidationError> {
    match Region::of(code) {
        Some(_) => Ok(()),
        None => Err(rule!(
            "phone_region",
            "is not the code in two letters (ISO 3166-1) of a country that has telephone numbers, such as CN"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::{Region, e164, is_region};

    #[test]
    fn numbers_are_read_as_they_are_dialled_in_their_region() {
        let china = Region::of("CN");
        for (text, wanted) in [
            ("13800138000", "+8613800138000"),
            (" 138 0013 8000 ", "+8613800138000"),
            ("１３８－００１３－８０００", "+8613800138000"),
            ("021-6123 4567", "+862161234567"),
            ("(021) 61234567", "+862161234567"),
            ("021-61234567 转 8001", "+862161234567"),
            ("+1 (415) 555.0100 x12", "+14155550100"),
            ("+49 30/123456", "+4930123456"),
        ] {
            assert_eq!(e164(text, china).as_deref(), Some(wanted), "{text}");
        }
        assert_eq!(e164("030 123456", Region::of("DE")).as_deref(), Some("+4930123456"));
        assert_eq!(e164("(415) 555-0199", Region::of("US")).as_deref(), Some("+14155550199"));
    }

    #[test]
    fn an_extension_is_told_beside_the_number() {
        for text in ["021-61234567 转 8001", "（021）61234567分机8001", "021-61234567 ext. 8001"] {
            let known = super::known(text, Region::of("CN")).map(|known| (known.e164, known.extension));
            assert_eq!(known, Some(("+862161234567".to_owned(), Some("8001".to_owned()))), "{text}");
        }
    }

    #[test]
    fn what_is_no_number_is_none() {
        let china = Region::of("CN");
        let long = format!("138{}00138000", " ".repeat(40));
        for bad in ["", "12", "nobody", "13800138000 / 13900139000", "转8001", "13800138000 x y", long.as_str()] {
            assert_eq!(e164(bad, china), None, "{bad}");
        }
        for national in ["13800138000", "021-6123 4567"] {
            assert_eq!(e164(national, None), None, "{national}: whose is it?");
        }
    }

    #[test]
    fn a_region_is_a_country_with_numbers() {
        for good in ["CN", "TW", "HK", "US", "DE"] {
            assert!(is_region(good).is_ok() && Region::of(good).is_some_and(|region| region.code() == good), "{good}");
        }
        for bad in ["cn", "CHN", "XX", "AQ", "", "001"] {
            assert!(is_region(bad).is_err(), "{bad}");
        }
    }
}
