//! `/v1/{resource}/{id}/followers`: who is told when a record changes. One mechanism for every noun whose records are
//! looked after one by one: a line in `routes` is all that it takes.
use crate::answer::{Nothing, Result};
use crate::extract::{Can, Id};
use crate::routes::Routes;
use ::customer::account::Account;
use ::customer::activity::Activity;
use ::customer::contact::Contact;
use ::customer::task::Task;
use ::platform::Db;
use ::platform::follow::{self, Follower};
use ::sales::contract::Contract;
use ::sales::lead::Lead;
use ::sales::opportunity::Opportunity;
use ::sales::order::Order;
use ::sales::payment::Payment;
use ::sales::price_book::PriceBook;
use ::sales::product::Product;
use ::sales::quote::Quote;
use ::service::case::Case;
use actix_web::dev::{AppService, HttpServiceFactory};
use actix_web::guard;
use actix_web::web::{self, Data, Json};
use kernel::catalogue::Catalogues;
use kernel::{Myself, Noun, Read};
use std::marker::PhantomData;
use utoipa::openapi::path::{HttpMethod, Operation, OperationBuilder, ParameterBuilder, ParameterIn, PathItem, Paths};
use utoipa::openapi::schema::{ArrayBuilder, Schema};
use utoipa::openapi::{Content, Ref, RefOr, Required, ResponseBuilder};
use utoipa::{PartialSchema, ToSchema};
use utoipa_actix_web::OpenApiFactory;
use uuid::Uuid;

pub fn routes(cfg: &mut Routes) {
    cfg.service(Door::<Account>::of("accounts"))
        .service(Door::<Contact>::of("contacts"))
        .service(Door::<Activity>::of("activities"))
        .service(Door::<Task>::of("tasks"))
        .service(Door::<Product>::of("products"))
        .service(Door::<PriceBook>::of("price-books"))
        .service(Door::<Order>::of("orders"))
        .service(Door::<Lead>::of("leads"))
        .service(Door::<Opportunity>::of("opportunities"))
        .service(Door::<Quote>::of("quotes"))
        .service(Door::<Contract>::of("contracts"))
        .service(Door::<Payment>::of("payments"))
        .service(Door::<Case>::of("cases"));
}

type Nouns = Data<&'static Catalogues>;

async fn list<N: Noun>(
    db: Data<Db>,
    nouns: Nouns,
    Can(can): Can<Read<N>>,
    Id(id): Id<Uuid>,
) -> Result<Json<Vec<Follower>>> {
    let nouns = **nouns;
    Ok(Json(db.read(can, move |conn, ctx| follow::followers(conn, ctx, nouns, N::NAME, id)).await?))
}

async fn put<N: Noun>(
    db: Data<Db>,
    nouns: Nouns,
    Can(can): Can<(Myself, Read<N>)>,
    Id(id): Id<Uuid>,
) -> Result<Nothing> {
    let nouns = **nouns;
    db.write(can, move |conn, ctx| follow::follow(conn, ctx, nouns, N::NAME, id)).await?;
    Ok(Nothing)
}

async fn delete<N: Noun>(
    db: Data<Db>,
    nouns: Nouns,
    Can(can): Can<(Myself, Read<N>)>,
    Id(id): Id<Uuid>,
) -> Result<Nothing> {
    let nouns = **nouns;
    db.write(can, move |conn, ctx| follow::unfollow(conn, ctx, nouns, N::NAME, id)).await?;
    Ok(Nothing)
}

/// The doors of one noun.
struct Door<N> {
    /// the plural, as the path and the tag have it
    place: &'static str,
    noun: PhantomData<N>,
}

impl<N> Door<N> {
    fn of(place: &'static str) -> Self {
        Self { place, noun: PhantomData }
    }

    fn operation(&self, id: String, summary: String, description: &str) -> OperationBuilder {
        let path = ParameterBuilder::new()
            .name("id")
            .parameter_in(ParameterIn::Path)
            .required(Required::True)
            .schema(Some(<kernel::EventId as PartialSchema>::schema()));
        let operation = OperationBuilder::new().operation_id(Some(id)).tag(self.place).parameter(path);
        operation.summary(Some(summary)).description(Some(description))
    }
}

impl<N: Noun> HttpServiceFactory for Door<N> {
    fn register(self, config: &mut AppService) {
        let (all, own) = (format!("/{}/{{id}}/followers", self.place), format!("/{}/{{id}}/followers/me", self.place));
        // a resource a verb: what no verb takes is answered in one place for all
        web::resource(all).guard(guard::Get()).to(list::<N>).register(config);
        web::resource(own.as_str()).guard(guard::Put()).to(put::<N>).register(config);
        web::resource(own).guard(guard::Delete()).to(delete::<N>).register(config);
    }
}

impl<N: Noun> OpenApiFactory for Door<N> {
    fn paths(&self) -> Paths {
        let one = format!("one of the {}", self.place);
        let list = self.operation(
            format!("list_{}_followers", N::NAME),
            format!("List who follows {one}"),
            "The first who did first.",
        );
        let all = ArrayBuilder::new().items(Ref::from_schema_name(Follower::name())).build();
        let answer = ResponseBuilder::new().description("who follows it");
        let list = list.response("200", answer.content("application/json", Content::new(Some(Schema::Array(all)))));
        let follow = self.operation(
            format!("follow_{}", N::NAME),
            format!("Follow {one}"),
            "Whoever does is told of its changes by others, as long as they see it: `GET /v1/me/notifications`.",
        );
        let unfollow = self.operation(
            format!("unfollow_{}", N::NAME),
            format!("Follow {one} no more"),
            "It is no fault not to have.",
        );
        let done = |operation: OperationBuilder, what: &str| -> Operation {
            operation.response("204", ResponseBuilder::new().description(what)).build()
        };
        let (follow, unfollow) =
            (done(follow, "the caller follows it"), done(unfollow, "the caller follows it no more"));
        let mut paths = Paths::new();
        let path = format!("/{}/{{id}}/followers", self.place);
        paths.paths.insert(format!("{path}/me"), {
            let mut item = PathItem::new(HttpMethod::Put, follow);
            item.delete = Some(unfollow);
            item
        });
        paths.paths.insert(path, PathItem::new(HttpMethod::Get, list));
        paths
    }

    fn schemas(&self, schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((Follower::name().into(), <Follower as PartialSchema>::schema()));
        <Follower as ToSchema>::schemas(schemas);
    }
}
