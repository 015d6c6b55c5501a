//! Files made for the test, by hand and by our own printer.

use super::*;

/// A file of one page with that content, in a font that it only names.
fn file(content: &str) -> Vec<u8> {
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
    ];
    let mut bytes = b"%PDF-1.4\n".to_vec();
    let mut places = Vec::new();
    for (number, object) in (1..).zip(&objects) {
        places.push(bytes.len());
        bytes.extend(format!("{number} 0 obj\n{object}\nendobj\n").bytes());
    }
    let xref = bytes.len();
    bytes.extend(b"xref\n0 6\n0000000000 65535 f \n");
    places.iter().for_each(|place| bytes.extend(format!("{place:010} 00000 n \n").bytes()));
    bytes.extend(format!("trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{xref}\n%%EOF\n").bytes());
    bytes
}

/// Lines as (left, from below, size, text).
fn page(lines: &[(u32, u32, u32, &str)]) -> Vec<u8> {
    let set =
        |(x, y, size, text): &(u32, u32, u32, &str)| format!("BT /F1 {size} Tf 1 0 0 1 {x} {y} Tm ({text}) Tj ET\n");
    file(&lines.iter().map(set).collect::<String>())
}

#[test]
fn lines_become_paragraphs_and_parted_words_are_whole_again() {
    let read = text(page(&[
        (50, 780, 28, "Riapre il ponte"),
        (50, 740, 11, "Il ponte sul Rio riapre domani mattina alle sei, dopo tre me-"),
        (50, 727, 11, "si di lavori; restano chiusi il marciapiede a monte e la rampa."),
        (50, 690, 11, "La spesa, dice l'assessora, resta quella che era stata detta."),
        (330, 740, 11, "I commercianti di via del Molo chiedono un ristoro."),
    ]))
    .expect("a text");
    assert_eq!(read.headline.as_deref(), Some("Riapre il ponte"));
    let expected = [
        "Riapre il ponte",
        "Il ponte sul Rio riapre domani mattina alle sei, dopo tre mesi di lavori; restano chiusi il marciapiede a monte e la rampa.",
        "La spesa, dice l'assessora, resta quella che era stata detta.",
        "I commercianti di via del Molo chiedono un ristoro.",
    ];
    assert_eq!(read.body.lines().collect::<Vec<_>>(), expected);
    assert_eq!((read.pages, read.cut), (1, false));
}

#[test]
fn a_sentence_goes_on_in_the_next_column_and_blanks_may_be_distances() {
    let read = text(file(
        "BT /F1 11 Tf 1 0 0 1 50 100 Tm [(I lavori durano) -400 (tre mesi e nel frattempo il battello)] TJ ET\n\
         BT /F1 11 Tf 1 0 0 1 330 780 Tm (si ferma al pontile nuovo.) Tj ET",
    ))
    .expect("a text");
    assert_eq!(read.body, "I lavori durano tre mesi e nel frattempo il battello si ferma al pontile nuovo.");
    assert_eq!(read.headline, None);
}

#[test]
fn accents_and_quotes_are_those_of_the_file() {
    let read = text(page(&[(
        50,
        700,
        11,
        "Perch\\351 \\253finalmente\\273? L\\222attesa \\350 finita, dice la sindaca di Bellariva.",
    )]));
    assert_eq!(read.expect("a text").body, "Perché «finalmente»? L’attesa è finita, dice la sindaca di Bellariva.");
}

#[test]
fn a_file_without_text_says_why() {
    assert_eq!(text(page(&[(50, 700, 11, "Pagina 7")])), Err(NoText::Pictures));
    assert_eq!(text(file("0 0 100 100 re f")), Err(NoText::Pictures));
    for bytes in [&b"%PDF-1.7"[..], b"", b"<html>", b"%PDF-1.4\ntrailer << /Root 1 0 R >>"] {
        assert_eq!(text(bytes.to_vec()), Err(NoText::NotAPdf));
    }
}

#[test]
fn no_cut_of_a_file_makes_it_panic() {
    let whole = page(&[(50, 700, 11, "Il ponte sul Rio riapre domani mattina alle sei, dice l'assessora ai lavori.")]);
    for end in (0..whole.len()).step_by(7) {
        let mut bytes = whole.clone();
        bytes.truncate(end);
        let _ = text(bytes);
        let mut bytes = whole.clone();
        bytes[end] ^= 0x15;
        let _ = text(bytes);
    }
}
