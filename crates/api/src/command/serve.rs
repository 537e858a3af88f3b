//! `guanxi serve`, `guanxi worker`.
use super::{Database, Outcome, first};
use crate::config::Config;
use crate::house::House;
use crate::{app, worker};
use std::net::TcpListener;

/// Serves until it is told to stop, then lets what is under way end.
pub async fn serve(config: Config) -> Outcome {
    // the port first: who finds it taken should not have started a database
    let listener = TcpListener::bind(config.addr)
        .map_err(|e| format!("cannot listen on {}: {e} (GUANXI_ADDR names another place)", config.addr))?;
    let database = Database::open(&config)?;
    platform::migrate::up(&database.direct_url)?;
    let house = House::open(&config, &database.url).await?;
    let made = first::tenant(&house, &config).await?;
    let work = config.jobs.then(|| worker::start(house.clone()));
    let streams = house.streams.clone();
    actix_web::rt::spawn(async move {
        // they never end by themselves, and the server waits for what is under way
        if asked_to_stop().await.is_ok() {
            streams.close();
        }
    });
    let server = app::server(house, &config, listener)?;
    first::greet(&config, made.as_ref());
    server.await?;
    if let Some(work) = work {
        work.stop().await;
    }
    database.close();
    Ok(())
}

/// Works on jobs until it is told to stop.
pub async fn work(config: Config) -> Outcome {
    let database = Database::open(&config)?;
    let house = House::open(&config, &database.url).await?;
    let work = worker::start(house);
    println!("Working on jobs. Ctrl-C stops.");
    asked_to_stop().await?;
    work.stop().await;
    database.close();
    Ok(())
}

/// Ctrl-C or SIGTERM.
async fn asked_to_stop() -> std::io::Result<()> {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        done = tokio::signal::ctrl_c() => done,
        _ = terminate.recv() => Ok(()),
    }
}
