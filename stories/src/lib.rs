//! Copies, stories, ranges worth quoting and release pickup: pure functions.
