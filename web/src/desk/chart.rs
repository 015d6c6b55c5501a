//! Numbers over time as bars, with the table of the same numbers beside them.
//!
//! Hand-written SVG: no script, no `style`, one colour that the style sheet gives, so that it prints and turns dark with
//! the page. The picture stretches to its place and holds no letters; what is written (largest value, ends of the axis)
//! is text of the page and grows with it. The way down to the articles leads through the table, because a picture with
//! a name of its own has no links inside. Left out: lines, several rows of numbers, scales that do not begin at zero.

use askama::Template;
use jiff::civil::Date;
use salastampa_locale::{Lang, date, fill, number, plural, t};
use std::collections::BTreeMap;

/// Bars with their table; written into a page by `{{ chart|safe }}`.
#[derive(Template, Clone, Debug)]
#[template(path = "desk/chart.html")]
pub(crate) struct Chart {
    lang: Lang,
    /// Stands in the page once: names are made of it.
    id: &'static str,
    /// What the numbers are.
    title: String,
    /// The picture in a sentence.
    summary: String,
    /// Heading of the first column: days, months or years.
    step: String,
    /// Heading of the second.
    unit: String,
    bars: Vec<Bar>,
    width: usize,
}

/// One bar and one line of the table.
#[derive(Clone, Debug)]
struct Bar {
    /// As the table writes it.
    label: String,
    /// For machines: `2026-11-22`, `2026-11`, `2026`.
    datetime: String,
    value: u64,
    /// As people write it.
    shown: String,
    href: Option<String>,
    x: usize,
    y: u64,
    height: u64,
}

/// Longest period with a bar for each day, in days.
const DAYS: i32 = 92;
/// Longest period with a bar for each month, in days.
const MONTHS: i32 = 5 * 366;
/// With more bars than this those of nothing are left out: somebody has dated an article in the year 1.
const MOST: usize = 120;
/// Units of the picture a bar, of which the bar itself takes eight.
const STEP: usize = 10;
/// Units of the picture from the ground to the largest bar.
const HEIGHT: u64 = 100;

impl Chart {
    /// Counts by day from `first` to `last`, both included; a day that is not named has none. Long periods are counted
    /// by month or by year. `link` gives the address of the articles from one day to another.
    pub(crate) fn over(
        id: &'static str,
        title: String,
        counts: &[(Date, u64)],
        (first, last): (Date, Date),
        lang: Lang,
        link: impl Fn(Date, Date) -> Option<String>,
    ) -> Self {
        let span = days_between(first, last);
        let begin = |day: Date| match span {
            0..=DAYS => day,
            _ if span <= MONTHS => day.first_of_month(),
            _ => day.first_of_year(),
        };
        let end = |day: Date| match span {
            0..=DAYS => day,
            _ if span <= MONTHS => day.last_of_month(),
            _ => day.last_of_year(),
        };
        let mut sums: BTreeMap<Date, u64> = BTreeMap::new();
        for (day, n) in counts.iter().filter(|(day, _)| (first..=last).contains(day)) {
            *sums.entry(begin(*day)).or_default() += n;
        }
        let mut at = begin(first);
        while at <= last && sums.len() <= MOST {
            sums.entry(at).or_default();
            let Ok(next) = end(at).tomorrow() else { break };
            at = next;
        }
        if sums.len() > MOST {
            sums.retain(|_, n| *n > 0);
        }
        let largest = sums.values().copied().max().unwrap_or_default().max(1);
        let label = |day: Date| match span {
            0..=DAYS => (date::short(day, lang), day.to_string()),
            _ if span <= MONTHS => {
                let month = format!("{} {}", date::month(day, lang), day.year());
                (month, format!("{}-{:02}", day.year(), day.month()))
            }
            _ => (day.year().to_string(), format!("{:04}", day.year())),
        };
        let bar = |(n, (day, value)): (usize, (Date, u64))| {
            let (label, datetime) = label(day);
            // what is there is seen, however small beside the largest
            let height = if value == 0 { 0 } else { (value * HEIGHT / largest).max(2) };
            let href = if value == 0 { None } else { link(day.max(first), end(day).min(last)) };
            let shown = number::whole(i64::try_from(value).unwrap_or(i64::MAX), lang);
            Bar { label, datetime, value, shown, href, x: n * STEP + 1, y: HEIGHT - height, height }
        };
        let bars: Vec<Bar> = sums.into_iter().enumerate().map(bar).collect();
        let step = match span {
            0..=DAYS => t(lang, "archive.chart.day"),
            _ if span <= MONTHS => t(lang, "archive.chart.month"),
            _ => t(lang, "archive.chart.year"),
        };
        Self {
            lang,
            id,
            summary: summary(&bars, lang),
            title,
            step: step.to_owned(),
            unit: t(lang, "archive.chart.articles").to_owned(),
            width: bars.len().max(1) * STEP,
            bars,
        }
    }

    fn t(&self, key: &'static str) -> &'static str {
        t(self.lang, key)
    }

    /// The first and the last label of the axis, and one between them where there is room.
    fn ends(&self) -> Vec<&Bar> {
        let n = self.bars.len();
        let places: &[usize] = match n {
            0 => &[],
            1 => &[0],
            2..=4 => &[0, n - 1],
            _ => &[0, n / 2, n - 1],
        };
        places.iter().filter_map(|place| self.bars.get(*place)).collect()
    }
}

fn days_between(first: Date, last: Date) -> i32 {
    first.until(last).map_or(0, |span| span.get_days()).max(0)
}

fn summary(bars: &[Bar], lang: Lang) -> String {
    let total: u64 = bars.iter().map(|bar| bar.value).sum();
    let in_all = plural(lang, "archive.chart.total", usize::try_from(total).unwrap_or(usize::MAX));
    // the first of equals
    let best = bars.iter().rev().max_by_key(|bar| bar.value).filter(|bar| bar.value > 0);
    match best {
        None => t(lang, "archive.chart.nothing").to_owned(),
        Some(best) => {
            fill(lang, "archive.chart.summary", &[("total", &in_all), ("most", &best.shown), ("when", &best.label)])
        }
    }
}

#[cfg(test)]
impl Chart {
    /// Two weeks of an invented office.
    pub(crate) fn sample(lang: Lang) -> Self {
        let day = |n: i8| jiff::civil::date(2026, 11, n);
        let counts: Vec<_> = (9..=22).map(|n| (day(n), u64::from(n.unsigned_abs()) * 7 % 12)).collect();
        let link = |from: Date, _: Date| Some(format!("/ufficio-stampa/desk/archivio?giorno={from}"));
        Self::over("volume", t(lang, "archive.chart.volume").to_owned(), &counts, (day(9), day(22)), lang, link)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date as day;

    fn chart(counts: &[(Date, u64)], first: Date, last: Date) -> Chart {
        Chart::over("x", "Articoli".into(), counts, (first, last), Lang::It, |a, b| Some(format!("?dal={a}&al={b}")))
    }

    #[test]
    fn a_day_without_articles_is_a_zero_and_not_a_hole() {
        let chart = chart(&[(day(2026, 11, 20), 4), (day(2026, 11, 22), 400)], day(2026, 11, 19), day(2026, 11, 22));
        let values: Vec<u64> = chart.bars.iter().map(|b| b.value).collect();
        assert_eq!(values, [0, 4, 0, 400]);
        assert_eq!(chart.bars[1].height, 2, "what is there is seen");
        assert_eq!(
            (chart.bars[0].href.as_deref(), chart.bars[3].href.as_deref()),
            (None, Some("?dal=2026-11-22&al=2026-11-22"))
        );
        assert_eq!(chart.summary, "404 articoli in tutto; il massimo è 400 (22 nov 2026).");
        let page = chart.render().expect("a template over strings");
        for part in ["role=\"img\"", "aria-labelledby=\"x-title x-desc\"", "<title id=\"x-title\">", "<caption"] {
            assert_eq!(page.matches(part).count(), 1, "{part} in {page}");
        }
        assert!(!page.contains("style="), "{page}");
    }

    #[test]
    fn long_periods_are_counted_by_month_and_by_year() {
        let counts = [(day(2026, 1, 31), 1), (day(2026, 2, 1), 2), (day(2026, 11, 22), 3)];
        let months = chart(&counts, day(2026, 1, 15), day(2026, 11, 22));
        assert_eq!(months.bars.len(), 11);
        assert_eq!(months.bars[0].href.as_deref(), Some("?dal=2026-01-15&al=2026-01-31"));
        assert_eq!((months.bars[1].label.as_str(), months.bars[1].datetime.as_str()), ("febbraio 2026", "2026-02"));
        assert_eq!(months.bars[10].href.as_deref(), Some("?dal=2026-11-01&al=2026-11-22"));
        let years = chart(&[(day(2016, 5, 5), 1), (day(2026, 11, 22), 3)], day(2016, 5, 5), day(2026, 11, 22));
        assert_eq!(years.bars.iter().map(|b| b.value).collect::<Vec<_>>(), [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3]);
    }

    #[test]
    fn a_wrong_date_makes_no_endless_chart() {
        let chart = chart(&[(day(1, 1, 1), 1), (day(9999, 12, 31), 3)], day(1, 1, 1), day(9999, 12, 31));
        assert_eq!(chart.bars.len(), 2);
        assert_eq!(chart.bars[0].datetime, "0001");
    }

    #[test]
    fn nothing_is_said_in_words() {
        let chart = chart(&[], day(2026, 11, 22), day(2026, 11, 22));
        assert_eq!((chart.bars.len(), chart.summary.as_str()), (1, "Nessun articolo in questo periodo."));
    }
}
