//! A word that nothing else holds, in every column that tells of somebody: made from the registry and from the catalogue
//! of PostgreSQL, so that a new column is covered as soon as it is tagged.
use crate::platform::inbound::Sender;
use crate::platform::{files as attached, upload};
use crate::support::{Client, Database, Town, Value, json, make};
use platform::privacy::plan::{Column, Plan};
use platform::privacy::{Data, Whose};
use std::collections::BTreeSet;

/// Whoever is full of canaries.
pub struct Bird {
    pub id: String,
    pub kind: &'static str,
    /// what begins every canary of theirs
    pub word: String,
    /// table, column and canary
    pub planted: Vec<(String, String, String)>,
}

/// A contact with all that a contact can have, and a history.
pub fn contact(town: &Town, word: &str) -> Bird {
    let owner = town.owner();
    let account = make::account(&owner, json!({}));
    let email = |n: &str| format!("{word}-{n}@example.com");
    let new = json!({"display_name": format!("{word} before"), "email": email("old"), "account_id": account["id"]});
    let keyed = owner.with("idempotency-key", format!("{word}-key"));
    let id = make::id(&keyed.post("/v1/contacts?duplicates=allow", new).created(), "id");
    owner.patch(&format!("/v1/contacts/{id}"), json!({"email": email("new")})).ok();
    let point = json!({"kind": "wechat", "value": format!("{word}-wechat")});
    owner.post(&format!("/v1/contacts/{id}/contact-points"), point).created();
    make::identifier(&owner, "contacts", &json!({"id": id}));
    make::address(&owner, "contacts", &json!({"id": id}), json!({"raw_text": word}));
    make::consent(&owner, json!({"contact_id": id, "source": word, "evidence": {"text": word}}));
    let form = make::id(&make::form(&owner, json!({"has_double_opt_in": true})), "id");
    make::submission(&owner, &form, json!({"mail": email("new"), "name": word, "news": true})).is(202);
    let name = json!({"resource": "contact", "record_id": id, "source_system": "shop",
        "external_id": format!("{word}-external")});
    owner.post("/v1/external-refs", name).created();
    make::order(&owner, json!({"contact_id": id, "description": format!("{word} order")}));
    let links = json!([{"resource": "contact", "record_id": id}]);
    let there = json!([{"contact_id": id, "name": format!("{word} before"), "address": email("old")}]);
    make::activity(&owner, json!({"subject": format!("{word} call"), "links": links, "participants": there}));
    make::task(&owner, json!({"subject": format!("{word} task"), "links": links}));
    let tag = make::id(&make::tag(&owner, json!({})), "id");
    owner.post(&format!("/v1/tags/{tag}/assign"), json!({"resource": "contact", "ids": [id]})).ok();
    offered(&owner, word, &id);
    make::coupon(&owner, json!({"contact_id": id}));
    let cart = json!({"currency": "USD", "contact_id": id, "lines": [{"quantity": "1", "unit_price": "5.00"}]});
    make::redemption(&owner, json!({"cart": cart}));
    let named = json!({"contact_id": id, "source_system": word, "external_id": word});
    make::touchpoint(&owner, named);
    let segment = json!({"name": "By hand", "resource": "contact", "kind": "static"});
    let segment = make::id(&owner.post("/v1/segments", segment).created(), "id");
    owner.post(&format!("/v1/segments/{segment}/members"), json!({"op": "add", "ids": [id]})).ok();
    let deal = make::opportunity(&owner, json!({}));
    let part = json!({"contact_id": id, "role": "champion"});
    owner.post(&format!("/v1/opportunities/{}/contacts", make::id(&deal, "id")), part).created();
    make::mailed(town, &id);
    let double = make::contact(&owner, json!({"display_name": format!("{word} double"), "email": email("double")}));
    make::activity(&owner, json!({"links": [{"resource": "contact", "record_id": double["id"]}]}));
    owner.post(&format!("/v1/contacts/{id}/merge"), json!({"sources": [double["id"]]})).ok();
    became(&owner, word, &id);
    asked(&owner, word, &id);
    // a customer themselves, too
    let own = json!({"person_id": id, "description": word});
    let own = format!("/v1/accounts/{}", make::id(&owner.post("/v1/accounts", own).created(), "id"));
    town.database.run("UPDATE merges SET settled_at = created_at");
    answered(town, &owner, word, &id);
    make::kb_feedback(&owner, json!({"comment": format!("{word} before, {}", email("new"))}));
    brought_in(&owner, word, &email("old"));
    sent_in(&owner, word, &id);
    let place = json!({"resource": "contact", "record_id": id});
    attached::file(town, &owner, &format!("{word}.txt"), word.as_bytes(), place);
    sent(town, &id);
    let mut bird = Bird { id, kind: "contact", word: word.to_owned(), planted: Vec::new() };
    bird.plant(town);
    // the history holds them too
    owner.patch(&format!("/v1/contacts/{}", bird.id), json!({"do_not_contact": true})).ok();
    owner.patch(&own, json!({"rating": "hot"})).ok();
    let order = town.database.text(&format!("SELECT id FROM orders WHERE contact_id = '{}'", bird.id));
    owner.patch(&format!("/v1/orders/{order}"), json!({"source": "web"})).ok();
    bird
}

/// A survey that they have answered.
fn answered(town: &Town, client: &Client, word: &str, contact: &str) {
    let place = format!("/v1/surveys/{}/responses", make::id(&make::survey(client, json!({})), "id"));
    let asked = make::id(&client.post(&place, json!({"contact_id": contact})).created(), "id");
    town.database.run(&format!(
        "UPDATE survey_responses SET status = 'answered', answered_at = now(), score = 4, comment = '{word}' WHERE id = '{asked}'"
    ));
}

/// A contract with an account, of which something is paid.
pub fn agreed(client: &Client, account: &Value) {
    let plan = json!([{"due_on": "2099-01-01", "amount": "1000"}]);
    let contract = make::contract(client, json!({"account_id": account["id"], "installments": plan}));
    make::payment(client, json!({"contract_id": contract["id"]}));
}

/// A label that an account has, one that somebody has taken from it, and what it was sorted as.
pub fn labelled(town: &Town, account: &Value) {
    let (owner, id) = (town.owner(), make::id(account, "id"));
    let [one, other] = [1, 2].map(|_| make::id(&make::label(&owner, json!({})), "id"));
    let asked = json!({"account_ids": [id], "evidence": "met"});
    owner.post(&format!("/v1/labels/{one}/assign"), asked).ok();
    let sorted = make::id(&make::segmentation(&owner, json!({})), "id");
    town.database.run(&format!(
        "INSERT INTO account_label_refusals SELECT tenant_id, '{id}', id, created_at, created_by FROM labels
         WHERE id = '{other}';
         INSERT INTO classifications (tenant_id, id, segmentation_id, account_id, run_id, class, valid_from_at)
         SELECT tenant_id, gen_random_uuid(), id, '{id}', gen_random_uuid(), 'champion', created_at FROM segmentations
         WHERE id = '{sorted}'"
    ));
}

/// A quote that was sent back, let go and declined, each with a reason.
fn offered(client: &Client, word: &str, contact: &str) {
    client.patch("/v1/tenant", json!({"quote_approval_discount": "0"})).ok();
    let new = json!({"contact_id": contact, "terms": format!("{word} terms"), "discount_rate": "0.1"});
    let path = format!("/v1/quotes/{}", make::id(&make::quote(client, new), "id"));
    client.act(&format!("{path}/submit")).ok();
    client.post(&format!("{path}/reject-approval"), json!({"reason": word})).ok();
    client.patch("/v1/tenant", json!({"quote_approval_discount": null})).ok();
    client.act(&format!("{path}/submit")).ok();
    client.post(&format!("{path}/reject"), json!({"reason": word})).ok();
}

/// A lead that has become them.
fn became(client: &Client, word: &str, contact: &str) {
    let lead = make::lead(client, json!({"display_name": format!("{word} lead"), "company_name": word}));
    let into = json!({"account": null, "contact": {"id": contact}});
    client.post(&format!("/v1/leads/{}/convert", make::id(&lead, "id")), into).ok();
}

/// What they have asked for, and said about that.
fn asked(client: &Client, word: &str, contact: &str) {
    let new = json!({"contact_id": contact, "subject": format!("{word} case"), "channel": "phone"});
    let case = make::case(client, new);
    let said = json!({"body": format!("{word} said"), "visibility": "public", "author_kind": "customer"});
    make::case_message(client, &case, said);
    let judged = make::case(client, json!({"contact_id": contact, "owner_id": make::user(client, json!({}))["id"]}));
    make::qa_evaluation(client, json!({"case_id": judged["id"], "comment": format!("{word} was glad")}));
    let queue = client.post("/v1/queues", json!({"display_name": "Help"})).created();
    let given = json!({"queue_id": queue["id"], "comment": format!("{word} again")});
    client.post(&format!("/v1/cases/{}/assign", make::id(&judged, "id")), given).ok();
}

/// A webhook that was about them, and what its receiver has answered.
fn sent(town: &Town, id: &str) {
    // of what does not happen, so that nothing is really sent
    let endpoint = json!({"url": "http://127.0.0.1:9/hook", "events": ["legal_hold.purged"]});
    let endpoint = make::id(&town.owner().post("/v1/webhook-endpoints", endpoint).created(), "id");
    town.database.run(&format!(
        "INSERT INTO webhook_deliveries (tenant_id, id, endpoint_id, event_id, event_name, object_id, status, created_at, \
         updated_at) SELECT tenant_id, gen_random_uuid(), '{endpoint}', id, name, object_id, 'delivered', now(), now() \
         FROM event_log WHERE object_id = '{id}' LIMIT 1"
    ));
}

/// A file that holds them, one good row and one that failed.
pub fn brought_in(client: &Client, word: &str, email: &str) {
    let mapping = json!({"resource": "contacts", "source_system": "list",
        "columns": {"Id": "external_id", "Name": "display_name", "Mail": "email", "Born": "birth_on"}});
    let text =
        format!("Id,Name,Mail,Born\n{word}-1,{word} imported,{email},never\n2,Somebody else,else@example.com,\n");
    let made = upload(client, &format!("{word}.csv"), text.as_bytes(), &mapping, &[("mode", "upsert")]).is(202);
    let done = crate::platform::ended(client, &make::id(&made, "id"));
    assert_eq!((&done["rows_failed"], &done["rows_read"]), (&json!(1), &json!(2)), "{done}");
}

/// What another system has sent of them.
fn sent_in(client: &Client, word: &str, id: &str) {
    let mapping = json!({"resource": "contacts", "columns": {"id": "external_id", "name": "display_name"}});
    let erp = Sender::at(client, "generic", json!({"mapping": mapping, "source_system": "shop"}));
    let told = json!({"id": format!("{word}-external"), "name": format!("{word} before"), "of": id});
    erp.tell_text(client, "", &told.to_string());
    let mails = Sender::at(client, "email", json!({"source_system": "mail"}));
    let head =
        format!("From: {word} before <{word}-new@example.com>\r\nTo: sales@example.org, {word}-new@example.com\r\n");
    let mail = format!("{head}Subject: {word} subject\r\n\r\n{word} mail\r\n");
    assert_eq!(mails.mail(client, mail.as_bytes())["status"], "processed");
}

impl Bird {
    fn root(&self) -> &'static str {
        match self.kind {
            "contact" => "contacts",
            "account" => "accounts",
            "lead" => "leads",
            _ => "users",
        }
    }

    fn whose(&self) -> Whose {
        match self.kind {
            "contact" => Whose::Contact,
            "account" => Whose::Account,
            "lead" => Whose::Lead,
            _ => Whose::User,
        }
    }

    /// The rows of a table that are theirs, said apart from how the program finds them.
    fn rows(&self, table: &str, db: &Database) -> String {
        let Self { id, word, kind, .. } = self;
        match table {
            table if table == self.root() => format!("id = '{id}'"),
            "jobs" | "job_schedules" | "imports" | "exports" | "import_errors" | "import_links"
            | "inbound_deliveries" | "idempotency_keys" => {
                format!("t::text ILIKE '%{word}%' OR encode(convert_to(t::text, 'UTF8'), 'escape') LIKE '%{id}%'")
            }
            // who works for an account is not the account
            "contacts" => "FALSE".into(),
            "accounts" if *kind == "contact" => format!("person_id = '{id}'"),
            "email_contents" | "email_participants" => {
                format!("message_id IN (SELECT id FROM email_messages WHERE contact_id = '{id}')")
            }
            "activities" | "tasks" => format!("'{id}' = ANY (record_ids)"),
            "activity_links" | "task_links" | "taggings" | "segment_members" => format!("record_id = '{id}'"),
            "order_lines" => format!("order_id IN (SELECT id FROM orders WHERE contact_id = '{id}')"),
            "installments" => format!("contract_id IN (SELECT id FROM contracts WHERE account_id = '{id}')"),
            "quote_lines" | "quote_links" | "quote_approvals" => {
                format!("quote_id IN (SELECT id FROM quotes WHERE contact_id = '{id}')")
            }
            "qa_evaluations" | "case_assignments" => {
                format!("case_id IN (SELECT id FROM cases WHERE contact_id = '{id}')")
            }
            "audit_log" | "webhook_deliveries" => format!("object_id = '{id}'"),
            "custom_uniques" | "external_refs" | "files" | "inbound_records" | "restrictions" => {
                format!("record_id = '{id}'")
            }
            "merges" => format!("winner_id = '{id}'"),
            "merge_moves" => format!("merge_id IN (SELECT id FROM merges WHERE winner_id = '{id}')"),
            "privacy_requests" | "legal_holds" => format!("subject_id = '{id}'"),
            "factor_secrets" | "recovery_codes" => {
                format!("factor_id IN (SELECT id FROM factors WHERE user_id = '{id}')")
            }
            "api_key_secrets" => format!("api_key_id IN (SELECT id FROM api_keys WHERE user_id = '{id}')"),
            table => {
                let column = format!("{kind}_id");
                let there = db.count(&format!(
                    "SELECT count(*) FROM pg_attribute WHERE attrelid = '{table}'::regclass AND attname = '{column}'"
                ));
                if there == 1 { format!("{column} = '{id}'") } else { "FALSE".into() }
            }
        }
    }

    /// Puts a canary in every column that tells of them and may hold one.
    pub fn plant(&mut self, town: &Town) {
        let db = &town.database;
        let plan = Plan::read(&mut db.conn(), &api::house::registry()).unwrap();
        let bound: BTreeSet<String> = db
            .column(
                "SELECT conrelid::regclass || '.' || attname FROM pg_constraint k JOIN pg_attribute ON attrelid = conrelid
                 AND attnum = ANY (conkey) WHERE contype = 'f' OR contype = 'c' AND pg_get_constraintdef(k.oid) ~ 'ARRAY|IS NULL'",
            )
            .into_iter()
            .collect();
        for table in &plan.tables {
            let rows = self.rows(table.name, db);
            let there = db.count(&format!("SELECT count(*) FROM {} AS t WHERE {rows}", table.name));
            let tells = |column: &&Column| {
                let told = [Data::Personal, Data::Sensitive].contains(&column.tag.data);
                // a table of another sort of people's may have no row of theirs
                told && column.tells_of(self.root()) && (column.tag.whose == self.whose() || there > 0)
            };
            let columns: Vec<&Column> = table.columns.iter().filter(tells).collect();
            if columns.is_empty() {
                continue;
            }
            assert!(there > 0, "no row of {} is {}'s: make one in {}", table.name, self.word, file!());
            for column in
                columns.into_iter().filter(|column| !bound.contains(&format!("{}.{}", table.name, column.name)))
            {
                self.put(db, table.name, column, &rows);
            }
        }
        assert!(self.planted.len() > 5, "only {:?}", self.planted);
    }

    fn put(&mut self, db: &Database, table: &str, column: &Column, rows: &str) {
        let n = self.planted.len();
        let text = format!("{}-{n}-{}", self.word, column.name.replace('_', ""));
        let salt = self.word.bytes().map(usize::from).sum::<usize>() % 90 + 10;
        let (value, canary) = match column.kind.as_str() {
            // what a text that may speak of anybody is found by stays in it
            "text" if column.tag.whose == Whose::Anyone => (format!("concat({}, ' {text}')", column.name), text),
            "text" => (format!("'{text}'"), text),
            "jsonb" => {
                let list = format!("{0} || '[[\"x\", \"{text} {1}\"]]'", column.name, self.id);
                let more = format!("coalesce({}, '{{}}') || '{{\"x\": \"{text}\"}}'", column.name);
                (format!("CASE jsonb_typeof({}) WHEN 'array' THEN {list} ELSE {more} END", column.name), text)
            }
            "bytea" => (format!("convert_to('{{\"x\": \"{text}\"}}', 'UTF8')"), text),
            "text[]" => (format!("{} || ARRAY['{text}']", column.name), text),
            "date" => (format!("'17{salt}-01-01'::date + {n}"), format!("17{salt}-")),
            "timestamp with time zone" => {
                (format!("'17{salt}-06-01'::timestamptz + interval '{n} days'"), format!("17{salt}-"))
            }
            "integer" | "bigint" | "numeric" => (format!("77{salt}1{n:03}"), format!("77{salt}1{n:03}")),
            "boolean" | "uuid" => return,
            other => panic!("{table}.{} is {other}, of which this test makes no canary", column.name),
        };
        let set = format!("UPDATE {table} AS t SET {} = {value} WHERE {rows}", column.name);
        match table {
            // what was said stands: nobody else gets past the trigger
            "consents" => db.run(&format!(
                "ALTER TABLE consents DISABLE TRIGGER consents_stand; {set}; ALTER TABLE consents ENABLE TRIGGER consents_stand"
            )),
            _ => db.run(&set),
        }
        self.planted.push((table.to_owned(), column.name.to_owned(), canary));
    }

    /// All places where a canary of theirs still sits: tables as text, their bytes, and files.
    pub fn left(&self, town: &Town) -> Vec<String> {
        let mut left = Vec::new();
        let hex: String = self.word.bytes().map(|byte| format!("{byte:02x}")).collect();
        let mut words: BTreeSet<&str> = self.planted.iter().map(|(.., canary)| canary.as_str()).collect();
        words.extend([self.word.as_str(), hex.as_str()]);
        let tables =
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'm')";
        let any: Vec<String> = words.iter().map(|word| format!("'%{word}%'")).collect();
        let any = any.join(", ");
        for table in town.database.column(tables) {
            let here =
                format!("SELECT left(t::text, 300) FROM {table} AS t WHERE t::text ILIKE ANY (ARRAY[{any}]) LIMIT 2");
            left.extend(town.database.column(&here).into_iter().map(|row| format!("{table}: {row}")));
        }
        walk(town.data_dir.path(), &mut |path, bytes| {
            let text = String::from_utf8_lossy(bytes).to_lowercase();
            left.extend(words.iter().filter(|word| text.contains(**word)).map(|word| format!("{path}: {word}")));
        });
        left
    }

    /// The canaries that a document does not hold.
    pub fn missing(&self, document: &Value) -> Vec<&(String, String, String)> {
        let text = document.to_string();
        self.planted.iter().filter(|(.., canary)| !text.contains(canary.as_str())).collect()
    }
}

fn walk(folder: &std::path::Path, look: &mut impl FnMut(String, &[u8])) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        match entry.path() {
            path if path.is_dir() => walk(&path, look),
            path => look(path.display().to_string(), &std::fs::read(&path).unwrap_or_default()),
        }
    }
}

/// All rows that hold a word, as one hash a table.
pub fn sums(db: &Database, word: &str) -> Vec<String> {
    let tables = db.column(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname",
    );
    let sum = |table: &String| {
        let here = format!("FROM {table} AS t WHERE t::text ILIKE '%{word}%'");
        let hash = db.text(&format!("SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) {here}"));
        format!("{table} {} {hash}", db.count(&format!("SELECT count(*) {here}")))
    };
    tables.iter().map(sum).collect()
}

#[test]
fn a_canary_is_made_for_every_kind_of_column() {
    assert!(crate::support::files::root().is_dir());
    let town = Town::idle();
    let account = make::account(&town.owner(), json!({"website": "https://example.com"}));
    make::identifier(&town.owner(), "accounts", &account);
    make::address(&town.owner(), "accounts", &account, json!({}));
    make::opportunity(&town.owner(), json!({"account_id": account["id"]}));
    agreed(&town.owner(), &account);
    labelled(&town, &account);
    let mut bird = Bird { id: make::id(&account, "id"), kind: "account", word: "siskin".into(), planted: Vec::new() };
    bird.plant(&town);
    assert!(bird.planted.iter().any(|(table, column, _)| table == "accounts" && column == "employee_count"));
    assert!(bird.left(&town).len() > 1, "a row of each table is told");
}
