-- People who answer: what they know, whether they are there and how much they take; how the cases of a queue are given to
-- them, and why each has what; and how well it was done.

CREATE TABLE skills (
    tenant_id   uuid NOT NULL REFERENCES tenants,
    id          uuid NOT NULL,
    -- as cases ask for it
    name        text NOT NULL,
    description text,
    version     int NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    created_by  uuid NOT NULL,
    updated_by  uuid NOT NULL,
    deleted_at  timestamptz,
    search      tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX skills_name_key ON skills (tenant_id, name) WHERE deleted_at IS NULL;

CREATE TABLE agents (
    tenant_id          uuid NOT NULL REFERENCES tenants,
    id                 uuid NOT NULL,
    user_id            uuid NOT NULL,
    -- how many open cases they have in hand at most
    capacity           int CHECK (capacity > 0),
    -- [{channel, capacity}]
    channel_capacities jsonb NOT NULL DEFAULT '[]',
    -- [{skill_id, level}]
    skills             jsonb NOT NULL DEFAULT '[]',
    status             text NOT NULL CHECK (status IN ('online', 'away', 'busy', 'offline')),
    status_changed_at  timestamptz NOT NULL,
    -- whether anything is given to them at all
    is_active          boolean NOT NULL DEFAULT true,
    version            int NOT NULL DEFAULT 1,
    created_at         timestamptz NOT NULL,
    updated_at         timestamptz NOT NULL,
    created_by         uuid NOT NULL,
    updated_by         uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
);
CREATE UNIQUE INDEX agents_user_key ON agents (tenant_id, user_id);
CREATE INDEX agents_status_idx ON agents (tenant_id, status);

-- When somebody was heard of last: written over and over, and therefore beside the record, which has versions.
CREATE TABLE agent_presence (
    tenant_id    uuid NOT NULL,
    agent_id     uuid NOT NULL,
    last_seen_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, agent_id),
    FOREIGN KEY (tenant_id, agent_id) REFERENCES agents (tenant_id, id) ON DELETE CASCADE
) WITH (fillfactor = 70);

-- How the cases of a queue are given to those who serve it.
CREATE TABLE routing_rules (
    tenant_id         uuid NOT NULL REFERENCES tenants,
    id                uuid NOT NULL,
    name              text NOT NULL,
    queue_id          uuid NOT NULL,
    strategy          text NOT NULL CHECK (strategy IN ('round_robin', 'least_load', 'manual')),
    -- [{skill_id, level}]: beside what each case asks for
    required_skills   jsonb NOT NULL DEFAULT '[]',
    -- when anything is given out: at any time, where there is none
    calendar_id       uuid,
    -- whoever has not answered by then has it no more
    reassign_minutes  int CHECK (reassign_minutes > 0),
    -- where a case goes that has waited so long
    overflow_queue_id uuid,
    overflow_minutes  int CHECK (overflow_minutes > 0),
    is_active         boolean NOT NULL DEFAULT true,
    version           int NOT NULL DEFAULT 1,
    created_at        timestamptz NOT NULL,
    updated_at        timestamptz NOT NULL,
    created_by        uuid NOT NULL,
    updated_by        uuid NOT NULL,
    deleted_at        timestamptz,
    search            tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT routing_rules_overflow CHECK (
        (overflow_queue_id IS NULL) = (overflow_minutes IS NULL) AND overflow_queue_id IS DISTINCT FROM queue_id),
    FOREIGN KEY (tenant_id, queue_id) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, overflow_queue_id) REFERENCES users (tenant_id, id)
);
CREATE UNIQUE INDEX routing_rules_queue_key ON routing_rules (tenant_id, queue_id) WHERE deleted_at IS NULL;
CREATE INDEX routing_rules_queue_idx ON routing_rules (tenant_id, queue_id);
CREATE INDEX routing_rules_overflow_idx ON routing_rules (tenant_id, overflow_queue_id)
    WHERE overflow_queue_id IS NOT NULL;

-- Whose turn it was last: whoever gives out by a rule holds its row.
CREATE TABLE routing_cursors (
    tenant_id uuid NOT NULL,
    rule_id   uuid NOT NULL,
    user_id   uuid,
    PRIMARY KEY (tenant_id, rule_id),
    FOREIGN KEY (tenant_id, rule_id) REFERENCES routing_rules (tenant_id, id) ON DELETE CASCADE
);

CREATE TABLE qa_scorecards (
    tenant_id      uuid NOT NULL REFERENCES tenants,
    id             uuid NOT NULL,
    name           text NOT NULL,
    description    text,
    -- [{key, name, weight, scale, is_critical}], in their order
    criteria       jsonb NOT NULL,
    -- from how much on, of a hundred, it is passed
    pass_mark      numeric(5, 2) NOT NULL CHECK (pass_mark BETWEEN 0 AND 100),
    -- of which cases some are looked at, and how many of a hundred
    filter         text,
    sample_percent numeric(5, 2) NOT NULL CHECK (sample_percent BETWEEN 0 AND 100),
    is_active      boolean NOT NULL DEFAULT true,
    version        int NOT NULL DEFAULT 1,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL,
    created_by     uuid NOT NULL,
    updated_by     uuid NOT NULL,
    deleted_at     timestamptz,
    search         tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX qa_scorecards_name_key ON qa_scorecards (tenant_id, name) WHERE deleted_at IS NULL;

-- How well a case was looked after, by somebody who did not do it.
CREATE TABLE qa_evaluations (
    tenant_id       uuid NOT NULL REFERENCES tenants,
    id              uuid NOT NULL,
    -- whoever reviews, as long as it is a draft; then whose work it is about
    owner_id        uuid NOT NULL,
    team_id         uuid,
    scorecard_id    uuid NOT NULL,
    case_id         uuid NOT NULL,
    agent_id        uuid NOT NULL,
    reviewer_id     uuid NOT NULL,
    status          text NOT NULL CHECK (status IN ('draft', 'final', 'appealed', 'upheld', 'revised')),
    -- those of the scorecard as they were when it was begun
    criteria        jsonb NOT NULL,
    -- [{key, score, comment}]
    scores          jsonb NOT NULL DEFAULT '[]',
    -- of a hundred
    total           numeric(5, 2) CHECK (total BETWEEN 0 AND 100),
    has_failed      boolean NOT NULL DEFAULT false,
    is_passed       boolean NOT NULL DEFAULT false,
    pass_mark       numeric(5, 2) NOT NULL,
    comment         text,
    appeal_reason   text,
    decision_reason text,
    decided_by      uuid,
    finalized_at    timestamptz,
    appealed_at     timestamptz,
    decided_at      timestamptz,
    version         int NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    created_by      uuid NOT NULL,
    updated_by      uuid NOT NULL,
    deleted_at      timestamptz,
    search          tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT qa_evaluations_finalized CHECK ((status = 'draft') = (finalized_at IS NULL)),
    CONSTRAINT qa_evaluations_apart CHECK (agent_id <> reviewer_id),
    FOREIGN KEY (tenant_id, owner_id) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, team_id) REFERENCES teams (tenant_id, id),
    FOREIGN KEY (tenant_id, scorecard_id) REFERENCES qa_scorecards (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES cases (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, agent_id) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, reviewer_id) REFERENCES users (tenant_id, id)
);
-- somebody looks at a case once by a scorecard
CREATE UNIQUE INDEX qa_evaluations_case_key ON qa_evaluations (tenant_id, case_id, scorecard_id, reviewer_id)
    WHERE deleted_at IS NULL;
CREATE INDEX qa_evaluations_owner_idx ON qa_evaluations (tenant_id, owner_id);
CREATE INDEX qa_evaluations_team_idx ON qa_evaluations (tenant_id, team_id) WHERE team_id IS NOT NULL;
CREATE INDEX qa_evaluations_scorecard_idx ON qa_evaluations (tenant_id, scorecard_id, finalized_at);
CREATE INDEX qa_evaluations_case_idx ON qa_evaluations (tenant_id, case_id);
CREATE INDEX qa_evaluations_agent_idx ON qa_evaluations (tenant_id, agent_id, finalized_at);
CREATE INDEX qa_evaluations_reviewer_idx ON qa_evaluations (tenant_id, reviewer_id);
CREATE INDEX qa_evaluations_created_idx ON qa_evaluations (tenant_id, created_at, id);
CREATE INDEX qa_evaluations_search_idx ON qa_evaluations USING gin (tenant_id, search)
    WITH (gin_pending_list_limit = 256);

-- Who was given a case, from whom, why, and what was said of those who might have had it. A row is written once.
CREATE TABLE case_assignments (
    tenant_id   uuid NOT NULL,
    id          uuid NOT NULL,
    case_id     uuid NOT NULL,
    rule_id     uuid,
    queue_id    uuid,
    from_id     uuid NOT NULL,
    owner_id    uuid NOT NULL,
    actor_id    uuid NOT NULL,
    reason      text NOT NULL CHECK (reason IN ('arrived', 'waited', 'taken', 'named', 'asked', 'unanswered',
                                                'absent', 'overflowed')),
    comment     text,
    -- [{user_id, status, open_cases, capacity, outcome}]
    candidates  jsonb NOT NULL DEFAULT '[]',
    assigned_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES cases (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX case_assignments_case_idx ON case_assignments (tenant_id, case_id, id);

-- The open cases that a queue owns, or that somebody was given by one and has not answered: what waits is found here, and
-- not among all cases. Its id is that of the case.
CREATE TABLE case_turns (
    tenant_id    uuid NOT NULL,
    id           uuid NOT NULL,
    queue_id     uuid NOT NULL,
    -- since when it lies in the queue, or with somebody
    since_at     timestamptz NOT NULL,
    -- who has it; nobody, as long as it waits
    user_id      uuid,
    -- by when they have to answer, and when that is looked at: sooner, where they have gone
    answer_by_at timestamptz,
    due_at       timestamptz,
    -- those who had it and have not answered: the others come first
    tried        uuid[] NOT NULL DEFAULT '{}',
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, id) REFERENCES cases (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX case_turns_waiting_idx ON case_turns (tenant_id, queue_id, since_at) WHERE user_id IS NULL;
CREATE INDEX case_turns_user_idx ON case_turns (tenant_id, user_id) WHERE user_id IS NOT NULL;
-- workers look for what is due of all tenants
CREATE INDEX case_turns_due_idx ON case_turns (due_at) WHERE due_at IS NOT NULL;

-- Whichever way a case comes to a queue or leaves it: by a door, a batch, a file, a mail or a merge.
CREATE FUNCTION case_turn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.deleted_at IS NULL AND NEW.status NOT IN ('resolved', 'closed') AND EXISTS (
        SELECT FROM users AS u WHERE u.tenant_id = NEW.tenant_id AND u.id = NEW.owner_id AND u.kind = 'queue')
    THEN
        INSERT INTO case_turns AS t (tenant_id, id, queue_id, since_at)
        VALUES (NEW.tenant_id, NEW.id, NEW.owner_id, now())
        ON CONFLICT (tenant_id, id) DO UPDATE SET queue_id = NEW.owner_id, since_at = now(), user_id = NULL,
            answer_by_at = NULL, due_at = NULL
        WHERE t.queue_id <> NEW.owner_id OR t.user_id IS NOT NULL;
    ELSE
        DELETE FROM case_turns AS t WHERE t.tenant_id = NEW.tenant_id AND t.id = NEW.id
            AND (NEW.deleted_at IS NOT NULL OR NEW.status IN ('resolved', 'closed')
                 OR t.user_id IS DISTINCT FROM NEW.owner_id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER case_turn_made AFTER INSERT ON cases FOR EACH ROW EXECUTE FUNCTION case_turn();
CREATE TRIGGER case_turn_changed AFTER UPDATE OF owner_id, status, deleted_at ON cases FOR EACH ROW
    WHEN (OLD.owner_id <> NEW.owner_id OR OLD.status <> NEW.status
          OR OLD.deleted_at IS DISTINCT FROM NEW.deleted_at)
    EXECUTE FUNCTION case_turn();
-- what somebody has in hand, by channel: one look for all who serve a queue
CREATE INDEX cases_in_hand_idx ON cases (tenant_id, owner_id, status, channel) WHERE deleted_at IS NULL;

-- what lies in queues already
INSERT INTO case_turns (tenant_id, id, queue_id, since_at)
SELECT c.tenant_id, c.id, c.owner_id, now() FROM cases AS c
JOIN users AS u ON u.tenant_id = c.tenant_id AND u.id = c.owner_id AND u.kind = 'queue'
WHERE c.deleted_at IS NULL AND c.status NOT IN ('resolved', 'closed');
