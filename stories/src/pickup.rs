//! Who used our release: how much of an article is a release's text, and where.
//!
//! Compared by five-word runs, without what proves nothing: the release's title (a *leggi anche* link carries it),
//! datelines, footers, citations of laws and the formulae of offices ([`crate::formulae`]). A long run alone proves a quotation and not a pickup: independent reports of one event share
//! the quotes of it, hence the difference that quotation marks make.

use crate::formulae::telling_words;
use crate::shingle::{Keys, LONGEST, RUN, Runs, head, of_words};
use salastampa_domain::{ForeignText, PickupLevel, ReleaseId};
use salastampa_text::words;
use std::ops::Range;

/// A release that went out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Released {
    /// The release.
    pub id: ReleaseId,
    /// Its title.
    pub title: String,
    /// Its text, without the title.
    pub text: String,
}

/// A release made ready to be compared with many articles.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The release.
    pub id: ReleaseId,
    runs: Runs,
    /// The runs of the text that are not in the title.
    keys: Keys,
    title: Vec<String>,
}

/// A release found in an article.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    /// The release.
    pub release: ReleaseId,
    /// How much of it.
    pub level: PickupLevel,
    /// Share of the article's words that are the release's, in thousandths.
    pub of_article: i64,
    /// Share of the release's words that are in the article, in thousandths.
    pub of_release: i64,
    /// The stretches of the article's body that are the release's, in bytes.
    pub ranges: Vec<Range<usize>>,
}

/// Shares and runs that make a level.
const FULL: f64 = 0.70;
const PARTIAL: f64 = 0.25;
const QUOTE: f64 = 0.05;
const QUOTED_RUN: usize = 12;
const PLAIN_RUN: usize = 10;
/// Words of a sentence: a text taken over as it stands is shared in stretches of at least this length on average, a
/// reworded one in shorter ones.
const SENTENCE: usize = 20;
/// From this share on, the longest stretch is all that was taken, and less than half of the release is a quotation.
const ONE_PIECE: f64 = 0.60;
const HALF: f64 = 0.50;
/// Share of a title's words that makes another one the same.
const SAME_TITLE: f64 = 0.80;

/// Reads a release once.
pub fn prepare(release: &Released) -> Prepared {
    let title = words(head(&release.title, 2_000));
    let runs = of_words(&telling_words(head(&release.text, LONGEST)));
    let of_title = of_words(&title).set();
    let keys = runs.set().difference(&of_title).copied().collect();
    Prepared { id: release.id, runs, keys, title: title.into_iter().map(|w| w.text).collect() }
}

/// What an article has of a release; `None` where it has nothing. A title alone is *tema*.
pub fn compare(release: &Prepared, title: &str, body: &ForeignText) -> Option<Found> {
    let text = head(body.for_analysis(), LONGEST);
    let own = telling_words(text);
    let runs = of_words(&own);
    let shared = shared_words(&runs, &release.keys, own.len());
    let quoted = quoted(text);
    let in_quotes: Vec<bool> =
        own.iter().map(|w| quoted.iter().any(|q| q.start <= w.start && w.end <= q.end)).collect();

    let ratio = |part: usize, whole: usize| if whole == 0 { 0.0 } else { part as f64 / whole as f64 };
    let of_article = ratio(shared.iter().filter(|s| **s).count(), own.len());
    let plain = ratio(
        shared.iter().zip(&in_quotes).filter(|(s, q)| **s && !**q).count(),
        in_quotes.iter().filter(|q| !**q).count(),
    );
    let of_release =
        ratio(release.runs.covered(&runs.set().intersection(&release.keys).copied().collect()), release.runs.words());
    let longest = |quoted: bool| longest_run(shared.iter().zip(&in_quotes).map(|(s, q)| *s && *q == quoted));

    let stretches = stretches(&shared);
    let taken: usize = stretches.iter().map(Range::len).sum();
    let longest_stretch = stretches.iter().map(Range::len).max().unwrap_or(0);
    let whole_sentences = taken >= SENTENCE * stretches.len();
    // what stands in one piece is quoted, however short the article or the release around it
    let one_piece = longest_stretch as f64 >= ONE_PIECE * taken as f64 && of_release < HALF;

    let level = if of_article >= FULL && whole_sentences {
        PickupLevel::Full
    } else if !one_piece && (plain >= PARTIAL || of_release >= PARTIAL) {
        PickupLevel::Partial
    } else if longest(true) >= QUOTED_RUN || longest(false) >= PLAIN_RUN || of_release >= QUOTE {
        PickupLevel::Quote
    } else if is_same_title(&release.title, title) {
        PickupLevel::Theme
    } else {
        return None;
    };
    let ranges = stretches.iter().map(|s| own[s.start].start..own[s.end - 1].end).collect();
    let thousandths = |share: f64| (share * 1_000.0).round() as i64;
    let (of_article, of_release) = (thousandths(of_article), thousandths(of_release));
    Some(Found { release: release.id, level, of_article, of_release, ranges })
}

/// What a release and an article have in common, to be shown beside one another.
pub struct Common(Keys);

/// The runs of the release that stand in the article too.
pub fn common(release: &Prepared, body: &ForeignText) -> Common {
    let theirs = of_words(&telling_words(head(body.for_analysis(), LONGEST))).set();
    Common(release.keys.intersection(&theirs).copied().collect())
}

impl Common {
    /// The stretches of a piece of either text that stand in both, in bytes, with how many words each has.
    pub fn stretches(&self, piece: &str) -> Vec<(Range<usize>, usize)> {
        let own = telling_words(piece);
        let shared = shared_words(&of_words(&own), &self.0, own.len());
        stretches(&shared).into_iter().map(|s| (own[s.start].start..own[s.end - 1].end, s.len())).collect()
    }

    /// The words of an article that are the release's own, paragraph by paragraph, and nothing else of it; each stretch
    /// with how many words it has.
    pub fn in_article(&self, body: &ForeignText) -> Vec<Vec<(String, usize)>> {
        let paragraphs = head(body.for_analysis(), LONGEST).split('\n');
        let own = paragraphs.map(|text| {
            let stretches = self.stretches(text).into_iter();
            stretches.filter_map(|(range, n)| Some((text.get(range)?.to_owned(), n))).collect::<Vec<_>>()
        });
        own.filter(|part| !part.is_empty()).collect()
    }
}

/// For each word, whether it stands in a shared run.
fn shared_words(runs: &Runs, keys: &Keys, words: usize) -> Vec<bool> {
    let mut shared = vec![false; words];
    for (i, _) in runs.0.iter().enumerate().filter(|(_, run)| keys.contains(run)) {
        shared[i..i + RUN].fill(true);
    }
    shared
}

/// The stretches of shared words.
fn stretches(shared: &[bool]) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for (i, _) in shared.iter().enumerate().filter(|(_, s)| **s) {
        match found.last_mut() {
            Some(stretch) if stretch.end == i => stretch.end = i + 1,
            _ => found.push(i..i + 1),
        }
    }
    found
}

fn longest_run(words: impl Iterator<Item = bool>) -> usize {
    let (mut longest, mut run) = (0, 0);
    for word in words {
        run = if word { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

/// What stands inside quotation marks, paragraph by paragraph: a mark that is not closed quotes nothing beyond.
fn quoted(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut open: Option<(char, usize)> = None;
    for (at, c) in text.char_indices() {
        match (open, c) {
            (_, '\n') => open = None,
            (Some((closing, start)), _) if c == closing => {
                found.push(start..at);
                open = None;
            }
            (None, '«') => open = Some(('»', at)),
            (None, '“') => open = Some(('”', at)),
            (None, '"') => open = Some(('"', at)),
            _ => {}
        }
    }
    found
}

fn is_same_title(ours: &[String], theirs: &str) -> bool {
    let theirs: Vec<String> = words(head(theirs, 2_000)).into_iter().map(|w| w.text).collect();
    let common = ours.iter().filter(|w| theirs.contains(w)).count();
    let longer = ours.len().max(theirs.len());
    longer >= 4 && common as f64 >= SAME_TITLE * longer as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    const TITLE: &str = "Piscina comunale di via dei Tigli, riapre lunedì dopo i lavori";
    const BODY: &str = "La piscina comunale di via dei Tigli riapre lunedì alle sette con orario pieno e tariffe \
        invariate per tutti i residenti. I lavori sono durati undici settimane e hanno rifatto gli spogliatoi, il tetto \
        e le pompe della vasca grande. «Abbiamo mantenuto la promessa fatta alle società sportive e alle scuole della \
        città, e lo abbiamo fatto senza un euro di debito», dice la sindaca Ada Corti. Le iscrizioni ai corsi si aprono \
        mercoledì allo sportello di piazza del Lago, con una corsia riservata a chi era già iscritto l'anno scorso. Il \
        Comune ha speso ottocentomila euro, metà dei quali arrivati dalla Regione con il bando per gli impianti.";
    const OTHER: &str = "In consiglio si è parlato a lungo del bilancio, con toni accesi e due sospensioni della seduta \
        chieste dalla minoranza. Alla fine il documento è passato con dodici voti favorevoli e quattro contrari, tra le \
        proteste del pubblico. La discussione riprende giovedì con il piano delle opere e con le domande dei quartieri \
        che aspettano da mesi una risposta sui marciapiedi, sulle fermate e sul mercato coperto di piazza Grande.";

    fn found(title: &str, body: &str) -> Option<Found> {
        let release = Released { id: ReleaseId(5), title: TITLE.into(), text: BODY.into() };
        compare(&prepare(&release), title, &ForeignText::new(body))
    }

    #[test]
    fn levels_tell_how_much_was_taken() {
        let sentences: Vec<&str> = BODY.split_inclusive(". ").collect();
        let quote = "«Abbiamo mantenuto la promessa fatta alle società sportive e alle scuole della città, e lo \
            abbiamo fatto senza un euro di debito»";
        let reworded = BODY
            .split(' ')
            .enumerate()
            .map(|(n, word)| if n % 11 == 10 { "cosicché" } else { word })
            .collect::<Vec<_>>()
            .join(" ");
        for (name, body, expected) in [
            ("all of it", format!("BELLARIVA - {BODY} Riproduzione riservata."), Some(PickupLevel::Full)),
            ("its first sentences", sentences[..3].concat(), Some(PickupLevel::Full)),
            ("every tenth word changed", reworded, Some(PickupLevel::Partial)),
            (
                "two sentences in an article",
                format!("{} {OTHER} {}", sentences[0], sentences[3]),
                Some(PickupLevel::Partial),
            ),
            ("a quotation", format!("{OTHER} {quote}, ha detto la sindaca. {OTHER}"), Some(PickupLevel::Quote)),
            ("one sentence", format!("{OTHER} {} {OTHER}", sentences[1]), Some(PickupLevel::Quote)),
            ("nothing", OTHER.to_owned(), None),
            ("a link to it", format!("{OTHER}\nLeggi anche: {TITLE}\n{OTHER}"), None),
            ("its title in a sentence", format!("{OTHER} {TITLE}, si legge. {OTHER}"), None),
            ("no text", String::new(), None),
        ] {
            assert_eq!(found("Altro titolo", &body).map(|f| f.level), expected, "{name}");
        }
        assert_eq!(found(TITLE, "").map(|f| f.level), Some(PickupLevel::Theme));
        assert_eq!(found("Piscina, riapre lunedì", OTHER), None);
    }

    #[test]
    fn the_same_law_and_the_same_office_in_two_towns_are_no_pickup() {
        let law =
            "ai sensi dell'articolo 50 del decreto legislativo 31 marzo 2023, n. 36, codice dei contratti pubblici";
        let release =
            format!("La palestra di via dei Tigli avrà un tetto nuovo, affidato {law}, alla ditta Corvi. {BODY}");
        let released = prepare(&Released { id: ReleaseId(5), title: TITLE.into(), text: release.clone() });
        let level = |body: String| compare(&released, "", &ForeignText::new(body)).map(|found| found.level);
        let office = "ha detto l'assessora ai lavori pubblici Livia Nava";
        for body in [
            format!("A Montorto il mercato coperto si rifà {law}, con gara a inviti. {OTHER}"),
            format!("Il canile di Pieve è stato aggiudicato, {law}. Così {office}. {OTHER}"),
        ] {
            assert_eq!(level(body.clone()), None, "{body}");
        }
        // what stands around it is found as ever
        assert_eq!(level(release.clone()), Some(PickupLevel::Full));
        let taken = release.split(". ").next().unwrap_or_default();
        assert_eq!(level(format!("{OTHER} {taken}. {OTHER}")), Some(PickupLevel::Quote));
    }

    #[test]
    fn shares_and_ranges_are_the_evidence() {
        let taken = "Il Comune ha speso ottocentomila euro, metà dei quali arrivati dalla Regione";
        let body = format!("{OTHER} Città: {taken}, pare. {OTHER}");
        let found = found("", &body).expect("a sentence was taken");
        assert_eq!(found.ranges.iter().map(|r| &body[r.clone()]).collect::<Vec<_>>(), [taken]);
        assert_eq!((found.release, found.level), (ReleaseId(5), PickupLevel::Quote));
        assert!((70..=90).contains(&found.of_article) && (90..=120).contains(&found.of_release), "{found:?}");
    }

    #[test]
    fn what_both_have_is_found_in_each_of_them_paragraph_by_paragraph() {
        let taken = "Il Comune ha speso ottocentomila euro, metà dei quali arrivati dalla Regione";
        let release = prepare(&Released { id: ReleaseId(5), title: TITLE.into(), text: BODY.into() });
        let common = common(&release, &ForeignText::new(format!("{OTHER}\nCittà: {taken}, pare. {OTHER}")));
        for (piece, expected) in
            [(BODY, vec![(taken, 12)]), (&format!("Città: {taken}, pare."), vec![(taken, 12)]), (OTHER, vec![])]
        {
            let found: Vec<(&str, usize)> =
                common.stretches(piece).into_iter().map(|(range, words)| (&piece[range], words)).collect();
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn a_quotation_that_is_not_closed_ends_with_its_paragraph() {
        let text = "prima «dentro\nfuori “qui” e \"là\"";
        assert_eq!(quoted(text).into_iter().map(|r| &text[r]).collect::<Vec<_>>(), ["“qui", "\"là"]);
    }
}
