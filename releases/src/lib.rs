//! From Markdown to a release in its clothes: mail, page, feed.
