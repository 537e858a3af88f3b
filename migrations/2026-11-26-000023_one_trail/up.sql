-- A change is one row: what an event tells stands in the row of the trail itself. What was sealed holds as it was, for the
-- same is hashed of it; what was bent before is carried over as it stands, so that it is named afterwards too.

ALTER TABLE audit_log RENAME TO audit_log_old;
ALTER TABLE audit_log_old RENAME CONSTRAINT audit_log_pkey TO audit_log_old_pkey;
DROP INDEX audit_log_xact_idx, audit_log_object_idx;

CREATE TABLE audit_log (
    tenant_id   uuid NOT NULL,
    id          uuid NOT NULL,
    object_id   uuid NOT NULL,
    actor_id    uuid NOT NULL,
    request_id  uuid NOT NULL,
    occurred_at timestamptz NOT NULL,
    -- the transaction that wrote the row: rows are sealed in an order that later ones cannot get in front of
    xact        bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    -- of the record, where the row is a change of one
    version     int,
    action      text NOT NULL,
    noun        text NOT NULL,
    api_key_id  uuid,
    session_id  uuid,
    -- these three may be personal: `erase_audit_details` and `erase_audit_data` empty them, and nothing else does
    address     text,
    details     jsonb,
    -- the record as it was then: what makes the row an event
    data        jsonb,
    PRIMARY KEY (tenant_id, id)
);

INSERT INTO audit_log (tenant_id, id, object_id, actor_id, request_id, occurred_at, xact, version, action, noun,
    api_key_id, session_id, address, details, data)
SELECT a.tenant_id, a.id, a.object_id, a.actor_id, a.request_id, a.occurred_at, a.xact, a.version, a.action, a.noun,
    a.api_key_id, a.session_id, a.address, a.details, e.data
FROM audit_log_old a LEFT JOIN event_log e
    ON (e.tenant_id, e.object_id, e.version, e.id) = (a.tenant_id, a.object_id, a.version, a.id)
ORDER BY a.xact, a.id;
-- an event without its row of the trail, which somebody has taken away: in no chain
INSERT INTO audit_log (tenant_id, id, object_id, actor_id, request_id, occurred_at, xact, version, action, noun, data)
SELECT DISTINCT ON (e.tenant_id, e.id) e.tenant_id, e.id, e.object_id, e.actor_id, e.request_id, e.occurred_at, 0,
    e.version, e.name, split_part(e.name, '.', 1), e.data
FROM event_log e WHERE NOT EXISTS (SELECT FROM audit_log_old a WHERE (a.tenant_id, a.id) = (e.tenant_id, e.id))
ORDER BY e.tenant_id, e.id, e.version;
DROP TABLE audit_log_old, event_log;

-- the versions of a record, and all that was done to it
CREATE INDEX audit_log_object_idx ON audit_log (tenant_id, object_id, version, id);
-- what is to be sealed: rows come in the order of their transactions, so a writer adds to its last page. A BRIN index
-- would be smaller, but what it has not summed up yet, which is a minute's writing, would be read by every pass
CREATE INDEX audit_log_xact_idx ON audit_log (xact);

-- The rows that are changes of records.
CREATE VIEW event_log AS
SELECT tenant_id, id, action AS name, noun, object_id, version, actor_id, api_key_id, request_id, occurred_at, data
FROM audit_log WHERE version IS NOT NULL AND data IS NOT NULL;

-- The one way to take from events of records what may be personal: columns that may be kept stay as they are, others
-- become a pseudonym or null. The ledger says so, with a digest of what was left.
CREATE FUNCTION erase_audit_data(of_tenant uuid, records uuid[], kept text[], named text[], request uuid, by_whom uuid,
    at timestamptz) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH less AS (
        SELECT l.id, (SELECT coalesce(jsonb_object_agg(m.key, CASE WHEN m.key = ANY (kept) THEN m.value
            WHEN m.key = ANY (named) THEN to_jsonb('erased-' || l.object_id::text) ELSE 'null' END), '{}')
            FROM jsonb_each(l.data) AS m) AS data
        FROM public.audit_log AS l
        WHERE l.tenant_id = of_tenant AND l.object_id = ANY (records) AND jsonb_typeof(l.data) = 'object'
    ), emptied AS (
        UPDATE public.audit_log AS a SET data = less.data FROM less
        WHERE a.tenant_id = of_tenant AND a.id = less.id AND a.data IS DISTINCT FROM less.data RETURNING a.id, a.data
    ), told AS (
        INSERT INTO public.audit_erasures (tenant_id, audit_id, part, privacy_request_id, erased_by, erased_at, kept)
        SELECT of_tenant, id, 'data', request, by_whom, at, sha256(convert_to(data::text, 'UTF8')) FROM emptied
        ON CONFLICT DO NOTHING
    ) SELECT count(*) FROM emptied
$$;
