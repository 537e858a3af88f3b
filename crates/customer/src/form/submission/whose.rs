//! To whom a submission belongs, and what it changes of them.
use super::FormSubmission;
use super::deeds::{Reads, Sent};
use crate::contact::{self, Contact, EMAIL_TAKEN, Key, NewContact};
use diesel::Connection;
use kernel::custom::CUSTOM;
use kernel::{Ctx, Error, Kind, LeadId, Result, TeamId, Tidy, UserId};
use platform::Conn;
use platform::deed::{Duplicates, may_own};
use serde_json::{Map, Value, json};

/// What is never put into a contact that is there already: anybody can say it.
const SAID: [&str; 3] = ["email", "phone", "display_name"];

pub struct Whose {
    pub contact: Option<Contact>,
    /// whether it was made of this submission
    pub is_new: bool,
    /// whether the form's user may change it
    pub may_change: bool,
    pub suggestions: Map<String, Value>,
    pub owner: UserId,
    pub team: Option<TeamId>,
    /// the lead that it became, or that was there already
    pub lead: Option<TakenLead>,
}

/// How a submission becomes a lead, which is another wing's to say.
pub trait Leads {
    /// Held to the rules of a new lead, whoever it turns out to be: a refusal must not tell who is known.
    fn check(&self, ctx: &Ctx, fields: &Map<String, Value>) -> Result<()>;
    /// The open lead with the address, whoever sees it, or a new one.
    fn take(&self, conn: &mut Conn, ctx: &Ctx, fields: &Map<String, Value>) -> Result<TakenLead>;
}

/// A lead that a submission is of.
#[derive(Clone, Debug)]
pub struct TakenLead {
    pub id: LeadId,
    pub owner: UserId,
    pub team: Option<TeamId>,
    /// its address is shown to nobody now
    pub is_masked: bool,
    pub is_new: bool,
}

/// The contact with the address, or with the number where no address was given; or a new one. Whoever is out of the
/// sight of the form's user is nobody, and nothing is made beside them.
pub fn whose(conn: &mut Conn, ctx: &Ctx, sent: &Sent) -> Result<Whose> {
    let proposed = &sent.answered.contact;
    let nobody = Whose {
        contact: None,
        is_new: false,
        may_change: false,
        suggestions: Map::new(),
        owner: ctx.actor.user,
        team: ctx.grants.teams().first().copied(),
        lead: None,
    };
    if let Some(leads) = sent.leads {
        return of_lead(conn, ctx, sent, leads, nobody);
    }
    // held to the rules of a new contact in either case: a refusal must not tell who is known
    let fresh = fresh(sent)?;
    let (contact, is_new) = match known(conn, ctx, proposed)? {
        Some(contact) => (contact, false),
        None => match made(conn, ctx, proposed, fresh)? {
            Some((contact, is_new)) => (contact, is_new),
            None => return Ok(Whose { suggestions: proposed.clone(), ..nobody }),
        },
    };
    let (may_change, suggestions) =
        if is_new { (true, Map::new()) } else { filled(conn, ctx, &contact, proposed, sent.reads)? };
    Ok(of_contact(ctx, contact, is_new, (may_change, suggestions), nobody))
}

fn of_contact(
    ctx: &Ctx,
    contact: Contact,
    is_new: bool,
    (may_change, suggestions): (bool, Map<String, Value>),
    nobody: Whose,
) -> Whose {
    let theirs = may_own::<FormSubmission>(ctx, Some(contact.owner_id)).is_ok();
    let owner = if theirs { contact.owner_id } else { ctx.actor.user };
    let team = if theirs { contact.team_id } else { nobody.team };
    Whose { contact: Some(contact), is_new, may_change, suggestions, owner, team, lead: None }
}

/// Whoever is a contact already, the open lead with the address, or a new one.
fn of_lead(conn: &mut Conn, ctx: &Ctx, sent: &Sent, leads: &dyn Leads, nobody: Whose) -> Result<Whose> {
    let proposed = &sent.answered.contact;
    let names = ["display_name", "given_name", "family_name", "company_name", "email", "phone"];
    if !names.iter().any(|name| text(proposed, name).is_some()) {
        return Ok(Whose { suggestions: proposed.clone(), ..nobody });
    }
    leads.check(ctx, proposed)?;
    if let Some(contact) = known(conn, ctx, proposed)? {
        // what a lead has and a contact has not
        let is_of_leads = |name: &str| ["company_name", CUSTOM].contains(&name);
        let (of_leads, theirs): (Vec<_>, Vec<_>) =
            proposed.clone().into_iter().partition(|(name, _)| is_of_leads(name));
        let (may_change, mut suggestions) = filled(conn, ctx, &contact, &theirs.into_iter().collect(), sent.reads)?;
        suggestions.extend(of_leads);
        return Ok(of_contact(ctx, contact, false, (may_change, suggestions), nobody));
    }
    let lead = leads.take(conn, ctx, proposed)?;
    let theirs = !lead.is_masked && may_own::<FormSubmission>(ctx, Some(lead.owner)).is_ok();
    let (owner, team) = if theirs { (lead.owner, lead.team) } else { (ctx.actor.user, None) };
    let said = proposed.iter().filter(|(name, _)| !lead.is_new && name.as_str() != "email");
    let suggestions = said.map(|(name, value)| (name.clone(), value.clone())).collect();
    Ok(Whose { lead: Some(lead), is_new: false, may_change: true, suggestions, owner, team, contact: None })
}

fn text<'a>(fields: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    fields.get(name).and_then(Value::as_str)
}

/// Several who share a number are nobody.
fn known(conn: &mut Conn, ctx: &Ctx, proposed: &Map<String, Value>) -> Result<Option<Contact>> {
    if let Some(email) = text(proposed, "email") {
        let mut found: Vec<Contact> =
            contact::at_addresses(conn, ctx, &[email])?.into_iter().map(|(_, contact)| contact).collect();
        found.sort_by_key(|one| (one.email.as_deref() != Some(email), one.id));
        return Ok(found.into_iter().next());
    }
    let Some(phone) = text(proposed, "phone") else { return Ok(None) };
    let mut found = contact::find_by(conn, ctx, &Key::Phone(phone.to_owned()))?;
    let one = found.pop();
    Ok(if found.is_empty() { one } else { None })
}

/// What a new contact would be; nothing where nobody is named.
fn fresh(sent: &Sent) -> Result<Option<NewContact>> {
    let proposed = &sent.answered.contact;
    let names = ["display_name", "given_name", "family_name", "email", "phone"];
    if !names.iter().any(|name| text(proposed, name).is_some()) {
        return Ok(None);
    }
    let mut fields = proposed.clone();
    fields.insert("source".to_owned(), json!("form"));
    if !names.iter().take(4).any(|name| text(proposed, name).is_some()) {
        fields.insert("display_name".to_owned(), json!(text(proposed, "phone")));
    }
    let mut new = (sent.reads.new)(&fields)?;
    if let Some(text) = sent.answered.phone_text.clone() {
        new.quote(text);
    }
    Ok(Some(new))
}

/// A new contact, or whoever was made meanwhile; nothing where nobody is named, or somebody who is out of sight has the
/// address.
fn made(
    conn: &mut Conn,
    ctx: &Ctx,
    proposed: &Map<String, Value>,
    fresh: Option<NewContact>,
) -> Result<Option<(Contact, bool)>> {
    let Some(new) = fresh else { return Ok(None) };
    match conn.transaction(|conn| contact::create(conn, ctx, &new, Duplicates::Allow)) {
        Ok(contact) => Ok(Some((contact, true))),
        Err(error) if error.code == EMAIL_TAKEN => Ok(known(conn, ctx, proposed)?.map(|contact| (contact, false))),
        Err(error) => Err(error),
    }
}

/// Fills in what is empty. What is known otherwise, or is nobody's to say, stays a suggestion.
fn filled(
    conn: &mut Conn,
    ctx: &Ctx,
    contact: &Contact,
    proposed: &Map<String, Value>,
    reads: &Reads,
) -> Result<(bool, Map<String, Value>)> {
    let (patch, mut suggestions) = parted(ctx, contact, proposed)?;
    if contact::changeable(conn, ctx, contact.id).is_err() {
        suggestions.extend(patch);
        return Ok((false, suggestions));
    }
    if !patch.is_empty() {
        let done = conn.transaction(|conn| {
            let patch = (reads.patch)(&patch)?;
            contact::update(conn, ctx, contact.id, None, &patch)
        });
        match done {
            Ok(_) => {}
            Err(error) if matches!(error.kind(), Kind::Busy | Kind::Internal | Kind::Full) => return Err(error),
            Err(_) => suggestions.extend(patch),
        }
    }
    Ok((true, suggestions))
}

type Fields = Map<String, Value>;

/// What is to be filled in, and what is not.
fn parted(ctx: &Ctx, contact: &Contact, proposed: &Fields) -> Result<(Fields, Fields)> {
    let known = serde_json::to_value(contact).map_err(Error::internal)?;
    let (mut patch, mut own, mut suggestions) = (Map::new(), Map::new(), Map::new());
    for (key, value) in proposed.get(CUSTOM).and_then(Value::as_object).into_iter().flatten() {
        match known.get(CUSTOM).and_then(|kept| kept.get(key)) {
            None => drop(own.insert(key.clone(), value.clone())),
            Some(kept) if kept == value => {}
            Some(_) => drop(suggestions.insert(format!("{CUSTOM}.{key}"), value.clone())),
        }
    }
    // by its address it was found, perhaps a further one
    for (name, value) in proposed.iter().filter(|(name, _)| ![CUSTOM, "email"].contains(&name.as_str())) {
        let kept = known.get(name).unwrap_or(&Value::Null);
        let is_free = kept.is_null() && !SAID.contains(&name.as_str()) && ctx.may_write::<Contact>(field(name)).is_ok();
        if is_free {
            patch.insert(name.clone(), value.clone());
        } else if kept != value {
            suggestions.insert(name.clone(), value.clone());
        }
    }
    if !own.is_empty() {
        patch.insert(CUSTOM.to_owned(), Value::Object(own));
    }
    Ok((patch, suggestions))
}

/// A field that a form may fill in, as the program calls it.
fn field(name: &str) -> &'static str {
    ["given_name", "family_name", "job_title", "department"]
        .into_iter()
        .find(|one| *one == name)
        .unwrap_or("description")
}
