//! What a word processor is handed: its parts, their links to one another, and that each part is whole XML.

use super::*;

const TEXT: &str = "+++\ntitolo = 'Riapre il \"ponte\" & la <via>'\nocchiello = \"Viabilità\"\nsommario = \"Da lunedì.\"\n\
    liste = [\"locali\"]\ncontatti = [\"Ada Neri, tel. 0000\"]\n+++\nIl **ponte *vecchio*** riapre, [vedi](https://esempio.test/a?b=1&c=2).\n\n\
    ## Orari\n\n3. mattina\n4. sera\n   - fino alle 20\n\n1. di nuovo\n\n> Nessun gradino.\n\n---\n\n### Note\n\n- [vedi](https://esempio.test/a?b=1&c=2)\n";

fn parts_of(markdown: &str, lang: Lang) -> Vec<(&'static str, String)> {
    let version = crate::public::tests::version(markdown);
    let url = "https://stampa.bellariva.test/novita/comunicati/2026/12-ponte";
    parts(&version, About { office: "Comune di <Bellariva>", lang, register: (2026, 12), url, since: Timestamp(0) })
}

/// The tags of a part in order, each closed by its own: what a reader of XML asks before anything else.
fn tags(xml: &str) -> Vec<String> {
    let (mut open, mut all) = (Vec::new(), Vec::new());
    let body = xml.split_once("?>").expect("a declaration").1;
    for tag in body.split('<').skip(1) {
        let (tag, text) = tag.split_once('>').unwrap_or_else(|| panic!("not closed: {tag}"));
        assert!(!text.contains('>') && text.split('&').skip(1).all(|after| after.contains(';')), "{text}");
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        let name = tag.split_whitespace().next().expect("a name").trim_end_matches('/').to_owned();
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "{xml}");
        } else {
            all.push(name.clone());
            if !tag.ends_with('/') {
                open.push(name);
            }
        }
    }
    assert!(open.is_empty(), "{open:?}");
    all
}

#[test]
fn every_part_is_well_formed_and_each_link_and_list_is_found_where_it_is_named() {
    let parts = parts_of(TEXT, Lang::It);
    let part = |name: &str| &parts.iter().find(|(known, _)| *known == name).unwrap_or_else(|| panic!("no {name}")).1;
    for (name, text) in &parts {
        assert!(!tags(text).is_empty(), "{name}");
    }
    assert_eq!(parts[0].0, "[Content_Types].xml", "the format wants it first");
    for (name, _) in parts.iter().filter(|(name, _)| name.starts_with("word/") && !name.ends_with(".rels")) {
        assert!(part("[Content_Types].xml").contains(&format!("PartName=\"/{name}\"")), "{name}");
    }
    let document = part("word/document.xml");
    let relations = part("word/_rels/document.xml.rels");
    assert_eq!(document.matches("<w:hyperlink r:id=\"rId3\">").count(), 2, "one target, two links");
    assert!(
        relations.contains("Id=\"rId3\"") && relations.contains("https://esempio.test/a?b=1&amp;c=2"),
        "{relations}"
    );
    for style in document.split("<w:pStyle w:val=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(part("word/styles.xml").contains(&format!("w:styleId=\"{style}\"")), "{style}");
    }
    for list in document.split("<w:numId w:val=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(part("word/numbering.xml").contains(&format!("<w:num w:numId=\"{list}\">")), "{list}");
    }
    assert!(part("word/numbering.xml").contains("<w:startOverride w:val=\"3\"/>"), "it goes on where the text begins");
}

#[test]
fn headings_lists_quotations_and_words_are_what_they_are() {
    let parts = parts_of(TEXT, Lang::It);
    let document = &parts.iter().find(|(name, _)| *name == "word/document.xml").expect("the text").1;
    let paragraphs: Vec<String> = document
        .split("<w:p>")
        .skip(1)
        .map(|paragraph| {
            let style = paragraph.split("w:pStyle w:val=\"").nth(1).and_then(|rest| rest.split('"').next());
            let words = paragraph.split("preserve\">").skip(1).filter_map(|rest| rest.split('<').next());
            format!("{}: {}", style.unwrap_or("-"), words.collect::<String>())
        })
        .collect();
    expect_test::expect![[r#"
        -: Comune di &lt;Bellariva&gt;
        -: Comunicato stampa n. 12/2026
        Kicker: Viabilità
        Heading1: Riapre il «ponte» &amp; la &lt;via&gt;
        Subtitle: Da lunedì.
        -: Il ponte vecchio riapre, vedi.
        Heading2: Orari
        ListParagraph: mattina
        ListParagraph: sera
        ListParagraph: fino alle 20
        ListParagraph: di nuovo
        Quote: Nessun gradino.
        -: 
        Heading3: Note
        ListParagraph: vedi
        Heading2: Contatti per la stampa
        -: Ada Neri, tel. 0000
        -: https://stampa.bellariva.test/novita/comunicati/2026/12-ponte"#]]
    .assert_eq(&paragraphs.join("\n"));
    assert!(document.contains("<w:b/><w:i/>"), "{document}");
    let core = &parts.iter().find(|(name, _)| *name == "docProps/core.xml").expect("the properties").1;
    assert!(
        core.contains("<dc:language>it-IT</dc:language>") && core.contains("<dc:creator>Comune di &lt;Bellariva&gt;<")
    );
    let english = parts_of(&TEXT.replacen("+++\n", "+++\nlingua = \"en\"\n", 1), Lang::It);
    assert!(english.iter().any(|(_, text)| text.contains("<w:lang w:val=\"en-GB\"/>")), "the text's own language");
}
