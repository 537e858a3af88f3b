//! What a sweep looks for: one condition, asked in two ways. SQL is never put together at run time, so both are whole
//! texts.

/// What is due, over all tenants.
pub struct Look {
    /// as the log calls it
    pub what: &'static str,
    /// the keys of what is due behind a key ($1, $2), in their order, at most $3
    pub keys: &'static str,
    /// the one with a key ($1, $2), locked, if it is due still and nobody changes it at the moment
    pub held: &'static str,
}

/// `row` is what the rows that are due are called in `from`, which ends in a condition; `locks` says what is locked, and
/// `tells` what is asked of a row beside its key and the moment, by the clock that all machines have in common.
#[macro_export]
#[doc(hidden)]
macro_rules! sweep_look {
    (what: $what:literal, row: $row:literal, locks: $locks:literal, tells: $tells:literal, from: $from:expr $(,)?) => {
        $crate::sweep::Look {
            what: $what,
            keys: concat!(
                "SELECT ",
                $row,
                ".tenant_id, ",
                $row,
                ".id ",
                $from,
                " AND (",
                $row,
                ".tenant_id, ",
                $row,
                ".id) > ($1, $2) ORDER BY 1, 2 LIMIT $3"
            ),
            held: concat!(
                "SELECT ",
                $row,
                ".tenant_id, ",
                $row,
                ".id, clock_timestamp() AS now, ",
                $tells,
                " ",
                $from,
                " AND ",
                $row,
                ".tenant_id = $1 AND ",
                $row,
                ".id = $2 FOR NO KEY UPDATE OF ",
                $locks,
                " SKIP LOCKED"
            ),
        }
    };
}
