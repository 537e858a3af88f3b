//! The service wing, from outside.
