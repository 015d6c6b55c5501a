//! The steps of a release, as they are typed.

use clap::Subcommand;
use std::path::PathBuf;

/// The steps of a release.
#[derive(Debug, Subcommand)]
pub enum Release {
    /// Look a text over without storing it.
    Check {
        /// Markdown with front matter.
        file: PathBuf,
    },
    /// Store a text as a draft, or change the draft.
    New {
        /// Name of the release.
        slug: String,
        /// Markdown with front matter.
        #[arg(required_unless_present_any = ["from", "template"])]
        file: Option<PathBuf>,
        /// Instead of a file: the text of another release, without its number, date and embargo.
        #[arg(long, value_name = "NAME", conflicts_with = "file")]
        from: Option<String>,
        /// Instead of a file: a template of the office; `release templates` names them.
        #[arg(long, value_name = "NAME", conflicts_with_all = ["file", "from"])]
        template: Option<String>,
        /// Login of who does it.
        #[arg(long = "as", value_name = "USER")]
        by: String,
    },
    /// The templates of the office, to begin a release with.
    Templates,
    /// Freeze the draft and hand it to the approver.
    Submit {
        /// Name of the release.
        slug: String,
        /// Login of who does it.
        #[arg(long = "as", value_name = "USER")]
        by: String,
    },
    /// Approve the frozen text; never by its author.
    Approve {
        /// Name of the release.
        slug: String,
        /// Login of who does it.
        #[arg(long = "as", value_name = "USER")]
        by: String,
    },
    /// Give the second signature that election time asks for; never by the author or the approver.
    Sign {
        /// Name of the release.
        slug: String,
        /// Login of who does it.
        #[arg(long = "as", value_name = "USER")]
        by: String,
    },
    /// A word to one journalist at the top of his or her mail of this release; an empty one takes it away.
    Note {
        /// Name of the release.
        slug: String,
        /// The journalist's address.
        address: String,
        /// The words.
        words: String,
        /// Login of who does it.
        #[arg(long = "as", value_name = "USER")]
        by: String,
    },
    /// Send the text back to its author with a reason.
    Reject {
        /// Name of the release.
        slug: String,
        /// What has to change.
        #[arg(long)]
        why: String,
        /// Login of who does it.
        #[arg(long = "as", value_name = "USER")]
        by: String,
    },
    /// Put it into the outbox for later.
    Schedule {
        /// Name of the release.
        slug: String,
        /// When, on the Italian clock: `2026-11-23 11:00`.
        #[arg(long)]
        at: String,
        /// Login of who does it.
        #[arg(long = "as", value_name = "USER")]
        by: String,
    },
    /// Send it now.
    Send {
        /// Name of the release.
        slug: String,
        /// Login of who does it.
        #[arg(long = "as", value_name = "USER")]
        by: String,
    },
    /// Stop what has not begun to leave; sent again, it goes to those who have not had it.
    Stop {
        /// Name of the release.
        slug: String,
        /// Login of who does it.
        #[arg(long = "as", value_name = "USER")]
        by: String,
    },
    /// Let a correction go that has not left: the text that is out stands again as it was.
    Abandon {
        /// Name of the release.
        slug: String,
        /// Login of who does it.
        #[arg(long = "as", value_name = "USER")]
        by: String,
    },
    /// Let go on what was paused because the mail server refused us.
    Resume {
        /// Name of the release.
        slug: String,
        /// Login of who does it.
        #[arg(long = "as", value_name = "USER")]
        by: String,
    },
    /// Begin a correction with a new text; then submit, approve and send it.
    Correct {
        /// Name of the release.
        slug: String,
        /// Markdown with front matter.
        file: PathBuf,
        /// Login of who does it.
        #[arg(long = "as", value_name = "USER")]
        by: String,
    },
    /// Take it back.
    Withdraw {
        /// Name of the release.
        slug: String,
        /// Why; goes to those who got it.
        #[arg(long)]
        why: String,
        /// Login of who does it.
        #[arg(long = "as", value_name = "USER")]
        by: String,
    },
    /// Bring a photo or a document to it; its kind is known by its content.
    Attach {
        /// Name of the release.
        slug: String,
        /// The file.
        file: PathBuf,
        /// What a photo shows, for who does not see it.
        #[arg(long, default_value = "")]
        alt: String,
        /// Whose a photo is.
        #[arg(long, default_value = "")]
        credit: String,
        /// What stands below a photo.
        #[arg(long, default_value = "")]
        caption: String,
        /// What may be done with a photo: press, cc_by, cc_by_sa, cc0, reserved.
        #[arg(long, default_value = "press")]
        licence: String,
        /// The last day on which it may be shown, on the Italian calendar; without it there is none.
        #[arg(long, value_name = "YYYY-MM-DD")]
        until: Option<String>,
        /// What a document is called.
        #[arg(long, default_value = "")]
        title: String,
        /// Login of who does it.
        #[arg(long = "as", value_name = "USER")]
        by: String,
    },
    /// Take a file out of it again, by its name.
    Detach {
        /// Name of the release.
        slug: String,
        /// Name of the file, as `release files` prints it.
        name: String,
        /// Login of who does it.
        #[arg(long = "as", value_name = "USER")]
        by: String,
    },
    /// Its photos and documents.
    Files {
        /// Name of the release.
        slug: String,
    },
    /// Where it stands, and its deliveries.
    Show {
        /// Name of the release.
        slug: String,
    },
}
