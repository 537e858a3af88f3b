-- Segments: sets of records, held together by hand or by a filter, and who is in them.

CREATE TABLE segments (
    tenant_id     uuid NOT NULL REFERENCES tenants,
    id            uuid NOT NULL,
    owner_id      uuid NOT NULL,
    team_id       uuid,
    name          text NOT NULL,
    description   text,
    -- the noun whose records are in it
    resource      text NOT NULL,
    kind          text NOT NULL CHECK (kind IN ('static', 'dynamic')),
    -- of a dynamic one, in the filter language
    filter        text,
    -- whoever is in one of these is not in it
    exclude_ids   uuid[] NOT NULL DEFAULT '{}',
    -- whether time alone changes who is in it
    refresh       text NOT NULL CHECK (refresh IN ('never', 'hourly')),
    status        text NOT NULL CHECK (status IN ('building', 'ready', 'failed')),
    status_reason text,
    built_at      timestamptz,
    built_ms      bigint,
    -- what somebody has to see to see it: fields (account.industry), and nouns of which all (order)
    needs         text[] NOT NULL,
    -- the segments that it is made of
    uses          uuid[] NOT NULL,
    -- of the last look at everybody, and of the next; they change with no version
    refreshed_at  timestamptz,
    refresh_at    timestamptz,
    version       int NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    created_by    uuid NOT NULL,
    updated_by    uuid NOT NULL,
    deleted_at    timestamptz,
    search        tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, owner_id) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, team_id) REFERENCES teams (tenant_id, id)
);
CREATE INDEX segments_owner_idx ON segments (tenant_id, owner_id);
CREATE INDEX segments_team_idx ON segments (tenant_id, team_id) WHERE team_id IS NOT NULL;
CREATE INDEX segments_created_idx ON segments (tenant_id, created_at, id);
CREATE INDEX segments_updated_idx ON segments (tenant_id, updated_at, id);
CREATE INDEX segments_refresh_idx ON segments (tenant_id, refresh_at) WHERE refresh_at IS NOT NULL;
CREATE INDEX segments_search_idx ON segments USING gin (tenant_id, search) WITH (gin_pending_list_limit = 256);

-- Who is in a segment, and who was.
CREATE TABLE segment_members (
    tenant_id  uuid NOT NULL,
    id         uuid NOT NULL,
    segment_id uuid NOT NULL,
    resource   text NOT NULL,
    record_id  uuid NOT NULL,
    version    int NOT NULL DEFAULT 1,
    entered_at timestamptz NOT NULL,
    left_at    timestamptz,
    PRIMARY KEY (tenant_id, segment_id, record_id),
    FOREIGN KEY (tenant_id, segment_id) REFERENCES segments (tenant_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX segment_members_id_key ON segment_members (tenant_id, id);
CREATE INDEX segment_members_list_idx ON segment_members (tenant_id, segment_id, id);
CREATE INDEX segment_members_record_idx ON segment_members (tenant_id, record_id, segment_id) WHERE left_at IS NULL;

-- Who is in a segment now: a filter goes from a record to its segments by it.
CREATE VIEW current_segment_members AS
SELECT tenant_id, segment_id, resource, record_id, entered_at FROM segment_members WHERE left_at IS NULL;

-- A look at everybody that is under way: how far it has come, by the order of the ids.
CREATE TABLE segment_builds (
    tenant_id  uuid NOT NULL,
    segment_id uuid NOT NULL,
    -- another, where it was begun anew
    run_id     uuid NOT NULL,
    after_id   uuid,
    looked     bigint NOT NULL DEFAULT 0,
    total      bigint NOT NULL DEFAULT 0,
    begun_at   timestamptz,
    -- something has happened meanwhile that asks for another
    is_stale   boolean NOT NULL DEFAULT false,
    PRIMARY KEY (tenant_id, segment_id),
    FOREIGN KEY (tenant_id, segment_id) REFERENCES segments (tenant_id, id) ON DELETE CASCADE
);

-- How far the events of a tenant have been gone through. Whoever goes through them holds the row.
CREATE TABLE segment_cursors (
    tenant_id uuid NOT NULL REFERENCES tenants,
    position  bigint NOT NULL,
    PRIMARY KEY (tenant_id)
);

-- Records that a part of another record has named and names no more: its event tells of the other one.
CREATE TABLE segment_marks (
    tenant_id uuid NOT NULL,
    id        uuid NOT NULL DEFAULT gen_random_uuid(),
    resource  text NOT NULL,
    record_id uuid NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

-- The noun that is named, and the column that names it.
CREATE FUNCTION segment_mark() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO segment_marks (tenant_id, resource, record_id)
        SELECT OLD.tenant_id, TG_ARGV[0], m.id FROM (SELECT (to_jsonb(OLD) ->> TG_ARGV[1])::uuid) AS m (id)
        WHERE m.id IS NOT NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER segment_gone AFTER DELETE ON memberships FOR EACH ROW
    EXECUTE FUNCTION segment_mark('account', 'account_id');
CREATE TRIGGER segment_moved AFTER UPDATE OF account_id ON memberships FOR EACH ROW
    WHEN (OLD.account_id IS DISTINCT FROM NEW.account_id) EXECUTE FUNCTION segment_mark('account', 'account_id');
CREATE TRIGGER segment_gone AFTER DELETE ON opportunity_contacts FOR EACH ROW
    EXECUTE FUNCTION segment_mark('contact', 'contact_id');
CREATE TRIGGER segment_moved AFTER UPDATE OF contact_id ON opportunity_contacts FOR EACH ROW
    WHEN (OLD.contact_id IS DISTINCT FROM NEW.contact_id) EXECUTE FUNCTION segment_mark('contact', 'contact_id');
