//! Tells `manga` where Rust's own library is, which it shares with the cells of the notebooks (environment.md, "The
//! kernel"), so that it also starts without cargo, wherever the project lies.

use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=RUSTC");
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
