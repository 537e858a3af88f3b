-- Sums of opportunities that are kept beside them, so that a board and a forecast cost what there is of sums, and not
-- of opportunities. Whoever writes opportunities writes down by how much the sums change, in the same statement, and
-- waits for nobody; by and by that is folded into the sums. What is true at any moment is what is kept and what waits,
-- together.
--
-- Keys are compared, and null is like nothing: what is of no team, or of all owners, has the id of nobody.

-- What has come and gone since it was folded last: a row for each statement and group.
CREATE TABLE opportunity_sum_changes (
    tenant_id         uuid NOT NULL,
    id                uuid NOT NULL DEFAULT gen_random_uuid(),
    stage_id          uuid NOT NULL,
    owner_id          uuid NOT NULL,
    team_id           uuid NOT NULL,
    currency          text NOT NULL,
    base_currency     text NOT NULL,
    -- of the stage
    kind              text NOT NULL,
    forecast_category text NOT NULL,
    -- the first day of the month in which it is expected to close, or in which it was closed, in UTC
    month_on          date,
    deal_count        int NOT NULL,
    rotten_count      int NOT NULL,
    -- of how many the amount is known
    amount_count      int NOT NULL,
    amount            numeric(38, 6) NOT NULL,
    -- the same in the tenant's own currency
    base_count        int NOT NULL,
    base_amount       numeric(38, 6) NOT NULL,
    -- each times its probability, which is in per cent
    likely_amount     numeric(38, 6) NOT NULL,
    -- what a forecast makes of it
    open_count        int NOT NULL GENERATED ALWAYS AS (CASE WHEN kind = 'open' THEN deal_count ELSE 0 END) STORED,
    won_count         int NOT NULL GENERATED ALWAYS AS (CASE WHEN kind = 'won' THEN deal_count ELSE 0 END) STORED,
    lost_count        int NOT NULL GENERATED ALWAYS AS (CASE WHEN kind = 'lost' THEN deal_count ELSE 0 END) STORED,
    unknown_count     int NOT NULL GENERATED ALWAYS AS (
        CASE WHEN kind = 'lost' THEN 0 ELSE deal_count - base_count END) STORED,
    won_amount        numeric(38, 6) NOT NULL GENERATED ALWAYS AS (
        CASE WHEN kind = 'won' THEN base_amount ELSE 0 END) STORED,
    pipeline_amount   numeric(38, 6) NOT NULL GENERATED ALWAYS AS (
        CASE WHEN kind = 'open' AND forecast_category = 'pipeline' THEN base_amount ELSE 0 END) STORED,
    best_case_amount  numeric(38, 6) NOT NULL GENERATED ALWAYS AS (
        CASE WHEN kind = 'open' AND forecast_category = 'best_case' THEN base_amount ELSE 0 END) STORED,
    commit_amount     numeric(38, 6) NOT NULL GENERATED ALWAYS AS (
        CASE WHEN kind = 'open' AND forecast_category = 'commit' THEN base_amount ELSE 0 END) STORED,
    weighted_amount   numeric(38, 6) NOT NULL GENERATED ALWAYS AS (
        CASE WHEN kind = 'won' THEN 100 * base_amount
             WHEN kind = 'open' AND forecast_category <> 'omitted' THEN likely_amount ELSE 0 END) STORED,
    PRIMARY KEY (tenant_id, id)
);

-- What the living opportunities of a stage come to: all of them, and those of each owner in each team.
CREATE TABLE board_sums (
    tenant_id     uuid NOT NULL,
    level         text NOT NULL CHECK (level IN ('all', 'seller')),
    stage_id      uuid NOT NULL,
    owner_id      uuid NOT NULL,
    team_id       uuid NOT NULL,
    currency      text NOT NULL,
    base_currency text NOT NULL,
    deal_count    int NOT NULL,
    rotten_count  int NOT NULL,
    amount_count  int NOT NULL,
    amount        numeric(38, 6) NOT NULL,
    base_count    int NOT NULL,
    base_amount   numeric(38, 6) NOT NULL,
    PRIMARY KEY (tenant_id, level, stage_id, owner_id, team_id, currency, base_currency)
);

-- What they come to in a month, as a forecast tells it: those of each owner in each team, the same parted by category
-- for whoever does not see all, and those of each team and of each category for whoever does.
CREATE TABLE forecast_sums (
    tenant_id         uuid NOT NULL,
    level             text NOT NULL CHECK (level IN ('seller', 'part', 'team', 'category')),
    month_on          date NOT NULL,
    owner_id          uuid NOT NULL,
    team_id           uuid NOT NULL,
    -- empty where it is of all
    forecast_category text NOT NULL,
    base_currency     text NOT NULL,
    open_count        int NOT NULL,
    won_count         int NOT NULL,
    lost_count        int NOT NULL,
    unknown_count     int NOT NULL,
    won_amount        numeric(38, 6) NOT NULL,
    pipeline_amount   numeric(38, 6) NOT NULL,
    best_case_amount  numeric(38, 6) NOT NULL,
    commit_amount     numeric(38, 6) NOT NULL,
    -- each times its probability, which is in per cent
    weighted_amount   numeric(38, 6) NOT NULL,
    PRIMARY KEY (tenant_id, level, month_on, owner_id, team_id, forecast_category, base_currency)
);

-- What is kept and what waits, in one look.
CREATE VIEW board_figures AS
    SELECT tenant_id, level, stage_id, owner_id, team_id, currency, base_currency, deal_count, rotten_count,
        amount_count, amount, base_count, base_amount
    FROM board_sums
    UNION ALL
    SELECT tenant_id, 'waiting'::text, stage_id, owner_id, team_id, currency, base_currency, deal_count, rotten_count,
        amount_count, amount, base_count, base_amount
    FROM opportunity_sum_changes;
CREATE VIEW forecast_figures AS
    SELECT tenant_id, level, month_on, owner_id, team_id, forecast_category, base_currency, open_count, won_count,
        lost_count, unknown_count, won_amount, pipeline_amount, best_case_amount, commit_amount, weighted_amount
    FROM forecast_sums
    UNION ALL
    SELECT tenant_id, 'waiting'::text, month_on, owner_id, team_id, forecast_category, base_currency, open_count,
        won_count, lost_count, unknown_count, won_amount, pipeline_amount, best_case_amount, commit_amount,
        weighted_amount
    FROM opportunity_sum_changes;

CREATE FUNCTION opportunity_month(closed_at timestamptz, expected_close_on date) RETURNS date LANGUAGE sql IMMUTABLE AS
$$
    SELECT date_trunc('month', coalesce(closed_at AT TIME ZONE 'UTC', expected_close_on::timestamp))::date
$$;

-- Opportunities that were made, or are gone.
CREATE FUNCTION opportunity_sums_count() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    nobody CONSTANT uuid := '00000000-0000-0000-0000-000000000000';
    way CONSTANT int := CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END;
BEGIN
    INSERT INTO opportunity_sum_changes (tenant_id, stage_id, owner_id, team_id, currency, base_currency, kind,
            forecast_category, month_on, deal_count, rotten_count, amount_count, amount, base_count, base_amount,
            likely_amount)
        SELECT o.tenant_id, o.stage_id, o.owner_id, coalesce(o.team_id, nobody), o.currency, o.base_currency, s.kind,
            o.forecast_category, opportunity_month(o.closed_at, o.expected_close_on),
            way * count(*),
            way * count(*) FILTER (WHERE o.is_rotten),
            way * count(o.amount),
            way * coalesce(sum(o.amount), 0),
            way * count(o.base_amount),
            way * coalesce(sum(o.base_amount), 0),
            way * coalesce(sum(o.base_amount * o.probability), 0)
        FROM moved AS o JOIN stages AS s ON s.tenant_id = o.tenant_id AND s.id = o.stage_id
        WHERE o.deleted_at IS NULL
        GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9;
    RETURN NULL;
END $$;

-- Opportunities that were changed: as they are, less as they were. Where that is nothing, nothing is written.
CREATE FUNCTION opportunity_sums_shift() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    nobody CONSTANT uuid := '00000000-0000-0000-0000-000000000000';
BEGIN
    INSERT INTO opportunity_sum_changes (tenant_id, stage_id, owner_id, team_id, currency, base_currency, kind,
            forecast_category, month_on, deal_count, rotten_count, amount_count, amount, base_count, base_amount,
            likely_amount)
        SELECT g.* FROM (
            SELECT o.tenant_id, o.stage_id, o.owner_id, coalesce(o.team_id, nobody) AS team_id, o.currency,
                o.base_currency, s.kind, o.forecast_category,
                opportunity_month(o.closed_at, o.expected_close_on) AS month_on,
                sum(o.way) AS deal_count,
                coalesce(sum(o.way) FILTER (WHERE o.is_rotten), 0) AS rotten_count,
                coalesce(sum(o.way) FILTER (WHERE o.amount IS NOT NULL), 0) AS amount_count,
                coalesce(sum(o.way * o.amount), 0) AS amount,
                coalesce(sum(o.way) FILTER (WHERE o.base_amount IS NOT NULL), 0) AS base_count,
                coalesce(sum(o.way * o.base_amount), 0) AS base_amount,
                coalesce(sum(o.way * o.base_amount * o.probability), 0) AS likely_amount
            FROM (SELECT 1 AS way, n.* FROM came AS n UNION ALL SELECT -1, w.* FROM went AS w) AS o
            JOIN stages AS s ON s.tenant_id = o.tenant_id AND s.id = o.stage_id
            WHERE o.deleted_at IS NULL
            GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
        ) AS g
        WHERE g.deal_count <> 0 OR g.rotten_count <> 0 OR g.amount_count <> 0 OR g.amount <> 0 OR g.base_count <> 0
            OR g.base_amount <> 0 OR g.likely_amount <> 0;
    RETURN NULL;
END $$;

CREATE TRIGGER sums_came AFTER INSERT ON opportunities REFERENCING NEW TABLE AS moved FOR EACH STATEMENT
    EXECUTE FUNCTION opportunity_sums_count();
CREATE TRIGGER sums_went AFTER DELETE ON opportunities REFERENCING OLD TABLE AS moved FOR EACH STATEMENT
    EXECUTE FUNCTION opportunity_sums_count();
CREATE TRIGGER sums_moved AFTER UPDATE ON opportunities REFERENCING OLD TABLE AS went NEW TABLE AS came
    FOR EACH STATEMENT EXECUTE FUNCTION opportunity_sums_shift();

-- Folds what waits into the sums, at most so many rows of it; how many there were. One at a time does so, and nobody
-- else ever changes a sum.
CREATE FUNCTION fold_opportunity_sums(most int) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    nobody CONSTANT uuid := '00000000-0000-0000-0000-000000000000';
    folded bigint := 0;
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtextextended('guanxi opportunity sums', 0)) THEN
        RETURN folded;
    END IF;
    WITH due AS (
        SELECT c.tenant_id, c.id FROM opportunity_sum_changes AS c ORDER BY c.tenant_id, c.id LIMIT most
    ), taken AS (
        DELETE FROM opportunity_sum_changes AS c USING due WHERE c.tenant_id = due.tenant_id AND c.id = due.id
        RETURNING c.*
    ), board AS (
        INSERT INTO board_sums AS s (tenant_id, level, stage_id, owner_id, team_id, currency, base_currency, deal_count,
                rotten_count, amount_count, amount, base_count, base_amount)
            SELECT t.tenant_id, l.level, t.stage_id,
                CASE l.level WHEN 'seller' THEN t.owner_id ELSE nobody END,
                CASE l.level WHEN 'seller' THEN t.team_id ELSE nobody END,
                t.currency, t.base_currency, sum(t.deal_count), sum(t.rotten_count), sum(t.amount_count), sum(t.amount),
                sum(t.base_count), sum(t.base_amount)
            FROM taken AS t CROSS JOIN (VALUES ('all'), ('seller')) AS l (level)
            GROUP BY 1, 2, 3, 4, 5, 6, 7
        ON CONFLICT (tenant_id, level, stage_id, owner_id, team_id, currency, base_currency) DO UPDATE SET
            deal_count = s.deal_count + EXCLUDED.deal_count,
            rotten_count = s.rotten_count + EXCLUDED.rotten_count,
            amount_count = s.amount_count + EXCLUDED.amount_count,
            amount = s.amount + EXCLUDED.amount,
            base_count = s.base_count + EXCLUDED.base_count,
            base_amount = s.base_amount + EXCLUDED.base_amount
    ), forecast AS (
        INSERT INTO forecast_sums AS s (tenant_id, level, month_on, owner_id, team_id, forecast_category, base_currency,
                open_count, won_count, lost_count, unknown_count, won_amount, pipeline_amount, best_case_amount,
                commit_amount, weighted_amount)
            SELECT t.tenant_id, l.level, t.month_on,
                CASE WHEN l.level IN ('seller', 'part') THEN t.owner_id ELSE nobody END,
                CASE WHEN l.level = 'category' THEN nobody ELSE t.team_id END,
                CASE WHEN l.level IN ('part', 'category') THEN t.forecast_category ELSE '' END,
                t.base_currency, sum(t.open_count), sum(t.won_count), sum(t.lost_count), sum(t.unknown_count),
                sum(t.won_amount), sum(t.pipeline_amount), sum(t.best_case_amount), sum(t.commit_amount),
                sum(t.weighted_amount)
            FROM taken AS t CROSS JOIN (VALUES ('seller'), ('part'), ('team'), ('category')) AS l (level)
            WHERE t.month_on IS NOT NULL
            GROUP BY 1, 2, 3, 4, 5, 6, 7
        ON CONFLICT (tenant_id, level, month_on, owner_id, team_id, forecast_category, base_currency) DO UPDATE SET
            open_count = s.open_count + EXCLUDED.open_count,
            won_count = s.won_count + EXCLUDED.won_count,
            lost_count = s.lost_count + EXCLUDED.lost_count,
            unknown_count = s.unknown_count + EXCLUDED.unknown_count,
            won_amount = s.won_amount + EXCLUDED.won_amount,
            pipeline_amount = s.pipeline_amount + EXCLUDED.pipeline_amount,
            best_case_amount = s.best_case_amount + EXCLUDED.best_case_amount,
            commit_amount = s.commit_amount + EXCLUDED.commit_amount,
            weighted_amount = s.weighted_amount + EXCLUDED.weighted_amount
    )
    SELECT count(*) INTO folded FROM taken;
    RETURN folded;
END $$;

-- Takes sums away that have come to be of nothing; how many there were.
CREATE FUNCTION tidy_opportunity_sums() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    gone bigint := 0;
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtextextended('guanxi opportunity sums', 0)) THEN
        RETURN gone;
    END IF;
    WITH board AS (
        DELETE FROM board_sums
        WHERE deal_count = 0 AND rotten_count = 0 AND amount_count = 0 AND amount = 0 AND base_count = 0
            AND base_amount = 0
        RETURNING tenant_id
    ), forecast AS (
        DELETE FROM forecast_sums
        WHERE open_count = 0 AND won_count = 0 AND lost_count = 0 AND unknown_count = 0 AND won_amount = 0
            AND pipeline_amount = 0 AND best_case_amount = 0 AND commit_amount = 0 AND weighted_amount = 0
        RETURNING tenant_id
    )
    SELECT (SELECT count(*) FROM board) + (SELECT count(*) FROM forecast) INTO gone;
    RETURN gone;
END $$;

-- What is there already. The triggers are there, so whoever writes opportunities waits until this is kept.
INSERT INTO opportunity_sum_changes (tenant_id, stage_id, owner_id, team_id, currency, base_currency, kind,
        forecast_category, month_on, deal_count, rotten_count, amount_count, amount, base_count, base_amount,
        likely_amount)
    SELECT o.tenant_id, o.stage_id, o.owner_id, coalesce(o.team_id, '00000000-0000-0000-0000-000000000000'), o.currency,
        o.base_currency, s.kind, o.forecast_category, opportunity_month(o.closed_at, o.expected_close_on), count(*),
        count(*) FILTER (WHERE o.is_rotten), count(o.amount), coalesce(sum(o.amount), 0), count(o.base_amount),
        coalesce(sum(o.base_amount), 0), coalesce(sum(o.base_amount * o.probability), 0)
    FROM opportunities AS o JOIN stages AS s ON s.tenant_id = o.tenant_id AND s.id = o.stage_id
    WHERE o.deleted_at IS NULL
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9;
DO $$ BEGIN PERFORM fold_opportunity_sums(2147483647); END $$;
