//! What belongs to another tenant is not there: the answer is the one that an id of nothing gets, to the last letter.
use super::ids::{make_one, nothings};
use super::{call, filled, is_open, walk};
use crate::support::{Answer, Client, Operation, Person, Town, Value, json, nobodys_id};

/// Without what tells one request from another.
fn told(answer: &Answer) -> Value {
    let mut body = answer.json();
    for own in ["request_id", "instance"] {
        body.as_object_mut().map(|members| members.remove(own));
    }
    json!({"status": answer.status, "type": answer.header("content-type"), "body": body})
}

fn names(one: &Operation) -> bool {
    one.parameters("path")
        .iter()
        .any(|one| !["key", "value", "object"].contains(&one["name"].as_str().unwrap_or_default()))
}

#[test]
fn another_tenants_records_are_not_there() {
    let town = Town::start();
    let (owner, foreigner) = (town.owner(), town.client(Person::Foreigner));
    let mut walked = 0;
    // at an open door nobody is of any tenant
    for one in walk(&owner).iter().filter(|one| names(one) && !is_open(one)) {
        let theirs = filled(one, |segment, _| make_one(&foreigner, segment, &one.name()).id);
        let foreign = call(&owner, one, &theirs);
        foreign.refused(404, "not_found");
        for nothing in nothings() {
            let of_nothing = call(&owner, one, &filled(one, |_, _| nothing.clone()));
            assert_eq!(told(&foreign), told(&of_nothing), "{}", one.name());
        }
        walked += 1;
    }
    assert!(walked > 40, "{walked}");
}

fn tells_of_archived(one: &Operation) -> bool {
    one.id.starts_with("restore_") || one.path.ends_with("/history")
}

/// An archived record is there for those who list archived ones, for who restores or purges it, and has a history.
#[test]
fn a_deleted_record_is_as_if_it_were_not() {
    let town = Town::start();
    let owner = town.owner();
    for one in walk(&owner).iter().filter(|one| names(one) && !is_open(one) && !tells_of_archived(one)) {
        let mut gone = true;
        let path = filled_with_own(&owner, one, &mut gone);
        if gone {
            call(&owner, one, &path).refused(404, "not_found");
        }
    }
}

fn filled_with_own(owner: &Client, one: &Operation, gone: &mut bool) -> String {
    let paths = std::cell::RefCell::new(Vec::new());
    let path = filled(one, |segment, _| {
        let made = make_one(owner, segment, &one.name());
        paths.borrow_mut().push(made.delete);
        made.id
    });
    for delete in paths.into_inner() {
        match delete {
            Some(delete) => drop(owner.delete(&delete).is(204)),
            None => *gone = false,
        }
    }
    path
}

/// What a body refers to is looked for in the tenant, and nowhere else.
#[test]
fn another_tenants_records_cannot_be_referred_to() {
    let town = Town::start();
    let (owner, foreigner) = (town.owner(), town.client(Person::Foreigner));
    let their = |segment: &str| make_one(&foreigner, segment, "a reference").id;
    let payment = || json!({"amount": {"amount": "1.00", "currency": "USD"}});
    let contract = || json!({"title": "x", "value": {"amount": "1.00", "currency": "USD"}});
    let campaign = || json!({"name": "x", "campaign_type": "email", "currency": "USD"});
    let by_territory = || json!({"name": "x", "position": 1, "strategy": "territory"});
    for (path, base, member, segment) in [
        ("/v1/contacts", json!({"display_name": "x"}), "account_id", "accounts"),
        ("/v1/contacts", json!({"display_name": "x"}), "owner_id", "users"),
        ("/v1/contacts", json!({"display_name": "x"}), "team_id", "teams"),
        ("/v1/accounts", json!({"name": "x"}), "parent_id", "accounts"),
        ("/v1/accounts", json!({}), "person_id", "contacts"),
        ("/v1/orders", json!({"currency": "USD"}), "account_id", "accounts"),
        ("/v1/orders", json!({"currency": "USD"}), "contact_id", "contacts"),
        ("/v1/orders", json!({"currency": "USD"}), "team_id", "teams"),
        ("/v1/opportunities", json!({"name": "x"}), "account_id", "accounts"),
        ("/v1/opportunities", json!({"name": "x"}), "stage_id", "stages"),
        ("/v1/opportunities", json!({"name": "x"}), "pipeline_id", "pipelines"),
        ("/v1/opportunities", json!({"name": "x"}), "team_id", "teams"),
        ("/v1/quotes", json!({}), "account_id", "accounts"),
        ("/v1/quotes", json!({}), "contact_id", "contacts"),
        ("/v1/quotes", json!({}), "opportunity_id", "opportunities"),
        ("/v1/quotes", json!({}), "price_book_id", "price-books"),
        ("/v1/quotes", json!({}), "team_id", "teams"),
        ("/v1/contracts", contract(), "account_id", "accounts"),
        ("/v1/contracts", contract(), "team_id", "teams"),
        ("/v1/payments", payment(), "account_id", "accounts"),
        ("/v1/payments", payment(), "contract_id", "contracts"),
        ("/v1/leads", json!({"display_name": "x"}), "owner_id", "users"),
        ("/v1/leads", json!({"display_name": "x"}), "team_id", "teams"),
        ("/v1/assignment-rules", by_territory(), "territory_id", "territories"),
        ("/v1/assignment-rules", by_territory(), "team_id", "teams"),
        ("/v1/territories", json!({"name": "x"}), "parent_id", "territories"),
        ("/v1/campaigns", campaign(), "plan_id", "marketing-plans"),
        ("/v1/campaigns", campaign(), "parent_id", "campaigns"),
        ("/v1/campaigns", campaign(), "team_id", "teams"),
        ("/v1/kb-categories", json!({"slug": "x", "name": "x"}), "portal_id", "kb-portals"),
        ("/v1/kb-articles", json!({"slug": "x", "title": "x"}), "portal_id", "kb-portals"),
        ("/v1/sla-policies", json!({"name": "x"}), "calendar_id", "business-calendars"),
        ("/v1/teams", json!({"name": "x"}), "parent_id", "teams"),
    ] {
        let ask = |id: String| {
            let mut body = base.clone();
            body[member] = json!(id);
            owner.post(path, body)
        };
        let (foreign, of_nothing) = (ask(their(segment)), ask(nobodys_id()));
        foreign.refused(422, "unknown_reference");
        assert_eq!(told(&foreign), told(&of_nothing), "{path} {member}");
    }
    for (member, segment) in [("user_id", "users"), ("team_id", "teams")] {
        let contact = make_one(&owner, "contacts", "a reference").id;
        let share = |id: String| json!({"resource": "contact", "record_id": contact, member: id});
        owner.post("/v1/shares", share(their(segment))).refused(422, "unknown_reference");
    }
    let record = their("contacts");
    let share = json!({"resource": "contact", "record_id": record, "user_id": nobodys_id()});
    owner.post("/v1/shares", share).refused(404, "not_found");
    let product = their("products");
    let line = json!({"product_id": product, "name": "x", "quantity": "1", "unit_price": "1"});
    owner.post("/v1/orders", json!({"currency": "USD", "lines": [line]})).refused(422, "unknown_reference");
    let (ours, price) =
        (make_one(&owner, "price-books", "a reference").id, json!({"product_id": product, "unit_price": "1"}));
    owner.post(&format!("/v1/price-books/{ours}/entries"), price).refused(422, "unknown_reference");
    let path = format!("/v1/products/{}/price", make_one(&owner, "products", "a reference").id);
    owner.get(&format!("{path}?price_book_id={}", their("price-books"))).refused(404, "not_found");
}

/// An id is unique in its tenant: what the neighbours have says nothing.
#[test]
fn two_tenants_may_have_the_same_ids_and_names() {
    let town = Town::start();
    let id = nobodys_id();
    for person in [Person::Owner, Person::Foreigner] {
        let client = town.client(person);
        client.post("/v1/contacts", json!({"id": id, "display_name": "x", "email": "same@example.com"})).created();
        client.put("/v1/accounts/by/ext:erp/1", json!({"name": "Same"})).created();
        client.post("/v1/orders", json!({"number": "1", "currency": "USD"})).created();
        assert_eq!(client.get("/v1/contacts?count=exact").ok()["page"]["count"], 1);
        client.patch(&format!("/v1/contacts/{id}"), json!({"job_title": format!("{person:?}")})).ok();
    }
    let job = town.owner().get(&format!("/v1/contacts/{id}")).ok()["job_title"].clone();
    assert_eq!(job, "Owner");
}
