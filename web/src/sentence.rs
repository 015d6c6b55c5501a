//! Pages that hold one sentence: `Notice` says it, `Ask` puts one button below it. What stands behind the links of mails
//! and what is not there are such pages. Their heading is the title of the frame; left out: what a press does.

use crate::frame::Frame;
use askama::Template;

/// A page that says something.
#[derive(Template)]
#[template(path = "newsroom/notice.html")]
pub(crate) struct Notice {
    pub(crate) frame: Frame,
    pub(crate) words: String,
}

/// A page that asks for one press.
#[derive(Template)]
#[template(path = "newsroom/ask.html")]
pub(crate) struct Ask {
    pub(crate) frame: Frame,
    pub(crate) words: String,
    pub(crate) button: String,
    /// What it means not to press it.
    pub(crate) note: String,
    /// Where the button posts.
    pub(crate) action: String,
    /// A page where one may decide in smaller steps: its address and its words.
    pub(crate) instead: Option<(String, String)>,
}
