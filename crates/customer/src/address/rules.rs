//! What an address has to be: what is tidied of it, and the rules that it may break.
use super::{AddressPatch, KINDS, NewAddress, Written};
use kernel::{Error, Region, Result, Tidy, error, rule, rules, tidy};
use validator::ValidationError;

/// Whose places GB/T 2260 numbers.
const NUMBERED: &[&str] = &["CN", "HK", "MO", "TW"];
/// What a number of GB/T 2260 begins with: the provinces, autonomous regions and municipalities (11 to 65), Taiwan,
/// Hong Kong and Macau.
const PROVINCES: &[&str] = &[
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43", "44",
    "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82",
];

/// What a patch leaves has to be an address still: all that is wrong with it.
pub(crate) fn check(place: &Written, division: Option<&str>) -> Result<()> {
    let left = NewAddress {
        country: place.country.clone(),
        street: place.is_somewhere().then(String::new),
        division_code: division.map(str::to_owned),
        ..NewAddress::default()
    };
    let broken = [("", is_somewhere(&left).err()), ("/division_code", is_numbered(&left).err())];
    let faults: Vec<_> = broken.into_iter().filter_map(|(at, rule)| rule.map(|rule| rules::fault(at, &rule))).collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::from(error::INVALID).faults(faults)) }
}

/// Spaces off; what is blank is not there.
pub fn filled(text: &mut Option<String>) {
    text.iter_mut().for_each(tidy::trim);
    text.take_if(|text| text.is_empty());
}

impl Tidy for NewAddress {
    fn tidy(&mut self) {
        tidy::capital(&mut self.country);
        let texts = [&mut self.label, &mut self.recipient, &mut self.phone, &mut self.region, &mut self.city];
        texts.into_iter().for_each(filled);
        let texts = [&mut self.district, &mut self.division_code, &mut self.street, &mut self.detail];
        texts.into_iter().for_each(filled);
        [&mut self.postal_code, &mut self.raw_text].into_iter().for_each(filled);
    }
    fn dial(&mut self, region: Option<Region>) {
        tidy::dial(&mut self.phone, &mut self.phone_text, region);
    }
    fn quote(&mut self, text: String) {
        self.phone_text = self.phone.is_some().then_some(text);
    }
}
impl Tidy for AddressPatch {
    fn tidy(&mut self) {
        self.country.iter_mut().for_each(tidy::capital);
        let texts = [&mut self.label, &mut self.recipient, &mut self.phone, &mut self.region, &mut self.city];
        texts.into_iter().flatten().for_each(filled);
        let texts = [&mut self.district, &mut self.division_code, &mut self.street, &mut self.detail];
        texts.into_iter().flatten().for_each(filled);
        [&mut self.postal_code, &mut self.raw_text].into_iter().flatten().for_each(filled);
    }
    fn dial(&mut self, region: Option<Region>) {
        tidy::redial(&mut self.phone, &mut self.phone_text, region);
    }
    fn quote(&mut self, text: String) {
        self.phone_text = self.phone.as_ref().map(|phone| phone.as_ref().map(|_| text));
    }
}

/// Of each kind one is primary at most.
pub(crate) fn leads_once(all: &[NewAddress]) -> std::result::Result<(), ValidationError> {
    let leads = |one: &NewAddress, kind: &str| one.is_primary && one.kind == kind;
    let mut places = all.iter().enumerate();
    let twice = places.find(|(at, one)| one.is_primary && all.iter().take(*at).any(|other| leads(other, &one.kind)));
    let Some((at, _)) = twice else { return Ok(()) };
    let mut rule = rule!("twice", "another address of this kind is primary already");
    rule.add_param("member".into(), &format!("addresses/{at}/is_primary"));
    Err(rule)
}

pub(super) fn is_kind(text: &str) -> std::result::Result<(), ValidationError> {
    crate::choices::one_of(text, KINDS)
}

/// Six digits, of which the first two are those of a province; which districts there are changes with the years.
pub(super) fn is_division(text: &str) -> std::result::Result<(), ValidationError> {
    let is_code = text.len() == 6 && text.bytes().all(|digit| digit.is_ascii_digit());
    match text.get(..2).is_some_and(|province| is_code && PROVINCES.contains(&province)) {
        true => Ok(()),
        false => Err(rule!("division_code", "is not a number of six digits of GB/T 2260, such as 310101")),
    }
}

pub(super) fn is_somewhere(new: &NewAddress) -> std::result::Result<(), ValidationError> {
    let parts = [&new.region, &new.city, &new.district, &new.street, &new.detail, &new.postal_code, &new.raw_text];
    match parts.into_iter().any(Option::is_some) {
        true => Ok(()),
        false => Err(rule!("required", "needs a part of the address beside its country, or raw_text")),
    }
}

pub(super) fn is_numbered(new: &NewAddress) -> std::result::Result<(), ValidationError> {
    if new.division_code.is_none() || NUMBERED.contains(&new.country.as_str()) {
        return Ok(());
    }
    let mut rule = rule!("country", "numbers places of {countries} only", countries = NUMBERED.join(", "));
    rule.add_param("member".into(), &"division_code");
    Err(rule)
}

#[cfg(test)]
mod tests {
    use super::is_division;
    use crate::address::{AddressPatch, NewAddress};
    use kernel::{Tidy, rules};

    fn wrong(new: &NewAddress) -> Vec<String> {
        let mut all: Vec<String> = rules::faults(new).into_iter().map(|fault| fault.pointer).collect();
        all.sort();
        all
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        let text = |text: &str| Some(text.to_owned());
        let (kind, country) = ("castle".to_owned(), "XX".to_owned());
        let mut new =
            NewAddress { kind, country, phone: text("12"), division_code: text("990101"), ..Default::default() };
        new.tidy();
        // beside what is wrong with each: it is nowhere
        assert_eq!(wrong(&new), ["", "/country", "/division_code", "/kind", "/phone"]);
        let (kind, country) = ("home".to_owned(), " cn ".to_owned());
        let mut new =
            NewAddress {
                kind, country, division_code: text("310101"), city: text(" 上海市 "), ..Default::default()
            };
        new.tidy();
        assert_eq!(wrong(&new), Vec::<String>::new());
        assert_eq!((new.country.as_str(), new.city.as_deref()), ("CN", Some("上海市")));
    }

    #[test]
    fn what_is_blank_is_cleared() {
        let mut patch = AddressPatch { city: Some(Some("  ".to_owned())), ..AddressPatch::default() };
        patch.tidy();
        assert_eq!((patch.city, patch.region), (Some(None), None));
    }

    #[test]
    fn a_division_is_one_of_a_province() {
        for good in ["110101", "310101", "659001", "710000", "810000", "820000"] {
            assert!(is_division(good).is_ok(), "{good}");
        }
        for bad in ["100000", "990101", "31010", "3101011", "31010a", "３１０１０１", ""] {
            assert!(is_division(bad).is_err(), "{bad}");
        }
    }
}
