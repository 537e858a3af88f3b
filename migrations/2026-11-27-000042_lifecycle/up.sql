-- How accounts and contacts have come on: a row for the stage that each began with, and one for each that it came to. Those
-- that are there already have none of the first: nobody knows since when they are where they are.
CREATE TABLE account_lifecycle_changes (
    tenant_id        uuid NOT NULL,
    id               uuid NOT NULL,
    account_id       uuid NOT NULL,
    from_stage       text,
    to_stage         text NOT NULL,
    cause            text NOT NULL
        CHECK (cause IN ('created', 'set', 'lead_converted', 'opportunity_won', 'order_placed')),
    -- the lead, the opportunity or the order
    cause_id         uuid,
    -- in the stage before
    duration_seconds bigint,
    changed_at       timestamptz NOT NULL,
    changed_by       uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX account_lifecycle_changes_account_idx ON account_lifecycle_changes (tenant_id, account_id, id);
CREATE INDEX account_lifecycle_changes_changed_idx ON account_lifecycle_changes (tenant_id, changed_at, id);

CREATE TABLE contact_lifecycle_changes (
    tenant_id        uuid NOT NULL,
    id               uuid NOT NULL,
    contact_id       uuid NOT NULL,
    from_stage       text,
    to_stage         text NOT NULL,
    cause            text NOT NULL
        CHECK (cause IN ('created', 'set', 'lead_converted', 'opportunity_won', 'order_placed')),
    -- the lead, the opportunity or the order
    cause_id         uuid,
    -- in the stage before
    duration_seconds bigint,
    changed_at       timestamptz NOT NULL,
    changed_by       uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, contact_id) REFERENCES contacts (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX contact_lifecycle_changes_contact_idx ON contact_lifecycle_changes (tenant_id, contact_id, id);
CREATE INDEX contact_lifecycle_changes_changed_idx ON contact_lifecycle_changes (tenant_id, changed_at, id);

-- How a quote came to its end, and when. It stays when another revision takes its place, and goes when it is opened anew.
ALTER TABLE quotes ADD COLUMN decision text, ADD COLUMN decided_at timestamptz;
UPDATE quotes SET decision = quotes.status, decided_at = coalesce(
        (SELECT max(l.decided_at) FROM quote_links AS l
         WHERE l.tenant_id = quotes.tenant_id AND l.quote_id = quotes.id AND l.decision = quotes.status),
        quotes.updated_at)
    WHERE status IN ('accepted', 'rejected', 'expired');
UPDATE quotes SET decision = l.decision, decided_at = l.decided_at FROM quote_links AS l
    WHERE quotes.status = 'superseded' AND l.tenant_id = quotes.tenant_id AND l.quote_id = quotes.id
        AND l.decision IS NOT NULL;
ALTER TABLE quotes
    ADD CONSTRAINT quotes_decision_check CHECK (decision IN ('accepted', 'rejected', 'expired')),
    ADD CONSTRAINT quotes_decided_at_check CHECK ((decision IS NULL) = (decided_at IS NULL));

CREATE FUNCTION quotes_decided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status IN ('accepted', 'rejected', 'expired') THEN
        IF NEW.status IS DISTINCT FROM NEW.decision THEN
            NEW.decision := NEW.status;
            NEW.decided_at := NEW.updated_at;
        END IF;
    ELSIF NEW.status <> 'superseded' THEN
        NEW.decision := NULL;
        NEW.decided_at := NULL;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER decided BEFORE INSERT OR UPDATE OF status ON quotes FOR EACH ROW EXECUTE FUNCTION quotes_decided();

-- When a contract came to its end: ran out, was ended before that, or was renewed.
ALTER TABLE contracts ADD COLUMN ended_at timestamptz;
UPDATE contracts SET ended_at = updated_at WHERE status IN ('expired', 'terminated', 'renewed');

CREATE FUNCTION contracts_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status NOT IN ('expired', 'terminated', 'renewed') THEN
        NEW.ended_at := NULL;
    ELSIF NEW.ended_at IS NULL THEN
        NEW.ended_at := NEW.updated_at;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ended BEFORE INSERT OR UPDATE OF status ON contracts FOR EACH ROW EXECUTE FUNCTION contracts_ended();

-- When an instalment had all that is due; taken back, it has not.
ALTER TABLE installments ADD COLUMN paid_at timestamptz;
UPDATE installments SET paid_at = coalesce(
        (SELECT max(m.created_at) FROM payment_matches AS m
         WHERE m.tenant_id = installments.tenant_id AND m.installment_id = installments.id),
        updated_at)
    WHERE status = 'paid';

CREATE FUNCTION installments_paid() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status <> 'paid' THEN
        NEW.paid_at := NULL;
    ELSIF NEW.paid_at IS NULL THEN
        NEW.paid_at := NEW.updated_at;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER paid BEFORE INSERT OR UPDATE OF status ON installments FOR EACH ROW EXECUTE FUNCTION installments_paid();

-- What records of sales have come to, and when, for whoever tells the story of a customer: a row for each step. Of one
-- moment the later step has the higher position. Money is told on the day it was received, or when it was written down,
-- if that is the same day.
CREATE VIEW milestones AS
SELECT tenant_id, 'lead' AS resource, id AS record_id, 1 AS position, 'created' AS step, created_at AS occurred_at
FROM leads
UNION ALL
SELECT tenant_id, 'lead', id, 2, 'assigned', assigned_at FROM leads WHERE assigned_at IS NOT NULL
UNION ALL
SELECT tenant_id, 'lead', id, 3, 'converted', converted_at FROM leads WHERE converted_at IS NOT NULL
UNION ALL
SELECT tenant_id, 'quote', id, 1, 'sent', sent_at FROM quotes WHERE sent_at IS NOT NULL
UNION ALL
SELECT tenant_id, 'quote', id, 2, decision, decided_at FROM quotes WHERE decided_at IS NOT NULL
UNION ALL
SELECT tenant_id, 'contract', id, 1, 'signed', signed_at FROM contracts WHERE signed_at IS NOT NULL AND status <> 'draft'
UNION ALL
SELECT tenant_id, 'contract', id, 2, 'ended', ended_at FROM contracts WHERE ended_at IS NOT NULL
UNION ALL
SELECT tenant_id, 'payment', id, 1, 'received',
       CASE WHEN (created_at AT TIME ZONE 'UTC')::date = received_on THEN created_at
            ELSE received_on::timestamp AT TIME ZONE 'UTC' END
FROM payments WHERE status = 'received'
UNION ALL
SELECT tenant_id, 'installment', id, 1, 'overdue', overdue_at FROM installments WHERE overdue_at IS NOT NULL
UNION ALL
SELECT tenant_id, 'installment', id, 2, 'paid', paid_at FROM installments WHERE paid_at IS NOT NULL
UNION ALL
SELECT tenant_id, 'installment', id, 3, 'waived', waived_at FROM installments WHERE waived_at IS NOT NULL;

-- by which the newest of somebody are read, from where a page has ended
DROP INDEX form_submissions_contact_idx, form_submissions_lead_idx;
CREATE INDEX form_submissions_contact_idx ON form_submissions (tenant_id, contact_id, created_at, id);
CREATE INDEX form_submissions_lead_idx ON form_submissions (tenant_id, lead_id, created_at, id) WHERE lead_id IS NOT NULL;
CREATE INDEX consents_occurred_idx ON consents (tenant_id, contact_id, occurred_at, id);
