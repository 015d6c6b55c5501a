//! *I tuoi dati*: what a journalist decides by themselves, behind the link that every mail carries.
//!
//! Programs that scan links follow them with GET and HEAD: neither changes anything. Each form is taken without login,
//! cookie or script, and the answer is the same page with what was done; twice is as once. Left out: a copy of all that is
//! held, and being forgotten. Mails are forwarded, links and all, and neither may be had by who gets them: a button sends a
//! link to both to the address that is held ([`crate::own_data`]), and is answered alike whether anybody is held or not. A forged link is answered like an unknown address. The page speaks the person's language; the way out of all mail
//! is the page of [`crate::leave`].

use crate::Site;
use crate::answer::{Error, answer, private};
use crate::desk::language_name;
use crate::frame::Frame;
use crate::sentence::Notice;
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{Html, Response};
use axum::routing::get;
use salastampa_acts::contacts::own::{self, Own, OwnForm};
use salastampa_acts::contacts::own_data;
use salastampa_acts::{Denied, Slip};
use salastampa_domain::{ListId, MailingList};
use salastampa_locale::{Lang, date, fill, t};
use std::sync::Arc;

/// The routes of the page.
pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/preferenze/{token}", get(show).post(act))
}

/// The page.
#[derive(Template)]
#[template(path = "links/own.html")]
pub(crate) struct OwnPage {
    frame: Frame,
    address: String,
    /// What was done just now.
    done: Option<String>,
    slips: Vec<Slip>,
    form: OwnForm,
    /// Number, name, whether the person is on it.
    lists: Vec<(i64, String, bool)>,
    /// What is known besides, each with its words.
    facts: Vec<(&'static str, String)>,
    /// The person wants no mail at all.
    left: bool,
    /// Where the forms post.
    action: String,
    leave: String,
    /// Where one can write instead.
    office: String,
}

impl OwnPage {
    /// The lines that can be corrected: name, label, help, what stands in it.
    fn fields(&self) -> Vec<(&'static str, &'static str, &'static str, &str)> {
        let lang = self.frame.lang;
        vec![
            ("name", t(lang, "recipient.data.name"), "", &self.form.name),
            ("outlet", t(lang, "recipient.data.outlet"), "", &self.form.outlet),
            ("beats", t(lang, "recipient.data.beats"), t(lang, "recipient.data.beats_help"), &self.form.beats),
            (
                "territory",
                t(lang, "recipient.data.territory"),
                t(lang, "recipient.data.territory_help"),
                &self.form.territory,
            ),
        ]
    }

    /// The languages that mails are written in: code, name in that language, whether it is theirs.
    fn languages(&self) -> Vec<(&'static str, &'static str, bool)> {
        Lang::ALL.map(|lang| (lang.code(), language_name(lang), lang.code() == self.form.language)).into()
    }

    /// From when and until when nothing is mailed: name, label, what stands in it.
    fn hours(&self) -> [(&'static str, &'static str, &str); 2] {
        let lang = self.frame.lang;
        [
            ("quiet_from", t(lang, "recipient.data.quiet_from"), &self.form.quiet_from),
            ("quiet_until", t(lang, "recipient.data.quiet_until"), &self.form.quiet_until),
        ]
    }

    /// What is wrong with a field.
    fn wrong(&self, field: &str) -> Option<&str> {
        self.slips.iter().find(|slip| slip.field == field).map(|slip| slip.sentence.as_str())
    }
}

type Pairs = Vec<(String, String)>;

async fn show(State(site): State<Site>, Path(token): Path<String>) -> Response {
    let page = async {
        let found = own::own(&mut site.store.read().await?, &site.house.key, &token, site.clock.now()).await?;
        shown(&site, &token, &found, None, None)
    };
    answer(&site, page.await)
}

async fn act(State(site): State<Site>, Path(token): Path<String>, Form(pairs): Form<Pairs>) -> Response {
    let text = |name: &str| pairs.iter().find(|(n, _)| n == name).map_or("", |(_, text)| text.as_str());
    let typed = |name: &str| pairs.iter().find(|(n, _)| n == name).map(|(_, text)| text.clone());
    let (store, house, now) = (&site.store, &site.house, site.clock.now());
    let page = async {
        if text("fai") == "collegamento" {
            own_data::ask(store, house, &token, now).await?;
            return Ok(private(Html(asked(site.frame(t(house.lang, "recipient.asked.title"))).render()?)));
        }
        let (lang, held) = {
            let found = own::own(&mut store.read().await?, &house.key, &token, now).await?;
            // who is held no more, or was forgotten by a press just before, is told so
            let lang = lang_of(&site, &found);
            let Some(contact) = &found.contact else { return shown(&site, &token, &found, None, None) };
            (lang, OwnForm::of(contact))
        };
        match text("fai") {
            "liste" => {
                let wanted: Vec<ListId> = pairs
                    .iter()
                    .filter(|(name, _)| name == "lista")
                    .filter_map(|(_, id)| id.parse().ok().map(ListId))
                    .collect();
                let after = own::choose_lists(store, &house.key, &token, &wanted, now).await?;
                shown(&site, &token, &after, Some("recipient.lists.done"), None)
            }
            "dati" => {
                let form = OwnForm {
                    name: text("name").into(),
                    outlet: text("outlet").into(),
                    beats: text("beats").into(),
                    // a page that was opened before there were these fields does not empty them
                    territory: typed("territory").unwrap_or(held.territory),
                    language: typed("language").unwrap_or(held.language),
                    quiet_from: text("quiet_from").into(),
                    quiet_until: text("quiet_until").into(),
                };
                match own::correct(store, &house.key, &token, &form, lang, now).await {
                    Ok(after) => shown(&site, &token, &after, Some("recipient.data.done"), None),
                    Err(salastampa_acts::Error::Denied(Denied::Form(slips))) => {
                        let found = own::own(&mut store.read().await?, &house.key, &token, now).await?;
                        let mut refused = shown(&site, &token, &found, None, Some((form, slips)))?;
                        *refused.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
                        Ok(refused)
                    }
                    Err(error) => Err(error.into()),
                }
            }
            _ => {
                let found = own::own(&mut store.read().await?, &house.key, &token, now).await?;
                shown(&site, &token, &found, None, None)
            }
        }
    };
    answer(&site, page.await)
}

fn path(site: &Site, token: &str) -> String {
    format!("{}/preferenze/{token}", site.prefix())
}

/// What everybody is answered who asks for the link, in the office's language: nothing in it tells who is held.
fn asked(frame: Frame) -> Notice {
    let words = t(frame.lang, "recipient.asked.words").to_owned();
    Notice { frame: frame.here(), words }
}

fn lang_of(site: &Site, own: &Own) -> Lang {
    own.contact.as_ref().and_then(|contact| Lang::parse(&contact.language)).unwrap_or(site.house.lang)
}

/// The site in the person's language.
pub(crate) fn spoken(site: &Site, lang: Lang) -> Site {
    if lang == site.house.lang {
        return site.clone();
    }
    Site { house: Arc::new(salastampa_acts::House { lang, ..(*site.house).clone() }), ..site.clone() }
}

/// The page as it stands after `done`, or over what was typed and could not be taken; where nobody is held under the address
/// (any more), that.
fn shown(
    site: &Site,
    token: &str,
    own: &Own,
    done: Option<&'static str>,
    typed: Option<(OwnForm, Vec<Slip>)>,
) -> Result<Response, Error> {
    let lang = lang_of(site, own);
    let site = spoken(site, lang);
    let Some(contact) = &own.contact else {
        let frame = site.frame(t(lang, "recipient.title"));
        return Ok(private(Html(nobody(frame, own.address.as_str()).render()?)));
    };
    let (form, slips) = typed.unwrap_or_else(|| (OwnForm::of(contact), Vec::new()));
    let page = page(&site, token, own, contact, form, slips, done.map(|key| t(lang, key).to_owned()));
    Ok(private(Html(page.render()?)))
}

fn page(
    site: &Site,
    token: &str,
    own: &Own,
    contact: &salastampa_domain::Contact,
    form: OwnForm,
    slips: Vec<Slip>,
    done: Option<String>,
) -> OwnPage {
    let lang = site.house.lang;
    let named = |(list, is_on): &(MailingList, bool)| (list.id.0, list.name.clone(), *is_on);
    let day = |at: Option<salastampa_domain::Timestamp>| at.map(|at| date::full(at.day(), lang));
    let facts = [
        ("recipient.facts.origin", Some(contact.origin.clone()).filter(|origin| !origin.is_empty())),
        ("recipient.facts.since", day(contact.added_at)),
        ("recipient.facts.notice", day(contact.notice_at)),
        ("recipient.facts.until", contact.expires.map(|until| date::full(until, lang))),
    ];
    OwnPage {
        frame: site.frame(t(lang, "recipient.title")).here(),
        address: own.address.as_str().to_owned(),
        done,
        slips,
        form,
        lists: own.lists.iter().map(named).collect(),
        facts: facts.into_iter().filter_map(|(key, words)| Some((t(lang, key), words?))).collect(),
        left: contact.opted_out_at.is_some(),
        action: path(site, token),
        leave: format!("{}/disiscrizione/{token}", site.prefix()),
        office: site.house.sender.as_str().to_owned(),
    }
}

fn nobody(frame: Frame, address: &str) -> Notice {
    let words = fill(frame.lang, "recipient.nobody", &[("address", address), ("office", &frame.office)]);
    Notice { frame: frame.here(), words }
}

#[cfg(test)]
pub(crate) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    let frame = |key| Frame::sample(lang, t(lang, key));
    let page = |left: bool, slips: Vec<Slip>, lists| OwnPage {
        frame: frame("recipient.title").here(),
        address: "nina@il-lago.test".into(),
        done: left.then(|| t(lang, "recipient.lists.done").to_owned()),
        slips,
        form: OwnForm {
            name: "Nina <b>Valli</b>".into(),
            outlet: "\"><script>".into(),
            beats: "cronaca".into(),
            territory: "Val <Sorda>".into(),
            language: "en".into(),
            quiet_from: "22:00".into(),
            quiet_until: "07:00".into(),
        },
        lists,
        facts: vec![(t(lang, "recipient.facts.origin"), "sito <i>".into())],
        left,
        action: "/ufficio-stampa/preferenze/x".into(),
        leave: "/ufficio-stampa/disiscrizione/x".into(),
        office: "stampa@bellariva.test".into(),
    };
    let slips = vec![Slip { field: "name", sentence: t(lang, "people.slip.name").to_owned() }];
    let lists = vec![(1, "Redazioni <del> lago".into(), true), (2, "Radio".into(), false)];
    vec![
        ("own", page(false, slips, lists).render().expect("a template over strings")),
        ("own, left", page(true, Vec::new(), Vec::new()).render().expect("a template over strings")),
        ("own, asked", asked(frame("recipient.asked.title")).render().expect("a template over strings")),
        ("own, nobody", nobody(frame("recipient.title"), "x@y.test").render().expect("a template over strings")),
    ]
}
