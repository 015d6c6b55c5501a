//! The figures by which stories are made: one fixed setting for streams with dates, one for texts without. How they were
//! chosen stands in `docs/stories-measured.md`.

use crate::vector::Blend;

/// The figures of the rule.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Settings {
    /// By how much the likeness of the nearest story must exceed its `contrast`, so that an article joins.
    pub join: f64,
    /// From this share of `join` on, a story that is not joined is told as *forse collegato*.
    pub perhaps: f64,
    /// Below this likeness the two must also share a rare name, number or title word; two in the first hours of an archive.
    pub guard: f64,
    /// How many times as much an article must exceed to join a story that its own outlet alone has told.
    pub again: f64,
    /// Whether two are apart, however alike, whose titles name places or people that the other's text does not have: the
    /// same notice on another street, the same decision of another town.
    pub places: bool,
    /// Days after which likeness has fallen to 1/e; `None`: time does not count.
    pub decay_days: Option<f64>,
    /// Days after the last article in which a story can still be joined; `None`: always.
    pub open_days: Option<i64>,
    /// The same for a story that is followed.
    pub followed_days: i64,
    /// How much less a loose story draws: the power of its closeness, which goes from 1 (all texts alike) towards 0.
    /// Below 0, the cosine with the sum of its texts comes through a little.
    pub closeness: f64,
    /// Part of the mean likeness of the next five stories that is taken off.
    pub contrast: f64,
    /// Power of a term's rarity.
    pub rarity: f64,
    /// What names and numbers count.
    pub blend: Blend,
    /// From this mean likeness of their texts on, two stories are one.
    pub merge: f64,
    /// Articles that are held however old they are: the background that the rarity of terms is measured on.
    pub history: usize,
}

impl Settings {
    /// For a stream with dates: the one fixed setting.
    pub const DATED: Self = Self {
        join: 0.069,
        perhaps: 0.7,
        guard: 0.20,
        again: 2.0,
        places: true,
        decay_days: Some(5.0),
        open_days: Some(4),
        followed_days: 10,
        closeness: 2.0,
        contrast: 0.8,
        rarity: 0.8,
        blend: Blend { names: 0.0, numbers: 0.1, unsaid: 12.0 },
        merge: 0.25,
        history: 10_000,
    };
    /// For texts without dates, as in collections of look-alike events: names and numbers have to tell them apart.
    pub const UNDATED: Self = Self {
        join: 0.23,
        guard: 0.23,
        again: 1.0,
        places: false,
        decay_days: None,
        open_days: None,
        closeness: -0.15,
        contrast: 0.0,
        blend: Blend { names: 0.3, numbers: 0.2, unsaid: 0.0 },
        ..Self::DATED
    };
}
