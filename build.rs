//! Tells `manga` where Rust's own library is, which it shares with the cells of the notebooks (environment.md, "The
//! kernel"), so that it also starts without cargo, wherever the project lies; and the library a digest of its own source,
//! which results name (`src/base/compute_version.rs`).

use std::path::{Path, PathBuf};
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=RUSTC");
    println!("cargo::rustc-env=MANGA_SOURCE_DIGEST={:016x}", source_digest());
    if std::env::var_os("CARGO_CFG_UNIX").is_none() {
        return;
    }
    // Both are always set by cargo.
    let [Ok(rustc), Ok(target)] = ["RUSTC", "TARGET"].map(std::env::var) else { return };
    let printed = Command::new(rustc).args(["--print", "target-libdir", "--target", &target]).output();
    // Where rustc does not tell, `manga` still starts through cargo.
    if let Ok(folder) = printed.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_string())
        && !folder.is_empty()
    {
        println!("cargo::rustc-link-arg-bins=-Wl,-rpath,{folder}");
    }
}

/// A digest of `Cargo.lock` and of all that the library is made of: the files in `src` but the program's own.
fn source_digest() -> u64 {
    let mut files = vec![PathBuf::from("Cargo.lock")];
    let own = [Path::new("src/cli"), Path::new("src/main.rs")];
    let entries: Vec<PathBuf> = entries(Path::new("src")).into_iter().filter(|path| !own.contains(&&**path)).collect();
    for path in entries.iter().chain(&files) {
        println!("cargo::rerun-if-changed={}", path.display());
    }
    entries.into_iter().for_each(|path| collect(path, &mut files));
    let mut digest = Fnv(0xcbf2_9ce4_8422_2325);
    for file in files {
        digest.add(file.to_string_lossy().replace('\\', "/").as_bytes());
        digest.add(&std::fs::read(&file).unwrap_or_default());
    }
    digest.0
}

/// All files at or under `path`, in the order of their names.
fn collect(path: PathBuf, files: &mut Vec<PathBuf>) {
    if path.is_dir() {
        entries(&path).into_iter().for_each(|path| collect(path, files));
    } else {
        files.push(path);
    }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

/// FNV-1a of 64 bits: enough to tell versions of a source apart, without a dependency of the build.
struct Fnv(u64);

impl Fnv {
    /// Adds a text and, so that two texts are not one, its length.
    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes.iter().chain(&(bytes.len() as u64).to_le_bytes()) {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}
