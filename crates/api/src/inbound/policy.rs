//! Whose word counts where a record was changed here and there: the sender's, the house's, or the newest. A connection
//! has one answer for all, and others for single fields (`contact.phone`, `order.status`); the lines of an order go by the
//! one for all.
use crate::worker::handlers::IMPORTERS;
use chrono::{DateTime, Utc};
use kernel::{Access, Ctx, Error, Fault, Result, UserId, error, text};
use platform::connection::{Connection, POLICIES};
use platform::import::direct::Sheet;
use platform::import::{Importer, Target, access};
use serde_json::Value;
use uuid::Uuid;

const OURS: &str = "ours_wins";
const NEWEST: &str = "newest_wins";
/// What nobody decides about: by these a record is found.
const KEYS: [&str; 2] = ["id", "external_id"];

/// What stands in the house: when it was changed, and by whom.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    pub id: Uuid,
    /// nothing, where it is archived or not for the connection's user to see: writing it says so
    pub changed: Option<(DateTime<Utc>, UserId)>,
}

/// Whether these can be the policies of fields, by whoever sets them up: a field that they do not see is none.
pub fn check(ctx: &Ctx, policies: Option<&Value>) -> Result<()> {
    let Some(policies) = policies else { return Ok(()) };
    let Some(policies) = policies.as_object() else {
        return Err(Error::invalid("/field_policies", "object", text!("is an object")));
    };
    let mut faults = Vec::new();
    for (name, policy) in policies {
        let place = format!("/field_policies/{}", name.replace('~', "~0").replace('/', "~1"));
        if !is_field(ctx, name) {
            faults.push(Fault::new(&place, "unknown_target", text!("is no field that comes in from other systems")));
        }
        if !policy.as_str().is_some_and(|policy| POLICIES.contains(&policy)) {
            let choices = POLICIES.join(", ");
            faults.push(Fault::new(&place, "choice", text!("is none of {choices}", choices)));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::from(error::INVALID).faults(faults)) }
}

fn is_field(ctx: &Ctx, name: &str) -> bool {
    let Some((noun, field)) = name.split_once('.') else { return false };
    let own = |importer: &&&dyn Importer| importer.noun() == noun && importer.resource() != "order_lines";
    let seen = |target: &Target| access(&ctx.grants, noun, target, &|_| false) > Access::Hidden;
    let is_it = |target: &Target| {
        let below = target.name.strip_prefix(field).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        below && !KEYS.contains(&target.name) && seen(target)
    };
    IMPORTERS.iter().find(own).is_some_and(|importer| importer.targets().iter().any(is_it))
}

/// Whether the house's own word counts more than the sender's, of a state that was changed there at `at`.
fn keeps(connection: &Connection, policy: &str, standing: &Standing, at: DateTime<Utc>) -> bool {
    match (policy, standing.changed) {
        (OURS, _) => true,
        (NEWEST, Some((ours, by))) => by != connection.user_id && ours > at,
        _ => false,
    }
}

/// The same of a record as a whole.
pub fn keeps_ours(connection: &Connection, standing: Option<&Standing>, at: DateTime<Utc>) -> bool {
    standing.is_some_and(|standing| keeps(connection, &connection.conflict_policy, standing, at))
}

/// Whether the house's word counts, whenever it was said.
pub fn is_ours(connection: &Connection) -> bool {
    connection.conflict_policy == OURS
}

/// Of a sheet what is the sender's to say; nothing, where that is no more than which record it is.
pub fn theirs(
    connection: &Connection,
    sheet: &Sheet,
    keys: &[&str],
    standing: Option<&Standing>,
    at: DateTime<Utc>,
) -> Option<Sheet> {
    let Some(standing) = standing else { return Some(sheet.clone()) };
    without(connection, sheet, keys, &|policy| keeps(connection, policy, standing, at))
}

/// What may be said of a record that is only found as it is written, by its address or number; nothing, where that is all
/// of the sheet.
pub fn found(connection: &Connection, sheet: &Sheet, keys: &[&str]) -> Option<Sheet> {
    let is_ours = |target: &str| !keys.contains(&target) && policy(connection, &sheet.mapping.resource, target) == OURS;
    let any = targets(sheet).any(is_ours);
    any.then(|| cut(sheet, &|target| !is_ours(target)))
}

fn without(connection: &Connection, sheet: &Sheet, keys: &[&str], keeps: &dyn Fn(&str) -> bool) -> Option<Sheet> {
    let resource = sheet.mapping.resource.as_str();
    // lines belong together
    if resource == "order_lines" && keeps(&connection.conflict_policy) {
        return None;
    }
    let is_theirs = |target: &str| !keeps(policy(connection, resource, target));
    let says_more = targets(sheet).any(|target| !keys.contains(&target) && is_theirs(target));
    says_more.then(|| cut(sheet, &|target| keys.contains(&target) || is_theirs(target)))
}

fn targets(sheet: &Sheet) -> impl Iterator<Item = &str> {
    let constants = sheet.mapping.constants.keys().map(String::as_str);
    sheet.mapping.columns.iter().map(|column| column.to.as_str()).chain(constants)
}

fn cut(sheet: &Sheet, stays: &dyn Fn(&str) -> bool) -> Sheet {
    let mut mapping = sheet.mapping.clone();
    mapping.columns.retain(|column| stays(&column.to));
    mapping.constants.retain(|target, _| stays(target));
    Sheet { mapping, ..sheet.clone() }
}

/// The policy of a target: its own, that of what it is a part of (`unit_price` of `unit_price.currency`), or the one for
/// all.
fn policy<'a>(connection: &'a Connection, resource: &str, target: &str) -> &'a str {
    let own = connection.field_policies.as_ref().and_then(Value::as_object);
    let noun = match resource {
        "accounts" => "account.",
        "contacts" => "contact.",
        "products" => "product.",
        "orders" => "order.",
        // its targets begin with the order's
        _ => "",
    };
    let mut name = format!("{noun}{target}");
    while let Some(all) = own {
        if let Some(policy) = all.get(&name).and_then(Value::as_str) {
            return policy;
        }
        match name.rfind('.') {
            Some(end) => name.truncate(end),
            None => break,
        }
    }
    &connection.conflict_policy
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Duration;
    use kernel::ConnectionId;
    use platform::import::{Column, Mapping};
    use serde_json::json;

    fn connection(policy: &str, fields: Value) -> Connection {
        let user = UserId::new();
        Connection {
            id: ConnectionId::new(),
            name: "Shop".into(),
            kind: "shopify".into(),
            source_system: "shop".into(),
            user_id: user,
            conflict_policy: policy.into(),
            field_policies: Some(fields),
            mapping: None,
            changed_at_path: None,
            currency: None,
            time_zone: None,
            is_active: true,
            version: 1,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
            created_by: user,
            updated_by: user,
            deleted_at: None,
        }
    }

    fn sheet(resource: &str, targets: &[&str]) -> Sheet {
        let column = |to: &&str| Column { column: (*to).into(), to: (*to).into(), ..Column::default() };
        let columns = targets.iter().map(column).collect();
        let mapping = Mapping { resource: resource.into(), columns, ..Mapping::default() };
        Sheet { mapping, header: targets.iter().map(|to| (*to).to_owned()).collect(), rows: Vec::new() }
    }

    fn left(sheet: Option<Sheet>) -> Vec<String> {
        sheet.into_iter().flat_map(|sheet| sheet.mapping.columns).map(|column| column.to).collect()
    }

    #[test]
    fn a_field_goes_by_its_own_policy_and_else_by_the_one_for_all() {
        let products = sheet("products", &["external_id", "sku", "name", "unit_price", "unit_price.currency"]);
        let now = DateTime::UNIX_EPOCH + Duration::days(9);
        let standing = Standing { id: Uuid::nil(), changed: Some((now, UserId::new())) };
        let keys = ["external_id", "sku"];
        let kept = |connection: &Connection, at| left(theirs(connection, &products, &keys, Some(&standing), at));
        let ours = connection("source_wins", json!({"product.unit_price": "ours_wins"}));
        assert_eq!(kept(&ours, now), ["external_id", "sku", "name"]);
        let theirs_alone = connection("ours_wins", json!({"product.unit_price": "source_wins"}));
        assert_eq!(kept(&theirs_alone, now), ["external_id", "sku", "unit_price", "unit_price.currency"]);
        let newest = connection("source_wins", json!({"product.name": "newest_wins"}));
        assert_eq!(kept(&newest, now - Duration::days(1)).len(), 4);
        assert_eq!(kept(&newest, now + Duration::days(1)).len(), 5);
        let nothing = connection("ours_wins", json!({}));
        assert!(theirs(&nothing, &products, &keys, Some(&standing), now).is_none());
        assert_eq!(left(theirs(&nothing, &products, &keys, None, now)).len(), 5, "what is not there is made");
        assert_eq!(left(found(&nothing, &products, &keys)), keys);
        assert!(found(&newest, &products, &keys).is_none());
    }

    #[test]
    fn the_lines_of_an_order_belong_together() {
        let lines = sheet("order_lines", &["order.external_id", "order.status", "line_key", "sku"]);
        let now = DateTime::UNIX_EPOCH;
        let standing = Standing { id: Uuid::nil(), changed: None };
        let keys = ["order.external_id"];
        let of = |policy: &str, fields| left(theirs(&connection(policy, fields), &lines, &keys, Some(&standing), now));
        assert_eq!(of("ours_wins", json!({"order.status": "source_wins"})), Vec::<String>::new());
        let status = json!({"order.status": "ours_wins"});
        assert_eq!(of("source_wins", status), ["order.external_id", "line_key", "sku"]);
    }
}
