//! Who a new account probably is already.
use super::{Account, NewAccount, person, store};
use crate::contact;
use crate::duplicate::likeness::{Traits, compare};
use kernel::{ContactId, Ctx, Existing, Result};
use platform::Conn;

/// The accounts that `new` may be, the likeliest first.
pub fn duplicates(conn: &mut Conn, ctx: &Ctx, new: &NewAccount) -> Result<Vec<Existing>> {
    if new.person.is_some() || new.person_id.is_some() {
        return of_somebody(conn, ctx, new);
    }
    let (number, name) = (new.tax_number.as_deref(), new.name.as_deref().unwrap_or_default());
    let organisation = |number: &Option<String>, name: &str| Traits {
        number: number.clone(),
        name: Some(name.to_owned()),
        is_account: true,
        is_organisation: true,
        ..Traits::default()
    };
    let given = organisation(&new.tax_number, name);
    let judge = |one: &Account| {
        let reasons = compare(&given, &organisation(&one.tax_number, &one.name));
        let rule = if reasons.of("tax_number") { "tax_number" } else { "name" };
        Existing::new(one.id, rule, contact::score(&reasons))
    };
    let mut existing: Vec<Existing> = store::alike(conn, ctx, name, number)?.iter().map(judge).collect();
    existing.sort_by_key(|one| std::cmp::Reverse(one.score));
    Ok(existing)
}

/// The accounts of those whom a new contact probably is, or of one that is there.
fn of_somebody(conn: &mut Conn, ctx: &Ctx, new: &NewAccount) -> Result<Vec<Existing>> {
    let known = match (&new.person, new.person_id) {
        (Some(person), _) => contact::duplicates(conn, ctx, person)?,
        (None, person) => person.map(|id| Existing::new(id, "person_id", 100)).into_iter().collect(),
    };
    let people: Vec<ContactId> = known.iter().map(|one| ContactId(one.id)).collect();
    let accounts = person::of_people(conn, ctx, &people)?;
    let account = |one: Existing| {
        let account = accounts.iter().find(|account| account.person_id == Some(ContactId(one.id)))?;
        Some(Existing { id: account.id.0, ..one })
    };
    Ok(known.into_iter().filter_map(account).collect())
}

/// What is compared of an account, as far as the actor sees it; further ways to reach somebody come beside.
pub(crate) fn traits(ctx: &Ctx, one: &Account) -> Traits {
    let seen = |field: &str, value: &Option<String>| value.clone().filter(|_| ctx.sees::<Account>(field));
    let host = |site: String| {
        let site = site.to_lowercase();
        let host = site.split_once("://").map_or(site.as_str(), |(_, rest)| rest).split(['/', ':', '?', '#']).next();
        host.map(|host| host.strip_prefix("www.").unwrap_or(host).to_owned()).filter(|host| !host.is_empty())
    };
    Traits {
        emails: seen("email", &one.email).into_iter().collect(),
        phones: seen("phone", &one.phone).into_iter().collect(),
        number: seen("tax_number", &one.tax_number),
        domain: seen("website", &one.website).and_then(host),
        name: seen("name", &Some(one.name.clone())),
        account: None,
        is_account: true,
        is_organisation: !one.is_person,
    }
}
