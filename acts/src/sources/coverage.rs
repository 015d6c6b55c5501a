//! The proof of coverage: what all sources together usually bring in a day, and what came.

use crate::Result;
use salastampa_domain::time::DAY;
use salastampa_domain::{Source, Timestamp};
use salastampa_locale::{Lang, fill, number};
use salastampa_store::Rows;

/// Items of the last twenty-four hours.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct DayCoverage {
    /// That such hours usually bring, by what was learnt.
    pub expected: usize,
    /// That came from sources whose rhythm is known.
    pub came: usize,
}

/// Counts the last twenty-four hours over sources whose rhythm is known; paused and retired ones are left out. `patron`
/// is the holiday of the town.
pub async fn coverage(
    rows: &mut Rows,
    sources: &[Source],
    patron: Option<(i8, i8)>,
    now: Timestamp,
) -> Result<DayCoverage> {
    let from = now.plus(-DAY);
    let came = rows.count_articles_by_source(from).await?;
    let (mut expected, mut all) = (0, 0);
    for source in sources.iter().filter(|s| s.is_active() && s.learned.profile.is_known()) {
        let usual = source.learned.profile.expected(from, now, patron);
        if usual == 0 {
            continue;
        }
        expected += usual;
        all += came.iter().find(|(id, _)| *id == source.id).map_or(0, |(_, n)| *n);
    }
    Ok(DayCoverage { expected: usize::try_from((expected + 500) / 1_000).unwrap_or(usize::MAX), came: all })
}

impl DayCoverage {
    /// *Nelle ultime 24 ore attese circa 1.180 notizie, arrivate 1.164*; nothing while the rhythm is not known.
    pub fn sentence(&self, lang: Lang) -> Option<String> {
        let n = |n: usize| number::whole(i64::try_from(n).unwrap_or(i64::MAX), lang);
        (self.expected > 0)
            .then(|| fill(lang, "sources.coverage", &[("expected", &n(self.expected)), ("came", &n(self.came))]))
    }
}
