-- What products cost, by list: of one currency each, for a while, by how much is taken.
CREATE TABLE price_books (
    tenant_id      uuid NOT NULL REFERENCES tenants,
    id             uuid NOT NULL,
    name           text NOT NULL,
    description    text,
    currency       text NOT NULL,
    is_default     boolean NOT NULL DEFAULT false,
    is_active      boolean NOT NULL DEFAULT true,
    valid_from_on  date,
    valid_until_on date,
    entry_count    int NOT NULL DEFAULT 0,
    version        int NOT NULL DEFAULT 1,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL,
    created_by     uuid NOT NULL,
    updated_by     uuid NOT NULL,
    deleted_at     timestamptz,
    custom         jsonb NOT NULL DEFAULT '{}',
    search         tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT price_books_validity CHECK (valid_from_on <= valid_until_on)
);
CREATE UNIQUE INDEX price_books_name_key ON price_books (tenant_id, name) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX price_books_default_key ON price_books (tenant_id, currency) WHERE is_default AND deleted_at IS NULL;
CREATE INDEX price_books_created_idx ON price_books (tenant_id, created_at, id);
CREATE INDEX price_books_updated_idx ON price_books (tenant_id, updated_at, id);
CREATE INDEX price_books_search_idx ON price_books USING gin (tenant_id, search) WITH (gin_pending_list_limit = 256);

CREATE TABLE price_book_entries (
    tenant_id     uuid NOT NULL,
    id            uuid NOT NULL,
    price_book_id uuid NOT NULL,
    product_id    uuid NOT NULL,
    -- from how many on the price is good
    min_quantity  numeric(21, 6) NOT NULL DEFAULT 0 CHECK (min_quantity >= 0),
    unit_price    numeric(21, 6) NOT NULL CHECK (unit_price >= 0),
    currency      text NOT NULL,
    version       int NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, price_book_id) REFERENCES price_books (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, product_id) REFERENCES products (tenant_id, id)
);
CREATE UNIQUE INDEX price_book_entries_key ON price_book_entries (tenant_id, price_book_id, product_id, min_quantity);
CREATE INDEX price_book_entries_product_idx ON price_book_entries (tenant_id, product_id);

CREATE TRIGGER custom_made BEFORE INSERT ON price_books FOR EACH ROW WHEN (NEW.custom <> '{}')
    EXECUTE FUNCTION custom_settle('price_book');
CREATE TRIGGER custom_changed BEFORE UPDATE OF custom, deleted_at ON price_books FOR EACH ROW
    WHEN (OLD.custom IS DISTINCT FROM NEW.custom OR OLD.custom <> '{}' AND OLD.deleted_at IS DISTINCT FROM NEW.deleted_at)
    EXECUTE FUNCTION custom_settle('price_book');
CREATE TRIGGER custom_gone BEFORE DELETE ON price_books FOR EACH ROW WHEN (OLD.custom <> '{}')
    EXECUTE FUNCTION custom_settle('price_book');
