//! Where a test may have the program die, to see what is left: `GUANXI_TEST_CRASH` names a point. Not in what is shipped.

/// The variable that the tests set.
pub const VARIABLE: &str = "GUANXI_TEST_CRASH";

/// Dies here, as if by `kill -9`, if this is the point that is named.
#[cfg(debug_assertions)]
pub fn point(name: &str) {
    if std::env::var(VARIABLE).is_ok_and(|wanted| wanted == name) {
        std::process::abort();
    }
}

#[cfg(not(debug_assertions))]
pub fn point(_: &str) {}
