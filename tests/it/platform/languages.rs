//! Problems are told in the language of whoever reads them: what the request asks for, else what the user has chosen,
//! else what the tenant has, else English.
use super::imports::import;
use crate::support::{Answer, Client, Person, Town, Value, json, make};

const BLANK: [(&str, &str); 3] = [("en", "is blank"), ("zh-Hans", "不能为空"), ("zh-Hant", "不可空白")];

/// A body that breaks one rule, and what is said of it.
fn told(client: &Client) -> (String, String) {
    let answer = client.post("/v1/contacts", json!({"display_name": " "}));
    let problem = answer.refused(422, "invalid");
    assert_eq!(
        (problem["errors"][0]["code"].as_str(), problem["errors"][0]["pointer"].as_str()),
        (Some("blank"), Some("/display_name"))
    );
    (answer.header("content-language").to_owned(), problem["errors"][0]["message"].as_str().unwrap().to_owned())
}

#[track_caller]
fn is(client: &Client, language: &str) {
    let (_, words) = BLANK.iter().find(|(tag, _)| *tag == language).unwrap();
    assert_eq!(told(client), (language.to_owned(), (*words).to_owned()));
}

fn asking(client: &Client, header: &str) -> Client {
    client.with("accept-language", header)
}

#[test]
fn a_problem_is_told_in_the_language_that_is_asked_for() {
    let town = Town::idle();
    let owner = town.owner();
    let table = [
        ("en-US,en;q=0.9", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ("zh-TW,zh;q=0.9,en-US;q=0.8", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh", "zh-Hans"),
        ("fr, zh-MO;q=0.5, en;q=0.4", "zh-Hant"),
        ("fr", "en"),
        ("*", "en"),
        (";;;q=,,", "en"),
    ];
    for (header, language) in table {
        is(&asking(&owner, header), language);
    }
    let answer = asking(&owner, "zh-TW").get("/v1/contacts/0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6");
    assert_eq!(answer.refused(404, "not_found")["title"], "不存在，或沒有檢視權限。");
    assert!(answer.header("vary").to_lowercase().contains("accept-language"), "{}", answer.header("vary"));
    let answer = asking(&town.anonymous(), "zh-CN").get("/v1/contacts");
    assert_eq!(answer.refused(401, "unauthenticated")["title"], "请求未携带有效的访问令牌或 API 密钥。");
    assert_eq!(owner.get("/v1/contacts").header("content-language"), "", "what is no problem is in no language");
}

#[test]
fn who_asks_for_none_is_answered_in_their_own_or_their_tenants() {
    let town = Town::idle();
    let owner = town.owner();
    is(&owner, "en");
    owner.patch("/v1/tenant", json!({"locale": "zh-TW"})).ok();
    let fresh = |locale: Value| make_reader(&town, locale);
    is(&fresh(json!(null)), "zh-Hant");
    is(&fresh(json!("zh-CN")), "zh-Hans");
    is(&fresh(json!("en-GB")), "en");
    is(&fresh(json!("pt-BR")), "zh-Hant");
    is(&asking(&fresh(json!("zh-CN")), "en"), "en");
    is(&asking(&fresh(json!("zh-CN")), "fr, *;q=0.1"), "zh-Hans");
    let made = owner.post("/v1/api-keys", json!({"name": "x", "scopes": ["*"]})).created();
    is(&town.anonymous().bearing(make::id(&made, "key")), "zh-Hant");
    // nobody is known yet who would have a language
    let login =
        town.anonymous().post("/v1/auth/login", json!({"email": Person::Owner.email(), "password": "wrong password"}));
    login.refused(401, "invalid_credentials");
    assert_eq!(login.header("content-language"), "en");
}

/// Somebody new, who speaks that.
fn make_reader(town: &Town, locale: Value) -> Client {
    let password = crate::support::people::PASSWORD;
    let new = json!({"password": password, "role_ids": [town.role("owner")], "locale": locale});
    let user = make::user(&town.owner(), new);
    let tokens = town.anonymous().post("/v1/auth/login", json!({"email": user["email"], "password": password})).ok();
    town.anonymous().bearing(make::id(&tokens, "access_token"))
}

#[test]
fn figures_names_and_places_stand_in_every_language() {
    let town = Town::idle();
    let owner = town.owner();
    let all = |send: &dyn Fn(&Client) -> Answer| {
        ["en", "zh-CN", "zh-TW"].map(|language| send(&asking(&owner, language)).json())
    };
    let [en, hans, hant] = all(&|client| client.get("/v1/contacts?filter=nme%20%3D%3D%201"));
    assert_eq!(en["detail"], "1:1: contact has no \"nme\"");
    assert_eq!(hans["detail"], "第 1 行第 1 个字符：contact 没有“nme”");
    assert_eq!(hant["errors"][0]["message"], "第 1 行第 1 個字元：contact 沒有「nme」");
    assert_eq!((&en["code"], &en["errors"][0]["params"]), (&hans["code"], &hans["errors"][0]["params"]));
    let [en, hans, hant] = all(&|client| client.get("/v1/contacts?limit=500"));
    assert_eq!(en["errors"][0]["message"], "a whole number from 1 to 200");
    assert_eq!(hans["errors"][0]["message"], "须为 1 到 200 的整数");
    assert_eq!(hant["errors"][0]["message"], "必須是 1 到 200 的整數");
    let [en, hans, hant] = all(&|client| client.post("/v1/contacts", json!({"display_name": 5, "nickname": "x"})));
    let messages = |problem: &Value| {
        problem["errors"].as_array().unwrap().iter().map(|one| one["message"].to_string()).collect::<String>()
    };
    assert!(messages(&en).contains("text is expected, not a number"), "{en}");
    assert!(
        messages(&hans).contains("应为文本，而不是数字") && messages(&hans).contains("未知字段 `nickname`"),
        "{hans}"
    );
    assert!(
        messages(&hant).contains("應為文字，而不是數字") && messages(&hant).contains("未知欄位 `nickname`"),
        "{hant}"
    );
    let [en, hans, _] = all(&|client| client.post("/v1/contacts", json!({"display_name": "x".repeat(500)})));
    assert_eq!(en["errors"][0]["params"], hans["errors"][0]["params"]);
    assert_eq!(hans["errors"][0]["message"], format!("长度不能超过 {}", hans["errors"][0]["params"]["max"]));
    let reader = town.client(Person::ReadOnly);
    let denied = asking(&reader, "zh-CN").post("/v1/contacts", json!({"display_name": "x"})).refused(403, "forbidden");
    assert_eq!(denied["detail"], "需要权限 contact:create");
}

#[test]
fn the_items_of_a_batch_are_told_in_it_too() {
    let town = Town::idle();
    let batch = json!({"items": [{"op": "create", "data": {"display_name": " "}}, {"op": "create", "data": {"display_name": "Ada"}},
        {"op": "delete", "id": crate::support::nobodys_id()}]});
    for (tag, words) in BLANK {
        let client = asking(&town.owner(), tag).with("idempotency-key", format!("batch-{tag}"));
        let answer = client.post("/v1/contacts/batch?duplicates=allow", &batch);
        let results = answer.is(207);
        let problem = &results["results"][0]["problem"];
        assert_eq!(problem["errors"][0]["message"], words);
        assert_eq!((problem["status"].as_u64(), problem["instance"].as_str()), (Some(422), Some("/v1/contacts/batch")));
        assert_eq!(answer.header("content-language"), tag);
        assert_eq!(problem["request_id"], answer.header("x-request-id"));
        super::once::is_replay(&answer, &client.post("/v1/contacts/batch?duplicates=allow", &batch));
    }
}

/// The rows that failed are kept by what is wrong with them, and told when they are read.
#[test]
fn failed_rows_are_told_in_the_language_of_their_reader() {
    let town = Town::start();
    let owner = town.owner();
    let mapping = json!({"resource": "contacts", "columns": {"Name": "display_name", "Mail": "email"}});
    let file = "Name,Mail\nAda,nowhere\nBob,bob@example.com,too,much\n";
    let ended = import(&owner, "people.csv", file.as_bytes(), &mapping, &[]);
    assert_eq!(ended["rows_failed"], 2, "{ended}");
    let path = format!("/v1/imports/{}/errors", make::id(&ended, "id"));
    let errors = |language: &str| asking(&owner, language).get(&path);
    assert!(errors("en").text().contains("Mail: `nowhere` is not an e-mail address."), "{}", errors("en").text());
    assert!(errors("zh-CN").text().contains("Mail: `nowhere` 不是有效的邮箱地址。"), "{}", errors("zh-CN").text());
    assert!(errors("zh-TW").text().contains("此列有 4 個儲存格，標題列有 2 個。"), "{}", errors("zh-TW").text());
    assert_eq!(errors("zh-HK").header("content-language"), "zh-Hant");
    // as they were kept before a text had places: told as it was written, or as it is known
    town.database.run(
        "UPDATE import_errors SET faults = '[{\"pointer\": \"Mail\", \"code\": \"email\", \"message\": \"`x` was none\"}, \
         {\"pointer\": \"Name\", \"code\": \"blank\", \"message\": \"is blank\"}]'",
    );
    assert!(errors("zh-TW").text().contains("Mail: `x` was none; Name: 不可空白"), "{}", errors("zh-TW").text());
}
