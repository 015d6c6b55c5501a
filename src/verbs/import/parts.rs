//! What a bookmark of a press review means: which article, of which outlet.
//!
//! Reviews are made in many ways: *Outlet > Title*, *Section > Title - Outlet*, or the outlet only in the line under the
//! title (as ours do). A name counts where the office knows it, as its own or by `--outlet NAME=ID`; a bookmark that
//! names none is refused, and what may have been the name is listed, to be mapped. Nothing is taken from likeness, and
//! nothing from the name of the file: a review holds many outlets.

use crate::intake::Refused;
use crate::intake::outlets::{Outlets, folded};
use salastampa_domain::OutletId;
use salastampa_pdf::read::Part;

/// What stands between a title and an outlet.
const BETWEEN: [&str; 5] = [" - ", " – ", " — ", " · ", " | "];
/// So many paragraphs of a part may name its outlet, none of them longer than that, in characters.
const HEAD: (usize, usize) = (4, 160);
/// Longest name that is listed to be mapped, in characters.
const NAME: usize = 60;
/// Fewer letters of its own are a section's heading.
const HEADING: usize = 40;

/// An article that a bookmark gave.
pub(super) struct Found {
    pub(super) outlet: OutletId,
    pub(super) title: String,
    pub(super) body: String,
}

/// What a part is; `None` for a section that holds nothing but its articles. `pages` were read of the file.
pub(super) fn article(part: &Part, pages: usize, outlets: &mut Outlets) -> Option<Result<Found, Refused>> {
    let refused = |reason, text: &str| Some(Err(Refused::new(reason, text)));
    let body = without_title(&part.body, &part.title);
    if part.is_section {
        let letters = body.chars().filter(|c| c.is_alphabetic()).count();
        return if letters < HEADING { None } else { refused("part_above", "") };
    }
    let Some(page) = part.page else { return refused("part_nowhere", "") };
    if page > pages {
        return refused("part_beyond", &pages.to_string());
    }
    if part.title.is_empty() {
        return refused("no_title", "");
    }
    if part.body.is_empty() {
        return refused("part_empty", "");
    }
    let found = match outlet(part, outlets) {
        Ok((outlet, title)) => Ok(Found { outlet, title, body: body.to_owned() }),
        Err(names) => {
            names.iter().for_each(|name| outlets.miss(name));
            match names.is_empty() {
                true => Err(Refused::new("no_outlet", "")),
                false => Err(Refused::new("unknown_outlet", &names.join("», «"))),
            }
        }
    };
    Some(found)
}

/// The outlet of a part, and its title without the outlet's name; else the names that may have been one.
fn outlet(part: &Part, outlets: &Outlets) -> Result<(OutletId, String), Vec<String>> {
    let parted = sides(&part.title).into_iter().find_map(|(name, title)| Some((outlets.named(name)?, title)));
    // `Il Lago (12)`, `Il Lago, p. 7`: a name with something behind it
    let within = |name: &str| {
        let pieces = sides(name).into_iter().flat_map(|(one, other)| [one, other]).chain(name.split(", "));
        pieces.map(str::trim).find_map(|name| outlets.named(name))
    };
    let above = || part.above.iter().rev().find_map(|name| outlets.named(name).or_else(|| within(name)));
    let head = || {
        let mut lines = without_title(&part.body, &part.title).lines().take(HEAD.0);
        lines.find_map(|line| heads(line).into_iter().find_map(|name| outlets.named(name)))
    };
    if let Some(outlet) = outlets.whole.or_else(above).or(parted.map(|(outlet, _)| outlet)).or_else(head) {
        let bare = parted.filter(|(named, _)| *named == outlet).map(|(_, title)| title);
        return Ok((outlet, bare.unwrap_or(&part.title).to_owned()));
    }
    let tail = sides(&part.title).into_iter().map(|(name, _)| name).next();
    let mut names: Vec<String> =
        part.above.last().into_iter().map(String::as_str).chain(tail).map(str::to_owned).collect();
    names.retain(|name| !folded(name).is_empty() && name.chars().count() <= NAME);
    Err(names)
}

/// The ways to see a name and a title in one: the name last, in brackets, first.
fn sides(title: &str) -> Vec<(&str, &str)> {
    let last = BETWEEN.iter().filter_map(|sign| title.rsplit_once(sign)).map(|(title, name)| (name, title));
    let brackets = title.strip_suffix(')').and_then(|rest| rest.rsplit_once(" (")).map(|(title, name)| (name, title));
    let first = BETWEEN.iter().chain(&[": "]).filter_map(|sign| title.split_once(sign));
    let sides = last.chain(brackets).chain(first).map(|(name, title)| (name.trim(), title.trim()));
    sides.filter(|(name, title)| !name.is_empty() && !title.is_empty()).collect()
}

/// What may name the outlet in a line above a text: the line, what stands between its points, or what stands before a day
/// or a page (`Il Lago, 1 marzo 2019`). Sentences name none: there are outlets that are called as common words are.
fn heads(line: &str) -> Vec<&str> {
    if line.chars().count() > HEAD.1 || line.trim_end().ends_with(['.', '!', '?', ':', ';', '»', '”', '"']) {
        return Vec::new();
    }
    let dated = [", "].iter().chain(&BETWEEN).filter_map(|sign| {
        let (name, rest) = line.split_once(sign)?;
        let words = rest.split_whitespace().count();
        (words <= 4 && rest.contains(|c: char| c.is_ascii_digit())).then_some(name)
    });
    line.split(['·', '|']).chain(dated).map(str::trim).collect()
}

/// The text behind a first paragraph that is the title.
fn without_title<'a>(body: &'a str, title: &str) -> &'a str {
    let (first, rest) = body.split_once('\n').unwrap_or((body, ""));
    let (line, title) = (folded(first), folded(title));
    // a bookmark has the outlet behind its title, the page has not
    if !line.is_empty() && title.starts_with(&line) && !rest.is_empty() { rest } else { body }
}

#[cfg(test)]
mod tests {
    use super::*;
    use salastampa_domain::{Outlet, OutletKind, RightsClass};
    use salastampa_locale::Lang;

    fn outlets(said: &[&str]) -> Outlets {
        let outlet = |(id, slug, name): (i64, &str, &str)| Outlet {
            id: OutletId(id),
            slug: slug.into(),
            name: name.into(),
            kind: OutletKind::Local,
            area: String::new(),
            tier: 2,
            rights: RightsClass::ExtractOnly,
            contract: None,
            home: None,
        };
        let all = [(1, "il-lago", "Il Lago"), (2, "voce", "La Voce del Monte")].map(outlet).to_vec();
        let said: Vec<String> = said.iter().map(|line| (*line).to_owned()).collect();
        Outlets::new(all, &said, Lang::It).expect("known ids")
    }

    fn part(above: &[&str], title: &str, body: &str) -> Part {
        Part {
            above: above.iter().map(|name| (*name).to_owned()).collect(),
            title: title.into(),
            is_section: false,
            page: Some(1),
            body: body.into(),
        }
    }

    #[test]
    fn the_outlet_is_told_by_the_bookmarks_or_by_the_head_of_the_text_and_never_guessed() {
        let text = "Riapre il molo dopo due anni di lavori.";
        for (above, title, body, expected) in [
            (&["Il Lago"][..], "Riapre il molo", text, "1 Riapre il molo"),
            (&["Sindaca", "il lago (12)"], "Riapre il molo", text, "1 Riapre il molo"),
            (&["Il Lago, p. 7"], "Riapre il molo", text, "1 Riapre il molo"),
            (&["La Voce del Monte"], "Riapre - Il Lago", text, "2 Riapre - Il Lago"),
            (&["Il Lago"], "Riapre il molo - Il Lago", text, "1 Riapre il molo"),
            (&["Sindaca"], "Riapre il molo - ecco come - Il Lago", text, "1 Riapre il molo - ecco come"),
            (&[], "Riapre il molo (La Voce del Monte)", text, "2 Riapre il molo"),
            (&[], "IL LAGO: riapre il molo", text, "1 riapre il molo"),
            (
                &[],
                "Riapre il molo",
                "Riapre il molo\nPrincipale · Il Lago · Ada Neri · 1 mar 2019\nTesto.",
                "1 Riapre il molo",
            ),
            (&[], "Riapre il molo", "Il Lago, 1 marzo 2019\nTesto.", "1 Riapre il molo"),
            (&[], "Riapre il molo", "Il Lago\nTesto.", "1 Riapre il molo"),
            (&["Il Molo"], "Riapre il molo", text, "2 Riapre il molo"),
            // a likeness, a name inside of a sentence, a name far below: no outlet
            (&["Il Lag"], "Riapre il molo", text, "? Il Lag"),
            (&["Sindaca"], "Il Lago riapre - tutti a riva", text, "? Sindaca, tutti a riva"),
            (&[], "Riapre il molo", "Così, il lago, si vede di nuovo\nIl Lago, dice la sindaca, resta aperto.", "? "),
            (&[], "Riapre il molo", "Uno.\nDue.\nTre.\nQuattro.\nIl Lago", "? "),
        ] {
            let found = match outlet(&part(above, title, body), &outlets(&["Il Molo=voce"])) {
                Ok((id, title)) => format!("{id} {title}"),
                Err(names) => format!("? {}", names.join(", ")),
            };
            assert_eq!(found, expected, "{above:?} {title}");
        }
        let one = outlets(&["il-lago"]);
        let (id, title) = outlet(&part(&["Sindaca"], "Riapre - tutti a riva", text), &one).expect("it holds for all");
        assert_eq!((id, title.as_str()), (OutletId(1), "Riapre - tutti a riva"));
    }

    #[test]
    fn what_is_no_article_says_why() {
        let text = "Riapre il molo dopo due anni di lavori alla banchina: si passeggia di nuovo.";
        let whole = part(&["Il Lago"], "Riapre il molo", text);
        let section = Part { is_section: true, ..whole.clone() };
        for (part, expected) in [
            (section.clone(), Some("part_above")),
            (Part { body: "Il Lago".into(), ..section }, None),
            (Part { page: None, ..whole.clone() }, Some("part_nowhere")),
            (Part { page: Some(9), ..whole.clone() }, Some("part_beyond")),
            (Part { title: String::new(), ..whole.clone() }, Some("no_title")),
            (Part { body: String::new(), ..whole.clone() }, Some("part_empty")),
            (Part { above: vec!["Scuola".into()], ..whole.clone() }, Some("unknown_outlet")),
            (Part { above: Vec::new(), ..whole }, Some("no_outlet")),
        ] {
            let found = article(&part, 8, &mut outlets(&[])).map(|found| found.err().expect("no article").reason);
            assert_eq!(found, expected, "{part:?}");
        }
    }
}
