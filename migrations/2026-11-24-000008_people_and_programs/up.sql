-- Programs as users, proven addresses, second factors that a tenant requires, keys with nets and a second text.

ALTER TABLE tenants ADD COLUMN require_second_factor boolean NOT NULL DEFAULT false;
ALTER TABLE users
    -- a person, a program, or a queue that owns records for others to take
    ADD COLUMN kind text NOT NULL DEFAULT 'person' CHECK (kind IN ('person', 'service', 'queue')),
    -- when they last proved that they read the mail of this address
    ADD COLUMN email_verified_at timestamptz;
-- where it last asked for tokens from
ALTER TABLE sessions ADD COLUMN address text;
ALTER TABLE api_keys
    -- the nets that it may come from; none is all
    ADD COLUMN addresses text[] NOT NULL DEFAULT '{}',
    -- of the text before this one, while both are good
    ADD COLUMN previous_hint text,
    ADD COLUMN previous_expires_at timestamptz;
ALTER TABLE api_key_secrets ADD COLUMN previous_hash bytea;
