-- What is sold, and what was bought.

CREATE TABLE products (
    tenant_id           uuid NOT NULL REFERENCES tenants,
    id                  uuid NOT NULL,
    sku                 text NOT NULL,
    name                text NOT NULL,
    category            text,
    description         text,
    unit                text,
    unit_price_amount   numeric(21, 6),
    unit_price_currency text,
    is_active           boolean NOT NULL DEFAULT true,
    version             int NOT NULL DEFAULT 1,
    created_at          timestamptz NOT NULL,
    updated_at          timestamptz NOT NULL,
    created_by          uuid NOT NULL,
    updated_by          uuid NOT NULL,
    deleted_at          timestamptz,
    search              tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    CHECK ((unit_price_amount IS NULL) = (unit_price_currency IS NULL))
);
CREATE UNIQUE INDEX products_sku_key ON products (tenant_id, sku) WHERE deleted_at IS NULL;
CREATE INDEX products_name_idx ON products (tenant_id, name, id);
CREATE INDEX products_created_idx ON products (tenant_id, created_at, id);
CREATE INDEX products_updated_idx ON products (tenant_id, updated_at, id);
CREATE INDEX products_search_idx ON products USING gin (tenant_id, search) WITH (gin_pending_list_limit = 256);

CREATE TABLE orders (
    tenant_id       uuid NOT NULL REFERENCES tenants,
    id              uuid NOT NULL,
    owner_id        uuid NOT NULL,
    team_id         uuid,
    number          text NOT NULL,
    account_id      uuid,
    contact_id      uuid,
    status          text NOT NULL DEFAULT 'confirmed'
                    CHECK (status IN ('pending', 'confirmed', 'fulfilled', 'completed', 'cancelled', 'returned')),
    source          text,
    placed_at       timestamptz NOT NULL,
    currency        text NOT NULL,
    -- sums over the lines, kept in the transaction that changes a line
    subtotal_amount numeric(21, 6) NOT NULL DEFAULT 0,
    discount_amount numeric(21, 6) NOT NULL DEFAULT 0,
    tax_amount      numeric(21, 6) NOT NULL DEFAULT 0,
    shipping_amount numeric(21, 6) NOT NULL DEFAULT 0,
    total_amount    numeric(21, 6) NOT NULL DEFAULT 0,
    line_count      int NOT NULL DEFAULT 0,
    description     text,
    version         int NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    created_by      uuid NOT NULL,
    updated_by      uuid NOT NULL,
    deleted_at      timestamptz,
    search          tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, owner_id) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, team_id) REFERENCES teams (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id),
    FOREIGN KEY (tenant_id, contact_id) REFERENCES contacts (tenant_id, id)
);
CREATE UNIQUE INDEX orders_number_key ON orders (tenant_id, number) WHERE deleted_at IS NULL;
CREATE INDEX orders_account_idx ON orders (tenant_id, account_id, placed_at);
CREATE INDEX orders_contact_idx ON orders (tenant_id, contact_id, placed_at);
CREATE INDEX orders_owner_idx ON orders (tenant_id, owner_id);
CREATE INDEX orders_team_idx ON orders (tenant_id, team_id) WHERE team_id IS NOT NULL;
CREATE INDEX orders_placed_idx ON orders (tenant_id, placed_at, id);
CREATE INDEX orders_total_idx ON orders (tenant_id, total_amount, id);
CREATE INDEX orders_created_idx ON orders (tenant_id, created_at, id);
CREATE INDEX orders_updated_idx ON orders (tenant_id, updated_at, id);
CREATE INDEX orders_search_idx ON orders USING gin (tenant_id, search) WITH (gin_pending_list_limit = 256);

CREATE TABLE order_lines (
    tenant_id       uuid NOT NULL,
    id              uuid NOT NULL,
    order_id        uuid NOT NULL,
    -- what tells this line from the others of its order: a place, or what an import calls it
    line_key        text NOT NULL,
    position        int NOT NULL,
    product_id      uuid,
    sku             text,
    name            text NOT NULL,
    quantity        numeric(21, 6) NOT NULL CHECK (quantity <> 0),
    unit_price      numeric(21, 6) NOT NULL,
    discount_rate   numeric(7, 6) NOT NULL DEFAULT 0 CHECK (discount_rate BETWEEN 0 AND 1),
    tax_rate        numeric(7, 6) NOT NULL DEFAULT 0 CHECK (tax_rate BETWEEN 0 AND 1),
    subtotal_amount numeric(21, 6) NOT NULL,
    discount_amount numeric(21, 6) NOT NULL,
    tax_amount      numeric(21, 6) NOT NULL,
    total_amount    numeric(21, 6) NOT NULL,
    currency        text NOT NULL,
    version         int NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, order_id) REFERENCES orders (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, product_id) REFERENCES products (tenant_id, id)
);
CREATE UNIQUE INDEX order_lines_key ON order_lines (tenant_id, order_id, line_key);
CREATE INDEX order_lines_product_idx ON order_lines (tenant_id, product_id);

-- Numbers for people: the last one given, by what it counts.
CREATE TABLE counters (
    tenant_id uuid NOT NULL REFERENCES tenants,
    name      text NOT NULL,
    value     bigint NOT NULL,
    PRIMARY KEY (tenant_id, name)
);
