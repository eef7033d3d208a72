//! Where results go: a file that is opened before the long run and renamed into place after it, or standard output.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;
use wiregraph::error::Error;

/// An output that appears whole or not at all.
pub enum Output {
    /// A file beside its final place, and that place.
    File(BufWriter<NamedTempFile>, PathBuf),
    /// A file in the directory of what a run has done so far, its path, and its final place.
    Staged(BufWriter<File>, PathBuf, PathBuf),
    /// What is no plain file and stays in its place, a device or a pipe, and its name.
    Device(BufWriter<File>, String),
    /// Standard output.
    Standard(BufWriter<io::Stdout>),
}

impl Output {
    /// Opens `path`; `-` and `None` are standard output.
    ///
    /// # Errors
    /// When the directory is missing or not writable.
    pub fn open(path: Option<&Path>) -> Result<Output, Error> {
        match path.filter(|p| *p != Path::new("-")) {
            None => Ok(Output::Standard(BufWriter::new(io::stdout()))),
            Some(path) => {
                let wrong = |source| Error::Io { path: path.display().to_string(), source };
                if path.is_dir() {
                    return Err(wrong(io::Error::new(io::ErrorKind::IsADirectory, "is a directory")));
                }
                // A link stays a link: what it leads to is written.
                let path = &path.canonicalize().unwrap_or_else(|_| path.to_owned());
                if path.exists() && !path.is_file() {
                    let device = OpenOptions::new().write(true).open(path).map_err(wrong)?;
                    return Ok(Output::Device(BufWriter::new(device), path.display().to_string()));
                }
                let file = NamedTempFile::new_in(Output::directory(path)?).map_err(wrong)?;
                Ok(Output::File(BufWriter::new(file), path.to_owned()))
            }
        }
    }

    /// The plain file that `path` names or leads to, whether it is there or not; `None` for standard output and for a device.
    pub fn file(path: Option<&Path>) -> Option<PathBuf> {
        let path = path.filter(|p| *p != Path::new("-"))?;
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        (!path.exists() || path.is_file()).then_some(path)
    }

    /// The directory that a file is to lie in.
    ///
    /// # Errors
    /// When it is not there.
    pub fn directory(file: &Path) -> Result<&Path, Error> {
        let directory = file.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if directory.is_dir() {
            return Ok(directory);
        }
        let hint = Some(format!("mkdir -p {}", directory.display()));
        Err(Error::Usage { reason: format!("{}: there is no such directory to write to", directory.display()), hint })
    }

    /// Opens what becomes the plain file `to`, in `directory`.
    ///
    /// # Errors
    /// When the directory is not writable.
    pub fn stage(directory: &Path, to: PathBuf) -> Result<Output, Error> {
        let path = directory.join("output");
        let file = File::create(&path).map_err(|source| Error::Io { path: path.display().to_string(), source })?;
        Ok(Output::Staged(BufWriter::new(file), path, to))
    }

    /// Writes what is buffered and puts the file in its place.
    ///
    /// # Errors
    /// When the disk is full or the place is not writable.
    pub fn finish(self) -> Result<(), Error> {
        match self {
            Output::Standard(mut out) => out.flush().map_err(|source| Error::Io { path: "standard output".into(), source }),
            Output::Device(mut out, path) => out.flush().map_err(|source| Error::Io { path, source }),
            Output::Staged(mut out, from, to) => {
                let wrong = |source| Error::Io { path: to.display().to_string(), source };
                out.flush().map_err(wrong)?;
                if let Ok(held) = std::fs::metadata(&to) {
                    std::fs::set_permissions(&from, held.permissions()).map_err(wrong)?;
                }
                std::fs::rename(&from, &to).map_err(wrong)
            }
            Output::File(file, path) => {
                let wrong = |source| Error::Io { path: path.display().to_string(), source };
                let file = file.into_inner().map_err(|e| wrong(e.into_error()))?;
                #[cfg(unix)]
                {
                    use std::os::unix::fs::PermissionsExt;
                    let mode = std::fs::metadata(&path).map_or(0o644, |m| m.permissions().mode());
                    file.as_file().set_permissions(std::fs::Permissions::from_mode(mode)).map_err(wrong)?;
                }
                file.persist(&path).map_err(|e| wrong(e.error)).map(drop)
            }
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Output::File(file, _) => file.write(bytes),
            Output::Device(out, _) => out.write(bytes),
            Output::Staged(out, ..) => out.write(bytes),
            Output::Standard(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Output::File(file, _) => file.flush(),
            Output::Device(out, _) => out.flush(),
            Output::Staged(out, ..) => out.flush(),
            Output::Standard(out) => out.flush(),
        }
    }
}
