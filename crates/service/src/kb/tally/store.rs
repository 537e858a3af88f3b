//! The queries of the days. Their portal or article was asked for through its `scope` before, or what is kept names it.
use super::{Counts, KbArticleFigures, KbFigures, Of, share};
use crate::kb::schema::{kb_article_days, kb_articles, kb_feedback, kb_portal_days, kb_portals};
use crate::kb::{article, portal};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use diesel::dsl::count_star;
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::upsert::excluded;
use kernel::{Ctx, KbArticleId, KbPortalId, Result, TenantId};
use platform::Conn;
use std::collections::{BTreeMap, BTreeSet};

const MOST_ARTICLES: i64 = 50;

/// Adds what was counted to the days. What is of an article or a portal that is there no more is nothing.
pub fn keep(conn: &mut Conn, counts: &Counts) -> Result<()> {
    conn.transaction(|conn| {
        keep_reads(conn, counts)?;
        keep_searches(conn, counts)
    })
}

fn keep_reads(conn: &mut Conn, counts: &Counts) -> Result<()> {
    let named: Vec<KbArticleId> = counts.reads.keys().map(|(_, article, ..)| *article).collect();
    let there: Vec<(TenantId, KbArticleId)> = kb_articles::table
        .filter(kb_articles::tenant_id.eq_any(counts.reads.keys().map(|(tenant, ..)| *tenant)))
        .filter(kb_articles::id.eq_any(&named))
        .order((kb_articles::tenant_id, kb_articles::id))
        .select((kb_articles::tenant_id, kb_articles::id))
        .for_key_share()
        .load(conn)?;
    let there: BTreeSet<(TenantId, KbArticleId)> = there.into_iter().collect();
    let kept = counts.reads.iter().filter(|((tenant, article, ..), _)| there.contains(&(*tenant, *article)));
    let kept: Vec<_> = kept.collect();
    for some in kept.chunks(1000) {
        let row = |((tenant, article, day, locale), many): &(&Of<KbArticleId>, &i64)| {
            (
                kb_article_days::tenant_id.eq(*tenant),
                kb_article_days::article_id.eq(*article),
                kb_article_days::day.eq(*day),
                kb_article_days::locale.eq(locale.clone()),
                kb_article_days::view_count.eq(**many),
            )
        };
        diesel::insert_into(kb_article_days::table)
            .values(some.iter().map(row).collect::<Vec<_>>())
            .on_conflict((
                kb_article_days::tenant_id,
                kb_article_days::article_id,
                kb_article_days::day,
                kb_article_days::locale,
            ))
            .do_update()
            .set(kb_article_days::view_count.eq(kb_article_days::view_count + excluded(kb_article_days::view_count)))
            .execute(conn)?;
    }
    Ok(())
}

fn keep_searches(conn: &mut Conn, counts: &Counts) -> Result<()> {
    let named: Vec<KbPortalId> = counts.searches.keys().map(|(_, portal, ..)| *portal).collect();
    let there: Vec<(TenantId, KbPortalId)> = kb_portals::table
        .filter(kb_portals::tenant_id.eq_any(counts.searches.keys().map(|(tenant, ..)| *tenant)))
        .filter(kb_portals::id.eq_any(&named))
        .order((kb_portals::tenant_id, kb_portals::id))
        .select((kb_portals::tenant_id, kb_portals::id))
        .for_key_share()
        .load(conn)?;
    let there: BTreeSet<(TenantId, KbPortalId)> = there.into_iter().collect();
    let kept = counts.searches.iter().filter(|((tenant, portal, ..), _)| there.contains(&(*tenant, *portal)));
    let kept: Vec<_> = kept.collect();
    for some in kept.chunks(1000) {
        let row = |((tenant, portal, day, locale), (all, empty)): &(&Of<KbPortalId>, &(i64, i64))| {
            (
                kb_portal_days::tenant_id.eq(*tenant),
                kb_portal_days::portal_id.eq(*portal),
                kb_portal_days::day.eq(*day),
                kb_portal_days::locale.eq(locale.clone()),
                kb_portal_days::search_count.eq(*all),
                kb_portal_days::empty_count.eq(*empty),
            )
        };
        diesel::insert_into(kb_portal_days::table)
            .values(some.iter().map(row).collect::<Vec<_>>())
            .on_conflict((
                kb_portal_days::tenant_id,
                kb_portal_days::portal_id,
                kb_portal_days::day,
                kb_portal_days::locale,
            ))
            .do_update()
            .set((
                kb_portal_days::search_count.eq(kb_portal_days::search_count + excluded(kb_portal_days::search_count)),
                kb_portal_days::empty_count.eq(kb_portal_days::empty_count + excluded(kb_portal_days::empty_count)),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// How a portal that the caller sees did from one day to another.
pub fn figures(conn: &mut Conn, ctx: &Ctx, id: KbPortalId, (from, until): (NaiveDate, NaiveDate)) -> Result<KbFigures> {
    portal::find(conn, ctx, id)?;
    let articles: Vec<(KbArticleId, String)> = kb_articles::table
        .filter(kb_articles::tenant_id.eq(ctx.tenant))
        .filter(kb_articles::portal_id.eq(id))
        .select((kb_articles::id, kb_articles::title))
        .load(conn)?;
    let ids: Vec<KbArticleId> = articles.iter().map(|(id, _)| *id).collect();
    let views = views(conn, ctx, &ids, (from, until))?;
    let verdicts = verdicts(conn, ctx, &ids, (from, until))?;
    let (search_count, empty_search_count) = searches(conn, ctx, id, (from, until))?;
    let total = |of: fn(&Verdicts) -> i64| verdicts.values().map(of).sum::<i64>();
    let (helpful_count, unhelpful_count) = (total(|one| one.helpful), total(|one| one.unhelpful));
    let mut lines: Vec<KbArticleFigures> =
        articles.into_iter().map(|(id, title)| line(id, title, &views, &verdicts)).collect();
    lines.retain(|line| line.view_count + line.helpful_count + line.unhelpful_count > 0);
    lines.sort_by_key(|line| (std::cmp::Reverse(line.view_count), line.article_id));
    lines.truncate(usize::try_from(MOST_ARTICLES).unwrap_or(usize::MAX));
    Ok(KbFigures {
        from_on: from,
        until_on: until,
        view_count: views.values().sum(),
        search_count,
        empty_search_count,
        helpful_count,
        unhelpful_count,
        comment_count: total(|one| one.comments),
        deflected_count: helpful_count,
        helpful_share: share(helpful_count, helpful_count + unhelpful_count),
        articles: lines,
    })
}

/// How an article that the caller sees did from one day to another.
pub fn of_article(
    conn: &mut Conn,
    ctx: &Ctx,
    id: KbArticleId,
    span: (NaiveDate, NaiveDate),
) -> Result<KbArticleFigures> {
    let article = article::find(conn, ctx, id)?;
    let views = views(conn, ctx, &[id], span)?;
    let verdicts = verdicts(conn, ctx, &[id], span)?;
    Ok(line(id, article.title, &views, &verdicts))
}

fn line(
    id: KbArticleId,
    title: String,
    views: &BTreeMap<KbArticleId, i64>,
    verdicts: &BTreeMap<KbArticleId, Verdicts>,
) -> KbArticleFigures {
    let said = verdicts.get(&id).copied().unwrap_or_default();
    KbArticleFigures {
        article_id: id,
        title,
        view_count: views.get(&id).copied().unwrap_or_default(),
        helpful_count: said.helpful,
        unhelpful_count: said.unhelpful,
    }
}

fn views(
    conn: &mut Conn,
    ctx: &Ctx,
    articles: &[KbArticleId],
    (from, until): (NaiveDate, NaiveDate),
) -> QueryResult<BTreeMap<KbArticleId, i64>> {
    let days: Vec<(KbArticleId, i64)> = kb_article_days::table
        .filter(kb_article_days::tenant_id.eq(ctx.tenant))
        .filter(kb_article_days::article_id.eq_any(articles))
        .filter(kb_article_days::day.between(from, until))
        .select((kb_article_days::article_id, kb_article_days::view_count))
        .load(conn)?;
    let mut views = BTreeMap::new();
    days.into_iter().for_each(|(article, many)| *views.entry(article).or_default() += many);
    Ok(views)
}

/// What was said of an article.
#[derive(Clone, Copy, Default)]
struct Verdicts {
    helpful: i64,
    unhelpful: i64,
    comments: i64,
}

fn verdicts(
    conn: &mut Conn,
    ctx: &Ctx,
    articles: &[KbArticleId],
    (from, until): (NaiveDate, NaiveDate),
) -> QueryResult<BTreeMap<KbArticleId, Verdicts>> {
    let after = until.checked_add_days(Days::new(1)).unwrap_or(until);
    let said = || {
        kb_feedback::table
            .filter(kb_feedback::tenant_id.eq(ctx.tenant))
            .filter(kb_feedback::article_id.eq_any(articles))
            .filter(kb_feedback::updated_at.ge(midnight(from)))
            .filter(kb_feedback::updated_at.lt(midnight(after)))
    };
    let sides: Vec<(KbArticleId, bool, i64)> = said()
        .group_by((kb_feedback::article_id, kb_feedback::is_helpful))
        .select((kb_feedback::article_id, kb_feedback::is_helpful, count_star()))
        .load(conn)?;
    let comments: Vec<(KbArticleId, i64)> = said()
        .filter(kb_feedback::comment.is_not_null())
        .group_by(kb_feedback::article_id)
        .select((kb_feedback::article_id, count_star()))
        .load(conn)?;
    let mut verdicts = BTreeMap::<KbArticleId, Verdicts>::new();
    for (article, is_helpful, many) in sides {
        let of = verdicts.entry(article).or_default();
        let side = if is_helpful { &mut of.helpful } else { &mut of.unhelpful };
        *side += many;
    }
    for (article, many) in comments {
        verdicts.entry(article).or_default().comments += many;
    }
    Ok(verdicts)
}

fn searches(
    conn: &mut Conn,
    ctx: &Ctx,
    portal: KbPortalId,
    (from, until): (NaiveDate, NaiveDate),
) -> QueryResult<(i64, i64)> {
    let days: Vec<(i64, i64)> = kb_portal_days::table
        .filter(kb_portal_days::tenant_id.eq(ctx.tenant))
        .filter(kb_portal_days::portal_id.eq(portal))
        .filter(kb_portal_days::day.between(from, until))
        .select((kb_portal_days::search_count, kb_portal_days::empty_count))
        .load(conn)?;
    Ok(days.into_iter().fold((0, 0), |all, one| (all.0 + one.0, all.1 + one.1)))
}

fn midnight(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
}
