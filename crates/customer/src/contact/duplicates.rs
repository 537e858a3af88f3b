//! Who a new contact probably is already.
use super::{Contact, NewContact, store};
use kernel::{Ctx, Existing, Result};
use platform::Conn;

const EMAIL: u8 = 100;
const PHONE_AND_NAME: u8 = 90;
/// A household or a reception shares a number: worth showing, not worth refusing.
const PHONE: u8 = 60;

/// The contacts that `new` may be, the likeliest first.
pub fn duplicates(conn: &mut Conn, ctx: &Ctx, new: &NewContact) -> Result<Vec<Existing>> {
    let (email, phone) = (new.email.as_deref(), new.phone.as_deref());
    if email.is_none() && phone.is_none() {
        return Ok(Vec::new());
    }
    // a name that is not seen is not compared, for the answer would tell it
    let name = new.name().filter(|_| ctx.sees::<Contact>("display_name")).map(|name| name.to_lowercase());
    let alike = store::alike(conn, ctx, email, phone)?;
    let mut existing: Vec<Existing> = alike.iter().map(|one| judge(one, email, name.as_deref())).collect();
    existing.sort_by_key(|one| std::cmp::Reverse(one.score));
    Ok(existing)
}

fn judge(one: &Contact, email: Option<&str>, name: Option<&str>) -> Existing {
    if email.is_some() && one.email.as_deref() == email {
        return Existing::new(one.id, "email", EMAIL);
    }
    if name.is_some_and(|name| one.display_name.to_lowercase() == name) {
        return Existing::new(one.id, "phone_and_name", PHONE_AND_NAME);
    }
    Existing::new(one.id, "phone", PHONE)
}
