//! What all examples share: the lines of a packed file, as they come.
//!
//! Apart from `stream`, so that each example takes in nothing that it does not use.

use flate2::read::GzDecoder;
use serde_json::Value;
use std::fs::File;
use std::io::{BufRead, BufReader};

pub(crate) type Anything = Box<dyn std::error::Error>;

/// The lines of a packed file of JSON, a value each.
pub(crate) fn lines(path: &str) -> Result<impl Iterator<Item = Result<Value, Anything>>, Anything> {
    let lines = BufReader::new(GzDecoder::new(File::open(path)?)).lines();
    Ok(lines.map(|line| Ok(serde_json::from_str(&line?)?)))
}
