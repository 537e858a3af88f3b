//! Records of the marketing wing.
