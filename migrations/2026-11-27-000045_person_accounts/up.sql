-- Accounts that are people: who they are is what their contact says, and the account says the same.
ALTER TABLE accounts
    ADD COLUMN person_id uuid,
    ADD COLUMN is_person boolean NOT NULL DEFAULT false,
    ADD FOREIGN KEY (tenant_id, person_id) REFERENCES contacts (tenant_id, id) DEFERRABLE INITIALLY IMMEDIATE;
ALTER TABLE accounts
    ADD CONSTRAINT accounts_person CHECK (is_person = (person_id IS NOT NULL)),
    -- nobody stands above somebody
    ADD CONSTRAINT accounts_person_parent CHECK (NOT is_person OR parent_id IS NULL);
-- somebody is one account, an archived one too
CREATE UNIQUE INDEX accounts_person_key ON accounts (tenant_id, person_id) WHERE person_id IS NOT NULL;

-- Where contacts became one that are accounts, their accounts did, and the other way round.
ALTER TABLE merges
    ADD COLUMN other_winner_id uuid,
    ADD COLUMN other_loser_ids uuid[] NOT NULL DEFAULT '{}';

-- Whoever is an account is restricted in both.
DROP INDEX restrictions_request_key;
CREATE UNIQUE INDEX restrictions_request_key ON restrictions (tenant_id, request_id, resource);

-- Rows of a file whose record is there, and names another that may come later in the file: looked for when it has ended.
CREATE TABLE import_links (
    tenant_id  uuid NOT NULL,
    import_id  uuid NOT NULL,
    row_number bigint NOT NULL,
    linking_id uuid NOT NULL,
    -- what became of the row by itself
    outcome    text NOT NULL CHECK (outcome IN ('created', 'updated', 'unchanged')),
    -- by which field the other is named, and what that says
    named_by   text NOT NULL,
    name       text NOT NULL,
    cells      jsonb NOT NULL,
    PRIMARY KEY (tenant_id, import_id, row_number),
    FOREIGN KEY (tenant_id, import_id) REFERENCES imports (tenant_id, id) ON DELETE CASCADE
);
