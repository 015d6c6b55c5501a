//! Reads the folder `demo/`, which is compiled into the program, so that the demo needs neither network nor files.
//!
//! A story holds its paragraphs once; its pieces say who ran it, when and how (as it stands, cut, or in other words),
//! because that is how wire copy travels. Left out: any order of the files, since each outlet sorts its pieces by time.

use super::{Outlet, Piece, Text};
use anyhow::{Context, Result, bail};
use salastampa_domain::Timestamp;
use salastampa_locale::{Lang, date::month};
use salastampa_text::sentences;
use serde::Deserialize;

/// The outlets as servers: host, form of the feed, habits.
const OUTLETS: &str = include_str!("../../../demo/outlets.toml");

macro_rules! embedded {
    ($folder:literal: $($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../../demo/", $folder, "/", $name)))),*]
    };
}

/// What was written about, a file for each field.
pub(super) const STORIES: &[(&str, &str)] = embedded!("stories":
    "ambiente.toml", "bilancio.toml", "cronaca.toml", "frana.toml", "lavori.toml", "mobilita.toml", "omonimie.toml",
    "politica.toml", "rumore.toml", "scuola.toml", "sociale.toml", "turismo.toml",
);

/// The office's own releases.
const RELEASES: &[(&str, &str)] = embedded!("releases":
    "lungolago.md", "asili.md", "mercatini.md", "mercatini-rettifica.md",
);

/// The text of a release of the demo, by its file name.
pub fn release(name: &str) -> Option<&'static str> {
    RELEASES.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// The outlets with their pieces, numbered from the oldest.
pub(super) fn outlets() -> Result<Vec<Outlet>> {
    let file: OutletFile = toml::from_str(OUTLETS).context("demo/outlets.toml")?;
    let mut outlets = file.outlet;
    for (name, text) in STORIES {
        let file: StoryFile = toml::from_str(text).with_context(|| format!("demo/stories/{name}"))?;
        for story in &file.story {
            publish(&mut outlets, story).with_context(|| format!("demo/stories/{name}"))?;
        }
    }
    for outlet in &mut outlets {
        outlet.pieces.sort_by(|a, b| (a.at, &a.texts[0].title).cmp(&(b.at, &b.texts[0].title)));
        for (index, piece) in outlet.pieces.iter_mut().enumerate() {
            piece.number = index + 1;
        }
    }
    Ok(outlets)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OutletFile {
    outlet: Vec<Outlet>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoryFile {
    pub(super) story: Vec<Story>,
}

/// Paragraphs that travel, and who ran them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Story {
    /// Section of the pieces that name none.
    rubric: String,
    /// The text, paragraphs parted by blank lines.
    #[serde(default)]
    text: String,
    pub(super) piece: Vec<PieceLine>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PieceLine {
    pub(super) outlet: String,
    at: String,
    pub(super) title: String,
    /// The first sentence where absent.
    lead: Option<String>,
    #[serde(default)]
    how: How,
    /// For `cut`: which paragraphs of the text it keeps, from 1.
    #[serde(default)]
    keep: Vec<usize>,
    /// Own paragraphs: after the text, or in its place for `rewrite`; `{2}` among them is the second of the text.
    #[serde(default)]
    text: String,
    rubric: Option<String>,
    author: Option<String>,
    /// The text is that of this release, not of the story.
    from_release: Option<String>,
    /// A later text of the same page.
    corrected: Option<Corrected>,
}

/// How a piece came by its text.
#[derive(Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum How {
    /// It is the first to have it.
    #[default]
    Original,
    /// Taken over as it stands.
    Copy,
    /// Some of its paragraphs.
    Cut,
    /// In other words.
    Rewrite,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Corrected {
    at: String,
    title: Option<String>,
    text: String,
}

fn publish(outlets: &mut [Outlet], story: &Story) -> Result<()> {
    for line in &story.piece {
        let outlet = outlets
            .iter_mut()
            .find(|o| o.id == line.outlet)
            .with_context(|| format!("{:?}: there is no outlet {:?}", line.title, line.outlet))?;
        let piece = piece(outlet, story, line).with_context(|| format!("{:?}", line.title))?;
        outlet.pieces.push(piece);
    }
    Ok(())
}

fn piece(outlet: &Outlet, story: &Story, line: &PieceLine) -> Result<Piece> {
    let at = instant(&line.at)?;
    let base = match &line.from_release {
        Some(name) => body_of(release(name).with_context(|| format!("there is no release {name:?}"))?),
        None => &story.text,
    };
    let whole = paragraphs(base);
    let nth = |n: usize| {
        let found = n.checked_sub(1).and_then(|n| whole.get(n)).cloned();
        found.with_context(|| format!("the text has no paragraph {n}"))
    };
    let mut own: Vec<String> = match line.how {
        How::Rewrite => Vec::new(),
        How::Cut => line.keep.iter().map(|n| nth(*n)).collect::<Result<_>>()?,
        How::Original | How::Copy => whole.clone(),
    };
    for paragraph in paragraphs(&line.text) {
        let number = paragraph.strip_prefix('{').and_then(|p| p.strip_suffix('}')).and_then(|n| n.parse().ok());
        own.push(match number {
            Some(number) => nth(number)?,
            None => paragraph,
        });
    }
    let Some(first) = own.first() else { bail!("a piece without text") };
    let lead = line.lead.clone().unwrap_or_else(|| first_sentence(first));
    let first = Text { since: at, title: line.title.clone(), lead, paragraphs: dressed(outlet, own, at) };
    let mut texts = vec![first];
    if let Some(corrected) = &line.corrected {
        let since = instant(&corrected.at)?;
        let own = paragraphs(&corrected.text);
        let Some(first) = own.first() else { bail!("a correction without text") };
        texts.push(Text {
            since,
            title: corrected.title.clone().unwrap_or_else(|| line.title.clone()),
            lead: first_sentence(first),
            paragraphs: dressed(outlet, own, at),
        });
    }
    Ok(Piece {
        number: 0,
        at,
        rubric: line.rubric.clone().unwrap_or_else(|| story.rubric.clone()),
        author: line.author.clone(),
        from_release: line.from_release.clone(),
        texts,
    })
}

fn instant(text: &str) -> Result<Timestamp> {
    Timestamp::parse(text).with_context(|| format!("{text:?} is no instant; write 2026-11-23 07:00"))
}

/// The house style: a dateline before the first paragraph, a footer after the last.
fn dressed(outlet: &Outlet, mut paragraphs: Vec<String>, at: Timestamp) -> Vec<String> {
    let day = at.day();
    let month = month(day, Lang::It);
    let dateline = outlet
        .dateline
        .replace("{data}", &format!("{} {month}", day.day()))
        .replace("{DATA}", &format!("{} {}", day.day(), month[..3].to_uppercase()));
    if let Some(first) = paragraphs.first_mut() {
        first.insert_str(0, &dateline);
    }
    if !outlet.footer.is_empty() {
        paragraphs.push(outlet.footer.clone());
    }
    paragraphs
}

/// Paragraphs parted by blank lines, each on one line.
fn paragraphs(text: &str) -> Vec<String> {
    text.split("\n\n").map(|p| p.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|p| !p.is_empty()).collect()
}

fn first_sentence(paragraph: &str) -> String {
    sentences(paragraph).first().map_or(paragraph, |range| &paragraph[range.clone()]).trim().to_owned()
}

/// A release without its head.
fn body_of(text: &str) -> &str {
    text.splitn(3, "+++").nth(2).unwrap_or(text)
}
