//! Alerts ring on the telephone beside their mail: once, with nothing of the text, and never in its place.

use super::{HOSTS, KNOWN, LANDSLIDE, alerts_to, awake};
use crate::outlets::{Answer, Asked, Manner};
use crate::press_test::{OFFICE, Press};

/// The usual office, whose mayor has a telephone.
fn ringing(address: &str) -> String {
    OFFICE.replacen("slug = \"sindaca\"\n", &format!("slug = \"sindaca\"\npush = \"{address}\"\n"), 1)
}

/// What was posted to a host.
fn posted(press: &Press, host: &str) -> Vec<Asked> {
    press.outlets.asked_of(host).into_iter().filter(|asked| !asked.posted.is_empty()).collect()
}

fn pushes(press: &Press) -> Vec<String> {
    press.rows("select state || ' ' || cast(tries as text) || ' ' || said from push order by id")
}

#[test]
fn an_alert_rings_once_beside_its_mail_with_title_outlet_and_link_alone() {
    let press = awake(&ringing("http://riva.test/sindaca-7f3a?auth=segreto"));
    press.outlets.answer("riva.test", "/?auth=segreto", Answer::ok("application/json", "{}"));
    HOSTS.iter().for_each(|host| press.publish(host, &[LANDSLIDE, KNOWN]));
    let ran = press.live("2026-11-23 06:25", "2026-11-23 06:40");
    assert_eq!(alerts_to(&press, "sindaca@bellariva.test").len(), 1);
    let again = press.live("2026-11-23 06:40", "2026-11-23 06:59");
    let rang = posted(&press, "riva.test");
    assert_eq!(rang.len(), 1, "{rang:?}");
    assert_eq!((rang[0].path.as_str(), rang[0].header("content-type")), ("/?auth=segreto", Some("application/json")));
    let note: serde_json::Value = serde_json::from_str(&rang[0].posted).expect("JSON");
    assert_eq!((&note["topic"], &note["title"]), (&"sindaca-7f3a".into(), &LANDSLIDE.title.into()));
    assert_eq!(note["priority"], 5);
    assert!(note["message"].as_str().is_some_and(|text| text.contains("Frane e allagamenti")), "{note}");
    assert!(note["click"].as_str().is_some_and(|link| link.ends_with("/frana")), "{note}");
    assert!(!rang[0].posted.contains("nessun ferito"), "nothing of the text: {note}");
    assert_eq!(pushes(&press), ["accepted 1 "]);
    let used = press.rows("select output || ' ' || chars from text_use where output = 'notification'");
    assert_eq!(used, ["notification 0"], "a title is foreign text too, and it is counted");
    for ran in [ran, again] {
        assert!(!ran.err.contains("7f3a") && !ran.err.contains("segreto"), "the topic is a secret: {}", ran.err);
    }
    let log = press.rows("select coalesce(state_before, '') || coalesce(state_after, '') from event").join(" ");
    assert!(!log.contains("7f3a"), "{log}");
}

#[test]
fn a_telephone_that_does_not_ring_is_tried_again_and_the_mail_is_not_kept_waiting() {
    let press = awake(&ringing("http://riva.test/sindaca"));
    press.outlets.answer("riva.test", "/", Answer::status(503));
    HOSTS.iter().for_each(|host| press.publish(host, &[LANDSLIDE, KNOWN]));
    press.live("2026-11-23 06:25", "2026-11-23 06:31");
    assert_eq!(alerts_to(&press, "sindaca@bellariva.test").len(), 1, "the mail left");
    let tried = posted(&press, "riva.test").len();
    assert!((2..6).contains(&tried), "{tried}");
    assert_eq!(pushes(&press), [format!("waiting {tried} 503")]);
    press.outlets.answer("riva.test", "/", Answer::ok("application/json", "{}"));
    press.live("2026-11-23 06:31", "2026-11-23 06:59");
    assert_eq!(pushes(&press), [format!("accepted {} ", tried + 1)]);
    assert_eq!(posted(&press, "riva.test").len(), tried + 1);
}

#[test]
fn a_connection_that_breaks_before_or_in_the_answer_is_tried_again() {
    for manner in [Manner::HangsUp, Manner::Torn] {
        let press = awake(&ringing("http://riva.test/sindaca"));
        press.outlets.answer("riva.test", "/", Answer::ok("application/json", "{\"id\":\"x\"}").sent(manner));
        HOSTS.iter().for_each(|host| press.publish(host, &[LANDSLIDE, KNOWN]));
        press.live("2026-11-23 06:25", "2026-11-23 06:31");
        let rows = pushes(&press);
        assert!(matches!(&rows[..], [row] if row.starts_with("waiting ")), "{manner:?}: {rows:?}");
        press.outlets.answer("riva.test", "/", Answer::ok("application/json", "{}"));
        press.live("2026-11-23 06:31", "2026-11-23 06:59");
        let rows = pushes(&press);
        assert!(matches!(&rows[..], [row] if row.starts_with("accepted ")), "{manner:?}: {rows:?}");
    }
}

#[test]
fn what_waited_while_the_program_stood_still_does_not_ring_when_it_is_too_late() {
    let press = awake(&ringing("http://riva.test/sindaca"));
    press.outlets.answer("riva.test", "/", Answer::status(503));
    HOSTS.iter().for_each(|host| press.publish(host, &[LANDSLIDE, KNOWN]));
    press.live("2026-11-23 06:25", "2026-11-23 06:31");
    let tried = posted(&press, "riva.test").len();
    press.outlets.answer("riva.test", "/", Answer::ok("application/json", "{}"));
    press.live("2026-11-23 12:00", "2026-11-23 12:02");
    assert_eq!(posted(&press, "riva.test").len(), tried, "nobody is rung");
    assert_eq!(pushes(&press), [format!("failed {} too late", tried + 1)]);
}

#[test]
fn what_a_server_refuses_or_what_lies_inside_our_network_ends_there_and_is_told() {
    for (address, said) in [
        ("http://riva.test/sindaca", "404"),
        ("http://10.0.0.8/sindaca", "10.0.0.8 lies in an inner network"),
        ("http://169.254.169.254/sindaca", "169.254.169.254 lies in an inner network"),
    ] {
        let press = awake(&ringing(address));
        HOSTS.iter().for_each(|host| press.publish(host, &[LANDSLIDE, KNOWN]));
        press.live("2026-11-23 06:25", "2026-11-23 06:40");
        assert_eq!(alerts_to(&press, "sindaca@bellariva.test").len(), 1, "the mail left");
        assert_eq!(pushes(&press), [format!("failed 1 {said}")], "{address}");
    }
}
