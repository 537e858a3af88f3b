//! What the account of somebody may not say: what their contact says, and what organisations alone have.
use super::MIRRORED;
use crate::account::{Account, AccountPatch, NewAccount};
use kernel::{Error, Fault, Result, Text, error, text};

/// What organisations alone have.
const ORGANISED: &[&str] =
    &["legal_name", "industry", "website", "tax_number", "employee_count", "annual_revenue", "parent_id"];
/// As long as a contact may be called.
const LONGEST: usize = 200;

pub(super) fn refuse(faults: impl IntoIterator<Item = Fault>) -> Result<()> {
    let faults: Vec<Fault> = faults.into_iter().collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::from(error::INVALID).faults(faults)) }
}

fn faults(said: &[(&str, bool)], code: &str, why: &Text) -> Vec<Fault> {
    let wrong = said.iter().filter(|(_, is_said)| *is_said);
    wrong.map(|(field, _)| Fault::new(format!("/{field}"), code, why.clone())).collect()
}

/// What the contact says, and the body of a new account cannot.
pub(super) fn theirs(new: &NewAccount) -> Vec<Fault> {
    let said = [
        ("name", new.name.is_some()),
        ("email", new.email.is_some()),
        ("phone", new.phone.is_some()),
        ("owner_id", new.owner_id.is_some()),
        ("team_id", new.team_id.is_some()),
        ("lifecycle_stage", new.lifecycle_stage.is_some()),
    ];
    faults(&said, "person", &said_there())
}

fn said_there() -> Text {
    text!("is what the contact says: say it of the contact")
}

pub(super) fn of_organisations(new: &NewAccount) -> Vec<Fault> {
    let said = [
        ("legal_name", new.legal_name.is_some()),
        ("industry", new.industry.is_some()),
        ("website", new.website.is_some()),
        ("tax_number", new.tax_number.is_some()),
        ("employee_count", new.employee_count.is_some()),
        ("annual_revenue", new.annual_revenue.is_some()),
        ("parent_id", new.parent_id.is_some()),
    ];
    faults(&said, "organisation", &alone())
}

fn alone() -> Text {
    text!("is of organisations, and the account is somebody's")
}

/// What is not to be changed of one that is somebody's but by its doors, by whether each field would change.
pub(in crate::account) fn not_theirs(differs: impl Fn(&str) -> bool) -> Vec<Fault> {
    let theirs: Vec<(&str, bool)> = MIRRORED.iter().map(|(field, _)| (*field, differs(field))).collect();
    let organised: Vec<(&str, bool)> = ORGANISED.iter().map(|field| (*field, differs(field))).collect();
    let all = faults(&theirs, "person", &said_there()).into_iter();
    all.chain(faults(&organised, "organisation", &alone())).collect()
}

/// What a patch gives somebody that organisations alone have, or that no contact may be called.
pub(super) fn beyond(patch: &AccountPatch) -> Vec<Fault> {
    let said = [
        ("legal_name", matches!(patch.legal_name, Some(Some(_)))),
        ("industry", matches!(patch.industry, Some(Some(_)))),
        ("website", matches!(patch.website, Some(Some(_)))),
        ("tax_number", matches!(patch.tax_number, Some(Some(_)))),
        ("employee_count", matches!(patch.employee_count, Some(Some(_)))),
        ("annual_revenue", matches!(patch.annual_revenue, Some(Some(_)))),
        ("parent_id", matches!(patch.parent_id, Some(Some(_)))),
    ];
    let long = patch.name.as_ref().is_some_and(|name| name.chars().count() > LONGEST);
    let long = long.then(|| Fault::new("/name", "length", text!("must be at most {max} long", max = LONGEST)));
    faults(&said, "organisation", &alone()).into_iter().chain(long).collect()
}

/// Whether a patch changes nothing but what any account has by itself.
pub(in crate::account) fn is_of_any(patch: &AccountPatch) -> bool {
    let theirs = patch.name.is_some() || patch.email.is_some() || patch.phone.is_some() || patch.owner_id.is_some();
    let theirs = theirs || patch.team_id.is_some() || patch.lifecycle_stage.is_some();
    let organised = patch.legal_name.is_some() || patch.industry.is_some() || patch.website.is_some();
    let organised = organised || patch.tax_number.is_some() || patch.employee_count.is_some();
    !theirs && !organised && patch.annual_revenue.is_none() && patch.parent_id.is_none()
}

/// A record that is there is who it is: a body that is for it, too, cannot make it somebody else's.
pub(in crate::account) fn is_still(found: &Account, new: &NewAccount) -> Result<()> {
    let others = new.person_id.is_some() && new.person_id != found.person_id;
    let nobodys = new.person.is_some() && found.person_id.is_none();
    let others = faults(&[("person_id", others)], "person", &text!("the account is another's"));
    refuse(others.into_iter().chain(faults(
        &[("person", nobodys)],
        "person",
        &text!("the account is an organisation's"),
    )))
}
