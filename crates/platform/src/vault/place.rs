//! Where something is sealed: a column, and how its rows are named.
use kernel::{DataKeyId, TenantId};
use uuid::Uuid;

/// A column that is sealed.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub table: &'static str,
    pub column: &'static str,
    /// the column that names the row, in its tenant
    pub row: &'static str,
    /// whether the rows are the server's own, and no tenant's
    pub is_servers: bool,
    /// the fingerprint beside it, and the column that says what sort of value it is
    pub index: Option<(&'static str, &'static str)>,
    /// where the value stood before it was sealed
    pub bare: Option<&'static str>,
}

impl Place {
    pub const fn new(table: &'static str, column: &'static str, row: &'static str) -> Self {
        Self { table, column, row, is_servers: false, index: None, bare: None }
    }

    #[must_use]
    pub const fn servers(self) -> Self {
        Self { is_servers: true, ..self }
    }

    #[must_use]
    pub const fn index(self, fingerprint: &'static str, sort: &'static str) -> Self {
        Self { index: Some((fingerprint, sort)), ..self }
    }

    #[must_use]
    pub const fn bare(self, column: &'static str) -> Self {
        Self { bare: Some(column), ..self }
    }

    /// What its keys are for.
    pub(super) fn purpose(&self) -> String {
        format!("{}.{}", self.table, self.column)
    }

    pub(super) fn index_purpose(&self) -> Option<String> {
        self.index.map(|(column, _)| format!("{}.{column}", self.table))
    }

    /// What a value of this row is bound to.
    pub(super) fn about(&self, tenant: TenantId, row: Uuid, key: DataKeyId) -> String {
        format!("guanxi value|{tenant}|{}|{}|{row}|{key}", self.table, self.column)
    }
}
