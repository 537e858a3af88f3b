//! What is written beside a new contact, in its statement: its points, its membership of its account, and the stage
//! that it begins with; of a new account that stage alone.
use crate::contact::NewContact;
use crate::contact::point::norm;
use crate::lifecycle::STAGE;
use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::result::QueryResult;
use diesel::sql_types::{Array, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use kernel::{AccountLifecycleChangeId, ContactLifecycleChangeId, ContactPointId, Ctx, MembershipId, TenantId, UserId};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The rows, by column: one shape of statement however many there are.
pub struct Beside {
    tenant: TenantId,
    now: DateTime<Utc>,
    membership: MembershipId,
    ids: Vec<ContactPointId>,
    kinds: Vec<String>,
    values: Vec<String>,
    norms: Vec<String>,
    labels: Vec<Option<String>>,
    primaries: Vec<bool>,
    began: Began,
}

/// The first line of how a new record comes on.
pub struct Began {
    id: Uuid,
    tenant: TenantId,
    now: DateTime<Utc>,
    user: UserId,
    /// the table, and the column that names the record
    place: (&'static str, &'static str),
}

impl Began {
    pub fn of_account(ctx: &Ctx) -> Self {
        let place = ("account_lifecycle_changes", "account_id");
        Self { id: AccountLifecycleChangeId::new().0, tenant: ctx.tenant, now: ctx.now, user: ctx.actor.user, place }
    }

    fn of_contact(ctx: &Ctx) -> Self {
        let place = ("contact_lifecycle_changes", "contact_id");
        Self { id: ContactLifecycleChangeId::new().0, tenant: ctx.tenant, now: ctx.now, user: ctx.actor.user, place }
    }
}

impl Beside {
    /// The e-mail and the phone are primary; of the other kinds the first that says so. A value given twice is one.
    pub fn of(ctx: &Ctx, new: &NewContact) -> Self {
        let mut rows = Self {
            tenant: ctx.tenant,
            now: ctx.now,
            membership: MembershipId::new(),
            ids: Vec::new(),
            kinds: Vec::new(),
            values: Vec::new(),
            norms: Vec::new(),
            labels: Vec::new(),
            primaries: Vec::new(),
            began: Began::of_contact(ctx),
        };
        let (mut known, mut led) = (BTreeSet::new(), BTreeSet::new());
        let own = [("email", &new.email, &new.email), ("phone", &new.phone, &new.phone_text)];
        let own = own.into_iter().filter_map(|(kind, value, text)| {
            let value = value.as_deref()?;
            Some((kind, text.as_deref().unwrap_or(value), norm(kind, value), None, true))
        });
        let more = new.contact_points.iter();
        let more = more.map(|p| (p.kind.as_str(), p.value.as_str(), p.norm(), p.label.clone(), p.is_primary));
        for (kind, value, norm, label, primary) in own.chain(more) {
            if !known.insert((kind.to_owned(), norm.clone())) {
                continue;
            }
            rows.ids.push(ContactPointId::new());
            rows.primaries.push(primary && led.insert(kind.to_owned()));
            rows.kinds.push(kind.to_owned());
            rows.values.push(value.to_owned());
            rows.norms.push(norm);
            rows.labels.push(label);
        }
        rows
    }
}

impl QueryFragment<Pg> for Beside {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            ", points AS (INSERT INTO contact_points (id, kind, value, value_norm, label, is_primary, contact_id, \
             tenant_id, created_at, updated_at) SELECT p.*, changed.id, ",
        );
        self.when(out.reborrow())?;
        out.push_sql(" FROM changed, unnest(");
        out.push_bind_param::<Array<SqlUuid>, _>(&self.ids)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&self.kinds)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&self.values)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&self.norms)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Text>>, _>(&self.labels)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Bool>, _>(&self.primaries)?;
        out.push_sql(
            ") AS p), membership AS (INSERT INTO memberships (id, contact_id, account_id, is_primary, tenant_id, \
             created_at, updated_at) SELECT ",
        );
        out.push_bind_param::<SqlUuid, _>(&self.membership)?;
        out.push_sql(", changed.id, changed.account_id, TRUE, ");
        self.when(out.reborrow())?;
        out.push_sql(" FROM changed WHERE changed.account_id IS NOT NULL)");
        self.began.walk_ast(out)
    }
}

impl QueryFragment<Pg> for Began {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let (table, column) = self.place;
        out.push_sql(", began AS (INSERT INTO ");
        out.push_identifier(table)?;
        out.push_sql(" (");
        out.push_identifier(column)?;
        out.push_sql(", to_stage, cause, id, tenant_id, changed_at, changed_by) SELECT changed.id, changed.");
        out.push_identifier(STAGE)?;
        out.push_sql(", 'created', ");
        out.push_bind_param::<SqlUuid, _>(&self.id)?;
        out.push_sql(", ");
        out.push_bind_param::<SqlUuid, _>(&self.tenant)?;
        out.push_sql(", ");
        out.push_bind_param::<Timestamptz, _>(&self.now)?;
        out.push_sql(", ");
        out.push_bind_param::<SqlUuid, _>(&self.user)?;
        out.push_sql(" FROM changed)");
        Ok(())
    }
}

impl Beside {
    fn when<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_bind_param::<SqlUuid, _>(&self.tenant)?;
        out.push_sql(", ");
        out.push_bind_param::<Timestamptz, _>(&self.now)?;
        out.push_sql(", ");
        out.push_bind_param::<Timestamptz, _>(&self.now)
    }
}
