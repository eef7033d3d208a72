//! Requests to a triple store: credentials, attempts, and what its refusals mean.

use crate::error::{Error, Result};
use crate::export::address::Address;
use base64::Engine;
use serde_json::Value as Json;
use std::time::Duration;
use ureq::http::{Response, StatusCode, header};
use ureq::{Agent, Body};

/// Attempts of a request that failed in passing.
const ATTEMPTS: u32 = 6;
/// Wait before the second attempt; each further one takes twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(500);
/// The longest wait that a server may ask for.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// For a connection to be made.
const CONNECT: Duration = Duration::from_secs(10);
/// For a request to be carried out.
const REQUEST: Duration = Duration::from_secs(600);
/// Characters of a server's words that an error shows.
const SHOWN: usize = 200;

/// What a request carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// SPARQL Update.
    Update,
    /// Statements for a graph store, which replace those of the graph or join them.
    NTriples {
        /// Whether they replace.
        replaces: bool,
    },
}

/// A triple store at an address.
pub(super) struct Client {
    agent: Agent,
    address: String,
    authorization: Option<String>,
}

/// Why a request failed, and whether another attempt may help.
struct Failure {
    reason: String,
    hint: Option<&'static str>,
    passing: bool,
    wait: Option<Duration>,
    /// Whether nothing at the address takes such a request.
    wrong_address: bool,
}

impl Client {
    /// A client for an address.
    pub(super) fn new(address: &Address, token: Option<&str>) -> Client {
        let basic = address.user.as_ref().map(|user| {
            let both = format!("{user}:{}", address.password.as_deref().unwrap_or_default());
            format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(both))
        });
        let authorization = token.map(|token| format!("Bearer {token}")).or(basic);
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_connect(Some(CONNECT))
            .timeout_global(Some(REQUEST))
            .user_agent(concat!("wiregraph/", env!("CARGO_PKG_VERSION")))
            .build()
            .into();
        Client { agent, address: address.to_string(), authorization }
    }

    /// The address, without credentials.
    pub(super) fn address(&self) -> &str {
        &self.address
    }

    /// The address without its query.
    pub(super) fn path(&self) -> &str {
        self.address.split('?').next().unwrap_or_default()
    }

    /// An error of this server.
    pub(super) fn error(&self, reason: String) -> Error {
        Error::Server { address: self.address.clone(), reason, hint: None }
    }

    /// Sends the first update. Where the address takes none, that beside it which by custom does is tried, and kept.
    pub(super) fn first_update(&mut self, update: &[u8]) -> Result<()> {
        let given = self.address.clone();
        let beside = match self.path().rsplit_once('/') {
            Some((before, "sparql" | "query")) => Some(format!("{before}/update")),
            Some((before, _)) if before.ends_with('/') => Some(format!("{}/update", self.path())),
            _ => None,
        };
        match self.attempts(&given, Content::Update, update, true) {
            Err(failure) if failure.wrong_address && beside.is_some() => {
                self.address = beside.unwrap_or(given);
                let address = self.address.clone();
                self.send(&address, Content::Update, update, true)
            }
            other => other.map_err(|failure| self.refused(failure)),
        }
    }

    /// Sends a batch, several times where that may help. To the first, an answer is expected at once.
    pub(super) fn send(&self, address: &str, content: Content, body: &[u8], is_first: bool) -> Result<()> {
        self.attempts(address, content, body, is_first).map_err(|failure| self.refused(failure))
    }

    /// The answer to a query; `None` where nothing at the address answers queries.
    pub(super) fn ask(&self, address: &str, query: &str) -> Result<Option<Json>> {
        let mut request = self.agent.post(address).header(header::CONTENT_TYPE, "application/sparql-query");
        request = request.header(header::ACCEPT, "application/sparql-results+json");
        if let Some(authorization) = &self.authorization {
            request = request.header(header::AUTHORIZATION, authorization);
        }
        let mut response = match request.send(query.as_bytes()) {
            Ok(response) => response,
            Err(ureq::Error::Timeout(_)) => return Ok(None),
            Err(error) => return Err(self.error(words(&error))),
        };
        if !response.status().is_success() {
            return Ok(None);
        }
        Ok(response.body_mut().read_to_string().ok().and_then(|body| serde_json::from_str(&body).ok()))
    }

    fn refused(&self, failure: Failure) -> Error {
        let error = self.error(failure.reason);
        match failure.hint {
            Some(hint) => error.with_hint(hint),
            None => error,
        }
    }

    fn attempts(&self, address: &str, content: Content, body: &[u8], is_first: bool) -> std::result::Result<(), Failure> {
        let mut wait = FIRST_WAIT;
        // A server that never answered is not there.
        let attempts = if is_first { 2 } else { ATTEMPTS };
        for attempt in 1.. {
            match self.attempt(address, content, body) {
                Err(failure) if failure.passing && attempt < attempts => {
                    std::thread::sleep(failure.wait.unwrap_or(wait).min(LONGEST_WAIT));
                    wait *= 2;
                }
                done => return done,
            }
        }
        Ok(())
    }

    fn attempt(&self, address: &str, content: Content, body: &[u8]) -> std::result::Result<(), Failure> {
        let replaces = content == Content::NTriples { replaces: true };
        let request = if replaces { self.agent.put(address) } else { self.agent.post(address) };
        let kind = if content == Content::Update { "application/sparql-update" } else { "application/n-triples" };
        let mut request = request.header(header::CONTENT_TYPE, kind);
        if let Some(authorization) = &self.authorization {
            request = request.header(header::AUTHORIZATION, authorization);
        }
        match request.send(body) {
            Ok(response) => judged(response),
            Err(error) => Err(Failure {
                reason: words(&error),
                hint: match error {
                    ureq::Error::BadUri(_) | ureq::Error::HostNotFound => Some("look at the address"),
                    _ => Some("is the server running? The same command goes on where this one stopped"),
                },
                passing: matches!(error, ureq::Error::Io(_) | ureq::Error::ConnectionFailed | ureq::Error::Timeout(_)),
                wait: None,
                wrong_address: false,
            }),
        }
    }
}

/// What an answer to a batch means.
fn judged(mut response: Response<Body>) -> std::result::Result<(), Failure> {
    let status = response.status();
    if status.is_success() {
        return Ok(());
    }
    let asked = response.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    let said = response.body_mut().read_to_string().unwrap_or_default();
    let said = said.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('<')).unwrap_or_default();
    let said: String = said.chars().take(SHOWN).collect();
    let answer = format!("answered {status}{}{said}", if said.is_empty() { "" } else { ": " });
    let (reason, hint) = match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => (
            format!("refuses the credentials ({status})"),
            Some("say --user NAME and put the password in WIREGRAPH_PASSWORD, or a token in WIREGRAPH_TOKEN"),
        ),
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED | StatusCode::UNSUPPORTED_MEDIA_TYPE | StatusCode::BAD_REQUEST => (
            answer,
            Some("give the address that takes SPARQL updates (…/update, …/statements, …/sparql) or a graph store (…/store, …/data)"),
        ),
        _ => (answer, Some("the same command goes on where this one stopped")),
    };
    let passing = matches!(status.as_u16(), 408 | 425 | 429 | 500 | 502 | 503 | 504);
    Err(Failure {
        reason,
        hint,
        passing,
        wait: asked.map(Duration::from_secs),
        wrong_address: matches!(status.as_u16(), 400 | 404 | 405 | 415),
    })
}

fn words(error: &ureq::Error) -> String {
    match error {
        ureq::Error::HostNotFound => "there is no such host".to_owned(),
        ureq::Error::ConnectionFailed => "no connection".to_owned(),
        ureq::Error::Io(source) => format!("no connection: {source}"),
        ureq::Error::Timeout(_) => "no answer in time".to_owned(),
        other => other.to_string(),
    }
}
