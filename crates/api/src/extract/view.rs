//! `View`: which members of a record are answered, and which related records with it.
//!
//! A plain view costs nothing: the record is written as it is. Related records are loaded in batches, one query a
//! relation and level, whatever the number of rows; what the caller may not see is null or missing from its list.
use super::state;
use crate::answer::{Fail, Found, Result, Shown};
use crate::include;
use crate::key;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use kernel::catalogue::{Catalogue, Catalogues};
use kernel::custom::CUSTOM;
use kernel::{Ctx, Error, Fault, Grants, Looks, Noun, Page, Permit, Read, Record, error, text};
use platform::{Batch, Conn, Db};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::future::{Ready, ready};
use utoipa::IntoParams;

const DEEPEST: usize = 3;
const MOST: usize = 10;

/// The view on one record.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)] // the document's half
pub struct ViewQuery {
    /// members of the answer, comma-separated: the others are left out
    pub fields: Option<String>,
    /// related records to put in, comma-separated, at most three levels deep: `account.owner`
    pub include: Option<String>,
}

#[derive(Clone, Debug, Default)]
pub struct View {
    fields: Option<Vec<String>>,
    include: Vec<Vec<String>>,
    catalogues: Option<&'static Catalogues>,
}

impl View {
    /// The fields of a saved view, where none are asked for.
    pub fn or_fields(&mut self, fields: Option<&str>) {
        if self.fields.is_none()
            && let Some(fields) = fields
        {
            let parts = fields.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned);
            self.fields = Some(parts.collect()).filter(|all: &Vec<_>| !all.is_empty());
        }
    }

    /// Takes a parameter in, if it is one of a view.
    pub fn take(&mut self, name: &str, value: &str) -> kernel::Result<bool> {
        let parts = || value.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned);
        match name {
            "fields" if self.fields.is_none() => {
                self.fields = Some(parts().collect()).filter(|all: &Vec<_>| !all.is_empty())
            }
            "include" if self.include.is_empty() => {
                self.include = parts().map(|path| path.split('.').map(str::to_owned).collect()).collect();
            }
            "fields" | "include" => return Err(refuse(name, "twice", text!("is given twice"))),
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Whether it can be shown, of this noun, to a caller.
    pub fn check(&mut self, catalogues: &'static Catalogues, noun: &Catalogue, grants: &Grants) -> kernel::Result<()> {
        self.catalogues = Some(catalogues);
        self.fits(catalogues, noun, grants)
    }

    /// Whether all that it names is there; what the caller does not see is not.
    fn fits(&self, catalogues: &Catalogues, noun: &Catalogue, grants: &Grants) -> kernel::Result<()> {
        let is_field = |name: &str| platform::view::is_field(noun, grants, name);
        let is_part = |name: &str| include::is_part(name) && noun.field(name).is_none();
        if let Some(name) = self.fields.iter().flatten().find(|name| !is_field(name) && !is_part(name)) {
            return Err(refuse("fields", "unknown_field", text!("{noun} has no \"{name}\"", noun = noun.noun, name)));
        }
        if self.include.len() > MOST {
            return Err(refuse("include", "too_many", text!("at most {most} relations", most = MOST)));
        }
        for path in &self.include {
            if path.len() > DEEPEST {
                return Err(refuse("include", "too_deep", text!("at most {most} levels", most = DEEPEST)));
            }
            include::check(catalogues, grants, noun.noun, path)
                .map_err(|message| refuse("include", "unknown_relation", message))?;
        }
        Ok(())
    }

    fn is_plain(&self) -> bool {
        self.fields.is_none() && self.include.is_empty()
    }

    /// One record.
    pub async fn one<T: Batch + Serialize>(self, db: &Db, can: Permit<Read<T>>, id: T::Id) -> Result<Found<T>> {
        self.one_as::<T, T>(db, can, id).await
    }

    /// One record, whose fields stand in the catalogue of `N`.
    pub async fn one_as<N: Noun, T: Batch + Serialize>(
        self,
        db: &Db,
        can: Permit<Read<T>>,
        id: T::Id,
    ) -> Result<Found<T>> {
        if self.is_plain() {
            return Ok(Found(Shown::Plain(db.load(can, id).await?)));
        }
        if let Some((catalogues, noun)) = self.catalogues.and_then(|all| Some((all, all.get(N::NAME)?))) {
            self.fits(catalogues, noun, &can.ctx().grants)?;
        }
        let shown = db.read(can, move |conn, ctx| {
            let record = T::find(conn, ctx, id)?;
            let mut dressed = self.dress(conn, ctx, N::NAME, vec![record])?;
            Ok(Shown::Dressed(dressed.pop().unwrap_or_default()))
        });
        Ok(Found(shown.await?))
    }

    /// One page.
    pub async fn page<P: Looks, T: Record + Serialize + Send>(
        self,
        db: &Db,
        can: Permit<P>,
        list: impl FnOnce(&mut Conn, &Ctx) -> kernel::Result<Page<T>> + Send + 'static,
    ) -> Result<Shown<Page<T>, Page<Value>>> {
        let shown = db.read(can, move |conn, ctx| {
            let page = list(conn, ctx)?;
            if self.is_plain() {
                return Ok(Shown::Plain(page));
            }
            let data = self.dress(conn, ctx, T::NAME, page.data)?;
            Ok(Shown::Dressed(Page { data, page: page.page }))
        });
        Ok(shown.await?)
    }

    fn dress<T: Serialize>(&self, conn: &mut Conn, ctx: &Ctx, noun: &str, rows: Vec<T>) -> kernel::Result<Vec<Value>> {
        let rows: std::result::Result<Vec<Value>, _> = rows.iter().map(serde_json::to_value).collect();
        let mut rows = rows.map_err(Error::internal)?;
        if let Some(catalogues) = self.catalogues {
            include::load(conn, ctx, catalogues, noun, &mut rows, &self.include)?;
        }
        if let Some(fields) = &self.fields {
            let kept = |name: &str| {
                fields.iter().any(|field| field == name)
                    || self.include.iter().any(|path| path.first().is_some_and(|first| first == name))
            };
            let own: Vec<&str> = fields.iter().filter_map(|field| key::own(field)).collect();
            let whole = own.is_empty() || kept(CUSTOM);
            for row in rows.iter_mut().filter_map(Value::as_object_mut) {
                row.retain(|name, _| kept(name) || name == CUSTOM && !own.is_empty());
                if let Some(fields) = row.get_mut(CUSTOM).and_then(Value::as_object_mut).filter(|_| !whole) {
                    fields.retain(|key, _| own.contains(&key.as_str()));
                }
            }
        }
        Ok(rows)
    }
}

impl FromRequest for View {
    type Error = Fail;
    type Future = Ready<Result<Self>>;

    /// Of a single record: no other parameters are known. What it names is looked up by [`View::one`].
    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let read = || {
            let mut view = Self::default();
            for (name, value) in super::listing::pairs(req.query_string())? {
                if !view.take(&name, &value)? {
                    return Err(refuse(&name, "unknown_parameter", text!("is not known here")));
                }
            }
            view.catalogues = Some(***state::<&'static Catalogues>(req)?);
            Ok(view)
        };
        ready(read().map_err(Fail))
    }
}

fn refuse(name: &str, code: &str, message: kernel::Text) -> Error {
    Error::from(error::UNKNOWN_PARAMETER).fault(Fault::new(format!("?{name}"), code, message))
}
