-- Who may become a customer: leads, how they are rated and given out, and what they have become.

CREATE TABLE leads (
    tenant_id         uuid NOT NULL REFERENCES tenants,
    id                uuid NOT NULL,
    owner_id          uuid NOT NULL,
    team_id           uuid,
    status            text NOT NULL CHECK (status IN ('new', 'assigned', 'working', 'nurturing', 'qualified', 'unqualified', 'converted')),
    given_name        text,
    family_name       text,
    display_name      text NOT NULL,
    company_name      text,
    job_title         text,
    email             text,
    phone             text,
    source            text,
    rating            text,
    -- what the rules that hold of it come to
    score             int NOT NULL DEFAULT 0,
    description       text,
    -- by which campaign it has come
    utm               jsonb NOT NULL DEFAULT '{}',
    assigned_at       timestamptz,
    response_due_at   timestamptz,
    first_response_at timestamptz,
    response_status   text CHECK (response_status IN ('pending', 'met', 'breached')),
    -- what it has become
    converted_at      timestamptz,
    account_id        uuid,
    contact_id        uuid,
    opportunity_id    uuid,
    disqualify_reason text,
    version           int NOT NULL DEFAULT 1,
    created_at        timestamptz NOT NULL,
    updated_at        timestamptz NOT NULL,
    created_by        uuid NOT NULL,
    updated_by        uuid NOT NULL,
    deleted_at        timestamptz,
    custom            jsonb NOT NULL DEFAULT '{}',
    search            tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, owner_id) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, team_id) REFERENCES teams (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id),
    FOREIGN KEY (tenant_id, contact_id) REFERENCES contacts (tenant_id, id),
    FOREIGN KEY (tenant_id, opportunity_id) REFERENCES opportunities (tenant_id, id),
    CONSTRAINT leads_converted CHECK ((status = 'converted') = (converted_at IS NOT NULL))
);
-- how many somebody has in hand, too
CREATE INDEX leads_owner_idx ON leads (tenant_id, owner_id, status);
CREATE INDEX leads_team_idx ON leads (tenant_id, team_id) WHERE team_id IS NOT NULL;
CREATE INDEX leads_account_idx ON leads (tenant_id, account_id) WHERE account_id IS NOT NULL;
CREATE INDEX leads_contact_idx ON leads (tenant_id, contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX leads_opportunity_idx ON leads (tenant_id, opportunity_id) WHERE opportunity_id IS NOT NULL;
CREATE INDEX leads_email_idx ON leads (tenant_id, email) WHERE email IS NOT NULL;
CREATE INDEX leads_phone_idx ON leads (tenant_id, phone) WHERE phone IS NOT NULL;
CREATE INDEX leads_score_idx ON leads (tenant_id, score, id);
CREATE INDEX leads_name_idx ON leads (tenant_id, display_name, id);
CREATE INDEX leads_created_idx ON leads (tenant_id, created_at, id);
CREATE INDEX leads_updated_idx ON leads (tenant_id, updated_at, id);
CREATE INDEX leads_search_idx ON leads USING gin (tenant_id, search) WITH (gin_pending_list_limit = 256);
-- workers look for promises of all tenants
CREATE INDEX leads_response_idx ON leads (response_due_at) WHERE first_response_at IS NULL;

CREATE TRIGGER custom_made BEFORE INSERT ON leads FOR EACH ROW WHEN (NEW.custom <> '{}')
    EXECUTE FUNCTION custom_settle('lead');
CREATE TRIGGER custom_changed BEFORE UPDATE OF custom, deleted_at ON leads FOR EACH ROW
    WHEN (OLD.custom IS DISTINCT FROM NEW.custom
          OR OLD.custom <> '{}' AND OLD.deleted_at IS DISTINCT FROM NEW.deleted_at)
    EXECUTE FUNCTION custom_settle('lead');
CREATE TRIGGER custom_gone BEFORE DELETE ON leads FOR EACH ROW WHEN (OLD.custom <> '{}')
    EXECUTE FUNCTION custom_settle('lead');

-- What a lead is rated by.
CREATE TABLE lead_score_rules (
    tenant_id  uuid NOT NULL REFERENCES tenants,
    id         uuid NOT NULL,
    name       text NOT NULL,
    -- of which leads it holds
    filter     text NOT NULL,
    points     int NOT NULL CHECK (points BETWEEN -1000 AND 1000 AND points <> 0),
    is_active  boolean NOT NULL DEFAULT true,
    version    int NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    updated_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

-- Written once: which rule has given a lead points, or taken them, and when. Their sum is the score.
CREATE TABLE lead_scores (
    tenant_id uuid NOT NULL,
    id        uuid NOT NULL,
    lead_id   uuid NOT NULL,
    -- it may be gone
    rule_id   uuid NOT NULL,
    rule_name text NOT NULL,
    points    int NOT NULL,
    scored_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, lead_id) REFERENCES leads (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX lead_scores_lead_idx ON lead_scores (tenant_id, lead_id, id);

-- Who gets which leads: the first rule that holds of one, and has somebody free.
CREATE TABLE assignment_rules (
    tenant_id        uuid NOT NULL REFERENCES tenants,
    id               uuid NOT NULL,
    name             text NOT NULL,
    position         int NOT NULL,
    -- of which leads it holds; of all, where there is none
    filter           text,
    strategy         text NOT NULL CHECK (strategy IN ('round_robin', 'load', 'territory')),
    -- [{user_id, capacity}], in their order
    members          jsonb NOT NULL DEFAULT '[]',
    -- whose the leads of a territory are
    owner_id         uuid,
    team_id          uuid,
    -- within how many minutes somebody answers
    response_minutes int CHECK (response_minutes > 0),
    is_active        boolean NOT NULL DEFAULT true,
    version          int NOT NULL DEFAULT 1,
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,
    created_by       uuid NOT NULL,
    updated_by       uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, owner_id) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, team_id) REFERENCES teams (tenant_id, id)
);
CREATE INDEX assignment_rules_position_idx ON assignment_rules (tenant_id, position, id);
CREATE INDEX assignment_rules_owner_idx ON assignment_rules (tenant_id, owner_id) WHERE owner_id IS NOT NULL;
CREATE INDEX assignment_rules_team_idx ON assignment_rules (tenant_id, team_id) WHERE team_id IS NOT NULL;

-- Whose turn it was last: whoever gives out by a rule holds its row.
CREATE TABLE assignment_cursors (
    tenant_id uuid NOT NULL,
    rule_id   uuid NOT NULL,
    user_id   uuid,
    PRIMARY KEY (tenant_id, rule_id),
    FOREIGN KEY (tenant_id, rule_id) REFERENCES assignment_rules (tenant_id, id) ON DELETE CASCADE
);

-- Written once: by which rule somebody was given a lead, and why they.
CREATE TABLE lead_assignments (
    tenant_id   uuid NOT NULL,
    id          uuid NOT NULL,
    lead_id     uuid NOT NULL,
    rule_id     uuid NOT NULL,
    owner_id    uuid NOT NULL,
    -- [{rule_id, name, outcome, members}]
    rules       jsonb NOT NULL,
    assigned_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, lead_id) REFERENCES leads (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX lead_assignments_lead_idx ON lead_assignments (tenant_id, lead_id, id);

-- What a conversion has made and moved, for whoever takes it back.
CREATE TABLE lead_conversions (
    tenant_id    uuid NOT NULL,
    lead_id      uuid NOT NULL,
    status       text NOT NULL,
    -- {account: version, contact: version, opportunity: version, activities: [id], tasks: [id]}
    made         jsonb NOT NULL,
    converted_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, lead_id),
    FOREIGN KEY (tenant_id, lead_id) REFERENCES leads (tenant_id, id) ON DELETE CASCADE
);

-- a lead is somebody who may ask about their data
ALTER TABLE privacy_requests DROP CONSTRAINT privacy_requests_subject_kind_check,
    ADD CONSTRAINT privacy_requests_subject_kind_check CHECK (subject_kind IN ('contact', 'account', 'lead', 'user'));
ALTER TABLE legal_holds DROP CONSTRAINT legal_holds_subject_kind_check,
    ADD CONSTRAINT legal_holds_subject_kind_check CHECK (subject_kind IN ('contact', 'account', 'lead', 'user'));
