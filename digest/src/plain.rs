//! The text part: the same words in the same order, for those who read mail as text and for those who listen to it.
//!
//! Lines are filled to 72 characters, so that a quotation still fits in 80 (RFC 5322 §2.1.1 asks for at most 78). An
//! address stands on a line of its own and is never broken.

use crate::alert::{AlertWords, BatchWords};
use crate::mail;
use crate::sheet::Sheet;
use crate::{Dress, sheet::SheetLink};
use salastampa_locale::t;

const WIDTH: usize = 72;

/// The text part of a review.
pub(crate) fn review(sheet: &Sheet) -> String {
    let mut page = headed(sheet);
    page.web(&sheet.dress);
    if sheet.sections.is_empty() {
        page.gap();
        page.line(sheet.t("digest.nothing_note"));
    }
    for section in &sheet.sections {
        page.gap();
        page.heading(&section.heading, '-');
        for entry in &section.entries {
            page.gap();
            page.line(&format!("* {}", entry.headline));
            page.line(&entry.source_line);
            page.line(&entry.extract);
            page.line(&entry.note);
            page.line(&labelled(sheet.t("digest.also_in"), &also(&entry.also)));
            page.line(&labelled(sheet.t("digest.why"), &entry.why));
            page.line(&entry.url);
        }
    }
    for note in sheet.empty_sections.iter().chain(&sheet.shortened) {
        page.gap();
        page.line(note);
    }
    if !sheet.pickup.is_empty() {
        page.gap();
        page.heading(sheet.t("digest.pickup.title"), '-');
        for pickup in &sheet.pickup {
            page.gap();
            page.line(&format!("* {}", pickup.title));
            for line in &pickup.lines {
                page.line(&line.text);
                page.line(&line.url);
            }
        }
    }
    page.gap();
    page.heading(sheet.t("digest.coverage_title"), '-');
    page.line(&sheet.coverage);
    for ill in &sheet.ill {
        page.line(ill);
    }
    page.foot(&sheet.dress, &mail::reader(sheet));
    page.text
}

/// What a review and the letter that leads to one begin with.
fn headed(sheet: &Sheet) -> Page {
    let mut page = Page::default();
    page.line(&format!("{} · {}", sheet.dress.office, sheet.dress.town));
    page.gap();
    page.heading(&sheet.title, '=');
    page.line(&sheet.date_long);
    for mark in &sheet.marks {
        page.line(&format!("[{mark}]"));
    }
    page.line(&sheet.summary);
    page
}

/// The text part of a letter that only leads to a review.
pub(crate) fn reserved(sheet: &Sheet, note: &str) -> String {
    let mut page = headed(sheet);
    page.gap();
    page.line(&labelled(sheet.t("digest.reserved.open"), &sheet.dress.web));
    page.gap();
    page.line(note);
    page.foot(&sheet.dress, &mail::reader(sheet));
    page.text
}

/// The text part of an alert.
pub(crate) fn alert(words: &AlertWords, dress: &Dress) -> String {
    let say = |key| t(dress.language, key);
    let mut page = Page::default();
    page.line(&format!("{} · {}", dress.office, dress.town));
    page.gap();
    page.line(&words.topic);
    page.gap();
    page.heading(&words.headline, '=');
    page.line(&words.source_line);
    page.line(&words.extract);
    page.line(&words.url);
    for line in &words.own {
        page.gap();
        page.line(line);
    }
    if !words.also.is_empty() {
        page.gap();
        page.line(&labelled(say("digest.alert.also_in"), &also(&words.also)));
    }
    if !words.why.is_empty() {
        page.gap();
        page.line(&labelled(say("digest.alert.why"), &words.why));
    }
    page.gap();
    page.line(&labelled(say("digest.alert.latency"), &words.latency));
    page.web(dress);
    if !words.not_for_me.is_empty() {
        page.gap();
        page.line(&labelled(say("digest.alert.not_for_me"), &words.not_for_me));
    }
    page.foot(dress, &words.reader);
    page.text
}

/// The text part of a batch of alerts.
pub(crate) fn batch(words: &BatchWords, reader: &str, dress: &Dress) -> String {
    let say = |key| t(dress.language, key);
    let mut page = Page::default();
    page.line(&format!("{} · {}", dress.office, dress.town));
    page.gap();
    page.heading(&words.title, '=');
    for story in &words.stories {
        page.gap();
        page.line(&story.topic);
        page.heading(&story.headline, '-');
        page.line(&story.source_line);
        page.line(&story.extract);
        page.line(&story.url);
        for line in &story.own {
            page.line(line);
        }
        page.line(&labelled(say("digest.alert.also_in"), &also(&story.also)));
        page.line(&labelled(say("digest.alert.why"), &story.why));
        page.line(&labelled(say("digest.alert.latency"), &story.latency));
        page.line(&labelled(say("digest.alert.not_for_me"), &story.not_for_me));
    }
    page.foot(dress, reader);
    page.text
}

fn also(links: &[SheetLink]) -> String {
    links.iter().map(|l| l.text.as_str()).collect::<Vec<_>>().join(", ")
}

/// `label: text`, or nothing without a text.
fn labelled(label: &str, text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("{label}: {text}") }
}

#[derive(Default)]
struct Page {
    text: String,
}

impl Page {
    /// A paragraph, filled; nothing if it is empty.
    fn line(&mut self, text: &str) {
        let mut column = 0;
        for word in text.split_whitespace() {
            let length = word.chars().count();
            if column > 0 && column + 1 + length > WIDTH {
                self.text.push('\n');
                column = 0;
            } else if column > 0 {
                self.text.push(' ');
                column += 1;
            }
            self.text.push_str(word);
            column += length;
        }
        if column > 0 {
            self.text.push('\n');
        }
    }

    fn heading(&mut self, text: &str, under: char) {
        self.line(text);
        let width = text.chars().count().min(WIDTH);
        self.line(&under.to_string().repeat(width));
    }

    fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// Where the message can be read on the web.
    fn web(&mut self, dress: &Dress) {
        if !dress.web.is_empty() {
            self.gap();
            self.line(&format!("{}:", t(dress.language, "digest.on_the_web")));
            self.line(&dress.web);
        }
    }

    fn foot(&mut self, dress: &Dress, reader: &str) {
        self.gap();
        // the mark of a signature (RFC 3676 §4.3) keeps its blank
        self.text.push_str("-- \n");
        self.line(&format!("{} · {}", dress.office, dress.town));
        self.line(&dress.contact);
        self.line(&dress.base_url);
        self.line(reader);
        self.line(t(dress.language, "digest.leave"));
        self.line(t(dress.language, "digest.rights"));
    }
}
