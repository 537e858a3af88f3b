//! The application put together: state, settings of the extractors, the wings' routes.
use crate::config::Config;
use crate::customer::open_forms;
use crate::extract::Proxies;
use crate::extract::body::LIMIT;
use crate::house::House;
use crate::limit::{self, Limits};
use crate::methods::{self, Methods};
use crate::refused::{self, Refusals};
use crate::routes::Routes;
use crate::sight::{self, Sight};
use crate::{asked, docs, once, openapi, path, problem};
use actix_web::dev::Server;
use actix_web::middleware::{Compress, from_fn};
use actix_web::web::{self, Data};
use actix_web::{App, HttpServer};
use socket2::SockRef;
use std::net::TcpListener;
use std::time::Duration;
use tracing_actix_web::TracingLogger;

const SLOW_CLIENT: Duration = Duration::from_secs(10);
/// Who takes nothing of what is sent to them for so long is cut off, however little else there is to send.
const SLOW_READER: Duration = Duration::from_secs(30);
/// What is under way may end before the process does.
const DRAIN_SECONDS: u64 = 30;

/// The server on a port that is bound already; it runs when it is awaited.
pub fn server(house: House, config: &Config, listener: TcpListener) -> std::io::Result<Server> {
    let document = openapi::document();
    Sight::open(&document);
    let (methods, text) = (Methods::of(&document), Data::new(docs::Text::of(Sight::of_the_house())));
    drop(document);
    let (db, identity) = (Data::new(house.db.clone()), Data::new(house.identity.clone()));
    let (vault, streams) = (Data::new(house.vault.clone()), Data::new(house.streams.clone()));
    actix_web::rt::spawn(house.streams.clone().go_on(house.clone()));
    let (catalogues, seal) = (Data::new(house.catalogues), Data::new(house.seal.clone()));
    let (limits, refusals) = (Data::new(Limits::new(config.limits)), Data::new(Refusals::default()));
    let (house, proxies) = (Data::new(house), Data::new(Proxies(config.trusted_proxies.clone())));
    // of every connection: what was sent and is not taken keeps memory
    SockRef::from(&listener).set_tcp_user_timeout(Some(SLOW_READER))?;
    let connections = usize::try_from(config.connections).unwrap_or(4);
    let server = HttpServer::new(move || {
        let app = App::new()
            .app_data(db.clone())
            .app_data(identity.clone())
            .app_data(vault.clone())
            .app_data(streams.clone())
            .app_data(catalogues.clone())
            .app_data(seal.clone())
            .app_data(house.clone())
            .app_data(limits.clone())
            .app_data(refusals.clone())
            .app_data(proxies.clone())
            .app_data(text.clone())
            .app_data(methods.clone())
            .app_data(web::PayloadConfig::new(LIMIT))
            .app_data(paths())
            .wrap(from_fn(once::carry))
            .wrap(from_fn(asked::nothing_unknown))
            .wrap(from_fn(path::readable))
            .wrap(from_fn(sight::trim))
            .wrap(from_fn(limit::admit))
            .wrap(from_fn(refused::note))
            .wrap(from_fn(problem::finish))
            .wrap(from_fn(open_forms::allow))
            .wrap(Compress::default())
            .wrap(TracingLogger::<crate::trace::Spans>::new());
        let app = app.configure(|router| openapi::routes(&mut Routes::Router(router)));
        app.configure(docs::routes).configure(open_forms::preflights).default_service(web::to(methods::nothing_here))
    });
    Ok(server
        .workers(config.workers)
        // a thread a connection, and a few for what is reckoned (passwords)
        .worker_max_blocking_threads((connections / config.workers).max(1) + 2)
        .client_request_timeout(SLOW_CLIENT)
        .shutdown_timeout(DRAIN_SECONDS)
        .listen(listener)?
        .run())
}

/// What is no id in a path is an id of nothing.
fn paths() -> web::PathConfig {
    web::PathConfig::default().error_handler(|_, _| crate::answer::Fail::from(kernel::error::NOT_FOUND).into())
}
