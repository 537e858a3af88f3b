-- What people have agreed to, word by word; what holds of it now; the forms that they say it by.

-- The ledger: who said what, when, and what shows it. Nobody changes a row.
CREATE TABLE consents (
    tenant_id    uuid NOT NULL,
    id           uuid NOT NULL,
    contact_id   uuid NOT NULL,
    purpose      text NOT NULL,
    channel      text NOT NULL CHECK (channel IN ('any', 'email', 'phone', 'sms', 'wechat', 'post', 'push')),
    status       text NOT NULL CHECK (status IN ('pending', 'granted', 'denied', 'withdrawn', 'expired')),
    lawful_basis text NOT NULL CHECK (lawful_basis IN ('consent', 'contract', 'legal_obligation', 'vital_interest',
                                                       'public_task', 'legitimate_interest')),
    -- where it was said
    source       text,
    -- what was shown, in which language and version, from which address and program, by which form
    evidence     jsonb NOT NULL,
    -- when it was said: what arrives late does not overturn a newer word
    occurred_at  timestamptz NOT NULL,
    expires_at   timestamptz,
    version      int NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL,
    created_by   uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, contact_id) REFERENCES contacts (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX consents_contact_idx ON consents (tenant_id, contact_id, purpose, occurred_at);
CREATE INDEX consents_created_idx ON consents (tenant_id, created_at, id);

-- Written once: an erasure may empty what is personal, and a row goes with its contact alone.
CREATE FUNCTION consents_stand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF EXISTS (SELECT FROM contacts WHERE tenant_id = OLD.tenant_id AND id = OLD.contact_id) THEN
            RAISE EXCEPTION 'a consent stays as long as its contact' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN OLD;
    END IF;
    IF to_jsonb(NEW) - 'evidence' - 'source' IS DISTINCT FROM to_jsonb(OLD) - 'evidence' - 'source'
        OR NEW.evidence NOT IN (OLD.evidence, '{}') OR NEW.source IS NOT NULL AND NEW.source IS DISTINCT FROM OLD.source
    THEN
        RAISE EXCEPTION 'a consent stands as it was said' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER consents_stand BEFORE UPDATE OR DELETE ON consents FOR EACH ROW EXECUTE FUNCTION consents_stand();

-- The word that decides, of each purpose and channel: kept by the transaction that writes into the ledger.
CREATE TABLE consent_states (
    tenant_id    uuid NOT NULL,
    contact_id   uuid NOT NULL,
    purpose      text NOT NULL,
    channel      text NOT NULL,
    status       text NOT NULL,
    lawful_basis text NOT NULL,
    consent_id   uuid NOT NULL,
    occurred_at  timestamptz NOT NULL,
    expires_at   timestamptz,
    PRIMARY KEY (tenant_id, contact_id, purpose, channel),
    FOREIGN KEY (tenant_id, contact_id) REFERENCES contacts (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX consent_states_purpose_idx ON consent_states (tenant_id, purpose, channel, status, contact_id);

-- What holds at this moment: what was granted for a time has an end.
CREATE VIEW effective_consents AS
SELECT tenant_id, contact_id, purpose, channel,
       CASE WHEN status = 'granted' AND expires_at <= now() THEN 'expired' ELSE status END AS status,
       lawful_basis, consent_id, occurred_at, expires_at
FROM consent_states;

-- What visitors fill in.
CREATE TABLE forms (
    tenant_id         uuid NOT NULL,
    id                uuid NOT NULL,
    name              text NOT NULL,
    status            text NOT NULL CHECK (status IN ('draft', 'published', 'archived')),
    -- as whom what comes in is written
    user_id           uuid NOT NULL,
    -- what a submission becomes beside a contact; leads are to come
    makes             text NOT NULL CHECK (makes IN ('contact')),
    fields            jsonb NOT NULL,
    thank_you         jsonb NOT NULL,
    redirect_url      text,
    -- the sites that it may stand on
    allowed_origins   text[] NOT NULL,
    has_double_opt_in boolean NOT NULL,
    -- quicker than that no person fills it in
    least_seconds     int NOT NULL,
    version           int NOT NULL DEFAULT 1,
    created_at        timestamptz NOT NULL,
    updated_at        timestamptz NOT NULL,
    created_by        uuid NOT NULL,
    updated_by        uuid NOT NULL,
    deleted_at        timestamptz,
    search            tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (tenant_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
);
CREATE INDEX forms_user_idx ON forms (tenant_id, user_id);
-- a visitor names no tenant
CREATE INDEX forms_door_idx ON forms (id);

-- What they have filled in, as it came.
CREATE TABLE form_submissions (
    tenant_id    uuid NOT NULL,
    id           uuid NOT NULL,
    form_id      uuid NOT NULL,
    contact_id   uuid,
    owner_id     uuid NOT NULL,
    team_id      uuid,
    status       text NOT NULL CHECK (status IN ('received', 'pending', 'confirmed')),
    answers      jsonb NOT NULL,
    -- what it says otherwise than what is known of the contact
    suggestions  jsonb NOT NULL,
    utm          jsonb NOT NULL,
    referrer     text,
    address      text,
    user_agent   text,
    language     text NOT NULL,
    -- of the token that it came with: one token is one submission
    token_key    text NOT NULL,
    confirmed_at timestamptz,
    version      int NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    created_by   uuid NOT NULL,
    updated_by   uuid NOT NULL,
    deleted_at   timestamptz,
    search       tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, form_id) REFERENCES forms (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, contact_id) REFERENCES contacts (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, owner_id) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, team_id) REFERENCES teams (tenant_id, id)
);
CREATE UNIQUE INDEX form_submissions_token_key ON form_submissions (tenant_id, form_id, token_key);
CREATE INDEX form_submissions_contact_idx ON form_submissions (tenant_id, contact_id);
CREATE INDEX form_submissions_owner_idx ON form_submissions (tenant_id, owner_id);
CREATE INDEX form_submissions_team_idx ON form_submissions (tenant_id, team_id) WHERE team_id IS NOT NULL;
CREATE INDEX form_submissions_created_idx ON form_submissions (tenant_id, created_at, id);
CREATE INDEX form_submissions_updated_idx ON form_submissions (tenant_id, updated_at, id);

-- Whether somebody reads what is sent to a contact point: what was sent, as a hash alone, and how often it was tried.
CREATE TABLE verifications (
    tenant_id          uuid NOT NULL,
    id                 uuid NOT NULL,
    contact_id         uuid NOT NULL,
    contact_point_id   uuid NOT NULL,
    form_submission_id uuid,
    method             text NOT NULL CHECK (method IN ('code', 'link')),
    language           text NOT NULL,
    -- null until it is sent
    hash               bytea,
    tries              int NOT NULL DEFAULT 0,
    expires_at         timestamptz NOT NULL,
    used_at            timestamptz,
    created_at         timestamptz NOT NULL,
    created_by         uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, contact_id) REFERENCES contacts (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, contact_point_id) REFERENCES contact_points (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, form_submission_id) REFERENCES form_submissions (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX verifications_contact_idx ON verifications (tenant_id, contact_id);
CREATE INDEX verifications_point_idx ON verifications (tenant_id, contact_point_id, created_at);
CREATE INDEX verifications_submission_idx ON verifications (tenant_id, form_submission_id);
