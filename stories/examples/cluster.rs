//! Groups a stream of articles into stories, as the job `group` does, and writes `id TAB story`, a line an article.
//!
//! `cluster DOCS.jsonl.gz.. [--undated]`: lines with `id, date, source, title, text`; several files are mixed by date.
//! With `--undated` dates are not read and time does not count.

use flate2::read::GzDecoder;
use salastampa_domain::{
    Article, ArticleId, CopyGroupId, ForeignText, OutletId, Seq, Signals, SourceId, StoryId, Timestamp, Via,
};
use salastampa_stories::Window;
use salastampa_stories::cluster::Settings;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Write};

type Anything = Box<dyn std::error::Error>;

fn main() -> Result<(), Anything> {
    let (flags, paths): (Vec<String>, Vec<String>) = std::env::args().skip(1).partition(|a| a.starts_with("--"));
    if paths.is_empty() || flags.iter().any(|f| f != "--undated") {
        return Err("usage: cluster DOCS.jsonl.gz.. [--undated]".into());
    }
    let undated = !flags.is_empty();
    let mut documents = Vec::new();
    for path in &paths {
        for line in BufReader::new(GzDecoder::new(File::open(path)?)).lines() {
            let document: serde_json::Value = serde_json::from_str(&line?)?;
            documents.push(document);
        }
    }
    let text = |document: &serde_json::Value, name: &str| document[name].as_str().unwrap_or_default().to_owned();
    // one file is taken in its own order: the sort keeps it
    documents.sort_by_key(|d| text(d, "date"));

    let mut outlets: BTreeMap<String, i64> = BTreeMap::new();
    let mut window = Window::with(if undated { Settings::UNDATED } else { Settings::DATED });
    let mut stories = 0;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for (n, document) in documents.iter().enumerate() {
        let count = i64::try_from(outlets.len())? + 1;
        let outlet = *outlets.entry(text(document, "source")).or_insert(count);
        let date = if undated { None } else { Timestamp::parse(&text(document, "date")) };
        let article = article(i64::try_from(n)? + 1, outlet, text(document, "title"), date.unwrap_or(Timestamp(0)));
        let placement = window.place(&article, &ForeignText::new(text(document, "text")), false);
        let story = placement.story.unwrap_or_else(|| {
            stories += 1;
            StoryId(stories)
        });
        window.placed(article.id, placement.copy_of.unwrap_or(CopyGroupId(article.id.0)), story);
        writeln!(out, "{}\t{story}", text(document, "id"))?;
    }
    Ok(())
}

fn article(id: i64, outlet: i64, title: String, at: Timestamp) -> Article {
    Article {
        id: ArticleId(id),
        seq: Seq(id),
        revision: 1,
        outlet: OutletId(outlet),
        via: Via::Source { source: SourceId(outlet) },
        url: String::new(),
        key: String::new(),
        guid: None,
        title,
        lead: ForeignText::default(),
        authors: Vec::new(),
        rubric: None,
        language: None,
        signals: Signals::default(),
        backlog: false,
        published_at: Some(at),
        first_seen: at,
        kept_at: at,
        grouped_at: None,
        copy_group: None,
        story: None,
    }
}
