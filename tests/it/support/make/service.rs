//! Records of the service wing.
