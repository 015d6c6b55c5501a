//! Marks on small texts.

use super::*;
use salastampa_domain::OutletId;

use crate::query::OutletName;

fn names() -> Names {
    let outlet = OutletName { id: OutletId(1), slug: "il-lago".into(), name: "Il Lago".into(), rank: 1 };
    Names { outlets: vec![outlet], watches: Vec::new() }
}

fn of(query: &str) -> Highlighter {
    Highlighter::new(query, &names(), Timestamp(1_795_000_000_000)).expect(query)
}

/// The text with brackets around what is marked.
fn shown(segments: Vec<Segment>) -> String {
    segments.iter().map(|s| if s.marked { format!("[{}]", s.text) } else { s.text.clone() }).collect()
}

#[test]
fn what_was_asked_for_is_marked_as_it_stands_there() {
    for (query, text, marked) in [
        ("ponte", "I ponti sull'Adda e il Ponte nuovo.", "I [ponti] sull'Adda e il [Ponte] nuovo."),
        ("acqua", "L'acqua dell’acquedotto, ACQUA!", "L'[acqua] dell’acquedotto, [ACQUA]!"),
        ("città", "CITTA' e citta’ e Città", "[CITTA]' e [citta]’ e [Città]"),
        ("\"ponte vecchio\"", "Il ponte vecchio e il vecchio ponte", "Il [ponte vecchio] e il vecchio ponte"),
        ("\"dell'acqua\"", "La casa dell'acqua, l'acqua", "La casa [dell'acqua], l'acqua"),
        ("pont*", "Pontile e ponteggio, ma non sponda", "[Pontile] e [ponteggio], ma non sponda"),
        ("ponte NEAR/2 lago", "Il ponte sul lago. Un altro ponte.", "Il [ponte] sul [lago]. Un altro ponte."),
        ("ponte -lago", "Il ponte sul lago", "Il [ponte] sul lago"),
        ("testata:\"Il Lago\" (ponte OR strada)", "Strade e ponti del lago", "[Strade] e [ponti] del lago"),
        ("\"ponte vecchio\" OR vecchio", "Un ponte vecchio", "Un [ponte vecchio]"),
        ("", "Il ponte", "Il ponte"),
        ("ponte", "", ""),
    ] {
        assert_eq!(shown(of(query).in_text(text)), marked, "{query}");
    }
}

#[test]
fn what_cannot_be_searched_cannot_be_marked() {
    for query in ["e", "ponte AND", "testata:Gazzetta"] {
        assert!(Highlighter::new(query, &names(), Timestamp(0)).is_err(), "{query}");
    }
}

#[test]
fn a_word_asked_for_in_the_title_is_marked_there_only() {
    let title = of("titolo:ponte lago");
    assert_eq!(shown(title.in_title("Il ponte sul lago")), "Il [ponte] sul [lago]");
    assert_eq!(shown(title.in_text("Il ponte sul lago")), "Il ponte sul [lago]");
    assert_eq!(shown(of("autore:Neri").in_text("Lia Neri")), "Lia Neri");
}

#[test]
fn the_window_is_where_most_of_the_words_are() {
    let filler = "Parole qualsiasi che non dicono nulla di nulla. ".repeat(20);
    let text = format!("Un ponte. {filler}Riapre la strada del ponte sul lago. {filler}");
    let foreign = ForeignText::new(text.as_str());
    let window = of("ponte strada lago").window(&foreign, 300).expect("the words are there");
    assert!(text[window.clone()].starts_with("Riapre la strada"), "{}", &text[window.start..window.start + 40]);
    assert_eq!(of("ponte").window(&foreign, 300).map(|w| w.start), Some(0), "the first of equals");
    assert_eq!(of("municipio").window(&foreign, 300), None);
    assert_eq!(of("").window(&foreign, 300), None);
    let long = ForeignText::new(format!("{}ponte", "città, ".repeat(60)));
    let window = of("ponte").window(&long, 300).expect("there");
    assert!(long.for_analysis()[window].starts_with("città"), "it begins at a word");
}

#[test]
fn pieces_joined_are_the_text() {
    for text in ["<b>ponte</b> & 'ponte'", "ponte\u{AD} ponte…", "p’onte ponte\n\nponte"] {
        let joined: String = of("ponte OR \"ponte\"").in_text(text).into_iter().map(|s| s.text).collect();
        assert_eq!(joined, text);
    }
}
