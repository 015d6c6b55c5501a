//! What the public may read of a frozen text beside its page: the same words as plain text, for a desk to copy, to
//! compare with the next version and to take the fingerprint of.
//!
//! Nothing of the head but what is meant for readers comes in: lists and the hour of an embargo are the office's. Nothing
//! of the office's settings either, so that the bytes of a version are the same for ever.

use crate::draft::{self, Draft};
use crate::{markdown, plain, wording};
use salastampa_domain::Version;
use salastampa_locale::Lang;
use sha2::{Digest, Sha256};

/// The head of a frozen text. It read when it was frozen; none if the reader has changed since.
pub fn head(version: &Version) -> Option<Draft> {
    draft::parse(&version.markdown).ok()
}

/// The journalist who answers for a text, where its readers are told.
pub fn signed_by(head: &Draft) -> Option<&str> {
    Some(head.responsible.as_str()).filter(|name| head.is_signed && !name.is_empty())
}

/// A version as plain text: number in the register, kicker, title, abstract, text, whom to ask. `office` is the office's
/// language, for a draft that names none.
pub fn text(version: &Version, register: (i16, u32), office: Lang) -> String {
    let head = head(version);
    let lang = head.as_ref().and_then(|head| head.language).unwrap_or(office);
    let kind = head.as_ref().map(|head| head.kind).unwrap_or_default();
    let mut parts = vec![wording::numbered(kind, Some(register), lang)];
    let (kicker, body, contacts) = match &head {
        Some(head) => {
            let (blocks, _) = markdown::parse(&head.body, lang);
            (head.kicker.clone(), plain::render(&blocks), head.contacts.join("\n"))
        }
        None => Default::default(),
    };
    parts.extend([kicker, version.title.clone(), version.summary.clone(), body, contacts]);
    let clean = |part: String| -> String { part.chars().filter(|c| *c == '\n' || !c.is_control()).collect() };
    let parts: Vec<String> = parts.into_iter().map(clean).filter(|part| !part.trim().is_empty()).collect();
    parts.join("\n\n") + "\n"
}

/// SHA-256 in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The body of a page, its headings one level lower (the page has headings of its own above them) and each with a name
/// to link to; and those headings of the upper level, as name and words.
pub fn with_names(page: &str) -> (String, Vec<(String, String)>) {
    let mut out = String::with_capacity(page.len() + 256);
    let mut index = Vec::new();
    let mut rest = page;
    // the tags are our own: the text was written from a closed tree, and its words are escaped
    while let Some(at) = rest.find("<h2>") {
        let (before, after) = rest.split_at(at);
        let Some((words, tail)) = after["<h2>".len()..].split_once("</h2>") else { break };
        let name = format!("parte-{}", index.len() + 1);
        out.push_str(&lowered(before));
        out.push_str(&format!("<h3 id=\"{name}\">{words}</h3>"));
        index.push((name, unmarked(words)));
        rest = tail;
    }
    out.push_str(&lowered(rest));
    (out, index)
}

fn lowered(html: &str) -> String {
    html.replace("<h3>", "<h4>").replace("</h3>", "</h4>")
}

/// The words of a line of our own HTML.
fn unmarked(html: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' if inside => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&nbsp;", " ").replace("&amp;", "&")
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::render::freeze;
    use expect_test::expect;
    use salastampa_domain::{ReleaseId, Timestamp, UserId, VersionId};

    pub(crate) fn version(markdown: &str) -> Version {
        let house = crate::House {
            office: "Comune di Bellariva sul Lago".into(),
            town: "Bellariva sul Lago".into(),
            contacts: "Ufficio stampa".into(),
            base_url: "https://stampa.bellariva.test".into(),
            lang: Lang::It,
        };
        let draft = draft::parse(markdown).expect("a draft");
        let frozen = freeze(&draft, &house, (2026, 12), None, Timestamp(0)).expect("a text that may leave");
        Version {
            id: VersionId(1),
            release: ReleaseId(1),
            number: 1,
            author: UserId(1),
            at: Timestamp(0),
            markdown: markdown.into(),
            title: frozen.title,
            subject: frozen.subject,
            html: frozen.html,
            text: frozen.text,
            page: frozen.page,
            summary: frozen.summary,
            lists: Vec::new(),
            corrects: None,
            files: frozen.files,
            sha256: frozen.sha256,
        }
    }

    #[test]
    fn a_desk_copies_the_text_and_nothing_of_the_office() {
        let version = version(
            "+++\ntitolo = 'Riapre il \"ponte\"'\nocchiello = \"Viabilità\"\nsommario = \"Da lunedì.\"\n\
             liste = [\"segreta\"]\nembargo = 2030-01-01 11:00:00\ncontatti = [\"Ada Neri, tel. 0000\"]\n+++\n\
             Il **ponte** riapre.\n\n## Orari\n\n- mattina\n- sera\n",
        );
        expect![[r#"
            Comunicato stampa n. 12/2026

            Viabilità

            Riapre il «ponte»

            Da lunedì.

            Il ponte riapre.

            Orari

            - mattina
            - sera

            Ada Neri, tel. 0000
        "#]]
        .assert_eq(&text(&version, (2026, 12), Lang::It));
    }

    #[test]
    fn headings_get_names_below_the_title_of_the_page() {
        let (page, index) =
            with_names("<p>a</p>\n<h3>zero</h3>\n<h2>Gli <em>orari</em> &amp; le vie</h2>\n<h3>b</h3>\n<h2>c</h2>\n");
        assert_eq!(
            page,
            "<p>a</p>\n<h4>zero</h4>\n<h3 id=\"parte-1\">Gli <em>orari</em> &amp; le vie</h3>\n<h4>b</h4>\n\
             <h3 id=\"parte-2\">c</h3>\n"
        );
        assert_eq!(index, [("parte-1".to_owned(), "Gli orari & le vie".to_owned()), ("parte-2".into(), "c".into())]);
        assert_eq!(with_names("<p>x</p>").0, "<p>x</p>");
    }
}
