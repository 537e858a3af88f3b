//! The role that the service works as: it reads and writes rows, owns nothing, and cannot touch what is written once
//! (`migrate/grants.sql`). A start-up option makes each connection that role, so no statement is spent on it.
use crate::Conn;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use kernel::{Error, Result};

pub const NAME: &str = "guanxi_app";

/// How somebody who connects stands to the role and to the tables.
#[derive(Clone, Copy, Debug, QueryableByName)]
pub struct Standing {
    /// there is such a role
    #[diesel(sql_type = Bool)]
    pub is_there: bool,
    /// it may work with the tables of this database
    #[diesel(sql_type = Bool)]
    pub is_granted: bool,
    /// whoever connects may become it
    #[diesel(sql_type = Bool)]
    pub is_member: bool,
    /// whoever connects cannot change the trail
    #[diesel(sql_type = Bool)]
    pub is_bound: bool,
    /// whoever connects could take that right back, for the trail is theirs
    #[diesel(sql_type = Bool)]
    pub is_owner: bool,
}

impl Standing {
    /// What to ask for when connecting.
    #[must_use]
    pub fn role(self) -> Option<&'static str> {
        (self.is_granted && self.is_member).then_some(NAME)
    }
}

/// Of whoever this URL connects.
pub fn standing(url: &str) -> Result<Standing> {
    let busy = |e: ConnectionError| Error::from(kernel::error::BUSY).source(e);
    ask(&mut Conn::establish(url).map_err(busy)?)
}

/// Of whoever is connected.
pub fn ask(conn: &mut Conn) -> Result<Standing> {
    let text = "SELECT r.oid IS NOT NULL AS is_there, \
                coalesce(has_table_privilege(r.oid, to_regclass('public.audit_log')::oid, 'SELECT'), false) AS is_granted, \
                coalesce(pg_has_role(r.oid, 'MEMBER'), false) AS is_member, \
                NOT coalesce(has_any_column_privilege(to_regclass('public.audit_chain')::oid, 'UPDATE') \
                OR has_table_privilege(to_regclass('public.audit_log')::oid, 'UPDATE, DELETE, TRUNCATE'), false) AS is_bound, \
                coalesce(pg_has_role((SELECT relowner FROM pg_class WHERE oid = to_regclass('public.audit_log')), 'MEMBER'), \
                false) AS is_owner \
                FROM (SELECT 1) AS one LEFT JOIN pg_roles r ON r.rolname = 'guanxi_app'";
    Ok(diesel::sql_query(text).get_result(conn)?)
}
