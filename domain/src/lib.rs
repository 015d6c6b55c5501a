//! The nouns of a press office: data types with public fields and pure functions over them.
//!
//! Every other crate speaks in these words and none of them owns another's, so that "an article" means the same in
//! the crawler, the archive, the review and the outbox. One file a noun. A state is an enum that carries its proof
//! ([`release::ReleaseState::Approved`] names the version, the hash and the approver): what the office forbids cannot be built.
//!
//! Left out on purpose: any input or output, SQL, HTML, async, the reading of the time (a [`Clock`] is passed in),
//! and sentences for people (they live in `locale`).

pub mod address;
pub mod alert;
pub mod arrangement;
pub mod article;
pub mod byline;
pub mod clock;
pub mod contact;
pub mod delivery;
pub mod dossier;
pub mod edition;
pub mod election;
pub mod event;
pub mod grading;
pub mod holiday;
pub mod id;
pub mod identity;
pub mod importance;
pub mod inbound;
pub mod keeping;
pub mod learned;
pub mod look;
pub mod outlet;
pub mod past;
pub mod pause;
pub mod push;
pub mod quiet;
pub mod rating;
pub mod reader;
pub mod release;
pub mod release_files;
pub mod review;
pub mod rights;
pub mod schedule;
pub mod settings;
pub mod source;
pub mod story;
pub mod subscriber;
pub mod template;
pub mod time;
pub mod user;
pub mod visit;
pub mod watch;
pub mod wire;

pub use address::{Address, BadAddress};
pub use alert::{Again, Alert, AlertHours, AlertState, Latency, Since, Tier, Unsent};
pub use arrangement::{
    Arrangement, Chosen, Curation, CurationChange, Elsewhere, Hand, IssueKey, Laid, Member, StoryTie, TieKind, Tone,
};
pub use article::{Article, Aside, Change, ChangeKind, NewArticle, Revision, RevisionKind, Via};
pub use byline::{Byline, LastSigned, Signed};
pub use clock::Clock;
pub use contact::{Basis, Contact, ContactFilter, MailingList, Medium, Membership, Post, Standing, Suppression};
pub use delivery::{
    Attempt, AttemptPhase, Delivery, DeliveryKind, DeliveryState, Letter, NewDelivery, Subject, UncertainPolicy,
};
pub use dossier::{Dossier, Feed, FeedOf, Filed, Note, Tag};
pub use edition::{Holidays, OnHolidays, OrderRule};
pub use election::{Election, ElectionKind, Runoff};
pub use event::{Actor, Errand, ErrandKind, Event, FileRef, Token, TokenPurpose};
pub use grading::{BadTerm, Grading, Term};
pub use holiday::{is_holiday, is_rest};
pub use id::*;
pub use identity::ItemKey;
pub use importance::{
    Declined, Grade, IssueWork, Mention, Part, Pattern, PatternKind, Point, SavedWeights, Spot, WatchModel, Weights,
};
pub use inbound::{Inbound, InboundKind, Incoming, Report, Return, ReturnedAddress};
pub use keeping::{Privacy, Stale, Unsaid};
pub use learned::{
    Counted, DayKind, Days, Detour, DetourKind, Gaps, Hints, Learned, Map, Place, Profile, Quiet, Sighting, Slowed,
    Subscription, Walk,
};
pub use look::{Look, Looked};
pub use outlet::{Outlet, OutletKind};
pub use past::{Import, Progress, Reading, WatchPast};
pub use pause::{Cause, Lane, Pause};
pub use push::{BadPushAddress, NewPush, Push, PushAddress, PushNote, PushState};
pub use quiet::QuietHours;
pub use rating::{Rated, Rating};
pub use reader::{Reader, Receives};
pub use release::{
    Approved, Held, NewsType, Published, Release, ReleaseKind, ReleaseState, SignOff, Signature, TextOut, Version,
    is_public,
};
pub use release_files::{Document, KeptPhoto, Licence, Photo, Picture, ReleaseFiles, file_path};
pub use review::{
    AlsoIn, Clipping, ClippingState, Coverage, Edition, Entry, IllSource, Judged, Passage, Pickup, PickupLevel,
    PickupLine, Relevance, Review, ReviewSection, ReviewState, Section, TextPart, Visibility,
};
pub use rights::{
    Allowed, Audience, Cap, Contract, ContractScope, Extract, ForeignText, Reason, RightsClass, Signals, Use, allowed,
};
pub use schedule::{BadSchedule, Schedule, Slot};
pub use settings::{Declared, FooterLinks, MailServer, MailTls, MailWay, SavedSettings, Settings};
pub use source::{
    ArticleSelectors, Cadence, Health, LegalStatus, Origin, PublisherSignals, Selectors, Setting, Source, SourceKind,
    SourceOverride, SourceReading, Validators, WireFormat,
};
pub use story::{Because, Beside, CopyGroup, Placement, Story};
pub use subscriber::Subscriber;
pub use time::{Period, Timestamp};
pub use user::{Act, LoginFailures, Preferences, Role, SecondFactor, Session, User, may, may_sign_second};
pub use visit::{Visit, VisitOutcome};
pub use watch::{Page, Person, Query, Sort, Urgency, Watch};
pub use wire::{Wire, WireKind, WireNotes, WireStatus};
