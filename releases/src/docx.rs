//! A release as a document of a word processor (DOCX, ECMA-376 / ISO 29500 transitional): what a desk opens, changes and
//! keeps, with real headings, lists, links and quotations instead of their looks.
//!
//! Written from the same tree as page and mail, and from nothing of the office's settings but its name and language, so
//! that it says no other words. Only the parts that a reader needs stand in it: no macro, no field, no picture, nothing
//! that asks somebody when it is opened. Left out: the archive around the parts (`web`), who may have it.

use crate::draft::Draft;
use crate::html::escape;
use crate::markdown::{self, Block, Span};
use crate::{public, wording};
use salastampa_domain::{Timestamp, Version};
use salastampa_locale::{Lang, t};

/// What the document is told that the text does not say.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct About<'a> {
    /// The body that speaks: the author of the document.
    pub office: &'a str,
    /// The office's language, for a text that names none.
    pub lang: Lang,
    /// Year and number in the register.
    pub register: (i16, u32),
    /// The address of the page.
    pub url: &'a str,
    /// Since when the text stands.
    pub since: Timestamp,
}

/// The parts of the document by their names in the archive, the content types first as the format wants it.
pub fn parts(version: &Version, about: About<'_>) -> Vec<(&'static str, String)> {
    let head = public::head(version);
    let lang = head.as_ref().and_then(|head| head.language).unwrap_or(about.lang);
    let mut writer = Writer::default();
    writer.front(version, head.as_ref(), about, lang);
    let (blocks, _) = markdown::parse(head.as_ref().map_or("", |head| head.body.as_str()), lang);
    writer.blocks(&blocks, 0);
    if let Some(contacts) = head.as_ref().map(|head| &head.contacts).filter(|contacts| !contacts.is_empty()) {
        writer.heading(2, &[Span::Text(t(lang, "releases.mail.contacts").to_owned())]);
        contacts.iter().for_each(|line| writer.line("", line));
    }
    writer.paragraph("", "", &[Span::Link(about.url.to_owned(), vec![Span::Text(about.url.to_owned())])]);
    vec![
        ("[Content_Types].xml", CONTENT_TYPES.to_owned()),
        ("_rels/.rels", ROOT_RELATIONS.to_owned()),
        ("docProps/core.xml", properties(version, about, lang)),
        ("word/document.xml", writer.document()),
        ("word/_rels/document.xml.rels", writer.relations()),
        ("word/styles.xml", STYLES.replace("{lang}", tag(lang))),
        ("word/numbering.xml", writer.numbering()),
    ]
}

const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const WORD: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
/// Relations of the document to its own parts; those of the links come after them.
const OWN: usize = 2;
/// Levels of a list: as deep as the tree goes, and more.
const LEVELS: usize = 9;

const CONTENT_TYPES: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
<Default Extension=\"xml\" ContentType=\"application/xml\"/>\
<Override PartName=\"/docProps/core.xml\" ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/>\
<Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/>\
<Override PartName=\"/word/styles.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml\"/>\
<Override PartName=\"/word/numbering.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml\"/>\
</Types>";

const ROOT_RELATIONS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
<Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"word/document.xml\"/>\
<Relationship Id=\"rId2\" Type=\"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties\" Target=\"docProps/core.xml\"/>\
</Relationships>";

/// Names of styles are those that every word processor knows, so that its outline and its reader's voice find them.
const STYLES: &str = include_str!("docx/styles.xml");

/// The language of the text as Word tags it.
fn tag(lang: Lang) -> &'static str {
    match lang {
        Lang::It => "it-IT",
        Lang::En => "en-GB",
    }
}

/// Words safe for XML 1.0, which has no name for most control characters.
fn xml(text: &str) -> String {
    escape(&text.chars().filter(|c| !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}')).collect::<String>())
}

fn properties(version: &Version, about: About<'_>, lang: Lang) -> String {
    format!(
        "{XML}<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>{}</dc:title><dc:creator>{}</dc:creator>\
         <dc:description>{}</dc:description><dc:language>{}</dc:language>\
         <dcterms:created xsi:type=\"dcterms:W3CDTF\">{since}</dcterms:created>\
         <dcterms:modified xsi:type=\"dcterms:W3CDTF\">{since}</dcterms:modified></cp:coreProperties>",
        xml(&version.title),
        xml(about.office),
        xml(&version.summary),
        tag(lang),
        since = about.since.rfc3339(),
    )
}

#[derive(Default)]
struct Writer {
    body: String,
    /// Targets of links, each once.
    links: Vec<String>,
    /// First numbers of numbered lists with their depth, each list numbered for itself.
    numbered: Vec<(usize, u64)>,
}

impl Writer {
    fn front(&mut self, version: &Version, head: Option<&Draft>, about: About<'_>, lang: Lang) {
        let kind = head.map(|head| head.kind).unwrap_or_default();
        self.line("", about.office);
        self.line("", &wording::numbered(kind, Some(about.register), lang));
        let kicker = head.map(|head| head.kicker.as_str()).unwrap_or_default();
        self.line("Kicker", kicker);
        self.heading(1, &[Span::Text(version.title.clone())]);
        self.line("Subtitle", &version.summary);
    }

    /// A paragraph of plain words; none where there are no words.
    fn line(&mut self, style: &str, words: &str) {
        if !words.is_empty() {
            self.paragraph(style, "", &[Span::Text(words.to_owned())]);
        }
    }

    fn heading(&mut self, level: u8, spans: &[Span]) {
        self.paragraph(&format!("Heading{level}"), "", spans);
    }

    /// `more` are properties that come after the style, in the order of the schema.
    fn paragraph(&mut self, style: &str, more: &str, spans: &[Span]) {
        self.body.push_str("<w:p>");
        if !style.is_empty() || !more.is_empty() {
            self.body.push_str("<w:pPr>");
            if !style.is_empty() {
                self.body.push_str(&format!("<w:pStyle w:val=\"{style}\"/>"));
            }
            self.body.push_str(more);
            self.body.push_str("</w:pPr>");
        }
        self.spans(spans, Run::default());
        self.body.push_str("</w:p>");
    }

    fn spans(&mut self, spans: &[Span], run: Run) {
        for span in spans {
            match span {
                Span::Text(text) => {
                    self.body.push_str(&format!("<w:r>{}<w:t xml:space=\"preserve\">", run.properties()));
                    self.body.push_str(&xml(text));
                    self.body.push_str("</w:t></w:r>");
                }
                Span::Strong(inner) => self.spans(inner, Run { bold: true, ..run }),
                Span::Emphasis(inner) => self.spans(inner, Run { italic: true, ..run }),
                Span::Break => self.body.push_str("<w:r><w:br/></w:r>"),
                // a link inside a link is none: the outer one leads
                Span::Link(_, inner) if run.link => self.spans(inner, run),
                Span::Link(url, inner) => {
                    let at = self.links.iter().position(|known| known == url).unwrap_or_else(|| {
                        self.links.push(url.clone());
                        self.links.len() - 1
                    });
                    self.body.push_str(&format!("<w:hyperlink r:id=\"rId{}\">", OWN + at + 1));
                    self.spans(inner, Run { link: true, ..run });
                    self.body.push_str("</w:hyperlink>");
                }
            }
        }
    }

    fn blocks(&mut self, blocks: &[Block], depth: usize) {
        for block in blocks {
            match block {
                Block::Paragraph(spans) => self.paragraph("", &indent(depth), spans),
                Block::Heading(level, spans) => self.heading((*level).clamp(2, 3), spans),
                Block::List(first, items) => self.list(*first, items, depth),
                Block::Quote(inner) => self.quote(inner, depth),
                Block::Rule => self.paragraph(
                    "",
                    "<w:pBdr><w:bottom w:val=\"single\" w:sz=\"6\" w:space=\"1\" w:color=\"808080\"/></w:pBdr>",
                    &[],
                ),
            }
        }
    }

    fn list(&mut self, first: Option<u64>, items: &[Vec<Block>], depth: usize) {
        let level = depth.min(LEVELS - 1);
        // 1 are the bullets; each numbered list has a number of its own, or it would go on counting
        let list = match first {
            None => 1,
            Some(first) => {
                self.numbered.push((level, first));
                self.numbered.len() + 1
            }
        };
        let mark = format!("<w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"{list}\"/></w:numPr>");
        for item in items {
            let rest = match item.split_first() {
                Some((Block::Paragraph(spans), rest)) => {
                    self.paragraph("ListParagraph", &mark, spans);
                    rest
                }
                _ => item,
            };
            self.blocks(rest, depth + 1);
        }
    }

    fn quote(&mut self, inner: &[Block], depth: usize) {
        for block in inner {
            match block {
                Block::Paragraph(spans) => self.paragraph("Quote", &indent(depth + 1), spans),
                other => self.blocks(std::slice::from_ref(other), depth + 1),
            }
        }
    }

    fn document(&self) -> String {
        format!(
            "{XML}<w:document {WORD} xmlns:r=\"{OFFICE}\"><w:body>{}<w:sectPr><w:pgSz w:w=\"11906\" w:h=\"16838\"/>\
             <w:pgMar w:top=\"1418\" w:right=\"1418\" w:bottom=\"1418\" w:left=\"1418\" w:header=\"709\" w:footer=\"709\" \
             w:gutter=\"0\"/></w:sectPr></w:body></w:document>",
            self.body
        )
    }

    fn relations(&self) -> String {
        let links = self.links.iter().enumerate().map(|(at, url)| {
            let (id, url) = (OWN + at + 1, xml(url));
            format!(
                "<Relationship Id=\"rId{id}\" Type=\"{OFFICE}/hyperlink\" Target=\"{url}\" TargetMode=\"External\"/>"
            )
        });
        format!(
            "{XML}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
             <Relationship Id=\"rId1\" Type=\"{OFFICE}/styles\" Target=\"styles.xml\"/>\
             <Relationship Id=\"rId2\" Type=\"{OFFICE}/numbering\" Target=\"numbering.xml\"/>{}</Relationships>",
            links.collect::<String>()
        )
    }

    fn numbering(&self) -> String {
        let levels = |format: &str, mark: &dyn Fn(usize) -> String| -> String {
            (0..LEVELS)
                .map(|level| {
                    format!(
                        "<w:lvl w:ilvl=\"{level}\"><w:start w:val=\"1\"/><w:numFmt w:val=\"{format}\"/>\
                         <w:lvlText w:val=\"{}\"/><w:lvlJc w:val=\"left\"/>\
                         <w:pPr><w:ind w:left=\"{}\" w:hanging=\"360\"/></w:pPr></w:lvl>",
                        mark(level),
                        STEP * (level + 1),
                    )
                })
                .collect()
        };
        let lists = self.numbered.iter().enumerate().map(|(at, (level, first))| {
            format!(
                "<w:num w:numId=\"{}\"><w:abstractNumId w:val=\"1\"/><w:lvlOverride w:ilvl=\"{level}\">\
                 <w:startOverride w:val=\"{}\"/></w:lvlOverride></w:num>",
                at + 2,
                (*first).min(32_767),
            )
        });
        format!(
            "{XML}<w:numbering {WORD}><w:abstractNum w:abstractNumId=\"0\">{}</w:abstractNum>\
             <w:abstractNum w:abstractNumId=\"1\">{}</w:abstractNum>\
             <w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num>{}</w:numbering>",
            levels("bullet", &|_| "•".to_owned()),
            levels("decimal", &|level| format!("%{}.", level + 1)),
            lists.collect::<String>(),
        )
    }
}

/// Twentieths of a point by which each level stands further in.
const STEP: usize = 720;

/// What stands below an entry of a list, or is set apart.
fn indent(depth: usize) -> String {
    if depth == 0 { String::new() } else { format!("<w:ind w:left=\"{}\"/>", STEP * depth.min(LEVELS)) }
}

/// How words are written.
#[derive(Clone, Copy, Default)]
struct Run {
    bold: bool,
    italic: bool,
    link: bool,
}

impl Run {
    fn properties(self) -> String {
        let mut inner = String::new();
        for (on, mark) in
            [(self.link, "<w:rStyle w:val=\"Hyperlink\"/>"), (self.bold, "<w:b/>"), (self.italic, "<w:i/>")]
        {
            if on {
                inner.push_str(mark);
            }
        }
        if inner.is_empty() { inner } else { format!("<w:rPr>{inner}</w:rPr>") }
    }
}

#[cfg(test)]
mod tests;
