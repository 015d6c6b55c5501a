//! The command line: the verbs that people and tests call. What the demo does it does with these, so an office can too.

mod release;

pub use release::Release;

use clap::{Parser, Subcommand};
use std::path::PathBuf;

/// Sala Stampa: the press office of a town as one program.
///
/// Without any configuration it works in the current folder: sources from ./feeds.toml, data in ./data, mail as files.
#[derive(Debug, Parser)]
#[command(name = "salastampa", version, max_term_width = 100)]
pub struct Cli {
    /// The configuration [default: salastampa.toml, if it is there].
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The data folder, whatever the configuration says.
    #[arg(long, global = true, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Stand at this instant instead of the machine's (`2026-11-23 07:00`, on the Italian clock).
    #[arg(long, global = true, value_name = "INSTANT")]
    pub now: Option<String>,
    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Run the office: visit, group, clip, alert, review, send; pages and metrics.
    Serve,
    /// Live through a day of an invented town, without network.
    Demo {
        /// End with the day and print what happened; otherwise the pages stay up and time runs on.
        #[arg(long)]
        once: bool,
        /// Port of the pages.
        #[arg(long, default_value_t = 8080)]
        port: u16,
        /// Stop the story here and let time run: at `2026-11-24 06:46` the second morning's review waits to be made.
        #[arg(long, value_name = "INSTANT")]
        until: Option<String>,
    },
    /// Do what is due in one job, once: crawl, follow, group, clip, alert, review, deliver, tidy; or all.
    Run {
        /// Which job.
        job: String,
        /// With --now: live through the time up to this instant as fast as it goes, all jobs or this one alone.
        #[arg(long, value_name = "INSTANT")]
        until: Option<String>,
    },
    /// Look over the own house: configuration, sources, database, mail.
    Check,
    /// Look over what surrounds it, in the office's language: disk, clock, backup, sources, mail server, and what the DNS
    /// must say of the sender's domain.
    Doctor,
    /// Show what would be taken out of a feed or page, and why.
    Probe {
        /// An address, or a file.
        what: String,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Read a PDF from standard input and print its text as JSON: what the program asks of itself, in a process apart.
    #[command(hide = true)]
    ReadPdf {
        /// Split at its bookmarks.
        #[arg(long)]
        split: bool,
    },
    /// Search the archive.
    Search {
        /// Such as: ponte AND "Ada Corti" titolo:lungolago data:2026-11
        query: String,
        /// At most so many.
        #[arg(long, default_value_t = 20)]
        limit: usize,
        /// One JSON object a line.
        #[arg(long, conflicts_with_all = ["csv", "count"])]
        json: bool,
        /// Comma-separated values.
        #[arg(long, conflicts_with = "count")]
        csv: bool,
        /// Only how many, by outlet and day.
        #[arg(long)]
        count: bool,
        /// The order: newest, oldest, relevance or outlets (by their weight).
        #[arg(long, default_value = "newest", value_parser = ["newest", "oldest", "relevance", "outlets"])]
        sort: String,
        /// Also the query as it was understood, its plan, and for each article the words that matched and its score.
        #[arg(long, conflicts_with_all = ["json", "csv", "count"])]
        explain: bool,
    },
    /// Build the searchable archive again from the store.
    Reindex,
    /// Take in a file; a second time changes nothing.
    Import {
        /// What is in it.
        #[command(subcommand)]
        what: Import,
    },
    /// Let something out as a file; it is written to the log.
    Export {
        /// What.
        #[command(subcommand)]
        what: Export,
    },
    /// Releases: from the draft to the withdrawal.
    Release {
        /// The step.
        #[command(subcommand)]
        step: Release,
    },
    /// Take in one mail that came back, from standard input: for the mail server's pipe, or a line of its aliases. 0 when it
    /// is booked, 75 when it could not be (the server tries again): never an answer, never a bounce.
    Receive {
        /// The address that it came to, where the server says so: \${original_recipient} in Postfix.
        #[arg(long, value_name = "ADDRESS", allow_hyphen_values = true)]
        recipient: Option<String>,
    },
    /// Users of the desk.
    User {
        /// What to do.
        #[command(subcommand)]
        what: User,
    },
    /// Copy the database and the files to a new folder.
    Backup {
        /// A folder that does not exist yet.
        to: PathBuf,
    },
    /// Take a backup back into an empty data folder.
    Restore {
        /// The folder of the backup.
        from: PathBuf,
        /// Only look whether it could be taken back.
        #[arg(long)]
        check: bool,
    },
    /// Go on without the office.key of this database, because it is lost for good; says first what that costs.
    NewKey {
        /// It is in no backup, and the cost is accepted.
        #[arg(long)]
        lost: bool,
    },
    /// Figures.
    Stats {
        /// Which ones.
        #[command(subcommand)]
        what: Stats,
    },
}

/// What can be taken in.
#[derive(Debug, Subcommand)]
pub enum Import {
    /// Users, persons, watches, editions, readers and lists, as TOML.
    Office {
        /// The file.
        file: PathBuf,
    },
    /// An old archive: a table (CSV), JSON lines, or a folder of PDFs with text.
    Articles(Articles),
    /// Journalists: a table (CSV) or an address book (vCard).
    Contacts {
        /// The file.
        file: PathBuf,
        /// Say what it would do, and do nothing.
        #[arg(long = "try")]
        trial: bool,
    },
}

/// What can be let out.
#[derive(Debug, Subcommand)]
pub enum Export {
    /// Articles, as far as the rights of their outlets let them out.
    Articles {
        /// Such as: ponte AND "Ada Corti" data:2026-11; not needed with --dossier.
        query: Option<String>,
        /// csv, jsonl or pdf.
        #[arg(long, default_value = "csv")]
        format: String,
        /// CSV with commas and no mark (RFC 4180) instead of semicolons.
        #[arg(long)]
        comma: bool,
        /// JSON Lines with the office's own tags.
        #[arg(long)]
        tags: bool,
        /// Only what lies in this dossier.
        #[arg(long, value_name = "NAME")]
        dossier: Option<String>,
        /// Into this file instead of standard output.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Journalists: a table that `import contacts` reads, or an address book.
    Contacts {
        /// csv, or vcard: an address book without those who want no mail.
        #[arg(long, default_value = "csv")]
        format: String,
        /// Into this file instead of standard output.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// What people said of stories, as test data without texts or names: gold.tsv, pairs.tsv, decisions.tsv, pickup.tsv,
    /// acts.tsv.
    Gold {
        /// Into this folder.
        #[arg(long, value_name = "FOLDER")]
        out: PathBuf,
    },
}

/// How an old archive is brought in.
#[derive(Debug, clap::Args)]
pub struct Articles {
    /// The file (a table, JSON lines or a PDF), or a folder of PDFs.
    pub file: PathBuf,
    /// What a column is: title, outlet, date, time, author, url, text, lead, section, id; by its name or number.
    #[arg(long, value_name = "FIELD=COLUMN", value_delimiter = ',')]
    pub map: Vec<String>,
    /// Which outlet a name in the file means; an id alone holds for all rows.
    #[arg(long, value_name = "NAME=ID")]
    pub outlet: Vec<String>,
    /// A file with a NAME=ID in each line.
    #[arg(long, value_name = "FILE")]
    pub outlets: Option<PathBuf>,
    /// The encoding, such as windows-1252; otherwise it is detected.
    #[arg(long)]
    pub encoding: Option<String>,
    /// The character between cells, or tab; otherwise it is detected.
    #[arg(long)]
    pub separator: Option<String>,
    /// Make an article of each bookmark of a PDF: a press review in one file.
    #[arg(long)]
    pub split: bool,
    /// Only say what would happen.
    #[arg(long)]
    pub dry_run: bool,
}

/// What can be done with users.
#[derive(Debug, Subcommand)]
pub enum User {
    /// Add one, or change the role of one.
    Add {
        /// Name to log in with.
        login: String,
        /// Full name.
        #[arg(long)]
        name: String,
        /// viewer, editor, chief or admin.
        #[arg(long)]
        role: String,
    },
    /// Set a password, read from standard input.
    Passwd {
        /// Name to log in with.
        login: String,
    },
}

/// Figures that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Subcommand)]
pub enum Stats {
    /// From published to accepted, stage by stage.
    Latency,
    /// Each source: how it fares, last visit, articles.
    Sources,
    /// All in all.
    All,
}
