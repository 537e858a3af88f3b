ALTER TABLE orders DROP COLUMN quote_id;
DROP TABLE quote_links, quote_lines, quotes;
ALTER TABLE tenants DROP COLUMN quote_approval_discount;
