//! What is hidden cannot be asked for: not by its name, not across a relation, not by the relation that it makes.
use super::{Walk, alike, all, hideable, is_list, nothing_like, place};
use crate::support::{Client, encoded};
use kernel::catalogue::{Catalogue, Field, Kind, Link};

/// Asks with the name, and with one that nothing has.
#[track_caller]
fn refused(client: &Client, name: &str, query: impl Fn(&str) -> String) {
    alike(&client.get(&query(name)), name, &client.get(&query(&nothing_like(name))));
}

/// A condition on a field, whatever it holds.
fn condition(field: &Field, path: &str) -> String {
    match field.kind {
        Kind::Money { .. } => format!("{path}.amount > 0.0"),
        _ => format!("{path} != null"),
    }
}

#[test]
fn a_hidden_field_cannot_be_asked_for() {
    let walk = Walk::start();
    for (noun, field) in hideable() {
        walk.hold_back(noun, field, "hidden");
        by_name(&walk.holder, noun, field);
        across_relations(&walk.holder, noun, field);
        by_what_it_leads_to(&walk.holder, noun, field);
    }
}

fn by_name(client: &Client, noun: &Catalogue, field: &Field) {
    let place = place(noun);
    if !is_list(&place) {
        return;
    }
    refused(client, field.name, |name| format!("{place}?fields=id,{name}"));
    refused(client, field.name, |name| format!("{place}?sort=-{name}"));
    // such a name asks for something else of a list
    if !["filter", "sort", "fields"].contains(&field.name) {
        refused(client, field.name, |name| format!("{place}?{name}=1"));
    }
    refused(client, field.name, |name| format!("{place}?filter={}", encoded(&condition(field, name))));
    refused(client, field.name, |name| format!("{place}?filter={}", encoded(&format!("has({}.{name})", noun.noun))));
    if let Kind::Money { .. } = field.kind {
        refused(client, field.name, |name| format!("{place}?sort={name}.amount"));
        refused(client, field.name, |name| format!("{place}?{name}.currency=EUR"));
    }
}

/// From every noun that leads to this one.
fn across_relations(client: &Client, noun: &Catalogue, field: &Field) {
    for from in all().all().filter(|from| is_list(&place(from))) {
        let leading = all().relations(from.noun).iter().filter(|relation| relation.target == noun.noun);
        for relation in leading.filter(|relation| all().goes_by(from.noun, relation) != Some((noun.noun, field.name))) {
            let (place, way) = (place(from), relation.name);
            match relation.link {
                Link::One { .. } => {
                    let filter = |name: &str| encoded(&condition(field, &format!("{way}.{name}")));
                    refused(client, field.name, |name| format!("{place}?filter={}", filter(name)));
                    refused(client, field.name, |name| format!("{place}?sort={way}.{name}"));
                    refused(client, field.name, |name| format!("{place}?{way}.{name}=1"));
                }
                Link::Many { .. } | Link::Through { .. } => {
                    let filter =
                        |name: &str| encoded(&format!("{way}.exists(v, {})", condition(field, &format!("v.{name}"))));
                    refused(client, field.name, |name| format!("{place}?filter={}", filter(name)));
                }
            }
        }
    }
}

/// A relation that goes by the field is not there either.
fn by_what_it_leads_to(client: &Client, noun: &Catalogue, field: &Field) {
    for from in all().all().filter(|from| is_list(&place(from))) {
        let by_it = |from: &Catalogue, relation| all().goes_by(from.noun, relation) == Some((noun.noun, field.name));
        for relation in all().relations(from.noun).iter().filter(|relation| by_it(from, relation)) {
            let place = place(from);
            let filter = |name: &str| match relation.link {
                Link::One { .. } => encoded(&format!("{name} != null")),
                Link::Many { .. } | Link::Through { .. } => encoded(&format!("{name}.exists(v, true)")),
            };
            refused(client, relation.name, |name| format!("{place}?filter={}", filter(name)));
            refused(client, relation.name, |name| format!("{place}?include={name}"));
            refused(client, relation.name, |name| format!("{place}?sort={name}.id"));
        }
    }
}
