//! How sure it is that two records are one, and why: the one reckoning, for a new record that is refused, for whoever asks
//! beforehand, and for a scan. Reasons that agree add up as chances do: the score is what is left of the doubt.
use kernel::AccountId;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// What agrees of two records, and how much that says, in hundredths.
const EMAIL: i64 = 100;
const NUMBER: i64 = 100;
/// A household or a reception shares a number: worth showing, not worth refusing.
const PHONE: i64 = 60;
const NAME: i64 = 75;
/// Of organisations, of which few are called the same by chance.
const CALLED: i64 = 80;
const SIMILAR: i64 = 45;
const ACCOUNT: i64 = 20;
const DOMAIN: i64 = 50;
/// Of shorter names, a letter is another name.
const SHORT: usize = 6;
/// Names that share so much of their pairs of letters are similar.
const CLOSE: usize = 80;

/// Something that agrees.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DuplicateReason {
    /// of which field
    #[schema(example = "phone")]
    pub field: String,
    /// `same` or `similar`
    #[schema(example = "same")]
    pub kind: String,
    /// how much it says by itself, from 0 to 1
    #[schema(value_type = String, example = "0.6")]
    pub weight: Decimal,
}

platform::jsonb!(Reasons(Vec<DuplicateReason>), "Why two records are probably one.");

/// What is compared of a record.
#[derive(Clone, Debug, Default)]
pub struct Traits {
    pub emails: BTreeSet<String>,
    pub phones: BTreeSet<String>,
    /// the tax number of an organisation
    pub number: Option<String>,
    pub domain: Option<String>,
    pub name: Option<String>,
    pub account: Option<AccountId>,
    /// an account, of an organisation or somebody's
    pub is_account: bool,
    pub is_organisation: bool,
}

/// Why two records are probably one, the strongest first. An organisation and somebody are two.
pub fn compare(one: &Traits, other: &Traits) -> Reasons {
    if one.is_organisation != other.is_organisation {
        return Reasons::default();
    }
    let same = |one: &Option<String>, other: &Option<String>| one.is_some() && one == other;
    let mut reasons = Vec::new();
    let mut say = |field: &str, kind: &str, weight: i64, holds: bool| {
        if holds {
            let weight = Decimal::new(weight, 2).normalize();
            reasons.push(DuplicateReason { field: field.to_owned(), kind: kind.to_owned(), weight });
        }
    };
    say("email", "same", if one.is_organisation { PHONE } else { EMAIL }, !one.emails.is_disjoint(&other.emails));
    say("tax_number", "same", NUMBER, same(&one.number, &other.number));
    say("phone", "same", PHONE, !one.phones.is_disjoint(&other.phones));
    say("website", "same", DOMAIN, same(&one.domain, &other.domain));
    if let (Some(one_name), Some(other_name)) = (&one.name, &other.name) {
        let field = if one.is_account { "name" } else { "display_name" };
        let equal = key(one_name) == key(other_name);
        say(field, "same", if one.is_organisation { CALLED } else { NAME }, equal);
        say(field, "similar", SIMILAR, !equal && likeness(one_name, other_name) >= CLOSE);
    }
    say("account_id", "same", ACCOUNT, one.account.is_some() && one.account == other.account);
    reasons.sort_by_key(|one: &DuplicateReason| std::cmp::Reverse(one.weight));
    Reasons(reasons)
}

impl Reasons {
    /// How sure it is, from 0 to 1.
    pub fn score(&self) -> Decimal {
        let doubt = self.0.iter().fold(Decimal::ONE, |doubt, one| doubt * (Decimal::ONE - one.weight));
        (Decimal::ONE - doubt).round_dp(3).normalize()
    }

    pub fn of(&self, field: &str) -> bool {
        self.0.iter().any(|one| one.field == field && one.kind == "same")
    }

    /// That two work for the same account says nothing alone.
    pub fn are_worth_telling(&self) -> bool {
        self.score() >= Decimal::new(5, 1)
    }
}

/// A name as it is compared: small letters, without what stands between words, whichever comes first.
fn key(name: &str) -> String {
    let mut words: Vec<String> = name
        .to_lowercase()
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    words.sort_unstable();
    words.join(" ")
}

/// How many of their pairs of letters two names share, of a hundred; short ones are alike or not.
fn likeness(one: &str, other: &str) -> usize {
    let pairs = |name: &str| {
        let letters: Vec<char> = key(name).chars().collect();
        letters.windows(2).map(<[char]>::to_vec).collect::<Vec<_>>()
    };
    let (one, mut rest) = (pairs(one), pairs(other));
    let all = one.len() + rest.len();
    if one.len() < SHORT || rest.len() < SHORT {
        return 0;
    }
    let shared = one.iter().filter(|pair| {
        let at = rest.iter().position(|other| other == *pair);
        at.map(|at| rest.swap_remove(at)).is_some()
    });
    shared.count() * 200 / all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> Traits {
        Traits { name: Some(name.to_owned()), ..Traits::default() }
    }

    #[test]
    fn names_are_compared_as_people_read_them() {
        for (one, other, kind) in [
            ("Wang Wei", "WEI  wang", Some("same")),
            ("王伟", "王伟", Some("same")),
            ("王伟", "王玮", None),
            ("欧阳明", "欧阳民", None),
            ("Katharina Neumann", "Katarina Neumann", Some("similar")),
            ("Li Na", "Li Nan", None),
        ] {
            let reasons = compare(&named(one), &named(other));
            assert_eq!(reasons.0.first().map(|reason| reason.kind.as_str()), kind, "{one} {other}");
        }
    }

    #[test]
    fn somebody_is_compared_with_people() {
        let account = |is_organisation| Traits { is_account: true, is_organisation, ..named("Ada Lovelace") };
        let reasons = compare(&account(false), &account(false));
        assert_eq!(
            reasons.0.first().map(|reason| (reason.field.as_str(), reason.weight)),
            Some(("name", Decimal::new(75, 2)))
        );
        assert_eq!(compare(&account(true), &account(false)), Reasons::default());
    }

    #[test]
    fn what_agrees_adds_up() {
        let phone = || BTreeSet::from(["+8613800138000".to_owned()]);
        let one = Traits { phones: phone(), ..named("王伟") };
        assert_eq!(compare(&one, &one).score(), Decimal::new(9, 1));
        assert!(!compare(&named("x"), &named("y")).are_worth_telling());
    }
}
