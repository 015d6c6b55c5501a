//! Names of files: what a stranger's machine called it becomes a plain word that is safe in an address, in a header and
//! in a folder of any system.

/// Longest name without its ending, in characters.
const LONGEST: usize = 60;

/// A plain name with that ending: the last part of the path, letters, digits and hyphens, lower case, without accents.
/// What turns writing round, breaks lines or leads to another folder has no place in it.
pub fn safe_name(name: &str, otherwise: &str, ending: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
    let mut out = String::new();
    for c in stem.chars().flat_map(char::to_lowercase) {
        let plain = match c {
            'a'..='z' | '0'..='9' => Some(c),
            'à' | 'á' | 'â' | 'ä' => Some('a'),
            'è' | 'é' | 'ê' | 'ë' => Some('e'),
            'ì' | 'í' | 'î' | 'ï' => Some('i'),
            'ò' | 'ó' | 'ô' | 'ö' => Some('o'),
            'ù' | 'ú' | 'û' | 'ü' => Some('u'),
            'ç' => Some('c'),
            'ñ' => Some('n'),
            _ => None,
        };
        match plain {
            Some(c) => out.push(c),
            None if out.is_empty() || out.ends_with('-') => {}
            None => out.push('-'),
        }
        if out.len() >= LONGEST {
            break;
        }
    }
    let stem = out.trim_end_matches('-');
    // names that a well-known system keeps for its devices
    let device = matches!(stem, "con" | "prn" | "aux" | "nul")
        || (stem.len() == 4 && (stem.starts_with("com") || stem.starts_with("lpt")));
    let stem = if stem.is_empty() || device { otherwise } else { stem };
    format!("{stem}.{ending}")
}

/// The name as it is shown to who brought the file: its last part, short, without what cannot be seen.
pub fn shown(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    let plain: String = last.chars().filter(|c| !hidden(*c)).take(80).collect();
    if plain.trim().is_empty() { "file".to_owned() } else { plain.trim().to_owned() }
}

/// Whether the name ends in one of these.
pub(super) fn says(name: &str, endings: &[&str]) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.trim().to_lowercase());
    ending.is_some_and(|ending| endings.contains(&ending.as_str()))
}
