//! What visits have taught of a source, in words: its rhythm, its delay, what may have been lost, what its site says.

use salastampa_domain::time::{DAY, MINUTE};
use salastampa_domain::{Learned, Timestamp};
use salastampa_locale::{Lang, fill, number, plural, t};

/// Name and value of each fact. `lag` is the median delay in milliseconds, where articles declare their hour.
pub(super) fn facts(
    learned: &Learned,
    lag: Option<i64>,
    patron: Option<(i8, i8)>,
    now: Timestamp,
    lang: Lang,
) -> Vec<(&'static str, String)> {
    let mut facts = vec![(t(lang, "sources.fact.rhythm"), rhythm(learned, patron, now, lang))];
    if let Some(lag) = lag {
        facts.push((t(lang, "sources.fact.lag"), number::duration(lag, lang)));
    }
    facts.push((t(lang, "sources.fact.gaps"), gaps(learned, lang)));
    if let Some(slowed) = learned.slowed.filter(|slowed| slowed.by >= MINUTE) {
        let more = number::duration(slowed.by, lang);
        facts.push((t(lang, "sources.fact.slowed"), fill(lang, "sources.fact.slowed_words", &[("n", &more)])));
    }
    if !learned.signals.ai_agents.is_empty() {
        facts.push((t(lang, "sources.fact.ai"), learned.signals.ai_agents.join(", ")));
    }
    if let Some(reserved) = learned.signals.tdm_reserved {
        let key = if reserved { "sources.fact.tdm_yes" } else { "sources.fact.tdm_no" };
        facts.push((t(lang, "sources.fact.tdm"), t(lang, key).to_owned()));
    }
    facts
}

/// What a day like today brings.
fn rhythm(learned: &Learned, patron: Option<(i8, i8)>, now: Timestamp, lang: Lang) -> String {
    if !learned.profile.is_known() {
        return t(lang, "sources.fact.rhythm_none").to_owned();
    }
    let day = now.day().at(0, 0, 0, 0);
    let begin = Timestamp::of_civil(day);
    let items = (learned.profile.expected(begin, begin.plus(DAY), patron) + 500) / 1_000;
    fill(lang, "sources.fact.rhythm_words", &[("n", &number::whole(i64::try_from(items).unwrap_or(i64::MAX), lang))])
}

fn gaps(learned: &Learned, lang: Lang) -> String {
    match learned.gaps.times {
        0 => t(lang, "sources.fact.gaps_none").to_owned(),
        times => {
            let back = plural(lang, "sources.fact.gaps_back", learned.gaps.repaired as usize);
            plural(lang, "sources.fact.gaps_some", times as usize).replace("{back}", &back)
        }
    }
}
