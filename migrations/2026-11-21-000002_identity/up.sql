-- Who there is: tenants, their users, teams and roles; and how they prove who they are.

CREATE TABLE tenants (
    tenant_id     uuid PRIMARY KEY,
    -- a record like any other has an id
    id            uuid NOT NULL GENERATED ALWAYS AS (tenant_id) STORED,
    name          text NOT NULL,
    locale        text NOT NULL,
    time_zone     text NOT NULL,
    base_currency text NOT NULL,
    version       int NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL
);

CREATE TABLE users (
    tenant_id    uuid NOT NULL REFERENCES tenants,
    id           uuid NOT NULL,
    email        text NOT NULL,
    display_name text NOT NULL,
    locale       text,
    time_zone    text,
    is_active    boolean NOT NULL DEFAULT true,
    version      int NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    created_by   uuid NOT NULL,
    updated_by   uuid NOT NULL,
    deleted_at   timestamptz,
    search       tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX users_email_key ON users (tenant_id, email) WHERE deleted_at IS NULL;
-- a login names no tenant
CREATE INDEX users_login_idx ON users (email) WHERE deleted_at IS NULL;

-- Secrets stand in tables of their own.
CREATE TABLE passwords (
    tenant_id  uuid NOT NULL,
    user_id    uuid NOT NULL,
    hash       text NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, user_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);

CREATE TABLE teams (
    tenant_id  uuid NOT NULL REFERENCES tenants,
    id         uuid NOT NULL,
    name       text NOT NULL,
    parent_id  uuid,
    version    int NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    updated_by uuid NOT NULL,
    deleted_at timestamptz,
    search     tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, parent_id) REFERENCES teams (tenant_id, id)
);
CREATE UNIQUE INDEX teams_name_key ON teams (tenant_id, name) WHERE deleted_at IS NULL;
CREATE INDEX teams_parent_idx ON teams (tenant_id, parent_id);

CREATE TABLE team_members (
    tenant_id uuid NOT NULL,
    user_id   uuid NOT NULL,
    team_id   uuid NOT NULL,
    PRIMARY KEY (tenant_id, user_id, team_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, team_id) REFERENCES teams (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX team_members_team_idx ON team_members (tenant_id, team_id);

CREATE TABLE roles (
    tenant_id   uuid NOT NULL REFERENCES tenants,
    id          uuid NOT NULL,
    name        text NOT NULL,
    -- the key of a built-in role: its permissions come with the program and grow with it
    builtin     text,
    description text,
    -- of a role of the tenant's own: [{"object", "action", "reach"}]
    permissions jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(permissions) = 'array'),
    version     int NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    created_by  uuid NOT NULL,
    updated_by  uuid NOT NULL,
    deleted_at  timestamptz,
    search      tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX roles_name_key ON roles (tenant_id, name) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX roles_builtin_key ON roles (tenant_id, builtin);

CREATE TABLE user_roles (
    tenant_id uuid NOT NULL,
    user_id   uuid NOT NULL,
    role_id   uuid NOT NULL,
    PRIMARY KEY (tenant_id, user_id, role_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, role_id) REFERENCES roles (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX user_roles_role_idx ON user_roles (tenant_id, role_id);

-- A session is a family of refresh tokens, of which only the newest is good.
CREATE TABLE sessions (
    tenant_id    uuid NOT NULL,
    id           uuid NOT NULL,
    user_id      uuid NOT NULL,
    refresh_hash bytea NOT NULL,
    device       text,
    version      int NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    revoked_at   timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX sessions_user_idx ON sessions (tenant_id, user_id);

CREATE TABLE api_keys (
    tenant_id    uuid NOT NULL,
    id           uuid NOT NULL,
    user_id      uuid NOT NULL,
    name         text NOT NULL,
    -- what of the key may be shown
    hint         text NOT NULL,
    scopes       text[] NOT NULL,
    expires_at   timestamptz,
    last_used_at timestamptz,
    revoked_at   timestamptz,
    version      int NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX api_keys_user_idx ON api_keys (tenant_id, user_id);

CREATE TABLE api_key_secrets (
    tenant_id  uuid NOT NULL,
    api_key_id uuid NOT NULL,
    hash       bytea NOT NULL,
    PRIMARY KEY (tenant_id, api_key_id),
    FOREIGN KEY (tenant_id, api_key_id) REFERENCES api_keys (tenant_id, id) ON DELETE CASCADE
);
