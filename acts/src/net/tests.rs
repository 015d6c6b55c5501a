//! A field that was filled with a body is caught in every output, and what it left behind stands in the log.

use super::*;
use crate::desk::small::{self, NOW, Office};
use salastampa_digest::AlertSheet;
use salastampa_digest::sample;
use salastampa_domain::{
    Allowed, AlsoIn, Extract, ForeignText, NewArticle, Outlet, ReviewState, RightsClass, Signals, allowed,
};

const TITLE: &str = "Il molo piccolo è chiuso";

fn body() -> String {
    (0..80).map(|n| format!("l'opera{n} \"città\" ")).collect()
}

fn open() -> Allowed {
    allowed(RightsClass::Open, None, &Signals::default(), Audience::Readers(1), NOW.day())
}

fn leak() -> Extract {
    open().extract(&ForeignText::new(body()))
}

async fn office() -> (Office, ArticleId) {
    office_with(RightsClass::ExtractOnly).await
}

async fn office_with(rights: RightsClass) -> (Office, ArticleId) {
    let office = Office::new().await;
    let mut write = office.store.write().await.expect("a transaction");
    let outlet = write.record_outlet(&Outlet { rights, ..small::outlet("eco", "L'Eco") }).await.expect("an outlet");
    let new = NewArticle { body: ForeignText::new(body()), ..small::article(outlet, "https://eco.test/1", TITLE, NOW) };
    let kept = write.keep_article(&new, None, 0, NOW).await.expect("kept").expect("new");
    write.commit().await.expect("a commit");
    (office, kept)
}

fn broken(article: ArticleId) -> Review {
    let mut review = sample::review();
    let entry = &mut review.sections[0].entries[0];
    (entry.article, entry.extract) = (article, leak());
    (entry.summary, entry.note) = Default::default();
    review
}

#[tokio::test]
async fn a_body_in_a_review_is_caught_in_every_output_and_leaves_as_a_title_in_all() {
    let (office, article) = office().await;
    let mut rows = office.store.read().await.expect("rows");
    let net = of_issues(&mut rows, &[broken(article)], 8, NOW).await.expect("a net");
    let mut names = Vec::new();
    for output in outputs_of_review() {
        names.push(output.name);
        let printed = |review: &Review| net.over(&(output.draw)(review), output.form);
        assert_eq!(
            printed(&broken(article)).iter().map(|o| o.article).collect::<Vec<_>>(),
            [article],
            "{}",
            output.name
        );
    }
    names.sort_unstable();
    names.dedup();
    assert_eq!(names, ["feed atom", "feed json", "review mail", "review pdf", "review text"]);

    let (held, caught) = review(&mut rows, broken(article), 8, NOW).await.expect("held");
    let (entry, was) = (&held.sections[0].entries[0], &broken(article).sections[0].entries[0]);
    assert_eq!((entry.title.as_str(), entry.outlet_name.as_str(), entry.extract.as_str()), (TITLE, "L'Eco", ""));
    assert_eq!((entry.story, entry.url.as_str()), (was.story, "https://eco.test/1"));
    assert_eq!(held.sections[0].entries[1..], broken(article).sections[0].entries[1..], "no other entry is touched");
    for output in outputs_of_review() {
        assert!((output.draw)(&held).contains("Il molo piccolo è chiuso"), "{}", output.name);
        assert_eq!(net.over(&(output.draw)(&held), output.form), [], "{}", output.name);
    }
    drop(rows);
    let subject = Event::about_review(ReviewId(1));
    for _ in 0..2 {
        record(&office.store, &subject, &caught, NOW).await.expect("written down");
    }
    let mut rows = office.store.read().await.expect("rows");
    let mut found = found_in(&mut rows, ReviewId(1)).await.expect("finds");
    assert_eq!(found_lately(&mut rows, NOW).await.expect("finds"), found);
    assert_eq!(found_lately(&mut rows, NOW.plus(8 * DAY)).await.expect("finds"), []);
    found.sort_by(|a, b| a.output.cmp(&b.output));
    assert_eq!(found.iter().map(|f| f.output.as_str()).collect::<Vec<_>>(), names, "each once");
    assert!(found.iter().all(|f| f.article == article && f.words > 100));
}

#[tokio::test]
async fn the_body_of_an_article_that_an_entry_only_names_is_caught_in_every_output() {
    let (office, named) = office().await;
    let mut write = office.store.write().await.expect("a transaction");
    let outlet = write.record_outlet(&small::outlet("lago", "Il Lago")).await.expect("an outlet");
    let text = "Il lago sale piano".to_owned();
    let new =
        NewArticle { body: ForeignText::new(text), ..small::article(outlet, "https://lago.test/1", "Piena", NOW) };
    let lead = write.keep_article(&new, None, 0, NOW).await.expect("kept").expect("new");
    write.commit().await.expect("a commit");
    let mut rows = office.store.read().await.expect("rows");
    let mut wrong = broken(lead);
    wrong.sections[0].entries[0].also_in = vec![AlsoIn {
        article: named,
        outlet_name: "L'Eco".into(),
        url: String::new(),
        copy: false,
        origin: String::new(),
    }];
    let net = of_issues(&mut rows, std::slice::from_ref(&wrong), 8, NOW).await.expect("a net");
    let (held, caught) = review(&mut rows, wrong.clone(), 8, NOW).await.expect("held");
    let mut names: Vec<_> = caught.iter().map(|c| (c.output, c.over.article, c.again)).collect();
    names.sort_unstable();
    names.dedup();
    let all = ["feed atom", "feed json", "review mail", "review pdf", "review text"];
    assert_eq!(names, all.map(|name| (name, named, false)));
    let (entry, was) = (&held.sections[0].entries[0], &wrong.sections[0].entries[0]);
    assert_eq!((entry.article, &entry.title, entry.extract.as_str()), (lead, &was.title, ""), "the entry stays");
    assert_eq!((entry.also_in[0].outlet_name.as_str(), entry.also_in[0].url.as_str()), ("L'Eco", "https://eco.test/1"));
    for output in outputs_of_review() {
        assert_eq!(net.over(&(output.draw)(&held), output.form), [], "{}", output.name);
    }
}

#[tokio::test]
async fn what_may_be_shown_is_left_as_it_is() {
    let (office, article) = office().await;
    let mut rows = office.store.read().await.expect("rows");
    let short = allowed(RightsClass::ExtractOnly, None, &Signals::default(), Audience::Readers(8), NOW.day());
    let mut right = broken(article);
    right.sections[0].entries[0].extract = short.extract(&ForeignText::new(body()));
    assert_eq!(review(&mut rows, right.clone(), 8, NOW).await.expect("held"), (right, Vec::new()));
}

#[tokio::test]
async fn a_body_in_a_difference_is_caught_in_its_mail() {
    let (office, article) = office().await;
    let mut rows = office.store.read().await.expect("rows");
    let next = sample::review();
    assert!(matches!(next.state, ReviewState::Published { .. }));
    let added = broken(article).sections.remove(0).entries.remove(0);
    for place in 0..3 {
        let mut lists = [Vec::new(), Vec::new(), Vec::new()];
        lists[place].push(added.clone());
        let [added, corrected, removed] = lists;
        let next = next.clone();
        let changed = crate::curate::Difference { next, added, corrected, removed, caught: Vec::new() };
        let (held, caught) = difference(&mut rows, changed, 8, NOW).await.expect("held");
        let mut names: Vec<_> = caught.iter().map(|c| c.output).collect();
        names.dedup();
        assert_eq!(names, ["difference mail", "difference text"]);
        let told: Vec<&Entry> = held.added.iter().chain(&held.corrected).chain(&held.removed).collect();
        assert_eq!(told.iter().map(|e| (e.title.as_str(), e.extract.as_str())).collect::<Vec<_>>(), [(TITLE, "")]);
    }
}

#[tokio::test]
async fn a_body_in_an_alert_is_caught_in_mail_and_notification() {
    let (office, article) = office_with(RightsClass::LinkOnly).await;
    let net = of_articles(&mut office.store.read().await.expect("rows"), &[article], 1, NOW).await.expect("a net");
    type Break = (fn(&mut AlertSheet), &'static [&'static str]);
    let all: &[&str] = &["alert mail", "alert text", "batch mail", "batch text"];
    let breaks: [Break; 3] = [
        (|s| s.extract = leak(), all),
        (|s| s.note = body(), all),
        (|s| s.title = body(), &["alert mail", "alert text", "batch mail", "batch text", "notification"]),
    ];
    for (spoil, expected) in breaks {
        let mut sheet = AlertSheet::sample();
        spoil(&mut sheet);
        let (held, caught) = crate::alert::held(sheet, &net);
        let mut names: Vec<_> = caught.iter().map(|c| c.output).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names, expected);
        assert!(caught.iter().all(|c| !c.again));
        assert_eq!((held.title.as_str(), held.outlet_name.as_str(), held.extract.as_str()), (TITLE, "L'Eco", ""));
        assert_eq!(crate::alert::held(held.clone(), &net), (held, Vec::new()));
    }
}

#[tokio::test]
async fn a_body_in_a_line_is_caught_in_files_and_feeds() {
    let (office, article) = office().await;
    let mut rows = office.store.read().await.expect("rows");
    let gates = Gates::of(&mut rows, Audience::Readers(1), NOW).await.expect("gates");
    let net = of_articles(&mut rows, &[article], 1, NOW).await.expect("a net");
    let right = gates.lines(&mut rows, &[article], true, false).await.expect("lines");
    assert!(right[0].text.is_empty() && !right[0].extract.is_empty());
    for spoil in
        [|l: &mut Line| l.extract = leak(), |l: &mut Line| l.text = vec![leak()], |l: &mut Line| l.rubric = body()]
    {
        let mut wrong = right.clone();
        spoil(&mut wrong[0]);
        for form in [crate::export::Form::Csv { comma: false }, crate::export::Form::JsonLines { tags: false }] {
            let draw = |lines: &Vec<Line>| crate::export::tests::printed(form, lines);
            let written = if form.name() == "csv" { Form::Text } else { Form::Json };
            let output = || Output::new(form.name(), written, draw);
            assert_eq!(lines(right.clone(), &net, output()), (right.clone(), Vec::new()), "{}", form.name());
            if draw(&wrong) == draw(&right) {
                continue;
            }
            let (held, caught) = lines(wrong.clone(), &net, output());
            assert_eq!(caught.len(), 1, "{}", form.name());
            assert_eq!((held[0].title.as_str(), held[0].extract.as_str(), held[0].text.len()), (TITLE, "", 0));
        }
    }
}
