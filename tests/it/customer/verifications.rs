//! Whether somebody reads what is sent to a contact point, and what their word is worth until then.
use super::forms::{holds, last, people, published};
use crate::support::{Smtp, Town, json, make};

#[test]
fn what_is_agreed_to_holds_when_the_link_was_followed() {
    let smtp = Smtp::start();
    let town = Town::mailing(&smtp);
    let (owner, form) = (town.owner(), published(&town, json!({"has_double_opt_in": true})));
    let mail = "visitor@x.example";
    let chinese = town.anonymous().with("accept-language", "zh-CN");
    assert_eq!(
        make::submission(&chinese, &form, json!({"mail": mail, "name": "Visit www.spam.example", "news": true}))
            .is(202)["is_pending"],
        true
    );
    let contact = people(&owner, mail).remove(0);
    assert_eq!((holds(&owner, &contact), &last(&owner)["status"]), (json!("pending"), &json!("pending")));
    let letter = smtp.letters(mail, 1).remove(0);
    assert!(letter.link().starts_with("https://app.town.example/confirm-address#token=gxv_"), "{}", letter.link());
    assert!(letter.text.contains("请在此确认") && !letter.text.contains("spam"), "{}", letter.text);
    let follow = |token: &str| town.anonymous().post("/f/confirm", json!({"token": token}));
    for wrong in ["x", "gxv_", &format!("{}x", letter.token()), &letter.token().replace("gxv_", "gxl_")] {
        follow(wrong).refused(422, "confirmation_invalid");
    }
    assert_eq!(follow(&letter.token()).ok(), json!({"is_verified": true}));
    follow(&letter.token()).refused(422, "confirmation_invalid");
    assert_eq!((holds(&owner, &contact), &last(&owner)["status"]), (json!("granted"), &json!("confirmed")));
    let points = owner.get(&format!("/v1/contacts/{}/contact-points", make::id(&contact, "id"))).ok();
    assert!(points[0]["verified_at"].is_string(), "{points}");
    let words = owner.get(&format!("/v1/contacts/{}/consents", make::id(&contact, "id"))).ok();
    assert_eq!((words.as_array().unwrap().len(), &words[0]["evidence"]), (2, &words[1]["evidence"]));
    // whoever fills it in again writes no second letter to the same address at once, and overturns nothing
    make::submission(&chinese, &form, json!({"mail": mail, "news": true})).is(202);
    assert_eq!(holds(&owner, &contact), "granted");
    std::thread::sleep(std::time::Duration::from_millis(500));
    assert_eq!(smtp.letters(mail, 1).len(), 1);
    let secret = letter.token();
    for table in ["jobs", "verifications", "audit_log"] {
        let rows = town.database.column(&format!("SELECT t::text FROM {table} t"));
        assert!(rows.iter().all(|row| !row.contains(&secret)), "{table}");
    }
}

#[test]
fn a_code_is_good_for_five_tries() {
    let smtp = Smtp::start();
    let town = Town::mailing(&smtp);
    let owner = town.owner();
    let contact = make::contact(
        &owner,
        json!({"email": "code@x.example", "phone": "+8613800138000", "locale": "en",
            "contact_points": [{"kind": "wechat", "value": "code_88"}]}),
    );
    let points = owner.get(&format!("/v1/contacts/{}/contact-points", make::id(&contact, "id"))).ok();
    let point = |kind: &str| {
        let one = points.as_array().unwrap().iter().find(|one| one["kind"] == kind).unwrap();
        format!("/v1/contact-points/{}", make::id(one, "id"))
    };
    owner.post(&format!("{}/verifications", point("wechat")), json!({})).refused(422, "verification_no_provider");
    owner.post(&format!("{}/verifications", point("phone")), json!({})).refused(409, "sms_not_configured");
    let mail = point("email");
    let say = |code: &str| {
        owner.post(&format!("{mail}/verifications/confirm"), json!({"code": code})).ok()["is_verified"].clone()
    };
    assert_eq!(say("000000"), false);
    owner.post(&format!("{mail}/verifications"), json!({})).is(202);
    owner.post(&format!("{mail}/verifications"), json!({})).refused(429, "verification_too_many");
    let text = smtp.letters("code@x.example", 1).remove(0).text;
    let code =
        text.split_whitespace().find(|word| word.len() == 6 && word.bytes().all(|b| b.is_ascii_digit())).unwrap();
    let wrong = if code == "111111" { "222222" } else { "111111" };
    for _ in 0..4 {
        assert_eq!(say(wrong), false);
    }
    assert_eq!(say(code), true);
    assert_eq!(say(code), false);
    assert!(owner.get(&mail).ok()["verified_at"].is_string());
    // another, and one try too many
    town.database.run("UPDATE verifications SET created_at = created_at - interval '2 minutes'");
    owner.post(&format!("{mail}/verifications"), json!({})).is(202);
    let text = smtp.letters("code@x.example", 2).remove(1).text;
    let code =
        text.split_whitespace().find(|word| word.len() == 6 && word.bytes().all(|b| b.is_ascii_digit())).unwrap();
    let wrong = if code == "111111" { "222222" } else { "111111" };
    for _ in 0..5 {
        assert_eq!(say(wrong), false);
    }
    assert_eq!(say(code), false);
}
