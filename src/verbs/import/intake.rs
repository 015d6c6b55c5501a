//! What becomes of the rows of an old archive: kept in batches, or only counted.
//!
//! The file of refused rows is written before the batch is committed, and its length is in the batch: after a kill it is
//! cut back to that length, so that no refusal is lost and none stands there twice.

use super::outlets::Outlets;
use crate::app::App;
use crate::verbs::{archive, say, told};
use anyhow::{Context, Result};
use salastampa_acts::backfile::{self, Offered};
use salastampa_domain::{Import, Progress};
use salastampa_locale::{Lang, fill, number, t};
use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// So many rows a transaction.
const BATCH: usize = 500;
/// A dry run remembers so many rows to see what is twice in the file.
const REMEMBERED: usize = 5_000_000;
/// So many refused rows are shown.
const SHOWN: usize = 10;

/// Why a row does not come in.
pub(super) struct Refused {
    /// The name of the reason: `import.refused.…`.
    pub(super) reason: &'static str,
    /// What it stumbled over.
    pub(super) text: String,
}

impl Refused {
    pub(super) fn new(reason: &'static str, text: &str) -> Self {
        Self { reason, text: text.to_owned() }
    }

    fn sentence(&self, lang: Lang) -> String {
        fill(lang, &format!("import.refused.{}", self.reason), &[("text", &self.text)])
    }
}

/// Rows on their way in.
pub(super) struct Intake<'a> {
    app: &'a App,
    pub(super) outlets: Outlets,
    way: Way,
    /// Rows read and refused, those of this batch included.
    upto: Progress,
    offered: Vec<(u64, Offered)>,
    reasons: BTreeMap<&'static str, u64>,
    shown: Vec<(u64, String)>,
}

enum Way {
    /// Nothing is written.
    Dry {
        seen: HashSet<u64>,
        taken: i64,
        known: i64,
        twice: i64,
        /// The first rows that are known or stand twice, in words.
        told: Vec<String>,
    },
    Real {
        import: Box<Import>,
        refused: File,
        path: PathBuf,
    },
}

impl<'a> Intake<'a> {
    /// Only counts.
    pub(super) fn dry(app: &'a App, outlets: Outlets) -> Self {
        let way = Way::Dry { seen: HashSet::new(), taken: 0, known: 0, twice: 0, told: Vec::new() };
        Self::of(app, outlets, way, Progress::default())
    }

    /// Keeps, beginning where the import stands.
    pub(super) fn real(app: &'a App, outlets: Outlets, import: Import, file: &Path) -> Result<Self> {
        let upto = import.progress;
        let (refused, path) = refused_file(app, file, upto.refused_bytes)?;
        if upto.position > 0 {
            let n = number::whole(upto.position, app.house.lang);
            let id = import.id.to_string();
            say(fill(app.house.lang, "import.goes_on", &[("id", &id), ("n", &n)]));
        }
        Ok(Self::of(app, outlets, Way::Real { import: Box::new(import), refused, path }, upto))
    }

    fn of(app: &'a App, outlets: Outlets, way: Way, upto: Progress) -> Self {
        let (offered, reasons, shown) = (Vec::with_capacity(BATCH), BTreeMap::new(), Vec::new());
        Self { app, outlets, way, upto, offered, reasons, shown }
    }

    /// Rows that were read in a run before: the next one that is told is behind them.
    pub(super) fn position(&self) -> i64 {
        self.upto.position
    }

    /// The name of the batch, as articles bear it.
    pub(super) fn batch(&self) -> String {
        match &self.way {
            Way::Dry { .. } => String::new(),
            Way::Real { import, .. } => import.id.to_string(),
        }
    }

    /// Articles that came in, or would.
    pub(super) fn taken(&self) -> i64 {
        match &self.way {
            Way::Dry { taken, .. } => *taken,
            Way::Real { import, .. } => import.progress.taken,
        }
    }

    /// A row that can be kept. True at the end of a batch.
    pub(super) async fn offer(&mut self, line: u64, offered: Offered) -> Result<bool> {
        self.add(line, offered);
        self.next().await
    }

    /// A row that cannot. True at the end of a batch.
    pub(super) async fn refuse(&mut self, line: u64, why: &Refused, title: &str) -> Result<bool> {
        self.reject(line, why, title)?;
        self.next().await
    }

    /// An article of a row that may have several; [`Self::next`] ends the row.
    pub(super) fn add(&mut self, line: u64, offered: Offered) {
        self.offered.push((line, offered));
    }

    /// A part of a row that cannot be kept; [`Self::next`] ends the row.
    pub(super) fn reject(&mut self, line: u64, why: &Refused, title: &str) -> Result<()> {
        let lang = self.app.house.lang;
        self.upto.refused += 1;
        *self.reasons.entry(why.reason).or_default() += 1;
        let sentence = why.sentence(lang);
        if let Way::Real { refused, path, .. } = &mut self.way {
            let cells = [line.to_string(), archive::cell(&sentence), archive::cell(title)];
            let row = format!("{}\n", cells.join(";"));
            refused.write_all(row.as_bytes()).with_context(|| format!("writing {}", path.display()))?;
            self.upto.refused_bytes += i64::try_from(row.len()).unwrap_or_default();
        }
        if self.shown.len() < SHOWN {
            self.shown.push((line, sentence));
        }
        Ok(())
    }

    /// The end of a row: only between two rows is anything kept, so that an import that was killed never goes on inside
    /// one. True at the end of a batch.
    pub(super) async fn next(&mut self) -> Result<bool> {
        self.upto.position += 1;
        let full = self.upto.position % i64::try_from(BATCH).unwrap_or(1) == 0 || self.offered.len() >= BATCH;
        if full {
            self.flush(false).await?;
        }
        Ok(full)
    }

    /// Keeps what waits; `last` ends the import.
    pub(super) async fn flush(&mut self, last: bool) -> Result<()> {
        let (lines, offered): (Vec<u64>, Vec<Offered>) = std::mem::take(&mut self.offered).into_iter().unzip();
        let lang = self.app.house.lang;
        let now = self.app.clock.now();
        match &mut self.way {
            Way::Real { import, refused, .. } => {
                refused.sync_data().context("writing the refused rows")?;
                let store = &self.app.store;
                let taken = backfile::take(store, import, &offered, self.upto, last, lang, now).await;
                told(self.app, taken)?;
                self.upto = import.progress;
            }
            Way::Dry { seen, taken, known, twice, told: first } => {
                let there = told(self.app, backfile::known(&mut self.app.store.read().await?, &offered).await)?;
                for ((line, offered), there) in lines.iter().zip(&offered).zip(there) {
                    let mut hasher = DefaultHasher::new();
                    (offered.article.outlet, &offered.article.key).hash(&mut hasher);
                    let key = hasher.finish();
                    let again = seen.contains(&key);
                    if seen.len() < REMEMBERED {
                        seen.insert(key);
                    }
                    if (again || there) && first.len() < SHOWN {
                        let args = [("line", line.to_string()), ("title", offered.article.title.clone())];
                        let args = args.each_ref().map(|(name, text)| (*name, text.as_str()));
                        first.push(match there {
                            true => fill(lang, "import.twice_archive", &args),
                            false => fill(lang, "import.twice_file", &args),
                        });
                    }
                    match (again, there) {
                        (true, _) => *twice += 1,
                        (_, true) => *known += 1,
                        _ => *taken += 1,
                    }
                }
            }
        }
        Ok(())
    }

    /// What happened, or would.
    pub(super) fn report(&self) {
        let lang = self.app.house.lang;
        let whole = |n: i64| number::whole(n, lang);
        if !self.reasons.is_empty() {
            say(t(lang, "import.refused_title"));
            for (reason, n) in &self.reasons {
                let n = whole(i64::try_from(*n).unwrap_or(i64::MAX));
                let why = Refused::new(reason, "…").sentence(lang);
                say(fill(lang, "import.refused_count", &[("n", &n), ("why", &why)]));
            }
            for (line, why) in &self.shown {
                say(fill(lang, "import.refused_line", &[("line", &line.to_string()), ("why", why)]));
            }
        }
        if !self.outlets.unknown.is_empty() {
            say(t(lang, "import.unknown_title"));
            let mut names: Vec<_> = self.outlets.unknown.iter().collect();
            names.sort_by_key(|(name, n)| (std::cmp::Reverse(**n), (*name).clone()));
            for (name, n) in names {
                let n = whole(i64::try_from(*n).unwrap_or(i64::MAX));
                say(fill(lang, "import.unknown_line", &[("n", &n), ("name", name)]));
            }
            say(fill(lang, "import.known_outlets", &[("ids", &self.outlets.ids())]));
        }
        let refused = whole(self.upto.refused);
        match &self.way {
            Way::Dry { seen, taken, known, twice, told } => {
                if !told.is_empty() {
                    say(t(lang, "import.twice_title"));
                    told.iter().for_each(say);
                }
                say(fill(lang, "import.would", &[("n", &whole(*taken))]));
                let (known, twice) = (whole(*known), whole(*twice));
                let others = [("known", known.as_str()), ("twice", &twice), ("refused", &refused)];
                say(fill(lang, "import.would_other", &others));
                if seen.len() >= REMEMBERED {
                    say(fill(lang, "import.too_many", &[("n", &whole(5_000_000))]));
                }
            }
            Way::Real { import, path, .. } => {
                let (id, taken, known) =
                    (import.id.to_string(), whole(import.progress.taken), whole(import.progress.known));
                let counts = [("id", id.as_str()), ("taken", &taken), ("known", &known), ("refused", &refused)];
                say(fill(lang, "import.done", &counts));
                if self.upto.refused > 0 {
                    say(fill(lang, "import.refused_file", &[("file", &path.display().to_string())]));
                }
                if import.progress.taken > 0 {
                    say(t(lang, "import.search_soon"));
                }
            }
        }
    }
}

/// The file of refused rows, beside what is imported or, where nobody may write there, in the data folder; cut back to
/// what was committed.
fn refused_file(app: &App, file: &Path, committed: i64) -> Result<(File, PathBuf)> {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".refused.csv");
    let open = |path: PathBuf| {
        let opened = File::options().create(true).write(true).truncate(false).open(&path)?;
        Ok::<_, std::io::Error>((opened, path))
    };
    let (mut opened, path) = open(file.with_file_name(&name))
        .or_else(|_| open(app.config.data.folder.join(&name)))
        .context("opening a file for the rows that are refused")?;
    let committed = u64::try_from(committed).unwrap_or_default();
    opened.set_len(committed).with_context(|| format!("writing {}", path.display()))?;
    opened.seek(SeekFrom::End(0)).with_context(|| format!("writing {}", path.display()))?;
    Ok((opened, path))
}
