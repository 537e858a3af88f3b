-- What was answered to requests that came with an Idempotency-Key, for whoever sends the same once more.

CREATE TABLE idempotency_keys (
    tenant_id    uuid NOT NULL,
    -- SHA-256 of principal and key: the key itself is the caller's, and may say anything
    key_hash     bytea NOT NULL CHECK (length(key_hash) = 32),
    -- HMAC-SHA-256, by the key, of method, target and body: bodies hold passwords, and a plain hash of one can be guessed
    request_hash bytea NOT NULL CHECK (length(request_hash) = 32),
    status       smallint NOT NULL CHECK (status BETWEEN 200 AND 299),
    headers      jsonb NOT NULL,
    -- null where the answer holds a secret, or was erased since
    body         bytea,
    -- every id that stands in the answer or in the path: what it is found by when one of them is erased
    record_ids   uuid[] NOT NULL,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, key_hash)
);
-- what is old enough is cleared for all tenants at once
CREATE INDEX idempotency_keys_created_idx ON idempotency_keys (created_at);
