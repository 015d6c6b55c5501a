//! What an answer, or the lack of one, means for the delivery: a pure table.
//!
//! The dear mistake is to take the relay's trouble for the recipient's: a sender who fails a policy check would lose his
//! whole list. So only an answer that speaks of the recipient (RFC 3463 codes x.1.*, or a bare 550 at RCPT) fails one,
//! and what speaks of us defers, counts towards the pause of the campaign, and suppresses nobody.

use crate::{Fault, FaultKind, Phase, Reply};
use salastampa_domain::Cause;

/// What follows for the delivery.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Verdict {
    /// The server has taken it over.
    Accepted,
    /// Not now: greylisting, a full mailbox. Tried again later.
    RecipientTemporary,
    /// This address takes no mail: failed, and counted against the address.
    RecipientFailed,
    /// Our or the relay's fault: tried again later, nobody is counted against; five of one cause pause the campaign.
    SenderFault {
        /// What the five have in common.
        cause: Cause,
    },
    /// There is no relay: rows wait as they are and the attempt is not counted.
    RelayDown,
    /// The data were sent and the answer is unknown: it may have arrived.
    Uncertain,
    /// The message itself is refused (too big): failed, and the campaign pauses.
    MessageRefused,
}

/// What the outcome of handing over a message means.
pub fn judge(outcome: Result<&Reply, &Fault>) -> Verdict {
    let fault = match outcome {
        Ok(reply) if reply.code == 250 => return Verdict::Accepted,
        // nothing but 250 is a yes, whoever says so
        Ok(_) => return Verdict::Uncertain,
        Err(fault) => fault,
    };
    match (&fault.kind, fault.phase) {
        (FaultKind::Unreachable(_) | FaultKind::Stale(_) | FaultKind::Disk(_) | FaultKind::Off, _) => {
            Verdict::RelayDown
        }
        (FaultKind::Silent, Phase::Connect) => Verdict::RelayDown,
        (FaultKind::Silent | FaultKind::Lost(_) | FaultKind::Unexpected(_), Phase::Dot) => Verdict::Uncertain,
        (FaultKind::Unable(_), Phase::Rcpt) => Verdict::RecipientFailed,
        (FaultKind::Unable(_), Phase::Data | Phase::Dot) => Verdict::MessageRefused,
        (FaultKind::Refused(reply), phase) => refused(phase, reply),
        (kind, phase) => Verdict::SenderFault { cause: broken(kind, phase) },
    }
}

/// The cause when the conversation broke off before anything of the message was sent.
fn broken(kind: &FaultKind, phase: Phase) -> Cause {
    match (phase, kind) {
        (Phase::Connect | Phase::Greeting, _) => Cause::Greeting,
        (Phase::Tls, _) => Cause::Encryption,
        (Phase::Auth, _) => Cause::Login,
        (Phase::Mail, FaultKind::Unable(_)) => Cause::Sender,
        (_, FaultKind::Silent) => Cause::Silence,
        (_, FaultKind::Lost(_)) => Cause::Cut,
        _ => Cause::Protocol,
    }
}

/// The answers 4xx and 5xx. The first line that fits stands.
fn refused(phase: Phase, reply: &Reply) -> Verdict {
    let sender = |cause| Verdict::SenderFault { cause };
    let permanent = reply.code >= 500;
    match (reply.code, enhanced(reply), phase) {
        (421, ..) => sender(Cause::Busy),
        (530 | 534 | 535 | 538, ..) | (_, _, Phase::Auth) => sender(Cause::Login),
        (_, _, Phase::Tls) => sender(Cause::Encryption),
        (_, _, Phase::Connect | Phase::Greeting) => sender(Cause::Greeting),
        // many servers answer greylisting with a policy code; it is meant for the recipient and passes by waiting
        (_, Some((7, _)), Phase::Rcpt | Phase::Dot) if !permanent && speaks_of_greylisting(reply) => {
            Verdict::RecipientTemporary
        }
        (_, Some((7, _)), _) => sender(Cause::Policy),
        // bad address of the *sender* (RFC 3463 §3.2), which some say only at RCPT
        (_, Some((1, 7 | 8)), _) => sender(Cause::Sender),
        (_, Some((3, 4)), _) if permanent => Verdict::MessageRefused,
        (_, _, Phase::Mail) => sender(if permanent { Cause::Sender } else { Cause::System }),
        _ if !permanent => Verdict::RecipientTemporary,
        (_, Some((1, _)), _) => Verdict::RecipientFailed,
        (_, Some((2, _)), _) => Verdict::RecipientTemporary,
        (_, Some((3, _)), _) => sender(Cause::System),
        (_, Some((5, _)), _) => sender(Cause::Protocol),
        (_, Some((6, _)), _) => Verdict::MessageRefused,
        // no way to that domain (x.4.*), or the server does not say more: about the recipient it is only at RCPT
        (550 | 551 | 553 | 556, _, Phase::Rcpt) | (_, Some((4, _)), Phase::Rcpt) => Verdict::RecipientFailed,
        // RFC 5321 §4.5.3.1.10: at RCPT it speaks of too many or too full, and is to be taken as 452
        (552, _, Phase::Rcpt) => Verdict::RecipientTemporary,
        (552, ..) => Verdict::MessageRefused,
        (500..=505, ..) => sender(Cause::Protocol),
        (_, _, Phase::Dot) => sender(Cause::Content),
        _ => sender(Cause::Policy),
    }
}

/// Subject and detail of the enhanced code (RFC 3463) at the head of the text; one whose class disagrees with the reply
/// is none (RFC 2034 §4).
fn enhanced(reply: &Reply) -> Option<(u16, u16)> {
    let mut parts = reply.text.split_whitespace().next()?.splitn(3, '.').map(str::parse::<u16>);
    let (class, subject, detail) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    (class == reply.code / 100).then_some((subject, detail))
}

fn speaks_of_greylisting(reply: &Reply) -> bool {
    let text = reply.text.to_ascii_lowercase();
    text.contains("greylist") || text.contains("graylist") || text.contains("grey-list")
}

#[cfg(test)]
mod tests {
    use super::Verdict::{MessageRefused, RecipientFailed, RecipientTemporary, RelayDown, Uncertain};
    use super::*;

    fn sender(cause: Cause) -> Verdict {
        Verdict::SenderFault { cause }
    }

    #[test]
    fn each_answer_has_its_class() {
        for (phase, code, text, verdict) in [
            (Phase::Greeting, 554, "no service", sender(Cause::Greeting)),
            (Phase::Greeting, 421, "too many connections", sender(Cause::Busy)),
            (Phase::Tls, 454, "TLS not available", sender(Cause::Encryption)),
            (Phase::Auth, 535, "5.7.8 bad credentials", sender(Cause::Login)),
            (Phase::Auth, 454, "4.7.0 temporary failure", sender(Cause::Login)),
            (Phase::Mail, 530, "5.7.0 authentication required", sender(Cause::Login)),
            (Phase::Mail, 550, "sender refused", sender(Cause::Sender)),
            (Phase::Mail, 553, "5.1.8 no such domain", sender(Cause::Sender)),
            (Phase::Mail, 452, "4.3.1 insufficient storage", sender(Cause::System)),
            (Phase::Mail, 552, "5.3.4 too big", MessageRefused),
            (Phase::Rcpt, 450, "4.2.0 greylisted", RecipientTemporary),
            (Phase::Rcpt, 451, "try later", RecipientTemporary),
            (Phase::Rcpt, 451, "4.7.1 Greylisting in action", RecipientTemporary),
            (Phase::Rcpt, 451, "4.7.1 unusual rate", sender(Cause::Policy)),
            (Phase::Rcpt, 450, "4.1.8 sender domain not found", sender(Cause::Sender)),
            (Phase::Rcpt, 421, "4.3.0 going down", sender(Cause::Busy)),
            (Phase::Rcpt, 550, "5.1.1 no such user", RecipientFailed),
            (Phase::Rcpt, 550, "no such user", RecipientFailed),
            (Phase::Rcpt, 553, "mailbox name not allowed", RecipientFailed),
            (Phase::Rcpt, 550, "5.4.1 access denied", RecipientFailed),
            (Phase::Rcpt, 556, "5.1.10 null MX", RecipientFailed),
            (Phase::Rcpt, 550, "5.7.1 relaying denied", sender(Cause::Policy)),
            (Phase::Rcpt, 554, "refused", sender(Cause::Policy)),
            (Phase::Rcpt, 552, "5.2.2 mailbox full", RecipientTemporary),
            (Phase::Rcpt, 550, "5.2.1 disabled", RecipientTemporary),
            (Phase::Rcpt, 552, "too many recipients", RecipientTemporary),
            (Phase::Rcpt, 501, "syntax", sender(Cause::Protocol)),
            (Phase::Rcpt, 550, "4.1.1 the class disagrees", RecipientFailed),
            (Phase::Data, 451, "not now", RecipientTemporary),
            (Phase::Data, 503, "no valid recipients", sender(Cause::Protocol)),
            (Phase::Dot, 451, "4.3.0 queue full", RecipientTemporary),
            (Phase::Dot, 550, "5.7.515 sender must pass DMARC", sender(Cause::Policy)),
            (Phase::Dot, 550, "5.7.26 unauthenticated", sender(Cause::Policy)),
            (Phase::Dot, 550, "5.1.1 no such user", RecipientFailed),
            (Phase::Dot, 550, "looks like spam", sender(Cause::Content)),
            (Phase::Dot, 554, "refused", sender(Cause::Content)),
            (Phase::Dot, 552, "too big", MessageRefused),
            (Phase::Dot, 552, "5.3.4 too big", MessageRefused),
            (Phase::Dot, 552, "5.2.2 mailbox full", RecipientTemporary),
            (Phase::Dot, 554, "5.3.0 system trouble", sender(Cause::System)),
            (Phase::Dot, 554, "5.6.1 media not supported", MessageRefused),
            (Phase::Dot, 421, "closing", sender(Cause::Busy)),
        ] {
            let fault = Fault::new(phase, FaultKind::Refused(Reply::new(code, text)));
            assert_eq!(judge(Err(&fault)), verdict, "{fault}");
        }
    }

    #[test]
    fn each_silence_and_break_has_its_class() {
        let why = || "x".to_owned();
        let stray = || FaultKind::Unexpected(Reply::new(354, "go on"));
        for (phase, kind, verdict) in [
            (Phase::Connect, FaultKind::Unreachable(why()), RelayDown),
            (Phase::Connect, FaultKind::Silent, RelayDown),
            (Phase::Connect, FaultKind::Off, RelayDown),
            (Phase::Greeting, FaultKind::Silent, sender(Cause::Greeting)),
            (Phase::Greeting, FaultKind::Lost(why()), sender(Cause::Greeting)),
            (Phase::Tls, FaultKind::Unable(why()), sender(Cause::Encryption)),
            (Phase::Auth, FaultKind::Unable(why()), sender(Cause::Login)),
            (Phase::Mail, FaultKind::Stale(why()), RelayDown),
            (Phase::Mail, FaultKind::Lost(why()), sender(Cause::Cut)),
            (Phase::Rcpt, FaultKind::Silent, sender(Cause::Silence)),
            (Phase::Rcpt, FaultKind::Unable(why()), RecipientFailed),
            (Phase::Data, FaultKind::Silent, sender(Cause::Silence)),
            (Phase::Data, stray(), sender(Cause::Protocol)),
            (Phase::Dot, FaultKind::Silent, Uncertain),
            (Phase::Dot, FaultKind::Lost(why()), Uncertain),
            (Phase::Dot, stray(), Uncertain),
            (Phase::Dot, FaultKind::Unable(why()), MessageRefused),
            (Phase::Dot, FaultKind::Disk(why()), RelayDown),
        ] {
            let fault = Fault::new(phase, kind);
            assert_eq!(judge(Err(&fault)), verdict, "{fault}");
        }
    }

    #[test]
    fn only_250_is_a_yes() {
        assert_eq!(judge(Ok(&Reply::new(250, "ok"))), Verdict::Accepted);
        assert_eq!(judge(Ok(&Reply::new(251, "forwarded"))), Uncertain);
        assert_eq!(judge(Ok(&Reply::new(354, "go on"))), Uncertain);
    }
}
