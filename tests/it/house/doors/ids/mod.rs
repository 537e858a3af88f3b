//! Something of every sort that a path can name, made by anybody.
mod analytics;
mod marketing;
mod service;

use crate::platform::inbound::Sender;
use crate::support::idp::{self, Idp};
use crate::support::{Client, Value, fresh, json, make, nobodys_id};

/// What was made: its id, and how it is taken away again, if it can be.
pub struct Made {
    pub id: String,
    pub delete: Option<String>,
}

pub(super) fn made(record: &Value, place: &str) -> Made {
    let id = make::id(record, "id");
    Made { delete: Some(format!("{place}/{id}")), id }
}

/// A record that `segment` of a path names: `contacts` of `/v1/contacts/{id}`.
pub fn make_one(client: &Client, segment: &str, operation: &str) -> Made {
    match segment {
        "accounts" => made(&make::account(client, json!({})), "/v1/accounts"),
        "contacts" => made(&make::contact(client, json!({})), "/v1/contacts"),
        "duplicate-candidates" => {
            let new = json!({"display_name": fresh("Twin "), "phone": "+49301234567"});
            let [one, _] = [1, 2].map(|_| make::contact(client, new.clone()));
            client.post("/v1/duplicate-scans", json!({"resource": "contact"})).is(202);
            let filter = crate::support::encoded(&format!("record_id == \"{}\"", make::id(&one, "id")));
            let found = client.get(&format!("/v1/duplicate-candidates?filter={filter}&sort=-score")).ok();
            Made { id: make::id(&found["data"][0], "id"), delete: None }
        }
        "merges" => {
            let [one, other] = [1, 2].map(|_| make::contact(client, json!({})));
            let path = format!("/v1/contacts/{}/merge", make::id(&one, "id"));
            let merged = client.post(&path, json!({"sources": [other["id"]]})).ok();
            Made { id: make::id(&merged, "merge_id"), delete: None }
        }
        "products" => made(&make::product(client, json!({})), "/v1/products"),
        "price-books" => made(&make::price_book(client, json!({})), "/v1/price-books"),
        "price-book-entries" => {
            let book = make::price_book(client, json!({}));
            let entry = json!({"product_id": make::product(client, json!({}))["id"], "unit_price": "9.99"});
            let place = format!("/v1/price-books/{}/entries", make::id(&book, "id"));
            made(&client.post(&place, entry).created(), "/v1/price-book-entries")
        }
        "orders" => made(&make::order(client, json!({})), "/v1/orders"),
        "activities" => made(&make::activity(client, json!({})), "/v1/activities"),
        "tasks" => made(&make::task(client, json!({})), "/v1/tasks"),
        "tags" => made(&make::tag(client, json!({})), "/v1/tags"),
        "pipelines" => made(&make::pipeline(client, json!({})), "/v1/pipelines"),
        "stages" => {
            let stages = make::stages(client, Some(&make::pipeline(client, json!({}))));
            Made { id: stages["talked"].clone(), delete: Some(format!("/v1/stages/{}", stages["talked"])) }
        }
        "exchange-rates" => {
            // one a day
            static DAY: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
            let day = DAY.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let day = chrono::NaiveDate::from_ymd_opt(1990, 1, 1).unwrap() + chrono::Days::new(day);
            let rate = json!({"from_currency": "EUR", "valid_on": day, "rate": "1.1"});
            made(&client.post("/v1/exchange-rates", rate).created(), "/v1/exchange-rates")
        }
        "quotas" => {
            static YEAR: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(2000);
            let year = YEAR.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let quota = json!({"period": year.to_string(), "amount": {"amount": "1.00", "currency": "USD"}});
            made(&client.post("/v1/quotas", quota).created(), "/v1/quotas")
        }
        "opportunities" => made(&make::opportunity(client, json!({})), "/v1/opportunities"),
        "leads" => made(&make::lead(client, json!({})), "/v1/leads"),
        "pools" => made(&make::pool(client, json!({})), "/v1/pools"),
        "lead-score-rules" => made(&make::lead_score_rule(client, json!({})), "/v1/lead-score-rules"),
        "assignment-rules" => made(&make::assignment_rule(client, json!({"is_active": false})), "/v1/assignment-rules"),
        "territories" => made(&make::territory(client, json!({})), "/v1/territories"),
        "opportunity-contacts" => {
            let opportunity = make::opportunity(client, json!({}));
            let body = json!({"contact_id": make::contact(client, json!({}))["id"], "role": "champion"});
            let path = format!("/v1/opportunities/{}/contacts", make::id(&opportunity, "id"));
            made(&client.post(&path, body).created(), "/v1/opportunity-contacts")
        }
        "quotes" => made(&make::quote(client, json!({})), "/v1/quotes"),
        // it goes with its quote
        "quote-links" => {
            let place = format!("/v1/quotes/{}", make::id(&make::quote(client, json!({})), "id"));
            let link = client.post(&format!("{place}/links"), json!({})).created();
            Made { id: make::id(&link, "id"), delete: Some(place) }
        }
        "contracts" => made(&make::contract(client, json!({})), "/v1/contracts"),
        // it goes with its contract
        "installments" => {
            let contract =
                make::contract(client, json!({"installments": [{"due_on": "2099-01-01", "amount": "1000"}]}));
            let all = client.get(&format!("/v1/contracts/{}/installments", make::id(&contract, "id"))).ok();
            // what is to be taken back was waived before
            if operation.contains("unwaive") {
                let place = format!("/v1/installments/{}/waive", make::id(&all[0], "id"));
                client.post(&place, json!({"reason": "late"})).ok();
            }
            Made { id: make::id(&all[0], "id"), delete: Some(format!("/v1/contracts/{}", make::id(&contract, "id"))) }
        }
        // what has paid something is taken off, and stays until then
        "payments" if operation.contains("unmatch") => {
            let plan = json!([{"due_on": "2099-01-01", "amount": "1000"}]);
            let contract = make::contract(client, json!({"installments": plan}));
            let payment = make::payment(client, json!({"contract_id": contract["id"]}));
            Made { id: make::id(&payment, "id"), delete: None }
        }
        "payments" => made(&make::payment(client, json!({})), "/v1/payments"),
        "email-messages" => made(&make::email(client, json!({})), "/v1/email-messages"),
        // a word stands
        "consents" => Made { id: make::id(&make::consent(client, json!({})), "id"), delete: None },
        // a link that nobody was sent: what is wrong with a body is told before
        "q" => Made { id: format!("gxq_{}", "A".repeat(86)), delete: None },
        "forms" | "f" => made(&make::form(client, json!({})), "/v1/forms"),
        "form-submissions" => {
            let form = make::id(&make::form(client, json!({})), "id");
            let mail = format!("{}@example.com", fresh("visitor"));
            make::submission(client, &form, json!({"mail": mail})).is(202);
            made(&client.get("/v1/form-submissions?limit=1").ok()["data"][0], "/v1/form-submissions")
        }
        "contact-points" => {
            let contact = make::contact(client, json!({"email": format!("{}@example.com", fresh("point"))}));
            let points = client.get(&format!("/v1/contacts/{}/contact-points", make::id(&contact, "id"))).ok();
            made(&points[0], "/v1/contact-points")
        }
        "contact-identifiers" => {
            let contact = make::contact(client, json!({}));
            made(&make::identifier(client, "contacts", &contact), "/v1/contact-identifiers")
        }
        "account-identifiers" => {
            let account = make::account(client, json!({}));
            made(&make::identifier(client, "accounts", &account), "/v1/account-identifiers")
        }
        "contact-addresses" => {
            let contact = make::contact(client, json!({}));
            made(&make::address(client, "contacts", &contact, json!({})), "/v1/contact-addresses")
        }
        "account-addresses" => {
            let account = make::account(client, json!({}));
            made(&make::address(client, "accounts", &account, json!({})), "/v1/account-addresses")
        }
        "memberships" => {
            let account = make::account(client, json!({}));
            let contact = make::contact(client, json!({"account_id": account["id"]}));
            let all = client.get(&format!("/v1/contacts/{}/accounts", make::id(&contact, "id"))).ok();
            made(&all[0], "/v1/memberships")
        }
        "order-lines" => {
            let order = make::order(client, json!({}));
            let lines = client.get(&format!("/v1/orders/{}/lines", make::id(&order, "id"))).ok();
            made(&lines[0], "/v1/order-lines")
        }
        "users" | "members" => made(&make::user(client, json!({})), "/v1/users"),
        "roles" => made(&make::role(client, &[]), "/v1/roles"),
        "teams" => made(&client.post("/v1/teams", json!({"name": fresh("Team ")})).created(), "/v1/teams"),
        "queues" => made(&client.post("/v1/queues", json!({"display_name": fresh("Queue ")})).created(), "/v1/queues"),
        "shares" => {
            let (contact, team) = (make::contact(client, json!({})), make_one(client, "teams", operation));
            let share = json!({"resource": "contact", "record_id": contact["id"], "team_id": team.id});
            made(&client.post("/v1/shares", share).created(), "/v1/shares")
        }
        "privacy-requests" => {
            let request = json!({"kind": "erasure", "subject_kind": "contact", "channel": "email",
                "subject_id": make::contact(client, json!({}))["id"]});
            Made { id: make::id(&client.post("/v1/privacy-requests", request).created(), "id"), delete: None }
        }
        "legal-holds" => {
            let hold =
                json!({"subject_kind": "contact", "subject_id": make::contact(client, json!({}))["id"], "reason": "x"});
            Made { id: make::id(&client.post("/v1/legal-holds", hold).created(), "id"), delete: None }
        }
        "retention-policies" => {
            let policy = json!({"name": fresh("Policy "), "resource": "contact", "date_field": "created_at",
                "age_days": 3650, "action": "archive"});
            made(&client.post("/v1/retention-policies", policy).created(), "/v1/retention-policies")
        }
        // a noun, which is the same for every tenant
        "objects" => Made { id: "account".into(), delete: None },
        "fields" => made(&own_field(client, "account", json!({})), "/v1/metadata/objects/account/fields"),
        "option-sets" => {
            let set = json!({"key": fresh("set_"), "options": [{"key": "one"}]});
            made(&client.post("/v1/metadata/option-sets", set).created(), "/v1/metadata/option-sets")
        }
        "segments" if operation.contains("members") => {
            let segment = json!({"name": fresh("Segment "), "resource": "contact", "kind": "static"});
            made(&client.post("/v1/segments", segment).created(), "/v1/segments")
        }
        "segments" => made(&make::segment(client, json!({})), "/v1/segments"),
        "views" => {
            let view = json!({"object": "contact", "name": fresh("View "), "sort": "-created_at"});
            made(&client.post("/v1/views", view).created(), "/v1/views")
        }
        "api-keys" => {
            let key = json!({"name": "test", "scopes": ["contacts:read"]});
            // a revoked key is still shown, and revoked again it is revoked
            Made { id: make::id(&client.post("/v1/api-keys", key).created(), "id"), delete: None }
        }
        "sessions" => {
            // taken away, it would be the caller's own
            Made { id: make::id(&client.get("/v1/sessions").ok()["data"][0], "id"), delete: None }
        }
        "factors" => {
            // a factor that was begun gives way to the next
            let new = json!({"kind": "totp", "name": "test"});
            Made { id: make::id(&client.post("/v1/me/factors", new).created(), "id"), delete: None }
        }
        "devices" => {
            let new = json!({"platform": "ios", "token": fresh("a-token-of-a-device-")});
            made(&client.post("/v1/me/devices", new).created(), "/v1/me/devices")
        }
        "sso-providers" | "sso" => made(&idp().provider(client, json!({})), "/v1/sso-providers"),
        "identities" => {
            let provider = idp().provider(client, json!({}));
            let begun = client.post(&format!("/v1/sso-providers/{}/link", make::id(&provider, "id")), json!({})).ok();
            let back = idp().come_back(&begun, &idp::person(&fresh("subject"), "any@town.example"));
            made(&client.post("/v1/me/identities", back).ok(), "/v1/me/identities")
        }
        "webhook-endpoints" => {
            // where nobody listens
            let endpoint = json!({"url": "http://127.0.0.1:9/hook", "events": ["contact.*"]});
            made(&client.post("/v1/webhook-endpoints", endpoint).created(), "/v1/webhook-endpoints")
        }
        "webhook-deliveries" => {
            let endpoint = make_one(client, "webhook-endpoints", operation);
            let test = client.act(&format!("/v1/webhook-endpoints/{}/test", endpoint.id)).is(202);
            Made { id: make::id(&test, "id"), delete: None }
        }
        // made by whatever is done; a row cannot be taken away
        "audit-logs" => {
            make::contact(client, json!({}));
            Made { id: make::id(&client.get("/v1/audit-logs?limit=1").ok()["data"][0], "id"), delete: None }
        }
        "connections" | "inbound" => made(
            &client
                .post("/v1/connections", json!({"name": fresh("Shop "), "kind": "shopify", "source_system": "s"}))
                .created(),
            "/v1/connections",
        ),
        "inbound-deliveries" => Made { id: delivery(client), delete: None },
        "imports" => Made { id: import(client), delete: None },
        "exports" => {
            let asked = json!({"resource": "contacts", "format": "csv"});
            made(&client.post("/v1/exports", asked).is(202), "/v1/exports")
        }
        "files" => {
            let contact = make::contact(client, json!({}));
            let file = json!({"name": "a.txt", "size": 5, "resource": "contact", "record_id": contact["id"]});
            made(&client.post("/v1/files", file).created(), "/v1/files")
        }
        "jobs" => {
            let import = import(client);
            let job = client.get(&format!("/v1/imports/{import}")).ok();
            Made { id: make::id(&job, "job_id"), delete: None }
        }
        other => service::make_one(client, other, operation)
            .or_else(|| marketing::make_one(client, other))
            .or_else(|| analytics::make_one(client, other))
            .unwrap_or_else(|| {
                panic!("{operation}: nothing here can make one of {other:?}: add it beside {}", file!())
            }),
    }
}

/// An identity provider that stands as long as the tests do.
fn idp() -> &'static Idp {
    static IDP: std::sync::OnceLock<Idp> = std::sync::OnceLock::new();
    IDP.get_or_init(Idp::start)
}

/// A field of the tenant's own.
pub fn own_field(client: &Client, object: &str, extra: Value) -> Value {
    let field = make::with(json!({"key": fresh("field_").to_lowercase(), "type": "text"}), extra);
    client.post(&format!("/v1/metadata/objects/{object}/fields"), field).created()
}

/// Something that a shop has sent.
fn delivery(client: &Client) -> String {
    let shop = Sender::at(client, "shopify", json!({}));
    make::id(&shop.send(&fresh("delivery-"), "orders/create", "{}").is(202), "id")
}

/// A small file brought in.
fn import(client: &Client) -> String {
    let mapping = json!({"resource": "contacts", "columns": {"Name": "display_name"}});
    let answer = crate::platform::upload(client, "contacts.csv", b"Name\nAda\n", &mapping, &[]);
    make::id(&answer.is(202), "id")
}

/// Something that is no id, and one that nothing has.
pub fn nothings() -> [String; 2] {
    [nobodys_id(), "nonsense".to_owned()]
}
