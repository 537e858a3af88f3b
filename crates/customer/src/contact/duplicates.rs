//! Who a new contact probably is already.
use super::{Contact, NewContact, store};
use crate::duplicate::likeness::{Reasons, Traits, compare};
use kernel::{Ctx, Existing, Result};
use platform::Conn;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// The contacts that `new` may be, the likeliest first.
pub fn duplicates(conn: &mut Conn, ctx: &Ctx, new: &NewContact) -> Result<Vec<Existing>> {
    let (email, phone) = (new.email.as_deref(), new.phone.as_deref());
    if email.is_none() && phone.is_none() {
        return Ok(Vec::new());
    }
    // a name that is not seen is not compared, for the answer would tell it
    let name = new.name().filter(|_| ctx.sees::<Contact>("display_name"));
    let given = Traits {
        emails: new.email.clone().into_iter().collect(),
        phones: new.phone.clone().into_iter().collect(),
        name,
        ..Traits::default()
    };
    let alike = store::alike(conn, ctx, email, phone)?;
    let judge = |one: &Contact| {
        // it was found by them, whether they are seen or not
        let own = Traits {
            emails: one.email.clone().into_iter().collect(),
            phones: one.phone.clone().into_iter().collect(),
            name: Some(one.display_name.clone()),
            ..Traits::default()
        };
        Existing::new(one.id, rule(&compare(&given, &own)), score(&compare(&given, &own)))
    };
    let mut existing: Vec<Existing> = alike.iter().map(judge).collect();
    existing.sort_by_key(|one| std::cmp::Reverse(one.score));
    Ok(existing)
}

/// What agrees, by the names that callers know.
fn rule(reasons: &Reasons) -> &'static str {
    match (reasons.of("email"), reasons.of("display_name")) {
        (true, _) => "email",
        (false, true) => "phone_and_name",
        (false, false) => "phone",
    }
}

/// In hundredths.
pub(crate) fn score(reasons: &Reasons) -> u8 {
    (reasons.score() * Decimal::ONE_HUNDRED).round().to_u8().unwrap_or(100)
}

/// What is compared of a contact, as far as the actor sees it; its points come beside.
pub(crate) fn traits(ctx: &Ctx, one: &Contact) -> Traits {
    Traits {
        name: Some(one.display_name.clone()).filter(|_| ctx.sees::<Contact>("display_name")),
        account: one.account_id.filter(|_| ctx.sees::<Contact>("account_id")),
        ..Traits::default()
    }
}
