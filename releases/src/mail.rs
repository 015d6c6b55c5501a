//! The mail of a release: one value, written once as HTML and once as text.
//!
//! The HTML is one table of 600 px with styles written inline, for Outlook's Word engine and Gmail; it is complete with
//! images off because it has none, and asks nobody for anything when it is opened.

use askama::Template;
use salastampa_domain::delivery::{NOTE_CLOSES, NOTE_MARK, NOTE_OPENS, UNSUBSCRIBE_MARK};

/// What the mail says, part by part; every string ready in its language.
#[derive(Template, Clone, PartialEq, Eq, Debug)]
#[template(path = "mail.html")]
pub(crate) struct Sheet {
    pub(crate) lang: &'static str,
    pub(crate) subject: String,
    pub(crate) preheader: String,
    pub(crate) embargo: Option<String>,
    pub(crate) correction: Option<String>,
    pub(crate) office: String,
    pub(crate) press_office: &'static str,
    pub(crate) numbered: String,
    pub(crate) kicker: String,
    pub(crate) title: String,
    pub(crate) summary: String,
    pub(crate) dateline: String,
    /// HTML, cleaned by [`crate::html::render`].
    pub(crate) body: String,
    pub(crate) body_text: String,
    pub(crate) contacts_heading: &'static str,
    pub(crate) contacts: Vec<String>,
    pub(crate) online: Option<Online>,
    pub(crate) files: Vec<Group>,
    pub(crate) why: String,
    /// Words of the link by which one leaves; none where it goes to no list.
    pub(crate) leave: Option<&'static str>,
}

/// Where the text stands online.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Online {
    pub(crate) url: String,
    pub(crate) words: String,
}

/// Files of one sort that a mail links to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Group {
    pub(crate) heading: String,
    /// From when the links open.
    pub(crate) note: Option<String>,
    pub(crate) lines: Vec<Linked>,
}

/// A file that a mail links to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Linked {
    pub(crate) url: String,
    pub(crate) words: String,
    /// Whose it is, its sort and its size.
    pub(crate) about: String,
}

impl Sheet {
    /// The HTML part.
    pub(crate) fn html(&self) -> String {
        self.render().expect("a template over strings cannot fail to write into a string")
    }

    /// The text part, in the same order and the same words.
    pub(crate) fn text(&self) -> String {
        let mut parts: Vec<String> = Vec::new();
        let mut push = |text: &str| {
            if !text.is_empty() {
                parts.push(text.to_owned());
            }
        };
        push(self.embargo.as_deref().unwrap_or_default());
        push(self.correction.as_deref().unwrap_or_default());
        let note = format!("{NOTE_OPENS}{NOTE_MARK}\n\n{NOTE_CLOSES}");
        push(&format!("{note}{} – {}\n{}", self.office, self.press_office, self.numbered));
        push(&self.kicker);
        push(&self.title);
        push(&self.summary);
        push(&self.dateline);
        push(&self.body_text);
        if !self.contacts.is_empty() {
            push(&format!("{}\n{}", self.contacts_heading, self.contacts.join("\n")));
        }
        for group in &self.files {
            let lines = group.lines.iter().map(|line| format!("- {}, {} ({})", line.words, line.about, line.url));
            let note = group.note.iter().cloned();
            push(&[group.heading.clone()].into_iter().chain(lines).chain(note).collect::<Vec<_>>().join("\n"));
        }
        if let Some(online) = &self.online {
            push(&format!("{} ({})", online.words, online.url));
        }
        // the mark by which mail programs know a signature (RFC 3676 §4.3)
        let leave = self.leave.map(|leave| format!("\n{leave} ({UNSUBSCRIBE_MARK})")).unwrap_or_default();
        push(&format!("-- \n{}{leave}", self.why));
        parts.join("\n\n") + "\n"
    }
}
