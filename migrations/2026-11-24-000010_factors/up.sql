-- What somebody shows beside their password.

CREATE TABLE factors (
    tenant_id    uuid NOT NULL,
    id           uuid NOT NULL,
    user_id      uuid NOT NULL,
    kind         text NOT NULL CHECK (kind IN ('totp')),
    name         text NOT NULL,
    -- asked for at a login from then on
    confirmed_at timestamptz,
    last_used_at timestamptz,
    version      int NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX factors_user_idx ON factors (tenant_id, user_id);
CREATE UNIQUE INDEX factors_confirmed_key ON factors (tenant_id, user_id) WHERE confirmed_at IS NOT NULL;

CREATE TABLE factor_secrets (
    tenant_id      uuid NOT NULL,
    factor_id      uuid NOT NULL,
    secret         bytea NOT NULL,
    -- the step of the newest code that was taken: none is good twice
    last_step      bigint NOT NULL DEFAULT 0,
    failures       int NOT NULL DEFAULT 0,
    last_failed_at timestamptz,
    PRIMARY KEY (tenant_id, factor_id),
    FOREIGN KEY (tenant_id, factor_id) REFERENCES factors (tenant_id, id) ON DELETE CASCADE
);

CREATE TABLE recovery_codes (
    tenant_id uuid NOT NULL,
    factor_id uuid NOT NULL,
    hash      bytea NOT NULL,
    PRIMARY KEY (tenant_id, factor_id, hash),
    FOREIGN KEY (tenant_id, factor_id) REFERENCES factors (tenant_id, id) ON DELETE CASCADE
);

-- Who has shown a password and still has to show a factor.
CREATE TABLE login_challenges (
    tenant_id  uuid NOT NULL,
    id         uuid NOT NULL,
    user_id    uuid NOT NULL,
    hash       bytea NOT NULL,
    device     text,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX login_challenges_user_idx ON login_challenges (tenant_id, user_id);
