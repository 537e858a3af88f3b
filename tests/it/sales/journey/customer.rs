//! The lead becomes an account, a contact and a deal, whose owner goes on; and what they agreed to is the contact's.
use super::visitor::{PAGE, WORDING};
use super::{ADDRESS, MAIL, Scene, place, year};
use crate::customer::forms::{holds, last, people};
use crate::support::{Person, Value, json};

/// The ids of what the lead has become.
pub fn made(scene: &Scene, lead: &Value) -> Value {
    let seller = scene.seller();
    let convert = format!("{}/convert", place("leads", lead, "id"));
    let deal = json!({"name": "茶叶年度采购", "currency": "CNY", "expected_close_on": format!("{}-12-31", year())});
    let done = seller.post(&convert, json!({"opportunity": {"fields": deal}})).ok();
    assert_eq!(done["created"], json!(["account", "contact", "opportunity"]));
    seller.post(&convert, json!({})).refused(409, "lead_converted");
    let (owner, team) = (json!(scene.town.user(Person::Rep)), json!(scene.town.team("north")));
    let became = [("accounts", "account_id"), ("contacts", "contact_id"), ("opportunities", "opportunity_id")];
    for (noun, member) in became {
        let one = seller.get(&place(noun, &done, member)).ok();
        assert_eq!((&one["owner_id"], &one["team_id"], &one["source"]), (&owner, &team, &json!("form")), "{noun}");
    }
    let contact = people(&seller, MAIL).remove(0);
    assert_eq!((&contact["id"], &contact["account_id"]), (&done["contact_id"], &done["account_id"]));
    assert_eq!((&contact["display_name"], &contact["phone"]), (&json!("王伟"), &json!("+8613800138000")));
    agreed(scene, &contact);
    done
}

/// As it was ticked and as it was confirmed, each with what had been shown, where, when and to whom.
fn agreed(scene: &Scene, contact: &Value) {
    let (seller, kept) = (scene.seller(), last(&scene.owner()));
    assert_eq!(kept["contact_id"], contact["id"]);
    let path = place("contacts", contact, "id");
    let words = seller.get(&format!("{path}/consents")).ok().as_array().unwrap().clone();
    let said: Vec<(&Value, &Value)> = words.iter().map(|word| (&word["status"], &word["occurred_at"])).collect();
    let (yes, waits) = (json!("granted"), json!("pending"));
    assert_eq!(said, [(&yes, &kept["confirmed_at"]), (&waits, &kept["created_at"])]);
    let shown = json!({"text": WORDING, "language": "zh-Hans", "version": "3", "address": ADDRESS,
        "user_agent": "Probe/1.0", "url": PAGE, "form_id": kept["form_id"], "form_submission_id": kept["id"]});
    for word in &words {
        let what = [&word["purpose"], &word["channel"], &word["lawful_basis"], &word["source"]];
        assert_eq!(what, ["newsletter", "email", "consent", "form"]);
        assert_eq!(word["evidence"], shown);
    }
    assert_eq!(holds(&seller, contact), "granted");
    let points = seller.get(&format!("{path}/contact-points")).ok().as_array().unwrap().clone();
    let mail = points.iter().find(|point| point["kind"] == "email").unwrap();
    assert!(mail["verified_at"].is_string(), "{mail}");
}
