//! One search across nouns: by the same words as each list's `?q=`, as far as whoever asks sees what is found.
use crate::customer::without;
use crate::support::{Client, Person, Town, Value, encoded, json, make};

fn search(client: &Client, query: &str) -> Value {
    client.get(&format!("/v1/search?q={query}")).ok()
}

fn labels(found: &Value) -> Vec<String> {
    let label = |hit: &Value| format!("{} {}", hit["resource"].as_str().unwrap(), hit["label"].as_str().unwrap_or("-"));
    found["data"].as_array().unwrap().iter().map(label).collect()
}

#[test]
fn one_search_finds_whatever_has_the_words() {
    let town = Town::start();
    let owner = town.owner();
    make::account(&owner, json!({"name": "上海晨光商贸有限公司", "city": "上海市"}));
    make::contact(&owner, json!({"display_name": "李晨光", "email": "li@example.cn", "phone": "+8613912345678"}));
    make::lead(&owner, json!({"display_name": "王伟", "company_name": "晨光文具"}));
    make::opportunity(&owner, json!({"name": "晨光年度采购"}));
    make::contract(&owner, json!({"title": "晨光供货合同"}));
    make::product(&owner, json!({"name": "晨光中性笔", "sku": "CG-1"}));
    make::activity(&owner, json!({"subject": "拜访晨光"}));
    make::task(&owner, json!({"subject": "给晨光寄样品"}));
    make::account(&owner, json!({"name": "晨星"}));
    let found = search(&owner, &encoded("晨光"));
    let mut all = labels(&found);
    assert_eq!(all[..3], ["opportunity 晨光年度采购", "contract 晨光供货合同", "product 晨光中性笔"], "they begin so");
    assert_eq!(all[all.len() - 1], "lead 王伟", "the title has none of it");
    all.sort();
    let mut expected = [
        "account 上海晨光商贸有限公司",
        "contact 李晨光",
        "lead 王伟",
        "opportunity 晨光年度采购",
        "contract 晨光供货合同",
        "product 晨光中性笔",
        "activity 拜访晨光",
        "task 给晨光寄样品",
    ];
    expected.sort();
    assert_eq!(all, expected);
    assert_eq!(found["more"], json!([]));
    let detail = |query: &str| search(&owner, query)["data"][0]["detail"].clone();
    assert_eq!(detail(&format!("{}&types=lead", encoded("晨光"))), "晨光文具");
    assert_eq!(detail(&format!("{}&types=contact", encoded("晨光"))), "li@example.cn", "what is best known of it");
    assert_eq!(detail("5678"), "+8613912345678", "where it was found");
    assert_eq!(detail("CG-1"), "CG-1");
}

#[test]
fn what_fits_best_comes_first_and_slips_are_forgiven() {
    let town = Town::start();
    let owner = town.owner();
    make::product(&owner, json!({"name": "Johnson"}));
    make::contact(&owner, json!({"display_name": "Zoe Johnson"}));
    make::account(&owner, json!({"name": "Johnson & Sons"}));
    let order = make::order(&owner, json!({"number": "JOHNSON-7"}));
    let found = search(&owner, "johnson");
    let expected = ["product Johnson", "account Johnson & Sons", "order JOHNSON-7", "contact Zoe Johnson"];
    assert_eq!(labels(&found), expected);
    assert_eq!(found["data"][2]["id"], order["id"]);
    for slip in ["jonson", "johnsson", "jhonson"] {
        assert_eq!(labels(&search(&owner, slip)).len(), 3, "{slip}: numbers have none");
    }
}

#[test]
fn it_says_of_what_there_is_more() {
    let town = Town::start();
    let owner = town.owner();
    make::many(&owner, "accounts", (0..7).map(|n| json!({"name": format!("Tea {n}")})));
    make::many(&owner, "products", (0..5).map(|n| json!({"name": format!("Tea {n}"), "sku": format!("T-{n}")})));
    let found = search(&owner, "tea");
    assert_eq!((labels(&found).len(), &found["more"]), (10, &json!(["account"])));
    let found = search(&owner, "tea&limit=2&types=product,account");
    assert_eq!((labels(&found).len(), &found["more"]), (4, &json!(["account", "product"])));
    assert_eq!(labels(&search(&owner, "tea&types=product")).len(), 5);
    for bad in ["x&types=user", "x&types=", "x&limit=0", "x&limit=21", "x&limit=x", "", "%3F", "x&filter=true"] {
        owner.get(&format!("/v1/search?q={bad}")).refused(400, "unknown_parameter");
    }
    owner.get("/v1/search").refused(400, "unknown_parameter");
    owner.get(&format!("/v1/search?q={}", "x".repeat(201))).refused(400, "unknown_parameter");
}

#[test]
fn what_was_just_written_is_found() {
    let town = Town::start();
    let owner = town.owner();
    let path = format!("/v1/contacts/{}", make::id(&make::contact(&owner, json!({"display_name": "诸葛亮"})), "id"));
    let found = |words: &str| labels(&search(&owner, &encoded(words))).len();
    assert_eq!(found("诸葛"), 1);
    owner.patch(&path, json!({"display_name": "司马懿"})).ok();
    assert_eq!((found("诸葛"), found("司马")), (0, 1));
    owner.delete(&path).is(204);
    assert_eq!(found("司马"), 0);
    owner.act(&format!("{path}/restore")).ok();
    assert_eq!(found("司马"), 1);
}

#[test]
fn each_finds_what_they_see() {
    let town = Town::start();
    let (owner, rep) = (town.owner(), town.client(Person::Rep));
    make::account(&owner, json!({"name": "晨光北方", "team_id": town.team("north")}));
    make::account(&owner, json!({"name": "晨光南方", "team_id": town.team("south")}));
    make::contact(&rep, json!({"display_name": "晨光"}));
    let words = encoded("晨光");
    assert_eq!(labels(&search(&owner, &words)).len(), 3);
    assert_eq!(labels(&search(&rep, &words)), ["contact 晨光", "account 晨光北方"]);
    let contacts = make::holder(&town, &[("contact", "read", "all")]);
    assert_eq!(labels(&search(&contacts, &words)), ["contact 晨光"]);
    assert_eq!(labels(&search(&contacts, &format!("{words}&types=account"))), Vec::<String>::new());
    for client in [town.client(Person::Foreigner), town.client(Person::Nobody)] {
        assert_eq!(search(&client, &words), json!({"data": [], "more": []}));
    }
    town.anonymous().get(&format!("/v1/search?q={words}")).refused(401, "unauthenticated");
}

#[test]
fn what_is_hidden_is_neither_told_nor_finds() {
    let town = Town::start();
    let owner = town.owner();
    let contact = json!({"display_name": "欧阳晓明", "email": "xiaoming@chenguang.example", "phone": "+8613912345678"});
    let contact = make::contact(&owner, contact);
    let blind = without(&town, &[("contact", "email", "hidden")]);
    assert_eq!(labels(&search(&blind, "chenguang")), Vec::<String>::new());
    let found = search(&blind, &encoded("阳晓"));
    assert_eq!(found["data"][0]["detail"], "+8613912345678");
    let blind = without(&town, &[("contact", "display_name", "hidden"), ("contact", "family_name", "hidden")]);
    assert_eq!(labels(&search(&blind, &encoded("阳晓"))), Vec::<String>::new());
    let found = search(&blind, "chenguang");
    let told =
        json!({"resource": "contact", "id": contact["id"], "label": null, "detail": "xiaoming@chenguang.example"});
    assert_eq!(found["data"], json!([told]));
}

/// However much there is, it takes a statement a noun.
#[test]
fn a_search_takes_a_fixed_number_of_statements() {
    let town = Town::watched();
    let owner = town.owner();
    let ask = || drop(search(&owner, &encoded("晨光")));
    ask();
    let empty = town.statements(ask);
    make::many(&owner, "activities", (0..60).map(|n| json!({"kind": "note", "subject": format!("晨光{n}")})));
    make::many(&owner, "products", (0..60).map(|n| json!({"name": format!("晨光{n}"), "sku": format!("T-{n}")})));
    let full = town.statements(ask);
    assert_eq!(full.len(), empty.len(), "{full:#?}");
    assert!(full.len() <= 15, "{full:#?}");
}
