//! What a search asks, as it stands in the address: the same value for the form, the chips, the facets and the pages.
//!
//! Everything is text, as people and old links write it; what cannot be understood is let go and never an error.

use super::facets::kind;
use crate::desk::fields::Fields;
use crate::desk::guard::encoded;
use jiff::ToSpan;
use jiff::civil::Date;
use salastampa_domain::{Outlet, Page, Period, Query, Sort, Timestamp, Watch};
use salastampa_index::{QueryError, any_word, parse};
use serde::Deserialize;

/// Fewest days of a chart whose beginning nobody asked for.
const LEAST_DAYS: i32 = 14;
/// Hits on a page.
const PAGE: usize = 20;

/// A search.
#[derive(Deserialize, Clone, PartialEq, Eq, Debug, Default)]
#[serde(default)]
pub(crate) struct Asked {
    /// The query text, as it was typed.
    pub(crate) q: String,
    /// `vecchi`, `rilevanza`, `testate`, or newest first.
    pub(crate) ordine: String,
    /// The slug of an outlet.
    pub(crate) testata: String,
    /// A kind of outlet, as [`KINDS`](crate::desk::sources::KINDS) names it.
    pub(crate) tipo: String,
    /// A section of the outlets, folded.
    pub(crate) sezione: String,
    /// The slug of a watch.
    pub(crate) tema: String,
    /// The slug of a dossier.
    pub(crate) dossier: String,
    /// The key of a tag.
    pub(crate) etichetta: String,
    /// One day.
    pub(crate) giorno: String,
    /// The first day.
    pub(crate) dal: String,
    /// The last day.
    pub(crate) al: String,
    /// Where the page begins.
    pub(crate) dopo: String,
    /// `1`: articles of one story as one line.
    pub(crate) raggruppa: String,
    /// `temi`, or `temi-2` and on for the watches behind the first: how many each finds of it is told as well.
    pub(crate) conta: String,
}

impl Asked {
    /// A search for a text.
    pub(crate) fn text(q: &str) -> Self {
        Self { q: q.to_owned(), ..Self::default() }
    }

    /// The search that a form carries along.
    pub(crate) fn of(fields: &Fields) -> Self {
        let text = |name| fields.text(name).to_owned();
        Self {
            q: fields.raw("q").to_owned(),
            ordine: text("ordine"),
            testata: text("testata"),
            tipo: text("tipo"),
            sezione: text("sezione"),
            tema: text("tema"),
            dossier: text("dossier"),
            etichetta: text("etichetta"),
            giorno: text("giorno"),
            dal: text("dal"),
            al: text("al"),
            dopo: text("dopo"),
            raggruppa: text("raggruppa"),
            conta: text("conta"),
        }
    }

    /// The same without what nobody knows: outlets and watches that are not there, kinds that no outlet has, or not the
    /// one that is asked for, days that are none. The earlier of two days is the first.
    pub(crate) fn known(mut self, outlets: &[Outlet], watches: &[Watch]) -> Self {
        if outlets.iter().all(|outlet| outlet.slug != self.testata) {
            self.testata.clear();
        }
        if self.outlets(outlets).next().is_none() {
            self.tipo.clear();
        }
        if watches.iter().all(|watch| watch.slug != self.tema) {
            self.tema.clear();
        }
        if !self.counts_watches() || !self.tema.is_empty() {
            self.conta.clear();
        }
        for text in [&mut self.giorno, &mut self.dal, &mut self.al] {
            *text = day(text).map(|day| day.to_string()).unwrap_or_default();
        }
        if !self.giorno.is_empty() {
            self.dal.clear();
            self.al.clear();
        }
        if !self.dal.is_empty() && !self.al.is_empty() && self.al < self.dal {
            std::mem::swap(&mut self.dal, &mut self.al);
        }
        self
    }

    /// The question to the archive. What was typed stands in it from byte [`Self::shift`] on; it must be a query by
    /// itself, so that no parenthesis of it closes one of ours.
    pub(crate) fn query(&self, outlets: &[Outlet]) -> Result<Query, QueryError> {
        parse(&self.q)?;
        let text = match (self.q.trim().is_empty(), self.tema.is_empty()) {
            (_, true) => self.q.clone(),
            (true, false) => format!("tema:\"{}\"", self.tema),
            (false, false) => format!("({}) tema:\"{}\"", self.q, self.tema),
        };
        let narrows = !self.testata.is_empty() || !self.tipo.is_empty();
        Ok(Query {
            text,
            period: self.period(),
            outlets: self.outlets(outlets).filter(|_| narrows).map(|outlet| outlet.id).collect(),
            rubrics: Some(self.sezione.clone()).filter(|one| !one.is_empty()).into_iter().collect(),
            counts: true,
            only: None,
            sort: match self.ordine.as_str() {
                "vecchi" => Sort::Oldest,
                "rilevanza" => Sort::Relevance,
                "testate" => Sort::Outlets,
                _ => Sort::Newest,
            },
            page: Page { size: PAGE, after: Some(self.dopo.clone()).filter(|token| !token.is_empty()) },
        })
    }

    /// The outlets of the slug and of the kind that are asked for.
    fn outlets<'a>(&self, outlets: &'a [Outlet]) -> impl Iterator<Item = &'a Outlet> {
        let (slug, kind) = (self.testata.clone(), kind(&self.tipo));
        let any_kind = self.tipo.is_empty();
        outlets
            .iter()
            .filter(move |outlet| slug.is_empty() || outlet.slug == slug)
            .filter(move |outlet| any_kind || Some(outlet.kind) == kind)
    }

    /// How many bytes stand in the question before what was typed.
    pub(crate) fn shift(&self) -> usize {
        usize::from(!self.tema.is_empty() && !self.q.trim().is_empty())
    }

    /// What was typed of a whole question that was made of this one's; `None` where nothing was.
    pub(crate) fn typed(&self, text: &str) -> Option<String> {
        match (self.shift(), self.tema.is_empty()) {
            (0, true) => Some(text.to_owned()),
            (0, false) => None,
            _ => Some(text.strip_prefix('(')?.strip_suffix(&format!(") tema:\"{}\"", self.tema))?.to_owned()),
        }
    }

    fn period(&self) -> Option<Period> {
        if let Some(day) = day(&self.giorno) {
            return Some(Period::days(day, day));
        }
        let (first, last) = (day(&self.dal), day(&self.al));
        let from = first.map_or(Period::ALWAYS.from, |day| Period::days(day, day).from);
        let to = last.map_or(Period::ALWAYS.to, |day| Period::days(day, day).to);
        (first.is_some() || last.is_some()).then_some(Period { from, to })
    }

    /// The first and the last day that were asked for; `None` where that side is open.
    pub(crate) fn days(&self) -> (Option<Date>, Option<Date>) {
        match day(&self.giorno) {
            Some(day) => (Some(day), Some(day)),
            None => (day(&self.dal), day(&self.al)),
        }
    }

    /// The same search from one day to another, from its first page.
    pub(crate) fn between(&self, first: Date, last: Date) -> Self {
        let dates = if first == last {
            Self { giorno: first.to_string(), ..Self::default() }
        } else {
            Self { dal: first.to_string(), al: last.to_string(), ..Self::default() }
        };
        Self { giorno: dates.giorno, dal: dates.dal, al: dates.al, dopo: String::new(), ..self.clone() }
    }

    /// The query text of a watch that would find the same, whatever the days.
    pub(crate) fn as_watch(&self, outlets: &[Outlet]) -> String {
        let mut parts = Vec::new();
        let typed = self.q.trim();
        let kind: Vec<String> = match self.tipo.is_empty() || !self.testata.is_empty() {
            true => Vec::new(),
            false => self.outlets(outlets).map(named).collect(),
        };
        let alone = self.testata.is_empty() && self.tema.is_empty() && self.sezione.is_empty() && kind.is_empty();
        match typed {
            "" => {}
            _ if alone || !typed.contains(" OR ") => parts.push(typed.to_owned()),
            _ => parts.push(format!("({typed})")),
        }
        if let Some(outlet) = outlets.iter().find(|outlet| outlet.slug == self.testata) {
            parts.push(named(outlet));
        }
        // the query language knows outlets and no kinds: those of today
        match kind.len() {
            0 => {}
            1 => parts.extend(kind),
            _ => parts.push(format!("({})", kind.join(" OR "))),
        }
        if !self.sezione.is_empty() && !self.sezione.contains('"') {
            parts.push(format!("sezione:\"{}\"", self.sezione));
        }
        if !self.tema.is_empty() {
            parts.push(format!("tema:\"{}\"", self.tema));
        }
        parts.join(" ")
    }

    /// The same search for any of the words, where all of them were asked for and nothing else.
    pub(crate) fn any_word(&self) -> Option<Self> {
        Some(Self { q: any_word(&self.q)?, dopo: String::new(), ..self.clone() })
    }

    /// Where it is found, below the site's own path.
    pub(crate) fn path(&self) -> String {
        let mut out = String::from("/desk/archivio");
        for (name, text) in self.pairs() {
            out.push(if out.contains('?') { '&' } else { '?' });
            out.push_str(name);
            out.push('=');
            out.push_str(&encoded(text));
        }
        out
    }

    /// What it holds, by name; what is empty is left out.
    pub(crate) fn pairs(&self) -> Vec<(&'static str, &str)> {
        let all = [
            ("q", self.q.as_str()),
            ("ordine", &self.ordine),
            ("testata", &self.testata),
            ("tipo", &self.tipo),
            ("sezione", &self.sezione),
            ("tema", &self.tema),
            ("dossier", &self.dossier),
            ("etichetta", &self.etichetta),
            ("giorno", &self.giorno),
            ("dal", &self.dal),
            ("al", &self.al),
            ("raggruppa", &self.raggruppa),
            ("conta", &self.conta),
            ("dopo", &self.dopo),
        ];
        all.into_iter().filter(|(_, text)| !text.is_empty()).collect()
    }

    /// Whether articles of one story are one line.
    pub(crate) fn grouped(&self) -> bool {
        self.raggruppa == "1"
    }

    /// Whether the watches are counted.
    pub(crate) fn counts_watches(&self) -> bool {
        self.watch_page().is_some()
    }

    /// Which page of the watches is counted, from 1.
    pub(crate) fn watch_page(&self) -> Option<usize> {
        match self.conta.strip_prefix("temi")? {
            "" => Some(1),
            rest => rest.strip_prefix('-')?.parse().ok().filter(|page| *page > 1),
        }
    }

    /// The same with that page of the watches counted.
    pub(crate) fn with_watches(&self, page: usize) -> Self {
        let conta = if page > 1 { format!("temi-{page}") } else { "temi".to_owned() };
        Self { conta, dopo: String::new(), ..self.clone() }
    }

    /// Days of the search that are known before it is made, or those of its answer.
    pub(crate) fn span(&self, found: &[(Date, u64)], now: Timestamp) -> Option<(Date, Date)> {
        let (first, last) = self.days();
        let last = last.or(found.last().map(|(day, _)| *day)).unwrap_or_else(|| now.day());
        // a search that found two days is shown in the two weeks that it stands in
        let weeks = last.saturating_sub((LEAST_DAYS - 1).days());
        let first = first.or(found.first().map(|(day, _)| weeks.min(*day)))?;
        Some((first, last.max(first)))
    }
}

/// An outlet as a query names it.
fn named(outlet: &Outlet) -> String {
    let name = if outlet.name.contains('"') { &outlet.slug } else { &outlet.name };
    format!("testata:\"{name}\"")
}

fn day(text: &str) -> Option<Date> {
    let text = text.trim();
    // `2026-11-22` and nothing longer: a time of day is no day
    text.parse().ok().filter(|_| text.len() == 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use salastampa_domain::{OutletId, OutletKind, RightsClass};

    fn outlets() -> Vec<Outlet> {
        vec![Outlet {
            id: OutletId(4),
            slug: "il-lago".into(),
            name: "Il Lago".into(),
            kind: OutletKind::Local,
            area: String::new(),
            tier: 2,
            rights: RightsClass::ExtractOnly,
            contract: None,
            home: None,
        }]
    }

    #[test]
    fn a_search_survives_its_address() {
        let asked = Asked { testata: "il-lago".into(), dopo: "1.2".into(), ..Asked::text("\"ponte & lago\"#?") };
        assert_eq!(asked.path(), "/desk/archivio?q=%22ponte%20%26%20lago%22%23%3F&testata=il-lago&dopo=1.2");
        assert_eq!(Asked::default().path(), "/desk/archivio");
    }

    #[test]
    fn what_nobody_knows_is_let_go() {
        let asked = Asked {
            testata: "gazzetta".into(),
            tema: "x".into(),
            conta: "x".into(),
            dal: "2026-11-22".into(),
            al: "2026-11-02".into(),
            giorno: "ieri".into(),
            ..Asked::text("ponte")
        };
        let known = asked.known(&outlets(), &[]);
        assert_eq!(known, Asked { dal: "2026-11-02".into(), al: "2026-11-22".into(), ..Asked::text("ponte") });
        let day = Asked { giorno: "2026-11-22".into(), ..known }.known(&outlets(), &[]);
        assert_eq!((day.dal.as_str(), day.al.as_str()), ("", ""));
    }

    #[test]
    fn a_kind_is_its_outlets_and_nothing_where_none_is_of_it() {
        let outlet = |id, slug: &str, kind| Outlet { id: OutletId(id), slug: slug.into(), kind, ..outlets().remove(0) };
        let mut all = outlets();
        all.extend([outlet(5, "eco", OutletKind::Agency), outlet(6, "lampo", OutletKind::Agency)]);
        let of = |testata: &str, tipo: &str| {
            let asked = Asked { testata: testata.into(), tipo: tipo.into(), ..Asked::text("a OR b") };
            asked.known(&all, &[])
        };
        let ids = |asked: &Asked| asked.query(&all).expect("a query").outlets.iter().map(|id| id.0).collect::<Vec<_>>();
        assert_eq!(ids(&of("", "agency")), [5, 6]);
        assert_eq!(ids(&of("eco", "agency")), [5]);
        assert_eq!(of("", "agency").path(), "/desk/archivio?q=a%20OR%20b&tipo=agency");
        assert_eq!(of("", "agency").as_watch(&all), "(a OR b) (testata:\"Il Lago\" OR testata:\"Il Lago\")");
        assert_eq!(of("eco", "agency").as_watch(&all), "(a OR b) testata:\"Il Lago\"");
        // what contradicts itself, what nobody has and what is no kind is let go
        for (testata, tipo, left) in [("il-lago", "agency", vec![4]), ("", "daily", vec![]), ("", "x", vec![])] {
            let asked = of(testata, tipo);
            assert_eq!((asked.tipo.as_str(), ids(&asked)), ("", left), "{testata} {tipo}");
        }
    }

    #[test]
    fn a_topic_narrows_the_whole_of_what_was_typed() {
        let asked = Asked { tema: "ponte".into(), testata: "il-lago".into(), ..Asked::text("a OR b") };
        let query = asked.query(&outlets()).expect("a query");
        assert_eq!((query.text.as_str(), asked.shift()), ("(a OR b) tema:\"ponte\"", 1));
        assert_eq!(query.outlets, [OutletId(4)]);
        assert_eq!(asked.as_watch(&outlets()), "(a OR b) testata:\"Il Lago\" tema:\"ponte\"");
        assert_eq!(asked.typed("(a OR c) tema:\"ponte\"").as_deref(), Some("a OR c"));
        assert_eq!(Asked::text("a").typed("b").as_deref(), Some("b"));
        assert_eq!(Asked { tema: "ponte".into(), ..Asked::default() }.typed("tema:\"ponta\""), None);
        assert!(Asked { q: "a) OR (b".into(), ..asked }.query(&outlets()).is_err());
        assert_eq!(Asked::text(" ponte  lago").any_word().map(|asked| asked.q).as_deref(), Some("ponte OR lago"));
        for no in ["ponte", "ponte OR lago", "titolo:ponte lago", "ponte -lago", ""] {
            assert_eq!(Asked::text(no).any_word(), None, "{no}");
        }
        assert_eq!(Asked::text(" ponte ").as_watch(&outlets()), "ponte");
    }
}
