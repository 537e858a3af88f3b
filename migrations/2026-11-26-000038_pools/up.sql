-- Leads that nobody works on yet, and who may take how many of them: a pool is a queue with rules of its own beside it.

CREATE TABLE pools (
    tenant_id      uuid NOT NULL REFERENCES tenants,
    id             uuid NOT NULL,
    name           text NOT NULL,
    description    text,
    -- whoever serves it takes from the pool, and what lies in the pool is its
    queue_id       uuid NOT NULL,
    -- how many somebody takes in a day of the tenant, and has in hand of it, at most
    claims_per_day int CHECK (claims_per_day > 0),
    held_at_most   int CHECK (held_at_most > 0),
    -- what nothing was done with for so long comes back
    idle_days      int CHECK (idle_days > 0),
    -- addresses and numbers are shown to whoever has taken the lead
    is_masked      boolean NOT NULL DEFAULT true,
    is_active      boolean NOT NULL DEFAULT true,
    version        int NOT NULL DEFAULT 1,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL,
    created_by     uuid NOT NULL,
    updated_by     uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, queue_id) REFERENCES users (tenant_id, id)
);
CREATE UNIQUE INDEX pools_queue_key ON pools (tenant_id, queue_id);

ALTER TABLE leads
    -- where it comes from, and goes back to
    ADD COLUMN pool_id uuid,
    -- since when it lies there, and nobody works on it
    ADD COLUMN pooled_at timestamptz,
    -- its address and number stand in lead_covers meanwhile
    ADD COLUMN is_masked boolean NOT NULL DEFAULT false,
    ADD FOREIGN KEY (tenant_id, pool_id) REFERENCES pools (tenant_id, id),
    ADD CONSTRAINT leads_pooled CHECK (pooled_at IS NULL OR pool_id IS NOT NULL),
    ADD CONSTRAINT leads_masked CHECK (pooled_at IS NOT NULL OR NOT is_masked);
CREATE INDEX leads_pool_idx ON leads (tenant_id, pool_id, pooled_at, id) WHERE pool_id IS NOT NULL;

-- What is not shown of a lead that lies in a pool: it stands in no column that anybody asks for.
CREATE TABLE lead_covers (
    tenant_id    uuid NOT NULL,
    lead_id      uuid NOT NULL,
    email        text,
    phone        text,
    -- where it is one of them
    display_name text,
    PRIMARY KEY (tenant_id, lead_id),
    FOREIGN KEY (tenant_id, lead_id) REFERENCES leads (tenant_id, id) ON DELETE CASCADE
);

-- Who has taken what from which pool, and how it came back.
CREATE TABLE pool_events (
    tenant_id   uuid NOT NULL,
    id          uuid NOT NULL,
    pool_id     uuid NOT NULL,
    lead_id     uuid NOT NULL,
    kind        text NOT NULL CHECK (kind IN ('pooled', 'claimed', 'returned', 'recycled', 'transferred')),
    -- who did it; whose the lead was before, and is since
    actor_id    uuid NOT NULL,
    from_id     uuid,
    to_id       uuid NOT NULL,
    reason      text,
    occurred_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, pool_id) REFERENCES pools (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, lead_id) REFERENCES leads (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX pool_events_lead_idx ON pool_events (tenant_id, lead_id, id);
CREATE INDEX pool_events_claims_idx ON pool_events (tenant_id, pool_id, actor_id, occurred_at);

-- Forms make leads too. What was agreed to waits with the submission, word for word, until the lead is a contact.
ALTER TABLE forms DROP CONSTRAINT forms_makes_check, ADD CONSTRAINT forms_makes_check CHECK (makes IN ('contact', 'lead'));
ALTER TABLE form_submissions
    ADD COLUMN lead_id uuid,
    -- {email, words: [{purpose, channel, lawful_basis, evidence}]}
    ADD COLUMN waiting jsonb NOT NULL DEFAULT '{}',
    ADD FOREIGN KEY (tenant_id, lead_id) REFERENCES leads (tenant_id, id) ON DELETE CASCADE;
CREATE INDEX form_submissions_lead_idx ON form_submissions (tenant_id, lead_id) WHERE lead_id IS NOT NULL;

-- A letter to somebody who is no contact yet.
ALTER TABLE verifications
    ALTER COLUMN contact_id DROP NOT NULL,
    ALTER COLUMN contact_point_id DROP NOT NULL,
    ADD COLUMN lead_id uuid,
    ADD COLUMN email text,
    ADD FOREIGN KEY (tenant_id, lead_id) REFERENCES leads (tenant_id, id) ON DELETE CASCADE,
    ADD CONSTRAINT verifications_of_somebody CHECK (
        contact_id IS NOT NULL AND contact_point_id IS NOT NULL AND lead_id IS NULL AND email IS NULL
        OR contact_id IS NULL AND contact_point_id IS NULL AND lead_id IS NOT NULL AND email IS NOT NULL);
CREATE INDEX verifications_lead_idx ON verifications (tenant_id, lead_id) WHERE lead_id IS NOT NULL;
CREATE INDEX verifications_email_idx ON verifications (tenant_id, email, created_at) WHERE email IS NOT NULL;
