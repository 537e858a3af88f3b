-- The audit trail that can be believed: from where, about which version, and chained by hashes that cannot be mended.

ALTER TABLE audit_log
    -- the version before this one does not say
    ADD COLUMN noun       text NOT NULL DEFAULT '',
    -- of the record, where the row is about a change of one; its event has the same id
    ADD COLUMN version    int,
    ADD COLUMN session_id uuid,
    -- these two may be personal: `erase_audit_details` empties them, and nothing else does
    ADD COLUMN address    text,
    ADD COLUMN details    jsonb,
    -- the transaction that wrote the row: rows are sealed in an order that later ones cannot get in front of
    ADD COLUMN xact       bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint);
UPDATE audit_log a SET noun = split_part(action, '.', 1),
    version = (SELECT version FROM event_log e WHERE (e.tenant_id, e.object_id, e.id) = (a.tenant_id, a.object_id, a.id));
-- costs a writer next to nothing, for rows come in the order of their transactions
CREATE INDEX audit_log_xact_idx ON audit_log USING brin (xact) WITH (pages_per_range = 16, autosummarize = on);
CREATE INDEX audit_log_object_idx ON audit_log (tenant_id, object_id, id);

-- Each row by the hash of the one before it, its own, and digests of what may be erased.
CREATE TABLE audit_chain (
    tenant_id    uuid NOT NULL,
    seq          bigint NOT NULL CHECK (seq > 0),
    audit_id     uuid NOT NULL,
    hash         bytea NOT NULL CHECK (length(hash) = 32),
    -- HMAC-SHA256 of the data of its event, and of its address and details: null where there are none
    data_hash    bytea CHECK (length(data_hash) = 32),
    details_hash bytea CHECK (length(details_hash) = 32),
    PRIMARY KEY (tenant_id, seq)
);
CREATE UNIQUE INDEX audit_chain_audit_key ON audit_chain (tenant_id, audit_id);

-- Where the chain stood at a moment, signed; the same stands in a file outside of the database.
CREATE TABLE audit_checkpoints (
    tenant_id uuid NOT NULL,
    seq       bigint NOT NULL,
    hash      bytea NOT NULL CHECK (length(hash) = 32),
    signed_at timestamptz NOT NULL,
    kid       uuid NOT NULL,
    signature bytea NOT NULL CHECK (length(signature) = 64),
    PRIMARY KEY (tenant_id, seq)
);

-- What was lawfully erased: of the data of an event, or address and details of an audit row.
CREATE TABLE audit_erasures (
    tenant_id          uuid NOT NULL,
    audit_id           uuid NOT NULL,
    part               text NOT NULL CHECK (part IN ('data', 'details')),
    privacy_request_id uuid NOT NULL,
    erased_by          uuid NOT NULL,
    erased_at          timestamptz NOT NULL,
    -- SHA-256 of what was left of the data
    kept               bytea NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, audit_id, part, kept)
);

-- How far all tenants are sealed. Whoever seals holds the row.
CREATE TABLE audit_sealing (
    name     text PRIMARY KEY CHECK (name = 'all'),
    position bigint NOT NULL
);
INSERT INTO audit_sealing VALUES ('all', 0);

-- The one way to empty what may be personal in an audit row, for nobody may change one: the ledger says so with it.
CREATE FUNCTION erase_audit_details(of_tenant uuid, ids uuid[], request uuid, by_whom uuid, at timestamptz) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH emptied AS (
        UPDATE public.audit_log SET address = NULL, details = NULL
        WHERE tenant_id = of_tenant AND id = ANY (ids) AND (address IS NOT NULL OR details IS NOT NULL) RETURNING id
    ), told AS (
        INSERT INTO public.audit_erasures (tenant_id, audit_id, part, privacy_request_id, erased_by, erased_at)
        SELECT of_tenant, id, 'details', request, by_whom, at FROM emptied ON CONFLICT DO NOTHING
    ) SELECT count(*) FROM emptied
$$;

-- Secrets have further purposes, which are listed in `platform::secrets`.
ALTER TABLE server_secrets DROP CONSTRAINT server_secrets_name_check;
ALTER TABLE server_secrets ADD CONSTRAINT server_secrets_name_check CHECK (name ~ '^[a-z_]+$');
