//! Python for these tests: an environment of its own under `target/databases`, and servers that end with the test.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc;
use std::time::Duration;

/// How long a server may take to start.
const START: Duration = Duration::from_secs(120);

/// The directory of these tests.
pub fn here() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/databases"))
}

/// An interpreter that has the libraries; `None`, having said so, where Python or the package index cannot be had.
///
/// # Panics
/// Where it cannot be had and `WIREGRAPH_REQUIRE` names the databases.
pub fn ready(test: &str) -> Option<&'static Path> {
    static PYTHON: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    match PYTHON.get_or_init(install) {
        Ok(python) => Some(python),
        Err(reason) => {
            let required = std::env::var("WIREGRAPH_REQUIRE").unwrap_or_default();
            assert!(!required.split(',').any(|part| part.trim() == "databases"), "{reason}");
            // Past the harness, which keeps what passing tests print to itself.
            let _ = writeln!(std::io::stderr(), "skipped: {test}: {reason}");
            None
        }
    }
}

fn install() -> Result<PathBuf, String> {
    let work = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/target/databases"));
    let (python, stamp) = (work.join("venv/bin/python"), work.join("installed.txt"));
    let wanted = std::fs::read_to_string(here().join("requirements.txt")).expect("the list of libraries");
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) && python.exists() {
        return Ok(python);
    }
    let run = |command: &mut Command, failing: &str| match command.stdin(Stdio::null()).output() {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(format!("{failing}: {}", String::from_utf8_lossy(&output.stderr).lines().last().unwrap_or("no word why"))),
        Err(error) => Err(format!("{failing}: {error}")),
    };
    let is_new = "import sys; sys.exit(sys.version_info < (3, 11))";
    run(Command::new("python3").args(["-c", is_new]), "there is no python3 of 3.11 or later")?;
    std::fs::create_dir_all(work).expect("target can be written to");
    run(Command::new("python3").args(["-m", "venv"]).arg(work.join("venv")), "python3 makes no virtual environment")?;
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"]).arg(here().join("requirements.txt"));
    run(&mut pip, "the libraries cannot be installed")?;
    std::fs::write(&stamp, wanted).expect("target can be written to");
    Ok(python)
}

/// A port that nothing listens on.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

/// A server that runs until this is dropped.
pub struct Server {
    child: Child,
    /// Its standard input: where it ends, as when the tests are killed, the server ends.
    _alive: Option<ChildStdin>,
}

impl Server {
    /// Starts a command, and waits until it prints a line that starts with `ready`. Its working directory is `directory`, and so is its log's.
    pub fn start(mut command: Command, directory: &Path, ready: &'static str) -> Server {
        let log = directory.join("server.log");
        let file = std::fs::File::create(&log).expect("a log");
        let mut child = command
            .current_dir(directory)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(file)
            .spawn()
            .expect("the server's command can be run");
        let output = BufReader::new(child.stdout.take().expect("piped"));
        let server = Server { _alive: child.stdin.take(), child };
        let (sender, receiver) = mpsc::channel();
        // Reads on after the line, lest the server stop at a full pipe.
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                if line.starts_with(ready) {
                    let _ = sender.send(());
                }
            }
        });
        if receiver.recv_timeout(START).is_err() {
            panic!("the server does not start: {}", std::fs::read_to_string(&log).unwrap_or_default());
        }
        server
    }

    /// Ends it as a crash would.
    pub fn kill(mut self) {
        self.end();
    }

    fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}
