//! With the feature `bert`, programs and tests find libtorch where it was when they were built.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    // What torch-sys tells those that depend on it.
    println!("cargo:rerun-if-env-changed=DEP_TCH_LIBTORCH_LIB");
    if let Ok(directory) = std::env::var("DEP_TCH_LIBTORCH_LIB") {
        println!("cargo:rustc-link-arg=-Wl,-rpath,{directory}");
    }
}
