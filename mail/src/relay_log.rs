//! What the log of a mail server on this machine says of a message whose fate is unknown.
//!
//! Postfix writes two lines that decide it: `cleanup` names the Message-ID under a queue id while the message still comes
//! in, and `qmgr` names the same queue id once the message lies in its queue. Only the second is a yes: the server had
//! answered 250, or was about to, whatever became of the connection. Without it nothing is known, and the policy of the
//! message's kind decides. Left out: other servers, and what became of the message afterwards.

use std::collections::{HashMap, HashSet};

/// So much of the end of a log is read, in bytes: hours of a busy server.
pub const TAIL: u64 = 16 * 1024 * 1024;

/// Which of these messages, by Message-ID without brackets, lie or lay in the server's queue, each with its queue id.
/// Bytes that are no UTF-8 and lines of others are passed over.
pub fn taken<'a>(log: &[u8], wanted: &HashSet<&'a str>) -> HashMap<&'a str, String> {
    let mut named: HashMap<&str, &'a str> = HashMap::new();
    let mut taken = HashMap::new();
    for line in log.split(|byte| *byte == b'\n') {
        let Ok(line) = std::str::from_utf8(line) else { continue };
        if let Some((queue_id, said)) = said_by(line, "/cleanup[") {
            let id = said.strip_prefix("message-id=<").and_then(|rest| rest.strip_suffix('>'));
            if let Some(id) = id.and_then(|id| wanted.get(id)) {
                named.insert(queue_id, id);
            }
        } else if let Some((queue_id, said)) = said_by(line, "/qmgr[")
            && said.starts_with("from=<")
            && let Some(id) = named.get(queue_id)
        {
            taken.insert(*id, queue_id.to_owned());
        }
    }
    taken
}

/// The queue id and the rest of a line by one part of the server: `… postfix/cleanup[812]: 4Yx…: message-id=<…>`.
fn said_by<'a>(line: &'a str, part: &str) -> Option<(&'a str, &'a str)> {
    let (_, after) = line.split_once(part)?;
    let (_, after) = after.split_once("]: ")?;
    let (queue_id, said) = after.split_once(": ")?;
    let is_id = !queue_id.is_empty() && queue_id.len() <= 20 && queue_id.bytes().all(|b| b.is_ascii_alphanumeric());
    is_id.then_some((queue_id, said.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_lies_in_the_queue_was_taken() {
        let log = b"Nov 23 07:00:01 posta postfix/smtpd[71]: connect from localhost[127.0.0.1]\n\
            Nov 23 07:00:01 posta postfix/cleanup[72]: 4A1B2C: message-id=<review1.v1.r0.aa@bellariva.test>\n\
            Nov 23 07:00:01 posta postfix/cleanup[72]: 4A1B2D: message-id=<review2.v1.r0.bb@bellariva.test>\n\
            \xff\xfe no text\n\
            2026-11-23T07:00:01.123456+01:00 posta postfix/qmgr[70]: 4A1B2C: from=<stampa@bellariva.test>, size=31402, nrcpt=1 (queue active)\n\
            Nov 23 07:00:02 posta postfix/qmgr[70]: 4A1B2D: removed\n\
            Nov 23 07:00:02 posta postfix/qmgr[70]: 4A1B2E: from=<x@bellariva.test>, size=1, nrcpt=1 (queue active)\n\
            Nov 23 07:00:03 posta postfix/cleanup[72]: 4A1B2F: message-id=<of-somebody@else.test>\n";
        let wanted = HashSet::from(["review1.v1.r0.aa@bellariva.test", "review2.v1.r0.bb@bellariva.test", "no@such"]);
        assert_eq!(taken(log, &wanted), HashMap::from([("review1.v1.r0.aa@bellariva.test", "4A1B2C".to_owned())]));
        assert!(taken(b"", &wanted).is_empty());
    }
}
