//! The predicate of visibility, put together of pieces of SQL.
use super::{grantees, owners};
use crate::filter::{Part, Value};
use kernel::{Ctx, Reach};
use uuid::Uuid;

/// What a share has to allow.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Access {
    Any,
    Update,
}

pub(super) struct Rows<'a> {
    pub ctx: &'a Ctx,
    pub noun: &'static str,
    pub row: &'static str,
    pub owner: &'static str,
    pub team: &'static str,
    pub parts: Vec<Part>,
}

impl Rows<'_> {
    /// As far as `reach`, and what is shared beyond that.
    pub fn within(&mut self, reach: Reach, shared: Option<Access>) {
        match reach {
            Reach::None => return self.sql("FALSE"),
            Reach::All => return self.sql("TRUE"),
            Reach::Own | Reach::Team | Reach::Subtree => {}
        }
        self.sql("(");
        self.any_of(self.row, self.owner, owners(self.ctx));
        if let Some(teams) = self.teams(reach) {
            self.sql(" OR ");
            self.any_of(self.row, self.team, teams);
        }
        if let Some(access) = shared {
            self.sql(" OR ");
            self.shared(access);
        }
        self.sql(")");
    }

    /// What is beyond that, and shared.
    pub fn lent(&mut self, reach: Reach) {
        if matches!(reach, Reach::None | Reach::All) {
            return self.sql("FALSE");
        }
        self.sql("(");
        self.lent_ids(Access::Any);
        self.sql(" AND NOT ");
        self.any_of(self.row, self.owner, owners(self.ctx));
        if let Some(teams) = self.teams(reach) {
            self.sql(" AND (");
            self.column(self.row, self.team);
            self.sql(" IS NULL OR NOT ");
            self.any_of(self.row, self.team, teams);
            self.sql(")");
        }
        self.sql(")");
    }

    /// The teams that a reach means, if it means any.
    fn teams(&self, reach: Reach) -> Option<Vec<Uuid>> {
        let teams = match reach {
            Reach::Team => self.ctx.grants.teams(),
            Reach::Subtree => self.ctx.grants.subtree(),
            Reach::None | Reach::Own | Reach::All => return None,
        };
        Some(teams.iter().map(|team| team.0).collect())
    }

    /// Said twice, for PostgreSQL to choose by how many rows there are to look at: the first half asks of a row that is
    /// there, with one look into an index; the second gives the rows to begin with, and is asked of no row that the
    /// first refused. It goes through them one by one, so of many it is left out.
    fn shared(&mut self, access: Access) {
        let begins = !self.ctx.grants.has_many_shares();
        self.sql(if begins { "(EXISTS (SELECT 1" } else { "EXISTS (SELECT 1" });
        self.given(access);
        self.sql(" AND ");
        self.column("s", "record_id");
        self.sql(" = ");
        self.column(self.row, "id");
        self.sql(")");
        if begins {
            self.begun(access);
        }
    }

    /// The second half: what is shared, to begin with.
    fn begun(&mut self, access: Access) {
        self.sql(" AND ");
        self.lent_ids(access);
        self.sql(")");
    }

    /// `id = ANY (…)`: of what is shared.
    fn lent_ids(&mut self, access: Access) {
        self.column(self.row, "id");
        self.sql(" = ANY (ARRAY(SELECT ");
        self.column("s", "record_id");
        self.given(access);
        self.sql("))");
    }

    /// ` FROM shares AS s WHERE …`: with the actor, of this noun, and not run out.
    fn given(&mut self, access: Access) {
        self.sql(" FROM ");
        self.parts.push(Part::Name("shares"));
        self.sql(" AS ");
        self.parts.push(Part::Name("s"));
        self.sql(" WHERE ");
        self.column("s", "tenant_id");
        self.sql(" = ");
        self.bind(Value::Id(self.ctx.tenant.into()));
        self.sql(" AND ");
        self.any_of("s", "grantee_id", grantees(self.ctx));
        self.sql(" AND ");
        self.column("s", "resource");
        self.sql(" = ");
        self.bind(Value::Text(self.noun.to_owned()));
        self.sql(" AND ");
        self.column("s", "deleted_at");
        self.sql(" IS NULL AND (");
        self.column("s", "expires_at");
        self.sql(" IS NULL OR ");
        self.column("s", "expires_at");
        self.sql(" > ");
        self.bind(Value::Instant(self.ctx.now));
        self.sql(")");
        if access == Access::Update {
            self.sql(" AND ");
            self.column("s", "access");
            self.sql(" = 'update'");
        }
    }

    /// Whose processing is restricted, nothing is done with.
    pub fn unrestricted(&mut self) {
        self.sql(" AND NOT EXISTS (SELECT 1 FROM restrictions AS x WHERE x.tenant_id = ");
        self.bind(Value::Id(self.ctx.tenant.into()));
        self.sql(" AND x.record_id = ");
        self.column(self.row, "id");
        self.sql(")");
    }

    fn any_of(&mut self, row: &'static str, column: &'static str, ids: Vec<Uuid>) {
        self.column(row, column);
        self.sql(" = ANY (");
        self.bind(Value::Ids(ids));
        self.sql(")");
    }

    fn column(&mut self, row: &'static str, name: &'static str) {
        self.parts.extend([Part::Name(row), Part::Sql("."), Part::Name(name)]);
    }

    pub fn sql(&mut self, text: &'static str) {
        self.parts.push(Part::Sql(text));
    }

    fn bind(&mut self, value: Value) {
        self.parts.push(Part::Bind(value));
    }
}
