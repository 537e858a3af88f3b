-- What the sales wing is asked for, beside customers that are there: a team of 1,000 people in five levels, and as many
-- opportunities, activities and orders as there are contacts. Of the opportunities three in five are closed, over five
-- years; the others are expected to close within half a year. Each row draws from a stream of its own, so that nothing
-- follows from anything else.
CREATE FUNCTION pg_temp.draw(n bigint, stream bigint, below int) RETURNS int LANGUAGE sql IMMUTABLE AS
    'SELECT (abs(hashint8extended(n, stream)) % below)::int';

CREATE TEMP TABLE owner AS
    SELECT t.tenant_id, t.base_currency AS currency, u.id FROM users AS u JOIN tenants AS t USING (tenant_id)
    ORDER BY u.created_at, u.id LIMIT 1;
CREATE TEMP TABLE team AS SELECT n, gen_random_uuid() AS id FROM generate_series(0, 340) AS n;
CREATE TEMP TABLE person AS
    SELECT p.n, gen_random_uuid() AS id, team.id AS team_id FROM generate_series(0, 999) AS p (n)
    JOIN team ON team.n = CASE WHEN p.n <= 340 THEN p.n ELSE 85 + p.n % 256 END;
CREATE TEMP TABLE account AS SELECT row_number() OVER (ORDER BY id) - 1 AS n, id FROM accounts;
CREATE TEMP TABLE contact AS SELECT row_number() OVER (ORDER BY id) - 1 AS n, id FROM contacts;
CREATE TEMP TABLE stage AS
    SELECT row_number() OVER (PARTITION BY s.kind = 'open' ORDER BY s.position) - 1 AS n,
        count(*) OVER (PARTITION BY s.kind = 'open')::int AS among, s.kind = 'open' AS is_open, s.*
    FROM stages AS s JOIN pipelines AS p ON p.tenant_id = s.tenant_id AND p.id = s.pipeline_id WHERE p.is_default;
CREATE UNIQUE INDEX ON account (n);
CREATE UNIQUE INDEX ON contact (n);
CREATE UNIQUE INDEX ON person (n);
ANALYZE;

INSERT INTO teams (tenant_id, id, name, parent_id, created_at, updated_at, created_by, updated_by)
    SELECT o.tenant_id, t.id, 'Team ' || t.n, above.id, now(), now(), o.id, o.id
    FROM owner AS o CROSS JOIN team AS t LEFT JOIN team AS above ON above.n = (t.n - 1) / 4 AND t.n > 0;
INSERT INTO users (tenant_id, id, email, display_name, created_at, updated_at, created_by, updated_by)
    SELECT o.tenant_id, p.id, 'p' || p.n || '@bench.example', 'Person ' || p.n, now(), now(), o.id, o.id
    FROM owner AS o CROSS JOIN person AS p;
INSERT INTO team_members (tenant_id, user_id, team_id)
    SELECT o.tenant_id, p.id, p.team_id FROM owner AS o CROSS JOIN person AS p;

INSERT INTO opportunities (tenant_id, id, owner_id, team_id, name, account_id, pipeline_id, stage_id, currency, amount,
        base_amount, base_currency, exchange_rate, probability, expected_amount, forecast_category, expected_close_on,
        closed_at, stage_entered_at, rank, created_at, updated_at, created_by, updated_by)
    SELECT o.tenant_id, gen_random_uuid(), p.id, p.team_id, 'Opportunity ' || r.n, a.id, s.pipeline_id, s.id, o.currency,
        r.amount, r.amount, o.currency, 1, s.probability, round(r.amount * s.probability / 100, 2), s.forecast_category,
        (now() + (CASE WHEN s.is_open THEN 1 ELSE -1 END) * r.days * interval '1 day')::date,
        CASE WHEN NOT s.is_open THEN now() - r.days * interval '1 day' END, now() - r.days * interval '1 day', r.n * 1024,
        now() - (r.days + 30) * interval '1 day', now() - r.days * interval '1 day', p.id, p.id
    FROM (SELECT n, pg_temp.draw(n, 1, 5) < 2 AS is_open, 100 + pg_temp.draw(n, 2, 100000) AS amount,
            pg_temp.draw(n, 3, CASE WHEN pg_temp.draw(n, 1, 5) < 2 THEN 180 ELSE 1825 END) AS days
        FROM generate_series(1, (SELECT count(*) FROM contact)) AS n) AS r
    CROSS JOIN owner AS o
    JOIN person AS p ON p.n = pg_temp.draw(r.n, 4, 1000)
    JOIN account AS a ON a.n = pg_temp.draw(r.n, 5, (SELECT count(*)::int FROM account))
    JOIN stage AS s ON s.is_open = r.is_open AND s.n = pg_temp.draw(r.n, 6, s.among);

-- what the worker does within seconds
SELECT fold_opportunity_sums(2147483647);

-- What somebody of the team had to do with a contact and an account, once a contact, within five years.
CREATE FUNCTION pg_temp.happened(stream bigint)
    RETURNS TABLE (n bigint, tenant_id uuid, currency text, owner_id uuid, team_id uuid, contact_id uuid, account_id uuid,
        at timestamptz) LANGUAGE sql AS $$
    SELECT r.n, o.tenant_id, o.currency, p.id, p.team_id, c.id, a.id,
        now() - pg_temp.draw(r.n, stream, 1825 * 1440) * interval '1 minute'
    FROM generate_series(1, (SELECT count(*) FROM contact)) AS r (n)
    CROSS JOIN owner AS o
    JOIN person AS p ON p.n = pg_temp.draw(r.n, stream + 1, 1000)
    JOIN contact AS c ON c.n = pg_temp.draw(r.n, stream + 2, (SELECT count(*)::int FROM contact))
    JOIN account AS a ON a.n = pg_temp.draw(r.n, stream + 3, (SELECT count(*)::int FROM account)) $$;

-- half of them with an account, all with a person
INSERT INTO activities (tenant_id, id, owner_id, team_id, kind, direction, subject, started_at, links, created_at,
        updated_at, created_by, updated_by)
    SELECT tenant_id, gen_random_uuid(), owner_id, team_id,
        (ARRAY['call', 'email', 'meeting', 'note'])[1 + pg_temp.draw(n, 7, 4)], 'outbound', 'Talk ' || n, at,
        jsonb_build_array(jsonb_build_object('resource', 'contact', 'record_id', contact_id))
            || CASE WHEN pg_temp.draw(n, 8, 2) = 0 THEN '[]'
               ELSE jsonb_build_array(jsonb_build_object('resource', 'account', 'record_id', account_id)) END,
        at, at, owner_id, owner_id
    FROM pg_temp.happened(9);

INSERT INTO orders (tenant_id, id, owner_id, team_id, number, account_id, contact_id, status, placed_at, currency,
        subtotal_amount, total_amount, created_at, updated_at, created_by, updated_by)
    SELECT tenant_id, gen_random_uuid(), owner_id, team_id, 'B' || n, account_id, contact_id, 'completed', at, currency,
        1 + pg_temp.draw(n, 13, 9999), 1 + pg_temp.draw(n, 13, 9999), at, at, owner_id, owner_id
    FROM pg_temp.happened(14);
