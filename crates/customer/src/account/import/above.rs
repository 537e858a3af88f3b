//! The account above that of a row: led to at once where it is there already, and else when the file has ended, for it
//! may come later. A record whose parent is nowhere stays without, and the list of errors says so.
use super::named::{Called, Known, column_above};
use super::{Meant, Named};
use crate::account::person::people_of;
use crate::account::{Account, AccountPatch, deeds, refer};
use diesel::Connection;
use kernel::{AccountId, Ctx, Error, Fault, Kind, Result, text};
use platform::Conn;
use platform::deed::in_turn;
use platform::import::{Outcome, Row, Waiting, Work, Written};
use std::collections::BTreeMap;

/// What the rows of a chunk say of parents.
pub(super) struct Above {
    column: String,
    /// by the places of their rows
    meant: BTreeMap<usize, (Called, Meant)>,
    people: Vec<AccountId>,
}

impl Above {
    pub fn of(conn: &mut Conn, ctx: &Ctx, work: &Work, rows: &[Row]) -> Result<Self> {
        let named = Named::above(&work.plan);
        let called = rows.iter().enumerate().filter_map(|(place, row)| Some((place, named.by(row)?)));
        let called: Vec<(usize, Called)> = called.collect();
        let mut above = Self { column: column_above(&work.plan), meant: BTreeMap::new(), people: Vec::new() };
        if called.is_empty() {
            return Ok(above);
        }
        // nobody gives an account another place meanwhile
        in_turn(conn, &format!("{} account hierarchy", ctx.tenant))?;
        let all: Vec<&Called> = called.iter().map(|(_, called)| called).collect();
        let known = Known::of(conn, ctx, work.plan.source_system(), &all)?;
        let looked = |(place, called): (usize, Called)| {
            let meant = known.look(&called);
            (place, (called, meant))
        };
        above.meant = called.into_iter().map(looked).collect();
        above.people = people_of(conn, ctx, &above.ids())?;
        Ok(above)
    }

    fn ids(&self) -> Vec<AccountId> {
        let is = |meant: &Meant| if let Meant::This(id) = meant { Some(*id) } else { None };
        self.meant.values().filter_map(|(_, meant)| is(meant)).collect()
    }

    /// The parent of a row, where it is there.
    pub fn at(&self, place: usize) -> std::result::Result<Option<AccountId>, Vec<Fault>> {
        let refused = |code: &str, message| Err(vec![Fault::new(&self.column, code, message)]);
        match self.meant.get(&place).map(|(_, meant)| *meant) {
            None | Some(Meant::None | Meant::Missing) => Ok(None),
            Some(Meant::This(id)) if self.people.contains(&id) => {
                refused("person", text!("is somebody's, and stands above no account"))
            }
            Some(meant) => meant.id(self.column.as_str()).map_err(|fault| vec![fault]),
        }
    }

    /// Looks at what has been written: nobody stands above themselves, and who has no parent yet waits for one.
    pub fn settle(self, conn: &mut Conn, ctx: &Ctx, written: &mut Written) -> Result<()> {
        for (place, (called, meant)) in self.meant {
            let Some(record) = written.record(place) else { continue };
            match meant {
                Meant::Missing => {
                    let (by, name) = called.kept();
                    written.waiting.push((place, Waiting { record, named: (by.to_owned(), name) }));
                }
                Meant::This(parent) if written.get(place) != Some(&Outcome::Unchanged) => {
                    let below = refer::stands_below(conn, ctx, AccountId(record), parent);
                    below.map_err(|error| placed(error, &self.column))?;
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// When all rows are there: leads each to the one it waits for.
pub(super) fn link(conn: &mut Conn, ctx: &Ctx, work: &Work, waiting: &[Waiting]) -> Result<Vec<Vec<Fault>>> {
    let column = column_above(&work.plan);
    let called: Vec<Option<Called>> = waiting.iter().map(|one| Called::of_kept(&one.named)).collect();
    let all: Vec<&Called> = called.iter().flatten().collect();
    let known = Known::of(conn, ctx, work.plan.source_system(), &all)?;
    let mut faults = Vec::with_capacity(waiting.len());
    for (one, called) in waiting.iter().zip(&called) {
        let meant = called.as_ref().map_or(Meant::Missing, |called| known.look(called));
        faults.push(match meant.id(column.as_str()) {
            Ok(parent) => led(conn, ctx, AccountId(one.record), parent, &column)?,
            Err(fault) => vec![fault],
        });
    }
    Ok(faults)
}

/// What is wrong with that parent, if anything.
fn led(conn: &mut Conn, ctx: &Ctx, id: AccountId, parent: Option<AccountId>, column: &str) -> Result<Vec<Fault>> {
    let patch = AccountPatch { parent_id: Some(parent), ..AccountPatch::default() };
    let done: Result<Account> = conn.transaction(|conn| deeds::update(conn, ctx, id, None, &patch));
    match done {
        Ok(_) => Ok(Vec::new()),
        Err(error) if matches!(error.kind(), Kind::Invalid | Kind::Conflict | Kind::Forbidden | Kind::NotFound) => {
            let code = error.code;
            let faults = placed(error, column).faults;
            Ok(if faults.is_empty() { vec![Fault::of(column, code)] } else { faults })
        }
        Err(error) => Err(error),
    }
}

/// By the column that names the parent.
fn placed(mut error: Error, column: &str) -> Error {
    error.faults.iter_mut().for_each(|fault| column.clone_into(&mut fault.pointer));
    error
}
