//! `/v1/teams`: the teams that people work in.
use crate::answer::{Created, Found, Nothing, Result, Shown};
use crate::extract::{Asked, Can, DeleteQuery, Id, IfMatch, List, ListQuery, Valid, View, ViewQuery};
use crate::routes::Routes;
use ::identity::Identity;
use ::identity::team::{self, NewTeam, Team, TeamPatch};
use ::identity::user::{self, User};
use actix_web::web::{Data, Path};
use actix_web::{delete, get, patch, post, put};
use kernel::{Create, Delete, Page, Permit, Purge, Read, TeamId, Update, UserId};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_teams)
        .service(create_team)
        .service(get_team)
        .service(update_team)
        .service(delete_team)
        .service(restore_team)
        .service(list_team_members)
        .service(add_team_member)
        .service(remove_team_member);
}

type TeamPage = Page<Team>;
type UserPage = Page<User>;

/// List teams
#[utoipa::path(tag = "teams", params(ListQuery),
    responses((status = 200, description = "a page of teams", body = TeamPage)))]
#[get("/teams")]
async fn list_teams(
    db: Data<Db>,
    Can(can): Can<Read<Team>>,
    List(listing, view): List<team::Table>,
) -> Result<Shown<TeamPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| team::list(conn, ctx, &listing)).await
}

/// Create a team
#[utoipa::path(tag = "teams", request_body = NewTeam,
    responses((status = 201, description = "the team as it was made", body = Team)))]
#[post("/teams")]
async fn create_team(db: Data<Db>, Can(can): Can<Create<Team>>, Valid(new): Valid<NewTeam>) -> Result<Created<Team>> {
    Ok(Created(db.change(can, move |conn, ctx| team::create(conn, ctx, &new)).await?))
}

/// Get a team
#[utoipa::path(tag = "teams", params(("id" = TeamId, Path), ViewQuery),
    responses((status = 200, description = "the team", body = Team)))]
#[get("/teams/{id}")]
async fn get_team(db: Data<Db>, Can(can): Can<Read<Team>>, Id(id): Id<TeamId>, view: View) -> Result<Found<Team>> {
    view.one(&db, can, id).await
}

/// Update a team
///
/// No team stands above itself, and nobody shows others by a move what they could not show them by a role.
#[utoipa::path(tag = "teams", params(("id" = TeamId, Path)),
    request_body(content = TeamPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the team as it is now", body = Team)))]
#[patch("/teams/{id}")]
async fn update_team(
    db: Data<Db>,
    identity: Data<Identity>,
    Can(can): Can<Update<Team>>,
    Id(id): Id<TeamId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<TeamPatch>,
) -> Result<Found<Team>> {
    let objects = identity.objects();
    let team = db.change(can, move |conn, ctx| team::update(conn, ctx, objects, id, base, &patch)).await?;
    identity.forget();
    Ok(Found::plain(team))
}

/// Archive or purge a team
///
/// Not while other teams stand below it.
#[utoipa::path(tag = "teams", params(("id" = TeamId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/teams/{id}")]
async fn delete_team(
    db: Data<Db>,
    identity: Data<Identity>,
    Can(can): Can<Delete<Team>>,
    Id(id): Id<TeamId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| match query.purge {
        true => ctx.must::<Purge<Team>>().and_then(|()| team::purge(conn, ctx, id, base)),
        false => team::archive(conn, ctx, id, base).map(drop),
    })
    .await?;
    identity.forget();
    Ok(Nothing)
}

/// Restore an archived team
#[utoipa::path(tag = "teams", params(("id" = TeamId, Path)),
    responses((status = 200, description = "the team, in use again", body = Team)))]
#[post("/teams/{id}/restore")]
async fn restore_team(
    db: Data<Db>,
    identity: Data<Identity>,
    Can(can): Can<Delete<Team>>,
    Id(id): Id<TeamId>,
) -> Result<Found<Team>> {
    let team = db.change(can, move |conn, ctx| team::restore(conn, ctx, id)).await?;
    identity.forget();
    Ok(Found::plain(team))
}

/// List the members of a team
///
/// Those of the team itself, not of the teams below it.
#[utoipa::path(tag = "teams", params(("id" = TeamId, Path), ListQuery),
    responses((status = 200, description = "a page of users", body = UserPage)))]
#[get("/teams/{id}/members")]
async fn list_team_members(
    db: Data<Db>,
    Can(can): Can<(Read<User>, Read<Team>)>,
    Id(id): Id<TeamId>,
    List(listing, view): List<user::Table>,
) -> Result<Shown<UserPage, Page<Value>>> {
    let can = Permit::<Read<User>>::check(can.ctx().clone())?;
    view.page(&db, can, move |conn, ctx| user::members(conn, ctx, id, &listing)).await
}

/// Put a user in a team
///
/// Whoever does it sees and may do, with the records of the team, all that the user then may.
#[utoipa::path(tag = "teams", params(("id" = TeamId, Path), ("user_id" = UserId, Path)),
    responses((status = 200, description = "the team, which the user belongs to", body = Team)))]
#[put("/teams/{id}/members/{user_id}")]
async fn add_team_member(
    db: Data<Db>,
    identity: Data<Identity>,
    Can(can): Can<(Update<Team>, Read<User>)>,
    path: Path<(TeamId, UserId)>,
) -> Result<Found<Team>> {
    let (id, user) = path.into_inner();
    let objects = identity.objects();
    let team = db.change(can, move |conn, ctx| team::add_member(conn, ctx, objects, id, user)).await?;
    identity.forget();
    Ok(Found::plain(team))
}

/// Take a user from a team
#[utoipa::path(tag = "teams", params(("id" = TeamId, Path), ("user_id" = UserId, Path)),
    responses((status = 200, description = "the team, which the user belongs to no longer", body = Team)))]
#[delete("/teams/{id}/members/{user_id}")]
async fn remove_team_member(
    db: Data<Db>,
    identity: Data<Identity>,
    Can(can): Can<Update<Team>>,
    path: Path<(TeamId, UserId)>,
) -> Result<Found<Team>> {
    let (id, user) = path.into_inner();
    let team = db.change(can, move |conn, ctx| team::remove_member(conn, ctx, id, user)).await?;
    identity.forget();
    Ok(Found::plain(team))
}
