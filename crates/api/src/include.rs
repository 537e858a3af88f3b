//! Related records put into an answer: which can be, and how each is loaded for many rows at once.
use ::analytics::report;
use ::analytics::{association, label, segmentation};
use ::customer::{account, activity, consent, contact, email_message, form, membership, tag, task};
use ::identity::{team, user};
use ::marketing::{campaign, plan, send, template};
use ::marketing::{coupon, promotion, redemption};
use ::sales::contract::installment;
use ::sales::payment::matches;
use ::sales::{contract, lead, opportunity, order, payment, pipeline, pool, price_book, product, quote, territory};
use ::service::agent;
use ::service::kb;
use ::service::qa::{evaluation, scorecard};
use ::service::routing;
use ::service::skill;
use ::service::{business_calendar, case_sla, escalation, escalation_rule, sla_policy};
use ::service::{case, category, inbox};
use kernel::catalogue::{Catalogues, Link};
use kernel::{Ctx, Error, Grants, Result, text};
use platform::{Conn, external, privacy, segment, webhook};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use uuid::Uuid;

type ByIds = fn(&mut Conn, &Ctx, &[Uuid]) -> Result<Vec<Value>>;

/// To one: loaded by their ids.
const ONE: &[(&str, ByIds)] = &[
    ("account", |conn, ctx, ids| values(account::many(conn, ctx, &typed(ids))?)),
    ("campaign", |conn, ctx, ids| values(campaign::many(conn, ctx, &typed(ids))?)),
    ("marketing_plan", |conn, ctx, ids| values(plan::many(conn, ctx, &typed(ids))?)),
    ("send", |conn, ctx, ids| values(send::many(conn, ctx, &typed(ids))?)),
    ("template", |conn, ctx, ids| values(template::many(conn, ctx, &typed(ids))?)),
    ("activity", |conn, ctx, ids| values(activity::many(conn, ctx, &typed(ids))?)),
    ("task", |conn, ctx, ids| values(task::many(conn, ctx, &typed(ids))?)),
    ("case", |conn, ctx, ids| values(case::many(conn, ctx, &typed(ids))?)),
    ("case_category", |conn, ctx, ids| values(category::many(conn, ctx, &typed(ids))?)),
    ("case_inbox", |conn, ctx, ids| values(inbox::many(conn, ctx, &typed(ids))?)),
    ("contract", |conn, ctx, ids| values(contract::many(conn, ctx, &typed(ids))?)),
    ("payment", |conn, ctx, ids| values(payment::many(conn, ctx, &typed(ids))?)),
    ("contact", |conn, ctx, ids| values(contact::many(conn, ctx, &typed(ids))?)),
    ("email_message", |conn, ctx, ids| values(email_message::many(conn, ctx, &typed(ids))?)),
    ("form", |conn, ctx, ids| values(form::many(conn, ctx, &typed(ids))?)),
    ("form_submission", |conn, ctx, ids| values(form::submission::many(conn, ctx, &typed(ids))?)),
    ("order", |conn, ctx, ids| values(order::many(conn, ctx, &typed(ids))?)),
    ("price_book", |conn, ctx, ids| values(price_book::many(conn, ctx, &typed(ids))?)),
    ("canned_response", |conn, ctx, ids| values(::service::canned::many(conn, ctx, &typed(ids))?)),
    ("survey", |conn, ctx, ids| values(::service::survey::many(conn, ctx, &typed(ids))?)),
    ("kb_portal", |conn, ctx, ids| values(kb::portal::many(conn, ctx, &typed(ids))?)),
    ("kb_category", |conn, ctx, ids| values(kb::category::many(conn, ctx, &typed(ids))?)),
    ("kb_article", |conn, ctx, ids| values(kb::article::many(conn, ctx, &typed(ids))?)),
    ("label", |conn, ctx, ids| values(label::many(conn, ctx, &typed(ids))?)),
    ("lead", |conn, ctx, ids| values(lead::many(conn, ctx, &typed(ids))?)),
    ("opportunity", |conn, ctx, ids| values(opportunity::many(conn, ctx, &typed(ids))?)),
    ("pipeline", |conn, ctx, ids| values(pipeline::many(conn, ctx, &typed(ids))?)),
    ("pool", |conn, ctx, ids| values(pool::many(conn, ctx, &typed(ids))?)),
    ("promotion", |conn, ctx, ids| values(promotion::many(conn, ctx, &typed(ids))?)),
    ("coupon", |conn, ctx, ids| values(coupon::many(conn, ctx, &typed(ids))?)),
    ("product", |conn, ctx, ids| values(product::many(conn, ctx, &typed(ids))?)),
    ("quote", |conn, ctx, ids| values(quote::many(conn, ctx, &typed(ids))?)),
    ("report", |conn, ctx, ids| values(report::many(conn, ctx, &typed(ids))?)),
    ("agent", |conn, ctx, ids| values(agent::many(conn, ctx, &typed(ids))?)),
    ("qa_evaluation", |conn, ctx, ids| values(evaluation::many(conn, ctx, &typed(ids))?)),
    ("qa_scorecard", |conn, ctx, ids| values(scorecard::many(conn, ctx, &typed(ids))?)),
    ("routing_rule", |conn, ctx, ids| values(routing::many(conn, ctx, &typed(ids))?)),
    ("skill", |conn, ctx, ids| values(skill::many(conn, ctx, &typed(ids))?)),
    ("segmentation", |conn, ctx, ids| values(segmentation::many(conn, ctx, &typed(ids))?)),
    ("segmentation_run", |conn, ctx, ids| values(segmentation::run::many(conn, ctx, &typed(ids))?)),
    ("association_run", |conn, ctx, ids| values(association::many(conn, ctx, &typed(ids))?)),
    ("segment", |conn, ctx, ids| values(segment::many(conn, ctx, &typed(ids))?)),
    ("stage", |conn, ctx, ids| values(pipeline::stage::many(conn, ctx, &typed(ids))?)),
    ("team", |conn, ctx, ids| values(team::many(conn, ctx, &typed(ids))?)),
    ("territory", |conn, ctx, ids| values(territory::many(conn, ctx, &typed(ids))?)),
    ("business_calendar", |conn, ctx, ids| values(business_calendar::many(conn, ctx, &typed(ids))?)),
    ("escalation_rule", |conn, ctx, ids| values(escalation_rule::many(conn, ctx, &typed(ids))?)),
    ("sla_policy", |conn, ctx, ids| values(sla_policy::many(conn, ctx, &typed(ids))?)),
    ("webhook_endpoint", |conn, ctx, ids| values(webhook::endpoint::many(conn, ctx, &typed(ids))?)),
    ("user", |conn, ctx, ids| values(user::many(conn, ctx, &typed(ids))?)),
];

/// Parts of a record: relation, the member that names the parent, and the parts of many parents.
const PARTS: &[(&str, &str, ByIds)] = &[
    ("contact_points", "contact_id", |conn, ctx, ids| values(contact::point::of_all(conn, ctx, &typed(ids))?)),
    ("addresses", "contact_id", |conn, ctx, ids| values(contact::address::of_all(conn, ctx, &typed(ids))?)),
    ("addresses", "account_id", |conn, ctx, ids| values(account::address::of_all(conn, ctx, &typed(ids))?)),
    ("identifiers", "contact_id", |conn, ctx, ids| values(contact::identifier::of_all(conn, ctx, &typed(ids))?)),
    ("identifiers", "account_id", |conn, ctx, ids| values(account::identifier::of_all(conn, ctx, &typed(ids))?)),
    ("lifecycle_changes", "contact_id", |conn, ctx, ids| values(contact::lifecycle::of_all(conn, ctx, &typed(ids))?)),
    ("lifecycle_changes", "account_id", |conn, ctx, ids| values(account::lifecycle::of_all(conn, ctx, &typed(ids))?)),
    ("memberships", "contact_id", |conn, ctx, ids| values(membership::of_contacts(conn, ctx, &typed(ids))?)),
    ("consents", "contact_id", |conn, ctx, ids| values(consent::effective_of_all(conn, ctx, &typed(ids))?)),
    ("survey_responses", "contact_id", |conn, ctx, ids| {
        values(::service::survey::response::of_all(conn, ctx, &typed(ids))?)
    }),
    ("versions", "article_id", |conn, ctx, ids| values(kb::version::of_all(conn, ctx, &typed(ids))?)),
    ("feedback", "article_id", |conn, ctx, ids| values(kb::feedback::of_all(conn, ctx, &typed(ids))?)),
    ("stages", "pipeline_id", |conn, ctx, ids| values(pipeline::stages_of(conn, ctx, &typed(ids))?)),
    ("opportunity_contacts", "opportunity_id", |conn, ctx, ids| {
        values(opportunity::contact::of_all(conn, ctx, &typed(ids))?)
    }),
    ("lines", "opportunity_id", |conn, ctx, ids| values(opportunity::line::of_all(conn, ctx, &typed(ids))?)),
    ("stage_history", "opportunity_id", |conn, ctx, ids| values(opportunity::history::of_all(conn, ctx, &typed(ids))?)),
    ("lines", "quote_id", |conn, ctx, ids| values(quote::line::of_all(conn, ctx, &typed(ids))?)),
    ("links", "quote_id", |conn, ctx, ids| values(quote::link::of_all(conn, ctx, &typed(ids))?)),
    ("approvals", "quote_id", |conn, ctx, ids| values(quote::approval::of_all(conn, ctx, &typed(ids))?)),
    ("installments", "contract_id", |conn, ctx, ids| values(installment::of_all(conn, ctx, &typed(ids))?)),
    ("matches", "payment_id", |conn, ctx, ids| values(matches::of_all(conn, ctx, &typed(ids))?)),
    ("lines", "order_id", |conn, ctx, ids| values(order::lines_of(conn, ctx, &typed(ids))?)),
    ("redemptions", "order_id", |conn, ctx, ids| values(redemption::of_orders(conn, ctx, &typed(ids))?)),
    ("entries", "price_book_id", |conn, ctx, ids| values(price_book::entry::of_all(conn, ctx, &typed(ids))?)),
    ("messages", "case_id", |conn, ctx, ids| values(case::message::of_all(conn, ctx, &typed(ids))?)),
    ("slas", "case_id", |conn, ctx, ids| values(case_sla::of_all(conn, ctx, &typed(ids))?)),
    ("escalations", "case_id", |conn, ctx, ids| values(escalation::of_all(conn, ctx, &typed(ids))?)),
    ("restrictions", "record_id", |conn, ctx, ids| values(privacy::restriction::of_all(conn, ctx, ids)?)),
    ("segments", "record_id", |conn, ctx, ids| values(segment::member::of_all(conn, ctx, ids)?)),
    ("labels", "account_id", |conn, ctx, ids| values(label::account::of_all(conn, ctx, &typed(ids))?)),
    ("tags", "record_id", |conn, ctx, ids| values(tag::of_all(conn, ctx, ids)?)),
    ("external_refs", "record_id", |conn, ctx, ids| values(external::of_all(conn, ctx, ids)?)),
];

pub fn is_part(name: &str) -> bool {
    PARTS.iter().any(|(relation, ..)| *relation == name)
}

/// Whether every step of the path can be put in, and goes by fields that the caller sees.
pub fn check(
    catalogues: &Catalogues,
    grants: &Grants,
    noun: &str,
    path: &[String],
) -> std::result::Result<(), kernel::Text> {
    let Some((name, rest)) = path.split_first() else { return Ok(()) };
    let relation = catalogues
        .relation(noun, name)
        .filter(|relation| !catalogues.goes_by(noun, relation).is_some_and(|(noun, field)| grants.hides(noun, field)));
    let relation = relation.ok_or_else(|| text!("{noun} has no relation \"{name}\"", noun, name))?;
    match relation.link {
        Link::One { .. } if ONE.iter().any(|(target, _)| *target == relation.target) => {
            check(catalogues, grants, relation.target, rest)
        }
        Link::Many { .. } | Link::Through { .. } if rest.is_empty() && part_of(noun, name).is_some() => Ok(()),
        _ => Err(text!("{noun}.{name} cannot be put in: ask for its list", noun, name)),
    }
}

/// A contact's memberships are parts of it; those of an account are a list of their own.
fn part_of(noun: &str, name: &str) -> Option<&'static (&'static str, &'static str, ByIds)> {
    let of = |parent: &str| parent == format!("{noun}_id") || parent == "record_id";
    PARTS.iter().find(|(relation, parent, _)| *relation == name && of(parent))
}

/// Records of a noun by their ids, in their order, as the caller sees them.
pub fn of_noun(conn: &mut Conn, ctx: &Ctx, noun: &str, ids: &[Uuid]) -> Result<Vec<Value>> {
    let Some((_, by_ids)) = ONE.iter().find(|(target, _)| *target == noun) else { return Ok(Vec::new()) };
    let mut found = by_ids(conn, ctx, ids)?;
    found.iter_mut().for_each(|one| ctx.grants.trim(noun, one));
    let mut found: BTreeMap<String, Value> = found.into_iter().map(|one| (text(&one, "id"), one)).collect();
    Ok(ids.iter().filter_map(|id| found.remove(&id.to_string())).collect())
}

/// Puts the relations in, one query a relation and level.
pub fn load(
    conn: &mut Conn,
    ctx: &Ctx,
    catalogues: &Catalogues,
    noun: &str,
    rows: &mut [Value],
    paths: &[Vec<String>],
) -> Result<()> {
    let mut deeper: BTreeMap<&str, Vec<Vec<String>>> = BTreeMap::new();
    for (name, rest) in paths.iter().filter_map(|path| path.split_first()) {
        let rests = deeper.entry(name).or_default();
        if !rest.is_empty() {
            rests.push(rest.to_vec());
        }
    }
    for (name, rests) in deeper {
        let Some(relation) = catalogues.relation(noun, name) else { continue };
        match relation.link {
            Link::One { column } => {
                let Some((_, by_ids)) = ONE.iter().find(|(target, _)| *target == relation.target) else { continue };
                let mut found = by_ids(conn, ctx, &ids(rows, column))?;
                load(conn, ctx, catalogues, relation.target, &mut found, &rests)?;
                found.iter_mut().for_each(|one| ctx.grants.trim(relation.target, one));
                let found: BTreeMap<String, Value> = found.into_iter().map(|one| (text(&one, "id"), one)).collect();
                for row in rows.iter_mut() {
                    let one = found.get(&text(row, column)).cloned().unwrap_or_default();
                    put(row, name, one);
                }
            }
            Link::Many { .. } | Link::Through { .. } => {
                let Some((_, parent, of_all)) = part_of(noun, name) else { continue };
                let mut found: BTreeMap<String, Vec<Value>> = BTreeMap::new();
                for mut one in of_all(conn, ctx, &ids(rows, "id"))? {
                    let parent = text(&one, parent);
                    ctx.grants.trim(relation.target, &mut one);
                    found.entry(parent).or_default().push(one);
                }
                for row in rows.iter_mut() {
                    let all = found.remove(&text(row, "id")).unwrap_or_default();
                    put(row, name, Value::Array(all));
                }
            }
        }
    }
    Ok(())
}

fn typed<T: From<Uuid>>(ids: &[Uuid]) -> Vec<T> {
    ids.iter().copied().map(T::from).collect()
}

fn values<T: Serialize>(rows: Vec<T>) -> Result<Vec<Value>> {
    rows.iter().map(|row| serde_json::to_value(row).map_err(Error::internal)).collect()
}

fn ids(rows: &[Value], member: &str) -> Vec<Uuid> {
    let mut ids: Vec<Uuid> = rows.iter().filter_map(|row| row.get(member)?.as_str()?.parse().ok()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn text(row: &Value, member: &str) -> String {
    row.get(member).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn put(row: &mut Value, name: &str, value: Value) {
    if let Some(row) = row.as_object_mut() {
        row.insert(name.to_owned(), value);
    }
}
