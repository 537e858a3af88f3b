//! What came back, what is gone where it came from, and what the law lets people ask there: records are archived, and a
//! privacy request is opened; nothing is erased by that alone.
use super::NAMED;
use super::lines::Line;
use super::policy;
use super::write::Writing;
use ::customer::contact::{self, Contact};
use ::sales::order;
use ::sales::product::{self, Product};
use kernel::{Create, Delete, Error, Noun, Result, text};
use platform::Conn;
use platform::connection::{TOO_EARLY, delivery};
use platform::privacy::request::{self, NewPrivacyRequest, PrivacyRequest};
use uuid::Uuid;

impl Writing<'_> {
    /// Of an order that is not there yet, it waits: the order is on its way.
    pub(super) fn refund(&self, conn: &mut Conn, order: &str, id: &str, lines: &[Line]) -> Result<bool> {
        if self.standing(conn, "orders", order)?.is_none() {
            return Err(Error::from(TOO_EARLY).detail(text!("the order of the refund has not arrived yet")));
        }
        // the order is held, so that its own deliveries wait
        self.claimed(conn, ("orders", order), Some(NAMED))?;
        if policy::is_ours(self.connection) {
            return Ok(false);
        }
        self.claimed(conn, ("refunds", id), None)?;
        self.lines(conn, order, lines)?;
        Ok(true)
    }

    /// Archived, as if somebody had done so here.
    pub(super) fn gone(&self, conn: &mut Conn, resource: &str, external_id: &str) -> Result<bool> {
        let mut all = vec![external_id.to_owned()];
        if resource == "products" {
            all.extend(delivery::below(conn, self.ctx, self.connection, resource, external_id)?);
        }
        let mut done = false;
        for one in all {
            if !self.claimed(conn, (resource, &one), None)? {
                continue;
            }
            let Some(standing) = self.standing(conn, resource, &one)? else { continue };
            if standing.changed.is_none() || self.keeps_ours(Some(&standing), None) {
                continue;
            }
            self.archive(conn, resource, standing.id)?;
            done = true;
        }
        Ok(done)
    }

    fn archive(&self, conn: &mut Conn, resource: &str, id: Uuid) -> Result<()> {
        let ctx = self.ctx;
        match resource {
            "contacts" => {
                ctx.must::<Delete<Contact>>()?;
                contact::archive(conn, ctx, id.into(), None).map(drop)
            }
            "products" => {
                ctx.must::<Delete<Product>>()?;
                product::archive(conn, ctx, id.into(), None).map(drop)
            }
            _ => {
                ctx.must::<Delete<order::Order>>()?;
                order::archive(conn, ctx, id.into(), None).map(drop)
            }
        }
    }

    /// A privacy request is opened, once a delivery.
    pub(super) fn asked(
        &self,
        conn: &mut Conn,
        kind: &str,
        customer: Option<&str>,
        email: Option<&str>,
        words: &str,
    ) -> Result<bool> {
        self.ctx.must::<Create<PrivacyRequest>>()?;
        let id = self.raw.id.0.into();
        if request::find(conn, self.ctx, id).is_ok() {
            return Ok(false);
        }
        let known = match customer {
            Some(customer) => self.standing(conn, "contacts", customer)?,
            None => None,
        };
        let subject = known.filter(|standing| standing.changed.is_some()).map(|standing| standing.id);
        let new = NewPrivacyRequest {
            id: Some(id),
            kind: kind.to_owned(),
            subject_kind: subject.map(|_| Contact::NAME.to_owned()),
            subject_id: subject,
            requester_name: None,
            requester_email: email.map(str::to_owned),
            words: Some(words.to_owned()),
            channel: "api".to_owned(),
            law: None,
            due_on: None,
            evidence: None,
        };
        request::create(conn, self.ctx, &new, self.law)?;
        Ok(true)
    }
}
