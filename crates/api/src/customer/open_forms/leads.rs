//! What is filled in becomes a lead: of the answers, of what had brought its visitor, and of the rules for leads.
use super::Taking;
use ::customer::form::submission::{Leads, TakenLead};
use ::sales::lead::{NewLead, from_form};
use kernel::{Ctx, Result, Tidy};
use platform::Conn;
use serde_json::{Map, Value, json};

impl Taking {
    fn lead(&self, ctx: &Ctx, fields: &Map<String, Value>) -> Result<NewLead> {
        let mut fields = fields.clone();
        // a lead has no department: the answer stays with the submission
        fields.remove("department");
        fields.insert("source".to_owned(), json!("form"));
        let mut utm = self.said.marks();
        if let Some((marks, referrer)) = utm.as_object_mut().zip(self.said.referrer.as_ref()) {
            marks.insert("referrer".to_owned(), json!(referrer));
        }
        fields.insert("utm".to_owned(), utm);
        let mut new = self.body::<NewLead>(ctx, &fields)?;
        if let Some(text) = self.answered.phone_text.clone() {
            new.quote(text);
        }
        Ok(new)
    }
}

impl Leads for Taking {
    fn check(&self, ctx: &Ctx, fields: &Map<String, Value>) -> Result<()> {
        self.lead(ctx, fields).map(drop)
    }

    fn take(&self, conn: &mut Conn, ctx: &Ctx, fields: &Map<String, Value>) -> Result<TakenLead> {
        let (lead, is_new) = from_form::taken(conn, ctx, &self.lead(ctx, fields)?)?;
        let (id, owner, team) = (lead.id, lead.owner_id, lead.team_id);
        Ok(TakenLead { id, owner, team, is_masked: lead.is_masked, is_new })
    }
}
