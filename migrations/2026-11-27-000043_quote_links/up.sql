-- Links to quotes that sellers hand over by themselves, who has asked for a yes and who has said it, and deals that lie in
-- their stage for too long.

-- what waits for a yes is in review
ALTER TABLE quotes DROP CONSTRAINT quotes_status_check;
UPDATE quotes SET status = 'in_review' WHERE status = 'in_approval';
ALTER TABLE quotes ADD CONSTRAINT quotes_status_check
    CHECK (status IN ('draft', 'in_review', 'approved', 'sent', 'accepted', 'rejected', 'expired', 'superseded'));
-- the version before this one calls it otherwise as long as it serves; a later step drops this
CREATE FUNCTION quote_in_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.status := 'in_review';
    RETURN NEW;
END $$;
CREATE TRIGGER in_review BEFORE INSERT OR UPDATE OF status ON quotes FOR EACH ROW WHEN (NEW.status = 'in_approval')
    EXECUTE FUNCTION quote_in_review();
-- and so it is called in what is kept of filters
UPDATE views SET filter = regexp_replace(filter, '(["''])in_approval\1', '\1in_review\1', 'g')
    WHERE filter LIKE '%in_approval%';
UPDATE segments SET filter = regexp_replace(filter, '(["''])in_approval\1', '\1in_review\1', 'g')
    WHERE filter LIKE '%in_approval%';
UPDATE webhook_endpoints SET filter = regexp_replace(filter, '(["''])in_approval\1', '\1in_review\1', 'g')
    WHERE filter LIKE '%in_approval%';

-- the last round of those in quote_approvals, for whoever reads the quote
ALTER TABLE quotes
    ADD COLUMN approval_status text CHECK (approval_status IN ('pending', 'approved', 'rejected', 'withdrawn')),
    ADD COLUMN approval_requested_by uuid,
    ADD COLUMN approval_requested_at timestamptz,
    ADD COLUMN approval_decided_by uuid,
    ADD COLUMN approval_decided_at timestamptz,
    ADD COLUMN approval_reason text;

-- Each time that somebody has asked for a yes, and what came of it.
CREATE TABLE quote_approvals (
    tenant_id    uuid NOT NULL,
    id           uuid NOT NULL,
    quote_id     uuid NOT NULL,
    status       text NOT NULL CHECK (status IN ('pending', 'approved', 'rejected', 'withdrawn')),
    requested_by uuid NOT NULL,
    requested_at timestamptz NOT NULL,
    decided_by   uuid,
    decided_at   timestamptz,
    -- why not
    reason       text,
    version      int NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT quote_approvals_decided CHECK ((status = 'pending') = (decided_at IS NULL)),
    FOREIGN KEY (tenant_id, quote_id) REFERENCES quotes (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX quote_approvals_quote_idx ON quote_approvals (tenant_id, quote_id, id);
CREATE UNIQUE INDEX quote_approvals_pending_key ON quote_approvals (tenant_id, quote_id) WHERE status = 'pending';
CREATE INDEX quote_approvals_status_idx ON quote_approvals (tenant_id, status, id);

-- what waits already was put forward by whoever has changed it last
INSERT INTO quote_approvals (tenant_id, id, quote_id, status, requested_by, requested_at)
    SELECT tenant_id, gen_random_uuid(), id, 'pending', updated_by, updated_at FROM quotes WHERE status = 'in_review';
UPDATE quotes SET approval_status = 'pending', approval_requested_by = updated_by, approval_requested_at = updated_at
    WHERE status = 'in_review';

ALTER TABLE quote_links
    -- sent by a letter, handed over by whoever has made it, or none at all: a note of what was said by another way
    ADD COLUMN kind text NOT NULL DEFAULT 'letter' CHECK (kind IN ('letter', 'handed_over', 'noted')),
    ADD COLUMN revoked_by uuid,
    ADD COLUMN revoked_at timestamptz;
UPDATE quote_links SET kind = 'noted' WHERE recipient IS NULL AND hashes = '{}';

ALTER TABLE opportunities
    -- when it has lain in its stage for as long as that says; none, where it says nothing or the opportunity is closed
    ADD COLUMN rots_at timestamptz,
    -- whether the clock has found it so
    ADD COLUMN is_rotten boolean NOT NULL DEFAULT false,
    -- when that was told of this stay in its stage
    ADD COLUMN rotting_told_at timestamptz;
CREATE INDEX opportunities_rots_idx ON opportunities (tenant_id, rots_at, id) WHERE rots_at IS NOT NULL;
-- what the clock looks for, of all tenants
CREATE INDEX opportunities_rotting_idx ON opportunities (rots_at)
    WHERE NOT is_rotten AND closed_at IS NULL AND deleted_at IS NULL AND rots_at IS NOT NULL;

-- Opportunities whose clock has to be set anew: something was done about them, or their stage says another number of days.
CREATE TABLE rotting_marks (
    tenant_id      uuid NOT NULL,
    id             uuid NOT NULL DEFAULT gen_random_uuid(),
    opportunity_id uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, opportunity_id) REFERENCES opportunities (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX rotting_marks_opportunity_idx ON rotting_marks (tenant_id, opportunity_id);

-- What was done about an opportunity, whichever way it came to be written down.
CREATE FUNCTION rotting_mark() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        INSERT INTO rotting_marks (tenant_id, opportunity_id) SELECT o.tenant_id, o.id FROM opportunities AS o
            WHERE o.tenant_id = OLD.tenant_id AND o.id = OLD.record_id AND o.rots_at IS NOT NULL;
    ELSE
        INSERT INTO rotting_marks (tenant_id, opportunity_id) SELECT o.tenant_id, o.id FROM opportunities AS o
            WHERE o.tenant_id = NEW.tenant_id AND o.id = NEW.record_id AND o.rots_at IS NOT NULL;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER rotting_made AFTER INSERT ON activity_links FOR EACH ROW WHEN (NEW.resource = 'opportunity')
    EXECUTE FUNCTION rotting_mark();
CREATE TRIGGER rotting_gone AFTER DELETE ON activity_links FOR EACH ROW WHEN (OLD.resource = 'opportunity')
    EXECUTE FUNCTION rotting_mark();

-- An activity that is archived was not done; one that is restored was.
CREATE FUNCTION rotting_mark_of_activity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO rotting_marks (tenant_id, opportunity_id) SELECT o.tenant_id, o.id FROM activity_links AS l
        JOIN opportunities AS o ON o.tenant_id = l.tenant_id AND o.id = l.record_id
        WHERE l.tenant_id = NEW.tenant_id AND l.activity_id = NEW.id AND l.resource = 'opportunity'
        AND o.rots_at IS NOT NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER rotting_archived AFTER UPDATE OF deleted_at ON activities FOR EACH ROW
    WHEN (OLD.deleted_at IS DISTINCT FROM NEW.deleted_at AND NEW.record_ids <> '{}')
    EXECUTE FUNCTION rotting_mark_of_activity();

CREATE FUNCTION rotting_mark_of_stage() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO rotting_marks (tenant_id, opportunity_id) SELECT o.tenant_id, o.id FROM opportunities AS o
        WHERE o.tenant_id = NEW.tenant_id AND o.stage_id = NEW.id AND o.closed_at IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER rotting_changed AFTER UPDATE OF rotting_days ON stages FOR EACH ROW
    WHEN (OLD.rotting_days IS DISTINCT FROM NEW.rotting_days) EXECUTE FUNCTION rotting_mark_of_stage();

-- what lies somewhere already
INSERT INTO rotting_marks (tenant_id, opportunity_id)
    SELECT o.tenant_id, o.id FROM opportunities AS o JOIN stages AS s ON s.tenant_id = o.tenant_id AND s.id = o.stage_id
    WHERE s.rotting_days IS NOT NULL AND o.closed_at IS NULL;

-- two more reasons to tell somebody, beside those that are there
DO $$
DECLARE
    was text := (SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'notifications_kind_check');
BEGIN
    ALTER TABLE notifications DROP CONSTRAINT notifications_kind_check;
    EXECUTE 'ALTER TABLE notifications ADD CONSTRAINT notifications_kind_check ' || replace(was, '''followed''::text',
        '''followed''::text, ''approval_requested''::text, ''approval_decided''::text');
END $$;
