//! The eight answers of a new office, as they are typed, and what they mean.

use super::starter::{self, Theme, capital, slug};
use crate::settings::{TypedMail, line, read_mail, slip};
use crate::{Slip, user};
use jiff::civil::Time;
use salastampa_domain::{Address, Declared, Schedule, Settings};
use salastampa_locale::{Lang, fill};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// So many assessors have a place in the form.
pub const ASSESSORS: usize = 10;

/// What was typed. Passwords of people are never kept; that of the mail server waits sealed.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Answers {
    /// 1. The body, such as `Comune di Bellariva sul Lago`.
    pub office: String,
    /// The town, as the papers write it.
    pub town: String,
    /// How journalists reach the office.
    pub contacts: String,
    /// 2. The province.
    pub province: String,
    /// 3. The mayor.
    pub mayor: PersonAnswer,
    /// 4. The assessors; empty lines are none.
    pub assessors: Vec<PersonAnswer>,
    /// 5. The hour at which the review leaves, such as `07:00`.
    pub hour: String,
    /// 6. and 7. The sender and the mail server.
    pub mail: TypedMail,
    /// 8. The first officer: full name.
    pub name: String,
    /// The name to log in with.
    pub login: String,
    /// Where mail to them goes.
    pub address: String,
    /// Works alone: who writes may approve.
    pub one_person: bool,
    /// The password.
    #[serde(skip)]
    pub password: String,
    /// The same again.
    #[serde(skip)]
    pub again: String,
}

/// Mayor or assessor.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PersonAnswer {
    /// Full name.
    pub name: String,
    /// Office, with portfolios.
    pub office: String,
    /// Where the review goes; empty where it goes to nobody.
    pub address: String,
}

/// The answers, understood.
pub(super) struct Office {
    pub(super) settings: Settings,
    pub(super) hour: Schedule,
    pub(super) mayor: Known,
    pub(super) assessors: Vec<Known>,
    pub(super) name: String,
    pub(super) login: String,
    pub(super) address: Address,
}

/// Somebody of whom the press writes, and who may receive the review.
pub(super) struct Known {
    pub(super) slug: String,
    pub(super) name: String,
    pub(super) office: String,
    pub(super) address: Option<Address>,
    pub(super) themes: Vec<Theme>,
}

/// Reads the answers, or tells what is wrong with each field.
pub(super) fn read(answers: &Answers, declared: &Declared, lang: Lang) -> Result<Office, Vec<Slip>> {
    let mut slips = Vec::new();
    let mut settings = declared.settings.clone();
    settings.office = line(&answers.office, "office", true, lang, &mut slips);
    settings.town = line(&answers.town, "town", true, lang, &mut slips);
    if !answers.town.trim().is_empty() && phrase(&answers.town).is_empty() {
        slips.push(slip(lang, "town", "settings.slips.no_letters"));
    }
    settings.province = line(&answers.province, "province", true, lang, &mut slips);
    settings.contacts = answers.contacts.trim().chars().take(1_000).collect();
    settings.one_person = answers.one_person;
    read_mail(&answers.mail, &mut settings, lang, &mut slips);
    let mut slugs = BTreeSet::new();
    let mayor = person(&answers.mayor, ["mayor_name", "mayor_office", "mayor_address"], &mut slugs, lang, &mut slips);
    let assessors = answers
        .assessors
        .iter()
        .enumerate()
        .filter(|(_, who)| ![&who.name, &who.office, &who.address].iter().all(|text| text.trim().is_empty()))
        .map(|(n, who)| person(who, FIELDS[n.min(ASSESSORS - 1)], &mut slugs, lang, &mut slips))
        .collect();
    let hour = hour(&answers.hour, lang).map_err(|wrong| slips.push(wrong)).ok();
    let name = line(&answers.name, "name", true, lang, &mut slips);
    let login = answers.login.trim().to_lowercase();
    if !user::is_login(&login) {
        slips.push(Slip { field: "login", sentence: fill(lang, "acts.bad_login", &[("name", &login)]) });
    }
    let address =
        Address::parse(&answers.address).map_err(|_| slips.push(slip(lang, "address", "settings.slips.address"))).ok();
    slips.extend(user::check_password(&answers.password, &answers.again, lang));
    // what the installer decided is not the form's, and cannot be wrong there
    slips.retain(|slip| !crate::settings::key_of(slip.field).is_some_and(|key| declared.fixes(key)));
    match (hour, address) {
        (Some(hour), Some(address)) if slips.is_empty() => {
            Ok(Office { settings: declared.over(Some(&settings)), hour, mayor, assessors, name, login, address })
        }
        _ => Err(slips),
    }
}

/// A text as a phrase of a query: letters, digits, apostrophes.
pub(super) fn phrase(text: &str) -> String {
    let clean: String = text.chars().map(|c| if c.is_alphanumeric() || "'’-".contains(c) { c } else { ' ' }).collect();
    let words: Vec<&str> = clean.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).collect();
    match words.is_empty() {
        true => String::new(),
        false => format!("\"{}\"", words.join(" ")),
    }
}

fn person(
    typed: &PersonAnswer,
    [name_field, office_field, address_field]: [&'static str; 3],
    taken: &mut BTreeSet<String>,
    lang: Lang,
    slips: &mut Vec<Slip>,
) -> Known {
    let name = line(&typed.name, name_field, true, lang, slips);
    if !name.is_empty() && slug(&name).is_empty() {
        slips.push(slip(lang, name_field, "settings.slips.no_letters"));
    }
    let office = line(&typed.office, office_field, true, lang, slips);
    let address = match typed.address.trim() {
        "" => None,
        text => Address::parse(text).map_err(|_| slips.push(slip(lang, address_field, "settings.slips.address"))).ok(),
    };
    let base = slug(&name);
    let free = (1..).map(|n| if n == 1 { base.clone() } else { format!("{base}-{n}") }).find(|s| !taken.contains(s));
    let slug = free.unwrap_or(base);
    taken.insert(slug.clone());
    Known { slug, name, office: capital(&office), address, themes: starter::themes_of(&office) }
}

/// Each day at that hour. Between two and three the clock jumps twice a year: no review at an hour that may not exist.
fn hour(text: &str, lang: Lang) -> Result<Schedule, Slip> {
    let wrong = |key| slip(lang, "hour", key);
    let (hour, minute) = text.trim().split_once(':').ok_or_else(|| wrong("settings.slips.hour"))?;
    let minute = minute.get(..2).unwrap_or(minute);
    let time = hour.parse().ok().zip(minute.parse().ok()).and_then(|(hour, minute)| Time::new(hour, minute, 0, 0).ok());
    let time = time.ok_or_else(|| wrong("settings.slips.hour"))?;
    if time.hour() == 2 {
        return Err(wrong("settings.slips.doubtful_hour"));
    }
    Schedule::parse(&format!("{} {} * * *", time.minute(), time.hour())).map_err(|_| wrong("settings.slips.hour"))
}

/// The names of the fields of each assessor.
pub const FIELDS: [[&str; 3]; ASSESSORS] = [
    ["assessor_1_name", "assessor_1_office", "assessor_1_address"],
    ["assessor_2_name", "assessor_2_office", "assessor_2_address"],
    ["assessor_3_name", "assessor_3_office", "assessor_3_address"],
    ["assessor_4_name", "assessor_4_office", "assessor_4_address"],
    ["assessor_5_name", "assessor_5_office", "assessor_5_address"],
    ["assessor_6_name", "assessor_6_office", "assessor_6_address"],
    ["assessor_7_name", "assessor_7_office", "assessor_7_address"],
    ["assessor_8_name", "assessor_8_office", "assessor_8_address"],
    ["assessor_9_name", "assessor_9_office", "assessor_9_address"],
    ["assessor_10_name", "assessor_10_office", "assessor_10_address"],
];
