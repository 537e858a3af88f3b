-- What is sensitive is sealed. A sealed value begins with a byte for its form and the id of the key that opens it; the
-- column beside it reads that id, so that a key cannot go while a value needs it.

-- The keys of values, a tenant and a purpose each, themselves sealed by a master key that never comes here. Those of
-- the server itself belong to the tenant of zeros.
CREATE TABLE data_keys (
    tenant_id  uuid NOT NULL,
    id         uuid NOT NULL,
    -- the column that it seals, or indexes
    purpose    text NOT NULL,
    -- the master key that has wrapped it
    master     text NOT NULL,
    wrapped    bytea NOT NULL,
    created_at timestamptz NOT NULL,
    -- another has taken its place; it goes when nothing needs it any more
    retired_at timestamptz,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX data_keys_current_key ON data_keys (tenant_id, purpose) WHERE retired_at IS NULL;

-- Expand: what stands in `secret` is sealed into `sealed` by the program, and `secret` emptied. A later step drops it.
ALTER TABLE server_secrets
    ALTER COLUMN secret DROP NOT NULL,
    ADD COLUMN sealed bytea,
    ADD COLUMN sealed_key_id uuid
        GENERATED ALWAYS AS (encode(substring(sealed FROM 2 FOR 16), 'hex')::uuid) STORED,
    ADD CHECK (secret IS NOT NULL OR sealed IS NOT NULL);

ALTER TABLE factor_secrets
    ALTER COLUMN secret DROP NOT NULL,
    ADD COLUMN sealed bytea,
    ADD COLUMN sealed_key_id uuid
        GENERATED ALWAYS AS (encode(substring(sealed FROM 2 FOR 16), 'hex')::uuid) STORED,
    ADD CHECK (secret IS NOT NULL OR sealed IS NOT NULL),
    ADD FOREIGN KEY (tenant_id, sealed_key_id) REFERENCES data_keys (tenant_id, id);
CREATE INDEX factor_secrets_sealed_key_idx ON factor_secrets (tenant_id, sealed_key_id);

-- The numbers that states and banks know people and organisations by.
CREATE TABLE contact_identifiers (
    tenant_id          uuid NOT NULL,
    id                 uuid NOT NULL,
    contact_id         uuid NOT NULL,
    kind               text NOT NULL,
    sealed             bytea NOT NULL,
    sealed_key_id      uuid NOT NULL
        GENERATED ALWAYS AS (encode(substring(sealed FROM 2 FOR 16), 'hex')::uuid) STORED,
    -- by which equal values are found, and nothing else about them
    fingerprint        bytea NOT NULL,
    fingerprint_key_id uuid NOT NULL
        GENERATED ALWAYS AS (encode(substring(fingerprint FROM 2 FOR 16), 'hex')::uuid) STORED,
    -- its end, by which people tell one from another
    hint               text NOT NULL,
    label              text,
    issued_on          date,
    expires_on         date,
    version            int NOT NULL DEFAULT 1,
    created_at         timestamptz NOT NULL,
    updated_at         timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, contact_id) REFERENCES contacts (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, sealed_key_id) REFERENCES data_keys (tenant_id, id),
    FOREIGN KEY (tenant_id, fingerprint_key_id) REFERENCES data_keys (tenant_id, id),
    CHECK (expires_on >= issued_on)
);
CREATE UNIQUE INDEX contact_identifiers_value_key ON contact_identifiers (tenant_id, contact_id, kind, fingerprint);
CREATE INDEX contact_identifiers_fingerprint_idx ON contact_identifiers (tenant_id, fingerprint);
CREATE INDEX contact_identifiers_sealed_key_idx ON contact_identifiers (tenant_id, sealed_key_id);
CREATE INDEX contact_identifiers_fingerprint_key_idx ON contact_identifiers (tenant_id, fingerprint_key_id);

CREATE TABLE account_identifiers (
    tenant_id          uuid NOT NULL,
    id                 uuid NOT NULL,
    account_id         uuid NOT NULL,
    kind               text NOT NULL,
    sealed             bytea NOT NULL,
    sealed_key_id      uuid NOT NULL
        GENERATED ALWAYS AS (encode(substring(sealed FROM 2 FOR 16), 'hex')::uuid) STORED,
    fingerprint        bytea NOT NULL,
    fingerprint_key_id uuid NOT NULL
        GENERATED ALWAYS AS (encode(substring(fingerprint FROM 2 FOR 16), 'hex')::uuid) STORED,
    hint               text NOT NULL,
    label              text,
    issued_on          date,
    expires_on         date,
    version            int NOT NULL DEFAULT 1,
    created_at         timestamptz NOT NULL,
    updated_at         timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, sealed_key_id) REFERENCES data_keys (tenant_id, id),
    FOREIGN KEY (tenant_id, fingerprint_key_id) REFERENCES data_keys (tenant_id, id),
    CHECK (expires_on >= issued_on)
);
CREATE UNIQUE INDEX account_identifiers_value_key ON account_identifiers (tenant_id, account_id, kind, fingerprint);
CREATE INDEX account_identifiers_fingerprint_idx ON account_identifiers (tenant_id, fingerprint);
CREATE INDEX account_identifiers_sealed_key_idx ON account_identifiers (tenant_id, sealed_key_id);
CREATE INDEX account_identifiers_fingerprint_key_idx ON account_identifiers (tenant_id, fingerprint_key_id);
