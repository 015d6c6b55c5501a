//! Mail kept in memory, for tests: what was sent can be looked at.

use crate::{Envelope, Reply};
use std::sync::{Arc, Mutex, PoisonError};

/// A message that was handed over.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sent {
    /// From whom to whom.
    pub envelope: Envelope,
    /// The message.
    pub bytes: Vec<u8>,
}

/// A mailbox for everybody; clones share it.
#[derive(Clone, Debug, Default)]
pub struct Memory(Arc<Mutex<Vec<Sent>>>);

#[derive(Debug)]
pub(crate) struct MemoryConnection(Memory);

impl Memory {
    /// Everything handed over so far, in order.
    pub fn sent(&self) -> Vec<Sent> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn open(&self) -> MemoryConnection {
        MemoryConnection(self.clone())
    }
}

impl MemoryConnection {
    pub(crate) fn keep(&self, envelope: Envelope, bytes: &[u8]) -> Reply {
        let mut sent = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        sent.push(Sent { envelope, bytes: bytes.to_vec() });
        Reply { code: 250, text: "kept in memory".into(), queue_id: Some(format!("memory-{}", sent.len())) }
    }
}
