//! JupyterLab in the browser.

use super::Tools;
use super::kernel::NAME;
use super::notebooks::photos;
use crate::project;
use crate::{Error, Result};
use std::path::Path;
use std::process::{Command, Stdio};

/// Opens JupyterLab on a folder of notebooks, the project's unless another is named, with this build's kernel, until it is
/// stopped with Ctrl-C. `data` is the folder of photos, as for [`super::reproduce`].
pub fn lab(data: Option<&str>, notebooks: Option<&Path>) -> Result<()> {
    let photos = photos(data)?;
    let tools = Tools::set_up()?;
    let notebooks = notebooks.map_or_else(project::notebooks, Path::to_path_buf);
    trust(&tools, &notebooks);
    let mut command = tools.python();
    command
        .args(["-m", "jupyterlab"])
        .current_dir(notebooks)
        .arg(format!("--KernelSpecManager.allowed_kernelspecs={NAME}"))
        .args([
            "--KernelSpecManager.ensure_native_kernel=False",
            // No question after Ctrl-C, no log of every request.
            "--ServerApp.answer_yes=True",
            "--ServerApp.log_level=WARN",
        ]);
    if is_root() {
        command.arg("--allow-root");
    }
    if let Some(photos) = photos {
        command.env("MANGA_DATA", photos);
    }
    eprintln!("JupyterLab starts; Ctrl-C here ends it.");
    become_it(command)
}

/// Marks the notebooks as ours: JupyterLab shows kept figures only of notebooks it trusts. Where that fails, they appear
/// when the cells run.
fn trust(tools: &Tools, folder: &Path) {
    let mut command = tools.python();
    command.args(["-m", "nbformat.sign"]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|ending| ending == "ipynb") {
            command.arg(path);
        }
    }
    let _ = command.status();
}

/// Jupyter refuses to run as root unless told that this is meant.
fn is_root() -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
    }
    #[cfg(not(unix))]
    false
}

/// Turns this process into JupyterLab, so that Ctrl-C reaches it alone.
#[cfg(unix)]
fn become_it(mut command: Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    let error = command.exec();
    Err(Error::io("cannot start", command.get_program())(error))
}

#[cfg(not(unix))]
fn become_it(mut command: Command) -> Result<()> {
    let program = command.get_program().to_os_string();
    let status = command.status().map_err(Error::io("cannot start", program))?;
    status.success().then_some(()).ok_or_else(|| Error::Lab(format!("JupyterLab ended: {status}")))
}
