//! Showing that a long step is under way.

use crate::{Error, Result};
use indicatif::{ProgressBar, ProgressStyle};
use std::collections::VecDeque;
use std::io::{BufRead, BufReader, IsTerminal, Read};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

/// How many of its last lines are told when a step fails.
const KEPT_LINES: usize = 20;

/// A line of what a notebook or a program is doing, on standard output: the one place where the library writes there.
pub(crate) fn say(text: &str) {
    println!("{text}");
}

/// Whether this is the process in which the cells of a notebook run. The kernel sets the variable.
pub(crate) fn in_a_notebook() -> bool {
    std::env::var_os("EVCXR_IS_RUNTIME").is_some()
}

/// One line in the terminal that says what is being done just now; nothing where the output goes to a file.
pub(crate) fn spinner(title: &str) -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner} {prefix} {elapsed:.dim} {wide_msg:.dim}")
        .expect("the template is well-formed");
    let bar = ProgressBar::new_spinner().with_style(style).with_prefix(title.to_string());
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

/// Runs one step of the setup to its end. Its last line is shown as it goes; where nobody watches a terminal, one line a
/// minute. Its last lines are part of the error, after `advice`.
pub(crate) fn run(title: &str, command: &mut Command, advice: &str) -> Result<()> {
    let start = Instant::now();
    let watched = std::io::stderr().is_terminal();
    if !watched {
        eprintln!("{title} …");
    }
    let bar = spinner(title);
    let program = command.get_program().to_os_string();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(Error::io("cannot start", &program))?;
    let (sender, lines) = mpsc::channel();
    forward(child.stdout.take().expect("it is piped"), sender.clone());
    forward(child.stderr.take().expect("it is piped"), sender);
    let mut last = VecDeque::new();
    let mut told = Instant::now();
    loop {
        match lines.recv_timeout(Duration::from_secs(1)) {
            Ok(line) => {
                bar.set_message(line.trim().to_string());
                if last.len() == KEPT_LINES {
                    last.pop_front();
                }
                last.push_back(line);
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        if !watched && told.elapsed() > Duration::from_secs(60) {
            told = Instant::now();
            let minutes = start.elapsed().as_secs() / 60;
            eprintln!("  {minutes} min: {}", last.back().map_or("", |line| line.trim()));
        }
    }
    let status = child.wait().map_err(Error::io("cannot wait for", &program))?;
    bar.finish_and_clear();
    if !status.success() {
        let output: Vec<String> = last.into();
        return Err(Error::Lab(format!("{title}: failed ({status}). {advice}\n{}", output.join("\n"))));
    }
    eprintln!("{title}: done in {} s.", start.elapsed().as_secs());
    Ok(())
}

/// Sends every line of `source` until it ends.
fn forward(source: impl Read + Send + 'static, sender: Sender<String>) {
    std::thread::spawn(move || {
        for line in BufReader::new(source).split(b'\n') {
            let Ok(line) = line else { break };
            if sender.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                break;
            }
        }
    });
}
