//! The words of all feed formats, and the two dialects that they are written back in.
//!
//! Namespaces are what a feed says least reliably: left out, invented, of a draft, or the right one under a wrong name.
//! So they are sorted into a few families, by address and else by prefix, and an element without prefix counts as one of
//! the feed's own whatever the default namespace is called.

/// Which vocabulary an element belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Family {
    /// RSS and Atom of any version.
    Core,
    /// Dublin Core, with its terms.
    DublinCore,
    /// The content module of RSS.
    Content,
    /// Media RSS.
    Media,
    /// Podcasts.
    Itunes,
    /// HTML inside a feed.
    Xhtml,
    /// Anything else: not read.
    Other,
}

/// The format that the repaired feed is written in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Dialect {
    /// RSS 2.0, for all that is not Atom.
    Rss,
    /// Atom 1.0.
    Atom,
}

/// What an element is to a feed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Role {
    /// The root or its channel.
    Feed,
    /// One item.
    Item,
    /// A value of a feed or an item, and whether it gives way to one that was there before.
    Value(Field, Standing),
    /// Groups values of its parent (Media RSS): they count as substitutes.
    Group,
    /// Not read, nor what is inside; an item in it is.
    Other,
}

/// How a value stands to others of its field in the same item.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Standing {
    /// The format's own element.
    Own,
    /// An extension's, or an older name: only where nothing else is.
    Substitute,
}

/// The values that we read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Field {
    Title,
    Link,
    Guid,
    Summary,
    Content,
    Published,
    Updated,
    Author,
    Category,
    Enclosure,
}

/// The family of a namespace address, if it is known.
pub(super) fn family(address: &str) -> Option<Family> {
    let address = address.trim().to_ascii_lowercase();
    let address = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://")).unwrap_or(&address);
    let address = address.trim_end_matches(['/', '#']);
    Some(match address {
        "www.w3.org/2005/atom" | "purl.org/rss/1.0" | "purl.org/net/rss1.1" => Family::Core,
        _ if address.starts_with("purl.org/atom/") => Family::Core,
        _ if address.starts_with("my.netscape.com/") || address.starts_with("channel.netscape.com/") => Family::Core,
        _ if address.starts_with("backend.userland.com/") || address.starts_with("blogs.law.harvard.edu/") => {
            Family::Core
        }
        _ if address.starts_with("purl.org/dc/") => Family::DublinCore,
        "purl.org/rss/1.0/modules/content" => Family::Content,
        "purl.org/rss/1.0/modules/dc" | "purl.org/rss/1.0/modules/dcterms" => Family::DublinCore,
        _ if address.starts_with("search.yahoo.com/mrss") => Family::Media,
        _ if address.starts_with("www.itunes.com/") || address.starts_with("example.com/dtds/podcast") => {
            Family::Itunes
        }
        "www.w3.org/1999/xhtml" => Family::Xhtml,
        "" | "www.w3.org/2000/svg" | "www.w3.org/1998/math/mathml" | "www.w3.org/xml/1998/namespace" => Family::Other,
        "www.w3.org/1999/02/22-rdf-syntax-ns" => Family::Other,
        _ => return None,
    })
}

/// The family that a prefix usually stands for, where the feed does not declare it.
pub(super) fn family_of_prefix(prefix: &str) -> Family {
    match prefix.to_ascii_lowercase().as_str() {
        "" | "rss" | "atom" | "atom10" | "atom03" | "a10" => Family::Core,
        "dc" | "dcterms" => Family::DublinCore,
        "content" => Family::Content,
        "media" => Family::Media,
        "itunes" => Family::Itunes,
        "xhtml" => Family::Xhtml,
        _ => Family::Other,
    }
}

/// Whether an element of this name (lower case, without prefix) can be the root of a feed.
pub(super) fn is_root(local: &str) -> bool {
    matches!(local, "rss" | "rdf" | "feed" | "channel")
}

/// What an element is, by its name in lower case without prefix.
pub(super) fn role(family: Family, local: &str) -> Role {
    use Field::*;
    use Standing::*;
    match (family, local) {
        (_, "rdf") | (Family::Core, "rss" | "feed" | "channel") => Role::Feed,
        (Family::Core, "item" | "entry") => Role::Item,
        (Family::Media, "group" | "content") => Role::Group,
        (Family::Core, "title") => Role::Value(Title, Own),
        (Family::DublinCore | Family::Media, "title") => Role::Value(Title, Substitute),
        (Family::Core, "link") => Role::Value(Link, Own),
        (Family::Core, "guid" | "id") => Role::Value(Guid, Own),
        (Family::DublinCore, "identifier") => Role::Value(Guid, Substitute),
        (Family::Core, "description" | "summary") => Role::Value(Summary, Own),
        (Family::Core, "abstract") => Role::Value(Summary, Substitute),
        (Family::DublinCore, "description") | (Family::Itunes, "summary") => Role::Value(Summary, Substitute),
        (Family::Core, "content") | (Family::Content, "encoded") => Role::Value(Content, Own),
        (Family::Core, "fullitem") | (Family::Xhtml, "body" | "div") => Role::Value(Content, Substitute),
        (Family::Core, "pubdate" | "published" | "issued") => Role::Value(Published, Own),
        (Family::DublinCore, "issued") => Role::Value(Published, Own),
        (Family::Core | Family::DublinCore, "created") => Role::Value(Published, Substitute),
        (Family::Core, "updated" | "modified") => Role::Value(Updated, Own),
        (Family::DublinCore, "date" | "modified") => Role::Value(Updated, Own),
        (Family::Core, "author") | (Family::DublinCore, "creator" | "author") => Role::Value(Author, Own),
        (Family::Core, "contributor") | (Family::Itunes, "author") => Role::Value(Author, Substitute),
        (Family::Core, "category") | (Family::DublinCore, "subject") => Role::Value(Category, Own),
        (Family::Core, "enclosure") => Role::Value(Enclosure, Own),
        _ => Role::Other,
    }
}

/// The name of a field in a dialect; what carries its value in an attribute is written by hand (see `repair`).
pub(super) fn name(dialect: Dialect, field: Field) -> &'static str {
    match (dialect, field) {
        (_, Field::Title) => "title",
        (_, Field::Link) => "link",
        (Dialect::Rss, Field::Guid) => "guid",
        (Dialect::Atom, Field::Guid) => "id",
        (Dialect::Rss, Field::Summary) => "description",
        (Dialect::Atom, Field::Summary) => "summary",
        (Dialect::Rss, Field::Content) => "content:encoded",
        (Dialect::Atom, Field::Content) => "content",
        (Dialect::Rss, Field::Published) => "pubDate",
        (Dialect::Atom, Field::Published) => "published",
        (_, Field::Updated) => "updated",
        (_, Field::Author) => "author",
        (_, Field::Category) => "category",
        (_, Field::Enclosure) => "enclosure",
    }
}

/// What stands around the items: everything before the first, and everything after the last.
pub(super) fn shell(dialect: Dialect) -> (&'static str, &'static str) {
    match dialect {
        Dialect::Rss => (
            "<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel>",
            "</channel></rss>",
        ),
        Dialect::Atom => ("<feed xmlns=\"http://www.w3.org/2005/Atom\">", "</feed>"),
    }
}
