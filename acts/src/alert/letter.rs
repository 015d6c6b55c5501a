//! What an alert says: its sheet, made of the article, the story around it and the words that matched.

use super::{rights, ring, today};
use crate::{House, Result};
use salastampa_digest::alert::{self, Instead};
use salastampa_digest::borrowed::LONGEST_RUN;
use salastampa_digest::net::{Bare, Caught, Foreign, Form, Net, Output, SHORT_RUN, hold};
use salastampa_digest::{AlertSheet, clean, extract};
use salastampa_domain::{
    Alert, AlsoIn, Article, Audience, Outlet, OutletKind, PushNote, Reader, RightsClass, SourceId, StoryId, Timestamp,
    Use, Watch, allowed,
};
use salastampa_locale::Lang;
use salastampa_store::Rows;
use std::collections::{BTreeMap, BTreeSet};

/// Longest title of an alert that fell back to it, in characters.
const LONGEST_TITLE: usize = 300;

/// What sheets are made with.
pub(super) struct Press<'a> {
    pub(super) house: &'a House,
    pub(super) outlets: Vec<Outlet>,
    pub(super) overrides: BTreeMap<SourceId, RightsClass>,
    pub(super) watches: Vec<Watch>,
    pub(super) now: Timestamp,
}

impl Press<'_> {
    fn outlet(&self, article: &Article) -> Option<&Outlet> {
        self.outlets.iter().find(|o| o.id == article.outlet)
    }

    fn name(&self, article: &Article) -> String {
        self.outlet(article).map_or_else(String::new, |o| o.name.clone())
    }
}

/// A sheet that may leave.
pub(super) struct Made {
    pub(super) sheet: AlertSheet,
    /// The use that it makes of the article's text.
    pub(super) used: Use,
    /// What was to show more than its rights allow, and fell back to its title.
    pub(super) caught: Vec<Caught>,
}

/// The sheet of one story for one reader; `alerts` are the rows that speak in it, the one that leads first. `None` if the
/// article is gone.
pub(super) async fn sheet(
    rows: &mut Rows,
    press: &Press<'_>,
    story: StoryId,
    alerts: &[&Alert],
    to: &Reader,
    instead: Option<Instead>,
) -> Result<Option<Made>> {
    let Some(lead) = alerts.first() else { return Ok(None) };
    let Some(article) = rows.list_articles(&[lead.article]).await?.pop() else { return Ok(None) };
    let mut members = rows.list_story_articles(&[story]).await?;
    let withdrawn = rows.list_withdrawn(&members.iter().map(|m| m.id).collect::<Vec<_>>()).await?;
    members.retain(|m| !withdrawn.contains(&m.id));
    let body = rows.find_body(article.id).await?;
    let gate = press.outlet(&article).map(|o| {
        let class = rights(&article, o, &press.overrides);
        allowed(class, o.contract.as_ref(), &article.signals, Audience::Readers(1), today(press.now))
    });
    let excerpt = gate.as_ref().map(|g| extract::extract(g, &article.lead, &body)).unwrap_or_default();
    let used = Use {
        at: press.now,
        outlet: article.outlet,
        article: article.id,
        output: "alert".into(),
        full_text: false,
        chars: excerpt.as_str().chars().count(),
        readers: 1,
    };
    let mut why: Vec<String> = Vec::new();
    let mut watches: Vec<String> = Vec::new();
    for alert in alerts {
        let watch = press.watches.iter().find(|w| w.id == alert.watch);
        watches.extend(watch.map(|w| w.name.clone()).filter(|name| !watches.contains(name)));
        let clipped = rows.list_clippings_of(alert.article).await?;
        for word in clipped.iter().filter(|c| c.watch == alert.watch).flat_map(|c| &c.why) {
            if !why.contains(word) {
                why.push(word.clone());
            }
        }
    }
    let root = root(rows, press, &article).await?;
    let origin_of = |of: &Article| {
        let root = root.as_ref().filter(|root| root.outlet != of.outlet && root.copy_group == of.copy_group);
        root.map(|root| press.name(root)).filter(|name| !name.is_empty())
    };
    let is_copy = |m: &Article| {
        let other = root.as_ref().is_some_and(|root| root.id != m.id);
        m.copy_group.is_some() && m.copy_group == article.copy_group && other
    };
    let mut seen = BTreeSet::from([article.outlet]);
    let also_in = members
        .iter()
        .filter(|m| m.id != article.id && seen.insert(m.outlet))
        .map(|m| AlsoIn {
            article: m.id,
            outlet_name: press.name(m),
            url: m.url.clone(),
            copy: is_copy(m),
            origin: origin_of(m).unwrap_or_default(),
        })
        .collect();
    let sheet = AlertSheet {
        reader: to.name.clone(),
        watches,
        title: article.title.clone(),
        url: article.url.clone(),
        outlet_name: press.name(&article),
        authors: article.authors.clone(),
        extract: excerpt,
        also_in,
        why,
        published_at: article.published_at,
        first_seen: article.first_seen,
        leaves_at: press.now,
        held: lead.gated.then(|| press.now.since(lead.at)),
        origin: origin_of(&article),
        note: alerts.iter().map(|a| a.note.as_str()).find(|note| !note.is_empty()).unwrap_or_default().to_owned(),
        again: alerts.iter().find_map(|a| a.again),
        // who reads in another's place cannot say for them what they care for
        not_for_me: match instead {
            None => press.house.not_for_me_url(lead.id, press.now),
            Some(_) => String::new(),
        },
        instead,
    };
    let Some(gate) = gate else { return Ok(Some(Made { sheet, used, caught: Vec::new() })) };
    let bare = Bare {
        title: clean::line(&article.title, LONGEST_TITLE),
        outlet: press.name(&article),
        url: clean::link(&article.url).unwrap_or_default().to_owned(),
    };
    let foreign = Foreign { article: article.id, bare, lead: &article.lead, body: &body, allowed: &gate };
    let least = if sheet.note.is_empty() { SHORT_RUN } else { LONGEST_RUN };
    let (sheet, caught) = held(sheet, &Net::of([foreign], &[], least));
    let chars = if caught.is_empty() { used.chars } else { 0 };
    Ok(Some(Made { sheet, used: Use { chars, ..used }, caught }))
}

/// The sheet as it may leave, in every output that is drawn from it.
pub(crate) fn held(sheet: AlertSheet, net: &Net) -> (AlertSheet, Vec<Caught>) {
    let one = std::slice::from_ref::<AlertSheet>;
    let note = |note: PushNote| format!("{}\n{}\n{}", note.title, note.text, note.link);
    let mut outputs: Vec<Output<AlertSheet>> = Vec::new();
    for lang in Lang::ALL {
        let dress = move || crate::net::plain(lang);
        let batch = move |s: &AlertSheet| alert::batch("", one(s), s.leaves_at, &dress());
        outputs.push(Output::new("alert mail", Form::Markup, move |s| alert::alert(s, &dress()).html));
        outputs.push(Output::new("alert text", Form::Text, move |s| alert::alert(s, &dress()).text));
        outputs.push(Output::new("batch mail", Form::Markup, move |s| batch(s).html));
        outputs.push(Output::new("batch text", Form::Text, move |s| batch(s).text));
    }
    outputs.push(Output::new("notification", Form::Text, move |s| note(ring::of_one(s))));
    outputs.push(Output::new("notification", Form::Text, move |s| note(ring::of_batch("", one(s)))));
    hold(sheet, net, &outputs, |sheet, _, _, bare| {
        *sheet = AlertSheet {
            title: bare.title.clone(),
            outlet_name: bare.outlet.clone(),
            url: bare.url.clone(),
            authors: Vec::new(),
            extract: Default::default(),
            also_in: Vec::new(),
            why: Vec::new(),
            origin: None,
            note: String::new(),
            ..sheet.clone()
        };
    })
}

/// So many copies of a text are looked through for its agency.
const MOST_COPIES: usize = 200;

/// The article whose text its copies are: the first agency's that has it, else whoever had it first. Groups that were
/// placed by older programs have another root, so it is looked for here.
async fn root(rows: &mut Rows, press: &Press<'_>, article: &Article) -> Result<Option<Article>> {
    let Some(group) = article.copy_group else { return Ok(None) };
    let mut copies = rows.list_copies(group, MOST_COPIES).await?;
    let is_agency = |a: &Article| press.outlet(a).is_some_and(|o| o.kind == OutletKind::Agency);
    let at = copies.iter().position(is_agency).unwrap_or(0);
    Ok((at < copies.len()).then(|| copies.swap_remove(at)))
}
