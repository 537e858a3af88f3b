//! The analytics wing, from outside.
