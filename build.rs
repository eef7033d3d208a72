//! With the feature `bert`, programs and tests find libtorch where it was when they were built. What conclusions are drawn with gets a name.

use std::path::{Path, PathBuf};

/// Code and word lists that decide on conclusions.
const CONCLUDING: &[&str] =
    &["src/graph", "models/gazetteer", "models/names.toml", "models/series.toml", "models/words.toml", "models/nouns.toml"];

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    // What torch-sys tells those that depend on it.
    println!("cargo:rerun-if-env-changed=DEP_TCH_LIBTORCH_LIB");
    if let Ok(directory) = std::env::var("DEP_TCH_LIBTORCH_LIB") {
        println!("cargo:rustc-link-arg=-Wl,-rpath,{directory}");
    }
    let mut files = Vec::new();
    for place in CONCLUDING {
        println!("cargo:rerun-if-changed={place}");
        files_below(Path::new(place), &mut files);
    }
    files.sort();
    // FNV-1a, which is enough to tell two builds apart.
    let mut digest = 0xcbf2_9ce4_8422_2325_u64;
    for byte in files.iter().flat_map(|file| std::fs::read(file).unwrap_or_default()) {
        digest = (digest ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
    }
    println!("cargo:rustc-env=WIREGRAPH_CONCLUSIONS={digest:016x}");
}

fn files_below(place: &Path, files: &mut Vec<PathBuf>) {
    match std::fs::read_dir(place) {
        Ok(entries) => entries.flatten().for_each(|entry| files_below(&entry.path(), files)),
        Err(_) => files.push(place.to_owned()),
    }
}
