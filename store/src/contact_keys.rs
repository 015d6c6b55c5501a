//! The folded texts beside a contact: small letters without accents, in the one alphabet that every database sorts alike.

use salastampa_domain::{Address, Contact};

/// The keys of a contact.
pub(crate) struct Keys {
    /// The name, for the order of lists.
    pub(crate) sort: String,
    /// All that is searched.
    pub(crate) search: String,
    /// The beats, each between bars.
    pub(crate) beats: String,
    /// The territory.
    pub(crate) territory: String,
}

impl Keys {
    pub(crate) fn of(contact: &Contact) -> Self {
        let searched = [contact.name.as_str(), contact.address.as_str(), &contact.outlet, &contact.territory]
            .into_iter()
            .chain(contact.beats.iter().map(String::as_str));
        let others = contact.others.iter().map(Address::as_str);
        let posts = contact.posts.iter().flat_map(|post| [post.outlet.as_str(), post.role.as_str()]);
        let searched = searched.chain(others).chain(posts).chain([contact.role.as_str()]);
        let search: Vec<String> = searched.map(folded).collect();
        Self {
            sort: sortable(&contact.name),
            // never empty: an empty one says that the keys are still to be written
            search: format!(" {}", search.join(" ")),
            beats: contact.beats.iter().map(|beat| part(beat)).collect(),
            territory: plain(&contact.territory),
        }
    }
}

/// As rules compare two texts ([`salastampa_domain::Membership::takes`]).
pub(crate) fn plain(text: &str) -> String {
    text.trim().to_lowercase()
}

/// One beat among the beats of a contact.
pub(crate) fn part(beat: &str) -> String {
    format!("|{}|", plain(beat).replace('|', " "))
}

/// What a word that is looked for must match.
pub(crate) fn pattern(word: &str) -> String {
    format!("%{}%", escaped(&folded(word)))
}

/// A text that `like … escape '!'` takes as it stands.
pub(crate) fn escaped(text: &str) -> String {
    text.chars().flat_map(|c| matches!(c, '!' | '%' | '_').then_some('!').into_iter().chain([c])).collect()
}

/// Small letters, without the accents of the languages around us.
fn folded(text: &str) -> String {
    text.to_lowercase().chars().map(bare).collect()
}

fn bare(c: char) -> char {
    match c {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => 'a',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        'ç' | 'č' | 'ć' => 'c',
        'ñ' => 'n',
        'š' => 's',
        'ž' => 'z',
        '’' | '`' => '\'',
        other => other,
    }
}

/// Only a-z and 0-9, whose order is the same in every collation; between words stands 0, which comes first.
fn sortable(text: &str) -> String {
    let words: Vec<String> = folded(text)
        .split(|c: char| !c.is_alphanumeric())
        .map(|word| word.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { 'z' }).collect())
        .filter(|word: &String| !word.is_empty())
        .collect();
    words.join("0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_sort_without_accents_and_signs() {
        let mut names = ["Zoe Belli", "Élia D’Amico", "élia Bassi", "Ugo"];
        names.sort_by_key(|name| sortable(name));
        assert_eq!(names, ["élia Bassi", "Élia D’Amico", "Ugo", "Zoe Belli"]);
        assert_eq!(sortable("Élia D’Amico"), "elia0d0amico");
    }

    #[test]
    fn what_is_typed_is_taken_as_it_stands() {
        assert_eq!(pattern("Pérò_100%!"), "%pero!_100!%!!%");
        assert_eq!(part(" Cronaca "), "|cronaca|");
    }
}
