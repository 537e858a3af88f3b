//! The queries of those who hold a link: the delivery that it is of was found before.
use crate::schema::{send_links, sends};
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::{SendId, SendLinkId, TenantId, UserId};
use platform::Conn;

/// In whose name a send goes out.
pub(super) fn sender(conn: &mut Conn, tenant: TenantId, send: SendId) -> QueryResult<UserId> {
    let (starter, maker): (Option<UserId>, UserId) =
        sends::table.find((tenant, send)).select((sends::started_by, sends::created_by)).first(conn)?;
    Ok(starter.unwrap_or(maker))
}

/// Where a link of a send leads.
pub(super) fn url(conn: &mut Conn, tenant: TenantId, send: SendId, link: SendLinkId) -> QueryResult<Option<String>> {
    let one = send_links::table.find((tenant, link)).filter(send_links::send_id.eq(send));
    one.select(send_links::url).first(conn).optional()
}
