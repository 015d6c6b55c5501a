//! Words in header fields (RFC 2047): what is not plain ASCII becomes encoded words, and the line is folded.
//!
//! lettre has an encoder, but it writes a word that looks encoded as it is (a title `=?utf-8?q?..?=` would be shown as
//! something else), cannot fold a long name, and cuts encoded words anywhere, where some readers put a blank between
//! them. Here plain words stay readable, and a cut falls between words where it can.

use std::fmt::Write;

/// RFC 2047 §2: a line with an encoded word is no longer than this.
const LINE: usize = 76;
/// A longer word is encoded, because an encoded word may be cut.
const LONGEST_PLAIN: usize = 60;
const START: &str = "=?utf-8?q?";
const END: &str = "?=";

/// Free text, such as a subject, as the value of the field of that name. Blanks must be single.
pub(crate) fn text(name: &str, text: &str) -> String {
    folded(name, &tokens(name, text, |_| false))
}

/// A person's or office's name and the address in angle brackets; the address alone without a name.
pub(crate) fn mailbox(name: &str, person: &str, address: &str) -> String {
    if person.is_empty() {
        return address.to_owned();
    }
    let special = |word: &str| word.contains(|c: char| !c.is_ascii_alphanumeric() && !"-_'".contains(c));
    let quoted = person.is_ascii() && person.len() <= LONGEST_PLAIN && !person.contains("=?");
    let mut tokens = if quoted && person.split(' ').any(special) {
        vec![format!("\"{}\"", person.replace('\\', "\\\\").replace('"', "\\\""))]
    } else {
        tokens(name, person, special)
    };
    tokens.push(format!("<{address}>"));
    folded(name, &tokens)
}

/// Plain words as they are, runs of others as encoded words. The blank between two encoded words belongs to the first:
/// readers drop the one that is written between them.
fn tokens(name: &str, text: &str, special: impl Fn(&str) -> bool) -> Vec<String> {
    let room = LINE - 2 - START.len() - END.len() - name.len();
    let needs = |word: &str| !word.is_ascii() || word.contains("=?") || word.len() > LONGEST_PLAIN || special(word);
    let words: Vec<&str> = text.split(' ').collect();
    let same = |a: &&str, b: &&str| needs(a) == needs(b);
    let mut tokens = Vec::new();
    for run in words.chunk_by(same) {
        if run.first().is_some_and(|word| needs(word)) {
            tokens.extend(encoded(&run.join(" "), room));
        } else {
            tokens.extend(run.iter().map(|&word| word.to_owned()));
        }
    }
    tokens
}

/// Encoded words whose insides are no longer than `room`, cut between words where it can be and never in a character.
fn encoded(run: &str, room: usize) -> Vec<String> {
    let (mut insides, mut inside) = (Vec::new(), String::new());
    for word in run.split_inclusive(' ') {
        let coded: Vec<String> = word.chars().map(coded).collect();
        let length: usize = coded.iter().map(String::len).sum();
        if !inside.is_empty() && inside.len() + length > room {
            insides.push(std::mem::take(&mut inside));
        }
        for c in coded {
            if inside.len() + c.len() > room {
                insides.push(std::mem::take(&mut inside));
            }
            inside.push_str(&c);
        }
    }
    insides.push(inside);
    insides.into_iter().map(|inside| format!("{START}{inside}{END}")).collect()
}

/// A character in the Q encoding, in the narrow alphabet that also names may use (RFC 2047 §5).
fn coded(c: char) -> String {
    if c == ' ' {
        return "_".into();
    }
    if c.is_ascii_alphanumeric() {
        return c.into();
    }
    let mut out = String::new();
    for byte in c.encode_utf8(&mut [0; 4]).bytes() {
        write!(out, "={byte:02X}").expect("a string takes what is written");
    }
    out
}

/// The tokens with blanks between them, broken before one that would not fit.
fn folded(name: &str, tokens: &[String]) -> String {
    let (mut out, mut column) = (String::new(), name.len() + 2);
    for token in tokens {
        if !out.is_empty() {
            let fits = column + 1 + token.len() <= LINE;
            out.push_str(if fits { " " } else { "\r\n " });
            column = if fits { column + 1 } else { 1 };
        }
        out.push_str(token);
        column += token.len();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(value: &str, expected: &Expect) {
        expected.assert_eq(&value.replace('\r', ""));
        // the first line begins with the name of the field, here at most `Subject: `
        let lengths = value.lines().enumerate().map(|(n, line)| line.len() + if n == 0 { 9 } else { 0 });
        assert!(lengths.max() <= Some(LINE), "{value}");
    }

    #[test]
    fn a_subject_stays_readable_and_is_folded() {
        check(&text("Subject", "Riapre il lungolago"), &expect!["Riapre il lungolago"]);
        check(
            &text("Subject", "[Comune di Bellariva] Perché già chiude la strada per i lavori al ponte vecchio"),
            &expect![[r#"
                [Comune di Bellariva] =?utf-8?q?Perch=C3=A9_gi=C3=A0?= chiude la
                 strada per i lavori al ponte vecchio"#]],
        );
        check(
            &text("Subject", "È già così: perché più città è perciò più libertà"),
            &expect![[r#"
                =?utf-8?q?=C3=88_gi=C3=A0_cos=C3=AC=3A_perch=C3=A9_pi=C3=B9_?=
                 =?utf-8?q?citt=C3=A0_=C3=A8_perci=C3=B2_pi=C3=B9_libert=C3=A0?="#]],
        );
        check(&text("Subject", "=?x?= vero"), &expect!["=?utf-8?q?=3D=3Fx=3F=3D?= vero"]);
        check(
            &text("Subject", &"a".repeat(100)),
            &expect![[r#"
                =?utf-8?q?aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa?=
                 =?utf-8?q?aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa?="#]],
        );
    }

    #[test]
    fn a_name_is_plain_quoted_or_encoded() {
        let to = |person: &str| mailbox("To", person, "a@b.test");
        check(&to(""), &expect!["a@b.test"]);
        check(&to("Ada Corti"), &expect!["Ada Corti <a@b.test>"]);
        check(&to("Ferri, Dario \"il Nero\""), &expect![[r#""Ferri, Dario \"il Nero\"" <a@b.test>"#]]);
        check(
            &to("Comune di Bellariva sul Lago – Ufficio stampa"),
            &expect![[r#"
                Comune di Bellariva sul Lago =?utf-8?q?=E2=80=93?= Ufficio stampa
                 <a@b.test>"#]],
        );
        check(&to("=?utf-8?q?Ada?="), &expect!["=?utf-8?q?=3D=3Futf=2D8=3Fq=3FAda=3F=3D?= <a@b.test>"]);
    }
}
