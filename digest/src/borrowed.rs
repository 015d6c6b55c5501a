//! Whether words that an officer calls her own are an article's: then they are treated as an extract of it.
//!
//! The measure is the longest run of words that stands in both, case and accents aside. Short runs are names, offices
//! and numbers; nobody writes the same thirty-one words in a row by chance.

use salastampa_domain::ForeignText;
use salastampa_text::words;

/// Longest run of words that the office's own text may share with an article.
pub const LONGEST_RUN: usize = 30;

/// Whether a text shares a run of more than [`LONGEST_RUN`] words with an article's summary or body.
pub fn is_borrowed(own: &str, lead: &ForeignText, body: &ForeignText) -> bool {
    own.split_whitespace().nth(LONGEST_RUN).is_some()
        && [lead, body].into_iter().any(|text| longest_run(own, text.for_analysis()) > LONGEST_RUN)
}

/// The number of words of the longest run that stands in both texts.
pub fn longest_run(own: &str, theirs: &str) -> usize {
    let (own, theirs) = (words(own), words(theirs));
    // the length of the run that ends at each word of `theirs`, for the word of `own` before and for this one
    let (mut before, mut longest) = (vec![0_usize; theirs.len() + 1], 0);
    for word in &own {
        let mut here = vec![0; theirs.len() + 1];
        for (at, other) in theirs.iter().enumerate() {
            if word.text == other.text {
                here[at + 1] = before[at] + 1;
                longest = longest.max(here[at + 1]);
            }
        }
        before = here;
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_long_run_of_the_same_words_is_borrowed() {
        let theirs: String = (0..60).map(|n| format!("parola{n} ")).collect();
        let run = |n: usize| (0..n).map(|n| format!("Parola{n} ")).collect::<String>();
        let body = ForeignText::new(theirs);
        assert!(!is_borrowed(&format!("Il Comune: {}", run(30)), &ForeignText::default(), &body));
        assert!(is_borrowed(&format!("Il Comune: {}", run(31)), &ForeignText::default(), &body));
        assert!(is_borrowed(&run(40), &body, &ForeignText::default()));
        let broken = format!("{} e poi {}", run(20), run(20));
        assert!(!is_borrowed(&broken, &ForeignText::default(), &body));
        assert_eq!(longest_run("", "una parola"), 0);
    }
}
