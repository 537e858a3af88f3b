//! What is told of a noun: its fields, built in and the tenant's own, and what the caller may do.
use crate::openapi::described;
use kernel::catalogue::{Catalogue, Catalogues, Field, Kind, Link, Relation};
use kernel::custom::{Choice, Dependence, Labels, Limits, Own, Type, path};
use kernel::{Access, Action, Ctx, Grants, Reach};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A noun, what it is made of, and what the caller may do with it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "object": "account", "path": "/v1/accounts", "takes_fields": true,
    "fields": [{"name": "name", "type": "text", "is_own": false, "is_nullable": false, "is_required": true,
                "is_unique": false, "is_filterable": true, "is_sortable": true, "is_searched": true, "access": "write"}],
    "relations": [{"name": "owner", "target": "user", "is_many": false}], "actions": {"read": "all"}
}))]
pub struct ObjectInfo {
    pub object: String,
    /// where its records are
    pub path: Option<String>,
    /// whether a tenant may add fields to it
    pub takes_fields: bool,
    /// built in and the tenant's own, those that the caller sees
    pub fields: Vec<FieldInfo>,
    pub relations: Vec<RelationInfo>,
    /// action → how far the caller's permission reaches; what is not there is not permitted
    #[schema(value_type = Object)]
    pub actions: BTreeMap<&'static str, Reach>,
}

/// A field, as a form or a column needs to know it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "name": "custom.region", "type": "option", "is_own": true, "labels": {"en": "Region", "zh-Hans": "大区"},
    "is_nullable": true, "is_required": false, "is_unique": false, "is_filterable": true, "is_sortable": true,
    "is_searched": false, "choices": [{"key": "north", "labels": {"en": "North"}}], "access": "write"
}))]
pub struct FieldInfo {
    /// `name`, or `custom.region`
    pub name: String,
    /// what it holds; `id` of built-in references
    pub r#type: String,
    /// whether the tenant has added it
    pub is_own: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub labels: Option<Labels>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub help: Option<String>,
    pub is_nullable: bool,
    /// whether a new record has to have it
    pub is_required: bool,
    pub is_unique: bool,
    pub is_filterable: bool,
    pub is_sortable: bool,
    pub is_searched: bool,
    /// what may be chosen
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub choices: Vec<Choice>,
    /// the noun whose record it names
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub reference: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub limits: Option<Limits>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Value, required = false)]
    pub default: Option<Value>,
    /// a condition over the record, in the filter language
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub rule: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub dependence: Option<Dependence>,
    /// what the caller may do with it
    pub access: Access,
}

/// A way to other records.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"name": "contacts", "target": "contact", "is_many": true}))]
pub struct RelationInfo {
    pub name: &'static str,
    pub target: &'static str,
    pub is_many: bool,
}

/// All nouns that the caller sees.
#[derive(Debug, Serialize, ToSchema)]
pub struct ObjectInfos {
    pub data: Vec<ObjectInfo>,
}

/// Nothing of a noun that the caller may not read.
pub fn info(all: &'static Catalogues, noun: &'static Catalogue, ctx: &Ctx) -> Option<ObjectInfo> {
    let (grants, root) = (&ctx.grants, all.permission(noun.noun)?);
    if grants.reach(root, Action::Read) == Reach::None {
        return None;
    }
    let reach = |action: Action| (action.name(), grants.reach(root, action));
    let places = described(noun);
    let own = grants.own();
    let seen =
        |relation: &&Relation| !all.goes_by(noun.noun, relation).is_some_and(|(noun, field)| grants.hides(noun, field));
    let built_in = noun.fields.iter().filter(|field| !grants.hides(noun.noun, field.name));
    let own = own.of(noun.noun).iter().filter(|own| !grants.hides(noun.noun, &own.path()));
    Some(ObjectInfo {
        object: noun.noun.to_owned(),
        path: places.path,
        takes_fields: noun.custom.is_some(),
        fields: built_in
            .map(|field| built(all, noun, field, grants, &places.required))
            .chain(own.map(|own| added(noun, own, grants)))
            .collect(),
        relations: all.relations(noun.noun).iter().filter(seen).map(relation).collect(),
        actions: Action::ALL.into_iter().map(reach).filter(|(_, reach)| *reach > Reach::None).collect(),
    })
}

fn relation(relation: &Relation) -> RelationInfo {
    let is_many = matches!(relation.link, Link::Many { .. } | Link::Through { .. });
    RelationInfo { name: relation.name, target: relation.target, is_many }
}

fn built(
    all: &'static Catalogues,
    noun: &'static Catalogue,
    field: &'static Field,
    grants: &Grants,
    required: &[String],
) -> FieldInfo {
    let choices = match field.kind {
        Kind::Choice(choices) => choices
            .iter()
            .map(|key| Choice { key: (*key).to_owned(), labels: labels(key), ..Choice::default() })
            .collect(),
        _ => Vec::new(),
    };
    let leads = |relation: &&Relation| relation.link == Link::One { column: field.column };
    FieldInfo {
        name: field.name.to_owned(),
        r#type: word(field.kind).to_owned(),
        is_own: false,
        labels: Some(labels(field.name)),
        help: None,
        is_nullable: field.nullable,
        is_required: required.iter().any(|name| name == field.name),
        is_unique: field.name == "id",
        is_filterable: field.filterable,
        is_sortable: field.sortable,
        is_searched: field.searched.is_some(),
        choices,
        reference: all.relations(noun.noun).iter().find(leads).map(|relation| relation.target.to_owned()),
        limits: None,
        default: None,
        rule: None,
        dependence: None,
        access: grants.access(noun.noun, field.name),
    }
}

fn added(noun: &'static Catalogue, own: &Own, grants: &Grants) -> FieldInfo {
    FieldInfo {
        name: path(&own.key),
        r#type: own.holds.name().to_owned(),
        is_own: true,
        labels: Some(own.labels.clone()),
        help: own.help.clone(),
        is_nullable: !own.is_required,
        is_required: own.is_required && own.default.is_none(),
        is_unique: own.is_unique,
        is_filterable: true,
        is_sortable: own.holds != Type::Options,
        is_searched: own.is_searched,
        choices: own.options.clone(),
        reference: own.reference.clone(),
        limits: Some(own.limits.clone()).filter(|limits| *limits != Limits::default()),
        default: own.default.clone(),
        rule: own.rule.clone(),
        dependence: own.dependence.clone(),
        access: grants.access(noun.noun, &own.path()),
    }
}

fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::Int => "int",
        Kind::Decimal => "decimal",
        Kind::Money { .. } => "money",
        Kind::Bool => "bool",
        Kind::Date => "date",
        Kind::Instant => "instant",
        Kind::Id => "id",
        Kind::Choice(_) => "option",
        Kind::Tags => "tags",
    }
}

/// What a built-in name or choice is called, as far as there is a word for it.
fn labels(name: &str) -> Labels {
    let spaced = name.replace('_', " ");
    let mut letters = spaced.chars();
    let english: String = letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect();
    let mut lines = include_str!("../../labels.txt").lines().map(|line| line.split('|'));
    let known = lines.find_map(|mut words| {
        (words.next()? == name).then_some(())?;
        Some((words.next()?.to_owned(), words.next()?.to_owned()))
    });
    let (zh_hans, zh_hant) = known.unzip();
    Labels { en: Some(english), zh_hans, zh_hant }
}
