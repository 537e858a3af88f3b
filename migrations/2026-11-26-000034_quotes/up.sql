-- What is offered: quotes with their lines, and what was sent of them.

-- above which discount, from 0 to 1, a quote has to be approved; none has to where it is null
ALTER TABLE tenants ADD COLUMN quote_approval_discount numeric(7, 6)
    CHECK (quote_approval_discount BETWEEN 0 AND 1);

CREATE TABLE quotes (
    tenant_id       uuid NOT NULL REFERENCES tenants,
    id              uuid NOT NULL,
    owner_id        uuid NOT NULL,
    team_id         uuid,
    -- of all revisions of a quote the same
    number          text NOT NULL,
    revision        int NOT NULL DEFAULT 1 CHECK (revision > 0),
    opportunity_id  uuid,
    account_id      uuid,
    contact_id      uuid,
    status          text NOT NULL CHECK (status IN ('draft', 'in_approval', 'approved', 'sent', 'accepted', 'rejected',
                                                    'expired', 'superseded')),
    currency        text NOT NULL,
    price_book_id   uuid,
    -- the last day on which it can be accepted, where the tenant is
    valid_until_on  date,
    -- whether prices hold the tax already
    is_tax_included boolean NOT NULL DEFAULT false,
    -- where tax is rounded
    rounding        text NOT NULL CHECK (rounding IN ('line', 'document')),
    -- off all lines: a part of them, or a sum
    discount_rate   numeric(7, 6) CHECK (discount_rate BETWEEN 0 AND 1),
    discount_fixed  numeric(21, 6) CHECK (discount_fixed >= 0),
    -- sums over the lines, kept in the transaction that changes one
    subtotal_amount numeric(21, 6) NOT NULL DEFAULT 0,
    discount_amount numeric(21, 6) NOT NULL DEFAULT 0,
    tax_amount      numeric(21, 6) NOT NULL DEFAULT 0,
    shipping_amount numeric(21, 6) NOT NULL DEFAULT 0,
    total_amount    numeric(21, 6) NOT NULL DEFAULT 0,
    line_count      int NOT NULL DEFAULT 0,
    -- what the customer reads below the lines
    terms           text,
    sent_at         timestamptz,
    version         int NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    created_by      uuid NOT NULL,
    updated_by      uuid NOT NULL,
    deleted_at      timestamptz,
    custom          jsonb NOT NULL DEFAULT '{}',
    search          tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    CHECK (discount_rate IS NULL OR discount_fixed IS NULL),
    FOREIGN KEY (tenant_id, owner_id) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, team_id) REFERENCES teams (tenant_id, id),
    FOREIGN KEY (tenant_id, opportunity_id) REFERENCES opportunities (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id),
    FOREIGN KEY (tenant_id, contact_id) REFERENCES contacts (tenant_id, id),
    FOREIGN KEY (tenant_id, price_book_id) REFERENCES price_books (tenant_id, id)
);
CREATE UNIQUE INDEX quotes_revision_key ON quotes (tenant_id, number, revision) WHERE deleted_at IS NULL;
-- one revision of a number holds
CREATE UNIQUE INDEX quotes_number_key ON quotes (tenant_id, number)
    WHERE deleted_at IS NULL AND status <> 'superseded';
CREATE INDEX quotes_owner_idx ON quotes (tenant_id, owner_id);
CREATE INDEX quotes_team_idx ON quotes (tenant_id, team_id) WHERE team_id IS NOT NULL;
CREATE INDEX quotes_opportunity_idx ON quotes (tenant_id, opportunity_id, id) WHERE opportunity_id IS NOT NULL;
CREATE INDEX quotes_account_idx ON quotes (tenant_id, account_id, id);
CREATE INDEX quotes_contact_idx ON quotes (tenant_id, contact_id, id) WHERE contact_id IS NOT NULL;
CREATE INDEX quotes_price_book_idx ON quotes (tenant_id, price_book_id) WHERE price_book_id IS NOT NULL;
CREATE INDEX quotes_status_idx ON quotes (tenant_id, status, id);
CREATE INDEX quotes_total_idx ON quotes (tenant_id, total_amount, id);
CREATE INDEX quotes_created_idx ON quotes (tenant_id, created_at, id);
CREATE INDEX quotes_updated_idx ON quotes (tenant_id, updated_at, id);
CREATE INDEX quotes_search_idx ON quotes USING gin (tenant_id, search) WITH (gin_pending_list_limit = 256);
-- what the clock ends, of all tenants
CREATE INDEX quotes_expiring_idx ON quotes (valid_until_on)
    WHERE status = 'sent' AND deleted_at IS NULL AND valid_until_on IS NOT NULL;

CREATE TRIGGER custom_made BEFORE INSERT ON quotes FOR EACH ROW WHEN (NEW.custom <> '{}')
    EXECUTE FUNCTION custom_settle('quote');
CREATE TRIGGER custom_changed BEFORE UPDATE OF custom, deleted_at ON quotes FOR EACH ROW
    WHEN (OLD.custom IS DISTINCT FROM NEW.custom
          OR OLD.custom <> '{}' AND OLD.deleted_at IS DISTINCT FROM NEW.deleted_at)
    EXECUTE FUNCTION custom_settle('quote');
CREATE TRIGGER custom_gone BEFORE DELETE ON quotes FOR EACH ROW WHEN (OLD.custom <> '{}')
    EXECUTE FUNCTION custom_settle('quote');

CREATE TABLE quote_lines (
    tenant_id       uuid NOT NULL,
    id              uuid NOT NULL,
    quote_id        uuid NOT NULL,
    line_key        text NOT NULL,
    position        int NOT NULL,
    product_id      uuid,
    sku             text,
    name            text NOT NULL,
    quantity        numeric(21, 6) NOT NULL CHECK (quantity <> 0),
    unit_price      numeric(21, 6) NOT NULL,
    discount_rate   numeric(7, 6) NOT NULL DEFAULT 0 CHECK (discount_rate BETWEEN 0 AND 1),
    -- a sum off the line, where it is no rate
    discount_fixed  numeric(21, 6) CHECK (discount_fixed >= 0),
    tax_rate        numeric(7, 6) NOT NULL DEFAULT 0 CHECK (tax_rate BETWEEN 0 AND 1),
    subtotal_amount numeric(21, 6) NOT NULL,
    discount_amount numeric(21, 6) NOT NULL,
    -- its part of what is off all lines
    shared_amount   numeric(21, 6) NOT NULL,
    tax_amount      numeric(21, 6) NOT NULL,
    total_amount    numeric(21, 6) NOT NULL,
    currency        text NOT NULL,
    version         int NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, quote_id) REFERENCES quotes (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, product_id) REFERENCES products (tenant_id, id)
);
CREATE UNIQUE INDEX quote_lines_key ON quote_lines (tenant_id, quote_id, line_key);
CREATE INDEX quote_lines_product_idx ON quote_lines (tenant_id, product_id);

-- A quote that was sent to somebody, and what they have said to it: the evidence of an acceptance.
CREATE TABLE quote_links (
    tenant_id  uuid NOT NULL,
    id         uuid NOT NULL,
    quote_id   uuid NOT NULL,
    -- nobody, where what was said came by another way and somebody has written it down
    recipient  text,
    language   text NOT NULL CHECK (language IN ('en', 'zh-Hans', 'zh-Hant')),
    message    text,
    -- of the tokens that letters have brought: none before the first one is sent
    hashes     bytea[] NOT NULL DEFAULT '{}',
    expires_at timestamptz NOT NULL,
    decision   text CHECK (decision IN ('accepted', 'rejected')),
    decided_at timestamptz,
    -- who they say that they are, and why
    name       text,
    job_title  text,
    reason     text,
    address    text,
    user_agent text,
    version    int NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CHECK ((decision IS NULL) = (decided_at IS NULL)),
    FOREIGN KEY (tenant_id, quote_id) REFERENCES quotes (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX quote_links_quote_idx ON quote_links (tenant_id, quote_id, id);

-- What came of a quote: an order is made of it once.
ALTER TABLE orders ADD COLUMN quote_id uuid;
ALTER TABLE orders ADD FOREIGN KEY (tenant_id, quote_id) REFERENCES quotes (tenant_id, id);
CREATE UNIQUE INDEX orders_quote_key ON orders (tenant_id, quote_id) WHERE quote_id IS NOT NULL;
