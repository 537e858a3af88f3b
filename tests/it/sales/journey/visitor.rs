//! A visitor fills in a form: they become a lead, which a rule gives to somebody, and their address is confirmed.
use super::{MAIL, Scene, moment, place};
use crate::customer::forms::{last, people};
use crate::support::{Person, Value, json, make};

/// What stands beside the box, and on which page.
pub const WORDING: &str = "我同意接收新品资讯邮件。";
pub const PAGE: &str = "https://www.example.com/samples";

/// Who gets what it brings, how that is rated, and what it asks for; its id.
fn form(scene: &Scene) -> String {
    let owner = scene.owner();
    make::lead_score_rule(&owner, json!({}));
    let members = json!([{"user_id": scene.town.user(Person::Rep)}]);
    let rule = json!({"filter": "source == \"form\"", "members": members, "team_id": scene.town.team("north"),
        "response_minutes": 30});
    make::assignment_rule(&owner, rule);
    let asks = |key: &str, kind: &str, label: &str, target: &str| {
        let label = json!({"en": key, "zh-Hans": label});
        json!({"key": key, "kind": kind, "label": label, "target": target})
    };
    let agreed = json!({"purpose": "newsletter", "channel": "email", "version": "3",
        "wording": {"en": "Yes, write to me.", "zh-Hans": WORDING}});
    let fields = json!([
        make::with(asks("mail", "email", "邮箱", "contact.email"), json!({"is_required": true})),
        asks("name", "text", "姓名", "contact.display_name"),
        asks("phone", "phone", "手机", "contact.phone"),
        asks("company", "text", "公司", "lead.company_name"),
        {"key": "news", "kind": "consent", "label": {"en": "News", "zh-Hans": "资讯"}, "consent": agreed},
    ]);
    let new = json!({"makes": "lead", "has_double_opt_in": true, "phone_region": "CN", "fields": fields});
    make::id(&make::form(&owner, new), "id")
}

/// The lead as it was given out.
pub fn comes(scene: &Scene) -> Value {
    let form = form(scene);
    let visitor = scene.visitor();
    let shown = visitor.get(&format!("/f/{form}")).ok();
    assert_eq!((&shown["language"], &shown["fields"][4]["wording"]), (&json!("zh-Hans"), &json!(WORDING)));
    let answers = json!({"mail": MAIL, "name": "王伟", "phone": "13800138000", "company": "晨光商贸", "news": true});
    let said = json!({"token": shown["token"], "answers": answers, "referrer": PAGE,
        "utm": {"source": "wechat", "campaign": "autumn"}});
    assert_eq!(visitor.post(&format!("/f/{form}"), said).is(202)["is_pending"], true);
    let lead = given(scene);
    confirmed(scene, &lead);
    lead
}

/// With what had brought them and how they are rated, to somebody who has promised to answer in time.
fn given(scene: &Scene) -> Value {
    let seller = scene.seller();
    let all = seller.get("/v1/leads").ok()["data"].as_array().unwrap().clone();
    assert_eq!(all.len(), 1, "{all:#?}");
    let lead = all[0].clone();
    let utm = json!({"source": "wechat", "campaign": "autumn", "referrer": PAGE});
    assert_eq!((&lead["utm"], &lead["score"], &lead["source"]), (&utm, &json!(20), &json!("form")));
    assert_eq!((&lead["display_name"], &lead["company_name"]), (&json!("王伟"), &json!("晨光商贸")));
    assert_eq!((&lead["email"], &lead["phone"]), (&json!(MAIL), &json!("+8613800138000")));
    let whose = (json!(scene.town.user(Person::Rep)), json!(scene.town.team("north")));
    assert_eq!((&lead["owner_id"], &lead["team_id"]), (&whose.0, &whose.1));
    assert_eq!(lead["response_status"], "pending");
    let promised = moment(&lead, "response_due_at") - moment(&lead, "assigned_at");
    assert_eq!(promised.num_seconds(), 30 * 60, "{lead}");
    let why = seller.get(&format!("{}/assignment", place("leads", &lead, "id"))).ok();
    let chosen = &why["last"]["rules"][0]["members"][0];
    assert_eq!((&chosen["outcome"], &chosen["user_id"]), (&json!("chosen"), &whose.0), "{why}");
    lead
}

/// By the link of a letter in their language, once. Nobody is a contact for having filled in a form.
fn confirmed(scene: &Scene, lead: &Value) {
    let owner = scene.owner();
    let kept = last(&owner);
    assert_eq!((&kept["status"], &kept["lead_id"]), (&json!("pending"), &lead["id"]));
    assert_eq!((&kept["contact_id"], people(&owner, MAIL)), (&Value::Null, Vec::new()));
    let letter = scene.smtp.letters(MAIL, 1).remove(0);
    assert!(letter.text.contains("如果是您本人，请在此确认"), "{}", letter.text);
    let link = json!({"token": letter.token()});
    scene.visitor().post("/f/confirm", &link).ok();
    scene.visitor().post("/f/confirm", &link).refused(422, "confirmation_invalid");
    let kept = last(&owner);
    assert_eq!((&kept["status"], kept["confirmed_at"].is_string()), (&json!("confirmed"), true));
}
