-- Logging in at an identity provider (OpenID Connect).

CREATE TABLE sso_providers (
    tenant_id            uuid NOT NULL,
    id                   uuid NOT NULL,
    name                 text NOT NULL,
    issuer               text NOT NULL,
    client_id            text NOT NULL,
    scopes               text[] NOT NULL,
    -- whose addresses the provider is believed about
    domains              text[] NOT NULL,
    -- where browsers may be sent back to, beside the page of GUANXI_PUBLIC_URL
    redirect_uris        text[] NOT NULL,
    -- values of `amr` or `acr` that count as a second factor
    second_factor_claims text[] NOT NULL,
    -- whether people who are not known are made users, and with which role
    is_welcoming         boolean NOT NULL,
    role_id              uuid,
    is_active            boolean NOT NULL,
    version              int NOT NULL DEFAULT 1,
    created_at           timestamptz NOT NULL,
    updated_at           timestamptz NOT NULL,
    created_by           uuid NOT NULL,
    updated_by           uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (tenant_id),
    FOREIGN KEY (tenant_id, role_id) REFERENCES roles (tenant_id, id)
);
CREATE INDEX sso_providers_role_idx ON sso_providers (tenant_id, role_id);

CREATE TABLE sso_provider_secrets (
    tenant_id     uuid NOT NULL,
    provider_id   uuid NOT NULL,
    sealed        bytea NOT NULL,
    sealed_key_id uuid NOT NULL
        GENERATED ALWAYS AS (encode(substring(sealed FROM 2 FOR 16), 'hex')::uuid) STORED,
    PRIMARY KEY (tenant_id, provider_id),
    FOREIGN KEY (tenant_id, provider_id) REFERENCES sso_providers (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, sealed_key_id) REFERENCES data_keys (tenant_id, id)
);
CREATE INDEX sso_provider_secrets_sealed_key_idx ON sso_provider_secrets (tenant_id, sealed_key_id);

-- Who somebody is at a provider.
CREATE TABLE sso_identities (
    tenant_id    uuid NOT NULL,
    id           uuid NOT NULL,
    provider_id  uuid NOT NULL,
    user_id      uuid NOT NULL,
    subject      text NOT NULL,
    -- as the provider told it when they were linked
    email        text,
    last_used_at timestamptz,
    version      int NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, provider_id) REFERENCES sso_providers (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX sso_identities_subject_key ON sso_identities (tenant_id, provider_id, subject);
-- an address that a provider has given to somebody else does not bring them in
CREATE UNIQUE INDEX sso_identities_user_key ON sso_identities (tenant_id, user_id, provider_id);

-- Who has been sent to a provider and is not back yet.
CREATE TABLE sso_logins (
    tenant_id    uuid NOT NULL,
    id           uuid NOT NULL,
    provider_id  uuid NOT NULL,
    -- where somebody who is logged in links themselves
    user_id      uuid,
    hash         bytea NOT NULL CHECK (length(hash) = 32),
    nonce        text NOT NULL,
    verifier     text NOT NULL,
    redirect_uri text NOT NULL,
    expires_at   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, provider_id) REFERENCES sso_providers (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX sso_logins_provider_idx ON sso_logins (tenant_id, provider_id);
CREATE INDEX sso_logins_user_idx ON sso_logins (tenant_id, user_id);

-- Whether the provider vouched for a second factor, and is trusted in that.
ALTER TABLE sessions ADD COLUMN is_vouched boolean NOT NULL DEFAULT false;
