-- Records that turned out to be one: who stays, who became one with it, and what it takes to part them again.

CREATE TABLE merges (
    tenant_id     uuid NOT NULL REFERENCES tenants,
    id            uuid NOT NULL,
    resource      text NOT NULL CHECK (resource IN ('account', 'contact')),
    winner_id     uuid NOT NULL,
    loser_ids     uuid[] NOT NULL,
    -- whoever merged them, and the team of the winner
    owner_id      uuid NOT NULL,
    team_id       uuid,
    -- final: what it takes to undo it is gone
    status        text NOT NULL CHECK (status IN ('done', 'undone', 'final')),
    -- field → whose value it was to be
    field_choices jsonb NOT NULL,
    -- [{field, source_id, before, after}] of the winner
    changes       jsonb NOT NULL,
    -- [{resource, moved_count, kept_count}]
    moved         jsonb NOT NULL,
    -- how many rows of merge_moves there are, for as long as all are there
    move_count    int NOT NULL,
    undo_until    timestamptz NOT NULL,
    undone_at     timestamptz,
    undone_by     uuid,
    -- when it was looked for what came to a loser while it was merged
    settled_at    timestamptz,
    -- the transaction that merged them
    xact          bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    version       int NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    created_by    uuid NOT NULL,
    updated_by    uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, owner_id) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, team_id) REFERENCES teams (tenant_id, id)
);
CREATE INDEX merges_owner_idx ON merges (tenant_id, owner_id);
CREATE INDEX merges_team_idx ON merges (tenant_id, team_id) WHERE team_id IS NOT NULL;
CREATE INDEX merges_winner_idx ON merges (tenant_id, winner_id);
CREATE INDEX merges_created_idx ON merges (tenant_id, created_at, id);
-- workers look at those of all tenants
CREATE INDEX merges_unsettled_idx ON merges (created_at) WHERE settled_at IS NULL AND status = 'done';
CREATE INDEX merges_undo_idx ON merges (undo_until) WHERE status = 'done';

-- What was moved, row by row, and rows that were taken out: the winner has their like.
CREATE TABLE merge_moves (
    tenant_id uuid NOT NULL,
    merge_id  uuid NOT NULL,
    -- table and column
    reference text NOT NULL,
    row_key   text[] NOT NULL,
    kind      text NOT NULL CHECK (kind IN ('moved', 'taken', 'lent', 'linked')),
    loser_id  uuid,
    -- whether it was the first of its sort
    is_led    boolean NOT NULL,
    -- of what was taken out the row, of lists how they were
    row       jsonb,
    PRIMARY KEY (tenant_id, merge_id, reference, row_key, kind),
    -- the merge is written last, with all that it came to
    FOREIGN KEY (tenant_id, merge_id) REFERENCES merges (tenant_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);

-- Where a record has gone that became one with another. The last of them may become one with a further one.
ALTER TABLE contacts ADD COLUMN merged_into_id uuid,
    ADD FOREIGN KEY (tenant_id, merged_into_id) REFERENCES contacts (tenant_id, id) ON DELETE SET NULL (merged_into_id);
ALTER TABLE accounts ADD COLUMN merged_into_id uuid,
    ADD FOREIGN KEY (tenant_id, merged_into_id) REFERENCES accounts (tenant_id, id) ON DELETE SET NULL (merged_into_id);
CREATE INDEX contacts_merged_idx ON contacts (tenant_id, merged_into_id) WHERE merged_into_id IS NOT NULL;
CREATE INDEX accounts_merged_idx ON accounts (tenant_id, merged_into_id) WHERE merged_into_id IS NOT NULL;

-- The records that a record has to do with, where some of them became one: each once.
CREATE FUNCTION merged_links(list jsonb, noun text, losers uuid[], winner uuid) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE jsonb_typeof(list) WHEN 'array' THEN (
        SELECT coalesce(jsonb_agg(m.one ORDER BY m.place), '[]') FROM (
            SELECT DISTINCT ON (coalesce(r.one ->> 'contact_id', r.one::text)) r.one, r.place FROM (
                SELECT e.place, CASE
                    WHEN e.one ->> 'resource' = noun AND e.one ->> 'record_id' = ANY (losers::text[])
                        THEN jsonb_set(e.one, '{record_id}', to_jsonb(winner))
                    WHEN noun = 'contact' AND e.one ->> 'contact_id' = ANY (losers::text[])
                        THEN jsonb_set(e.one, '{contact_id}', to_jsonb(winner))
                    ELSE e.one END AS one
                FROM jsonb_array_elements(list) WITH ORDINALITY AS e (one, place)
            ) AS r ORDER BY coalesce(r.one ->> 'contact_id', r.one::text), r.place
        ) AS m) ELSE list END
$$;

-- The host that a website is at.
CREATE FUNCTION host_of(url text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    nullif(regexp_replace(lower(substring(url FROM '^(?:[A-Za-z]+://)?([^/:?#]+)')), '^www[.]', ''), '');

-- Two records that are probably one, as a scan has found them.
CREATE TABLE duplicate_pairs (
    tenant_id  uuid NOT NULL REFERENCES tenants,
    id         uuid NOT NULL,
    resource   text NOT NULL CHECK (resource IN ('account', 'contact')),
    record_id  uuid NOT NULL,
    other_id   uuid NOT NULL,
    score      numeric(4, 3) NOT NULL,
    -- [{field, kind, weight}]
    reasons    jsonb NOT NULL,
    status     text NOT NULL CHECK (status IN ('open', 'dismissed')),
    version    int NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CHECK (record_id < other_id)
);
CREATE UNIQUE INDEX duplicate_pairs_pair_key ON duplicate_pairs (tenant_id, resource, record_id, other_id);
CREATE INDEX duplicate_pairs_other_idx ON duplicate_pairs (tenant_id, other_id);
CREATE INDEX duplicate_pairs_score_idx ON duplicate_pairs (tenant_id, score, id);

-- Those whose records are there; where they became one, alone or with a third, nobody needs to be asked.
CREATE VIEW duplicate_candidates AS
SELECT p.tenant_id, p.id, p.resource, p.record_id, p.other_id, p.score, p.reasons,
       CASE WHEN p.status = 'open' AND (a.merged_into_id IS NOT NULL OR b.merged_into_id IS NOT NULL) THEN 'merged'
            ELSE p.status END AS status, p.version, p.created_at, p.updated_at
FROM duplicate_pairs AS p
JOIN contacts AS a ON a.tenant_id = p.tenant_id AND a.id = p.record_id
JOIN contacts AS b ON b.tenant_id = p.tenant_id AND b.id = p.other_id
WHERE p.resource = 'contact' AND (a.deleted_at IS NULL OR a.merged_into_id IS NOT NULL)
    AND (b.deleted_at IS NULL OR b.merged_into_id IS NOT NULL)
UNION ALL
SELECT p.tenant_id, p.id, p.resource, p.record_id, p.other_id, p.score, p.reasons,
       CASE WHEN p.status = 'open' AND (a.merged_into_id IS NOT NULL OR b.merged_into_id IS NOT NULL) THEN 'merged'
            ELSE p.status END AS status, p.version, p.created_at, p.updated_at
FROM duplicate_pairs AS p
JOIN accounts AS a ON a.tenant_id = p.tenant_id AND a.id = p.record_id
JOIN accounts AS b ON b.tenant_id = p.tenant_id AND b.id = p.other_id
WHERE p.resource = 'account' AND (a.deleted_at IS NULL OR a.merged_into_id IS NOT NULL)
    AND (b.deleted_at IS NULL OR b.merged_into_id IS NOT NULL);

-- what records are looked up by that may be one
CREATE INDEX contacts_lower_name_idx ON contacts (tenant_id, lower(display_name));
CREATE INDEX accounts_phone_idx ON accounts (tenant_id, phone) WHERE phone IS NOT NULL;
CREATE INDEX accounts_host_idx ON accounts (tenant_id, host_of(website)) WHERE website IS NOT NULL;

-- A word stays as it was said, and is whose it was: of somebody who became one with another, it is theirs by both names.
CREATE OR REPLACE FUNCTION consents_stand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF EXISTS (SELECT FROM contacts WHERE tenant_id = OLD.tenant_id AND id = OLD.contact_id) THEN
            RAISE EXCEPTION 'a consent stays as long as its contact' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN OLD;
    END IF;
    IF NEW.contact_id <> OLD.contact_id AND NOT EXISTS (
        SELECT FROM contacts AS c WHERE c.tenant_id = OLD.tenant_id
            AND (c.id, c.merged_into_id) IN ((OLD.contact_id, NEW.contact_id), (NEW.contact_id, OLD.contact_id))
    ) THEN
        RAISE EXCEPTION 'a consent stands as it was said' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF to_jsonb(NEW) - 'evidence' - 'source' - 'contact_id'
            IS DISTINCT FROM to_jsonb(OLD) - 'evidence' - 'source' - 'contact_id'
        OR NEW.evidence NOT IN (OLD.evidence, '{}') OR NEW.source IS NOT NULL AND NEW.source IS DISTINCT FROM OLD.source
    THEN
        RAISE EXCEPTION 'a consent stands as it was said' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
