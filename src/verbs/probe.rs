//! `probe`: what would be taken out of an address or a file, and why. Stores nothing.

use super::{client, say};
use crate::config::Config;
use anyhow::{Context, Result};
use salastampa_crawler::probe::{self, Document, Probe};
use salastampa_domain::{Selectors, Timestamp};

/// So many items are listed for people.
const LISTED: usize = 10;

/// Probes and prints.
pub async fn run(config: &Config, what: &str, json: bool, now: Timestamp) -> Result<()> {
    let answer = if what.starts_with("http://") || what.starts_with("https://") {
        probe::explain(&client(config)?, what, None, now).await
    } else {
        let bytes = std::fs::read(what).with_context(|| format!("reading {what}"))?;
        probe::explain_bytes(bytes, what, "http://localhost/", now).await
    };
    if json {
        say(serde_json::to_string_pretty(&answer)?);
    } else {
        for line in lines(&answer) {
            say(line);
        }
    }
    Ok(())
}

/// Selectors as they stand in `feeds.toml`. They hold no quotes: they are made of tags and classes.
fn toml_fields(selectors: &Selectors) -> String {
    let fields = [
        ("item", Some(&selectors.item)),
        ("link", selectors.link.as_ref()),
        ("title", selectors.title.as_ref()),
        ("date", selectors.date.as_ref()),
        ("lead", selectors.lead.as_ref()),
    ];
    let written = fields.into_iter().filter_map(|(name, value)| Some(format!("{name} = \"{}\"", value?)));
    written.collect::<Vec<_>>().join(", ")
}

fn lines(probe: &Probe) -> Vec<String> {
    let kind = match probe.document {
        Document::Feed => "a feed",
        Document::Sitemap => "a sitemap",
        Document::SitemapIndex => "a map of sitemaps",
        Document::Wire => "a wire of a news agency",
        Document::Article => "an article",
        Document::Page => "a page, without an article that could be read",
        Document::Other => "something else",
        Document::Nothing => "nothing",
    };
    let status = probe.status.map_or_else(String::new, |s| format!(", status {s}"));
    let mut lines = vec![format!("{}: {kind}, {} bytes{status}", probe.asked, probe.bytes)];
    if probe.url != probe.asked && probe.status.is_some() {
        lines.push(format!("  answered by {}", probe.url));
    }
    if let Some(why) = probe.outcome.why() {
        lines.push(format!("  a visit would fail: {why}"));
    }
    if let Some(robots) = &probe.robots {
        let verdict = if robots.allows { "allows pages" } else { "forbids pages" };
        let because = robots.because.as_ref().map_or_else(String::new, |b| format!(" ({b})"));
        lines.push(format!("  robots.txt {verdict}{because}"));
        if !robots.ai_agents.is_empty() {
            lines.push(format!("  it forbids agents of AI by name: {}", robots.ai_agents.join(", ")));
        }
    }
    if probe.tdm_reserved {
        lines.push("  text mining is reserved: headline, link and snippet only".into());
    }
    lines.extend(probe.feeds.iter().map(|feed| format!("  it names the feed {feed}")));
    if probe.found > 0 {
        lines.push(format!("  {} items would be taken:", probe.found));
    }
    for item in probe.items.iter().take(LISTED) {
        let dated = match item.published_at {
            Some(at) if item.date_only => at.day().to_string(),
            Some(at) => at.rfc3339(),
            None => "no date".into(),
        };
        lines.push(format!("    {dated}  {}", item.title));
        lines.push(format!("      lead {} and text {} characters  {}", item.lead_chars, item.body_chars, item.url));
        lines.extend(item.about.iter().map(|about| format!("      {about}")));
    }
    lines.extend(probe.steps.iter().map(|step| format!("  {step}")));
    if let Some(proposal) = &probe.proposal {
        lines.push(format!("  as a section page it would give {} items by", proposal.found));
        lines.push(format!("    selectors = {{ {} }}", toml_fields(&proposal.selectors)));
        lines.extend(proposal.first.iter().map(|(title, url)| format!("    {title}  {url}")));
    }
    lines.extend(probe.problems.iter().map(|problem| format!("  problem: {problem}")));
    lines
}
