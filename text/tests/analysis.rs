//! The golden file of the analysis: `analysis.txt` holds texts and the tokens that they must give.
//!
//! A change of it is a change of `ANALYSIS_VERSION`, and every archive is built anew.

use salastampa_text::{ANALYSIS_VERSION, Class, Token, analyse};

/// `exact`, with `=stem` where the stem differs, `+` after a clitic, `( )` around a stop word.
fn shown(token: &Token) -> String {
    match (token.class, token.stem.as_deref()) {
        (Class::Clitic, _) => format!("{}+", token.exact),
        (Class::Stop, _) => format!("({})", token.exact),
        (Class::Content, Some(stem)) if *stem != *token.exact => format!("{}={stem}", token.exact),
        (Class::Content, _) => token.exact.to_string(),
    }
}

#[test]
fn every_text_gives_its_tokens() {
    let inputs: Vec<&str> = include_str!("analysis.txt").lines().filter_map(|l| l.strip_prefix("> ")).collect();
    let mut golden = format!("version {ANALYSIS_VERSION}\n");
    for input in inputs {
        let tokens: Vec<String> = analyse(input).iter().map(shown).collect();
        golden += &format!("\n> {input}\n{}\n", tokens.join(" "));
    }
    expect_test::expect_file!["analysis.txt"].assert_eq(&golden);
}
