//! What a feed and its server say about being asked again: RSS `ttl`, `skipHours`, `skipDays`, the syndication module's
//! `updatePeriod`, `Cache-Control`, and the hub and address of WebSub.
//!
//! Read from the head of the document, before the first item, without an XML parser: a hint that is missed costs one
//! more visit. Sources: RSS 2.0 (ttl, skipHours, skipDays), RSS 1.0 module Syndication, RFC 9111 §5.2, W3C WebSub §4.
//! Left out: what is made of them ([`crate::pace`]).

use salastampa_domain::Hints;
use salastampa_domain::time::{DAY, HOUR, MINUTE, SECOND};
use salastampa_http::Response;

/// How far into the document the head may reach, in bytes.
const HEAD: usize = 64 << 10;
/// The longest wait that is believed: a week.
const LONGEST: i64 = 7 * DAY;
/// Days as RSS writes them.
const WEEK: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// The hub and the own address that a feed names for WebSub, from its `Link` header or its head.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hub {
    /// Where to subscribe.
    pub hub: String,
    /// What to subscribe to.
    pub topic: String,
}

/// The hints in the head of a feed.
pub fn of_feed(body: &[u8]) -> Hints {
    let head = head(body);
    let ttl = number(&head, "ttl").map(|minutes| minutes.saturating_mul(MINUTE));
    Hints { every: bounded(ttl).or_else(|| bounded(period(&head))), skip_hours: hours(&head), skip_days: days(&head) }
}

/// How long an answer stays fresh, in milliseconds: `max-age` (or `s-maxage`, which is for others) less its `Age`.
pub fn fresh_for(answer: &Response) -> Option<i64> {
    let control = answer.header("cache-control")?.to_ascii_lowercase();
    let wants = |name: &str| control.split(',').any(|part| part.trim() == name);
    if wants("no-cache") || wants("no-store") {
        return None;
    }
    let age = answer.header("age").and_then(|age| age.trim().parse::<i64>().ok()).unwrap_or(0);
    let most =
        control.split(',').find_map(|part| part.trim().strip_prefix("max-age=")?.trim_matches('"').parse().ok())?;
    bounded(Some(i64::saturating_sub(most, age.max(0)).saturating_mul(SECOND)))
}

/// The hub of a feed, if it names one.
pub fn hub(answer: &Response) -> Option<Hub> {
    let header = answer.header("link").unwrap_or_default();
    let head = head(&answer.body);
    let linked = |rel: &str| in_header(header, rel).or_else(|| in_head(&head, rel));
    let base = url::Url::parse(&answer.url).ok()?;
    let whole = |href: String| base.join(&href).ok().map(String::from);
    Some(Hub { hub: whole(linked("hub")?)?, topic: whole(linked("self")?)? })
}

/// The text before the first item, in lower case but for nothing else.
fn head(body: &[u8]) -> String {
    let head = String::from_utf8_lossy(&body[..body.len().min(HEAD)]);
    let end = ["<item", "<entry"].iter().filter_map(|tag| head.find(tag)).min().unwrap_or(head.len());
    head[..end].to_owned()
}

fn bounded(milliseconds: Option<i64>) -> Option<i64> {
    milliseconds.filter(|ms| *ms > 0).map(|ms| ms.min(LONGEST))
}

/// The text of the first element of that name.
fn element<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = head.split_once(&format!("<{name}>"))?;
    Some(rest.split_once('<')?.0.trim())
}

fn number(head: &str, name: &str) -> Option<i64> {
    element(head, name)?.parse().ok()
}

/// `sy:updatePeriod` divided by `sy:updateFrequency`, which is once where it is absent.
fn period(head: &str) -> Option<i64> {
    let period = match element(head, "sy:updatePeriod")?.to_ascii_lowercase().as_str() {
        "hourly" => HOUR,
        "daily" => DAY,
        "weekly" | "monthly" | "yearly" => LONGEST,
        _ => return None,
    };
    Some(period / number(head, "sy:updateFrequency").filter(|n| (1..=10_000).contains(n)).unwrap_or(1))
}

fn hours(head: &str) -> u32 {
    let skipped = between(head, "skipHours").split("<hour>").skip(1);
    let hours = skipped.filter_map(|part| part.split('<').next()?.trim().parse::<u32>().ok());
    // some count to 24, which is midnight as well
    hours.filter(|hour| *hour <= 24).fold(0, |bits, hour| bits | 1 << (hour % 24))
}

fn days(head: &str) -> u8 {
    let skipped = between(head, "skipDays").split("<day>").skip(1);
    let named = skipped.filter_map(|part| Some(part.split('<').next()?.trim().to_ascii_lowercase()));
    named.filter_map(|day| WEEK.iter().position(|name| *name == day)).fold(0, |bits, day| bits | 1 << day)
}

fn between<'a>(head: &'a str, name: &str) -> &'a str {
    let inside = head.split_once(&format!("<{name}>")).and_then(|(_, rest)| rest.split_once(&format!("</{name}>")));
    inside.map_or("", |(inside, _)| inside)
}

/// The address of a relation in a `Link` header (RFC 8288).
fn in_header(header: &str, rel: &str) -> Option<String> {
    header.split(',').find_map(|link| {
        let (address, rest) = link.trim().strip_prefix('<')?.split_once('>')?;
        let is_it = rest.split(';').any(|part| {
            let value = part.trim().strip_prefix("rel=").unwrap_or_default().trim_matches('"');
            value.split_whitespace().any(|word| word.eq_ignore_ascii_case(rel))
        });
        is_it.then(|| address.to_owned())
    })
}

/// The address of a relation among the `link` elements of a head.
fn in_head(head: &str, rel: &str) -> Option<String> {
    head.split('<').find_map(|tag| {
        let name = tag.split([' ', '\t', '\n', '\r', '/', '>']).next()?;
        let is_link = name == "link" || name.ends_with(":link");
        (is_link && attribute(tag, "rel")? == rel).then(|| attribute(tag, "href").map(str::to_owned))?
    })
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = tag.split_once(&format!("{name}="))?;
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    rest[1..].split(quote).next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn answer(headers: &[(&str, &str)], body: &str) -> Response {
        Response {
            status: 200,
            headers: headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect::<BTreeMap<_, _>>(),
            url: "https://lago.test/feed.xml".into(),
            redirects: Vec::new(),
            body: body.into(),
            peer: None,
        }
    }

    #[test]
    fn a_feed_says_how_often_it_wants_to_be_asked() {
        for (head, every) in [
            ("<rss><channel><ttl>30</ttl>", Some(30 * MINUTE)),
            ("<ttl> 5 </ttl>", Some(5 * MINUTE)),
            ("<ttl>0</ttl>", None),
            ("<ttl>-3</ttl>", None),
            ("<ttl>9999999999999999999</ttl>", None),
            ("<ttl>9223372036854775807</ttl>", Some(LONGEST)),
            ("<sy:updatePeriod>hourly</sy:updatePeriod>", Some(HOUR)),
            (
                "<sy:updatePeriod>\n\tdaily\t</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>",
                Some(6 * HOUR),
            ),
            ("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", Some(DAY)),
            ("<item><ttl>30</ttl></item>", None),
            ("", None),
        ] {
            assert_eq!(of_feed(head.as_bytes()).every, every, "{head}");
        }
        let hints = of_feed(
            b"<skipHours><hour>0</hour><hour>24</hour><hour>3</hour><hour>99</hour></skipHours>\
              <skipDays><day>Saturday</day><day>sunday</day><day>Domenica</day></skipDays>",
        );
        assert_eq!((hints.skip_hours, hints.skip_days), (0b1001, 0b110_0000));
    }

    #[test]
    fn an_answer_is_fresh_for_what_is_left_of_its_age() {
        for (headers, left) in [
            (&[("cache-control", "public, max-age=300")][..], Some(300 * SECOND)),
            (&[("cache-control", "max-age=300"), ("age", "120")], Some(180 * SECOND)),
            (&[("cache-control", "max-age=300"), ("age", "900")], None),
            (&[("cache-control", "no-cache, max-age=300")], None),
            (&[("cache-control", "max-age=oggi")], None),
            (&[], None),
        ] {
            assert_eq!(fresh_for(&answer(headers, "")), left, "{headers:?}");
        }
    }

    #[test]
    fn a_hub_is_named_in_header_or_head() {
        let own = Hub { hub: "https://hub.test/".into(), topic: "https://lago.test/feed.xml".into() };
        let header = "<https://hub.test/>; rel=\"hub\", </feed.xml>; rel=self";
        assert_eq!(hub(&answer(&[("link", header)], "")), Some(own.clone()));
        let head = "<rss><channel><atom:link rel=\"hub\" href='https://hub.test/'/>\
                    <atom:link href=\"https://lago.test/feed.xml\" rel=\"self\" type=\"application/rss+xml\"/><item>";
        assert_eq!(hub(&answer(&[], head)), Some(own));
        assert_eq!(hub(&answer(&[], "<feed><link rel=\"self\" href=\"/feed.xml\"/>")), None);
    }
}
