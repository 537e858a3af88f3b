-- Single records shown to somebody beside those who own them; and queues, whose records their members take.

CREATE TABLE shares (
    tenant_id  uuid NOT NULL REFERENCES tenants,
    id         uuid NOT NULL,
    -- the noun, and which record of it
    resource   text NOT NULL,
    record_id  uuid NOT NULL,
    -- with whom: one of the two
    user_id    uuid,
    team_id    uuid,
    grantee_id uuid NOT NULL GENERATED ALWAYS AS (coalesce(user_id, team_id)) STORED,
    access     text NOT NULL CHECK (access IN ('read', 'update')),
    expires_at timestamptz,
    version    int NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    updated_by uuid NOT NULL,
    -- when it was taken back
    deleted_at timestamptz,
    search     tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, team_id) REFERENCES teams (tenant_id, id) ON DELETE CASCADE,
    CHECK (num_nonnulls(user_id, team_id) = 1)
);
-- whether this record is shared with these
CREATE UNIQUE INDEX shares_grantee_key ON shares (tenant_id, record_id, grantee_id, resource) WHERE deleted_at IS NULL;
-- what is shared with these, read from the index alone
CREATE INDEX shares_given_idx ON shares (tenant_id, grantee_id, resource, record_id) INCLUDE (access, expires_at)
    WHERE deleted_at IS NULL;
CREATE INDEX shares_user_idx ON shares (tenant_id, user_id) WHERE user_id IS NOT NULL;
CREATE INDEX shares_team_idx ON shares (tenant_id, team_id) WHERE team_id IS NOT NULL;
CREATE INDEX shares_maker_idx ON shares (tenant_id, created_by, id);

-- Who serves a queue: users, and the members of teams.
CREATE TABLE queue_members (
    tenant_id uuid NOT NULL,
    queue_id  uuid NOT NULL,
    user_id   uuid,
    team_id   uuid,
    member_id uuid NOT NULL GENERATED ALWAYS AS (coalesce(user_id, team_id)) STORED,
    PRIMARY KEY (tenant_id, member_id, queue_id),
    FOREIGN KEY (tenant_id, queue_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, team_id) REFERENCES teams (tenant_id, id) ON DELETE CASCADE,
    CHECK (num_nonnulls(user_id, team_id) = 1)
);
CREATE INDEX queue_members_queue_idx ON queue_members (tenant_id, queue_id);
CREATE INDEX queue_members_user_idx ON queue_members (tenant_id, user_id) WHERE user_id IS NOT NULL;
CREATE INDEX queue_members_team_idx ON queue_members (tenant_id, team_id) WHERE team_id IS NOT NULL;
-- the few queues among many users
CREATE INDEX users_queue_idx ON users (tenant_id, id) WHERE kind = 'queue';
