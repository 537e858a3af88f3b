//! `/v1/agents`: who answers; `/v1/me/presence`: whether the caller does at the moment.
use crate::answer::{Created, Found, Nothing, Result, Shown};
use crate::extract::{Can, Id, IfMatch, List, ListQuery, Valid, View, ViewQuery};
use crate::routes::Routes;
use ::service::agent::presence::{self, NewPresence, Presence};
use ::service::agent::{self, Agent, AgentPatch, NewAgent};
use ::service::case::Case;
use ::service::routing::{self, AgentLoad};
use actix_web::web::{Data, Json};
use actix_web::{delete, get, patch, post};
use kernel::{AgentId, Create, Delete, Error, Myself, Page, Read, Update, error};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    // `/agents/load` before `/agents/{id}`, which it would be taken for
    cfg.service(list_agent_loads)
        .service(list_agents)
        .service(create_agent)
        .service(get_agent)
        .service(update_agent)
        .service(remove_agent)
        .service(get_agent_load)
        .service(get_my_presence)
        .service(set_my_presence);
}

type AgentPage = Page<Agent>;

/// List agents
///
/// Newest first, unless `sort` says otherwise. They are neither archived nor searched by words.
#[utoipa::path(tag = "agents", params(ListQuery),
    responses((status = 200, description = "a page of agents", body = AgentPage)))]
#[get("/agents")]
async fn list_agents(
    db: Data<Db>,
    Can(can): Can<Read<Agent>>,
    List(listing, view): List<agent::Table>,
) -> Result<Shown<AgentPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| agent::list(conn, ctx, &listing)).await
}

/// Create an agent
///
/// Of a person who is none yet. They are offline until they say otherwise by `POST /v1/me/presence`.
#[utoipa::path(tag = "agents", request_body = NewAgent,
    responses((status = 201, description = "the agent as they were made", body = Agent)))]
#[post("/agents")]
async fn create_agent(
    db: Data<Db>,
    Can(can): Can<Create<Agent>>,
    Valid(new): Valid<NewAgent>,
) -> Result<Created<Agent>> {
    Ok(Created(db.change(can, move |conn, ctx| agent::create(conn, ctx, &new)).await?))
}

/// Get an agent
#[utoipa::path(tag = "agents", params(("id" = AgentId, Path), ViewQuery),
    responses((status = 200, description = "the agent", body = Agent)))]
#[get("/agents/{id}")]
async fn get_agent(db: Data<Db>, Can(can): Can<Read<Agent>>, Id(id): Id<AgentId>, view: View) -> Result<Found<Agent>> {
    view.one(&db, can, id).await
}

/// Update an agent
///
/// Who has more room than before is given what waits within some seconds.
#[utoipa::path(tag = "agents", params(("id" = AgentId, Path)),
    request_body(content = AgentPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the agent as they are now", body = Agent)))]
#[patch("/agents/{id}")]
async fn update_agent(
    db: Data<Db>,
    Can(can): Can<Update<Agent>>,
    Id(id): Id<AgentId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<AgentPatch>,
) -> Result<Found<Agent>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| agent::update(conn, ctx, id, base, &patch)).await?))
}

/// Remove an agent
///
/// The user stays, and so do the cases that they have.
#[utoipa::path(tag = "agents", params(("id" = AgentId, Path)),
    responses((status = 204, description = "they answer no more")))]
#[delete("/agents/{id}")]
async fn remove_agent(
    db: Data<Db>,
    Can(can): Can<Delete<Agent>>,
    Id(id): Id<AgentId>,
    IfMatch(base): IfMatch,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| agent::remove(conn, ctx, id, base)).await?;
    Ok(Nothing)
}

/// List what agents have in hand
///
/// Of the first thousand, the oldest user first: how many open cases each has, by channel, and whether they have room. All
/// cases count, whoever sees them.
#[utoipa::path(tag = "agents",
    responses((status = 200, description = "what each has in hand now", body = Vec<AgentLoad>)))]
#[get("/agents/load")]
async fn list_agent_loads(db: Data<Db>, Can(can): Can<(Read<Agent>, Read<Case>)>) -> Result<Json<Vec<AgentLoad>>> {
    Ok(Json(db.read(can, move |conn, ctx| routing::loads(conn, ctx, None)).await?))
}

/// Get what an agent has in hand
///
/// How many open cases, by channel, and whether they have room. All cases count, whoever sees them.
#[utoipa::path(tag = "agents", params(("id" = AgentId, Path)),
    responses((status = 200, description = "what they have in hand now", body = AgentLoad)))]
#[get("/agents/{id}/load")]
async fn get_agent_load(
    db: Data<Db>,
    Can(can): Can<(Read<Agent>, Read<Case>)>,
    Id(id): Id<AgentId>,
) -> Result<Json<AgentLoad>> {
    let one = db.read(can, move |conn, ctx| routing::loads(conn, ctx, Some(id))).await?.into_iter().next();
    Ok(Json(one.ok_or_else(|| Error::from(error::NOT_FOUND))?))
}

/// Get whether I am there
#[utoipa::path(tag = "me",
    responses((status = 200, description = "what the caller has said last", body = Presence)))]
#[get("/me/presence")]
async fn get_my_presence(db: Data<Db>, Can(can): Can<Myself>) -> Result<Json<Presence>> {
    Ok(Json(db.read(can, presence::mine).await?))
}

/// Say whether I am there
///
/// Of an agent, every half a minute or so: who says nothing for two minutes is offline. Whoever comes online is given what
/// waits for them; what somebody who goes offline has not answered is given to others.
#[utoipa::path(tag = "me", request_body = NewPresence,
    responses((status = 200, description = "until when that is believed", body = Presence)))]
#[post("/me/presence")]
async fn set_my_presence(
    db: Data<Db>,
    Can(can): Can<Myself>,
    Valid(new): Valid<NewPresence>,
) -> Result<Json<Presence>> {
    Ok(Json(db.write(can, move |conn, ctx| presence::tell(conn, ctx, &new)).await?))
}
