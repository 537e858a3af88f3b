//! The doors: HTTP, the command line and the worker. The only crate that names actix-web.
/// What this crate says, in every language.
pub const TEXTS: &str = include_str!("texts.txt");

pub mod answer;
pub mod app;
mod asked;
pub mod batch;
pub mod command;
pub mod config;
mod customer;
mod docs;
mod elsewhere;
pub mod extract;
mod health;
pub mod house;
mod identity;
mod inbound;
mod include;
mod key;
mod language;
pub mod limit;
mod methods;
pub mod once;
pub mod openapi;
mod path;
mod platform;
mod privacy;
mod problem;
mod refused;
mod routes;
mod sales;
pub mod seed;
pub mod sight;
pub mod stream;
mod trace;
pub mod worker;
