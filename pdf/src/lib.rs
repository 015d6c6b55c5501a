//! From a document value to the bytes of a PDF/A-2a and PDF/UA-1 file.
