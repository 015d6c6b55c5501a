//! Bytes to text: which encoding a document is really in.
