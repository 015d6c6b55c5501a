//! PDFs with text come in, a folder of them or one: an article a file, its day and outlet from the file's name; or, when
//! it is asked for, an article a bookmark, for whoever kept the reviews of old.
//!
//! Not asked for, a file with bookmarks is one article, and is told: a long article of one outlet has bookmarks too.
//! Each file is read in a process of its own (`errands::apart`). It is known by its hash, as one that is uploaded at the
//! desk. A scan is refused: what is needed first is a reading of its letters (OCR), which is not ours.

use super::parts;
use super::progress::Meter;
use crate::app::{App, told};
use crate::cli::Articles;
use crate::errands::apart::{self, Mishap};
use crate::errands::upload::{beginning, key_of};
use crate::intake::outlets::Outlets;
use crate::intake::{Intake, Refused};
use crate::verbs::say;
use anyhow::{Context, Result, bail};
use salastampa_acts::backfile::{self, Fingerprint, Offered};
use salastampa_crawler::{dates, key};
use salastampa_domain::time::{DAY, rome};
use salastampa_domain::{ForeignText, ImportId, NewArticle, OutletId, Signals, Timestamp, Via};
use salastampa_locale::{Lang, fill, t};
use salastampa_pdf::read::{NoText, Parts, Split, Text};
use std::path::{Path, PathBuf};

/// Deepest folder that is looked into.
const DEEPEST: usize = 8;
/// Most files of a folder.
const MOST: usize = 200_000;
/// Largest file, in bytes.
const LARGEST: u64 = 64 << 20;
/// So many files are told of, and so many of their articles are shown beforehand.
const TOLD: usize = 10;
const SAMPLE: usize = 3;

/// Brings in a folder or a file, or only says what would happen.
pub(super) async fn run(app: &App, wanted: &Articles, outlets: Outlets) -> Result<()> {
    let lang = app.house.lang;
    let name = super::name(&wanted.file);
    let mut files = Vec::new();
    let root = if wanted.file.is_dir() {
        collect(&wanted.file, DEEPEST, &mut files)?;
        files.sort();
        if files.is_empty() {
            bail!("{}", fill(lang, "import.wrong.no_pdf", &[("name", &name)]));
        }
        say(fill(lang, "import.form_folder", &[("name", &name), ("n", &files.len().to_string())]));
        wanted.file.clone()
    } else {
        let bytes = std::fs::metadata(&wanted.file).map_or(0, |meta| meta.len());
        files.push((wanted.file.clone(), bytes));
        say(fill(lang, "import.form_pdf", &[("name", &name)]));
        wanted.file.parent().unwrap_or(Path::new("")).to_owned()
    };
    let mut intake = match wanted.dry_run {
        true => Intake::dry(app, outlets),
        false => {
            let hash = match wanted.file.is_dir() {
                true => {
                    let mut print = Fingerprint::default();
                    for (path, bytes) in &files {
                        print.add(format!("{}\n{bytes}\n", path.display()).as_bytes());
                    }
                    print.hex()
                }
                false => super::articles::fingerprint(&wanted.file)?,
            };
            let mut how = serde_json::json!({ "outlet": wanted.outlet, "outlets": wanted.outlets });
            if wanted.split {
                how["split"] = true.into();
            }
            let import = backfile::begin(&app.store, &name, &hash, &how.to_string(), app.clock.now()).await;
            let import = told(app, import)?;
            super::goes_on(app, &import);
            Intake::real(app, outlets, import, &wanted.file)?
        }
    };
    let mut meter = Meter::new(files.len() as u64, lang, &app.clock);
    let before = usize::try_from(intake.position()).unwrap_or_default();
    let mut notes = Notes::default();
    for (at, (path, bytes)) in files.iter().enumerate().skip(before) {
        let number = at as u64 + 1;
        match file(app, wanted, &root, (path, *bytes), &mut intake, &mut notes).await? {
            Ok(articles) => {
                for (title, article) in articles {
                    match article {
                        Ok(offered) => intake.add(number, offered),
                        Err(why) => intake.reject(number, &why, &format!("{}: {title}", path.display()))?,
                    }
                }
            }
            Err(why) => intake.reject(number, &why, &path.display().to_string())?,
        }
        intake.next().await?;
        // a file takes longer than a row: what was read is not read again after a kill
        if number.is_multiple_of(20) {
            intake.flush(false).await?;
        }
        meter.tell(number, intake.position(), intake.taken());
    }
    intake.flush(true).await?;
    meter.end(intake.position() - i64::try_from(before).unwrap_or_default());
    notes.lines.iter().chain(&notes.cut).for_each(say);
    if notes.more_cut > 0 {
        say(fill(lang, "import.more_cut", &[("n", &notes.more_cut.to_string())]));
    }
    if wanted.dry_run {
        notes.samples.iter().for_each(say);
    }
    super::report(app, &intake);
    Ok(())
}

/// What is told of the first files.
#[derive(Default)]
struct Notes {
    /// Of their bookmarks.
    lines: Vec<String>,
    /// Of those that were not read to their end, and how many more of them there are.
    cut: Vec<String>,
    more_cut: usize,
    samples: Vec<String>,
}

impl Notes {
    fn tell(&mut self, line: String) {
        if self.lines.len() < TOLD {
            self.lines.push(line);
        }
    }

    /// Text is lost here: none of those files goes uncounted.
    fn tell_cut(&mut self, line: String) {
        match self.cut.len() < TOLD {
            true => self.cut.push(line),
            false => self.more_cut += 1,
        }
    }
}

/// The PDFs of a folder and of those inside it, with their lengths. Links are not followed.
fn collect(folder: &Path, depth: usize, files: &mut Vec<(PathBuf, u64)>) -> Result<()> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
    for entry in entries.flatten() {
        let Ok(kind) = entry.file_type() else { continue };
        let path = entry.path();
        if kind.is_dir() && depth > 0 {
            collect(&path, depth - 1, files)?;
        } else if kind.is_file()
            && path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("pdf"))
            && files.len() < MOST
        {
            files.push((path, entry.metadata().map_or(0, |meta| meta.len())));
        }
    }
    Ok(())
}

/// An article of a file, or why it is none, with the bookmark that gave it: none for a file that is one article.
type Piece = (String, Result<Offered, Refused>);

async fn file(
    app: &App,
    wanted: &Articles,
    root: &Path,
    (path, bytes): (&Path, u64),
    intake: &mut Intake<'_>,
    notes: &mut Notes,
) -> Result<Result<Vec<Piece>, Refused>> {
    let (now, lang) = (app.clock.now(), app.house.lang);
    // the folders below the root tell as much as the name
    let told = path.strip_prefix(root).unwrap_or(path).with_extension("").to_string_lossy().into_owned();
    let Some(at) = day_of(&told, now) else { return Ok(Err(Refused::new("no_date", ""))) };
    let outlet = intake.outlets.inside(&told);
    if outlet.is_none() && !wanted.split {
        return Ok(Err(Refused::new("no_outlet", "")));
    }
    if bytes > LARGEST {
        return Ok(Err(Refused::new("too_big_file", "")));
    }
    let Ok(content) = std::fs::read(path) else { return Ok(Err(Refused::new("unreadable", &told))) };
    let mut print = Fingerprint::default();
    print.add(&content);
    let key = key_of(&print.hex());
    let read = match wanted.split {
        true => apart::split(content).await?,
        false => apart::read(content).await?.map(|read| read.map(Split::Whole)),
    };
    let unreadable = |key| Ok(Err(Refused::new("unreadable", t(lang, key))));
    let read = match read {
        Ok(Ok(read)) => read,
        Ok(Err(NoText::Pictures)) => return Ok(Err(Refused::new("pictures", ""))),
        Ok(Err(NoText::NotAPdf)) => return unreadable("curation.upload.no_pdf"),
        Ok(Err(NoText::Locked)) => return unreadable("curation.upload.locked"),
        Ok(Err(NoText::Unknown)) => return unreadable("curation.upload.unknown"),
        Err(Mishap::Slow) => return unreadable("curation.upload.slow"),
        Err(Mishap::Broken) => return unreadable("curation.upload.broken"),
    };
    let file = File { told, key, at, now, batch: intake.batch() };
    match read {
        Split::Whole(text) => Ok(whole(file, text, outlet, wanted.dry_run, notes, lang)),
        Split::Parts(read) => Ok(match kept_whole(app, &intake.outlets, &file.key).await? {
            Some(why) => Err(why),
            None => Ok(review(&file, &read, &mut intake.outlets, notes, lang)),
        }),
    }
}

/// Why a file may not be split: the archive has it as one article, whatever its outlet, and its parts would stand beside
/// that one.
async fn kept_whole(app: &App, outlets: &Outlets, key: &str) -> Result<Option<Refused>> {
    let mut rows = app.store.read().await?;
    for outlet in outlets.every() {
        let Some(article) = rows.find_article_by_key(outlet, key).await? else { continue };
        let import = match article.via {
            Via::Import { batch } => match batch.parse() {
                Ok(id) => rows.find_import(ImportId(id)).await?,
                Err(_) => None,
            },
            Via::Source { .. } | Via::Hand { .. } => None,
        };
        return Ok(Some(match import.filter(|import| import.back.is_none()) {
            Some(import) => Refused::new("whole_import", &import.id.to_string()),
            // uploaded by hand, or spared when its import was taken back
            None => Refused::new("whole_used", ""),
        }));
    }
    Ok(None)
}

/// What is known of a file before its text.
struct File {
    /// Its name and its folders.
    told: String,
    key: String,
    at: Timestamp,
    now: Timestamp,
    batch: String,
}

/// A file that is one article.
fn whole(
    file: File,
    text: Text,
    outlet: Option<OutletId>,
    is_dry: bool,
    notes: &mut Notes,
    lang: Lang,
) -> Result<Vec<Piece>, Refused> {
    let outlet = outlet.ok_or_else(|| Refused::new("no_outlet", ""))?;
    if text.bookmarks > 1 {
        let args = [("name", file.told.as_str()), ("n", &text.bookmarks.to_string())];
        notes.tell(fill(lang, if is_dry { "import.parts_whole" } else { "import.parts_whole_kept" }, &args));
    }
    if text.cut {
        let args = [("name", file.told.as_str()), ("pages", &text.pages.to_string())];
        notes.tell_cut(fill(lang, "import.whole_cut", &args));
    }
    let title = text.headline.filter(|line| !line.trim().is_empty());
    let title = title.unwrap_or_else(|| beginning(&text.body, &file.told));
    Ok(vec![(String::new(), Ok(offered(&file, file.key.clone(), outlet, title, text.body)))])
}

/// A file that is a review: its articles by its bookmarks.
fn review(file: &File, read: &Parts, outlets: &mut Outlets, notes: &mut Notes, lang: Lang) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for (number, part) in (1..).zip(&read.parts) {
        let Some(article) = parts::article(part, read.pages, outlets) else { continue };
        let article = article.map(|found| {
            if notes.samples.len() < SAMPLE {
                let page = part.page.unwrap_or_default().to_string();
                let args =
                    [("page", page.as_str()), ("outlet", outlets.name(found.outlet)), ("title", found.title.as_str())];
                notes.samples.push(fill(lang, "import.parts_sample", &args));
            }
            // by the bookmark's place in the file: its words may stand there twice
            offered(file, format!("{}#{number}", file.key), found.outlet, found.title, found.body)
        });
        let name: Vec<&str> = part.above.iter().chain([&part.title]).map(String::as_str).collect();
        pieces.push((name.join(" > "), article));
    }
    let taken = pieces.iter().filter(|(_, article)| article.is_ok()).count().to_string();
    let (marks, pages) = (read.parts.len().to_string(), read.pages.to_string());
    let name = ("name", file.told.as_str());
    notes.tell(fill(lang, "import.parts_split", &[name, ("n", &marks), ("taken", &taken)]));
    if read.cut {
        notes.tell_cut(fill(lang, "import.parts_cut", &[name, ("pages", &pages), ("n", &marks)]));
    }
    pieces
}

/// An article of the file's day, known again by that key.
fn offered(file: &File, key: String, outlet: OutletId, title: String, body: String) -> Offered {
    let day = file.at.day().duration_since(jiff::civil::date(1970, 1, 1)).as_hours() / 24;
    let article = NewArticle {
        outlet,
        via: Via::Import { batch: file.batch.clone() },
        url: String::new(),
        key,
        guid: None,
        title,
        lead: ForeignText::default(),
        body: ForeignText::new(body),
        authors: Vec::new(),
        rubric: None,
        published_at: Some(file.at),
        language: None,
        signals: Signals::default(),
        first_seen: file.now,
        backlog: true,
    };
    let title_key = key::title_key(&article.title);
    Offered { article, address: None, title_key, day, by_title: false }
}

/// The day in a file's name or in the folders above it, the name first: `2019-03-01 lago.pdf`, `lago_01.03.2019.pdf`,
/// `2019/03/01/lago.pdf`, `20190301.pdf`. Midday in Rome.
fn day_of(told: &str, now: Timestamp) -> Option<Timestamp> {
    let name = told.rsplit('/').next().unwrap_or(told);
    let spaced = |text: &str| text.replace('_', " ");
    let folders = told.replace('/', "-");
    let apart = [spaced(name), name.replace('_', "-"), spaced(&folders)];
    let midday = |day: jiff::civil::Date| Timestamp::of_civil(day.at(12, 0, 0, 0));
    if let Some(day) = year_first(name).or_else(|| year_first(told)) {
        return Some(midday(day)).filter(|at| *at <= now.plus(DAY));
    }
    apart.iter().find_map(|text| {
        let read = |now| dates::parse(text, &rome(), now).map(|dated| dated.at.day());
        // a year alone names no day
        let day = read(now).filter(|day| {
            text.bytes().filter(u8::is_ascii_digit).count() >= 5 && Some(*day) == read(now.plus(-400 * DAY))
        })?;
        Some(midday(day)).filter(|at| *at <= now.plus(DAY))
    })
}

/// Year, month and day in this order, together or with one character between them, whatever follows: `2019_03_01_p4`.
fn year_first(text: &str) -> Option<jiff::civil::Date> {
    let is_digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    let bytes = text.as_bytes();
    let starts = (0..bytes.len()).filter(|at| is_digit(bytes.get(*at)) && (*at == 0 || !is_digit(bytes.get(*at - 1))));
    starts.filter_map(|from| text.get(from..)).find_map(|rest| {
        let number = |from: usize, to: usize| {
            let part = rest.get(from..to).filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()))?;
            part.parse::<i16>().ok()
        };
        // one character between the parts, or none
        [1, 0].into_iter().find_map(|gap| {
            let (month, day) = (4 + gap, 6 + 2 * gap);
            let parted = gap == 0 || !is_digit(rest.as_bytes().get(4)) && !is_digit(rest.as_bytes().get(month + 2));
            let ends = !is_digit(rest.as_bytes().get(day + 2));
            let parts = (number(0, 4)?, number(month, month + 2)?, number(day, day + 2)?);
            let date = || jiff::civil::Date::new(parts.0, parts.1.try_into().ok()?, parts.2.try_into().ok()?).ok();
            (parted && ends && parts.0 >= 1_900).then(date).flatten()
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_is_found_in_the_name_or_in_the_folders() {
        let now = Timestamp::parse("2026-11-22 18:00").expect("a date");
        for (told, expected) in [
            ("2019-03-01 il lago ponte", "2019-03-01"),
            ("lago_01.03.2019", "2019-03-01"),
            ("lago_2019_03_01_p4", "2019-03-01"),
            ("il-lago/20190301", "2019-03-01"),
            ("2019/03/01/lago", "2019-03-01"),
            ("2019/lago", "-"),
            ("2019/lago pagina 12", "-"),
            ("2019 lago 12 p 4", "-"),
            ("foto20190301p2", "2019-03-01"),
            ("protocollo 120190301", "-"),
            ("20191301", "-"),
            ("lago", "-"),
            ("2039-03-01 lago", "-"),
        ] {
            let day = day_of(told, now).map_or_else(|| "-".to_owned(), |at| at.day().to_string());
            assert_eq!(day, expected, "{told}");
        }
    }
}
