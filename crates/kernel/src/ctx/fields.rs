//! Fields held back: what may be done with each, and a record as its reader sees it.
//!
//! A hidden field is as if it were not there. Where nothing is held back, which is usual, nothing is looked through.
use super::{Access, Ctx, Grants};
use crate::custom::{CUSTOM, path};
use crate::{Error, Noun, Result, error, text};
use serde_json::Value;

/// What is found by stands beside a record and holds words of all its fields.
const WORDS: &str = "search";

impl Grants {
    /// Holds a field back.
    pub fn restrict(&mut self, object: impl Into<String>, field: impl Into<String>, access: Access) {
        let (object, field) = (object.into(), field.into());
        if access < Access::Write {
            self.fields.entry(object).or_default().insert(field, access);
        } else if let Some(fields) = self.fields.get_mut(&object) {
            fields.remove(&field);
            if fields.is_empty() {
                self.fields.remove(&object);
            }
        }
    }

    /// The column that a field stands in, where it is called otherwise: what was kept of a record tells it by that name.
    pub fn stands_in(&mut self, object: impl Into<String>, field: impl Into<String>, column: impl Into<String>) {
        self.columns.entry(object.into()).or_default().insert(column.into(), field.into());
    }

    /// Whether nothing is held back.
    pub fn is_plain(&self) -> bool {
        self.fields.is_empty()
    }

    /// What may be done with a field, or a column of it, where the record may be read.
    pub fn access(&self, object: &str, field: &str) -> Access {
        let Some(fields) = self.fields.get(object) else { return Access::Write };
        let column = || self.columns.get(object).and_then(|columns| columns.get(field));
        let known = fields.get(field).or_else(|| fields.get(column()?));
        known.copied().unwrap_or_default()
    }

    pub fn hides(&self, object: &str, field: &str) -> bool {
        self.access(object, field) == Access::Hidden
    }

    /// Whether any field of an object is hidden.
    pub fn hides_some(&self, object: &str) -> bool {
        self.fields(object).any(|(_, access)| access == Access::Hidden)
    }

    /// The fields of an object that may not be written, and what is left of them.
    pub fn fields(&self, object: &str) -> impl Iterator<Item = (&str, Access)> {
        self.fields.get(object).into_iter().flatten().map(|(field, access)| (field.as_str(), *access))
    }

    /// The same of all objects.
    pub fn held_back(&self) -> impl Iterator<Item = (&str, &str, Access)> {
        self.fields
            .keys()
            .flat_map(|object| self.fields(object).map(move |(field, access)| (object.as_str(), field, access)))
    }

    /// Takes what may not be seen out of a record as it goes out, or as its columns were kept.
    pub fn trim(&self, object: &str, record: &mut Value) {
        let Some(members) = record.as_object_mut() else { return };
        if self.hides_some(object) {
            members.retain(|name, _| name != WORDS && !self.hides(object, name));
        }
        if let Some(kept) = members.get_mut(CUSTOM).and_then(Value::as_object_mut) {
            let own = self.own();
            kept.retain(|key, _| !self.hides(object, &path(key)) && !own.is_archived(object, key));
        }
    }
}

impl Ctx {
    /// Whether the actor sees a field of `N`.
    pub fn sees<N: Noun>(&self, field: &str) -> bool {
        !self.grants.hides(N::NAME, field)
    }

    /// For what changes a field without naming it.
    pub fn may_write<N: Noun>(&self, field: &str) -> Result<()> {
        match self.grants.access(N::NAME, field) {
            Access::Write => Ok(()),
            Access::Hidden | Access::Read => {
                Err(Error::from(error::FORBIDDEN).detail(text!("a field that goes with it is not yours to change")))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_hidden_field_goes_by_all_its_names() {
        let mut grants = Grants::default();
        assert!(grants.is_plain());
        grants.restrict("order", "total", Access::Hidden);
        grants.restrict("order", "number", Access::Read);
        grants.stands_in("order", "total", "total_amount");
        assert!(grants.hides("order", "total") && grants.hides("order", "total_amount"));
        assert_eq!(grants.access("order", "number"), Access::Read);
        assert_eq!(grants.access("contact", "total"), Access::Write);
        let mut record = json!({"total": 1, "total_amount": 1, "number": "7", "search": "'7'"});
        grants.trim("order", &mut record);
        assert_eq!(record, json!({"number": "7"}));
        grants.restrict("order", "total", Access::Write);
        grants.restrict("order", "number", Access::Write);
        assert!(grants.is_plain() && grants.held_back().next().is_none());
    }
}
