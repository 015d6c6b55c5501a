use super::*;
use salastampa_crawler::extract::extract;
use salastampa_crawler::feed::{self, FeedContext};
use std::collections::{BTreeMap, BTreeSet};

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("an instant")
}
