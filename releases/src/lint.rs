//! Advice on a draft: what desks throw releases away for. It warns and never blocks; what blocks is in `refuse`.
//! Left out: the rules of election time (`impersonal`), which ask for a register of persons.

use crate::Message;
use crate::draft::Draft;
use crate::impersonal::names_office;
use crate::markdown::{self, Block};
use crate::quotations::{Quotation, apart, is_sentence};
use crate::templates;
use jiff::civil::Weekday;
use salastampa_domain::{Timestamp, is_holiday};
use salastampa_locale::Lang;
use salastampa_text as text;

/// Longest title without a warning, in characters.
pub const TITLE: usize = 80;
/// Longest title that the lists of the newsroom show well, in characters.
pub const NEWSROOM_TITLE: usize = 60;
/// Longest abstract without a warning, in characters.
pub const SUMMARY: usize = 160;
/// Most quotations without a warning.
pub const QUOTES: usize = 3;
/// Longest lead without a warning, in characters: about five lines of print.
pub const LEAD: usize = 600;
/// Below this Gulpease index (Lucisano and Piemontese 1988) a text is hard for readers with a middle-school degree.
pub const GULPEASE: i64 = 40;

/// A piece of advice.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lint {
    /// Which rule.
    pub rule: Rule,
    /// What is unwise and what to do.
    pub message: Message,
}

/// The rules.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Rule {
    /// The title is longer than [`TITLE`].
    TitleLong,
    /// The title is longer than [`NEWSROOM_TITLE`], and not than [`TITLE`].
    NewsroomTitleLong,
    /// The title is all capitals.
    TitleCapitals,
    /// The title is only the name of the thing.
    TitleEmpty,
    /// No abstract.
    NoSummary,
    /// The abstract is longer than [`SUMMARY`].
    SummaryLong,
    /// The abstract says the title again.
    SummaryRepeats,
    /// Nobody to ask.
    NoContacts,
    /// No place in the dateline.
    NoPlace,
    /// No day in the dateline.
    NoDate,
    /// The first paragraph names nobody.
    LeadWho,
    /// The first paragraph names no time.
    LeadWhen,
    /// The first paragraph hardly says what.
    LeadWhat,
    /// The first paragraph names no place.
    LeadWhere,
    /// The first paragraph is longer than [`LEAD`].
    LeadLong,
    /// More than [`QUOTES`] quotations.
    ManyQuotes,
    /// A quotation without a name beside it.
    QuoteNameless,
    /// Whoever is quoted has no office beside the name.
    QuoteOfficeless,
    /// Nobody says that minors and sensitive data were looked after.
    Unchecked,
    /// Sentences and words are long.
    Hard,
    /// Raw HTML is shown as text.
    Html,
    /// Images are not mailed.
    Image,
    /// A link lost its target.
    Link,
    /// Whoever is quoted has not let the words go out.
    QuoteUnsigned,
    /// Most of a list follow other subjects.
    ListElsewhere,
    /// A mark of a template that nobody has filled in.
    Unfilled,
    /// Leaves when newsrooms close.
    Late,
    /// Leaves on a holiday.
    Holiday,
}

/// What the draft itself does not say.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct LintContext {
    /// The office has contacts of its own, used where the draft names none.
    pub has_contacts: bool,
    /// When it would leave.
    pub send_at: Option<Timestamp>,
    /// The office's language, where the draft names none.
    pub language: Lang,
    /// The day of the town's patron, as month and day.
    pub patron: Option<(i8, i8)>,
}

/// All advice on a draft, in the order in which it is read.
pub fn lint(draft: &Draft, context: &LintContext) -> Vec<Lint> {
    let (blocks, lost) = markdown::parse(&draft.body, draft.language.unwrap_or(context.language));
    let mut lints = Lints(Vec::new());
    of_head(draft, context, &mut lints);
    of_lead(&blocks, &mut lints);
    of_quotes(draft, &blocks, draft.language.unwrap_or(context.language), &mut lints);
    lints.when(!draft.checked, Rule::Unchecked, "releases.lint.unchecked");
    if let Some(index) = readability(draft, context.language).filter(|index| *index < GULPEASE) {
        lints.add(Rule::Hard, Message::new("releases.lint.hard").with("index", index).with("least", GULPEASE));
    }
    lints.when(lost.html > 0, Rule::Html, "releases.lint.html");
    lints.when(lost.images > 0, Rule::Image, "releases.lint.image");
    lints.when(lost.links > 0, Rule::Link, "releases.lint.link");
    let of_head = [&draft.title, &draft.kicker, &draft.summary].into_iter().find_map(|line| templates::unfilled(line));
    if let Some(mark) = of_head.or_else(|| templates::unfilled_in(&blocks)) {
        lints.add(Rule::Unfilled, Message::new("releases.lint.unfilled").with("mark", mark));
    }
    if let Some(at) = draft.embargo.max(context.send_at) {
        lints.0.extend(unwise_hour(at, context.patron));
    }
    lints.0
}

/// What is to be said of a list most of whose people follow other subjects: those with beats of which none is a topic of the
/// text. Who has no beats follows everything; a text without topics says nothing of whom it is for.
pub fn elsewhere(topics: &[String], list: &str, beats: &[Vec<String>]) -> Option<Lint> {
    let stems = |text: &String| -> Vec<String> {
        text::words(text)
            .into_iter()
            .map(|word| text::fold(&word.text))
            .filter(|word| word.chars().count() > 3)
            .collect()
    };
    let wanted: Vec<String> = topics.iter().flat_map(stems).collect();
    let known: Vec<&Vec<String>> = beats.iter().filter(|beats| !beats.is_empty()).collect();
    let none = |beats: &&&Vec<String>| beats.iter().flat_map(stems).all(|word| !wanted.contains(&word));
    let others = known.iter().filter(none).count();
    if wanted.is_empty() || others * 2 <= known.len() {
        return None;
    }
    let message =
        Message::new("releases.lint.list_elsewhere").with("list", list).with("n", others).with("all", beats.len());
    Some(Lint { rule: Rule::ListElsewhere, message })
}

/// What is to be said of quotations that nobody has let go out, as far as the office has noted it.
pub fn unsigned(quotations: &[&Quotation]) -> Option<Lint> {
    const SHOWN: usize = 50;
    let first = quotations.first()?;
    let mut words: String = first.words.chars().take(SHOWN).collect();
    if words.len() < first.words.len() {
        words.push('…');
    }
    let message = Message::new("releases.lint.quote_unsigned").with("n", quotations.len()).with("words", words);
    Some(Lint { rule: Rule::QuoteUnsigned, message })
}

/// What is to be said of the hour at which something leaves: newsrooms are closed, or nearly.
pub fn unwise_hour(at: Timestamp, patron: Option<(i8, i8)>) -> Option<Lint> {
    let (hour, day) = (at.civil().hour(), at.day());
    let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    let (rule, key) = match (is_holiday(day, patron), weekend || hour >= 18) {
        (true, _) => (Rule::Holiday, "releases.lint.holiday"),
        (false, true) => (Rule::Late, "releases.lint.late"),
        (false, false) => return None,
    };
    Some(Lint { rule, message: Message::new(key) })
}

/// The [`gulpease`] index of a draft's text. `language` is the office's, where the draft names none.
pub fn readability(draft: &Draft, language: Lang) -> Option<i64> {
    let (blocks, _) = markdown::parse(&draft.body, draft.language.unwrap_or(language));
    gulpease(&markdown::paragraphs(&blocks).join("\n"))
}

/// The Gulpease index of a text, 0 (hard) to 100; `None` for fewer than 30 words, where it says nothing.
pub fn gulpease(words: &str) -> Option<i64> {
    let counts = text::counts(words);
    let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX / 1_000);
    (counts.words >= 30).then(|| {
        let sum = 300 * number(counts.sentences) - 10 * number(counts.letters);
        (89 + sum / number(counts.words)).clamp(0, 100)
    })
}

struct Lints(Vec<Lint>);

impl Lints {
    fn add(&mut self, rule: Rule, message: Message) {
        self.0.push(Lint { rule, message });
    }

    fn when(&mut self, condition: bool, rule: Rule, key: &'static str) {
        if condition {
            self.add(rule, Message::new(key));
        }
    }
}

fn of_head(draft: &Draft, context: &LintContext, lints: &mut Lints) {
    let length = draft.title.chars().count();
    if length > TITLE {
        lints.add(Rule::TitleLong, Message::new("releases.lint.title_long").with("n", length).with("most", TITLE));
    } else if length > NEWSROOM_TITLE {
        let message = Message::new("releases.lint.newsroom_title_long").with("n", length).with("most", NEWSROOM_TITLE);
        lints.add(Rule::NewsroomTitleLong, message);
    }
    lints.when(is_capitals(&draft.title), Rule::TitleCapitals, "releases.lint.title_capitals");
    let bare = text::fold(draft.title.trim_matches(|c: char| !c.is_alphanumeric()));
    let empty = ["comunicato stampa", "comunicato", "nota stampa", "invito", "press release"].contains(&bare.as_str());
    lints.when(empty, Rule::TitleEmpty, "releases.lint.title_empty");

    let length = draft.summary.chars().count();
    lints.when(length == 0, Rule::NoSummary, "releases.lint.no_summary");
    if length > SUMMARY {
        lints
            .add(Rule::SummaryLong, Message::new("releases.lint.summary_long").with("n", length).with("most", SUMMARY));
    }
    let again = length > 0 && repeats(&draft.title, &draft.summary);
    lints.when(again, Rule::SummaryRepeats, "releases.lint.summary_repeats");

    let nobody = draft.contacts.is_empty() && !context.has_contacts;
    lints.when(nobody, Rule::NoContacts, "releases.lint.no_contacts");
    lints.when(draft.place.is_none(), Rule::NoPlace, "releases.lint.no_place");
    lints.when(draft.date.is_none(), Rule::NoDate, "releases.lint.no_date");
}

/// Whether an abstract says the title again: begins with it, or has nearly all its words and hardly another.
fn repeats(title: &str, summary: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        text::words(text).into_iter().map(|word| word.text).filter(|word| word.chars().count() >= 4).collect()
    };
    let (said, again) = (words(title), words(summary));
    let both = said.iter().filter(|word| again.contains(word)).count();
    let new = again.iter().filter(|word| !said.contains(word)).count();
    text::fold(summary).starts_with(&text::fold(title)) || (said.len() >= 2 && both * 5 >= said.len() * 4 && new < 3)
}

/// Eight letters or more, all of them capitals: shorter ones are names of bodies.
fn is_capitals(title: &str) -> bool {
    let letters = title.chars().filter(|c| c.is_alphabetic()).count();
    letters >= 8 && !title.chars().any(char::is_lowercase)
}

fn of_lead(blocks: &[Block], lints: &mut Lints) {
    let Some(lead) = blocks.iter().find_map(|block| match block {
        Block::Paragraph(spans) => Some(markdown::words(spans)),
        _ => None,
    }) else {
        return;
    };
    lints.when(text::names(&lead).is_empty(), Rule::LeadWho, "releases.lint.lead_who");
    lints.when(!says_what(&lead), Rule::LeadWhat, "releases.lint.lead_what");
    lints.when(!names_time(&lead), Rule::LeadWhen, "releases.lint.lead_when");
    lints.when(!names_place(&lead), Rule::LeadWhere, "releases.lint.lead_where");
    let length = lead.chars().count();
    if length > LEAD {
        lints.add(Rule::LeadLong, Message::new("releases.lint.lead_long").with("n", length).with("most", LEAD));
    }
}

/// Whether a text says what: beside names, numbers and small words there are two others at least.
fn says_what(lead: &str) -> bool {
    let words = lead.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).enumerate();
    // the first word has a capital whatever it is
    let plain = |(n, word): &(usize, &str)| {
        word.chars().count() >= 5 && word.chars().skip(usize::from(*n == 0)).all(char::is_lowercase)
    };
    words.filter(plain).nth(1).is_some()
}

/// Whether a text says where: a place of a town, or a name after a word that leads to one, Italian or English.
fn names_place(lead: &str) -> bool {
    const PLACES: [&str; 46] = [
        "via",
        "viale",
        "piazza",
        "piazzale",
        "piazzetta",
        "corso",
        "largo",
        "vicolo",
        "parco",
        "giardini",
        "quartiere",
        "frazione",
        "rione",
        "centro",
        "municipio",
        "biblioteca",
        "scuola",
        "palestra",
        "teatro",
        "museo",
        "stadio",
        "piscina",
        "ponte",
        "strada",
        "stazione",
        "lungolago",
        "lungomare",
        "porto",
        "lago",
        "cimitero",
        "mercato",
        "ospedale",
        "asilo",
        "nido",
        "galleria",
        "provinciale",
        "statale",
        "street",
        "square",
        "road",
        "school",
        "library",
        "town",
        "hall",
        "bridge",
        "park",
    ];
    const LEADING: [&str; 22] = [
        "a", "ad", "in", "di", "da", "presso", "nel", "nello", "nella", "nei", "negli", "nelle", "al", "allo", "alla",
        "ai", "del", "dello", "della", "at", "of", "near",
    ];
    let mut before = "";
    lead.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).any(|word| {
        let leads = LEADING.contains(&before) && word.starts_with(char::is_uppercase);
        before = word;
        leads || PLACES.contains(&text::fold(word).as_str())
    })
}

/// Whether a text says when: a number, or a word for a day or a month, Italian or English.
fn names_time(lead: &str) -> bool {
    const WORDS: [&str; 12] = [
        "oggi",
        "domani",
        "ieri",
        "stamattina",
        "stasera",
        "stanotte",
        "settimana",
        "mese",
        "today",
        "tomorrow",
        "yesterday",
        "week",
    ];
    let folded = text::fold(lead);
    let dated = |lang| {
        let days = (1..=7).filter_map(|d| jiff::civil::Date::new(2026, 6, d).ok());
        let months = (1..=12).filter_map(|m| jiff::civil::Date::new(2026, m, 1).ok());
        days.map(move |d| salastampa_locale::date::weekday(d, lang))
            .chain(months.map(move |m| salastampa_locale::date::month(m, lang)))
    };
    let named: Vec<String> = Lang::ALL.into_iter().flat_map(dated).map(text::fold).collect();
    folded.chars().any(|c| c.is_ascii_digit())
        || folded
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| WORDS.contains(&word) || named.iter().any(|name| name == word))
}

/// Quotations are what stands between « » (or “ ”) and is a sentence, not a name set apart.
fn of_quotes(draft: &Draft, blocks: &[Block], lang: Lang, lints: &mut Lints) {
    let paragraphs = markdown::paragraphs(blocks);
    let mut quotes = 0;
    let (mut nameless, mut officeless) = (0, 0);
    let mut before = String::new();
    for paragraph in &paragraphs {
        let (inside, outside) = apart(paragraph);
        let here = inside.iter().filter(|q| is_sentence(q)).count();
        quotes += here;
        let named = !text::names(&outside).is_empty() || !text::names(&before).is_empty();
        if here > 0 && !named && draft.quoted.is_empty() {
            nameless += here;
        } else if here > 0 && draft.quoted.is_empty() && !names_office(&outside, lang) && !names_office(&before, lang) {
            officeless += here;
        }
        before = outside;
    }
    if quotes > QUOTES {
        lints.add(Rule::ManyQuotes, Message::new("releases.lint.many_quotes").with("n", quotes).with("most", QUOTES));
    }
    lints.when(nameless > 0, Rule::QuoteNameless, "releases.lint.quote_nameless");
    // Irene Valsecca, assessora alla scuola
    let plain = |word: &str| word.chars().count() >= 4 && word.starts_with(char::is_lowercase);
    let bare = |who: &&String| !names_office(who, lang) && !who.split_whitespace().any(plain);
    officeless += draft.quoted.iter().filter(bare).count();
    lints.when(officeless > 0, Rule::QuoteOfficeless, "releases.lint.quote_officeless");
}

#[cfg(test)]
mod tests;
