-- What was agreed upon, when what of it is due, and what was paid.

CREATE TABLE contracts (
    tenant_id     uuid NOT NULL REFERENCES tenants,
    id            uuid NOT NULL,
    owner_id      uuid NOT NULL,
    team_id       uuid,
    number        text NOT NULL,
    title         text NOT NULL,
    account_id    uuid,
    quote_id      uuid,
    -- the one that this one goes on from
    renews_id     uuid,
    status        text NOT NULL CHECK (status IN ('draft', 'signed', 'active', 'expired', 'terminated',
                                                  'renewed')),
    start_on      date,
    end_on        date,
    renewal       text NOT NULL CHECK (renewal IN ('none', 'manual', 'automatic')),
    currency      text NOT NULL,
    value_amount  numeric(21, 6) NOT NULL CHECK (value_amount >= 0),
    -- what its instalments have got
    paid_amount   numeric(21, 6) NOT NULL DEFAULT 0,
    unpaid_amount numeric(21, 6) NOT NULL GENERATED ALWAYS AS (value_amount - paid_amount) STORED,
    signed_at     timestamptz,
    description   text,
    version       int NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    created_by    uuid NOT NULL,
    updated_by    uuid NOT NULL,
    deleted_at    timestamptz,
    custom        jsonb NOT NULL DEFAULT '{}',
    search        tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    CHECK (end_on >= start_on),
    CHECK (paid_amount BETWEEN 0 AND value_amount),
    FOREIGN KEY (tenant_id, owner_id) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, team_id) REFERENCES teams (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id),
    FOREIGN KEY (tenant_id, quote_id) REFERENCES quotes (tenant_id, id),
    FOREIGN KEY (tenant_id, renews_id) REFERENCES contracts (tenant_id, id)
);
CREATE UNIQUE INDEX contracts_number_key ON contracts (tenant_id, number) WHERE deleted_at IS NULL;
-- one comes of a quote, and one goes on from another
CREATE UNIQUE INDEX contracts_quote_key ON contracts (tenant_id, quote_id) WHERE quote_id IS NOT NULL;
CREATE UNIQUE INDEX contracts_renews_key ON contracts (tenant_id, renews_id) WHERE renews_id IS NOT NULL;
CREATE INDEX contracts_owner_idx ON contracts (tenant_id, owner_id);
CREATE INDEX contracts_team_idx ON contracts (tenant_id, team_id) WHERE team_id IS NOT NULL;
CREATE INDEX contracts_account_idx ON contracts (tenant_id, account_id, id);
CREATE INDEX contracts_end_idx ON contracts (tenant_id, end_on, id);
CREATE INDEX contracts_status_idx ON contracts (tenant_id, status, id);
CREATE INDEX contracts_value_idx ON contracts (tenant_id, value_amount, id);
CREATE INDEX contracts_created_idx ON contracts (tenant_id, created_at, id);
CREATE INDEX contracts_updated_idx ON contracts (tenant_id, updated_at, id);
CREATE INDEX contracts_search_idx ON contracts USING gin (tenant_id, search) WITH (gin_pending_list_limit = 256);
-- what begins and ends by the clock, of all tenants
CREATE INDEX contracts_beginning_idx ON contracts (start_on) WHERE status = 'signed' AND deleted_at IS NULL;
CREATE INDEX contracts_ending_idx ON contracts (end_on)
    WHERE status = 'active' AND deleted_at IS NULL AND end_on IS NOT NULL;

CREATE TRIGGER custom_made BEFORE INSERT ON contracts FOR EACH ROW WHEN (NEW.custom <> '{}')
    EXECUTE FUNCTION custom_settle('contract');
CREATE TRIGGER custom_changed BEFORE UPDATE OF custom, deleted_at ON contracts FOR EACH ROW
    WHEN (OLD.custom IS DISTINCT FROM NEW.custom
          OR OLD.custom <> '{}' AND OLD.deleted_at IS DISTINCT FROM NEW.deleted_at)
    EXECUTE FUNCTION custom_settle('contract');
CREATE TRIGGER custom_gone BEFORE DELETE ON contracts FOR EACH ROW WHEN (OLD.custom <> '{}')
    EXECUTE FUNCTION custom_settle('contract');

-- 回款计划: what is due when. Together they are what the contract is worth.
CREATE TABLE installments (
    tenant_id   uuid NOT NULL,
    id          uuid NOT NULL,
    contract_id uuid NOT NULL,
    position    int NOT NULL,
    due_on      date NOT NULL,
    currency    text NOT NULL,
    amount      numeric(21, 6) NOT NULL CHECK (amount > 0),
    paid_amount numeric(21, 6) NOT NULL DEFAULT 0,
    -- follows from what is paid, from the day, and from whether it was told that its day is over
    status      text NOT NULL CHECK (status IN ('planned', 'due', 'partially_paid', 'paid', 'overdue')),
    overdue_at  timestamptz,
    description text,
    version     int NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    -- whoever pays at once pays no more than is due
    CHECK (paid_amount BETWEEN 0 AND amount),
    FOREIGN KEY (tenant_id, contract_id) REFERENCES contracts (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX installments_contract_idx ON installments (tenant_id, contract_id, position);
CREATE INDEX installments_due_idx ON installments (tenant_id, due_on, id);
CREATE INDEX installments_status_idx ON installments (tenant_id, status, due_on);
-- what comes due, and what is told when its day is over, of all tenants
CREATE INDEX installments_coming_idx ON installments (due_on) WHERE status = 'planned';
CREATE INDEX installments_overdue_idx ON installments (due_on) WHERE overdue_at IS NULL AND status <> 'paid';

CREATE TABLE payments (
    tenant_id        uuid NOT NULL REFERENCES tenants,
    id               uuid NOT NULL,
    owner_id         uuid NOT NULL,
    team_id          uuid,
    account_id       uuid,
    contract_id      uuid,
    status           text NOT NULL CHECK (status IN ('received', 'void')),
    received_on      date NOT NULL,
    method           text NOT NULL,
    -- what the bank calls it
    reference        text,
    currency         text NOT NULL,
    amount           numeric(21, 6) NOT NULL CHECK (amount > 0),
    matched_amount   numeric(21, 6) NOT NULL DEFAULT 0,
    unmatched_amount numeric(21, 6) NOT NULL GENERATED ALWAYS AS (amount - matched_amount) STORED,
    description      text,
    version          int NOT NULL DEFAULT 1,
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,
    created_by       uuid NOT NULL,
    updated_by       uuid NOT NULL,
    deleted_at       timestamptz,
    custom           jsonb NOT NULL DEFAULT '{}',
    search           tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    CHECK (matched_amount BETWEEN 0 AND amount),
    CHECK (status = 'received' AND deleted_at IS NULL OR matched_amount = 0),
    FOREIGN KEY (tenant_id, owner_id) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, team_id) REFERENCES teams (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id),
    FOREIGN KEY (tenant_id, contract_id) REFERENCES contracts (tenant_id, id)
);
CREATE INDEX payments_owner_idx ON payments (tenant_id, owner_id);
CREATE INDEX payments_team_idx ON payments (tenant_id, team_id) WHERE team_id IS NOT NULL;
CREATE INDEX payments_account_idx ON payments (tenant_id, account_id, id);
CREATE INDEX payments_contract_idx ON payments (tenant_id, contract_id, id);
CREATE INDEX payments_received_idx ON payments (tenant_id, received_on, id);
CREATE INDEX payments_reference_idx ON payments (tenant_id, reference) WHERE reference IS NOT NULL;
CREATE INDEX payments_created_idx ON payments (tenant_id, created_at, id);
CREATE INDEX payments_updated_idx ON payments (tenant_id, updated_at, id);
CREATE INDEX payments_search_idx ON payments USING gin (tenant_id, search) WITH (gin_pending_list_limit = 256);

CREATE TRIGGER custom_made BEFORE INSERT ON payments FOR EACH ROW WHEN (NEW.custom <> '{}')
    EXECUTE FUNCTION custom_settle('payment');
CREATE TRIGGER custom_changed BEFORE UPDATE OF custom, deleted_at ON payments FOR EACH ROW
    WHEN (OLD.custom IS DISTINCT FROM NEW.custom
          OR OLD.custom <> '{}' AND OLD.deleted_at IS DISTINCT FROM NEW.deleted_at)
    EXECUTE FUNCTION custom_settle('payment');
CREATE TRIGGER custom_gone BEFORE DELETE ON payments FOR EACH ROW WHEN (OLD.custom <> '{}')
    EXECUTE FUNCTION custom_settle('payment');

-- Which instalments a payment has paid, and how much of each.
CREATE TABLE payment_matches (
    tenant_id      uuid NOT NULL,
    id             uuid NOT NULL,
    payment_id     uuid NOT NULL,
    installment_id uuid NOT NULL,
    currency       text NOT NULL,
    amount         numeric(21, 6) NOT NULL CHECK (amount > 0),
    created_at     timestamptz NOT NULL,
    created_by     uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, payment_id) REFERENCES payments (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, installment_id) REFERENCES installments (tenant_id, id)
);
CREATE UNIQUE INDEX payment_matches_pair_key ON payment_matches (tenant_id, payment_id, installment_id);
CREATE INDEX payment_matches_installment_idx ON payment_matches (tenant_id, installment_id);
