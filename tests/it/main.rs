//! Guanxi from outside: HTTP against the real server, the catalogue of PostgreSQL, and the sources as text.
//!
//! Every test has a database and a server of its own; every answer that any test gets is held against the OpenAPI
//! document. A test is called by the sentence that it proves.
#![allow(clippy::disallowed_methods)] // the machine's clock and randomness are good enough here

mod analytics;
mod customer;
mod house;
mod identity;
mod marketing;
mod platform;
mod privacy;
mod sales;
mod service;
mod support;
