//! What visitors read, search and say, who have not logged in.
use super::kb_versions::soon;
use crate::support::{Client, Town, Value, encoded, json, make};

fn place(portal: &Value, rest: &str) -> String {
    format!("/kb/{}/{rest}", make::id(portal, "slug"))
}

fn found(client: &Client, portal: &Value, locale: &str, asked: &str) -> Vec<String> {
    let page = client.get(&place(portal, &format!("{locale}/search?q={}", encoded(asked)))).ok();
    page["data"].as_array().unwrap().iter().map(|hit| make::id(hit, "title")).collect()
}

#[test]
fn visitors_read_what_is_published_and_nothing_else() {
    let town = Town::idle();
    let (owner, visitor) = (town.owner(), town.anonymous());
    let portal = make::kb_portal(&owner, json!({}));
    let category = make::kb_category(&owner, &portal, json!({"slug": "billing", "names": {"zh-Hans": "账单"}}));
    let one = make::kb_published(&owner, &portal, json!({"slug": "refunds", "category_id": category["id"]}));
    make::kb_article(&owner, &portal, json!({"slug": "a-draft"}));
    make::kb_published(&owner, &portal, json!({"slug": "inside", "is_public": false}));
    let read = visitor.get(&place(&portal, "en/articles/refunds")).ok();
    assert_eq!((&read["category_slug"], &read["locales"]), (&json!("billing"), &json!(["en"])));
    assert!(read["body_html"].as_str().unwrap().contains("<strong>Refund</strong>"));
    let told: Vec<&str> = read.as_object().unwrap().keys().map(String::as_str).collect();
    assert!(!told.contains(&"id") && !told.contains(&"created_by") && !told.contains(&"body"), "{told:?}");
    for hidden in ["en/articles/a-draft", "en/articles/inside", "zh-Hans/articles/refunds", "fr/articles/refunds"] {
        visitor.get(&place(&portal, hidden)).refused(404, "not_found");
    }
    let all = visitor.get(&place(&portal, "en/articles")).ok();
    assert_eq!(all["data"].as_array().map(Vec::len), Some(1), "{all}");
    let categories = visitor.get(&place(&portal, "en/categories")).ok();
    assert_eq!((&categories[0]["name"], &categories[0]["article_count"]), (&json!("Billing"), &json!(1)));
    assert_eq!(visitor.get(&place(&portal, "zh-Hans/categories")).ok()[0]["name"], "账单");
    // archived, nobody reads it; nor where the portal is shut
    let path = format!("/v1/kb-articles/{}", make::id(&one, "id"));
    owner.delete(&path).is(204);
    visitor.get(&place(&portal, "en/articles/refunds")).refused(404, "not_found");
    owner.act(&format!("{path}/restore")).ok();
    owner.patch(&format!("/v1/kb-portals/{}", make::id(&portal, "id")), json!({"is_public": false})).ok();
    for shut in ["en/articles/refunds", "en/categories", "en/articles", "en/search?q=refund"] {
        visitor.get(&place(&portal, shut)).refused(404, "not_found");
    }
}

#[test]
fn who_has_it_already_is_told_so() {
    let town = Town::idle();
    let (owner, visitor) = (town.owner(), town.anonymous());
    let portal = make::kb_portal(&owner, json!({}));
    let one = make::kb_published(&owner, &portal, json!({}));
    let read = place(&portal, &format!("en/articles/{}", make::id(&one, "slug")));
    let answer = visitor.get(&read);
    let etag = answer.header("etag").to_owned();
    assert_eq!(answer.header("cache-control"), "public, max-age=60");
    visitor.with("if-none-match", etag.clone()).get(&read).is(304);
    let next = json!({"title": "Refunds", "body": "other words"});
    let next = owner.post(&format!("/v1/kb-articles/{}/versions", make::id(&one, "id")), next).created();
    owner.act(&format!("/v1/kb-article-versions/{}/publish", make::id(&next, "id"))).ok();
    let again = visitor.with("if-none-match", etag).get(&read);
    assert!(again.ok()["body_html"].as_str().unwrap().contains("other words"));
}

#[test]
fn the_list_goes_page_by_page() {
    let town = Town::idle();
    let (owner, visitor) = (town.owner(), town.anonymous());
    let portal = make::kb_portal(&owner, json!({}));
    for n in 0..5 {
        make::kb_published(&owner, &portal, json!({"title": format!("Title {n}"), "position": n}));
    }
    let (mut titles, mut next) = (Vec::new(), String::new());
    loop {
        let page = visitor.get(&place(&portal, &format!("en/articles?limit=2{next}"))).ok();
        titles.extend(page["data"].as_array().unwrap().iter().map(|one| make::id(one, "title")));
        let Some(cursor) = page["page"]["next_cursor"].as_str() else { break };
        next = format!("&cursor={cursor}");
    }
    assert_eq!(titles, ["Title 0", "Title 1", "Title 2", "Title 3", "Title 4"]);
    visitor.get(&place(&portal, &format!("zh-Hans/articles?limit=2{next}"))).refused(400, "cursor_mismatch");
    visitor.get(&place(&portal, "en/articles?category=nothing")).refused(404, "not_found");
    visitor.get(&place(&portal, "en/articles?limit=0")).is(400);
    visitor.get(&place(&portal, "en/articles?unknown=1")).is(400);
}

#[test]
fn a_search_finds_chinese_and_english_best_first() {
    let town = Town::idle();
    let (owner, visitor) = (town.owner(), town.anonymous());
    let portal = make::kb_portal(&owner, json!({}));
    let make = |title: &str, body: &str| {
        let new = json!({"title": title, "body": body, "locale": "zh-Hans"});
        make::kb_published(&owner, &portal, new);
    };
    make("联系我们", "如需申请退款，请致电客服。");
    make("如何申请退款", "在订单页点击退款按钮。");
    make("发票", "电子发票在三天内寄出。");
    assert_eq!(found(&visitor, &portal, "zh-Hans", "退款"), ["如何申请退款", "联系我们"]);
    assert_eq!(found(&visitor, &portal, "zh-Hans", "发票"), ["发票"]);
    assert!(found(&visitor, &portal, "en", "退款").is_empty(), "each language by itself");
    let english = json!({"title": "Cancel a subscription", "body": "Open *Settings* & press **Cancel** <now>."});
    make::kb_published(&owner, &portal, english);
    assert_eq!(found(&visitor, &portal, "en", "subscr"), ["Cancel a subscription"]);
    assert_eq!(found(&visitor, &portal, "en", "subscripton"), ["Cancel a subscription"], "a slip is forgiven");
    let hit = visitor.get(&place(&portal, "en/search?q=cancel")).ok();
    let shown = make::id(&hit["data"][0], "snippet_html");
    assert!(shown.contains("<mark>Cancel</mark>"), "{shown}");
    assert!(!shown.replace("<mark>", "").replace("</mark>", "").contains('<'), "{shown}");
    visitor.get(&place(&portal, "en/search?q=%3F!")).is(400);
}

#[test]
fn each_visitor_says_once_whether_it_has_helped() {
    let town = Town::idle();
    let (owner, visitor) = (town.owner(), town.anonymous());
    let portal = make::kb_portal(&owner, json!({}));
    let one = make::kb_published(&owner, &portal, json!({}));
    let say = place(&portal, &format!("en/articles/{}/feedback", make::id(&one, "slug")));
    let verdict = |helpful: bool, visitor: &str| json!({"is_helpful": helpful, "visitor": visitor});
    visitor.post(&say, verdict(false, "a-visitor-with-a-name")).ok();
    visitor.post(&say, verdict(true, "a-visitor-with-a-name")).ok();
    visitor.post(&say, verdict(false, "another-one-of-those")).ok();
    let all = owner.get("/v1/kb-feedback?sort=created_at").ok();
    assert_eq!(all["data"].as_array().map(Vec::len), Some(2));
    assert_eq!((&all["data"][0]["is_helpful"], &all["data"][0]["version"]), (&json!(true), &json!(2)));
    assert!(!all.to_string().contains("a-visitor-with-a-name"));
    let kept = town.database.column("SELECT t::text FROM kb_feedback t");
    assert!(kept.iter().all(|row| !row.contains("a-visitor")), "what visitors are called is kept as a hash");
    assert_eq!(visitor.post(&say, verdict(true, "short")).pointers(), ["/visitor"]);
    visitor.post(&place(&portal, "en/articles/nothing/feedback"), verdict(true, "a-visitor-with-a-name")).is(404);
    let figures = format!("/v1/kb-portals/{}/figures", make::id(&portal, "id"));
    let figures = owner.get(&figures).ok();
    assert_eq!((&figures["helpful_count"], &figures["unhelpful_count"]), (&json!(1), &json!(1)));
    assert_eq!((&figures["deflected_count"], &figures["helpful_share"]), (&json!(1), &json!("0.5")));
}

#[test]
fn reads_and_searches_are_counted_without_a_write_each() {
    let town = Town::idle();
    let (owner, visitor) = (town.owner(), town.anonymous());
    let portal = make::kb_portal(&owner, json!({}));
    let one = make::kb_published(&owner, &portal, json!({}));
    let read = place(&portal, &format!("en/articles/{}", make::id(&one, "slug")));
    for _ in 0..20 {
        visitor.get(&read).ok();
    }
    visitor.get(&place(&portal, "en/search?q=refund")).ok();
    visitor.get(&place(&portal, "en/search?q=nonsense")).ok();
    let path = format!("/v1/kb-portals/{}/figures", make::id(&portal, "id"));
    soon("they are counted", || {
        let figures = owner.get(&path).ok();
        figures["view_count"] == 20 && figures["search_count"] == 2
    });
    let figures = owner.get(&path).ok();
    assert_eq!((&figures["empty_search_count"], &figures["articles"][0]["view_count"]), (&json!(1), &json!(20)));
    assert_eq!(town.database.count("SELECT count(*) FROM kb_article_days"), 1, "a row a day, and not a read");
    let of_one = owner.get(&format!("/v1/kb-articles/{}/figures", make::id(&one, "id"))).ok();
    assert_eq!(of_one["view_count"], 20);
    assert_eq!(owner.get(&format!("{path}?from_on=2020-01-01&until_on=2020-12-31")).ok()["view_count"], 0);
    owner.get(&format!("{path}?from_on=2021-01-01&until_on=2020-12-31")).is(400);
    owner.get(&format!("{path}?from_on=2010-01-01&until_on=2020-12-31")).is(400);
}
