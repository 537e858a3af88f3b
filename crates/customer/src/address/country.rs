//! The countries: their codes of two letters, as ISO 3166-1 gives them (alpha-2, the 249 that are officially assigned).
use kernel::rule;
use validator::ValidationError;

/// By the alphabet, so that one is found by halves.
const CODES: &[&str] = &[
    "AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD",
    "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA",
    "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE",
    "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA",
    "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK",
    "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP",
    "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT",
    "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS",
    "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ",
    "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS",
    "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST",
    "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW",
    "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "YE", "YT", "ZA",
    "ZM", "ZW",
];

/// The rule `country`.
pub fn is_country(text: &str) -> Result<(), ValidationError> {
    match CODES.binary_search(&text) {
        Ok(_) => Ok(()),
        Err(_) => Err(rule!("country", "is not the code of a country in two letters (ISO 3166-1), such as CN")),
    }
}

#[cfg(test)]
mod tests {
    use super::{CODES, is_country};

    #[test]
    fn the_codes_are_those_of_the_standard() {
        assert!(CODES.is_sorted_by(|one, next| one < next), "what is looked up by halves is in order");
        // how many the ISO Online Browsing Platform says are assigned
        assert_eq!(CODES.len(), 249);
        for good in ["CN", "TW", "HK", "MO", "DE", "US", "GB", "SS", "CW"] {
            assert!(is_country(good).is_ok(), "{good}");
        }
        // in small letters, of three letters, reserved for other uses, taken back, and open to users
        for bad in ["cn", "CHN", "UK", "EU", "AN", "XX", "ZZ", ""] {
            assert!(is_country(bad).is_err(), "{bad}");
        }
    }
}
