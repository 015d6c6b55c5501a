//! A message, and the ways to send it.
