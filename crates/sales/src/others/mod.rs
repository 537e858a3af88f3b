//! What the wing asks of tables that are not its own: whose money a tenant reckons in, who is called what.
pub(crate) mod store;
