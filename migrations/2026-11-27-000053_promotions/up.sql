-- What is taken off a purchase, by which code, and how often that was done; what somebody came by before they bought.

CREATE TABLE promotions (
    tenant_id        uuid NOT NULL REFERENCES tenants,
    id               uuid NOT NULL,
    -- its name among the promotions, by which those of one priority are put in order
    code             text NOT NULL,
    name             text NOT NULL,
    -- {locale: name}
    names            jsonb NOT NULL DEFAULT '{}',
    description      text,
    kind             text NOT NULL CHECK (kind IN ('percentage', 'fixed_amount', 'buy_x_get_y', 'free_gift')),
    benefit          jsonb NOT NULL,
    conditions       jsonb NOT NULL DEFAULT '{}',
    -- that of all its sums, and of the carts that it is for; all carts, where there is none
    currency         text,
    cap              numeric(21, 6) CHECK (cap > 0),
    priority         int NOT NULL DEFAULT 0,
    stacking         text NOT NULL DEFAULT 'combinable' CHECK (stacking IN ('exclusive', 'priority', 'combinable')),
    starts_at        timestamptz,
    ends_at          timestamptz,
    -- whom it is for; everybody, where there is none
    segment_id       uuid,
    is_coupon_needed boolean NOT NULL DEFAULT false,
    total_limit      int CHECK (total_limit > 0),
    customer_limit   int CHECK (customer_limit > 0),
    budget           numeric(21, 6) CHECK (budget > 0),
    status           text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'active', 'paused', 'ended')),
    custom           jsonb NOT NULL DEFAULT '{}',
    version          int NOT NULL DEFAULT 1,
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,
    created_by       uuid NOT NULL,
    updated_by       uuid NOT NULL,
    deleted_at       timestamptz,
    search           tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, segment_id) REFERENCES segments (tenant_id, id)
);
CREATE UNIQUE INDEX promotions_code_key ON promotions (tenant_id, code) WHERE deleted_at IS NULL;
CREATE INDEX promotions_active_idx ON promotions (tenant_id, is_coupon_needed, id) WHERE status = 'active' AND deleted_at IS NULL;
CREATE INDEX promotions_segment_idx ON promotions (tenant_id, segment_id) WHERE segment_id IS NOT NULL;
CREATE INDEX promotions_created_idx ON promotions (tenant_id, created_at, id);
CREATE INDEX promotions_updated_idx ON promotions (tenant_id, updated_at, id);
CREATE INDEX promotions_search_idx ON promotions USING gin (tenant_id, search) WITH (gin_pending_list_limit = 256);
CREATE TRIGGER custom_made BEFORE INSERT ON promotions FOR EACH ROW WHEN (NEW.custom <> '{}')
    EXECUTE FUNCTION custom_settle('promotion');
CREATE TRIGGER custom_changed BEFORE UPDATE OF custom, deleted_at ON promotions FOR EACH ROW
    WHEN (OLD.custom IS DISTINCT FROM NEW.custom OR OLD.custom <> '{}' AND OLD.deleted_at IS DISTINCT FROM NEW.deleted_at)
    EXECUTE FUNCTION custom_settle('promotion');
CREATE TRIGGER custom_gone BEFORE DELETE ON promotions FOR EACH ROW WHEN (OLD.custom <> '{}')
    EXECUTE FUNCTION custom_settle('promotion');

-- How often a promotion is used, and what it has taken off: moved by each use, so that no limit is passed, and apart from
-- the promotion, whose version is that of its terms.
CREATE TABLE promotion_uses (
    tenant_id    uuid NOT NULL,
    promotion_id uuid NOT NULL,
    used_count   int NOT NULL CHECK (used_count >= 0),
    -- in the currency of the promotion, where it has one
    spent        numeric(21, 6) NOT NULL CHECK (spent >= 0),
    PRIMARY KEY (tenant_id, promotion_id),
    FOREIGN KEY (tenant_id, promotion_id) REFERENCES promotions (tenant_id, id) ON DELETE CASCADE
);

CREATE TABLE coupons (
    tenant_id      uuid NOT NULL,
    id             uuid NOT NULL,
    promotion_id   uuid NOT NULL,
    -- in capitals
    code           text NOT NULL,
    -- the job that made it with others
    batch_id       uuid,
    -- whose it is alone
    contact_id     uuid,
    total_limit    int CHECK (total_limit > 0),
    customer_limit int CHECK (customer_limit > 0),
    used_count     int NOT NULL DEFAULT 0 CHECK (used_count >= 0),
    expires_at     timestamptz,
    status         text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'disabled')),
    version        int NOT NULL DEFAULT 1,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL,
    created_by     uuid NOT NULL,
    updated_by     uuid NOT NULL,
    deleted_at     timestamptz,
    search         tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, promotion_id) REFERENCES promotions (tenant_id, id),
    FOREIGN KEY (tenant_id, contact_id) REFERENCES contacts (tenant_id, id)
);
CREATE UNIQUE INDEX coupons_code_key ON coupons (tenant_id, code) WHERE deleted_at IS NULL;
CREATE INDEX coupons_promotion_idx ON coupons (tenant_id, promotion_id, id);
CREATE INDEX coupons_contact_idx ON coupons (tenant_id, contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX coupons_batch_idx ON coupons (tenant_id, batch_id, id) WHERE batch_id IS NOT NULL;
CREATE INDEX coupons_created_idx ON coupons (tenant_id, created_at, id);
CREATE INDEX coupons_updated_idx ON coupons (tenant_id, updated_at, id);
CREATE INDEX coupons_search_idx ON coupons USING gin (tenant_id, search) WITH (gin_pending_list_limit = 256);

-- A use of a promotion, by a coupon or without one.
CREATE TABLE redemptions (
    tenant_id    uuid NOT NULL,
    id           uuid NOT NULL,
    owner_id     uuid NOT NULL,
    team_id      uuid,
    promotion_id uuid NOT NULL,
    coupon_id    uuid,
    order_id     uuid,
    -- what another system calls the order
    order_ref    text,
    account_id   uuid,
    contact_id   uuid,
    currency     text NOT NULL,
    amount       numeric(21, 6) NOT NULL CHECK (amount >= 0),
    -- [{line_key, amount}]
    lines        jsonb NOT NULL DEFAULT '[]',
    -- [{product_id, quantity}]
    gifts        jsonb NOT NULL DEFAULT '[]',
    status       text NOT NULL CHECK (status IN ('held', 'redeemed', 'released', 'reversed')),
    -- until then it is held; given back after that
    held_until   timestamptz,
    redeemed_at  timestamptz,
    -- when it was given back
    ended_at     timestamptz,
    -- its order was cancelled: it is about to be given back
    is_undone    boolean NOT NULL DEFAULT false,
    version      int NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    created_by   uuid NOT NULL,
    updated_by   uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, owner_id) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, team_id) REFERENCES teams (tenant_id, id),
    FOREIGN KEY (tenant_id, promotion_id) REFERENCES promotions (tenant_id, id),
    FOREIGN KEY (tenant_id, coupon_id) REFERENCES coupons (tenant_id, id),
    FOREIGN KEY (tenant_id, order_id) REFERENCES orders (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id),
    FOREIGN KEY (tenant_id, contact_id) REFERENCES contacts (tenant_id, id)
);
CREATE INDEX redemptions_owner_idx ON redemptions (tenant_id, owner_id);
CREATE INDEX redemptions_team_idx ON redemptions (tenant_id, team_id) WHERE team_id IS NOT NULL;
CREATE INDEX redemptions_promotion_idx ON redemptions (tenant_id, promotion_id, id);
CREATE INDEX redemptions_coupon_idx ON redemptions (tenant_id, coupon_id, id);
CREATE INDEX redemptions_order_idx ON redemptions (tenant_id, order_id) WHERE order_id IS NOT NULL;
CREATE INDEX redemptions_account_idx ON redemptions (tenant_id, account_id, promotion_id);
CREATE INDEX redemptions_contact_idx ON redemptions (tenant_id, contact_id, promotion_id);
CREATE INDEX redemptions_created_idx ON redemptions (tenant_id, created_at, id);
CREATE INDEX redemptions_updated_idx ON redemptions (tenant_id, updated_at, id);
CREATE INDEX redemptions_held_idx ON redemptions (tenant_id, held_until) WHERE status = 'held';
CREATE INDEX redemptions_undone_idx ON redemptions (tenant_id) WHERE is_undone;
-- an order has a promotion once
CREATE UNIQUE INDEX redemptions_order_key ON redemptions (tenant_id, promotion_id, order_id)
    WHERE order_id IS NOT NULL AND status IN ('held', 'redeemed');
CREATE UNIQUE INDEX redemptions_order_ref_key ON redemptions (tenant_id, order_ref, promotion_id)
    WHERE order_ref IS NOT NULL AND status IN ('held', 'redeemed');

-- What was redeemed for an order that is cancelled is given back by the worker, which tells it.
CREATE FUNCTION redemptions_undo() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE redemptions SET is_undone = true
        WHERE tenant_id = NEW.tenant_id AND order_id = NEW.id AND status IN ('held', 'redeemed');
    RETURN NULL;
END $$;
CREATE TRIGGER redemptions_undo AFTER UPDATE OF status ON orders FOR EACH ROW
    WHEN (NEW.status = 'cancelled' AND OLD.status <> 'cancelled') EXECUTE FUNCTION redemptions_undo();

-- What somebody came by, met or did before they bought.
CREATE TABLE touchpoints (
    tenant_id     uuid NOT NULL,
    id            uuid NOT NULL,
    contact_id    uuid NOT NULL,
    kind          text NOT NULL CHECK (kind IN ('form', 'click', 'open', 'visit', 'call', 'event', 'import')),
    channel       text,
    source        text,
    medium        text,
    campaign      text,
    cost          numeric(21, 6) CHECK (cost >= 0),
    cost_currency text,
    source_system text,
    external_id   text,
    happened_at   timestamptz NOT NULL,
    version       int NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL,
    created_by    uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, contact_id) REFERENCES contacts (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT touchpoints_cost CHECK ((cost IS NULL) = (cost_currency IS NULL)),
    CONSTRAINT touchpoints_named CHECK ((source_system IS NULL) = (external_id IS NULL))
);
CREATE INDEX touchpoints_contact_idx ON touchpoints (tenant_id, contact_id, happened_at);
CREATE INDEX touchpoints_happened_idx ON touchpoints (tenant_id, happened_at, id);
CREATE INDEX touchpoints_created_idx ON touchpoints (tenant_id, created_at, id);
CREATE UNIQUE INDEX touchpoints_external_key ON touchpoints (tenant_id, source_system, external_id) WHERE external_id IS NOT NULL;
