//! `robots.txt` (RFC 9309): what a site lets us read, and how fast.
//!
//! It binds section pages, article pages and sitemaps. A feed that the office configured is visited all the same: a
//! feed is published to be fetched by programs, and a person chose it. Only our own token or `*` binds; rules for
//! agents of artificial intelligence are recorded, since they may say how a publisher wants its texts to be used.

use crate::pattern;

/// The name by which a site can address us.
pub const TOKEN: &str = "salastampa";
/// How much of a file is read: what RFC 9309 §2.5 asks for at least.
const LONGEST_FILE: usize = 500 << 10;
/// Crawlers that gather texts for models, in lower case.
const AI_AGENTS: [&str; 22] = [
    "ai2bot",
    "amazonbot",
    "anthropic-ai",
    "applebot-extended",
    "bytespider",
    "ccbot",
    "chatgpt-user",
    "claude-web",
    "claudebot",
    "cohere-ai",
    "diffbot",
    "facebookbot",
    "google-extended",
    "gptbot",
    "imagesiftbot",
    "meta-externalagent",
    "mistralai-user",
    "oai-searchbot",
    "omgili",
    "omgilibot",
    "perplexitybot",
    "youbot",
];

/// What a site says to us.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Robots {
    /// Nobody has asked yet, or there is no such file (4xx): all is allowed.
    #[default]
    Open,
    /// The server failed or did not answer: all is disallowed until it does (RFC 9309 §2.3.1.4).
    Closed,
    /// Something else stands there, mostly a page: only feeds that a person configured are visited.
    Unreadable,
    /// Its rules for us.
    Rules(Rules),
}

/// The rules that bind us: of our own groups, else of the groups for `*`, merged.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Rules {
    /// In the order of the file.
    pub rules: Vec<Rule>,
    /// `Crawl-delay` in milliseconds: no part of the RFC, and polite to keep.
    pub crawl_delay: Option<i64>,
    /// Agents of artificial intelligence to which the file forbids something.
    pub ai_agents: Vec<String>,
    /// Maps of the site that it names, as written, at most twenty.
    pub sitemaps: Vec<String>,
}

/// One line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rule {
    /// `Allow`, not `Disallow`.
    pub allow: bool,
    /// The path pattern, normalised.
    pub pattern: String,
}

/// What it means for one address.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// It may be read.
    Allowed,
    /// By this rule it may not.
    Disallowed {
        /// The pattern that decided.
        rule: String,
    },
    /// The server did not say, so it may not.
    Closed,
    /// What stands there cannot be understood, so it may not.
    Unreadable,
}

impl Robots {
    /// Reads an answer to `GET /robots.txt`. Status 0 means that none came.
    pub fn read(status: u16, body: &str) -> Self {
        match status {
            200..=299 => {}
            0 | 500.. => return Self::Closed,
            _ => return Self::Open,
        }
        let body = body[..body.floor_char_boundary(LONGEST_FILE)].trim_start_matches('\u{feff}');
        if body.trim_start().starts_with('<') {
            return Self::Unreadable;
        }
        Self::Rules(read_rules(body))
    }

    /// Whether an address may be read where robots.txt binds.
    pub fn verdict(&self, url: &str) -> Verdict {
        let rules = match self {
            Self::Open => return Verdict::Allowed,
            Self::Closed => return Verdict::Closed,
            Self::Unreadable => return Verdict::Unreadable,
            Self::Rules(rules) => rules,
        };
        let Some(path) = pattern::path_of(url) else { return Verdict::Unreadable };
        if path == "/robots.txt" {
            return Verdict::Allowed;
        }
        // the longest pattern decides, on a tie the allowing one
        let decides = rules
            .rules
            .iter()
            .filter(|rule| pattern::matches(&rule.pattern, &path))
            .max_by_key(|rule| (rule.pattern.len(), rule.allow));
        match decides {
            Some(rule) if !rule.allow => Verdict::Disallowed { rule: rule.pattern.clone() },
            _ => Verdict::Allowed,
        }
    }

    /// Whether an address may be read where robots.txt binds.
    pub fn allows(&self, url: &str) -> bool {
        self.verdict(url) == Verdict::Allowed
    }

    /// The pause that the site asks for between two requests, in milliseconds.
    pub fn crawl_delay(&self) -> Option<i64> {
        match self {
            Self::Rules(rules) => rules.crawl_delay,
            _ => None,
        }
    }

    /// The map in which a lost item is looked for: the one for news, if it names one of the same site that we may read.
    pub fn news_map(&self, site: &str) -> Option<String> {
        let Self::Rules(rules) = self else { return None };
        let base = url::Url::parse(site).ok()?;
        let maps: Vec<String> = rules.sitemaps.iter().filter_map(|map| Some(base.join(map).ok()?.into())).collect();
        let ours = |map: &&String| crate::key::same_site(map, site) && self.allows(map);
        let is_news = |map: &&String| map.to_ascii_lowercase().contains("news");
        maps.iter().filter(ours).find(is_news).or_else(|| maps.iter().find(ours)).cloned()
    }

    /// The agents of artificial intelligence that it names and forbids something to.
    pub fn ai_agents(&self) -> &[String] {
        match self {
            Self::Rules(rules) => &rules.ai_agents,
            _ => &[],
        }
    }
}

/// The maps that a file names: its lines `Sitemap` belong to no group (sitemaps.org).
fn sitemaps(body: &str) -> Vec<String> {
    let lines = body.split(['\n', '\r']).filter_map(|line| line.trim().split_once(':'));
    let named = lines.filter(|(name, _)| name.trim().eq_ignore_ascii_case("sitemap")).map(|(_, value)| value.trim());
    named.filter(|value| !value.is_empty() && value.len() <= pattern::LONGEST).take(20).map(str::to_owned).collect()
}

/// A group as it stands in the file.
#[derive(Default)]
struct Group {
    agents: Vec<String>,
    rules: Vec<Rule>,
    crawl_delay: Option<i64>,
}

fn read_rules(body: &str) -> Rules {
    let groups = read_groups(body);
    let named = |name: &str| groups.iter().any(|g| g.agents.iter().any(|a| a == name));
    let ours = if named(TOKEN) { TOKEN } else { "*" };
    let mut all = Rules { sitemaps: sitemaps(body), ..Rules::default() };
    for group in &groups {
        if group.agents.iter().any(|a| a == ours) {
            all.rules.extend(group.rules.iter().cloned());
            all.crawl_delay = all.crawl_delay.max(group.crawl_delay);
        }
        if group.rules.iter().any(|r| !r.allow) {
            all.ai_agents.extend(group.agents.iter().filter(|a| AI_AGENTS.contains(&a.as_str())).cloned());
        }
    }
    all.ai_agents.sort();
    all.ai_agents.dedup();
    all
}

fn read_groups(body: &str) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    // agents one below the other share the rules that follow; other lines between them do not part them
    let mut gathers_agents = false;
    for line in body.split(['\n', '\r']) {
        let line = line.split('#').next().unwrap_or_default();
        let Some((name, value)) = line.split_once(':') else { continue };
        let (name, value) = (name.trim().to_ascii_lowercase(), value.trim());
        match name.as_str() {
            "user-agent" => {
                if !gathers_agents {
                    groups.push(Group::default());
                    gathers_agents = true;
                }
                if let Some(group) = groups.last_mut() {
                    group.agents.push(product_token(value));
                }
            }
            "allow" | "disallow" => {
                gathers_agents = false;
                let pattern = pattern::normalise(value);
                // an empty pattern matches nothing, and rules before the first agent bind nobody
                if let Some(group) = groups.last_mut()
                    && !pattern.is_empty()
                    && pattern.len() <= pattern::LONGEST
                {
                    group.rules.push(Rule { allow: name == "allow", pattern });
                }
            }
            "crawl-delay" => {
                if let (Some(group), Ok(seconds)) = (groups.last_mut(), value.parse::<f64>())
                    && seconds > 0.0
                {
                    group.crawl_delay = group.crawl_delay.max(Some((seconds * 1_000.0).min(86_400_000.0) as i64));
                }
            }
            _ => {}
        }
    }
    groups
}

/// `SalaStampa/1.0 (x)` names `salastampa`; `*` is everybody.
fn product_token(value: &str) -> String {
    if value.starts_with('*') {
        return "*".to_owned();
    }
    let digits_too = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    value.chars().take_while(digits_too).collect::<String>().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_map_of_the_news_is_preferred_and_must_be_of_the_site() {
        let site = "https://www.lago.test/feed.xml";
        for (file, map) in [
            ("Sitemap: /a.xml\nsitemap: https://lago.test/news.xml", Some("https://lago.test/news.xml")),
            ("Sitemap: /a.xml\nUser-agent: *\nSitemap: /b.xml", Some("https://www.lago.test/a.xml")),
            ("Sitemap: https://altrove.test/news.xml", None),
            ("User-agent: *\nDisallow: /news.xml\nSitemap: /news.xml", None),
            ("Sitemap:\nSitemap", None),
        ] {
            assert_eq!(Robots::read(200, file).news_map(site).as_deref(), map, "{file}");
        }
    }

    fn verdicts(file: &str, addresses: &[(&str, bool)]) {
        let robots = Robots::read(200, file);
        for (path, allowed) in addresses {
            assert_eq!(robots.allows(&format!("https://lago.test{path}")), *allowed, "{path} under:\n{file}");
        }
    }

    #[test]
    fn the_longest_rule_decides_and_a_tie_allows() {
        verdicts("User-agent: *\nDisallow: /\n", &[("/", false), ("/a", false), ("/robots.txt", true)]);
        verdicts("User-agent: *\nDisallow:\n", &[("/", true), ("/a", true)]);
        verdicts(
            "User-agent: *\nDisallow: /fotogallery\nAllow: /fotogallery/oggi",
            &[("/fotogallery/ieri", false), ("/fotogallery/oggi/1", true), ("/cronaca", true)],
        );
        verdicts("User-agent: *\nAllow: /p\nDisallow: /", &[("/page", true), ("/x", false)]);
        verdicts("User-agent: *\nAllow: /folder\nDisallow: /folder", &[("/folder/page", true)]);
        verdicts("User-agent: *\nAllow: /page\nDisallow: /*.htm", &[("/page.htm", false), ("/page.php", true)]);
        verdicts("User-agent: *\nAllow: /$\nDisallow: /", &[("/", true), ("/page.htm", false)]);
        verdicts("User-agent: *\nDisallow: /*?\n", &[("/a?b=1", false), ("/a", true)]);
        verdicts("User-agent: *\nDisallow: /*.pdf$\n", &[("/a.pdf", false), ("/a.pdf?x=1", true)]);
        verdicts("User-agent: *\nDisallow: /citt%c3%a0/\n", &[("/città/1", false), ("/citta/1", true)]);
        verdicts("User-agent: *\nDisallow: /A\n", &[("/a", true), ("/A", false)]);
    }

    #[test]
    fn our_own_group_replaces_the_one_for_all() {
        let file = "User-agent: *\nDisallow: /\n\nUser-agent: SALASTAMPA/2.0\nDisallow: /area-riservata\n";
        verdicts(file, &[("/cronaca", true), ("/area-riservata/1", false)]);
        verdicts("User-agent: salastampabot\nDisallow: /\n", &[("/", true)]);
        verdicts("User-agent: salastampa\nDisallow: /\nUser-agent: *\nAllow: /\n", &[("/a", false)]);
    }

    #[test]
    fn groups_of_one_agent_are_merged() {
        let file = "user-agent: *\ndisallow: /a\nUser-Agent: altro\nDisallow: /\nUSER-AGENT: *\nDISALLOW: /b";
        verdicts(file, &[("/a", false), ("/b", false), ("/c", true)]);
        verdicts("User-agent: altro\n\nUser-agent: *\nSitemap: x\nDisallow: /a\n", &[("/a", false), ("/b", true)]);
        let between = "User-agent: altro\nCrawl-delay: 3\nUser-agent: *\nDisallow: /a\n";
        verdicts(between, &[("/a", false)]);
    }

    #[test]
    fn careless_files_are_read() {
        verdicts("\u{feff}User-agent : *\r\nDisallow : /a # commento\r\n", &[("/a", false)]);
        verdicts("User-agent: *\rDisallow: /a\r", &[("/a", false)]);
        verdicts("Disallow: /a\nUser-agent: *\nAllow: /", &[("/a", true)]);
        verdicts("nessuna regola", &[("/a", true)]);
        verdicts("", &[("/a", true)]);
        verdicts("Allow Disallow :::\nUser-agent *\n", &[("/a", true)]);
    }

    #[test]
    fn the_status_decides_before_the_text() {
        let all = "User-agent: *\nDisallow: /";
        for (status, body, expected) in [
            (404, all, Verdict::Allowed),
            (403, all, Verdict::Allowed),
            (401, "", Verdict::Allowed),
            (301, "", Verdict::Allowed),
            (500, "", Verdict::Closed),
            (503, "User-agent: *\nAllow: /", Verdict::Closed),
            (0, "", Verdict::Closed),
            (200, "<!DOCTYPE html><html><body>Benvenuti", Verdict::Unreadable),
            (200, "\n\u{20}<html>", Verdict::Unreadable),
            (200, all, Verdict::Disallowed { rule: "/".into() }),
        ] {
            assert_eq!(Robots::read(status, body).verdict("https://lago.test/a"), expected, "{status} {body}");
        }
    }

    #[test]
    fn the_pause_and_the_agents_of_models_are_recorded() {
        let robots = Robots::read(
            200,
            "User-agent: GPTBot\nUser-agent: ClaudeBot\nDisallow: /\n\nUser-agent: CCBot\nAllow: /\n\n\
             User-agent: *\nCrawl-delay: 2.5\nDisallow: /cerca\n",
        );
        assert_eq!(robots.crawl_delay(), Some(2_500));
        assert_eq!(robots.ai_agents(), ["claudebot", "gptbot"]);
        assert!(robots.allows("https://lago.test/cronaca"));
        assert_eq!(Robots::read(200, "User-agent: *\nCrawl-delay: -1\n").crawl_delay(), None);
        assert_eq!(Robots::read(200, "User-agent: *\nCrawl-delay: NaN\n").crawl_delay(), None);
    }

    #[test]
    fn only_the_first_part_of_a_huge_file_is_read() {
        let file = format!("User-agent: *\nDisallow: /a\n{}\nDisallow: /b\n", "# è\n".repeat(LONGEST_FILE / 4));
        verdicts(&file, &[("/a", false), ("/b", true)]);
    }
}
