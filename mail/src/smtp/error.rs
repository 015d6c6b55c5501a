//! lettre's errors in the words of this crate.

use crate::{FaultKind, Phase, Reply};
use lettre::transport::smtp::Error;
use std::error::Error as _;

/// What an error of lettre's means in that phase.
pub(super) fn kind(phase: Phase, error: &Error) -> FaultKind {
    let source = error.source().map(ToString::to_string);
    if let Some(code) = error.status() {
        // the source of such an error is the text of the reply, its lines joined
        return FaultKind::Refused(Reply::new(code.into(), &source.unwrap_or_default()));
    }
    let text = source.unwrap_or_else(|| error.to_string());
    if error.is_client() || (phase == Phase::Tls && !error.is_response()) {
        FaultKind::Unable(text)
    } else {
        FaultKind::Lost(text)
    }
}
