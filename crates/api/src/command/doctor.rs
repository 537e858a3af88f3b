//! `guanxi doctor`: whether everything is as it should be, one line a finding.
use super::{Database, Outcome};
use crate::config::Config;
use crate::house;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Text};
use platform::outbound::Outbound;
use platform::role::{self, Standing};
use platform::{Vault, audit};

/// The oldest server that the SQL is written for.
const OLDEST: i32 = 150_000;

#[derive(QueryableByName)]
struct Server {
    #[diesel(sql_type = Integer)]
    version: i32,
    #[diesel(sql_type = Text)]
    encoding: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Sums and links that the program keeps, looked at once more: what is checked, and the query that counts what is off.
const KEPT: &[(&str, &str)] = &[
    (
        "orders whose sums are not those of their lines",
        "SELECT count(*) FROM orders o LEFT JOIN (SELECT tenant_id, order_id, sum(subtotal_amount) AS subtotal, \
         sum(discount_amount) AS discount, sum(tax_amount) AS tax, count(*) AS lines FROM order_lines GROUP BY 1, 2) l \
         ON l.tenant_id = o.tenant_id AND l.order_id = o.id WHERE (o.subtotal_amount, o.discount_amount, o.tax_amount, \
         o.line_count) IS DISTINCT FROM (coalesce(l.subtotal, 0), coalesce(l.discount, 0), coalesce(l.tax, 0), \
         coalesce(l.lines, 0)) OR o.total_amount <> o.subtotal_amount - o.discount_amount + o.tax_amount + o.shipping_amount",
    ),
    (
        "contacts whose e-mail is not their primary point",
        "SELECT count(*) FROM contacts c LEFT JOIN contact_points p ON p.tenant_id = c.tenant_id AND p.contact_id = c.id \
         AND p.kind = 'email' AND p.is_primary WHERE c.email IS DISTINCT FROM p.value_norm",
    ),
    (
        "contacts whose account is not their primary membership",
        "SELECT count(*) FROM contacts c LEFT JOIN memberships m ON m.tenant_id = c.tenant_id AND m.contact_id = c.id \
         AND m.is_primary WHERE c.account_id IS DISTINCT FROM m.account_id",
    ),
    (
        "external names of records that are gone",
        "SELECT count(*) FROM external_refs r WHERE NOT EXISTS (SELECT 1 FROM accounts x WHERE (x.tenant_id, x.id) = \
         (r.tenant_id, r.record_id)) AND NOT EXISTS (SELECT 1 FROM contacts x WHERE (x.tenant_id, x.id) = (r.tenant_id, \
         r.record_id)) AND NOT EXISTS (SELECT 1 FROM products x WHERE (x.tenant_id, x.id) = (r.tenant_id, r.record_id)) \
         AND NOT EXISTS (SELECT 1 FROM orders x WHERE (x.tenant_id, x.id) = (r.tenant_id, r.record_id))",
    ),
    (
        "customers whose sums are not those of their orders",
        "SELECT count(*) FROM (SELECT 1 FROM (SELECT tenant_id, account_id, currency, order_count, revenue_amount, \
         net_amount FROM customer_facts UNION ALL SELECT tenant_id, account_id, currency, -1, -total_amount, \
         tax_amount + shipping_amount - total_amount FROM orders WHERE account_id IS NOT NULL AND deleted_at IS NULL \
         AND status <> 'cancelled') f WHERE NOT EXISTS (SELECT FROM customer_fact_marks m WHERE (m.tenant_id, \
         m.account_id) = (f.tenant_id, f.account_id)) GROUP BY tenant_id, account_id, currency HAVING \
         sum(order_count) <> 0 OR sum(revenue_amount) <> 0 OR sum(net_amount) <> 0) AS broken",
    ),
    (
        "sums of a stage that are not those of its opportunities",
        "SELECT count(*) FROM (SELECT 1 FROM (SELECT tenant_id, stage_id, currency, base_currency, deal_count, rotten_count, \
         amount, base_amount FROM board_figures WHERE level IN ('all', 'waiting') UNION ALL SELECT tenant_id, stage_id, \
         currency, base_currency, -1, -is_rotten::int, -coalesce(amount, 0), -coalesce(base_amount, 0) FROM opportunities \
         WHERE deleted_at IS NULL) f GROUP BY tenant_id, stage_id, currency, base_currency HAVING sum(deal_count) <> 0 OR \
         sum(rotten_count) <> 0 OR sum(amount) <> 0 OR sum(base_amount) <> 0) AS broken",
    ),
    (
        "sums of somebody in a stage that are not those of their opportunities",
        "SELECT count(*) FROM (SELECT 1 FROM (SELECT tenant_id, stage_id, owner_id, team_id, currency, base_currency, \
         deal_count, amount FROM board_figures WHERE level IN ('seller', 'waiting') UNION ALL SELECT tenant_id, stage_id, \
         owner_id, coalesce(team_id, '00000000-0000-0000-0000-000000000000'), currency, base_currency, -1, \
         -coalesce(amount, 0) FROM opportunities WHERE deleted_at IS NULL) f GROUP BY tenant_id, stage_id, owner_id, \
         team_id, currency, base_currency HAVING sum(deal_count) <> 0 OR sum(amount) <> 0) AS broken",
    ),
    (
        "months whose sums by owner, team and category differ",
        "SELECT count(*) FROM (SELECT 1 FROM (SELECT tenant_id, month_on, base_currency, sum(open_count) AS open, \
         sum(won_count) AS won, sum(lost_count) AS lost, sum(won_amount) AS brought, sum(weighted_amount) AS weighted, \
         sum(pipeline_amount + best_case_amount + commit_amount) AS hoped FROM forecast_sums GROUP BY tenant_id, month_on, \
         base_currency, level) f GROUP BY tenant_id, month_on, base_currency HAVING \
         count(DISTINCT (open, won, lost, brought, weighted, hoped)) > 1) AS broken",
    ),
    (
        "sums of a month that are not those of its opportunities",
        "SELECT count(*) FROM (SELECT 1 FROM (SELECT tenant_id, month_on, base_currency, open_count + won_count + lost_count \
         AS deals, won_amount FROM forecast_figures WHERE level IN ('category', 'waiting') UNION ALL SELECT o.tenant_id, \
         opportunity_month(closed_at, expected_close_on), base_currency, -1, CASE s.kind WHEN 'won' THEN \
         -coalesce(base_amount, 0) ELSE 0 END FROM opportunities o JOIN stages s ON s.tenant_id = o.tenant_id AND s.id = \
         o.stage_id WHERE deleted_at IS NULL) f WHERE month_on IS NOT NULL GROUP BY tenant_id, month_on, base_currency \
         HAVING sum(deals) <> 0 OR sum(won_amount) <> 0) AS broken",
    ),
];

pub async fn run(config: &Config) -> Outcome {
    let database = Database::open(config)?;
    let faults = look(config, &database)?;
    database.close();
    match faults {
        0 => Ok(()),
        one => Err(format!("{one} findings").into()),
    }
}

fn look(config: &Config, database: &Database) -> Result<usize, Box<dyn std::error::Error>> {
    let mut conn = PgConnection::establish(&database.direct_url)?;
    let server: Server = diesel::sql_query(
        "SELECT current_setting('server_version_num')::int AS version, current_setting('server_encoding') AS encoding",
    )
    .get_result(&mut conn)?;
    let mut faults = 0;
    let mut say = |good: bool, text: String| {
        faults += usize::from(!good);
        println!("{} {text}", if good { "ok  " } else { "FAIL" });
    };
    say(server.version >= OLDEST, format!("PostgreSQL {} (15 or later)", server.version / 10_000));
    say(server.encoding == "UTF8", format!("encoding {} (UTF8)", server.encoding));
    let pending = platform::migrate::pending(&database.direct_url)?;
    say(pending.is_empty(), format!("{} migrations wait", pending.len()));
    say(house::catalogues().is_ok(), "the nouns fit together".into());
    let open = config.master_keys.is_open_to_others();
    say(!open, "the file of the master key, if there is one, is for nobody else to read".into());
    gateways(config).into_iter().for_each(|(good, text)| say(good, text));
    if pending.is_empty() {
        let missing = Vault::as_found(&config.master_keys)?.missing(&mut conn)?;
        say(missing.is_empty(), format!("{} master keys are missing {}", missing.len(), missing.join(", ")));
        let standing = role::standing(&database.url)?;
        let asked = !config.pooled && standing.role().is_some();
        say(asked || standing.is_bound, walled(config, standing));
        trail(&mut conn)?.into_iter().for_each(|(good, text)| say(good, text));
        for (what, query) in KEPT {
            let off: Count = diesel::sql_query(*query).get_result(&mut conn)?;
            say(off.count == 0, format!("{} {what}", off.count));
        }
    }
    if let Some(file) = config.master_keys.own_file() {
        println!("note {} opens what is sealed: is a copy kept, away from those of the database?", file.display());
    }
    Ok(faults)
}

/// Whether what is named to hand messages on may be spoken to, as far as that shows without asking it.
fn gateways(config: &Config) -> Vec<(bool, String)> {
    let outbound = match Outbound::open(&config.outbound) {
        Ok(outbound) => outbound,
        Err(why) => return vec![(false, format!("nothing goes out to other servers: {why}"))],
    };
    let named = [
        ("messages to devices", "GUANXI_PUSH_URL", config.push.url.as_deref()),
        ("text messages", "GUANXI_SMS_URL", config.sms.url.as_deref()),
    ];
    let look = |(what, variable, url): (&str, &str, Option<&str>)| match url.map(|url| outbound.check(url)) {
        None => (true, format!("{what} are not sent: {variable} names no gateway")),
        Some(Ok(())) => (true, format!("{what} go to the gateway of {variable}")),
        Some(Err(why)) => (false, format!("{what} cannot go to the gateway of {variable}: {why}")),
    };
    named.into_iter().map(look).collect()
}

/// How the audit trail stands, and its months.
fn trail(conn: &mut PgConnection) -> Result<[(bool, String); 2], Box<dyn std::error::Error>> {
    let now = kernel::clock::now();
    let (trail, months) = (audit::outline(conn, now)?, audit::months(conn, now)?);
    let sealed = format!(
        "{} rows of the audit trail are sealed, {} wait, {} of them for more than an hour; {} checkpoints (`guanxi audit \
         verify` looks them through)",
        trail.sealed, trail.waiting, trail.late, trail.checkpoints
    );
    let lying = format!(
        "the audit trail has {} months, and {} the next one; {} of its rows are in none of them",
        months.count,
        if months.has_next { "has" } else { "lacks" },
        months.rest
    );
    Ok([(trail.late == 0, sealed), (months.has_next && months.rest == 0, lying)])
}

/// Whether the service can change the audit trail, and what is to be done where it can.
fn walled(config: &Config, standing: Standing) -> String {
    let name = role::NAME;
    match (standing.role(), standing.is_bound) {
        (Some(_), _) if !config.pooled => format!("the service works as {name}, which cannot change the audit trail"),
        (_, true) if standing.is_owner => format!(
            "whoever the service logs in as may not change the audit trail, but owns it and could take the right back: \
             better they log in as a user that is in {name} and owns nothing"
        ),
        (_, true) => "whoever the service logs in as cannot change the audit trail".into(),
        (Some(_), false) => format!(
            "behind a pooler no role is asked for: log in as a user that is in {name} and owns nothing, and give the owner in \
             GUANXI_DATABASE_DIRECT_URL"
        ),
        (None, false) => format!(
            "the service could change the audit trail: whoever migrates may make no role, so have `CREATE ROLE {name} \
             NOLOGIN` and `GRANT {name}` to them done for it, and migrate again"
        ),
    }
}
