//! Who a new lead probably is already: another lead, or a contact.
use super::{Lead, NewLead, store};
use customer::contact::{self, Contact, NewContact};
use kernel::{Action, Ctx, Existing, Reach, Result};
use platform::Conn;

const EMAIL: u8 = 100;
const PHONE_AND_NAME: u8 = 90;
/// A household or a reception shares a number: worth showing, not worth refusing.
const PHONE: u8 = 60;
/// A customer may well come again as a lead: likewise.
const CONTACT: u8 = 70;

/// The leads that `new` may be, and the contacts, the likeliest first.
pub fn duplicates(conn: &mut Conn, ctx: &Ctx, new: &NewLead) -> Result<Vec<Existing>> {
    let (email, phone) = (new.email.as_deref(), new.phone.as_deref());
    if email.is_none() && phone.is_none() {
        return Ok(Vec::new());
    }
    // a name that is not seen is not compared, for the answer would tell it
    let name = new.name().filter(|_| ctx.sees::<Lead>("display_name")).map(|name| name.to_lowercase());
    let alike = store::alike(conn, ctx, email, phone)?;
    let mut existing: Vec<Existing> = alike.iter().map(|one| judge(one, email, name.as_deref())).collect();
    existing.extend(contacts(conn, ctx, email, phone)?);
    existing.sort_by_key(|one| std::cmp::Reverse(one.score));
    Ok(existing)
}

fn judge(one: &Lead, email: Option<&str>, name: Option<&str>) -> Existing {
    if email.is_some() && one.email.as_deref() == email {
        return Existing::new(one.id, "email", EMAIL);
    }
    if name.is_some_and(|name| one.display_name.to_lowercase() == name) {
        return Existing::new(one.id, "phone_and_name", PHONE_AND_NAME);
    }
    Existing::new(one.id, "phone", PHONE)
}

/// As far as the caller sees contacts, and by what they see of them.
fn contacts(conn: &mut Conn, ctx: &Ctx, email: Option<&str>, phone: Option<&str>) -> Result<Vec<Existing>> {
    if ctx.reach::<Contact>(Action::Read) == Reach::None {
        return Ok(Vec::new());
    }
    let like = NewContact {
        email: email.filter(|_| ctx.sees::<Contact>("email")).map(str::to_owned),
        phone: phone.filter(|_| ctx.sees::<Contact>("phone")).map(str::to_owned),
        ..NewContact::default()
    };
    let found = contact::duplicates(conn, ctx, &like)?;
    Ok(found.into_iter().map(|one| Existing::new(one.id, &format!("contact_{}", one.match_rule), CONTACT)).collect())
}
