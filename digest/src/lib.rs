//! From clippings to a review and to alerts, rendered as mail, text and PDF data.
