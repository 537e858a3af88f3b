//! Fields of a tenant's own. A noun has them by three lines: the column `custom`, the member `custom` of its structs, and
//! the name of the column in its catalogue. What may stand in it is for each tenant to define ([`field`]); a definition
//! is in force as soon as it is kept.
//!
//! Always true: what is kept was looked through by the definitions in force. A body is checked before it is written
//! ([`check`]) and carries the version that it was checked by; `custom_settle`, a trigger, refuses any other, under a lock
//! that whoever changes a definition holds alone. Conditions over the record, and whether what is referred to is seen,
//! are asked in the statement that writes ([`rules`]). Keys come into SQL as bound values only.
pub mod anew;
mod check;
pub mod field;
pub mod index;
mod jsonb;
mod known;
pub mod option_set;
mod rules;
mod store;
mod value;
mod words;

pub use check::{Of, check, merged, normal};
pub use known::{Registry, refresh, refreshed};
pub(crate) use rules::{Rules, hold};
pub use rules::{catalogues, open};
pub use store::holder;
pub(crate) use value::moment;
pub use words::words;
pub(crate) use words::{hidden, seen};

use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::{AppearsOnTable, AsExpression, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::pg::{Pg, PgValue};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::Jsonb;
use kernel::Code;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::openapi::schema::{AdditionalProperties, ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// The codes of its rooms.
pub const CODES: &[&[Code]] = &[field::CODES, option_set::CODES];

/// The tenant's own fields of a record: of a new one, or as they are kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, AsExpression, FromSqlRow)]
#[serde(transparent)]
#[diesel(sql_type = Jsonb)]
pub struct Custom(pub Map<String, Value>);

/// A merge patch of them.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct CustomPatch(pub Map<String, Value>);

/// What is there, with the patch laid over it; what is null goes.
#[derive(Clone, Debug)]
pub struct Merged(Value);

impl AsExpression<Jsonb> for CustomPatch {
    type Expression = Merged;
    fn as_expression(self) -> Merged {
        Merged(Value::Object(self.0))
    }
}
impl AsExpression<Jsonb> for &CustomPatch {
    type Expression = Merged;
    fn as_expression(self) -> Merged {
        Merged(Value::Object(self.0.clone()))
    }
}
impl Expression for Merged {
    type SqlType = Jsonb;
}
impl<Rows> AppearsOnTable<Rows> for Merged {}
impl<Rows> SelectableExpression<Rows> for Merged {}
impl<Group> ValidGrouping<Group> for Merged {
    type IsAggregate = is_aggregate::Never;
}
impl QueryId for Merged {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}
impl QueryFragment<Pg> for Merged {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("jsonb_strip_nulls(\"custom\" || ");
        out.push_bind_param::<Jsonb, _>(&self.0)?;
        out.push_sql(")");
        Ok(())
    }
}

impl ToSql<Jsonb, Pg> for Custom {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let value = Value::Object(self.0.clone());
        ToSql::<Jsonb, Pg>::to_sql(&value, &mut out.reborrow())
    }
}
impl FromSql<Jsonb, Pg> for Custom {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(serde_json::from_value(FromSql::<Jsonb, Pg>::from_sql(value)?)?))
    }
}

impl PartialSchema for Custom {
    fn schema() -> RefOr<Schema> {
        let any = AdditionalProperties::FreeForm(true);
        let object = ObjectBuilder::new().schema_type(Type::Object).additional_properties(Some(any));
        let told = "fields of the tenant's own, by their keys: `GET /v1/metadata/objects` tells which there are, and \
                    `GET /openapi.json?tenant=mine` has them typed";
        object.description(Some(told)).into()
    }
}
impl ToSchema for Custom {
    fn name() -> std::borrow::Cow<'static, str> {
        "Custom".into()
    }
}
