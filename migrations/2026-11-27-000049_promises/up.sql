-- What is promised of cases, by whose hours, how far each promise is, and what happens where one is about to be broken.

CREATE TABLE business_calendars (
    tenant_id   uuid NOT NULL REFERENCES tenants,
    id          uuid NOT NULL,
    name        text NOT NULL,
    description text,
    time_zone   text NOT NULL,
    -- {monday: [{start, end}], …}, by the clock of the place
    weekly      jsonb NOT NULL DEFAULT '{}',
    -- [{on, name, shifts: [{start, end}]}]
    holidays    jsonb NOT NULL DEFAULT '[]',
    is_default  boolean NOT NULL DEFAULT false,
    version     int NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    created_by  uuid NOT NULL,
    updated_by  uuid NOT NULL,
    deleted_at  timestamptz,
    search      tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX business_calendars_default_key ON business_calendars (tenant_id)
    WHERE is_default AND deleted_at IS NULL;

CREATE TABLE sla_policies (
    tenant_id   uuid NOT NULL REFERENCES tenants,
    id          uuid NOT NULL,
    name        text NOT NULL,
    description text,
    position    int NOT NULL DEFAULT 0,
    -- of which cases it holds; of all, where there is none
    filter      text,
    -- the default one, where it is null
    calendar_id uuid,
    -- in which statuses of a case its clocks stand still
    pausing_statuses   jsonb NOT NULL DEFAULT '["pending"]',
    -- [{priority, metric, minutes, hours, warn_at_percent, is_pausable}]
    targets     jsonb NOT NULL DEFAULT '[]',
    is_active   boolean NOT NULL DEFAULT true,
    version     int NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    created_by  uuid NOT NULL,
    updated_by  uuid NOT NULL,
    deleted_at  timestamptz,
    search      tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, calendar_id) REFERENCES business_calendars (tenant_id, id)
);
CREATE INDEX sla_policies_calendar_idx ON sla_policies (tenant_id, calendar_id) WHERE calendar_id IS NOT NULL;
CREATE INDEX sla_policies_position_idx ON sla_policies (tenant_id, position, id);

-- Which statuses a case has had, and since when: what its clocks are reckoned by, whichever way it came to them.
CREATE TABLE case_statuses (
    tenant_id   uuid NOT NULL,
    case_id     uuid NOT NULL,
    -- of the case, as it came to the status
    version     int NOT NULL,
    status      text NOT NULL,
    occurred_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, case_id, version),
    FOREIGN KEY (tenant_id, case_id) REFERENCES cases (tenant_id, id) ON DELETE CASCADE
);

-- A promise that was made of a case: one a metric, and of further answers one a question.
CREATE TABLE case_slas (
    tenant_id       uuid NOT NULL,
    id              uuid NOT NULL,
    case_id         uuid NOT NULL,
    metric          text NOT NULL CHECK (metric IN ('first_response', 'next_response', 'resolution')),
    -- of next_response the how-manieth; of the others the first
    round           int NOT NULL CHECK (round > 0),
    policy_id       uuid,
    -- by whose hours it runs, if by any
    calendar_id     uuid,
    -- what was promised, as the policy said when it was reckoned last
    minutes         int NOT NULL,
    hours           text NOT NULL CHECK (hours IN ('business', 'wall_clock')),
    warn_at_percent int,
    is_pausable     boolean NOT NULL,
    pausing_statuses       jsonb NOT NULL DEFAULT '[]',
    status          text NOT NULL CHECK (status IN ('running', 'paused', 'met', 'late', 'breached', 'cancelled')),
    started_at      timestamptz NOT NULL,
    due_at          timestamptz,
    warn_at         timestamptz,
    paused_at       timestamptz,
    -- in pauses that are over
    paused_ms       bigint NOT NULL DEFAULT 0,
    -- when it was told that it may be broken, and that it was
    warned_at       timestamptz,
    told_at         timestamptz,
    met_at          timestamptz,
    breached_at     timestamptz,
    cancelled_at    timestamptz,
    -- when the clock has to look at it again
    next_at         timestamptz,
    version         int NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES cases (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, policy_id) REFERENCES sla_policies (tenant_id, id) ON DELETE SET NULL (policy_id),
    FOREIGN KEY (tenant_id, calendar_id) REFERENCES business_calendars (tenant_id, id) ON DELETE SET NULL (calendar_id)
);
CREATE UNIQUE INDEX case_slas_key ON case_slas (tenant_id, case_id, metric, round);
CREATE INDEX case_slas_policy_idx ON case_slas (tenant_id, policy_id) WHERE policy_id IS NOT NULL;
CREATE INDEX case_slas_calendar_idx ON case_slas (tenant_id, calendar_id) WHERE calendar_id IS NOT NULL;
CREATE INDEX case_slas_due_idx ON case_slas (tenant_id, due_at, id);
-- what the clock looks for, of all tenants
CREATE INDEX case_slas_next_idx ON case_slas (next_at) WHERE next_at IS NOT NULL;

-- Cases whose clocks have to be reckoned anew.
CREATE TABLE sla_marks (
    tenant_id uuid NOT NULL,
    id        uuid NOT NULL DEFAULT gen_random_uuid(),
    case_id   uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES cases (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX sla_marks_case_idx ON sla_marks (tenant_id, case_id);

INSERT INTO case_statuses (tenant_id, case_id, version, status, occurred_at)
    SELECT tenant_id, id, version, status, updated_at FROM cases;

CREATE FUNCTION case_status_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO case_statuses (tenant_id, case_id, version, status, occurred_at)
        VALUES (NEW.tenant_id, NEW.id, NEW.version, NEW.status,
                CASE WHEN TG_OP = 'INSERT' THEN NEW.created_at ELSE NEW.updated_at END)
        ON CONFLICT (tenant_id, case_id, version) DO UPDATE SET status = excluded.status;
    RETURN NULL;
END $$;
CREATE TRIGGER status_made AFTER INSERT ON cases FOR EACH ROW EXECUTE FUNCTION case_status_told();
CREATE TRIGGER status_changed AFTER UPDATE OF status ON cases FOR EACH ROW
    WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION case_status_told();

-- Policies look at whatever a case says; where a tenant has none, nothing is promised and nothing is to be reckoned.
CREATE FUNCTION sla_mark() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO sla_marks (tenant_id, case_id) SELECT NEW.tenant_id, NEW.id
        WHERE EXISTS (SELECT FROM sla_policies AS p WHERE p.tenant_id = NEW.tenant_id);
    RETURN NULL;
END $$;
CREATE TRIGGER sla_made AFTER INSERT ON cases FOR EACH ROW EXECUTE FUNCTION sla_mark();
CREATE TRIGGER sla_changed AFTER UPDATE ON cases FOR EACH ROW
    WHEN (OLD.version IS DISTINCT FROM NEW.version OR OLD.deleted_at IS DISTINCT FROM NEW.deleted_at
          OR OLD.merged_into_id IS DISTINCT FROM NEW.merged_into_id) EXECUTE FUNCTION sla_mark();

-- What was said, whichever way it came to be written down; where messages move to another case, both are reckoned anew.
CREATE FUNCTION sla_mark_of_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO sla_marks (tenant_id, case_id) SELECT c.tenant_id, c.id FROM cases AS c
            WHERE c.tenant_id = OLD.tenant_id AND c.id = OLD.case_id
            AND EXISTS (SELECT FROM sla_policies AS p WHERE p.tenant_id = OLD.tenant_id);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO sla_marks (tenant_id, case_id) SELECT NEW.tenant_id, NEW.case_id
            WHERE EXISTS (SELECT FROM sla_policies AS p WHERE p.tenant_id = NEW.tenant_id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER sla_said AFTER INSERT ON case_messages FOR EACH ROW WHEN (NEW.visibility = 'public')
    EXECUTE FUNCTION sla_mark_of_message();
CREATE TRIGGER sla_moved AFTER UPDATE OF case_id, visibility, author_kind ON case_messages FOR EACH ROW
    WHEN (OLD.case_id IS DISTINCT FROM NEW.case_id OR OLD.visibility IS DISTINCT FROM NEW.visibility
          OR OLD.author_kind IS DISTINCT FROM NEW.author_kind) EXECUTE FUNCTION sla_mark_of_message();
CREATE TRIGGER sla_unsaid AFTER DELETE ON case_messages FOR EACH ROW WHEN (OLD.visibility = 'public')
    EXECUTE FUNCTION sla_mark_of_message();

-- Other terms are other terms for all that is not settled.
CREATE FUNCTION sla_mark_of_terms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO sla_marks (tenant_id, case_id) SELECT c.tenant_id, c.id FROM cases AS c
        WHERE c.tenant_id = NEW.tenant_id AND c.status NOT IN ('resolved', 'closed') AND c.deleted_at IS NULL
        AND c.merged_into_id IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER sla_made AFTER INSERT ON sla_policies FOR EACH ROW EXECUTE FUNCTION sla_mark_of_terms();
CREATE TRIGGER sla_changed AFTER UPDATE ON sla_policies FOR EACH ROW
    WHEN ((OLD.position, OLD.filter, OLD.calendar_id, OLD.pausing_statuses, OLD.targets, OLD.is_active, OLD.deleted_at)
          IS DISTINCT FROM
          (NEW.position, NEW.filter, NEW.calendar_id, NEW.pausing_statuses, NEW.targets, NEW.is_active, NEW.deleted_at))
    EXECUTE FUNCTION sla_mark_of_terms();
CREATE TRIGGER sla_changed AFTER UPDATE ON business_calendars FOR EACH ROW
    WHEN ((OLD.time_zone, OLD.weekly, OLD.holidays, OLD.is_default, OLD.deleted_at) IS DISTINCT FROM
          (NEW.time_zone, NEW.weekly, NEW.holidays, NEW.is_default, NEW.deleted_at))
    EXECUTE FUNCTION sla_mark_of_terms();
CREATE TRIGGER sla_made AFTER INSERT ON business_calendars FOR EACH ROW WHEN (NEW.is_default)
    EXECUTE FUNCTION sla_mark_of_terms();

CREATE FUNCTION sla_mark_of_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO sla_marks (tenant_id, case_id) SELECT c.tenant_id, c.id FROM cases AS c
        WHERE c.tenant_id = OLD.tenant_id AND c.status NOT IN ('resolved', 'closed') AND c.deleted_at IS NULL
        AND c.merged_into_id IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER sla_gone AFTER DELETE ON sla_policies FOR EACH ROW WHEN (OLD.deleted_at IS NULL)
    EXECUTE FUNCTION sla_mark_of_gone();
CREATE TRIGGER sla_gone AFTER DELETE ON business_calendars FOR EACH ROW WHEN (OLD.deleted_at IS NULL)
    EXECUTE FUNCTION sla_mark_of_gone();

-- What happens so long before or after a promise is due.
CREATE TABLE escalation_rules (
    tenant_id   uuid NOT NULL REFERENCES tenants,
    id          uuid NOT NULL,
    name        text NOT NULL,
    level       int NOT NULL CHECK (level > 0),
    metric      text NOT NULL CHECK (metric IN ('first_response', 'next_response', 'resolution')),
    -- minutes by the wall clock from when it is due; below zero before that
    after_minutes int NOT NULL,
    -- of which cases; of all, where there is none
    filter      text,
    -- {notify: [{user_id | team_id | role_id | whom}], owner_id, team_id, raise_priority, tag_ids}
    actions     jsonb NOT NULL,
    is_active   boolean NOT NULL DEFAULT true,
    -- what was due before that is left alone
    active_from_at timestamptz NOT NULL,
    version     int NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    created_by  uuid NOT NULL,
    updated_by  uuid NOT NULL,
    deleted_at  timestamptz,
    search      tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX escalation_rules_metric_idx ON escalation_rules (tenant_id, metric, id)
    WHERE is_active AND deleted_at IS NULL;

-- What has happened by which rule: once a clock and level.
CREATE TABLE escalations (
    tenant_id    uuid NOT NULL,
    id           uuid NOT NULL,
    case_id      uuid NOT NULL,
    sla_id       uuid NOT NULL,
    rule_id      uuid NOT NULL,
    level        int NOT NULL,
    -- escalated, or not_matched: the rule does not hold of the case
    outcome      text NOT NULL CHECK (outcome IN ('escalated', 'not_matched')),
    -- the version of the case that it was told with
    case_version int,
    notified_ids uuid[] NOT NULL DEFAULT '{}',
    owner_id     uuid,
    priority     text,
    tag_ids      uuid[] NOT NULL DEFAULT '{}',
    occurred_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES cases (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, sla_id) REFERENCES case_slas (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, rule_id) REFERENCES escalation_rules (tenant_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX escalations_key ON escalations (tenant_id, rule_id, case_id, sla_id, level);
CREATE INDEX escalations_case_idx ON escalations (tenant_id, case_id, case_version);
CREATE INDEX escalations_sla_idx ON escalations (tenant_id, sla_id);

-- three more reasons to tell somebody, beside those that are there
DO $$
DECLARE
    was text := (SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'notifications_kind_check');
BEGIN
    ALTER TABLE notifications DROP CONSTRAINT notifications_kind_check;
    EXECUTE 'ALTER TABLE notifications ADD CONSTRAINT notifications_kind_check ' || replace(was, '''followed''::text',
        '''followed''::text, ''sla_warned''::text, ''sla_breached''::text, ''escalated''::text');
END $$;
