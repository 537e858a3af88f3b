//! Records of the analytics wing.
