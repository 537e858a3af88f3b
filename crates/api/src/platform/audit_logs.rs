//! `/v1/audit-logs`: who did what, when, from where.
use crate::answer::{Result, Shown};
use crate::extract::{Can, Id, List, ListQuery};
use crate::routes::Routes;
use ::platform::Db;
use ::platform::audit::{self, AuditLog};
use ::platform::history::{self, Change};
use ::platform::visible;
use actix_web::get;
use actix_web::web::{Data, Json};
use kernel::catalogue::Catalogues;
use kernel::{EventId, Page, Read};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_audit_logs).service(get_audit_log);
}

type AuditLogPage = Page<AuditLog>;

/// A row of the audit log, and what it changed.
#[derive(Debug, Serialize, ToSchema)]
struct AuditEntry {
    #[serde(flatten)]
    row: AuditLog,
    /// the fields that are others than before; none, where it changed no record, or the caller does not see all of them
    changed: BTreeMap<String, Change>,
}

/// List the audit log
///
/// Everything that was changed in the tenant, and what else is noted: logins that failed, rights given and taken, what was
/// refused. Newest first, unless `sort` says otherwise. Who may read no more than their own sees what they did themselves.
#[utoipa::path(tag = "audit-logs", params(ListQuery),
    responses((status = 200, description = "a page of the audit log", body = AuditLogPage)))]
#[get("/audit-logs")]
async fn list_audit_logs(
    db: Data<Db>,
    Can(can): Can<Read<AuditLog>>,
    List(listing, view): List<audit::Table>,
) -> Result<Shown<AuditLogPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| audit::list(conn, ctx, &listing)).await
}

/// Get a row of the audit log
#[utoipa::path(tag = "audit-logs", params(("id" = EventId, Path)),
    responses((status = 200, description = "the row, and what it changed", body = AuditEntry)))]
#[get("/audit-logs/{id}")]
async fn get_audit_log(
    db: Data<Db>,
    catalogues: Data<&'static Catalogues>,
    Can(can): Can<Read<AuditLog>>,
    Id(id): Id<EventId>,
) -> Result<Json<AuditEntry>> {
    let catalogues = **catalogues;
    let entry = db.read(can, move |conn, ctx| {
        let row = audit::find(conn, ctx, id)?;
        let name = catalogues.permission(&row.noun).unwrap_or(&row.noun);
        let changed = match visible::is_whole(ctx, name) {
            true => history::changed(conn, ctx, catalogues, &row.noun, row.object_id, id)?,
            false => BTreeMap::new(),
        };
        Ok(AuditEntry { row, changed })
    });
    Ok(Json(entry.await?))
}
