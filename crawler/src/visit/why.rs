//! What a failed visit says of itself: the outcome by which health and pace are decided, and its reason in the few
//! Italian words that the office reads beside the source.

use super::worker::Mishap;
use salastampa_domain::VisitOutcome;
use salastampa_http::{Refused, Response};

/// Marks of pages that ask a challenge in place of an answer. Only ones that no page with content carries.
const CHALLENGES: [&str; 6] = [
    "_cf_chl_opt",
    "<title>Just a moment",
    "<title>Attention Required! | Cloudflare",
    "captcha-delivery.com",
    "_Incapsula_Resource?",
    "px-captcha",
];

/// The outcome of a fetch that gave no answer.
pub(crate) fn of_refusal(refused: &Refused) -> VisitOutcome {
    let soft = |why: &str| VisitOutcome::Soft { why: why.to_owned() };
    match refused {
        Refused::Timeout => soft("nessuna risposta entro il tempo"),
        Refused::Dns { host } => soft(&format!("il nome {host} non ha indirizzo")),
        Refused::Connect { .. } => soft("il server non accetta connessioni"),
        Refused::Broken { .. } => soft("la risposta si è interrotta"),
        Refused::TooManyRedirects => soft("troppi rinvii da un indirizzo all'altro"),
        Refused::ForeignRedirect { to, .. } => soft(&format!("rinvia a un altro sito: {to}")),
        Refused::Tls { .. } => VisitOutcome::Hard { why: "il certificato del sito non è valido".into() },
        Refused::TooBig { limit, .. } => {
            VisitOutcome::Hostile { why: format!("risposta più grande di {} MB", limit.div_ceil(1 << 20)) }
        }
        Refused::Bomb => VisitOutcome::Hostile { why: "risposta compressa oltre misura".into() },
        Refused::ForbiddenAddress { .. } => {
            VisitOutcome::Hostile { why: "l'indirizzo porta dentro una rete interna".into() }
        }
        Refused::BadUrl { .. } => VisitOutcome::Hostile { why: "indirizzo non ammesso".into() },
    }
}

/// The outcome that a status alone decides; `None` where the body has to be read.
pub(crate) fn of_answer(answer: &Response, conditional: bool) -> Option<VisitOutcome> {
    let status = answer.status;
    let soft = || Some(VisitOutcome::Soft { why: format!("il sito risponde {status}") });
    if answer.header("cf-mitigated").is_some_and(|v| v.contains("challenge")) || is_challenge(answer) {
        return Some(VisitOutcome::Blocked {
            why: format!("il sito chiede una verifica da persona (risposta {status})"),
        });
    }
    match status {
        200..=299 => None,
        304 if conditional => Some(VisitOutcome::Unchanged),
        401 => Some(VisitOutcome::Hard { why: "il sito chiede nome e password (risposta 401)".into() }),
        410 => Some(VisitOutcome::Hard { why: "tolto dal sito (risposta 410)".into() }),
        403 | 451 => {
            Some(VisitOutcome::Blocked { why: format!("il sito rifiuta il nostro programma (risposta {status})") })
        }
        404 => Some(VisitOutcome::Soft { why: "non trovato (risposta 404)".into() }),
        429 => Some(VisitOutcome::Soft { why: "troppe richieste, dice il sito (risposta 429)".into() }),
        _ => soft(),
    }
}

fn is_challenge(answer: &Response) -> bool {
    let html = answer.header("content-type").is_none_or(|t| t.contains("html"));
    let head = &answer.body[..answer.body.len().min(16 << 10)];
    html && {
        let head = String::from_utf8_lossy(head);
        CHALLENGES.iter().any(|mark| head.contains(mark))
    }
}

/// The outcome of a parse that did not come back.
pub(crate) fn of_mishap(mishap: Mishap) -> VisitOutcome {
    match mishap {
        Mishap::Panic => VisitOutcome::Ours { why: "errore interno durante la lettura".into() },
        Mishap::NoThread => VisitOutcome::Ours { why: "risorse del sistema esaurite".into() },
        Mishap::Slow => VisitOutcome::Soft { why: "lettura troppo lunga, interrotta".into() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Response {
        Response {
            status,
            headers: headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect::<BTreeMap<_, _>>(),
            url: "https://lago.test/".into(),
            redirects: Vec::new(),
            body: body.into(),
            peer: None,
        }
    }

    #[test]
    fn each_status_has_its_class() {
        let class = |answer: &Response| match of_answer(answer, true) {
            None => "read on",
            Some(VisitOutcome::Unchanged) => "unchanged",
            Some(VisitOutcome::Soft { .. }) => "soft",
            Some(VisitOutcome::Hard { .. }) => "hard",
            Some(VisitOutcome::Blocked { .. }) => "blocked",
            Some(other) => panic!("{other:?}"),
        };
        for (status, expected) in [
            (200, "read on"),
            (203, "read on"),
            (304, "unchanged"),
            (302, "soft"),
            (401, "hard"),
            (403, "blocked"),
            (404, "soft"),
            (410, "hard"),
            (429, "soft"),
            (451, "blocked"),
            (500, "soft"),
            (503, "soft"),
            (999, "soft"),
        ] {
            assert_eq!(class(&answer(status, &[], "")), expected, "{status}");
        }
        assert_eq!(class(&answer(503, &[("cf-mitigated", "challenge")], "")), "blocked");
        let wall = "<html><head><title>Just a moment...</title></head></html>";
        assert_eq!(class(&answer(200, &[("content-type", "text/html")], wall)), "blocked");
        assert_eq!(class(&answer(200, &[("content-type", "application/rss+xml")], wall)), "read on");
        let page = "<html><script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>";
        assert_eq!(class(&answer(200, &[("content-type", "text/html")], page)), "read on");
        assert!(matches!(of_answer(&answer(304, &[], ""), false), Some(VisitOutcome::Soft { .. })));
    }
}
