//! The marketing wing, from outside.
