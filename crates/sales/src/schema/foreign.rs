//! What the wing reads of tables that are not its own.

diesel::table! {
    tenants (tenant_id) {
        tenant_id -> Uuid,
        base_currency -> Text,
        time_zone -> Text,
        locale -> Text,
        name -> Text,
        quote_approval_discount -> Nullable<Numeric>,
        fiscal_year_start_month -> Int4,
    }
}

diesel::table! {
    users (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        email -> Text,
        kind -> Text,
        is_active -> Bool,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    teams (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        name -> Text,
        parent_id -> Nullable<Uuid>,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    team_members (tenant_id, user_id, team_id) {
        tenant_id -> Uuid,
        user_id -> Uuid,
        team_id -> Uuid,
    }
}

diesel::allow_tables_to_appear_in_same_query!(team_members, users, teams);
