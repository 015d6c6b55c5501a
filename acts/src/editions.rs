//! The rules of an edition as the desk changes them: its hour, what it does on holidays, which story stands first, how
//! many stories a section takes.
//!
//! Who answers for the office decides: the head of the press office or the administrator. What is out stays as it was; the
//! next issue is made by the new rules. An edition whose hours are no plain hour keeps them until somebody gives it one.
//! Left out: sections and their watches, readers, visibility and new editions, which the office's file declares.

use crate::desk::{AtDesk, changed, mark, slip};
use crate::house::{actor, allowed};
use crate::{Denied, Result, curate};
use jiff::civil::Time;
use salastampa_domain::{Act, Edition, Holidays, OnHolidays, OrderRule, Schedule};
use salastampa_locale::{Lang, fill, t};
use serde_json::json;

/// Days of the week on which an edition leaves: the name in the form and the field of its schedule.
pub const DAYS: [(&str, &str); 3] = [("ogni", "*"), ("lun-sab", "Mon-Sat"), ("lun-ven", "Mon-Fri")];
/// The choice that leaves the hours as they are written.
pub const AS_WRITTEN: &str = "come";
/// Most stories of a section.
const MOST: usize = 100;

/// The rules of an edition as a form has them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct EditionForm {
    /// When it leaves, as `07:00`; empty where its hours are more than one.
    pub hour: String,
    /// One of [`DAYS`], or [`AS_WRITTEN`].
    pub days: String,
    /// `as_always`, `no_issue` or `at`.
    pub holidays: String,
    /// The hour on holidays, as `09:00`.
    pub holiday_hour: String,
    /// `importance` or `tier`.
    pub order: String,
    /// At most so many stories a section.
    pub cap: String,
    /// At most so many that one outlet alone tells; 0 is no limit.
    pub per_outlet: String,
}

impl EditionForm {
    /// The form of an edition as it stands.
    pub fn of(edition: &Edition) -> Self {
        let plain = plain(&edition.schedule);
        let (holidays, holiday_hour) = match edition.holidays.rule {
            OnHolidays::AsAlways => ("as_always", String::new()),
            OnHolidays::NoIssue => ("no_issue", String::new()),
            at @ OnHolidays::At(_) => ("at", at.to_string()),
        };
        let order = match edition.order {
            OrderRule::Importance => "importance",
            OrderRule::Tier => "tier",
        };
        Self {
            hour: plain.as_ref().map(|(hour, _)| hour.clone()).unwrap_or_default(),
            days: plain.map_or(AS_WRITTEN, |(_, days)| days).to_owned(),
            holidays: holidays.to_owned(),
            holiday_hour,
            order: order.to_owned(),
            cap: edition.cap.to_string(),
            per_outlet: edition.outlet_cap.to_string(),
        }
    }

    /// The edition by these rules.
    fn over(&self, edition: &Edition, lang: Lang) -> Result<Edition> {
        let mut slips = Vec::new();
        let schedule = match DAYS.iter().find(|(name, _)| *name == self.days) {
            None => Some(edition.schedule.clone()),
            Some((_, days)) => {
                let at = time(&self.hour);
                at.and_then(|at| Schedule::parse(&format!("{} {} * * {days}", at.minute(), at.hour())).ok())
            }
        };
        if schedule.is_none() {
            slips.push(slip("ora", t(lang, "edition.wrong.hour")));
        }
        let rule = match self.holidays.as_str() {
            "no_issue" => Some(OnHolidays::NoIssue),
            "at" => time(&self.holiday_hour).map(OnHolidays::At),
            _ => Some(OnHolidays::AsAlways),
        };
        if rule.is_none() {
            slips.push(slip("ora_festivi", t(lang, "edition.wrong.hour")));
        }
        let mut count = |field, text: &str, least: usize| {
            let n = text.trim().parse().ok().filter(|n| (least..=MOST).contains(n));
            if n.is_none() {
                let bounds = [("least", &*least.to_string()), ("most", &*MOST.to_string())];
                slips.push(slip(field, fill(lang, "edition.wrong.count", &bounds)));
            }
            n
        };
        let (cap, outlet_cap) = (count("massimo", &self.cap, 1), count("per_testata", &self.per_outlet, 0));
        let order = if self.order == "tier" { OrderRule::Tier } else { OrderRule::Importance };
        match (schedule, rule, cap, outlet_cap) {
            (Some(schedule), Some(rule), Some(cap), Some(outlet_cap)) => {
                let holidays = Holidays { rule, ..edition.holidays };
                Ok(Edition { schedule, holidays, order, cap, outlet_cap, ..edition.clone() })
            }
            _ => Err(Denied::Form(slips).into()),
        }
    }
}

/// The hour and the days of a schedule that has one hour.
fn plain(schedule: &Schedule) -> Option<(String, &'static str)> {
    let fields: Vec<&str> = schedule.as_str().split(' ').collect();
    let &[minute, hour, "*", "*", weekday] = fields.as_slice() else { return None };
    let at = Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()?;
    let (name, _) = DAYS.iter().find(|(_, field)| *field == weekday)?;
    Some((format!("{:02}:{:02}", at.hour(), at.minute()), name))
}

fn time(text: &str) -> Option<Time> {
    let (hour, minute) = text.trim().split_once(':')?;
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

/// What a form is made from.
pub fn mark_of(edition: &Edition) -> String {
    mark(&EditionForm::of(edition))
}

/// Gives an edition the rules of a form that was filled when it had that `mark`.
///
/// # Errors
/// [`Denied::Form`] with each field that cannot be; [`Denied::Changed`] if somebody changed it in the meantime.
pub async fn edit(desk: AtDesk<'_>, slug: &str, seen: &str, form: &EditionForm) -> Result<()> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::Editions).await?;
    let before = write.find_edition(slug).await?.filter(|edition| curate::sees(&user, edition));
    let before = before.ok_or_else(|| Denied::Unknown { what: "edition", name: slug.to_owned() })?;
    let subject = format!("edition:{}", before.id);
    if seen != mark_of(&before) {
        return Err(changed(&mut write, &subject, &desk).await?.into());
    }
    let after = form.over(&before, desk.lang)?;
    if after == before {
        return Ok(());
    }
    write.record_edition(&after).await?;
    write.record_edition_done(before.id, after.done_after(&before)).await?;
    let told = |e: &Edition| {
        let rules = json!({ "schedule": e.schedule, "holidays": e.holidays.rule, "order": e.order, "cap": e.cap,
            "per_outlet": e.outlet_cap });
        rules.to_string()
    };
    let (was, is) = (told(&before), told(&after));
    write.record_event(desk.now, &actor(&user), "edition.save", &subject, Some(&was), Some(&is)).await?;
    write.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::small::{Office, fields};
    use salastampa_domain::{EditionId, Slot, Timestamp, Visibility};

    async fn office(schedule: &str) -> (Office, Edition) {
        let office = Office::new().await;
        let edition = Edition {
            id: EditionId(0),
            slug: "generale".into(),
            name: "Generale".into(),
            schedule: Schedule::parse(schedule).expect("a schedule"),
            ready_before: 15,
            visibility: Visibility::Readers,
            sections: Vec::new(),
            cap: 12,
            outlet_cap: 0,
            holidays: Holidays::default(),
            order: OrderRule::default(),
            done: Slot::of(crate::desk::small::NOW),
        };
        let mut write = office.store.write().await.expect("a turn");
        let id = write.record_edition(&edition).await.expect("an edition");
        write.commit().await.expect("kept");
        (office, Edition { id, ..edition })
    }

    async fn now(office: &Office) -> Edition {
        office.store.read().await.expect("rows").find_edition("generale").await.expect("read").expect("there")
    }

    #[tokio::test]
    async fn the_administrator_changes_the_rules_and_whoever_held_the_older_form_is_told() {
        let (office, edition) = office("30 6 * * Mon-Fri").await;
        let form = EditionForm::of(&edition);
        assert_eq!((form.hour.as_str(), form.days.as_str()), ("06:30", "lun-ven"));
        let wanted = EditionForm {
            hour: "07:15".into(),
            days: "lun-sab".into(),
            holidays: "at".into(),
            holiday_hour: "09:00".into(),
            order: "tier".into(),
            cap: "8".into(),
            per_outlet: "2".into(),
        };
        let seen = mark_of(&edition);
        edit(office.desk("ada"), "generale", &seen, &wanted).await.expect("saved");
        let after = now(&office).await;
        assert_eq!(EditionForm::of(&after), wanted);
        assert_eq!((after.schedule.as_str(), after.cap, after.outlet_cap), ("15 7 * * Mon-Sat", 8, 2));
        let late = edit(office.desk("ada"), "generale", &seen, &wanted).await;
        assert!(matches!(late, Err(crate::Error::Denied(Denied::Changed { .. }))), "made over older rules");
        assert!(edit(office.desk("lia"), "generale", &mark_of(&after), &wanted).await.is_err(), "an editor does not");
        assert_eq!(office.log().await, ["edition.save"]);
    }

    #[tokio::test]
    async fn an_hour_that_is_moved_after_the_issue_has_left_brings_no_second_one_that_day() {
        let (office, edition) = office("0 7 * * *").await;
        let at = |text: &str| Timestamp::parse(text).expect("an instant");
        let day = crate::desk::small::NOW.day().tomorrow().expect("a day");
        let seven = at(&format!("{day} 07:00"));
        let due = async |now| {
            crate::review::make_due(&office.store, office.desk("ada").house, now).await.expect("the job runs");
            let mut rows = office.store.read().await.expect("rows");
            let all = rows.list_reviews_of(Some(edition.id), 9, 0).await.expect("rows");
            all.into_iter().filter(|review| review.version > 0).map(|review| review.period).collect::<Vec<_>>()
        };
        assert_eq!(due(seven).await.len(), 1);
        let before = now(&office).await;
        let later = EditionForm { hour: "08:30".into(), ..EditionForm::of(&before) };
        edit(office.desk("ada"), "generale", &mark_of(&before), &later).await.expect("saved");
        assert_eq!(due(at(&format!("{day} 08:30"))).await.len(), 1, "it left at seven");
        let next = day.tomorrow().expect("a day");
        let issues = due(at(&format!("{next} 08:30"))).await;
        assert_eq!(issues.len(), 2);
        assert_eq!(issues[0].from, seven, "nothing between the two is lost");
    }

    #[tokio::test]
    async fn hours_of_another_kind_stay_as_they_are_written_and_what_cannot_be_is_said_by_its_field() {
        let (office, edition) = office("0 7,18 * * *").await;
        let form = EditionForm::of(&edition);
        assert_eq!((form.hour.as_str(), form.days.as_str()), ("", AS_WRITTEN));
        let seen = mark_of(&edition);
        let wrong = EditionForm {
            days: "ogni".into(),
            holidays: "at".into(),
            cap: "0".into(),
            per_outlet: "tanti".into(),
            ..form.clone()
        };
        let refused = edit(office.desk("ada"), "generale", &seen, &wrong).await;
        assert_eq!(fields(refused), ["ora", "ora_festivi", "massimo", "per_testata"]);
        let resting = EditionForm { holidays: "no_issue".into(), ..form };
        edit(office.desk("ada"), "generale", &seen, &resting).await.expect("saved");
        let after = now(&office).await;
        assert_eq!((after.schedule.as_str(), after.holidays.rule), ("0 7,18 * * *", OnHolidays::NoIssue));
    }
}
