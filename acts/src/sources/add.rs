//! A source is added at the desk, out of a look that was taken at its address: what nobody has seen is not added.

use super::probe::{Probed, ProbedKind, find_probe};
use crate::desk::{AtDesk, is_slug, line, slip, slug};
use crate::house::{actor, allowed};
use crate::{Denied, Result, Slip};
use salastampa_domain::{
    Act, Cadence, ErrandId, ErrandKind, Event, Health, LegalStatus, Origin, Outlet, OutletId, OutletKind, RightsClass,
    Source, SourceId, SourceKind, Validators,
};
use salastampa_locale::{Lang, fill, t};
use salastampa_store::Write;
use serde::de::DeserializeOwned;
use serde_json::json;

/// Longest name, in characters.
const LONGEST: usize = 120;

/// What a person says of the new source; the address and the kind are what was seen.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SourceForm {
    /// Its name in files and addresses.
    pub slug: String,
    /// Slug of the outlet; empty for a new one.
    pub outlet: String,
    /// Name of the new outlet.
    pub name: String,
    /// What sort it is, as in `feeds.toml`.
    pub kind: String,
    /// Where the new outlet is read.
    pub area: String,
    /// Its rights class, as in `feeds.toml`.
    pub rights: String,
    /// `A` to `D`.
    pub cadence: String,
    /// Its rubric, if it is one section.
    pub rubric: String,
    /// What is known about our right to read it, as in `feeds.toml`.
    pub legal: String,
    /// Whether article pages are read.
    pub extract: bool,
}

impl SourceForm {
    /// The form with what a look suggests.
    pub fn of(probed: &Probed, taken: &[String]) -> Self {
        let host = probed.host.trim_start_matches("www.");
        let stem = host.rsplit_once('.').map_or(host, |(stem, _)| stem);
        let cadence = Cadence::C;
        Self {
            slug: slug(stem, taken),
            kind: word(&OutletKind::Local),
            rights: word(&RightsClass::ExtractOnly),
            cadence: word(&cadence),
            legal: word(&LegalStatus::ToVerify),
            extract: !probed.tdm_reserved && probed.robots.as_ref().is_none_or(|r| r.allows),
            ..Self::default()
        }
    }
}

/// Adds the source whose look has that number; gives its slug. It is visited at once.
///
/// # Errors
/// [`Denied::Form`] for fields that cannot be taken, a name that is used among them, with the place where it is;
/// [`Denied::Invalid`] if nothing would be taken there.
pub async fn add(desk: AtDesk<'_>, errand: ErrandId, form: &SourceForm) -> Result<String> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::Administer).await?;
    let unknown = || Denied::Unknown { what: "link", name: errand.to_string() };
    let (asked, found) = find_probe(&mut write, errand).await?.ok_or_else(unknown)?;
    let ErrandKind::Probe { url, selectors } = asked.kind else { return Err(unknown().into()) };
    let Some(Ok(probed)) = found.filter(|f| f.as_ref().is_ok_and(Probed::is_source)) else {
        return Err(Denied::Invalid(vec![t(desk.lang, "sources.slip.nothing_there").to_owned()]).into());
    };
    let kind = match (probed.document, selectors) {
        (ProbedKind::Sitemap | ProbedKind::SitemapIndex, _) => SourceKind::Sitemap,
        (ProbedKind::Page, Some(selectors)) => SourceKind::Page { selectors },
        _ => SourceKind::Feed,
    };
    let mut slips = Vec::new();
    let name = form.slug.trim().to_lowercase();
    if is_slug(&name) {
        clash(&mut write, &desk, &name, &url, &mut slips).await?;
    } else {
        slips.push(slip("slug", t(desk.lang, "sources.slip.slug")));
    }
    let cadence: Option<Cadence> = choice(&form.cadence, "cadence", desk.lang, &mut slips);
    let legal: Option<LegalStatus> = choice(&form.legal, "legal", desk.lang, &mut slips);
    let rubric = line(&form.rubric);
    if rubric.chars().count() > LONGEST {
        slips.push(slip("rubric", fill(desk.lang, "people.slip.long", &[("most", &LONGEST.to_string())])));
    }
    let outlet = outlet(&mut write, &desk, form, &probed, &mut slips).await?;
    let (Some(cadence), Some(legal), Some(outlet), true) = (cadence, legal, outlet, slips.is_empty()) else {
        return Err(Denied::Form(slips).into());
    };
    let source = Source {
        id: SourceId(0),
        slug: name.clone(),
        outlet,
        kind,
        url: url.clone(),
        host: probed.host.clone(),
        cadence,
        rubric: (!rubric.is_empty()).then_some(rubric),
        rights: None,
        legal,
        extract: form.extract,
        origin: Origin::Desk,
        paused: false,
        retired_at: None,
        next_at: desk.now,
        health: Health::New,
        validators: Validators::default(),
        learned: salastampa_domain::Learned::default(),
        reading: salastampa_domain::SourceReading::default(),
    };
    write.record_source(&source).await?;
    let after = json!({ "url": url, "kind": source.kind, "cadence": cadence, "legal": legal, "outlet": outlet });
    let subject = Event::about_source(&name);
    write.record_event(desk.now, &actor(&user), "source.add", &subject, None, Some(&after.to_string())).await?;
    write.commit().await?;
    Ok(name)
}

/// A name or an address that is used already, with the place where it is.
async fn clash(write: &mut Write, desk: &AtDesk<'_>, name: &str, url: &str, slips: &mut Vec<Slip>) -> Result<()> {
    for source in write.list_sources().await? {
        let place = match source.origin {
            Origin::File => t(desk.lang, "sources.place.file"),
            Origin::Desk => t(desk.lang, "sources.place.desk"),
        };
        if source.slug == name {
            let values = [("name", name), ("place", place), ("url", &source.url)];
            slips.push(slip("slug", fill(desk.lang, "sources.slip.slug_taken", &values)));
        } else if source.url == url && source.retired_at.is_none() {
            let values = [("name", source.slug.as_str()), ("place", place)];
            slips.push(slip("slug", fill(desk.lang, "sources.slip.url_taken", &values)));
        }
    }
    Ok(())
}

/// The outlet that was chosen, or the new one; `None` with a slip where there is none.
async fn outlet(
    write: &mut Write,
    desk: &AtDesk<'_>,
    form: &SourceForm,
    probed: &Probed,
    slips: &mut Vec<Slip>,
) -> Result<Option<OutletId>> {
    if !form.outlet.is_empty() {
        let known = write.find_outlet_by_slug(&form.outlet).await?;
        if known.is_none() {
            slips.push(slip("outlet", t(desk.lang, "people.slip.choice")));
        }
        return Ok(known.map(|o| o.id));
    }
    let (name, area) = (line(&form.name), line(&form.area));
    let all = write.list_outlets().await?;
    if name.is_empty() || name.chars().count() > LONGEST {
        slips.push(slip("name", t(desk.lang, "sources.slip.outlet_name")));
    } else if let Some(known) = all.iter().find(|o| o.name.to_lowercase() == name.to_lowercase()) {
        slips.push(slip("name", fill(desk.lang, "sources.slip.outlet_double", &[("name", &known.name)])));
    }
    if area.is_empty() || area.chars().count() > LONGEST {
        slips.push(slip("area", t(desk.lang, "sources.slip.area")));
    }
    let kind: Option<OutletKind> = choice(&form.kind, "kind", desk.lang, slips);
    let rights: Option<RightsClass> = choice(&form.rights, "rights", desk.lang, slips);
    if matches!(rights, Some(RightsClass::LicensedExtract | RightsClass::LicensedFull)) {
        slips.push(slip("rights", t(desk.lang, "sources.slip.licensed")));
    }
    let (Some(kind), Some(rights), true) = (kind, rights, slips.is_empty()) else { return Ok(None) };
    let taken: Vec<String> = all.into_iter().map(|o| o.slug).collect();
    let new = Outlet {
        id: OutletId(0),
        slug: match slug(&name, &taken) {
            empty if empty.is_empty() => slug(&form.slug, &taken),
            slug => slug,
        },
        name,
        kind,
        area,
        tier: 3,
        rights,
        contract: None,
        home: home(&probed.url),
    };
    Ok(Some(write.record_outlet(&new).await?))
}

/// The home page of a site.
fn home(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let host = rest.split(['/', '?', '#']).next()?;
    Some(format!("{scheme}://{host}/"))
}

/// One of the words of a list.
fn choice<T: DeserializeOwned>(text: &str, field: &'static str, lang: Lang, slips: &mut Vec<Slip>) -> Option<T> {
    let read = serde_json::from_value(serde_json::Value::String(text.to_owned())).ok();
    if read.is_none() {
        slips.push(slip(field, t(lang, "people.slip.choice")));
    }
    read
}

/// The word of a choice, as rows and `feeds.toml` write it.
fn word(choice: &impl serde::Serialize) -> String {
    serde_json::to_value(choice).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}
