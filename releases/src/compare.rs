//! What changed between two texts of a release: lines first, and words inside the lines that were rewritten.
//!
//! Lines first, because a paragraph of Markdown is a line: a moved paragraph stays whole, and a text rewritten from end
//! to end costs no more than its lines. Left out: how it is shown.

use similar::{ChangeTag, DiffTag, TextDiff};

/// Longest rewritten passage that is compared word by word, in bytes of both sides; longer ones are shown old, then new.
const LONGEST: usize = 20_000;

/// A piece of a comparison.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Piece {
    /// What became of it.
    pub change: Change,
    /// The words, with their blanks and line breaks.
    pub text: String,
}

/// What became of a piece.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Change {
    /// In both texts.
    Same,
    /// In the newer one only.
    Added,
    /// In the older one only.
    Removed,
}

/// The pieces of both texts in reading order; neighbours of one sort are one piece.
pub fn compare(old: &str, new: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let lines = TextDiff::from_lines(old, new);
    for op in lines.ops() {
        let side = |range: std::ops::Range<usize>, all: &dyn Fn(usize) -> Option<String>| -> String {
            range.filter_map(all).collect()
        };
        let was = side(op.old_range(), &|n| lines.old_slice(n).map(str::to_owned));
        let is = side(op.new_range(), &|n| lines.new_slice(n).map(str::to_owned));
        match op.tag() {
            DiffTag::Equal => push(&mut pieces, Change::Same, &is),
            DiffTag::Replace if was.len() + is.len() <= LONGEST => words(&was, &is, &mut pieces),
            _ => {
                push(&mut pieces, Change::Removed, &was);
                push(&mut pieces, Change::Added, &is);
            }
        }
    }
    pieces
}

/// Whether anything differs.
pub fn differs(pieces: &[Piece]) -> bool {
    pieces.iter().any(|piece| piece.change != Change::Same)
}

fn words(was: &str, is: &str, pieces: &mut Vec<Piece>) {
    let words = TextDiff::from_words(was, is);
    let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
    let kept: usize =
        words.iter_all_changes().filter(|c| c.tag() == ChangeTag::Equal).map(|c| letters(c.value())).sum();
    // what shares only little words is another text: mixed word by word nobody could read either
    if kept * 3 < letters(was).max(letters(is)) {
        push(pieces, Change::Removed, was);
        push(pieces, Change::Added, is);
        return;
    }
    for change in words.iter_all_changes() {
        let kind = match change.tag() {
            ChangeTag::Equal => Change::Same,
            ChangeTag::Delete => Change::Removed,
            ChangeTag::Insert => Change::Added,
        };
        push(pieces, kind, change.value());
    }
}

fn push(pieces: &mut Vec<Piece>, change: Change, text: &str) {
    if text.is_empty() {
        return;
    }
    match pieces.last_mut() {
        Some(last) if last.change == change => last.text.push_str(text),
        _ => pieces.push(Piece { change, text: text.to_owned() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(old: &str, new: &str) -> String {
        let mark = |piece: &Piece| match piece.change {
            Change::Same => piece.text.clone(),
            Change::Added => format!("[+{}]", piece.text),
            Change::Removed => format!("[-{}]", piece.text),
        };
        compare(old, new).iter().map(mark).collect()
    }

    #[test]
    fn a_rewritten_line_shows_its_words_and_the_rest_stands() {
        let (old, new) =
            ("Il ponte apre lunedì.\n\nSi passa a piedi.\n", "Il ponte apre martedì.\n\nSi passa a piedi.\n");
        assert_eq!(shown(old, new), "Il ponte apre [-lunedì.][+martedì.]\n\nSi passa a piedi.\n");
    }

    #[test]
    fn a_line_that_was_written_anew_stands_whole_beside_the_old_one() {
        let (old, new) = ("Il ponte apre lunedì con il sindaco.\n", "Cantiere fermo: il traffico gira da via Roma.\n");
        assert_eq!(shown(old, new), format!("[-{old}][+{new}]"));
    }

    #[test]
    fn lines_come_and_go_whole() {
        assert_eq!(shown("uno\ntre\n", "uno\ndue\ntre\n"), "uno\n[+due\n]tre\n");
        assert_eq!(shown("uno\ndue\n", "uno\n"), "uno\n[-due\n]");
        assert!(!differs(&compare("uno", "uno")));
        assert!(differs(&compare("", "uno")));
    }

    #[test]
    fn both_texts_can_be_read_out_of_the_pieces() {
        let (old, new) = ("à è\n<b>uno</b> due\n\ntre", "à ì\n<b>uno</b>\nquattro tre");
        let pieces = compare(old, new);
        let without =
            |gone: Change| -> String { pieces.iter().filter(|p| p.change != gone).map(|p| p.text.as_str()).collect() };
        assert_eq!(without(Change::Added), old);
        assert_eq!(without(Change::Removed), new);
    }
}
