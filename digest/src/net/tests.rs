//! Whatever prints an article's words, and however it is written, is found by them; what may be printed is not.

use super::*;
use crate::{Dress, borrowed, mail, sample};
use jiff::civil::{Date, date};
use salastampa_domain::{Audience, Cap, Extract, Review, RightsClass, Signals, allowed};
use salastampa_locale::Lang;

const TODAY: Date = date(2026, 11, 23);
const TITLE: &str = "Il ponte \"vecchio\" riapre ai pedoni & alle biciclette";

fn gate(class: RightsClass) -> Allowed {
    allowed(class, None, &Signals::default(), Audience::Readers(8), TODAY)
}

/// A text of so many words, with signs that every form writes otherwise.
fn body(n: usize) -> String {
    let words = (0..n).map(|n| format!("l'opera numero{n} \"città\" & più"));
    words.collect::<Vec<_>>().join("\n")
}

fn net_of(class: RightsClass, text: &str, least: usize) -> Net {
    let bare = Bare { title: TITLE.into(), outlet: "Il Lago".into(), url: "https://il-lago.test/1".into() };
    let (lead, body) = (ForeignText::default(), ForeignText::new(text));
    let allowed = gate(class);
    Net::of([Foreign { article: ArticleId(1), bare, lead: &lead, body: &body, allowed: &allowed }], &[], least)
}

fn leak(text: &str) -> Extract {
    gate(RightsClass::Open).extract(&ForeignText::new(text))
}

#[test]
fn words_are_found_however_an_output_writes_them() {
    let text = body(20);
    let net = net_of(RightsClass::ExtractOnly, &text, SHORT_RUN);
    let escaped = text.replace('&', "&#38;").replace('"', "&#34;").replace('\'', "&#39;").replace('à', "&#xe0;");
    let json = text.replace('"', "\\\"").replace('\n', "\\n").replace('ù', "\\u00f9");
    for (form, printed) in [
        (Form::Text, text.clone()),
        (Form::Text, text.replace(' ', "\n> ")),
        (Form::Markup, format!("<p>{}</p>", escaped.replace('\n', "</p>\n<p class=\"x\">"))),
        (Form::Markup, format!("<a title=\"{escaped}\">qui</a>")),
        (Form::Json, format!("{{\"text\":\"{json}\"}}")),
    ] {
        let over = net.over(&printed, form);
        assert_eq!(over.iter().map(|o| o.article).collect::<Vec<_>>(), [ArticleId(1)], "{form:?}: {printed}");
        assert!(over[0].words >= 95, "{form:?}: {over:?}");
        assert_eq!(net.over(&printed.replace("numero", "altro"), form), [], "{form:?}");
    }
}

#[test]
fn what_each_class_allows_is_not_found_and_a_longer_run_is() {
    let text = body(60);
    let cut = |words: usize| text.split_whitespace().take(words).collect::<Vec<_>>().join(" ");
    for class in [
        RightsClass::Internal,
        RightsClass::LinkOnly,
        RightsClass::ExtractOnly,
        RightsClass::LicensedExtract,
        RightsClass::Open,
        RightsClass::Own,
    ] {
        let net = net_of(class, &text, SHORT_RUN);
        let shown = crate::extract::extract(&gate(class), &ForeignText::default(), &ForeignText::new(text.as_str()));
        let page = format!("<h1>{TITLE}</h1><p>Il Lago</p><p>{shown}</p><p>Anche su: Eco</p>");
        assert_eq!(net.over(&page, Form::Markup), [], "{class:?}");
        let free = matches!(class, RightsClass::Open | RightsClass::Own);
        assert_eq!(net.over(&cut(60), Form::Text).is_empty(), free, "{class:?}");
    }
    // the office's own words may say as much as is nobody's
    let own = net_of(RightsClass::LinkOnly, &text, borrowed::LONGEST_RUN);
    assert_eq!(own.over(&cut(16), Form::Text), []);
    assert_eq!(net_of(RightsClass::LinkOnly, &text, SHORT_RUN).over(&cut(16), Form::Text).len(), 1);
}

#[test]
fn a_title_and_what_may_be_shown_of_the_agency_are_no_find() {
    let text = format!("{TITLE} dopo tre mesi di lavori. {}", body(30));
    let long = gate(RightsClass::LinkOnly);
    let agency = allowed(RightsClass::Open, None, &Signals::default(), Audience::Public, TODAY);
    assert_eq!((long.cap, agency.cap), (None, Some(Cap { chars: usize::MAX, words: usize::MAX })));
    let (lead, body) = (ForeignText::default(), ForeignText::new(text.as_str()));
    let one = |n: i64, allowed| {
        let title =
            if n == 1 { format!("{TITLE} e alle carrozzine dei bambini di tutta la riva") } else { TITLE.into() };
        Foreign { article: ArticleId(n), bare: Bare { title, ..Bare::default() }, lead: &lead, body: &body, allowed }
    };
    assert_eq!(Net::of([one(1, &long)], &[], SHORT_RUN).over(&text, Form::Text).len(), 1);
    assert_eq!(Net::of([one(1, &long), one(2, &agency)], &[], SHORT_RUN).over(&text, Form::Text), []);
    let titled = Net::of([one(2, &long)], &[], PART);
    assert_eq!(titled.over(&format!("{TITLE} dopo tre mesi"), Form::Text), [], "a title and a few words");
}

#[test]
fn whatever_field_or_renderer_prints_a_body_falls_back_in_every_output() {
    type Break = (&'static str, fn(&mut salastampa_domain::Entry, &str));
    let fields: [Break; 6] = [
        ("extract", |e, text| e.extract = leak(text)),
        ("summary", |e, text| e.summary = text.to_owned()),
        ("note", |e, text| e.note = text.to_owned()),
        ("why", |e, text| (e.points, e.why) = (Vec::new(), vec![text.to_owned()])),
        ("outlet", |e, text| e.outlet_name = text.to_owned()),
        ("author", |e, text| e.authors = vec![text.to_owned()]),
    ];
    let text = body(24);
    let dress = Dress::sample(Lang::It);
    let outputs = || {
        vec![
            Output::new("html", Form::Markup, |r: &Review| mail::review(r, &dress).html),
            Output::new("text", Form::Text, |r: &Review| mail::review(r, &dress).text),
        ]
    };
    for (name, spoil) in fields {
        let mut review = sample::review();
        let article = review.sections[0].entries[0].article;
        spoil(&mut review.sections[0].entries[0], &text);
        let mut net = net_of(RightsClass::LinkOnly, &text, SHORT_RUN);
        net.texts.iter_mut().for_each(|t| t.article = article);
        net.bare = net.bare.into_values().map(|bare| (article, bare)).collect();
        let before = review.sections[0].entries.len();
        let (held, caught) = hold(review, &net, &outputs(), fallen);
        let found: Vec<_> = caught.iter().map(|c| (c.output, c.over.article, c.again)).collect();
        assert_eq!(found, [("html", article, false), ("text", article, false)], "{name}");
        assert_eq!(held.sections[0].entries.len(), before, "{name}");
        let entry = &held.sections[0].entries[0];
        assert_eq!((entry.title.as_str(), entry.outlet_name.as_str()), (TITLE, "Il Lago"), "{name}");
        assert!(outputs().iter().all(|o| net.over(&(o.draw)(&held), o.form).is_empty()), "{name}");
        // a renderer that takes the text from elsewhere: the entry goes
        let broken = |r: &Review| {
            let there = r.sections.iter().flat_map(|s| &s.entries).any(|e| e.article == article);
            if there { text.clone() } else { String::new() }
        };
        let (held, caught) = hold(held, &net, &[Output::new("broken", Form::Text, broken)], fallen);
        assert_eq!(caught.iter().map(|c| c.again).collect::<Vec<_>>(), [false, true]);
        assert_eq!(held.sections[0].entries.len(), before - 1);
    }
}

#[test]
fn a_word_said_a_thousand_times_is_looked_at_in_bounds() {
    let lake = "lago ".repeat(4_000);
    let net = net_of(RightsClass::ExtractOnly, &lake, SHORT_RUN);
    assert_eq!(net.over(&lake, Form::Text).len(), 1);
    assert_eq!(net.over("&#x110000; &unknown; &", Form::Markup), []);
    assert_eq!(net.over("\\u12 \\", Form::Json), []);
}
