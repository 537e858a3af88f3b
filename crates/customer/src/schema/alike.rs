//! Which records are probably one.

diesel::table! {
    duplicate_pairs (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        resource -> Text,
        record_id -> Uuid,
        other_id -> Uuid,
        score -> Numeric,
        reasons -> Jsonb,
        status -> Text,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}
diesel::table! {
    duplicate_candidates (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        resource -> Text,
        record_id -> Uuid,
        other_id -> Uuid,
        score -> Numeric,
        reasons -> Jsonb,
        status -> Text,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}
