//! How the archive stands, in words: why it is built anew, how far that is, what is in the way.

use salastampa_domain::Timestamp;
use salastampa_domain::time::MINUTE;
use salastampa_index::{Obstacle, Rebuild, Standing};
use salastampa_locale::{Lang, fill, number, plural, t};

/// Why the archive is built anew, how far that is, and when it will be done.
pub fn rebuild_words(lang: Lang, rebuild: &Rebuild, now: Timestamp) -> String {
    let mut words = t(lang, rebuild.why.key()).to_owned();
    if let Some(all) = rebuild.all {
        let whole = |n: u64| number::whole(i64::try_from(n).unwrap_or(i64::MAX), lang);
        let (done, all) = (whole(rebuild.articles.min(all)), whole(all));
        words.push(' ');
        words.push_str(&fill(lang, "archive.rebuild.progress", &[("done", &done), ("all", &all)]));
    }
    if let Some(time) = rebuild.remaining(now) {
        let minutes = usize::try_from(time.div_euclid(MINUTE) + 1).unwrap_or(1);
        words.push(' ');
        words.push_str(&plural(lang, "archive.rebuild.left", minutes));
    }
    words
}

/// What keeps the archive from doing its work, and what to do.
pub fn obstacle_words(lang: Lang, obstacle: &Obstacle) -> String {
    match obstacle {
        Obstacle::Busy(who) | Obstacle::Other(who) => fill(lang, obstacle.key(), &[("who", who)]),
        Obstacle::Full | Obstacle::Denied => t(lang, obstacle.key()).to_owned(),
    }
}

/// Why a search has no answer for now: what happened, that nothing is lost, when there will be one.
pub fn away_words(lang: Lang, standing: &Standing, now: Timestamp) -> String {
    let what = standing.rebuild.as_ref().map(|rebuild| rebuild_words(lang, rebuild, now));
    let obstacle = standing.obstacle.as_ref().map(|obstacle| obstacle_words(lang, obstacle));
    let safe = t(lang, "archive.rebuild.safe").to_owned();
    what.into_iter().chain(obstacle).chain([safe]).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;
    use salastampa_index::Reason;

    #[test]
    fn a_search_without_an_answer_is_told_why_and_until_when() {
        let rebuild = |why| Rebuild { why, articles: 1_200, all: Some(91_200), since: Some((Timestamp(0), 200)) };
        let damaged = Reason::Damaged("x.idx is not what was written".into());
        let standing = Standing { rebuild: Some(rebuild(damaged)), ..Standing::default() };
        let words = away_words(Lang::It, &standing, Timestamp(2_000));
        expect![[r#"Un file dell'archivio ricercabile era danneggiato: l'archivio si ricostruisce da solo. Fatti 1.200 articoli su 91.200. Mancano circa 4 minuti. Nulla va perso: gli articoli ci sono tutti, e alert e rassegna vanno avanti."#]]
        .assert_eq(&words);
        let full = Standing { obstacle: Some(Obstacle::Full), ..Standing::default() };
        for lang in [Lang::It, Lang::En] {
            for why in [Reason::Missing, Reason::Asked, Reason::Unfinished, Reason::OtherStore, Reason::AheadOfStore] {
                let words = rebuild_words(lang, &Rebuild { why, articles: 3, all: Some(2), since: None }, Timestamp(0));
                assert!(!words.contains("rebuild.") && !words.contains('{'), "{words}");
            }
            let words = away_words(lang, &full, Timestamp(0));
            assert!(!words.contains("obstacle.") && words.len() > 50, "{words}");
            let busy = obstacle_words(lang, &Obstacle::Busy("4711".into()));
            assert!(busy.contains("4711"), "{busy}");
        }
    }
}
