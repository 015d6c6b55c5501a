//! What programs answer by themselves, and what certified mail sends: neither counts for or against anybody.

use super::Mail;
use super::fields::Fields;

/// How the subject of an answer by a program begins, in the languages that journalists here write in.
const SUBJECTS: [&str; 26] = [
    "out of office",
    "out of the office",
    "automatic reply",
    "auto reply",
    "auto-reply",
    "autoreply",
    "auto:",
    "autorisposta",
    "vacation",
    "on leave",
    "risposta automatica",
    "risposta dal servizio automatico",
    "fuori ufficio",
    "fuori sede",
    "assente dall'ufficio",
    "assenza dall'ufficio",
    "sono assente",
    "sono in ferie",
    "in ferie",
    "abwesenheit",
    "abwesend",
    "automatische antwort",
    "nicht im büro",
    "réponse automatique",
    "absence du bureau",
    "absent du bureau",
];
/// How a program asks whoever writes to prove that they are a person.
const CHALLENGES: [&str; 6] = [
    "confirm your message",
    "please confirm that you sent",
    "verify your email to deliver",
    "challenge",
    "conferma il tuo messaggio",
    "richiesta di conferma del mittente",
];

/// Whether a program says that it wrote the mail (RFC 3834 and what came before it).
pub(super) fn is_automatic(header: &Fields) -> bool {
    let auto = header.first("auto-submitted").trim().to_lowercase();
    let precedence = header.first("precedence").trim().to_lowercase();
    (!auto.is_empty() && !auto.starts_with("no"))
        || matches!(precedence.as_str(), "bulk" | "junk" | "list" | "auto_reply" | "auto-reply")
        || [
            "x-autoreply",
            "x-autorespond",
            "x-autoresponder",
            "x-auto-reply",
            "x-autoreply-from",
            "x-mail-autoreply",
            "x-list-administrivia",
            "list-id",
            "x-mailman-version",
            "feedback-id",
        ]
        .iter()
        .any(|name| header.has(name))
        || header.first("x-auto-response-suppress").to_lowercase().contains("all")
}

/// Whether a program answers: it says so, its subject does, it is a receipt of reading, or it wants a proof first.
pub(super) fn answers(mail: &Mail) -> bool {
    let subject = mail.header.first("subject").to_lowercase();
    // `AW:` and `R:` stand before the subject that is answered, not before the program's own words
    let subject = subject.trim_start_matches(|c: char| !c.is_alphanumeric());
    let prefixed = |subject: &str| SUBJECTS.iter().any(|start| subject.starts_with(start));
    let bare = ["re:", "r:", "aw:", "rif:"].iter().find_map(|p| subject.strip_prefix(p)).unwrap_or(subject).trim();
    is_automatic(&mail.header)
        || prefixed(subject)
        || prefixed(bare)
        || mail.content_type.contains("disposition-notification")
        || CHALLENGES.iter().any(|words| subject.contains(words))
}

/// Whether certified mail speaks (DPR 68/2005, DM 2 November 2005): a receipt, or an envelope around a message.
pub(super) fn is_certified(header: &Fields) -> bool {
    header.has("x-ricevuta") || header.has("x-trasporto")
}
