-- Customers sorted by what they buy: what is known of each is kept beside the orders, runs sort all of them, and what they
-- come to be called is written down with from when until when. Labels are what accounts are called, by people and by runs;
-- rules say what is bought with what.

-- Customers whose orders have changed since they were added up last: whoever writes orders waits for nobody.
CREATE TABLE customer_fact_marks (
    tenant_id  uuid NOT NULL,
    id         uuid NOT NULL DEFAULT gen_random_uuid(),
    account_id uuid NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

-- What the orders of a customer come to, in a currency. Orders that were cancelled or archived count for nothing.
CREATE TABLE customer_facts (
    tenant_id      uuid NOT NULL,
    account_id     uuid NOT NULL,
    currency       text NOT NULL,
    order_count    int NOT NULL,
    -- with tax and shipping, and without
    revenue_amount numeric(38, 6) NOT NULL,
    net_amount     numeric(38, 6) NOT NULL,
    first_order_at timestamptz NOT NULL,
    last_order_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, account_id, currency),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id) ON DELETE CASCADE
);

-- Customers who are to be sorted anew, for what is known of them has changed.
CREATE TABLE customer_rescores (
    tenant_id  uuid NOT NULL,
    account_id uuid NOT NULL,
    PRIMARY KEY (tenant_id, account_id)
);

-- How customers are sorted.
CREATE TABLE segmentations (
    tenant_id   uuid NOT NULL REFERENCES tenants,
    id          uuid NOT NULL,
    -- what its labels begin with
    key         text NOT NULL,
    name        text NOT NULL,
    description text,
    kind        text NOT NULL CHECK (kind IN ('rfm', 'value', 'clusters', 'rules')),
    -- of one kind each
    rfm         jsonb,
    value       jsonb,
    clusters    jsonb,
    rules       jsonb,
    -- of which orders: the tenant's own currency, and all of them, where nothing is said
    currency    text,
    window_days int CHECK (window_days > 0),
    schedule    text NOT NULL DEFAULT 'none' CHECK (schedule IN ('none', 'daily', 'weekly', 'monthly')),
    -- whether accounts are given the labels of their classes
    is_labelling boolean NOT NULL DEFAULT true,
    is_active   boolean NOT NULL DEFAULT true,
    -- whose thresholds customers are sorted by who change in between
    last_run_id uuid,
    next_run_at timestamptz,
    version     int NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    created_by  uuid NOT NULL,
    updated_by  uuid NOT NULL,
    deleted_at  timestamptz,
    search      tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX segmentations_key_key ON segmentations (tenant_id, key) WHERE deleted_at IS NULL;
CREATE INDEX segmentations_due_idx ON segmentations (tenant_id, next_run_at) WHERE next_run_at IS NOT NULL;

-- One time that all customers were sorted.
CREATE TABLE segmentation_runs (
    tenant_id       uuid NOT NULL,
    id              uuid NOT NULL,
    segmentation_id uuid NOT NULL,
    job_id          uuid,
    status          text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'running', 'succeeded', 'failed')),
    -- the day that it looks from
    as_of_on        date NOT NULL,
    -- whether that was asked for, so that what came later counts for nothing
    is_dated        boolean NOT NULL,
    currency        text NOT NULL,
    error_code      text,
    customer_count  int NOT NULL DEFAULT 0,
    changed_count   int NOT NULL DEFAULT 0,
    -- class → how many
    class_counts    jsonb NOT NULL DEFAULT '{}',
    -- [{from, to, count}]
    transitions     jsonb NOT NULL DEFAULT '[]',
    metrics         jsonb NOT NULL DEFAULT '{}',
    -- by what it sorted, so that others can be sorted alike
    model           jsonb NOT NULL DEFAULT '{}',
    started_at      timestamptz,
    finished_at     timestamptz,
    version         int NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    created_by      uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, segmentation_id) REFERENCES segmentations (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX segmentation_runs_of_idx ON segmentation_runs (tenant_id, segmentation_id, id);

-- What a customer was sorted as, from when until when: a row more where that changes, and no row where it does not. A run
-- writes very many at once, so that triggers look after what a reference would be asked about row by row.
CREATE TABLE classifications (
    tenant_id       uuid NOT NULL,
    id              uuid NOT NULL,
    segmentation_id uuid NOT NULL,
    account_id      uuid NOT NULL,
    run_id          uuid NOT NULL,
    class           text NOT NULL,
    -- of RFM, from 1 to 5
    recency_score   int,
    frequency_score int,
    monetary_score  int,
    valid_from_at   timestamptz NOT NULL,
    valid_until_at  timestamptz,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX classifications_now_key ON classifications (tenant_id, segmentation_id, account_id)
    WHERE valid_until_at IS NULL;
CREATE INDEX classifications_account_idx ON classifications (tenant_id, account_id, id);
CREATE INDEX classifications_class_idx ON classifications (tenant_id, segmentation_id, class, id);

-- What accounts may be called.
CREATE TABLE labels (
    tenant_id       uuid NOT NULL REFERENCES tenants,
    id              uuid NOT NULL,
    key             text NOT NULL,
    name            text NOT NULL,
    description     text,
    color           text,
    -- the one whose class it is, and which class
    segmentation_id uuid,
    class           text,
    version         int NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    created_by      uuid NOT NULL,
    updated_by      uuid NOT NULL,
    deleted_at      timestamptz,
    search          tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, segmentation_id) REFERENCES segmentations (tenant_id, id) ON DELETE CASCADE,
    CHECK ((segmentation_id IS NULL) = (class IS NULL))
);
CREATE UNIQUE INDEX labels_key_key ON labels (tenant_id, key) WHERE deleted_at IS NULL;
CREATE INDEX labels_segmentation_idx ON labels (tenant_id, segmentation_id) WHERE segmentation_id IS NOT NULL;

-- What accounts are called. What people say beats what a run says.
CREATE TABLE account_labels (
    tenant_id  uuid NOT NULL,
    account_id uuid NOT NULL,
    -- the noun of the record, as every table between two says it
    resource   text NOT NULL DEFAULT 'account' CHECK (resource = 'account'),
    label_id   uuid NOT NULL,
    source     text NOT NULL CHECK (source IN ('manual', 'automatic')),
    evidence   text,
    expires_at timestamptz,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, account_id, label_id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, label_id) REFERENCES labels (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX account_labels_label_idx ON account_labels (tenant_id, label_id, account_id);
CREATE INDEX account_labels_expiring_idx ON account_labels (tenant_id, expires_at) WHERE expires_at IS NOT NULL;

-- What somebody has said an account is not called: no run says so again.
CREATE TABLE account_label_refusals (
    tenant_id  uuid NOT NULL,
    account_id uuid NOT NULL,
    label_id   uuid NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, account_id, label_id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, label_id) REFERENCES labels (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX account_label_refusals_label_idx ON account_label_refusals (tenant_id, label_id);

-- One look for what is bought with what.
CREATE TABLE association_runs (
    tenant_id      uuid NOT NULL REFERENCES tenants,
    id             uuid NOT NULL,
    job_id         uuid,
    status         text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'running', 'succeeded', 'failed')),
    min_support    numeric(19, 18) NOT NULL CHECK (min_support BETWEEN 0 AND 1),
    min_confidence numeric(19, 18) NOT NULL CHECK (min_confidence BETWEEN 0 AND 1),
    max_items      int NOT NULL CHECK (max_items BETWEEN 2 AND 5),
    -- the orders of so many days; all of them, where nothing is said
    window_days    int CHECK (window_days > 0),
    error_code     text,
    order_count    int NOT NULL DEFAULT 0,
    rule_count     int NOT NULL DEFAULT 0,
    started_at     timestamptz,
    finished_at    timestamptz,
    version        int NOT NULL DEFAULT 1,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL,
    created_by     uuid NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

-- Who buys all of these buys that one.
CREATE TABLE association_rules (
    tenant_id       uuid NOT NULL,
    id              uuid NOT NULL,
    run_id          uuid NOT NULL,
    -- how good it is: 1 is the best of its run
    rank            int NOT NULL,
    condition_ids   uuid[] NOT NULL,
    consequence_id  uuid NOT NULL,
    -- orders that hold all of it
    order_count     int NOT NULL,
    support         numeric(19, 18) NOT NULL,
    confidence      numeric(19, 18) NOT NULL,
    lift            numeric(38, 9) NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, run_id) REFERENCES association_runs (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX association_rules_run_idx ON association_rules (tenant_id, run_id, rank);

-- Orders that have come or gone, of whichever customers.
CREATE FUNCTION customer_facts_mark() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO customer_fact_marks (tenant_id, account_id)
        SELECT DISTINCT o.tenant_id, o.account_id FROM moved AS o WHERE o.account_id IS NOT NULL;
    RETURN NULL;
END $$;

-- Orders that were changed in what is added up.
CREATE FUNCTION customer_facts_shift() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO customer_fact_marks (tenant_id, account_id)
        SELECT DISTINCT n.tenant_id, a.account_id
        FROM went AS w
        JOIN came AS n ON n.tenant_id = w.tenant_id AND n.id = w.id
        CROSS JOIN LATERAL (VALUES (w.account_id), (n.account_id)) AS a (account_id)
        WHERE a.account_id IS NOT NULL
            AND (w.account_id, w.currency, w.status = 'cancelled', w.deleted_at IS NULL, w.total_amount, w.tax_amount,
                    w.shipping_amount, w.placed_at)
                IS DISTINCT FROM (n.account_id, n.currency, n.status = 'cancelled', n.deleted_at IS NULL,
                    n.total_amount, n.tax_amount, n.shipping_amount, n.placed_at);
    RETURN NULL;
END $$;

-- An account that is archived, merged, erased or back again.
CREATE FUNCTION customer_facts_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO customer_fact_marks (tenant_id, account_id) VALUES (NEW.tenant_id, NEW.id);
    RETURN NULL;
END $$;

CREATE TRIGGER facts_came AFTER INSERT ON orders REFERENCING NEW TABLE AS moved FOR EACH STATEMENT
    EXECUTE FUNCTION customer_facts_mark();
CREATE TRIGGER facts_went AFTER DELETE ON orders REFERENCING OLD TABLE AS moved FOR EACH STATEMENT
    EXECUTE FUNCTION customer_facts_mark();
CREATE TRIGGER facts_moved AFTER UPDATE ON orders REFERENCING OLD TABLE AS went NEW TABLE AS came FOR EACH STATEMENT
    EXECUTE FUNCTION customer_facts_shift();
CREATE TRIGGER facts_moved AFTER UPDATE OF deleted_at ON accounts FOR EACH ROW
    WHEN (OLD.deleted_at IS DISTINCT FROM NEW.deleted_at) EXECUTE FUNCTION customer_facts_moved();

-- Accounts and segmentations that are gone for good.
CREATE FUNCTION classifications_of_account_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM classifications AS c USING gone AS g WHERE c.tenant_id = g.tenant_id AND c.account_id = g.id;
    RETURN NULL;
END $$;
CREATE FUNCTION classifications_of_segmentation_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM classifications AS c USING gone AS g WHERE c.tenant_id = g.tenant_id AND c.segmentation_id = g.id;
    RETURN NULL;
END $$;
CREATE TRIGGER classifications_gone AFTER DELETE ON accounts REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    EXECUTE FUNCTION classifications_of_account_gone();
CREATE TRIGGER classifications_gone AFTER DELETE ON segmentations REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    EXECUTE FUNCTION classifications_of_segmentation_gone();

-- Adds the orders of customers up who are marked, at most so many marks; how many there were. One at a time does so, and
-- nobody else writes a fact. A mark that is seen was written with orders that are seen, so what is added up is what there is.
CREATE FUNCTION fold_customer_facts(most int) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    folded bigint := 0;
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtextextended('guanxi customer facts', 0)) THEN
        RETURN folded;
    END IF;
    WITH due AS (
        SELECT m.tenant_id, m.id FROM customer_fact_marks AS m ORDER BY m.tenant_id, m.id LIMIT most
    ), taken AS (
        DELETE FROM customer_fact_marks AS m USING due WHERE m.tenant_id = due.tenant_id AND m.id = due.id
        RETURNING m.tenant_id, m.account_id
    ), whom AS (
        SELECT DISTINCT t.tenant_id, t.account_id FROM taken AS t
    ), sums AS (
        SELECT o.tenant_id, o.account_id, o.currency, count(*) AS order_count, sum(o.total_amount) AS revenue_amount,
            sum(o.total_amount - o.tax_amount - o.shipping_amount) AS net_amount, min(o.placed_at) AS first_order_at,
            max(o.placed_at) AS last_order_at
        FROM whom AS w JOIN orders AS o ON o.tenant_id = w.tenant_id AND o.account_id = w.account_id
        WHERE o.deleted_at IS NULL AND o.status <> 'cancelled'
        GROUP BY 1, 2, 3
    ), gone AS (
        DELETE FROM customer_facts AS f USING whom AS w
        WHERE f.tenant_id = w.tenant_id AND f.account_id = w.account_id AND NOT EXISTS (
            SELECT FROM sums AS s
            WHERE s.tenant_id = f.tenant_id AND s.account_id = f.account_id AND s.currency = f.currency)
    ), put AS (
        INSERT INTO customer_facts AS f (tenant_id, account_id, currency, order_count, revenue_amount, net_amount,
                first_order_at, last_order_at)
            SELECT s.tenant_id, s.account_id, s.currency, s.order_count, s.revenue_amount, s.net_amount,
                s.first_order_at, s.last_order_at
            FROM sums AS s
        ON CONFLICT (tenant_id, account_id, currency) DO UPDATE SET
            order_count = EXCLUDED.order_count,
            revenue_amount = EXCLUDED.revenue_amount,
            net_amount = EXCLUDED.net_amount,
            first_order_at = EXCLUDED.first_order_at,
            last_order_at = EXCLUDED.last_order_at
    ), asked AS (
        INSERT INTO customer_rescores (tenant_id, account_id)
            SELECT w.tenant_id, w.account_id FROM whom AS w
            WHERE EXISTS (SELECT FROM segmentations AS s WHERE s.tenant_id = w.tenant_id AND s.last_run_id IS NOT NULL
                AND s.deleted_at IS NULL AND s.is_active)
        ON CONFLICT DO NOTHING
    )
    SELECT count(*) INTO folded FROM taken;
    RETURN folded;
END $$;

-- What is there already. The triggers are there, so whoever writes orders waits until this is added up.
INSERT INTO customer_facts (tenant_id, account_id, currency, order_count, revenue_amount, net_amount, first_order_at,
        last_order_at)
    SELECT o.tenant_id, o.account_id, o.currency, count(*), sum(o.total_amount),
        sum(o.total_amount - o.tax_amount - o.shipping_amount), min(o.placed_at), max(o.placed_at)
    FROM orders AS o
    WHERE o.account_id IS NOT NULL AND o.deleted_at IS NULL AND o.status <> 'cancelled'
    GROUP BY 1, 2, 3;
