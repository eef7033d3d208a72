//! Which learned model joins gazetteers and rules.

use super::learned::Reader;
use crate::encoder::Encoder;
use crate::encoder::engine::Device;
use crate::error::{Error, Result};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// Which learned model joins gazetteers and rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Model {
    /// None.
    Rules,
    /// The small one.
    #[default]
    Fast,
    /// The large one, which the small one learnt from.
    Accurate,
    /// A checkpoint of BERT's family, run by rust-bert; where the binary has it (the feature `bert`).
    RustBert {
        /// As Hugging Face lays it out: `config.json`, `model.safetensors`, `tokenizer.json` or `vocab.txt`.
        directory: PathBuf,
        /// Where it runs.
        device: Device,
    },
}

impl Model {
    /// Every model that is embedded, and none.
    pub const EMBEDDED: [Model; 3] = [Model::Rules, Model::Fast, Model::Accurate];

    /// The name on the command line.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Model::Rules => "rules",
            Model::Fast => "fast",
            Model::Accurate => "accurate",
            Model::RustBert { .. } => "rust-bert",
        }
    }

    /// The file of an embedded model, as it stands in the binary.
    #[must_use]
    pub fn bytes(&self) -> &'static [u8] {
        match self {
            Model::Rules | Model::RustBert { .. } => &[],
            Model::Fast => include_bytes!("../../models/recogniser/fast.safetensors"),
            Model::Accurate => include_bytes!("../../models/recogniser/accurate.safetensors"),
        }
    }

    /// A digest of all that it reads with.
    ///
    /// # Errors
    /// When a file of a checkpoint cannot be read.
    pub fn digest(&self) -> Result<[u8; 32]> {
        let mut digest = Sha256::new();
        digest.update(self.bytes());
        if let Model::RustBert { directory, device } = self {
            // Other devices sum in other orders.
            digest.update(device.to_string());
            for name in CHECKPOINT {
                let path = directory.join(name);
                if path.is_file() {
                    digest.update(name);
                    add(&path, &mut digest).map_err(|source| Error::Io { path: path.display().to_string(), source })?;
                }
            }
        }
        Ok(digest.finalize().into())
    }

    /// What reads with it, ready to run; none for [`Model::Rules`].
    pub(super) fn load(&self, rules: Option<&Path>) -> Result<Option<Reader>> {
        match self {
            Model::Rules => Ok(None),
            Model::Fast | Model::Accurate => {
                let file = format!("models/recogniser/{}.safetensors", self.name());
                Reader::new(&file, Encoder::load(&file, self.bytes())?, false).map(Some)
            }
            Model::RustBert { directory, device } => checkpoint(directory, *device, rules).map(Some),
        }
    }
}

/// Adds the bytes of a file, which may be large.
fn add(path: &Path, digest: &mut Sha256) -> std::io::Result<()> {
    let (mut file, mut buffer) = (File::open(path)?, vec![0; 1 << 20]);
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(()),
            read => digest.update(&buffer[..read]),
        }
    }
}

/// The files of a checkpoint that say how it reads.
const CHECKPOINT: [&str; 8] =
    ["config.json", "labels.toml", "merges.txt", "model.safetensors", "tokenizer.json", "tokenizer_config.json", "vocab.json", "vocab.txt"];

#[cfg(feature = "bert")]
fn checkpoint(directory: &Path, device: Device, rules: Option<&Path>) -> Result<Reader> {
    let (encoder, inside_starts) = crate::encoder::checkpoint::load(directory, device, rules)?;
    Reader::new(&directory.display().to_string(), encoder, inside_starts)
}

#[cfg(not(feature = "bert"))]
fn checkpoint(_: &Path, _: Device, _: Option<&Path>) -> Result<Reader> {
    let reason = "--recogniser rust-bert: this wiregraph was built without it".to_owned();
    let hint = "models/bert/libtorch.py sets libtorch up, then: cargo build --release --features bert".to_owned();
    Err(Error::Usage { reason, hint: Some(hint) })
}

impl FromStr for Model {
    type Err = String;

    /// An embedded model by its name.
    fn from_str(name: &str) -> std::result::Result<Model, String> {
        Model::EMBEDDED.into_iter().find(|m| m.name() == name).ok_or_else(|| format!("no recogniser {name}: fast, accurate or rules"))
    }
}
