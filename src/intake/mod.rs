//! An old archive that comes in, by the command line or at the desk: how a table is understood ([`table`]), which outlet
//! a name means ([`outlets`]), and, here, what becomes of its rows: kept in batches, or only counted.
//!
//! The file of refused rows is written before the batch is committed, and its length is in the batch: after a kill it is
//! cut back to that length, so that no refusal is lost and none stands there twice. Where the file itself is gone, a row says so.

pub(crate) mod outlets;
pub(crate) mod table;

use crate::app::{App, told};
use anyhow::{Context, Result};
use outlets::Outlets;
use salastampa_acts::backfile::desk::{Counted, Double, RefusedRow};
use salastampa_acts::backfile::{self, Offered};
use salastampa_acts::cell::between_semicolons;
use salastampa_domain::{Import, Progress};
use salastampa_locale::{Lang, fill, t};
use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// So many rows a transaction.
const BATCH: usize = 500;
/// A dry run remembers so many rows to see what is twice in the file.
const REMEMBERED: usize = 5_000_000;
/// So many refused rows are shown.
const SHOWN: usize = 10;

/// Why a row does not come in.
pub(crate) struct Refused {
    /// The name of the reason: `import.refused.…`.
    pub(crate) reason: &'static str,
    /// What it stumbled over.
    pub(crate) text: String,
}

impl Refused {
    pub(crate) fn new(reason: &'static str, text: &str) -> Self {
        Self { reason, text: text.to_owned() }
    }

    pub(crate) fn sentence(&self, lang: Lang) -> String {
        refusal(lang, self.reason, &self.text)
    }
}

/// The sentence of a reason.
pub(crate) fn refusal(lang: Lang, reason: &str, text: &str) -> String {
    fill(lang, &format!("import.refused.{reason}"), &[("text", text)])
}

/// Rows on their way in.
pub(crate) struct Intake<'a> {
    app: &'a App,
    pub(crate) outlets: Outlets,
    way: Way,
    /// Rows read and refused, those of this batch included.
    upto: Progress,
    offered: Vec<(u64, Offered)>,
    reasons: BTreeMap<&'static str, u64>,
    shown: Vec<RefusedRow>,
}

enum Way {
    /// Nothing is written.
    Dry {
        seen: HashSet<u64>,
        taken: i64,
        known: i64,
        twice: i64,
        /// The first rows that are known or stand twice.
        doubles: Vec<Double>,
    },
    Real {
        import: Box<Import>,
        refused: File,
        path: PathBuf,
    },
}

impl<'a> Intake<'a> {
    /// Only counts.
    pub(crate) fn dry(app: &'a App, outlets: Outlets) -> Self {
        let way = Way::Dry { seen: HashSet::new(), taken: 0, known: 0, twice: 0, doubles: Vec::new() };
        Self::of(app, outlets, way, Progress::default())
    }

    /// Keeps, beginning where the import stands.
    pub(crate) fn real(app: &'a App, outlets: Outlets, import: Import, file: &Path) -> Result<Self> {
        let mut upto = import.progress;
        let (refused, path, bytes) = refused_file(app, file, upto.refused_bytes)?;
        upto.refused_bytes = bytes;
        Ok(Self::of(app, outlets, Way::Real { import: Box::new(import), refused, path }, upto))
    }

    fn of(app: &'a App, outlets: Outlets, way: Way, upto: Progress) -> Self {
        let (offered, reasons, shown) = (Vec::with_capacity(BATCH), BTreeMap::new(), Vec::new());
        Self { app, outlets, way, upto, offered, reasons, shown }
    }

    /// Rows that were read in a run before: the next one that is told is behind them.
    pub(crate) fn position(&self) -> i64 {
        self.upto.position
    }

    /// The name of the batch, as articles bear it.
    pub(crate) fn batch(&self) -> String {
        match &self.way {
            Way::Dry { .. } => String::new(),
            Way::Real { import, .. } => import.id.to_string(),
        }
    }

    /// Articles that came in, or would.
    pub(crate) fn taken(&self) -> i64 {
        match &self.way {
            Way::Dry { taken, .. } => *taken,
            Way::Real { import, .. } => import.progress.taken,
        }
    }

    /// A row that can be kept. True at the end of a batch.
    pub(crate) async fn offer(&mut self, line: u64, offered: Offered) -> Result<bool> {
        self.add(line, offered);
        self.next().await
    }

    /// A row that cannot. True at the end of a batch.
    pub(crate) async fn refuse(&mut self, line: u64, why: &Refused, title: &str) -> Result<bool> {
        self.reject(line, why, title)?;
        self.next().await
    }

    /// An article of a row that may have several; [`Self::next`] ends the row.
    pub(crate) fn add(&mut self, line: u64, offered: Offered) {
        self.offered.push((line, offered));
    }

    /// A part of a row that cannot be kept; [`Self::next`] ends the row.
    pub(crate) fn reject(&mut self, line: u64, why: &Refused, title: &str) -> Result<()> {
        let lang = self.app.house.lang;
        self.upto.refused += 1;
        *self.reasons.entry(why.reason).or_default() += 1;
        let sentence = why.sentence(lang);
        if let Way::Real { refused, path, .. } = &mut self.way {
            let cells = [line.to_string(), between_semicolons(&sentence), between_semicolons(title)];
            let row = format!("{}\n", cells.join(";"));
            refused.write_all(row.as_bytes()).with_context(|| format!("writing {}", path.display()))?;
            self.upto.refused_bytes += i64::try_from(row.len()).unwrap_or_default();
        }
        if self.shown.len() < SHOWN {
            self.shown.push(RefusedRow { line, reason: why.reason.to_owned(), text: why.text.clone() });
        }
        Ok(())
    }

    /// The end of a row: only between two rows is anything kept, so that an import that was killed never goes on inside
    /// one. True at the end of a batch.
    pub(crate) async fn next(&mut self) -> Result<bool> {
        self.upto.position += 1;
        let full = self.upto.position % i64::try_from(BATCH).unwrap_or(1) == 0 || self.offered.len() >= BATCH;
        if full {
            self.flush(false).await?;
        }
        Ok(full)
    }

    /// Keeps what waits; `last` ends the import.
    pub(crate) async fn flush(&mut self, last: bool) -> Result<()> {
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
            Way::Dry { seen, taken, known, twice, doubles } => {
                let there = told(self.app, backfile::known(&mut self.app.store.read().await?, &offered).await)?;
                for ((line, offered), there) in lines.iter().zip(&offered).zip(there) {
                    let mut hasher = DefaultHasher::new();
                    (offered.article.outlet, &offered.article.key).hash(&mut hasher);
                    let key = hasher.finish();
                    let again = seen.contains(&key);
                    if seen.len() < REMEMBERED {
                        seen.insert(key);
                    }
                    if (again || there) && doubles.len() < SHOWN {
                        let title = offered.article.title.clone();
                        doubles.push(Double { line: *line, title, in_archive: there });
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
    pub(crate) fn counted(&self) -> Counted {
        let mut unknown: Vec<(String, u64)> = self.outlets.unknown.iter().map(|(name, n)| (name.clone(), *n)).collect();
        unknown.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let counted = Counted {
            refused: self.upto.refused,
            reasons: self.reasons.iter().map(|(reason, n)| ((*reason).to_owned(), *n)).collect(),
            first: self.shown.clone(),
            unknown,
            ..Counted::default()
        };
        match &self.way {
            Way::Dry { seen, taken, known, twice, doubles } => Counted {
                taken: *taken,
                known: *known,
                twice: *twice,
                doubles: doubles.clone(),
                forgot: seen.len() >= REMEMBERED,
                ..counted
            },
            Way::Real { import, .. } => {
                Counted { taken: import.progress.taken, known: import.progress.known, ..counted }
            }
        }
    }

    /// The import and its file of refused rows; none for a dry run.
    pub(crate) fn import(&self) -> Option<(&Import, &Path)> {
        match &self.way {
            Way::Dry { .. } => None,
            Way::Real { import, path, .. } => Some((import, path)),
        }
    }
}

/// The file of refused rows, beside what is imported or, where nobody may write there, in the data folder; cut back to
/// what was committed. One that is shorter (removed, or out of a backup) says in a row what it lacks. With its length, in
/// bytes.
fn refused_file(app: &App, file: &Path, committed: i64) -> Result<(File, PathBuf, i64)> {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".refused.csv");
    let open = |path: PathBuf| {
        let opened = File::options().create(true).read(true).write(true).truncate(false).open(&path)?;
        Ok::<_, std::io::Error>((opened, path))
    };
    let (mut opened, path) = open(file.with_file_name(&name))
        .or_else(|_| open(app.config.data.folder.join(&name)))
        .context("opening a file for the rows that are refused")?;
    let committed = u64::try_from(committed).unwrap_or_default();
    let mut cut_back = || {
        if opened.metadata()?.len() >= committed {
            opened.set_len(committed)?;
        } else {
            let lost = format!(";{};\n", between_semicolons(t(app.house.lang, "import.refused_lost")));
            let mut there = Vec::new();
            opened.read_to_end(&mut there)?;
            if !there.ends_with(lost.as_bytes()) {
                // the row before may be half a one
                let gap = if there.last().is_none_or(|byte| *byte == b'\n') { "" } else { "\n" };
                opened.write_all(format!("{gap}{lost}").as_bytes())?;
            }
        }
        opened.seek(SeekFrom::End(0))
    };
    let bytes = cut_back().with_context(|| format!("writing {}", path.display()))?;
    Ok((opened, path, i64::try_from(bytes).unwrap_or(i64::MAX)))
}
