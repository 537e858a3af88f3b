//! The first half: accounts, contacts, and beside each contact its points and its membership.
use super::Half;
use super::account::Account;
use super::contact::People;
use super::history::Table;
use super::load::{Shown, pour};
use super::owners::Owners;
use super::schema::accounts;
use crate::seed::World;
use diesel::prelude::*;

pub const HALF: Half = Half { name: "customers", are_there, load };

/// By the first account: it is written with all others, or not at all.
fn are_there(conn: &mut PgConnection, world: &World, owners: &Owners) -> QueryResult<bool> {
    let Some(first) = world.accounts().next() else { return Ok(true) };
    diesel::select(diesel::dsl::exists(accounts::table.find((owners.tenant, first.id)))).get_result(conn)
}

fn load(conn: &mut PgConnection, world: &World, owners: &Owners) -> QueryResult<&'static [Table]> {
    pour(
        conn,
        &Shown::new("accounts", Some(world.account_count())),
        world.accounts(),
        |piece| piece.into_iter().map(|account| Account::new(owners, account)).collect(),
        Account::copy,
    )?;
    pour(
        conn,
        &Shown::new("contacts", Some(world.contact_count())),
        world.contacts(),
        |piece| People::new(owners, piece),
        |conn, people| people.copy(conn),
    )?;
    Ok(&[Table::Accounts, Table::Contacts])
}
