//! `/v1/accounts/{id}/hierarchy`: where an account stands, and what all below it come to together. It joins what several
//! wings know.
use crate::answer::Result;
use crate::extract::{Asked, Can, Id};
use crate::routes::Routes;
use ::customer::account::Account;
use ::customer::account::hierarchy::{self, AccountPlace};
use ::sales::opportunity::Opportunity;
use ::sales::opportunity::summary::open_totals;
use ::sales::order::Order;
use ::sales::summary::order_totals;
use actix_web::get;
use actix_web::web::{Data, Json};
use kernel::{AccountId, Error, Fault, Money, Read, error, text};
use platform::Db;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub fn routes(cfg: &mut Routes) {
    cfg.service(get_account_hierarchy);
}

/// How much of it.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct HierarchyQuery {
    /// how many levels below are shown: 5, unless said otherwise
    #[param(minimum = 0, maximum = 20, example = 5)]
    pub depth: Option<u8>,
}

/// Where an account stands.
#[derive(Serialize, ToSchema)]
pub struct AccountHierarchy {
    /// the accounts above, topmost first, then the account itself and those below, level by level
    pub places: Vec<AccountPlace>,
    /// whether that is all that stands below it
    pub is_whole: bool,
    pub roll_up: AccountRollUp,
}

/// What an account and all that stand below it come to together, however deep.
#[derive(Serialize, ToSchema)]
pub struct AccountRollUp {
    /// how many accounts that is
    #[schema(minimum = 0, example = 12)]
    pub account_count: i64,
    /// how many orders they have, cancelled ones left out
    #[schema(minimum = 0, example = 40)]
    pub order_count: i64,
    /// what those come to, by currency
    pub order_totals: Vec<Money>,
    /// how many open opportunities they have
    #[schema(minimum = 0, example = 3)]
    pub open_count: i64,
    /// what those come to, in the tenant's own currency
    pub open_totals: Vec<Money>,
}

type Sees = (Read<Account>, (Read<Order>, Read<Opportunity>));

/// Get where an account stands
///
/// The accounts above it and below, and what it and all below it come to together; all of it as far as the caller sees
/// accounts, orders and opportunities.
#[utoipa::path(tag = "accounts", params(("id" = AccountId, Path), HierarchyQuery),
    responses((status = 200, description = "where it stands", body = AccountHierarchy)))]
#[get("/accounts/{id}/hierarchy")]
async fn get_account_hierarchy(
    db: Data<Db>,
    Can(can): Can<Sees>,
    Id(id): Id<AccountId>,
    Asked(query): Asked<HierarchyQuery>,
) -> Result<Json<AccountHierarchy>> {
    let depth = query.depth.map_or(hierarchy::DEPTH, i32::from);
    if depth > hierarchy::DEEPEST {
        let fault = Fault::new("?depth", "range", text!("a whole number from 0 to {most}", most = hierarchy::DEEPEST));
        return Err(Error::from(error::UNKNOWN_PARAMETER).fault(fault).into());
    }
    let found = db.read(can, move |conn, ctx| {
        let standing = hierarchy::hierarchy(conn, ctx, id, depth)?;
        let (order_count, order_totals) = order_totals(conn, ctx, &standing.subtree)?;
        let (open_count, open_totals) = open_totals(conn, ctx, &standing.subtree)?;
        let account_count = i64::try_from(standing.subtree.len()).unwrap_or(i64::MAX);
        let roll_up = AccountRollUp { account_count, order_count, order_totals, open_count, open_totals };
        Ok(AccountHierarchy { places: standing.places, is_whole: standing.is_whole, roll_up })
    });
    Ok(Json(found.await?))
}
