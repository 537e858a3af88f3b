//! Fields of a tenant's own: what may stand in `custom` of a record. A noun has them by naming the column in its
//! catalogue; which there are is for each tenant to say, and known to whoever acts there ([`crate::Grants::own`]).
mod parts;

pub use parts::{Choice, Dependence, Labels, Limits};

use crate::catalogue::Kind;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use utoipa::ToSchema;

/// The member of a record that holds them, and how they are named: `custom.region`.
pub const CUSTOM: &str = "custom";
/// The member that says by which definitions a record was looked through; it is never kept.
pub const STAMP: &str = "";

/// The key of a field that is named so: `region` of `custom.region`.
pub fn key(path: &str) -> Option<&str> {
    path.strip_prefix(CUSTOM)?.strip_prefix('.')
}

/// What a field of a tenant's own holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Type {
    Text,
    /// a whole number
    Int,
    /// an exact decimal, as text
    Decimal,
    Money,
    Bool,
    Date,
    /// a moment, in UTC
    Instant,
    /// one of an option set
    Option,
    /// some of an option set
    Options,
    /// the id of a record of another noun
    Reference,
    Email,
    /// in E.164
    Phone,
    Url,
}

impl Type {
    pub const ALL: [Self; 13] = [
        Self::Text,
        Self::Int,
        Self::Decimal,
        Self::Money,
        Self::Bool,
        Self::Date,
        Self::Instant,
        Self::Option,
        Self::Options,
        Self::Reference,
        Self::Email,
        Self::Phone,
        Self::Url,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Int => "int",
            Self::Decimal => "decimal",
            Self::Money => "money",
            Self::Bool => "bool",
            Self::Date => "date",
            Self::Instant => "instant",
            Self::Option => "option",
            Self::Options => "options",
            Self::Reference => "reference",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Url => "url",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }

    /// How it is compared and sorted.
    pub const fn kind(self) -> Kind {
        match self {
            Self::Text | Self::Option | Self::Email | Self::Phone | Self::Url => Kind::Text,
            Self::Int => Kind::Int,
            Self::Decimal => Kind::Decimal,
            Self::Money => Kind::Money { currency: "" },
            Self::Bool => Kind::Bool,
            Self::Date => Kind::Date,
            Self::Instant => Kind::Instant,
            Self::Options => Kind::Tags,
            Self::Reference => Kind::Id,
        }
    }

    /// Whether it is kept as one text or number, so that no two records need share it.
    pub const fn may_be_unique(self) -> bool {
        !matches!(self, Self::Money | Self::Bool | Self::Options)
    }

    pub const fn has_options(self) -> bool {
        matches!(self, Self::Option | Self::Options)
    }

    /// Whether it holds words that can be searched for.
    pub const fn has_words(self) -> bool {
        matches!(self, Self::Text | Self::Email | Self::Phone | Self::Url)
    }

    /// Whether whatever is kept as this may be kept as that.
    pub const fn widens_to(self, other: Self) -> bool {
        matches!(
            (self, other),
            (Self::Int, Self::Decimal) | (Self::Option | Self::Email | Self::Phone | Self::Url, Self::Text)
        )
    }
}

/// A field of a tenant's own, as those in force define it.
#[derive(Clone, Debug, PartialEq)]
pub struct Own {
    pub key: String,
    pub holds: Type,
    pub labels: Labels,
    pub help: Option<String>,
    pub is_required: bool,
    pub is_unique: bool,
    pub is_searched: bool,
    pub is_indexed: bool,
    pub is_personal: bool,
    pub default: Option<Value>,
    pub limits: Limits,
    pub rule: Option<String>,
    pub options: Vec<Choice>,
    /// the noun whose record it names
    pub reference: Option<String>,
    pub dependence: Option<Dependence>,
    pub position: i32,
}

impl Own {
    /// `custom.region`, as filters, files and permissions have it.
    pub fn path(&self) -> String {
        path(&self.key)
    }
}

pub fn path(key: &str) -> String {
    format!("{CUSTOM}.{key}")
}

/// The fields of one noun.
#[derive(Clone, Debug, Default)]
pub struct OfNoun {
    pub version: i64,
    /// in their order
    pub fields: Vec<Own>,
    /// keys that records may still hold a value of, which nobody is shown
    pub archived: Vec<String>,
}

/// All fields of a tenant's own.
#[derive(Clone, Debug, Default)]
pub struct Fields(pub BTreeMap<String, OfNoun>);

impl Fields {
    pub fn of(&self, noun: &str) -> &[Own] {
        self.0.get(noun).map_or(&[], |of| &of.fields)
    }

    pub fn get(&self, noun: &str, key: &str) -> Option<&Own> {
        self.of(noun).iter().find(|own| own.key == key)
    }

    /// Whether any key is archived.
    pub fn has_archived(&self) -> bool {
        self.0.values().any(|of| !of.archived.is_empty())
    }

    pub fn is_archived(&self, noun: &str, key: &str) -> bool {
        self.0.get(noun).is_some_and(|of| of.archived.iter().any(|archived| archived == key))
    }

    /// 0 where there never was any.
    pub fn version(&self, noun: &str) -> i64 {
        self.0.get(noun).map_or(0, |of| of.version)
    }
}

/// What is known of a tenant's fields on this server: one place for all who act there, so that what one has learnt the
/// others know.
#[derive(Clone, Debug, Default)]
pub struct Known(Arc<Place>);

#[derive(Debug, Default)]
struct Place {
    fields: RwLock<Arc<Fields>>,
    /// a write was refused, perhaps for what another server has defined
    doubted: AtomicBool,
}

impl Known {
    pub fn now(&self) -> Arc<Fields> {
        Arc::clone(&self.0.fields.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub fn learn(&self, fields: Arc<Fields>) {
        *self.0.fields.write().unwrap_or_else(PoisonError::into_inner) = fields;
    }

    /// It may be old: whoever writes next looks.
    pub fn doubt(&self) {
        self.0.doubted.store(true, Ordering::Relaxed);
    }

    /// Whether somebody doubts it, whose doubt ends with that.
    pub fn is_doubted(&self) -> bool {
        self.0.doubted.swap(false, Ordering::Relaxed)
    }
}
