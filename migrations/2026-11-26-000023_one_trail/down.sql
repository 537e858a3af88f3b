DROP FUNCTION erase_audit_data;
DROP VIEW event_log;
DROP INDEX audit_log_object_idx, audit_log_xact_idx;
ALTER TABLE audit_log RENAME TO audit_log_new;
ALTER TABLE audit_log_new RENAME CONSTRAINT audit_log_pkey TO audit_log_new_pkey;

CREATE TABLE event_log (
    tenant_id   uuid NOT NULL,
    id          uuid NOT NULL,
    name        text NOT NULL,
    object_id   uuid NOT NULL,
    version     int NOT NULL,
    actor_id    uuid NOT NULL,
    request_id  uuid NOT NULL,
    occurred_at timestamptz NOT NULL,
    data        jsonb NOT NULL,
    PRIMARY KEY (tenant_id, object_id, version, id)
);
INSERT INTO event_log (tenant_id, id, name, object_id, version, actor_id, request_id, occurred_at, data)
SELECT tenant_id, id, action, object_id, version, actor_id, request_id, occurred_at, data
FROM audit_log_new WHERE data IS NOT NULL AND version IS NOT NULL ORDER BY xact, id;

CREATE TABLE audit_log (
    tenant_id   uuid NOT NULL,
    id          uuid NOT NULL,
    action      text NOT NULL,
    object_id   uuid NOT NULL,
    actor_id    uuid NOT NULL,
    api_key_id  uuid,
    request_id  uuid NOT NULL,
    occurred_at timestamptz NOT NULL,
    noun        text NOT NULL DEFAULT '',
    version     int,
    session_id  uuid,
    address     text,
    details     jsonb,
    xact        bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    PRIMARY KEY (tenant_id, id)
);
INSERT INTO audit_log (tenant_id, id, action, object_id, actor_id, api_key_id, request_id, occurred_at, noun, version,
    session_id, address, details, xact)
SELECT tenant_id, id, action, object_id, actor_id, api_key_id, request_id, occurred_at, noun, version, session_id,
    address, details, xact
FROM audit_log_new ORDER BY xact, id;
DROP TABLE audit_log_new;
CREATE INDEX audit_log_xact_idx ON audit_log USING brin (xact) WITH (pages_per_range = 16, autosummarize = on);
CREATE INDEX audit_log_object_idx ON audit_log (tenant_id, object_id, id);
