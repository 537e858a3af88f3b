//! A company's sales of a year, from files that are no part of the project (`GUANXI_TEST_DATA` says where they are): brought
//! in, they say what the files say.
use crate::platform::{import, mapping, rows};
use crate::support::{Client, Town, Value, encoded, files, json, make};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// The rows of a file, by the names of their columns.
type Rows = Vec<BTreeMap<String, String>>;

fn read(name: &str) -> Option<Rows> {
    let mut file = csv::Reader::from_path(files::real(&format!("crm_sparkle_{name}.csv"))?).unwrap();
    Some(file.deserialize().map(|row| row.unwrap()).collect())
}

fn email(agent: &str) -> String {
    format!("{}@town.example", agent.to_lowercase().replace(' ', "."))
}

/// Regions are teams, with the managers' teams below them, in which the agents are.
fn people(owner: &Client, agents: &Rows) {
    let mut teams: BTreeMap<String, String> = BTreeMap::new();
    for agent in agents {
        let (region, manager) = (&agent["regional_office"], &agent["manager"]);
        for (name, above) in [(region, None), (manager, Some(region))] {
            if !teams.contains_key(name) {
                let body = json!({"name": name, "parent_id": above.map(|above| &teams[above])});
                teams.insert(name.clone(), make::id(&owner.post("/v1/teams", body).created(), "id"));
            }
        }
        let user = json!({"email": email(&agent["sales_agent"]), "display_name": agent["sales_agent"],
            "team_ids": [teams[manager]]});
        make::user(owner, user);
    }
}

fn written(header: &[&str], all: &Rows) -> Vec<u8> {
    let mut file = csv::Writer::from_writer(Vec::new());
    file.write_record(header).unwrap();
    for row in all {
        file.write_record(header.iter().map(|name| &row[*name])).unwrap();
    }
    file.into_inner().unwrap()
}

#[test]
fn a_year_of_sales_says_what_its_files_say() {
    let all = ["sales_teams", "accounts", "products", "sales_pipeline"].map(read);
    let [Some(agents), Some(accounts), Some(products), Some(mut deals)] = all else { return };
    if std::env::var("GUANXI_FUZZ").is_err() {
        deals.truncate(1_200);
    }
    let town = Town::start();
    let owner = town.owner();
    people(&owner, &agents);
    for (name, held) in [("product", "text"), ("created_on", "date")] {
        let field = json!({"key": name, "type": held});
        owner.post("/v1/metadata/objects/opportunity/fields", field).created();
    }
    // the files know no reasons
    let lost = make::stages(&owner, None)["closed_lost"].clone();
    owner.patch(&format!("/v1/stages/{lost}"), json!({"required_fields": []})).ok();
    let bring = |name: &str, header: &[&str], all: &Rows, map: &Value| {
        rows(&import(&owner, &format!("{name}.csv"), &written(header, all), map, &[]))
    };
    let count = |all: &Rows| i64::try_from(all.len()).unwrap();
    let created = |all: &Rows| [count(all), count(all), 0, 0, 0];
    let done = bring("accounts", &["account", "revenue"], &accounts, &mapping("crm_sparkle_accounts"));
    assert_eq!(done, created(&accounts));
    let done = bring("products", &["product", "sales_price"], &products, &mapping("crm_sparkle_products"));
    assert_eq!(done, created(&products));
    // who leads whom stands in another file
    let leader: BTreeMap<&str, &BTreeMap<String, String>> =
        agents.iter().map(|one| (one["sales_agent"].as_str(), one)).collect();
    for deal in &mut deals {
        let leader = leader[deal["sales_agent"].as_str()];
        deal.insert("manager".into(), leader["manager"].clone());
        deal.insert("regional_office".into(), leader["regional_office"].clone());
    }
    let mut map = mapping("crm_sparkle_opportunities");
    map["choices"]["sales_agent"] = agents
        .iter()
        .map(|one| (one["sales_agent"].clone(), json!(email(&one["sales_agent"]))))
        .collect::<serde_json::Map<_, _>>()
        .into();
    let header = [
        "opportunity_id",
        "account",
        "sales_agent",
        "manager",
        "deal_stage",
        "product",
        "close_date",
        "close_value",
        "created_on",
    ];
    assert_eq!(bring("deals", &header, &deals, &map), created(&deals));
    assert_eq!(bring("deals", &header, &deals, &map), [count(&deals), 0, 0, count(&deals), 0], "a second time");
    figures(&town, &deals);
}

fn value(deal: &BTreeMap<String, String>) -> Decimal {
    deal["close_value"].parse().unwrap_or_default()
}

/// Win rate, cycle and value, by stage, agent, manager and region: those of the files, and those of the tables.
fn figures(town: &Town, deals: &Rows) {
    let owner = town.owner();
    let of = |stage: &'static str| deals.iter().filter(move |deal| deal["deal_stage"] == stage);
    let counted = |filter: &str| {
        let page = owner.get(&format!("/v1/opportunities?count=exact&limit=1&filter={}", encoded(filter))).ok();
        usize::try_from(page["page"]["count"].as_u64().unwrap()).unwrap()
    };
    let (won, lost) = (counted("stage.kind == \"won\""), counted("stage.kind == \"lost\""));
    assert_eq!((won, lost), (of("Won").count(), of("Lost").count()));
    let days = |deal: &BTreeMap<String, String>| {
        let day = |name: &str| deal[name].parse::<chrono::NaiveDate>().unwrap();
        (day("close_date") - day("created_on")).num_days()
    };
    let cycle: i64 = town.database.count(
        "SELECT sum(closed_at::date - (custom ->> 'created_on')::date)::bigint FROM opportunities o JOIN stages s
         ON s.id = o.stage_id WHERE s.kind = 'won'",
    );
    assert_eq!(cycle, of("Won").map(days).sum::<i64>());
    let board = owner.get(&format!("/v1/pipelines/{}/board?limit=1", first(&owner))).ok();
    for column in board["columns"].as_array().unwrap() {
        let stage = match column["stage"]["key"].as_str().unwrap() {
            "closed_won" => "Won",
            "closed_lost" => "Lost",
            "qualification" => "In_Progress",
            _ => continue,
        };
        let total = column["base_totals"].as_array().unwrap().first();
        let total: Decimal = total.map(|sum| make::id(sum, "amount").parse().unwrap()).unwrap_or_default();
        assert_eq!(
            (column["count"].as_u64(), total),
            (Some(of(stage).count() as u64), of(stage).map(value).sum()),
            "{stage}"
        );
    }
    let ways = [
        ("sales_agent", "u.display_name"),
        ("manager", "t.name"),
        ("regional_office", "r.name"),
        ("product", "o.custom ->> 'product'"),
        ("account", "coalesce(a.name, '')"),
    ];
    for (column, told) in ways {
        let mut wanted: BTreeMap<&str, (i64, i64, Decimal)> = BTreeMap::new();
        for deal in deals.iter().filter(|deal| deal["deal_stage"] != "In_Progress") {
            let group = wanted.entry(&deal[column]).or_default();
            let is_won = deal["deal_stage"] == "Won";
            (group.0, group.1, group.2) = (group.0 + i64::from(is_won), group.1 + 1, group.2 + value(deal));
        }
        let mut wanted: Vec<String> = wanted
            .into_iter()
            .map(|(name, (won, closed, sum))| format!("{name}|{won}|{closed}|{}", sum.normalize()))
            .collect();
        let mut there = town.database.column(&format!(
            "SELECT {told} || '|' || count(*) FILTER (WHERE s.kind = 'won') || '|' || count(*) || '|'
             || trim_scale(coalesce(sum(o.base_amount), 0)) FROM opportunities o JOIN stages s ON s.id = o.stage_id
             JOIN users u ON u.id = o.owner_id JOIN teams t ON t.id = o.team_id JOIN teams r ON r.id = t.parent_id
             LEFT JOIN accounts a ON a.id = o.account_id WHERE s.kind <> 'open' GROUP BY {told}"
        ));
        there.sort();
        wanted.sort();
        assert_eq!(there, wanted, "{column}");
    }
}

fn first(owner: &Client) -> String {
    make::id(&owner.get("/v1/pipelines?is_default=true").ok()["data"][0], "id")
}
