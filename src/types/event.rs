//! The event types of the ontology.

/// Those that a claim or a relation may have.
pub const EVENT_TYPES: &[&str] = &[
    "Killed",
    "Wounded",
    "Casualties",
    "Missing",
    "Captured",
    "Detained",
    "Displaced",
    "Evacuated",
    "Deployed",
    "Arrived",
    "Returned",
    "Transferred",
    "Launched",
    "Intercepted",
    "Destroyed",
    "Damaged",
    "Struck",
    "Produced",
    "Trained",
    "Spent",
    "Measured",
    "Other",
];

/// Those that only a relation may have.
pub const RELATION_TYPES: &[&str] = &["MemberOf", "Leads", "LocatedIn", "PartOf", "AlliedWith", "Fights", "MeetsWith", "Says", "Operates"];
