//! `?sort=name` and `?sort=account.name`: what a list is ordered by, as pieces for the list to build on.
//!
//! A path goes over relations to one only. What the caller may not see over there is absent, as in a filter.
use super::path::{Told, money, part_of};
use super::refusal::{Refusal, SORT_NOT_SORTABLE, SORT_TOO_MANY_HOPS, SORT_UNKNOWN_FIELD};
use super::render::Render;
use super::sql::Part;
use super::tree::{Hop, Operand, Value};
use super::{Customs, Listed};
use kernel::catalogue::{Catalogue, Catalogues, Kind, Link};
use kernel::{Code, Ctx, Result, Text, text};

/// The most relations that one term of a sort crosses.
pub const MAX_SORT_HOPS: usize = 3;

/// One term of a sort: a column of the listed table, or of a row that it leads to.
#[derive(Clone, Debug)]
pub struct OrderTerm {
    pub kind: Kind,
    /// can the value be absent?
    pub nullable: bool,
    column: &'static str,
    own: Option<Operand>,
    hops: Vec<Hop>,
    base: &'static Catalogue,
    catalogues: &'static Catalogues,
}

/// Resolves `name` or `account.name` on the rows of `T`; the leading sign of a sort is not part of it.
pub fn order_column<T: Listed>(
    catalogues: &'static Catalogues,
    path: &str,
    customs: &dyn Customs,
) -> Result<OrderTerm> {
    let refuse = |code, detail| Refusal { code, detail, pointer: "?sort".into(), at: None };
    Ok(resolve(T::CATALOGUE, catalogues, path, customs).map_err(|(code, detail)| refuse(code, detail))?)
}

/// The same of a noun that is known only now.
pub(crate) fn order_of(
    noun: &'static Catalogue,
    catalogues: &'static Catalogues,
    path: &str,
    customs: &dyn Customs,
) -> Result<OrderTerm> {
    let refuse = |code, detail| Refusal { code, detail, pointer: "?sort".into(), at: None };
    Ok(resolve(noun, catalogues, path, customs).map_err(|(code, detail)| refuse(code, detail))?)
}

impl OrderTerm {
    /// The column, where it is one of the listed table itself: such a term may be served by an index.
    pub fn plain(&self) -> Option<&'static str> {
        (self.hops.is_empty() && self.own.is_none()).then_some(self.column)
    }

    /// What it is of, were it no text in its row: a day of the tenant's own is a day.
    pub(crate) fn holds(&self) -> Kind {
        match &self.own {
            Some(Operand::Custom { kind, part: None, .. }) => *kind,
            Some(_) => Kind::Text,
            None => self.kind,
        }
    }

    /// Of money, what it is in.
    pub(crate) fn currency(&self) -> Option<Self> {
        let told = Self { kind: Kind::Text, ..self.clone() };
        match (&self.own, self.kind) {
            (Some(Operand::Custom { depth, column, key, kind: kind @ Kind::Money { .. }, part: None }), _) => {
                let part = Some("currency");
                let own = Operand::Custom { depth: *depth, column, key: key.clone(), kind: *kind, part };
                Some(Self { own: Some(own), ..told })
            }
            (None, Kind::Money { currency }) => Some(Self { column: currency, ..told }),
            _ => None,
        }
    }

    /// The nouns that it crosses to.
    pub(crate) fn crossed(&self) -> impl Iterator<Item = &'static Catalogue> + '_ {
        self.hops.iter().map(|hop| hop.target)
    }

    /// The expression: a column, or a subquery with one value.
    pub(crate) fn parts(&self, ctx: &Ctx) -> Vec<Part> {
        let mut render = Render::new(self.base, self.catalogues, ctx);
        self.value(&mut render, &self.hops, 0);
        render.parts
    }

    fn value(&self, render: &mut Render, hops: &[Hop], depth: usize) {
        let Some((hop, rest)) = hops.split_first() else {
            return match &self.own {
                Some(own) => render.operand(own, false),
                None => render.column(render.alias(depth), self.column),
            };
        };
        render.sql("(SELECT ");
        self.value(render, rest, hop.to);
        render.rows(hop);
        render.sql(")");
    }
}

fn resolve(
    base: &'static Catalogue,
    catalogues: &'static Catalogues,
    path: &str,
    customs: &dyn Customs,
) -> std::result::Result<OrderTerm, (Code, Text)> {
    let mut names = path.split('.').peekable();
    let (mut source, mut hops) = (base, Vec::new());
    while let Some(name) = names.next() {
        if let Some(relation) = super::relation(catalogues, customs, source.noun, name) {
            let target = match relation.link {
                Link::Many { .. } | Link::Through { .. } => {
                    return Err((SORT_NOT_SORTABLE, text!("{name} is many", name)));
                }
                Link::One { .. } => catalogues.get(relation.target),
            };
            let target = target.ok_or_else(|| unknown(source, name))?;
            let from = hops.len();
            if from == MAX_SORT_HOPS {
                return Err((SORT_TOO_MANY_HOPS, text!("at most {most} relations", most = MAX_SORT_HOPS)));
            }
            hops.push(Hop { from, to: from + 1, link: relation.link, source, target });
            source = target;
            continue;
        }
        if let (Some(column), "custom") = (source.custom, name) {
            let (own, kind) = own(source, column, hops.len(), &mut names, customs)?;
            return Ok(OrderTerm { kind, nullable: true, column, own: Some(own), hops, base, catalogues });
        }
        let field = source.field(name).filter(|field| !customs.hides(source.noun, field.name));
        let field = field.ok_or_else(|| unknown(source, name))?;
        if !field.sortable {
            return Err((SORT_NOT_SORTABLE, text!("{name} cannot be sorted by", name)));
        }
        let mut told = None;
        names.next_if(|part| {
            told = money(source, field, part, customs);
            told.is_some()
        });
        let Told { column, kind, nullable } = told.unwrap_or_else(|| Told::whole(field));
        if let Some(more) = names.next() {
            return Err((SORT_UNKNOWN_FIELD, text!("{noun} has no \"{name}\"", noun = name, name = more)));
        }
        let nullable = nullable || !hops.is_empty();
        return Ok(OrderTerm { kind, nullable, column, own: None, hops, base, catalogues });
    }
    Err((SORT_NOT_SORTABLE, text!("{path} names a row, not a field", path)))
}

/// A field of the tenant's own. Days, moments and ids stand there as text.
fn own(
    source: &Catalogue,
    column: &'static str,
    depth: usize,
    names: &mut std::iter::Peekable<std::str::Split<'_, char>>,
    customs: &dyn Customs,
) -> std::result::Result<(Operand, Kind), (Code, Text)> {
    let key = names.next().unwrap_or_default();
    let holds = customs.kind(source.noun, key).ok_or_else(|| unknown(source, key))?;
    if holds == Kind::Tags {
        return Err((SORT_NOT_SORTABLE, text!("{name} cannot be sorted by", name = key)));
    }
    let part = names.next_if(|part| part_of(holds, part).is_some());
    let (part, of) = part.and_then(|part| part_of(holds, part)).unwrap_or((None, holds));
    if let Some(more) = names.next() {
        return Err((SORT_UNKNOWN_FIELD, text!("{noun} has no \"{name}\"", noun = key, name = more)));
    }
    let read_as = if matches!(of, Kind::Date | Kind::Instant | Kind::Id) { Kind::Text } else { of };
    Ok((Operand::Custom { depth, column, key: Value::Text(key.to_owned()), kind: holds, part }, read_as))
}

fn unknown(source: &Catalogue, name: &str) -> (Code, Text) {
    (SORT_UNKNOWN_FIELD, text!("{noun} has no \"{name}\"", noun = source.noun, name))
}

#[cfg(test)]
mod tests {
    use super::super::{NoCustoms, Part};
    use super::{OrderTerm, SORT_NOT_SORTABLE, SORT_TOO_MANY_HOPS, SORT_UNKNOWN_FIELD, resolve};
    use kernel::catalogue::{Catalogue, Catalogues, Field, Kind, Owned, Relation};
    use kernel::{Action, Actor, Code, Ctx, Grants, Reach, RequestId, TenantId, UserId};
    use std::sync::Arc;

    static ACCOUNT: Catalogue = Catalogue {
        noun: "account",
        table: "accounts",
        fields: &[
            Field::new("name", Kind::Text),
            Field::new("worth", Kind::Money { currency: "worth_currency" }).column("worth_amount"),
            Field::new("tags", Kind::Tags),
        ],
        relations: &[Relation::one("parent", "account", "parent_id"), Relation::many("parts", "account", "parent_id")],
        custom: None,
        owned: Owned::Rows { owner: "owner_id", team: "team_id" },
    };

    fn term(path: &str) -> Result<OrderTerm, Code> {
        let house = Catalogues::assemble(&[&ACCOUNT], &[]).map_err(|_| kernel::error::INTERNAL)?;
        resolve(&ACCOUNT, house, path, &NoCustoms).map_err(|(code, _)| code)
    }

    fn sql(path: &str) -> String {
        let mut grants = Grants::default().with_many_shares(true);
        grants.allow("account", Action::Read, Reach::Own);
        let (tenant, user) = (TenantId(uuid::Uuid::nil()), UserId(uuid::Uuid::nil()));
        let (actor, request) = (Actor { user, key: None }, RequestId(uuid::Uuid::nil()));
        let (grants, origin) = (Arc::new(grants), kernel::Origin::default());
        let ctx = Ctx { tenant, actor, grants, request, origin, now: chrono::DateTime::UNIX_EPOCH };
        let text = |part: &Part| match part {
            Part::Sql(text) | Part::Name(text) => (*text).to_owned(),
            Part::Bind(_) => "$".to_owned(),
        };
        term(path).map_or_else(|code| code.name.to_owned(), |term| term.parts(&ctx).iter().map(text).collect())
    }

    #[test]
    fn a_path_is_a_column_or_one_value_of_what_is_seen() {
        assert_eq!(sql("name"), "accounts.name");
        assert_eq!(sql("worth"), "accounts.worth_amount");
        assert_eq!(sql("worth.currency"), "accounts.worth_currency");
        let seen = |row: &str| {
            format!(
                "({row}.owner_id = ANY ($) OR EXISTS (SELECT 1 FROM shares AS s WHERE s.tenant_id = $ AND \
                 s.grantee_id = ANY ($) AND s.resource = $ AND s.deleted_at IS NULL AND (s.expires_at IS NULL OR \
                 s.expires_at > $) AND s.record_id = {row}.id))"
            )
        };
        let (above, two_above) = (seen("t1"), seen("t2"));
        assert_eq!(
            sql("parent.parent.name"),
            format!(
                "(SELECT (SELECT t2.name FROM accounts AS t2 WHERE t2.tenant_id = $ AND t2.id = t1.parent_id \
                 AND {two_above}) FROM accounts AS t1 WHERE t1.tenant_id = $ AND t1.id = accounts.parent_id \
                 AND {above})"
            )
        );
        assert_eq!(
            term("name").map(|term| (term.kind, term.nullable, term.plain())),
            Ok((Kind::Text, false, Some("name")))
        );
        assert_eq!(term("parent.name").map(|term| (term.nullable, term.plain())), Ok((true, None)));
    }

    #[test]
    fn what_has_no_order_is_refused() {
        for (path, code) in [
            ("nme", SORT_UNKNOWN_FIELD),
            ("", SORT_UNKNOWN_FIELD),
            ("name.first", SORT_UNKNOWN_FIELD),
            ("parent.nme", SORT_UNKNOWN_FIELD),
            ("tags", SORT_NOT_SORTABLE),
            ("parent", SORT_NOT_SORTABLE),
            ("parts.name", SORT_NOT_SORTABLE),
            ("parent.parent.parent.parent.name", SORT_TOO_MANY_HOPS),
        ] {
            assert_eq!(term(path).map(drop), Err(code), "{path}");
        }
    }
}
