//! Shingles: hashes of runs of words, by which copies of a text are found.

use crate::Word;
use xxhash_rust::xxh3::xxh3_64;

/// The hashes of each run of `n` words, in order: XXH3 (64 bits) of the words with a unit separator between, equal on
/// every machine and in every version. Empty where the text is shorter than `n` or `n` is 0.
pub fn shingles(words: &[Word], n: usize) -> Vec<u64> {
    if n == 0 {
        return Vec::new();
    }
    let mut run = String::new();
    let hash = |window: &[Word]| {
        run.clear();
        for word in window {
            run.push_str(&word.text);
            run.push('\u{1F}');
        }
        xxh3_64(run.as_bytes())
    };
    words.windows(n).map(hash).collect()
}

/// The hash of a run of one word.
pub fn shingle(word: &str) -> u64 {
    xxh3_64(format!("{word}\u{1F}").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words;

    #[test]
    fn the_same_words_have_the_same_hashes_for_ever() {
        let one = shingles(&words("Il ponte è chiuso."), 3);
        assert_eq!(one, shingles(&words("IL PONTE E' CHIUSO"), 3));
        assert_eq!(one, [1582982299385754268, 9179668745031135400]);
        assert_eq!(shingles(&words("Ponte"), 1), [shingle("ponte")]);
    }

    #[test]
    fn short_texts_have_none() {
        assert_eq!(shingles(&words("il ponte"), 3), []);
        assert_eq!(shingles(&words("il ponte"), 0), []);
    }
}
