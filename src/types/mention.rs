//! Named things in a text.

use super::ByteSpan;
use jiff::civil::Date;

/// What a mention names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub enum Kind {
    /// A person, without title.
    Person,
    /// An agency, party, company, armed group or service.
    Organization,
    /// A named military unit or formation.
    MilitaryUnit,
    /// A state, city, region, sea, base; also where it acts.
    Place,
    /// Weapons, vehicles, vessels, aircraft, munitions, sensors, by name or by class.
    Equipment,
    /// A named event.
    Event,
    /// An adjective or name of a people.
    Nationality,
    /// A date, a part of one, or a period.
    Time,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 8] =
        [Kind::Person, Kind::Organization, Kind::MilitaryUnit, Kind::Place, Kind::Equipment, Kind::Event, Kind::Nationality, Kind::Time];

    /// The name in the graph and in `inspect`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Kind::Person => "Person",
            Kind::Organization => "Organization",
            Kind::MilitaryUnit => "MilitaryUnit",
            Kind::Place => "Place",
            Kind::Equipment => "Equipment",
            Kind::Event => "Event",
            Kind::Nationality => "Nationality",
            Kind::Time => "Time",
        }
    }

    /// The kind of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|k| k.name() == name)
    }
}

/// A named thing where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Mention {
    /// Its words: no determiner, no possessive ending, no number that counts it.
    pub span: ByteSpan,
    /// What it names.
    pub kind: Kind,
    /// How probable it is that words and kind are right, 0 to 1.
    pub score: f32,
    /// What the score rests on.
    pub evidence: Evidence,
    /// The gazetteer's key ("state/KP", "place/5128581", "organization/nis-kr") where the words are listed.
    pub key: Option<String>,
    /// For [`Kind::Time`], what it says.
    pub time: Option<TimeValue>,
}

impl Mention {
    /// Whether the gazetteer has it as a state or its people.
    #[must_use]
    pub fn is_state(&self) -> bool {
        self.key.as_deref().is_some_and(|key| key.starts_with("state/"))
    }

    /// Whether its words are part of a compound and stand for nobody: "U.S." of "U.S.-made", "Bahrain" of "Bahrain-based".
    #[must_use]
    pub fn is_compounded(&self, text: &str) -> bool {
        let mut behind = text[self.span.end as usize..].chars();
        matches!(behind.next(), Some('-' | '‑')) && behind.next().is_some_and(char::is_lowercase)
    }
}

/// The part of the recogniser that found a mention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    /// A gazetteer lists the words.
    Listed,
    /// A rule over words and shapes.
    Ruled,
    /// A learned model.
    Learned,
}

impl Via {
    /// The name in what `evaluate` gives.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Via::Listed => "listed",
            Via::Ruled => "ruled",
            Via::Learned => "learned",
        }
    }
}

/// What the other side says of a mention: the learned model of what gazetteers and rules found, and they of what it found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Other {
    /// It found nothing there, or there is no other side.
    #[default]
    Silent,
    /// It found another mention there: of other words or another kind.
    Differs,
    /// It found the same.
    Agrees,
}

impl Other {
    /// The name in what `evaluate` gives.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Other::Silent => "silent",
            Other::Differs => "differs",
            Other::Agrees => "agrees",
        }
    }
}

/// What a mention's score rests on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evidence {
    /// Who found it.
    pub via: Via,
    /// What the other side says.
    pub other: Other,
    /// The learned model's own probability, where it found the same words and kind.
    pub probability: Option<f32>,
}

impl Evidence {
    /// The finder's word alone.
    #[must_use]
    pub fn of(via: Via) -> Evidence {
        Evidence { via, other: Other::Silent, probability: None }
    }
}

/// A run of whole days; either end may be open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Days {
    /// First day.
    pub start: Option<Date>,
    /// Last day, inclusive.
    pub end: Option<Date>,
}

/// What a time expression says before it meets the article's own date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TimeValue {
    /// Complete in itself: "April 30, 2025", "2024", "January 2025".
    Fixed(Days),
    /// Month and day, or a month, or a part of it, with no year: first and last (month, day).
    Yearless {
        /// First month and day.
        from: (i8, i8),
        /// Last month and day; may lie in the next year ("November to February").
        to: (i8, i8),
    },
    /// A day of the week, 1 Monday to 7 Sunday; `shift` -1 for "last", 1 for "next", 0 otherwise.
    Weekday {
        /// ISO day.
        day: i8,
        /// "last", "next".
        shift: i8,
    },
    /// Days from the article's date, both inclusive: "yesterday" (-1, -1), "the past week" (-7, 0).
    Offset {
        /// First day.
        from: i32,
        /// Last day.
        to: i32,
    },
    /// A calendar unit from the article's: "this year" (0), "last month" (-1), "next week" (1).
    Calendar {
        /// Which unit.
        unit: CalendarUnit,
        /// How many units away, first.
        from: i32,
        /// How many units away, last.
        to: i32,
    },
    /// The latest (or, of the future, next) Saturday and Sunday; `shift` as for a weekday.
    Weekend {
        /// "last", "next".
        shift: i8,
    },
    /// Parts `first..=last`, counted from 1, of `of` equal ones: "late last year" (3, 3 of 3), "the first ten months of this year" (1, 10 of 12).
    Within {
        /// What is divided.
        whole: Box<TimeValue>,
        /// First part.
        first: u8,
        /// Last part.
        last: u8,
        /// How many parts there are; 0 for single days, of which `first` 1 is the first and 0 the last ("the end of last year").
        of: u8,
    },
    /// So many units up to the last day of another value: "the week to July 6", "the six months ending in June".
    Closing {
        /// Which unit.
        unit: CalendarUnit,
        /// How many.
        count: i32,
        /// What they end with.
        last: Box<TimeValue>,
    },
    /// So many units before another time that the text has given: "388 million a year earlier".
    Earlier {
        /// Which unit.
        unit: CalendarUnit,
        /// How many.
        count: i32,
        /// Whether the whole unit is meant, "the previous month", and not a time so far before: "a month earlier".
        whole: bool,
    },
    /// Up to the day before ("before 20 June").
    Before(Box<TimeValue>),
    /// From a moment on ("since last June"): the start of the inner value.
    Since(Box<TimeValue>),
    /// Up to a moment ("by the end of June", "until Friday"): the end of the inner value.
    Until(Box<TimeValue>),
    /// "last June", "next spring": a yearless value strictly before (-1) or after (1) the article's date.
    Directed(Box<TimeValue>, i8),
    /// A time that cannot be put on a calendar from the words alone.
    Unknown,
}

/// A unit of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum CalendarUnit {
    Day,
    Week,
    Month,
    Quarter,
    Year,
    Decade,
}
