//! What the clock goes through: a row that cannot be settled keeps no other waiting, and is looked at again.
use crate::sales::contracts::act;
use crate::sales::leads::pools;
use crate::sales::payments;
use crate::support::{Person, Town, Value, json, make};
use diesel::PgConnection;

/// Which sweep it is, whose rows, what says that one of them is settled, and who goes through them.
struct Sweep {
    table: &'static str,
    settled: &'static str,
    pass: fn(&mut PgConnection) -> kernel::Result<usize>,
}

impl Sweep {
    fn pass(&self, town: &Town) -> usize {
        (self.pass)(&mut town.database.conn()).unwrap()
    }

    fn settled(&self, town: &Town) -> Vec<String> {
        town.database.column(&format!("SELECT id FROM {} WHERE {} ORDER BY id", self.table, self.settled))
    }

    /// Of these rows, which are due, the first in order is one that nobody can change.
    fn passes_over_the_first_of(&self, town: &Town, rows: &[Value]) {
        let mut ids: Vec<String> = rows.iter().map(|row| make::id(row, "id")).collect();
        ids.sort_unstable();
        let (table, first) = (self.table, &ids[0]);
        let before = self.settled(town);
        assert!(ids.iter().all(|id| !before.contains(id)), "{table}: settled before {}", self.settled);
        town.database.run(&format!(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$;
             CREATE TRIGGER refused BEFORE UPDATE ON {table} FOR EACH ROW WHEN (OLD.id = '{first}')
             EXECUTE FUNCTION refuse()"
        ));
        assert_eq!(self.pass(town), ids.len() - 1, "{table}: {}", self.settled);
        let now = self.settled(town);
        assert!(ids[1..].iter().all(|id| now.contains(id)) && !now.contains(first), "{table}: {now:?}");
        assert_eq!(self.pass(town), 0, "{table}: it cannot be settled still, and nobody else is due");
        town.database.run(&format!("DROP TRIGGER refused ON {table}; DROP FUNCTION refuse()"));
        assert_eq!((self.pass(town), self.pass(town)), (1, 0), "{table}: {}", self.settled);
        assert!(self.settled(town).contains(first), "{table}: {}", self.settled);
    }
}

const fn contracts(table: &'static str, settled: &'static str) -> Sweep {
    Sweep { table, settled, pass: sales::contract::watch }
}

/// Three contracts that were signed.
fn signed(town: &Town, extra: Value) -> Vec<Value> {
    let owner = town.owner();
    (0..3).map(|_| act(&owner, &make::contract(&owner, extra.clone()), "sign").ok()).collect()
}

/// The one instalment of each.
fn parts(town: &Town, contracts: &[Value]) -> Vec<Value> {
    contracts.iter().map(|one| payments::plan(&town.owner(), one)[0].clone()).collect()
}

#[test]
fn a_contract_that_cannot_be_settled_keeps_no_other_waiting() {
    let town = Town::idle();
    town.owner().patch("/v1/tenant", json!({"time_zone": "UTC"})).ok();
    let begin = signed(&town, json!({"start_on": "2099-01-01"}));
    town.database.run("UPDATE contracts SET start_on = '2020-01-01'");
    contracts("contracts", "status = 'active'").passes_over_the_first_of(&town, &begin);
    let end = signed(&town, json!({"start_on": "2020-01-01", "end_on": "2020-12-31"}));
    contracts("contracts", "status = 'expired'").passes_over_the_first_of(&town, &end);
    let near = kernel::clock::now().date_naive() + chrono::Duration::days(9);
    let near = signed(&town, json!({"end_on": near}));
    contracts("contracts", "told_end_on = end_on").passes_over_the_first_of(&town, &near);
}

#[test]
fn an_instalment_that_cannot_be_settled_keeps_no_other_waiting() {
    let town = Town::idle();
    town.owner().patch("/v1/tenant", json!({"time_zone": "UTC"})).ok();
    let later = json!({"installments": [{"due_on": "2099-01-01", "amount": "1000"}]});
    let coming = parts(&town, &signed(&town, later));
    town.database.run("UPDATE installments SET due_on = (now() AT TIME ZONE 'UTC')::date");
    contracts("installments", "status = 'due'").passes_over_the_first_of(&town, &coming);
    let before = json!({"installments": [{"due_on": "2020-01-01", "amount": "1000"}]});
    let late = parts(&town, &signed(&town, before));
    contracts("installments", "status = 'overdue'").passes_over_the_first_of(&town, &late);
}

#[test]
fn a_quote_that_cannot_be_settled_keeps_no_other_waiting() {
    let town = Town::idle();
    let owner = town.owner();
    let quotes: Vec<Value> = (0..3).map(|_| make::quote(&owner, json!({}))).collect();
    town.database.run("UPDATE quotes SET status = 'sent', valid_until_on = '2020-01-01'");
    let sweep = Sweep { table: "quotes", settled: "status = 'expired'", pass: sales::quote::expire_due };
    sweep.passes_over_the_first_of(&town, &quotes);
}

#[test]
fn an_opportunity_that_cannot_be_settled_keeps_no_other_waiting() {
    let town = Town::idle();
    let owner = town.owner();
    let deals: Vec<Value> = (0..3).map(|_| make::opportunity(&owner, json!({}))).collect();
    town.database.run("UPDATE opportunities SET rots_at = now() - interval '1 minute'");
    let sweep = Sweep { table: "opportunities", settled: "is_rotten", pass: sales::opportunity::rotting::watch };
    sweep.passes_over_the_first_of(&town, &deals);
}

#[test]
fn a_task_that_cannot_be_settled_keeps_no_other_waiting() {
    let town = Town::idle();
    let owner = town.owner();
    let soon = kernel::clock::now() + chrono::TimeDelta::milliseconds(100);
    let tasks: Vec<Value> = (0..3).map(|_| make::task(&owner, json!({"reminders": [{"remind_at": soon}]}))).collect();
    std::thread::sleep(std::time::Duration::from_millis(300));
    let sweep = Sweep { table: "tasks", settled: "reminded_at IS NOT NULL", pass: customer::task::reminder::fire_due };
    sweep.passes_over_the_first_of(&town, &tasks);
}

#[test]
fn a_lead_that_cannot_be_settled_keeps_no_other_waiting() {
    let town = Town::idle();
    let owner = town.owner();
    let pool = pools::pool(&town, &[Person::Rep], json!({"idle_days": 3}));
    let rep = town.client(Person::Rep);
    (0..3).for_each(|_| drop(pools::lying(&owner, &pool, json!({}))));
    let taken: Vec<Value> = (0..3).map(|_| pools::claim(&rep, &pool).ok()).collect();
    town.database
        .run("UPDATE leads SET assigned_at = now() - interval '4 days', created_at = now() - interval '9 days'");
    let still = Sweep { table: "leads", settled: "pooled_at IS NOT NULL", pass: sales::lead::pooling::recycle };
    still.passes_over_the_first_of(&town, &taken);
    let promised: Vec<Value> = (0..3).map(|_| make::lead(&owner, json!({}))).collect();
    let ids: Vec<String> = promised.iter().map(|one| format!("'{}'", make::id(one, "id"))).collect();
    town.database.run(&format!(
        "UPDATE leads SET response_status = 'pending', response_due_at = now() - interval '1 minute' WHERE id IN ({})",
        ids.join(", ")
    ));
    let broken = Sweep { table: "leads", settled: "response_status = 'breached'", pass: sales::lead::response::watch };
    broken.passes_over_the_first_of(&town, &promised);
}
