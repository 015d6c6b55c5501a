//! Months as datelines write them: *novembre*, *nov*, *NOV*, *sept*. What a whole date is, is for whoever reads one.

const MONTHS: [&str; 24] = [
    "gennaio",
    "febbraio",
    "marzo",
    "aprile",
    "maggio",
    "giugno",
    "luglio",
    "agosto",
    "settembre",
    "ottobre",
    "novembre",
    "dicembre",
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Whether a word is a month, whole or cut to three or four letters, in Italian or English and in any case.
pub fn is_month(word: &str) -> bool {
    let word = word.to_lowercase();
    MONTHS.iter().any(|month| *month == word || ((3..5).contains(&word.len()) && month.starts_with(&word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_whole_or_cut_to_three_or_four_letters() {
        for (word, expected) in [
            ("novembre", true),
            ("NOV", true),
            ("sett", true),
            ("May", true),
            ("settimane", false),
            ("novem", false),
            ("no", false),
            ("", false),
        ] {
            assert_eq!(is_month(word), expected, "{word}");
        }
    }
}
