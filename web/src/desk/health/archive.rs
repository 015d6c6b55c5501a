//! How the searchable archive fares: whether it is up to the last article, built anew, held up, and what it left out.

use super::{Check, State, check};
use salastampa_acts::standing::{away_words, obstacle_words, rebuild_words};
use salastampa_domain::Timestamp;
use salastampa_index::Standing;
use salastampa_locale::{Lang, plural, t};

/// More changes than this are more than a short pause.
const FAR_BEHIND: i64 = 2_000;
/// So many articles that were left out are named.
const NAMED: usize = 5;

/// The archive, where there is one, in a store whose last change is `last_seq`; and what it left out, if it did.
pub(super) fn checks(standing: Option<&Standing>, last_seq: i64, lang: Lang, now: Timestamp) -> Vec<Check> {
    let of = |state, words| check(lang, state, "settings.health.archive", words, "settings.health.archive_do");
    let Some(standing) = standing else {
        return vec![of(State::Bad, t(lang, "settings.health.archive_closed").to_owned())];
    };
    let behind = last_seq - standing.cursor.0;
    let main = match (&standing.rebuild, &standing.obstacle) {
        _ if !standing.answers => of(State::Bad, away_words(lang, standing, now)),
        (_, Some(obstacle)) => of(State::Bad, obstacle_words(lang, obstacle)),
        (Some(rebuild), None) => {
            let answers = t(lang, "settings.health.archive_answers");
            let remedy = "settings.health.archive_wait";
            let words = format!("{} {answers}", rebuild_words(lang, rebuild, now));
            check(lang, State::Note, "settings.health.archive", words, remedy)
        }
        _ if behind > 0 => {
            let words = plural(lang, "settings.health.archive_behind", usize::try_from(behind).unwrap_or(usize::MAX));
            of(if behind > FAR_BEHIND { State::Bad } else { State::Note }, words)
        }
        _ => of(State::Good, t(lang, "settings.health.archive_words").to_owned()),
    };
    [Some(main), aside(standing, lang)].into_iter().flatten().collect()
}

fn aside(standing: &Standing, lang: Lang) -> Option<Check> {
    if standing.aside.is_empty() {
        return None;
    }
    let named = standing.aside.iter().take(NAMED).map(|aside| format!("{} ({})", aside.article.0, aside.reason));
    let named: Vec<String> = named.collect();
    let words = format!("{} {}", plural(lang, "settings.health.aside", standing.aside.len()), named.join("; "));
    Some(check(lang, State::Note, "settings.health.aside_name", words, "settings.health.aside_do"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use salastampa_domain::{ArticleId, Aside, Seq};
    use salastampa_index::{Obstacle, Reason, Rebuild};

    #[test]
    fn a_rebuild_an_obstacle_and_what_was_left_out_are_told() {
        let now = Timestamp(1_800_000_060_000);
        let well = Standing { cursor: Seq(9), answers: true, ..Standing::default() };
        let since = Some((Timestamp(1_800_000_000_000), 0));
        let rebuild = Rebuild { why: Reason::Asked, articles: 600, all: Some(1_200), since };
        let building = Standing { rebuild: Some(rebuild), ..well.clone() };
        let left = Aside { article: ArticleId(13), seq: Seq(4), reason: "an article too strange".into() };
        for (standing, states, words) in [
            (None, &[State::Bad][..], &["non è aperto"][..]),
            (Some(well.clone()), &[State::Good], &[]),
            (Some(building.clone()), &[State::Note], &["Fatti 600 articoli su 1.200", "2 minuti", "risponde"]),
            (Some(Standing { answers: false, ..building }), &[State::Bad], &["Nulla va perso"]),
            (Some(Standing { obstacle: Some(Obstacle::Full), ..well.clone() }), &[State::Bad], &["disco è pieno"]),
            (Some(Standing { cursor: Seq(8), ..well.clone() }), &[State::Note], &["1 modifica"]),
            (
                Some(Standing { aside: vec![left], ..well }),
                &[State::Good, State::Note],
                &["13 (an article too strange)"],
            ),
        ] {
            let checks = checks(standing.as_ref(), 9, Lang::It, now);
            assert_eq!(checks.iter().map(|check| check.state).collect::<Vec<_>>(), states, "{standing:?}");
            let told: String = checks.iter().map(|check| check.words.to_lowercase()).collect();
            assert!(words.iter().all(|w| told.contains(&w.to_lowercase())), "{told}");
        }
    }
}
