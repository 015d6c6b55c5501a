//! The letters in both languages, and no word more than the rights allow.

use super::*;
use crate::Latecomers;
use crate::compose::{self, Candidate, compose};
use crate::sample;
use crate::{AlertSheet, alert};
use proptest::prelude::*;
use salastampa_domain::{
    AlsoIn, ArticleId, Audience, Contract, ContractScope, Entry, ForeignText, ReviewState, RightsClass, Signals,
    UserId, allowed,
};

/// What a reader sees of an HTML mail: no tags, no head, no preheader, blanks collapsed.
fn seen(html: &str) -> String {
    let body = html.split_once("<body").expect("a body").1;
    let body = body.split_once("display:none").map_or(body, |(_, rest)| rest.split_once("</div>").expect("its end").1);
    let mut text = String::new();
    let mut inside = true;
    for c in body.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            _ if !inside => text.push(c),
            _ => {}
        }
        if c == '<' {
            text.push(' ');
        }
    }
    let text = text.replace("&#60;", "<").replace("&#62;", ">").replace("&#34;", "\"").replace("&#39;", "'");
    joined(&text.replace("&#38;", "&"))
}

fn joined(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Each line stands after the one before.
fn in_order(what: &str, output: &str, lines: &[String]) {
    let mut at = 0;
    for line in lines {
        let line = joined(line);
        match output[at..].find(&line) {
            Some(found) => at += found + line.len(),
            None => {
                panic!("{what} lacks {line:?} after {:?}", &output[..at].chars().rev().take(60).collect::<String>())
            }
        }
    }
}

fn letters(lang: Lang) -> Vec<(&'static str, Letter)> {
    let dress = Dress::sample(lang);
    vec![
        ("review", review(&sample::review(), &dress)),
        ("quiet", review(&sample::quiet(), &dress)),
        ("alert", alert::alert(&AlertSheet::sample(), &dress)),
    ]
}

#[test]
fn both_parts_say_the_same_in_the_same_order() {
    for lang in Lang::ALL {
        for example in [sample::review(), sample::quiet()] {
            let dress = Dress::sample(lang);
            let lines = sheet(&example, &dress).lines();
            let letter = review(&example, &dress);
            in_order("the HTML part", &seen(&letter.html), &lines);
            in_order("the text part", &joined(&letter.text), &lines);
        }
    }
}

#[test]
fn every_letter_is_whole_in_every_language() {
    for lang in Lang::ALL {
        for (name, letter) in letters(lang) {
            let html = &letter.html;
            assert!(html.starts_with(&format!("<!DOCTYPE html>\n<html lang=\"{}\"", lang.code())), "{name}");
            assert_eq!(html.matches("<h1").count(), 1, "{name}: one first heading");
            for part in ["<title>", "name=\"color-scheme\"", "prefers-color-scheme: dark", "name=\"viewport\""] {
                assert!(html.contains(part), "{name} lacks {part}");
            }
            assert_eq!(html.matches("<table").count(), html.matches("role=\"presentation\"").count(), "{name}");
            for foreign in ["<img", "<script", "<link", "url(", "@import", "@font-face", " src="] {
                assert!(!html.contains(foreign), "{name} holds {foreign}");
            }
            assert!(html.len() < LONGEST, "{name}");
            // a key that has no sentence stands there as it is
            for output in [html, &letter.text, &letter.subject] {
                assert!(!output.contains("digest.") && !output.contains('{') || output == html, "{name}");
                assert!(!output.contains("digest."), "{name}");
            }
            assert!(letter.text.lines().all(|l| l.chars().count() <= 78 || l.starts_with("http")), "{name}");
            assert_eq!((letter.language.as_str(), letter.auto_generated), (lang.code(), true), "{name}");
        }
    }
}

#[test]
fn the_letter_of_a_reserved_edition_has_its_count_and_its_link_and_no_story() {
    for lang in Lang::ALL {
        let dress = Dress { web: "https://stampa.test/l/r-3x7-9-0".into(), ..Dress::sample(lang) };
        let example = sample::review();
        let letter = super::reserved(&example, &dress, jiff::civil::date(2026, 12, 23));
        let whole = sheet(&example, &dress);
        for output in [&seen(&letter.html), &joined(&letter.text)] {
            assert!(output.contains(&whole.title) && output.contains(&whole.summary), "{output}");
            let entries = whole.sections.iter().flat_map(|s| &s.entries);
            for line in entries.flat_map(|e| [&e.headline, &e.source_line, &e.extract, &e.note, &e.why, &e.url]) {
                assert!(line.is_empty() || !output.contains(line.as_str()), "{line} in {output}");
            }
            assert!(!output.contains("digest.") && output.contains("2026"), "{output}");
        }
        assert!(letter.text.contains(&dress.web) && letter.html.contains(&format!("href=\"{}\"", dress.web)));
        assert!(letter.attachments.is_empty());
    }
}

#[test]
fn nobody_looked_is_said_and_a_confirmed_review_says_nothing() {
    let dress = Dress::sample(Lang::It);
    let mut example = sample::review();
    assert!(review(&example, &dress).subject.ends_with("· non revisionata"));
    let ReviewState::Published { at, .. } = example.state else { panic!("the sample is published") };
    example.state = ReviewState::Published { at, by: Some(UserId(2)) };
    let letter = review(&example, &dress);
    assert_eq!(letter.subject, "Rassegna stampa generale · lunedì 23 novembre 2026");
    assert!(!letter.html.contains("non revisionata") && !letter.text.contains("non revisionata"));
    example.version = 2;
    assert!(review(&example, &dress).html.contains("versione 2"));
}

#[test]
fn an_empty_day_says_so_with_what_was_read() {
    let letter = review(&sample::quiet(), &Dress::sample(Lang::It));
    for part in [&letter.html, &letter.text] {
        assert!(part.contains("Niente da segnalare oggi."));
        assert!(part.contains("10 fonti vive su 10 · 152 articoli letti"));
    }
}

#[test]
fn what_comes_from_outside_stays_text() {
    let mut example = sample::review();
    let entry = &mut example.sections[0].entries[0];
    entry.title = "<script>alert('1')</script> \"tutto\" & niente\r\nBcc: x@esempio.test".into();
    entry.url = "javascript:alert(1)".into();
    entry.outlet_name = "</td></table>Il Lago".into();
    entry.also_in[0].url = "https://a.test/\" onclick=\"x".into();
    entry.why = vec!["{{disiscrizione}} {% x %}".into()];
    example.sections[0].name = "Città\r\nSubject: x".into();
    let dress = Dress::sample(Lang::It);
    let letter = review(&example, &dress);
    assert!(
        !letter.html.contains("<script")
            && !letter.html.contains("javascript:")
            && !letter.html.contains("onclick=\"x")
    );
    assert!(!letter.html.contains("</table>Il Lago"));
    assert!(!letter.text.contains("\nBcc:") && !letter.text.contains("\nSubject:"));
    in_order("the HTML part", &seen(&letter.html), &sheet(&example, &dress).lines());
}

#[test]
fn no_word_of_an_outlet_stands_for_the_personal_link() {
    let mut example = sample::review();
    example.sections[0].entries[0].title = format!("Titolo {}", salastampa_domain::delivery::UNSUBSCRIBE_MARK);
    let letter = review(&example, &Dress::sample(Lang::It));
    assert!(!letter.html.contains(salastampa_domain::delivery::UNSUBSCRIBE_MARK));
    assert!(!letter.text.contains(salastampa_domain::delivery::UNSUBSCRIBE_MARK));
}

/// A review of `n` long stories.
fn long(n: usize) -> Review {
    let mut example = sample::review();
    let first = example.sections[0].entries[0].clone();
    let story = |i: usize| Entry {
        title: format!("Notizia numero {i} di una giornata che non finiva più, raccontata da tutti"),
        also_in: (0..6)
            .map(|o| AlsoIn {
                article: ArticleId(o),
                outlet_name: format!("Testata della sponda {o}"),
                url: format!("https://testata-{o}.test/notizia/{i}/{}", "x".repeat(60)),
                copy: o % 2 == 0,
                origin: String::new(),
            })
            .collect(),
        ..first.clone()
    };
    example.sections[0].entries = (1..=n).map(story).collect();
    example
}

#[test]
fn a_review_too_long_for_a_mail_is_shortened_and_says_so() {
    let dress = Dress::sample(Lang::It);
    let short = review(&long(20), &dress);
    assert!(!short.text.contains("Per tenere leggero"));
    for (stories, says) in [(46, "gli estratti sono riportati solo per le prime"), (400, "sono riportate le prime")] {
        let letter = review(&long(stories), &dress);
        assert!(letter.html.len() <= LONGEST, "{stories} stories: {} bytes", letter.html.len());
        assert!(
            letter.html.len() > LONGEST * 9 / 10,
            "{stories} stories: the room is used ({} bytes)",
            letter.html.len()
        );
        assert!(joined(&letter.text).contains(says), "{stories}: {}", &letter.text[letter.text.len() - 1_200..]);
        let shown = fitted(sheet(&long(stories), &dress), LONGEST);
        in_order("the HTML part", &seen(&letter.html), &shown.lines());
        in_order("the text part", &joined(&letter.text), &shown.lines());
    }
    assert!(letter_of_a_flood(&dress) <= LONGEST);
}

fn letter_of_a_flood(dress: &Dress) -> usize {
    let mut flood = long(2_000);
    let line = flood.pickup[0].clone();
    flood.pickup = vec![line; 3_000];
    let ill = flood.coverage.ill[0].clone();
    flood.coverage.ill = vec![ill; 3_000];
    review(&flood, dress).html.len()
}

/// Words that stand in no template: the body of an article.
fn marked(count: usize, letter: char) -> String {
    (0..count).map(|n| format!("q{letter}{n}q{}", if n % 9 == 8 { "." } else { "" })).collect::<Vec<_>>().join(" ")
}

fn marks(output: &str) -> usize {
    output
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|w| w.len() > 3 && w.starts_with(['q']) && w.ends_with('q'))
        .count()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]
    #[test]
    fn no_output_holds_more_of_a_text_than_its_cap(
        class in proptest::sample::select(vec![
            RightsClass::Internal, RightsClass::LinkOnly, RightsClass::ExtractOnly, RightsClass::LicensedExtract,
            RightsClass::LicensedFull,
        ]),
        tdm_reserved in any::<bool>(),
        own_summary in proptest::option::of(0usize..400),
        licensed in any::<bool>(),
        expired in any::<bool>(),
        extract_chars in 0usize..600,
        lead in 0usize..80,
        body in 0usize..400,
        readers in 1usize..40,
    ) {
        let contract = licensed.then(|| Contract {
            number: "4/2026".into(),
            until: if expired { jiff::civil::date(2026, 1, 31) } else { jiff::civil::date(2026, 12, 31) },
            scope: ContractScope::Intranet,
            extract_chars,
            max_readers: Some(20),
        });
        let signals = Signals { tdm_reserved, own_summary, ..Signals::default() };
        let today = jiff::civil::date(2026, 11, 23);
        let gate = allowed(class, contract.as_ref(), &signals, Audience::Readers(readers), today);
        let cap = gate.cap.map_or((0, 0), |c| (c.words, c.chars));

        let mut example = sample::review();
        let (edition, candidate) = one(class, contract, signals, &marked(lead, 'l'), &marked(body, 'b'));
        let (sections, shown) = compose(&edition, &[candidate], &compose::tests::nobody(), Latecomers::Leave, readers, today, &compose::tests::BY_RULE);
        example.sections = sections;
        let letter = review(&example, &Dress::sample(Lang::It));
        let shown = shown.iter().map(|s| s.chars).sum::<usize>();
        prop_assert!(shown <= cap.1);
        for (name, output) in [("html", &letter.html), ("text", &letter.text), ("subject", &letter.subject)] {
            prop_assert!(marks(output) <= cap.0, "{name} shows {} words, {cap:?}", marks(output));
            let held: usize = output.split(|c: char| !c.is_ascii_alphanumeric())
                .filter(|w| marks(w) == 1).map(str::len).sum();
            prop_assert!(held <= cap.1, "{name} shows {held} characters, {cap:?}");
        }

        let mut warning = AlertSheet::sample();
        warning.extract = crate::extract::extract(&gate, &ForeignText::new(marked(lead, 'l')), &ForeignText::new(marked(body, 'b')));
        let letter = alert::alert(&warning, &Dress::sample(Lang::En));
        prop_assert!(marks(&letter.html) <= cap.0 && marks(&letter.text) <= cap.0);
    }
}

fn one(
    class: RightsClass,
    contract: Option<Contract>,
    signals: Signals,
    lead: &str,
    body: &str,
) -> (salastampa_domain::Edition, Candidate) {
    let (edition, mut candidate) = compose::tests::example();
    candidate.outlet.rights = class;
    candidate.outlet.contract = contract;
    candidate.article.signals = signals;
    candidate.article.lead = ForeignText::new(lead);
    candidate.body = ForeignText::new(body);
    (edition, candidate)
}
