//! Where a lead is found: there what it becomes is found too.
use super::deeds::{Fields, offer};
use crate::lead::Lead;
use customer::account::Account;
use customer::address::NewAddress;
use customer::contact::NewContact;
use customer::contact::address::ContactAddress;
use kernel::{AccountId, Ctx, Tidy};
use serde_json::json;

/// Where the lead is: there a new account is too.
pub(super) fn placed_as(ctx: &Ctx, lead: &Lead, fields: &mut Fields) {
    for (name, value) in [("country", &lead.country), ("region", &lead.region), ("city", &lead.city)] {
        offer::<Account>(ctx, fields, (name, name), json!(value));
    }
}

/// Where the lead is: there the new contact is found by post, as far as the caller sees it there and may write it here.
pub(super) fn address(ctx: &Ctx, lead: &Lead, account: Option<AccountId>) -> Option<NewAddress> {
    let may = |name: &'static str| ctx.sees::<Lead>(name) && ctx.may_write::<ContactAddress>(name).is_ok();
    let told = |name: &'static str, value: &Option<String>| value.clone().filter(|_| may(name));
    let (region, city) = (told("region", &lead.region), told("city", &lead.city));
    let country = told("country", &lead.country).filter(|_| region.is_some() || city.is_some())?;
    let kind = if account.is_some() { "work" } else { "home" };
    Some(NewAddress { kind: kind.to_owned(), country, region, city, is_primary: true, ..NewAddress::default() })
}

/// A number that is the lead's is written as it is there.
pub(super) fn quote(ctx: &Ctx, lead: &Lead, new: &mut NewContact) {
    let text = lead.phone_text.clone().filter(|_| new.phone == lead.phone && ctx.sees::<Lead>("phone_text"));
    if let Some(text) = text {
        new.quote(text);
    }
}
