//! The queries of a quote on its way.
use crate::quote::Quote;
use crate::quote::approval::{PENDING, Round};
use crate::quote::schema::{quotes, quotes_beside};
use crate::quote::store::{scope, touched};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::{Timestamptz, Uuid as SqlUuid};
use kernel::event::Verb;
use kernel::{Action, Ctx, QuoteId, TenantId, UserId};
use platform::custom::Custom;
use platform::search::array_to_tsvector;
use platform::sweep::{Look, look};
use platform::{Conn, Record};
use rust_decimal::Decimal;

/// Another status of one that is locked, by whoever may do `action`, and what that is for the round that waits.
pub fn set_status(
    conn: &mut Conn,
    ctx: &Ctx,
    action: Action,
    id: QuoteId,
    (status, verb): (&str, Verb),
    round: Option<Round>,
) -> QueryResult<Option<Quote>> {
    let sent = (verb == Verb::Sent).then(|| quotes::sent_at.eq(ctx.now));
    let round = round.map(|round| {
        let (status, reason) = match round {
            Round::Begins => (PENDING, None),
            Round::Ends { status, reason } => (status, reason),
        };
        let ended = matches!(round, Round::Ends { .. }).then_some((ctx.actor.user, ctx.now));
        let begun = ended.is_none().then(|| {
            let by = quotes_beside::approval_requested_by.eq(ctx.actor.user);
            (by, quotes_beside::approval_requested_at.eq(ctx.now))
        });
        (
            quotes_beside::approval_status.eq(status),
            begun,
            quotes_beside::approval_decided_by.eq(ended.map(|(by, _)| by)),
            quotes_beside::approval_decided_at.eq(ended.map(|(_, at)| at)),
            quotes_beside::approval_reason.eq(reason),
        )
    });
    diesel::update(scope(ctx, action).filter(quotes::id.eq(id)))
        .set((quotes::status.eq(status), sent, round, touched(ctx)))
        .returning(Quote::as_returning())
        .recorded::<Quote>(ctx, verb)
        .get_result(conn)
        .optional()
}

/// The next revision of one that was superseded a moment ago: a draft of the same.
pub fn insert_next(conn: &mut Conn, ctx: &Ctx, old: &Quote, custom: &Custom, words: Vec<String>) -> QueryResult<Quote> {
    let fixed = old.discount_fixed.as_ref().map(|money| money.amount);
    let head = (
        quotes::tenant_id.eq(ctx.tenant),
        quotes::id.eq(QuoteId::new()),
        quotes::owner_id.eq(old.owner_id),
        quotes::team_id.eq(old.team_id),
        quotes::number.eq(&old.number),
        quotes::revision.eq(old.revision + 1),
        quotes::opportunity_id.eq(old.opportunity_id),
        quotes::account_id.eq(old.account_id),
        quotes::contact_id.eq(old.contact_id),
        quotes::status.eq("draft"),
        quotes::currency.eq(&old.currency),
        quotes::price_book_id.eq(old.price_book_id),
        quotes::valid_until_on.eq(old.valid_until_on),
        quotes::is_tax_included.eq(old.is_tax_included),
        quotes::rounding.eq(&old.rounding),
        quotes::discount_rate.eq(old.discount_rate),
    );
    let rest = (
        quotes::discount_fixed.eq(fixed),
        quotes::subtotal_amount.eq(old.subtotal.amount),
        quotes::discount_amount.eq(old.discount.amount),
        quotes::tax_amount.eq(old.tax.amount),
        quotes::shipping_amount.eq(old.shipping.amount),
        quotes::total_amount.eq(old.total.amount),
        quotes::line_count.eq(old.line_count),
        quotes::terms.eq(&old.terms),
        quotes::created_at.eq(ctx.now),
        quotes::updated_at.eq(ctx.now),
        quotes::created_by.eq(ctx.actor.user),
        quotes::updated_by.eq(ctx.actor.user),
        quotes::custom.eq(custom),
        quotes_beside::search.eq(array_to_tsvector(words)),
    );
    diesel::insert_into(quotes::table)
        .values((head, rest))
        .returning(Quote::as_returning())
        .recorded::<Quote>(ctx, Verb::Created)
        .get_result(conn)
}

#[derive(QueryableByName)]
pub struct Due {
    #[diesel(sql_type = SqlUuid)]
    pub tenant_id: TenantId,
    #[diesel(sql_type = SqlUuid)]
    pub id: QuoteId,
    #[diesel(sql_type = SqlUuid)]
    pub owner_id: UserId,
    /// by the clock that all machines have in common
    #[diesel(sql_type = Timestamptz)]
    pub now: DateTime<Utc>,
}

/// A quote whose last day is over where its tenant is; one that somebody answers at the moment is left for the next look.
pub const OVER: Look = look! {
    what: "a quote that runs out",
    row: "q",
    locks: "q",
    tells: "q.owner_id",
    from: "FROM quotes AS q JOIN tenants AS t ON t.tenant_id = q.tenant_id \
           WHERE q.status = 'sent' AND q.deleted_at IS NULL \
           AND q.valid_until_on < (statement_timestamp() AT TIME ZONE 'UTC')::date + 1 \
           AND q.valid_until_on < (statement_timestamp() AT TIME ZONE t.time_zone)::date",
};

/// It has run out, whoever it is of.
pub fn expire(conn: &mut Conn, ctx: &Ctx, id: QuoteId) -> QueryResult<Quote> {
    diesel::update(quotes::table.find((ctx.tenant, id)).filter(quotes::status.eq("sent")))
        .set((quotes::status.eq("expired"), touched(ctx)))
        .returning(Quote::as_returning())
        .recorded::<Quote>(ctx, Verb::Expired)
        .get_result(conn)
}

/// The discount above which the tenant wants to be asked.
pub fn approval_discount(conn: &mut Conn, ctx: &Ctx) -> QueryResult<Option<Decimal>> {
    use crate::schema::tenants;
    tenants::table.find(ctx.tenant).select(tenants::quote_approval_discount).first(conn)
}

impl Quote {
    /// Whether its last day is over.
    pub(super) fn is_over(&self, today: NaiveDate) -> bool {
        self.valid_until_on.is_some_and(|last| last < today)
    }
}
