//! The wing's tables.
use platform::search::Tsvector;

diesel::table! {
    tenants (tenant_id) {
        tenant_id -> Uuid,
        id -> Uuid,
        name -> Text,
        locale -> Text,
        time_zone -> Text,
        base_currency -> Text,
        require_second_factor -> Bool,
        quote_approval_discount -> Nullable<Numeric>,
        requires_if_match -> Bool,
        fiscal_year_start_month -> Int4,
        phone_region -> Nullable<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}
diesel::table! {
    use diesel::sql_types::*;
    use super::Tsvector;
    users (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        email -> Text,
        display_name -> Text,
        locale -> Nullable<Text>,
        time_zone -> Nullable<Text>,
        kind -> Text,
        is_active -> Bool,
        email_verified_at -> Nullable<Timestamptz>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        created_by -> Uuid,
        updated_by -> Uuid,
        deleted_at -> Nullable<Timestamptz>,
        search -> Tsvector,
    }
}
diesel::table! {
    passwords (tenant_id, user_id) {
        tenant_id -> Uuid,
        user_id -> Uuid,
        hash -> Text,
        changed_at -> Timestamptz,
    }
}
diesel::table! {
    use diesel::sql_types::*;
    use super::Tsvector;
    teams (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        name -> Text,
        parent_id -> Nullable<Uuid>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        created_by -> Uuid,
        updated_by -> Uuid,
        deleted_at -> Nullable<Timestamptz>,
        search -> Tsvector,
    }
}
diesel::table! {
    team_members (tenant_id, user_id, team_id) {
        tenant_id -> Uuid,
        user_id -> Uuid,
        team_id -> Uuid,
    }
}
diesel::table! {
    queue_members (tenant_id, member_id, queue_id) {
        tenant_id -> Uuid,
        queue_id -> Uuid,
        user_id -> Nullable<Uuid>,
        team_id -> Nullable<Uuid>,
        member_id -> Uuid,
    }
}
diesel::table! {
    use diesel::sql_types::*;
    use super::Tsvector;
    roles (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        name -> Text,
        builtin -> Nullable<Text>,
        description -> Nullable<Text>,
        permissions -> Jsonb,
        fields -> Jsonb,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        created_by -> Uuid,
        updated_by -> Uuid,
        deleted_at -> Nullable<Timestamptz>,
        search -> Tsvector,
    }
}
diesel::table! {
    user_roles (tenant_id, user_id, role_id) {
        tenant_id -> Uuid,
        user_id -> Uuid,
        role_id -> Uuid,
    }
}
diesel::table! {
    sessions (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        user_id -> Uuid,
        refresh_hash -> Bytea,
        device -> Nullable<Text>,
        address -> Nullable<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        last_used_at -> Timestamptz,
        expires_at -> Timestamptz,
        revoked_at -> Nullable<Timestamptz>,
        is_vouched -> Bool,
    }
}
diesel::table! {
    api_keys (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        user_id -> Uuid,
        name -> Text,
        hint -> Text,
        scopes -> Array<Text>,
        addresses -> Array<Text>,
        expires_at -> Nullable<Timestamptz>,
        previous_hint -> Nullable<Text>,
        previous_expires_at -> Nullable<Timestamptz>,
        last_used_at -> Nullable<Timestamptz>,
        revoked_at -> Nullable<Timestamptz>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}
diesel::table! {
    api_key_secrets (tenant_id, api_key_id) {
        tenant_id -> Uuid,
        api_key_id -> Uuid,
        hash -> Bytea,
        previous_hash -> Nullable<Bytea>,
    }
}
diesel::table! {
    factors (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        user_id -> Uuid,
        kind -> Text,
        name -> Text,
        confirmed_at -> Nullable<Timestamptz>,
        last_used_at -> Nullable<Timestamptz>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}
diesel::table! {
    factor_secrets (tenant_id, factor_id) {
        tenant_id -> Uuid,
        factor_id -> Uuid,
        secret -> Nullable<Bytea>,
        last_step -> Int8,
        failures -> Int4,
        last_failed_at -> Nullable<Timestamptz>,
        sealed -> Nullable<Bytea>,
        sealed_key_id -> Nullable<Uuid>,
    }
}
diesel::table! {
    recovery_codes (tenant_id, factor_id, hash) {
        tenant_id -> Uuid,
        factor_id -> Uuid,
        hash -> Bytea,
    }
}
diesel::table! {
    login_challenges (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        user_id -> Uuid,
        hash -> Bytea,
        device -> Nullable<Text>,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    links (tenant_id, user_id, purpose, hash) {
        tenant_id -> Uuid,
        user_id -> Uuid,
        purpose -> Text,
        hash -> Bytea,
        email -> Text,
        is_mailed -> Bool,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
    }
}
diesel::table! {
    sso_providers (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        name -> Text,
        issuer -> Text,
        client_id -> Text,
        scopes -> Array<Text>,
        domains -> Array<Text>,
        redirect_uris -> Array<Text>,
        second_factor_claims -> Array<Text>,
        is_welcoming -> Bool,
        role_id -> Nullable<Uuid>,
        is_active -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        created_by -> Uuid,
        updated_by -> Uuid,
    }
}
diesel::table! {
    sso_provider_secrets (tenant_id, provider_id) {
        tenant_id -> Uuid,
        provider_id -> Uuid,
        sealed -> Bytea,
        sealed_key_id -> Uuid,
    }
}
diesel::table! {
    sso_identities (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        provider_id -> Uuid,
        user_id -> Uuid,
        subject -> Text,
        email -> Nullable<Text>,
        last_used_at -> Nullable<Timestamptz>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}
diesel::table! {
    sso_logins (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        provider_id -> Uuid,
        user_id -> Nullable<Uuid>,
        hash -> Bytea,
        nonce -> Text,
        verifier -> Text,
        redirect_uri -> Text,
        expires_at -> Timestamptz,
    }
}
diesel::table! {
    login_failures (key_hash) {
        key_hash -> Bytea,
        failures -> Int4,
        last_failed_at -> Timestamptz,
        forgotten_at -> Timestamptz,
    }
}

diesel::allow_tables_to_appear_in_same_query!(factors, factor_secrets);
diesel::allow_tables_to_appear_in_same_query!(users, login_challenges);
diesel::allow_tables_to_appear_in_same_query!(users, sso_identities);
diesel::allow_tables_to_appear_in_same_query!(users, passwords);
diesel::allow_tables_to_appear_in_same_query!(users, sessions);
diesel::allow_tables_to_appear_in_same_query!(users, tenants);
diesel::allow_tables_to_appear_in_same_query!(sessions, tenants);
diesel::allow_tables_to_appear_in_same_query!(tenants, passwords);
diesel::allow_tables_to_appear_in_same_query!(users, user_roles);
diesel::allow_tables_to_appear_in_same_query!(users, team_members);
diesel::allow_tables_to_appear_in_same_query!(teams, team_members);
diesel::allow_tables_to_appear_in_same_query!(users, queue_members);
diesel::allow_tables_to_appear_in_same_query!(users, teams);
diesel::allow_tables_to_appear_in_same_query!(teams, queue_members);
diesel::allow_tables_to_appear_in_same_query!(roles, user_roles);
diesel::allow_tables_to_appear_in_same_query!(users, api_keys);
diesel::allow_tables_to_appear_in_same_query!(users, api_key_secrets);
diesel::allow_tables_to_appear_in_same_query!(tenants, api_keys);
diesel::allow_tables_to_appear_in_same_query!(tenants, api_key_secrets);
diesel::allow_tables_to_appear_in_same_query!(api_keys, api_key_secrets);
diesel::allow_tables_to_appear_in_same_query!(users, roles);
diesel::allow_tables_to_appear_in_same_query!(user_roles, team_members);
diesel::allow_tables_to_appear_in_same_query!(roles, team_members);
