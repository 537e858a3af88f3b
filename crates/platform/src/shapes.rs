//! How many shapes of statement may stay prepared. diesel's cache has no bound, and callers invent shapes (filters,
//! patches); so a shape is let in while there is room, and afterwards is prepared anew each time: slower, never harmful.
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{PoisonError, RwLock};

const ROOM: usize = 500;

static KNOWN: RwLock<Option<HashSet<u64>>> = RwLock::new(None);

/// Whether the statement of this text may be cached.
pub fn admit(text: &str) -> bool {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    let shape = hasher.finish();
    if let Some(known) = KNOWN.read().unwrap_or_else(PoisonError::into_inner).as_ref()
        && (known.contains(&shape) || known.len() >= ROOM)
    {
        return known.contains(&shape);
    }
    let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
    let known = known.get_or_insert_default();
    known.len() < ROOM && known.insert(shape) || known.contains(&shape)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_room_is_bounded_and_who_is_in_stays_in() {
        assert!(super::admit("first"));
        let admitted = (0..2 * super::ROOM).filter(|i| super::admit(&format!("shape {i}"))).count();
        assert!(admitted < super::ROOM);
        assert!(super::admit("first"));
        assert!(!super::admit("one more"));
    }
}
