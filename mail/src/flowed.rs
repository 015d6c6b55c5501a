//! The text part in `format=flowed` (RFC 3676): a paragraph is one line here, and the reader's program breaks it to the
//! width of the window, on a telephone too.

/// Prepares lines for a reader that takes a blank at their end for "goes on below" and one at their start for stuffing.
/// Lines end in LF afterwards, whatever they ended in before.
pub(crate) fn flowed(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut out = String::with_capacity(text.len() + 16);
    for line in text.split_inclusive('\n') {
        let (line, end) = line.strip_suffix('\n').map_or((line, ""), |line| (line, "\n"));
        // the mark before a signature is the one line whose blank is meant (§4.3)
        let line = if line == "-- " { line } else { line.trim_end_matches(' ') };
        if line.starts_with([' ', '>']) || line.starts_with("From ") {
            out.push(' ');
        }
        out.push_str(line);
        out.push_str(end);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::flowed;

    #[test]
    fn lines_neither_run_together_nor_lose_their_beginning() {
        for (text, expected) in [
            ("uno \ndue\n", "uno\ndue\n"),
            ("uno\r\ndue\rtre", "uno\ndue\ntre"),
            ("> citazione\nFrom qui\n  rientro", " > citazione\n From qui\n   rientro"),
            ("-- \nAda Corti", "-- \nAda Corti"),
            ("", ""),
        ] {
            assert_eq!(flowed(text), expected, "{text:?}");
        }
    }
}
