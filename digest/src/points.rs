//! *Perché è qui*: the points of a story in words, in the reader's language.
//!
//! Every part is told with what it brought, so that the sum can be checked by hand; the watches and words that brought the
//! story stand in front. Left out: how points are given (crate `stories`).

use salastampa_domain::{Entry, Part, Point, Spot, importance};
use salastampa_locale::{Lang, fill, plural, t};

/// Why an entry is where it is: its watches and words, and its points where it has any.
pub fn why(entry: &Entry, lang: Lang) -> String {
    let brought = entry.why.join(" · ");
    match sentence(&entry.points, lang) {
        points if points.is_empty() => brought,
        points if brought.is_empty() => points,
        points => format!("{brought} · {points}"),
    }
}

/// `47 punti: titolo: asilo nido +12; assessora Ferri nel titolo +15; 4 testate +16`; empty where there are none.
pub fn sentence(points: &[Point], lang: Lang) -> String {
    if points.is_empty() {
        return String::new();
    }
    let parts: Vec<String> =
        points.iter().map(|point| format!("{} {}", part(point, lang), signed(point.points))).collect();
    let all = plural(lang, "digest.points.all", usize::try_from(importance::total(points)).unwrap_or(0));
    format!("{all}: {}", parts.join("; "))
}

/// `+12`, `−15`.
pub fn signed(points: i64) -> String {
    if points < 0 { format!("−{}", points.unsigned_abs()) } else { format!("+{points}") }
}

fn part(point: &Point, lang: Lang) -> String {
    let n = usize::try_from(point.n).unwrap_or(0);
    let what = [("what", point.what.as_str())];
    match (point.part, point.spot) {
        (Part::Relevance, _) if point.what.is_empty() => t(lang, "digest.points.watch").to_owned(),
        (Part::Relevance, Some(Spot::Title)) => fill(lang, "digest.points.title", &what),
        (Part::Relevance, Some(Spot::Lead)) => fill(lang, "digest.points.lead", &what),
        (Part::Relevance, _) => fill(lang, "digest.points.body", &what),
        (Part::Feedback, _) => plural(lang, "digest.points.feedback", n),
        (Part::Role, Some(Spot::Title)) => fill(lang, "digest.points.role_title", &what),
        (Part::Role, Some(Spot::Lead)) => fill(lang, "digest.points.role_lead", &what),
        (Part::Role, _) => fill(lang, "digest.points.role_quoted", &what),
        (Part::Outlets, _) => plural(lang, "common.outlet", n),
        (Part::Tier, _) => point.what.clone(),
        (Part::Front, _) => fill(lang, "digest.points.front", &[("what", &point.what), ("n", &point.n.to_string())]),
        (Part::Velocity, _) => plural(lang, "digest.points.velocity", n),
        (Part::Freshness, _) => t(lang, "digest.points.freshness").to_owned(),
        (Part::Release, _) => t(lang, "digest.points.release").to_owned(),
        (Part::Repeated, _) => t(lang, "digest.points.repeated").to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_points_are_told_in_both_languages() {
        let point = |part, points, what: &str, spot, n| Point { part, points, what: what.into(), spot, n };
        let points = [
            point(Part::Outlets, 16, "", None, 4),
            point(Part::Role, 15, "assessora Ferri", Some(Spot::Title), 0),
            point(Part::Relevance, 12, "asilo nido", Some(Spot::Title), 0),
            point(Part::Tier, 6, "Il Giornale del Lago", None, 0),
            point(Part::Feedback, 4, "", None, 72),
            point(Part::Front, 5, "Il Giornale del Lago", None, 1),
            point(Part::Repeated, -15, "", None, 0),
        ];
        assert_eq!(
            sentence(&points, Lang::It),
            "43 punti: 4 testate +16; assessora Ferri nel titolo +15; titolo: asilo nido +12; Il Giornale del Lago +6; \
             72 scelte dell'ufficio in casi simili +4; prima pagina, posto 1 (Il Giornale del Lago) +5; già nella rassegna precedente, senza novità −15"
        );
        assert_eq!(sentence(&points[..2], Lang::En), "31 points: 4 outlets +16; assessora Ferri in the title +15");
        assert_eq!(sentence(&[], Lang::It), "");
    }
}
