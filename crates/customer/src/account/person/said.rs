//! What an account takes from its contact, and how it follows when that has changed.
use super::store;
use crate::account::{Account, AccountPatch, deeds, lifecycle};
use crate::contact::Contact;
use crate::schema::accounts;
use diesel::prelude::AsChangeset;
use kernel::event::Verb;
use kernel::{ContactId, Ctx, Error, Result, TeamId, UserId};
use platform::Conn;
use platform::import::many::Columns;
use serde::Deserialize;
use serde_json::Value;

/// Fields of an account that is somebody's, with those of the contact that say them.
pub(crate) const MIRRORED: &[(&str, &str)] = &[
    ("name", "display_name"),
    ("email", "email"),
    ("phone", "phone"),
    ("phone_text", "phone_text"),
    ("owner_id", "owner_id"),
    ("team_id", "team_id"),
    ("lifecycle_stage", "lifecycle_stage"),
];

/// What both say.
#[derive(Clone, Debug, PartialEq, Deserialize, AsChangeset)]
#[diesel(table_name = accounts, treat_none_as_null = true)]
pub(crate) struct Said {
    #[serde(rename = "display_name")]
    pub name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    #[diesel(skip_update)]
    pub phone_text: Option<String>,
    pub owner_id: UserId,
    pub team_id: Option<TeamId>,
    pub lifecycle_stage: String,
}

impl Said {
    pub fn of(contact: &Contact) -> Self {
        Self {
            name: contact.display_name.clone(),
            email: contact.email.clone(),
            phone: contact.phone.clone(),
            phone_text: contact.phone_text.clone(),
            owner_id: contact.owner_id,
            team_id: contact.team_id,
            lifecycle_stage: contact.lifecycle_stage.clone(),
        }
    }

    /// By the columns of a contact as they stand.
    pub fn of_columns(contact: &Columns) -> Result<Self> {
        serde_json::from_value(Value::Object(contact.clone())).map_err(Error::internal)
    }

    fn of_account(account: &Account) -> Self {
        Self {
            name: account.name.clone(),
            email: account.email.clone(),
            phone: account.phone.clone(),
            phone_text: account.phone_text.clone(),
            owner_id: account.owner_id,
            team_id: account.team_id,
            lifecycle_stage: account.lifecycle_stage.clone(),
        }
    }

    /// In place of what a patch says of it.
    pub fn over(self, patch: &AccountPatch) -> AccountPatch {
        AccountPatch {
            name: Some(self.name),
            email: Some(self.email),
            phone: Some(self.phone),
            phone_text: Some(self.phone_text),
            owner_id: Some(self.owner_id),
            team_id: Some(self.team_id),
            lifecycle_stage: Some(self.lifecycle_stage),
            ..patch.clone()
        }
    }
}

/// The account of a contact that has changed says what it says, whoever may change that; where that is another stage, it
/// is a step of the account too. In the transaction that holds the contact.
pub(crate) fn follow(conn: &mut Conn, ctx: &Ctx, contact: &Contact) -> Result<()> {
    follow_all(conn, ctx, &[(contact.id, Said::of(contact))])
}

/// The same of many contacts, in the order of their ids.
pub(crate) fn follow_all(conn: &mut Conn, ctx: &Ctx, all: &[(ContactId, Said)]) -> Result<()> {
    if all.is_empty() {
        return Ok(());
    }
    let contacts: Vec<ContactId> = all.iter().map(|(id, _)| *id).collect();
    for account in store::held(conn, ctx, &contacts)?.into_iter().filter(|one| one.deleted_at.is_none()) {
        let said = all.iter().find(|(id, _)| account.person_id == Some(*id)).map(|(_, said)| said);
        if let Some(said) = said.filter(|said| **said != Said::of_account(&account)) {
            let is_elsewhere = said.lifecycle_stage != account.lifecycle_stage;
            let verb = if is_elsewhere { Verb::LifecycleChanged } else { Verb::Updated };
            let after = store::say(conn, ctx, account.id, said, verb)?;
            lifecycle::moved(conn, ctx, &account, &after)?;
            deeds::reindex(conn, ctx, &after)?;
        }
    }
    Ok(())
}
