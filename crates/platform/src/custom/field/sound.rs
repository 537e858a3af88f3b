//! Whether a definition makes sense: all that is wrong with it at once.
use super::FieldDef;
use crate::custom::{option_set, value};
use crate::filter;
use crate::{Conn, custom};
use chrono::NaiveDate;
use kernel::catalogue::{Catalogue, Catalogues};
use kernel::custom::{Choice, Fields, Own, Type};
use kernel::{Ctx, Error, Fault, Result, error, text};
use rust_decimal::Decimal;
use std::sync::Arc;

/// The field as it would be in force.
pub fn own(
    conn: &mut Conn,
    ctx: &Ctx,
    catalogues: &'static Catalogues,
    noun: &'static Catalogue,
    field: &FieldDef,
) -> Result<Own> {
    let mut faults = Vec::new();
    let options = options(conn, ctx, field, &mut faults)?;
    let Some(own) = field.clone().into_own(options) else {
        return Err(Error::invalid("/type", "choice", text!("is no type")));
    };
    faults.extend(members(&own, catalogues));
    faults.extend(limits(&own));
    if let Some(default) = &own.default {
        let read = value::read(&own, default, None).err();
        faults.extend(read.map(|fault| Fault { pointer: format!("/default{}", fault.pointer), ..fault }));
    }
    faults.extend(rule(ctx, catalogues, noun, &own));
    if faults.is_empty() { Ok(own) } else { Err(Error::from(error::INVALID).faults(faults)) }
}

fn options(conn: &mut Conn, ctx: &Ctx, field: &FieldDef, faults: &mut Vec<Fault>) -> Result<Vec<Choice>> {
    let chooses = Type::named(&field.r#type).is_some_and(Type::has_options);
    match (chooses, field.option_set_id) {
        (true, None) => {
            faults.push(Fault::new("/option_set_id", "required", text!("says which options there are")));
            Ok(Vec::new())
        }
        (false, Some(_)) => {
            faults.push(Fault::new("/option_set_id", "choice", text!("goes with options alone")));
            Ok(Vec::new())
        }
        (true, Some(set)) => match option_set::find(conn, ctx, set) {
            Ok(set) => Ok(set.options.0),
            Err(error) if error.code == error::NOT_FOUND => {
                faults.push(Fault::new("/option_set_id", "unknown_reference", text!("there is no such record")));
                Ok(Vec::new())
            }
            Err(error) => Err(error),
        },
        (false, None) => Ok(Vec::new()),
    }
}

/// What goes with which type.
fn members(own: &Own, catalogues: &'static Catalogues) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut unfit = |is: bool, member: &str| {
        if is {
            faults.push(Fault::new(member, "choice", text!("does not go with this type")));
        }
    };
    unfit(own.is_unique && !own.holds.may_be_unique(), "/is_unique");
    unfit(own.is_searched && !own.holds.has_words(), "/is_searched");
    unfit(own.is_indexed && own.holds == Type::Options, "/is_indexed");
    unfit(own.is_unique && own.default.is_some(), "/default");
    unfit(own.dependence.is_some() && !own.holds.has_options(), "/dependence");
    unfit(own.reference.is_some() && own.holds != Type::Reference, "/reference");
    let known = own.reference.as_deref().and_then(|noun| catalogues.get(noun));
    if own.holds == Type::Reference && known.is_none() {
        faults.push(Fault::new("/reference", "choice", text!("is no noun whose records could be named")));
    }
    faults
}

fn limits(own: &Own) -> Vec<Fault> {
    let mut faults = Vec::new();
    let number = matches!(own.holds, Type::Int | Type::Decimal | Type::Money);
    let readable = |text: &str| match own.holds {
        Type::Date => text.parse::<NaiveDate>().is_ok(),
        _ => number && Decimal::from_str_exact(text).is_ok(),
    };
    for (member, bound) in [("min", &own.limits.min), ("max", &own.limits.max)] {
        if bound.as_deref().is_some_and(|text| !readable(text)) {
            faults.push(Fault::new(format!("/limits/{member}"), "choice", text!("is no limit of this type")));
        }
    }
    let lengths = [("min_length", own.limits.min_length), ("max_length", own.limits.max_length)];
    let long = matches!(own.holds, Type::Text | Type::Options);
    for (member, _) in lengths.iter().filter(|(_, length)| length.is_some_and(|length| !long || length > 10_000)) {
        faults.push(Fault::new(format!("/limits/{member}"), "choice", text!("is no limit of this type")));
    }
    if own.limits.decimals.is_some_and(|decimals| own.holds != Type::Decimal || decimals > 12) {
        faults.push(Fault::new("/limits/decimals", "choice", text!("is no limit of this type")));
    }
    faults
}

/// Conditions are read with the field itself among the others.
fn rule(ctx: &Ctx, catalogues: &'static Catalogues, noun: &'static Catalogue, own: &Own) -> Vec<Fault> {
    let mut all: Fields = (*ctx.grants.own()).clone();
    let fields = &mut all.0.entry(noun.noun.to_owned()).or_default().fields;
    fields.retain(|other| other.key != own.key);
    fields.push(own.clone());
    let mut faults = Vec::new();
    let all = Arc::new(all);
    if let Some(Err(refusal)) = own.rule.as_deref().map(|rule| filter::fits_row(rule, noun, catalogues, &all)) {
        let error = Error::from(refusal);
        faults.extend(error.faults.into_iter().map(|fault| Fault { pointer: "/rule".into(), ..fault }));
    }
    let Some(depends) = &own.dependence else { return faults };
    let other = format!("{} == null", depends.field);
    if depends.field == own.path() || filter::fits_row(&other, noun, catalogues, &all).is_err() {
        faults.push(Fault::new("/dependence/field", "choice", text!("is no other field of the record")));
    }
    let unknown = |option: &&String| !own.options.iter().any(|choice| choice.key == **option);
    if depends.allowed.values().flatten().any(|option| unknown(&option)) {
        faults.push(Fault::new("/dependence/allowed", "choice", text!("names an option that is not there")));
    }
    faults
}

/// The noun, if its records have fields of the tenant's own.
pub fn noun(catalogues: &'static Catalogues, object: &str) -> Result<&'static Catalogue> {
    let found = catalogues.get(object).filter(|noun| noun.custom.is_some());
    found.ok_or_else(|| error::NOT_FOUND.into())
}

/// What was learnt with a change holds here at once.
pub fn learn(conn: &mut Conn, ctx: &Ctx) -> Result<()> {
    custom::refresh(conn, ctx.tenant, ctx.grants.known())
}
