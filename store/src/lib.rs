//! The only crate that knows SQL, and the folder of files.
