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

/// Whether a relation holds on: once told, it is not told again, and nobody's word for it is asked.
#[must_use]
pub fn is_standing(event: &str) -> bool {
    matches!(event, "MemberOf" | "Leads" | "LocatedIn" | "PartOf")
}

/// Whether a relation stands between two who are named both, and with a place alone is none.
#[must_use]
pub fn is_between(event: &str) -> bool {
    matches!(event, "Says" | "MeetsWith" | "AlliedWith" | "Leads" | "MemberOf" | "PartOf")
}
