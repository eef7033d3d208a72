//! A directory that appears whole or not at all: made beside its place, and renamed into it last.

use crate::error::{Error, Result};
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A directory that is being written.
#[derive(Debug)]
pub struct Directory {
    working: TempDir,
    place: PathBuf,
}

impl Directory {
    /// Opens a directory that will stand at `place`. One that stands there already is replaced if it holds only what `is_ours` says this program writes.
    ///
    /// # Errors
    /// When something else stands there, or the directory around it cannot be written to.
    pub fn open(place: &Path, is_ours: fn(&str) -> bool) -> Result<Directory> {
        let wrong = |source| Error::Io { path: place.display().to_string(), source };
        match fs::read_dir(place) {
            Ok(entries) => {
                for entry in entries {
                    let name = entry.map_err(wrong)?.file_name();
                    if !name.to_str().is_some_and(is_ours) {
                        return Err(foreign(place, &name));
                    }
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(wrong(error)),
        }
        let around = place.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let working = tempfile::Builder::new().prefix(".wiregraph-").tempdir_in(around).map_err(wrong)?;
        Ok(Directory { working, place: place.to_owned() })
    }

    /// Where its files are written meanwhile.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.working.path()
    }

    /// Puts it in its place.
    ///
    /// # Errors
    /// When the place cannot be written to; what stood there stays.
    pub fn finish(self) -> Result<()> {
        let wrong = |source| Error::Io { path: self.place.display().to_string(), source };
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(self.working.path(), fs::Permissions::from_mode(0o755)).map_err(wrong)?;
        }
        // A directory is not renamed over one that holds files: the old one steps aside, and comes back if the new one cannot follow.
        let aside = self.working.path().with_extension("old");
        let had = self.place.exists();
        if had {
            fs::rename(&self.place, &aside).map_err(wrong)?;
        }
        if let Err(error) = fs::rename(self.working.path(), &self.place) {
            if had {
                fs::rename(&aside, &self.place).map_err(wrong)?;
            }
            return Err(wrong(error));
        }
        let _ = self.working.keep();
        if had { fs::remove_dir_all(&aside).map_err(wrong) } else { Ok(()) }
    }
}

fn foreign(place: &Path, name: &OsStr) -> Error {
    Error::Usage {
        reason: format!("{}: holds “{}”, which no export writes", place.display(), name.to_string_lossy()),
        hint: Some("name a directory that is not there yet".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_ours(name: &str) -> bool {
        name == "ours.csv"
    }

    fn names(directory: &Path) -> Vec<String> {
        let names = fs::read_dir(directory).expect("a directory").map(|entry| entry.expect("an entry").file_name());
        names.map(|name| name.to_string_lossy().into_owned()).collect()
    }

    fn write(place: &Path, text: &str) {
        let directory = Directory::open(place, is_ours).expect("opened");
        fs::write(directory.path().join("ours.csv"), text).expect("written");
        directory.finish().expect("finished");
    }

    #[test]
    fn nothing_is_left_but_the_new_directory() {
        let around = TempDir::new().expect("a directory");
        let place = around.path().join("graph");
        for text in ["old", "new"] {
            write(&place, text);
            assert_eq!(fs::read_to_string(place.join("ours.csv")).expect("a file"), text);
            assert_eq!(names(around.path()), ["graph"]);
        }
        // One that is not finished leaves the old one.
        let directory = Directory::open(&place, is_ours).expect("opened");
        fs::write(directory.path().join("ours.csv"), "half").expect("written");
        drop(directory);
        assert_eq!(fs::read_to_string(place.join("ours.csv")).expect("a file"), "new");
        assert_eq!(names(around.path()), ["graph"]);
    }

    #[test]
    fn what_others_wrote_stays() {
        let around = TempDir::new().expect("a directory");
        fs::write(around.path().join("thesis.tex"), "").expect("written");
        let error = Directory::open(around.path(), is_ours).expect_err("not ours");
        assert!(error.to_string().contains("thesis.tex") && error.hint().is_some(), "{error}");
        let error = Directory::open(&around.path().join("thesis.tex"), is_ours).expect_err("a file");
        assert!(error.to_string().contains("thesis.tex"), "{error}");
        assert!(Directory::open(&around.path().join("none/there"), is_ours).is_err());
    }
}
