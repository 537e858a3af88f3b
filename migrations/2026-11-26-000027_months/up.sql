-- The trail in months: a partition of it is a month by the ids of its rows, which tell the time, so that what has grown too
-- old goes as a whole. What is there already becomes the first partition as it lies, up to the end of this month.

ALTER TABLE audit_log RENAME TO audit_log_first;
ALTER TABLE audit_log_first RENAME CONSTRAINT audit_log_pkey TO audit_log_first_pkey;
ALTER INDEX audit_log_object_idx RENAME TO audit_log_first_object_idx;
ALTER INDEX audit_log_xact_idx RENAME TO audit_log_first_xact_idx;
DROP VIEW event_log;

CREATE TABLE audit_log (LIKE audit_log_first INCLUDING DEFAULTS, PRIMARY KEY (tenant_id, id)) PARTITION BY RANGE (id);
CREATE INDEX audit_log_object_idx ON audit_log (tenant_id, object_id, version, id);
CREATE INDEX audit_log_xact_idx ON audit_log (xact);
-- what no month has: ids of clocks that are wrong, or made by hand
CREATE TABLE audit_log_rest PARTITION OF audit_log DEFAULT;

CREATE VIEW event_log AS
SELECT tenant_id, id, action AS name, noun, object_id, version, actor_id, api_key_id, request_id, occurred_at, data
FROM audit_log WHERE version IS NOT NULL AND data IS NOT NULL;

-- The months that there are, each by the ids that it holds.
CREATE VIEW audit_months AS
SELECT c.relname::text AS name,
    coalesce(substring(b.bound FROM 'FROM \(''([-0-9a-f]+)''\)'), '00000000-0000-0000-0000-000000000000')::uuid AS since,
    substring(b.bound FROM 'TO \(''([-0-9a-f]+)''\)')::uuid AS until
FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
    CROSS JOIN LATERAL (SELECT pg_get_expr(c.relpartbound, c.oid) AS bound) AS b
WHERE i.inhparent = 'audit_log'::regclass AND b.bound <> 'DEFAULT';

-- Where a chain begins after months of it were dropped, signed. Below it is nothing; the last link that went stays, so that
-- the chain goes on from it.
CREATE TABLE audit_floors (
    tenant_id uuid NOT NULL,
    -- rows with ids before this one went
    cut       uuid NOT NULL,
    signed_at timestamptz NOT NULL,
    seq       bigint NOT NULL CHECK (seq >= 0),
    hash      bytea NOT NULL CHECK (length(hash) = 32),
    -- links that come later in the chain, of rows that went too: they were written about the month's end
    further   bigint[] NOT NULL,
    kid       uuid NOT NULL,
    signature bytea NOT NULL CHECK (length(signature) = 64),
    PRIMARY KEY (tenant_id, cut, signed_at)
);

-- All rows with ids before this one are sealed, and there will be no more of them.
ALTER TABLE audit_sealing ADD COLUMN sealed_before uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000';

-- The smallest id of a moment.
CREATE FUNCTION audit_first_id(moment timestamp) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT (lpad(to_hex((extract(epoch FROM moment) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$$;

-- Makes the months up to the second after this one. Nobody waits long for it: it is tried again.
CREATE FUNCTION audit_open_months(at timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' AS $$
DECLARE
    this timestamp := date_trunc('month', at AT TIME ZONE 'UTC');
    month timestamp;
    last uuid;
    name text;
    made bigint := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('guanxi audit months', 0));
    SELECT m.until INTO last FROM public.audit_months AS m ORDER BY m.until DESC LIMIT 1;
    month := coalesce(to_timestamp(('x' || left(replace(last::text, '-', ''), 12))::bit(48)::bigint / 1000.0)
        AT TIME ZONE 'UTC', this);
    IF this > month + interval '50 years' THEN
        RAISE EXCEPTION 'the clock says %, and the trail ends at %', at, month;
    END IF;
    WHILE month < this + interval '3 months' LOOP
        name := 'audit_log_' || to_char(month, 'YYYY_MM');
        EXECUTE format('CREATE TABLE public.%I (LIKE public.audit_log INCLUDING DEFAULTS)', name);
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON public.%I FROM CURRENT_USER', name);
        PERFORM public.audit_attach(name, public.audit_first_id(month), public.audit_first_id(month + interval '1 month'));
        made := made + 1;
        month := month + interval '1 month';
    END LOOP;
    RETURN made;
END $$;

-- A table becomes a month, and takes along what no month has had of it.
CREATE FUNCTION audit_attach(name text, since uuid, until uuid) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM public.audit_log_rest AS r WHERE r.id >= since AND r.id < until) THEN
        GRANT DELETE ON public.audit_log_rest TO CURRENT_USER;
        EXECUTE format('WITH moved AS (DELETE FROM public.audit_log_rest WHERE id >= %L AND id < %L RETURNING *) '
            'INSERT INTO public.%I SELECT * FROM moved', since, until, name);
        REVOKE DELETE ON public.audit_log_rest FROM CURRENT_USER;
    END IF;
    EXECUTE format('ALTER TABLE public.audit_log ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)', name, since, until);
END $$;

-- A month that ended a month ago, and is sealed, takes in nothing any more: who looks for what is to be sealed passes it over.
CREATE FUNCTION audit_close_months(at timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' AS $$
DECLARE
    month record;
    closed bigint := 0;
BEGIN
    FOR month IN
        SELECT m.name, m.until FROM public.audit_months AS m
        WHERE m.until <= public.audit_first_id(date_trunc('month', at AT TIME ZONE 'UTC') - interval '1 month')
            AND m.until > (SELECT s.sealed_before FROM public.audit_sealing AS s) ORDER BY m.until
    LOOP
        -- whoever writes there is waited for, and nobody begins to before this has ended
        EXECUTE format('CREATE OR REPLACE TRIGGER closed BEFORE INSERT ON public.%I FOR EACH ROW '
            'EXECUTE FUNCTION public.audit_is_closed()', month.name);
        IF EXISTS (SELECT FROM public.audit_log AS a WHERE a.id < month.until
            AND a.id >= (SELECT s.sealed_before FROM public.audit_sealing AS s) AND NOT EXISTS
            (SELECT FROM public.audit_chain AS c WHERE c.tenant_id = a.tenant_id AND c.audit_id = a.id))
        THEN
            RAISE EXCEPTION 'not everything in % is sealed yet', month.name;
        END IF;
        UPDATE public.audit_sealing SET sealed_before = month.until;
        closed := closed + 1;
    END LOOP;
    RETURN closed;
END $$;

CREATE FUNCTION audit_is_closed() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.id < (SELECT s.sealed_before FROM public.audit_sealing AS s) THEN
        RAISE EXCEPTION 'the audit trail takes in nothing of so long ago: is the clock right?';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER closed BEFORE INSERT ON audit_log_rest FOR EACH ROW EXECUTE FUNCTION audit_is_closed();

-- Drops the oldest month, if it is closed and every row of it lies below a floor of its tenant.
CREATE FUNCTION audit_drop_month(month text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' AS $$
DECLARE
    one record;
BEGIN
    SELECT m.name, m.until INTO one FROM public.audit_months AS m ORDER BY m.until LIMIT 1;
    IF one.name IS DISTINCT FROM month THEN
        RETURN false;
    END IF;
    IF one.until > (SELECT s.sealed_before FROM public.audit_sealing AS s) THEN
        RAISE EXCEPTION '% is not closed', month;
    END IF;
    IF EXISTS (SELECT FROM public.audit_log AS a LEFT JOIN LATERAL (SELECT f.seq, f.further FROM public.audit_floors AS f
            WHERE f.tenant_id = a.tenant_id AND f.cut = one.until ORDER BY f.signed_at DESC LIMIT 1) AS f ON true
        LEFT JOIN public.audit_chain AS c ON c.tenant_id = a.tenant_id AND c.audit_id = a.id
        WHERE a.id < one.until AND (c.seq <= f.seq OR c.seq = ANY (f.further)) IS NOT TRUE)
    THEN
        RAISE EXCEPTION 'not everything in % lies below a floor', month;
    END IF;
    EXECUTE format('DROP TABLE public.%I', month);
    RETURN true;
END $$;

-- The links of what was dropped, but for the last, a portion at a time; how many there were.
CREATE FUNCTION audit_drop_links(most bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' AS $$
DECLARE
    dropped bigint;
BEGIN
    IF NOT EXISTS (SELECT FROM public.audit_floors) THEN
        RETURN 0;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('guanxi audit months', 0));
    GRANT DELETE ON public.audit_chain TO CURRENT_USER;
    WITH floors AS (
        SELECT DISTINCT ON (f.tenant_id) f.tenant_id, f.seq FROM public.audit_floors AS f
        WHERE NOT EXISTS (SELECT FROM public.audit_months AS m WHERE m.since < f.cut)
        ORDER BY f.tenant_id, f.cut DESC, f.signed_at DESC
    ), due AS (
        SELECT c.tenant_id, c.seq FROM floors AS f
            JOIN public.audit_chain AS c ON c.tenant_id = f.tenant_id AND c.seq < f.seq LIMIT most
    )
    DELETE FROM public.audit_chain AS c USING due WHERE c.tenant_id = due.tenant_id AND c.seq = due.seq;
    GET DIAGNOSTICS dropped = ROW_COUNT;
    REVOKE DELETE ON public.audit_chain FROM CURRENT_USER;
    RETURN dropped;
END $$;

-- The first month ends with this one; what has an id from beyond it, if anything, is nobody's clock.
DO $$
DECLARE
    until uuid := audit_first_id(date_trunc('month', now() AT TIME ZONE 'UTC') + interval '1 month');
BEGIN
    INSERT INTO audit_log_rest SELECT * FROM audit_log_first WHERE id >= until;
    IF FOUND THEN
        GRANT DELETE ON audit_log_first TO CURRENT_USER;
        DELETE FROM audit_log_first WHERE id >= until;
        REVOKE DELETE ON audit_log_first FROM CURRENT_USER;
    END IF;
    EXECUTE format('ALTER TABLE audit_log ATTACH PARTITION audit_log_first FOR VALUES FROM (MINVALUE) TO (%L)', until);
    PERFORM audit_open_months(now());
END $$;
