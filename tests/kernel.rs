//! Notebooks in the kernel. These tests need Jupyter and the kernel, so they are left out unless asked for:
//! `cargo test --release --test kernel -- --ignored`.

use serde_json::{Value, json};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

/// A folder of notebooks; `cells` are the code cells of each, a leading `!` marks one that may fail.
fn notebooks(all: &[(&str, &[&str])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, cells) in all {
        let cells: Vec<Value> = cells
            .iter()
            .enumerate()
            .map(|(index, code)| {
                let (tags, code) =
                    code.strip_prefix('!').map_or((vec![], *code), |code| (vec!["raises-exception"], code));
                json!({
                    "cell_type": "code", "id": format!("cell-{index}"), "source": code, "metadata": { "tags": tags },
                    "outputs": [], "execution_count": null,
                })
            })
            .collect();
        let notebook = json!({ "cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5 });
        std::fs::write(folder.path().join(format!("{name}.ipynb")), notebook.to_string()).unwrap();
    }
    folder
}

fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_manga"));
    command
        .args(["reproduce", "--budget", "smoke", "--notebooks"])
        .arg(folder)
        .arg("--output")
        .arg(folder.join("pages"))
        .env("MANGA_DATA", folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn start(folder: &Path) -> Child {
    command(folder).spawn().unwrap()
}

fn run(folder: &Path) -> Output {
    start(folder).wait_with_output().unwrap()
}

fn complaint(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// All that the cells of a notebook that ran have put out.
fn outputs(folder: &Path, name: &str) -> String {
    let text = std::fs::read_to_string(folder.join("pages").join(format!("{name}.ipynb"))).unwrap();
    let notebook: Value = serde_json::from_str(&text).unwrap();
    notebook["cells"].as_array().unwrap().iter().map(|cell| cell["outputs"].to_string()).collect()
}

/// Runs a notebook `lesson` of these cells, which has to fail in cell `number`; returns what the command says.
fn failure(cells: &[&str], number: usize) -> String {
    let folder = notebooks(&[("lesson", cells)]);
    let output = run(folder.path());
    let said = complaint(&output);
    assert!(!output.status.success(), "the run succeeded: {said}");
    assert!(said.contains(&format!("lesson.ipynb, cell {number} of {} failed", cells.len())), "{said}");
    assert!(folder.path().join("pages").join("lesson.html").is_file());
    said
}

#[test]
#[ignore = "needs the kernel"]
fn cells_share_values_and_statics() {
    let folder = notebooks(&[(
        "lesson",
        &[
            "use manga_expressions::net::ops::{Parameter, Role};\n\
             fn id(of: &Parameter) -> String { format!(\"{:?}\", of.tensor()).chars().take(28).collect() }\n\
             let mut first = Parameter::new(\"a\", Role::Weight, &[2], vec![1.0, 2.0]);",
            "first.set_values(&[3.0, 4.0]);",
            "let second = Parameter::new(\"b\", Role::Weight, &[1], vec![0.0]);\n\
             assert_eq!(first.values(), [3.0, 4.0]);\n\
             assert_ne!(id(&first), id(&second));\n\
             println!(\"{} {}\", std::env::var(\"MANGA_BUDGET\").unwrap(), std::env::var(\"MANGA_DATA\").unwrap());",
        ],
    )]);
    let output = run(folder.path());
    assert!(output.status.success(), "{}", complaint(&output));
    assert!(String::from_utf8_lossy(&output.stdout).trim().ends_with("index.html"));
    assert!(outputs(folder.path(), "lesson").contains(&format!("smoke {}", folder.path().display())));
}

#[test]
#[ignore = "needs the kernel"]
fn a_model_made_in_one_cell_trains_in_another() {
    let folder = notebooks(&[(
        "lesson",
        &[
            "use manga_expressions::prelude::*;\n\
             let experiment = Experiment::lesson(\"resnet50v2\", 1, Budget::Smoke)?;\n\
             let dataset = Source::Drawn { count: 70, seed: 1 }.load()?;\n\
             let parts = experiment.parts(&dataset)?;",
            "let mut network = experiment.build(dataset.classes().len())?;\n\
             let before: Vec<f32> = network.parameters()[0].values();",
            "let history = experiment.fit(&mut network, &parts)?;",
            "assert_ne!(before, network.parameters()[0].values());\n\
             println!(\"{} epochs\", history.epochs.len());",
        ],
    )]);
    let output = run(folder.path());
    assert!(output.status.success(), "{}", complaint(&output));
    assert!(outputs(folder.path(), "lesson").contains(" epochs"));
}

#[test]
#[ignore = "needs the kernel"]
fn a_network_of_ones_own_takes_under_twenty_lines() {
    let network = "let init = Initializer::keras(1);\n\
         let layers = Sequential::new()\n\
             .then(Box::new(Conv2d::new(\"conv1\", &init, 1, 16, (3, 3)).padding(Padding::Same)))\n\
             .then(Box::new(BatchNorm::new(\"bn1\", 16, 1e-3).relu()))\n\
             .then(Box::new(MaxPool::new(\"pool1\", 2, 2, Padding::Valid)))\n\
             .then(Box::new(Conv2d::new(\"conv2\", &init, 16, 32, (3, 3)).padding(Padding::Same)))\n\
             .then(Box::new(BatchNorm::new(\"bn2\", 32, 1e-3).relu()))\n\
             .then(Box::new(GlobalAvgPool::new(\"mean\")))\n\
             .then(Box::new(Dense::new(\"fc\", &init, 32, 7)));\n\
         let mut network = Network::new(\"mine\", (24, 24, 1), 7, Box::new(layers));";
    let train = "let small = Preparation { size: 24, ..Preparation::default() };\n\
         let images = small.apply(&Source::Drawn { count: 70, seed: 1 }.load()?)?;\n\
         let settings = Settings { epochs: 2, ..Settings::default() };\n\
         let history = Training::new(&settings).run(&mut network, &images, None)?;";
    assert!(network.lines().count() + train.lines().count() < 20);
    let cells = [
        "use manga_expressions::prelude::*;",
        network,
        "println!(\"{}\", network.summary()?);",
        train,
        "println!(\"{} epochs\", history.epochs.len());",
    ];
    let folder = notebooks(&[("lesson", &cells)]);
    let output = run(folder.path());
    assert!(output.status.success(), "{}", complaint(&output));
    let said = outputs(folder.path(), "lesson");
    assert!(said.contains("Total params: 5,223") && said.contains("2 epochs"), "{said}");
}

#[test]
#[ignore = "needs the kernel"]
fn a_panic_fails_a_run() {
    let said = failure(&["let x: usize = 1;", "let values = vec![1, 2];\nprintln!(\"{}\", values[x + 1]);", "1"], 2);
    assert!(said.contains("the cell panicked: index out of bounds: the len is 2 but the index is 2"), "{said}");
}

#[test]
#[ignore = "needs the kernel"]
fn a_question_mark_on_an_error_fails_a_run() {
    let said = failure(&["1 + 1", "let budget = \"long\".parse::<manga_expressions::lab::Budget>()?;", "1"], 2);
    assert!(said.contains("'long' is no budget"), "{said}");
}

#[test]
#[ignore = "needs the kernel"]
fn an_error_as_a_cells_result_fails_a_run() {
    let said = failure(&["\"long\".parse::<manga_expressions::lab::Budget>()"], 1);
    assert!(said.contains("Err(Invalid("), "{said}");
}

#[test]
#[ignore = "needs the kernel"]
fn a_mistake_is_explained_where_it_is() {
    // evcxr explains a variable of unknown type by `cargo check`, other mistakes by the build that failed.
    for (mistake, explanation) in [
        ("let number: i32 = \"text\";", "expected `i32`, found `&str`"),
        ("let x = manga_expressions::lab::no_such_function();", "cannot find function `no_such_function`"),
        (
            "let x = \"a\".parse::<manga_expressions::lab::Budget>().unwrap().no_such_method();",
            "no method named `no_such_method`",
        ),
    ] {
        let said = failure(&["1 + 1", mistake], 2);
        assert!(said.contains(explanation), "{said}");
    }
}

#[test]
#[ignore = "needs the kernel"]
fn a_cell_that_may_fail_does_not_end_a_run() {
    let folder = notebooks(&[("lesson", &["let x = 1;", "!let y: i32 = \"text\";", "println!(\"still {x}\");"])]);
    let output = run(folder.path());
    assert!(output.status.success(), "{}", complaint(&output));
    assert!(outputs(folder.path(), "lesson").contains("still 1"));
}

#[test]
#[ignore = "needs the kernel"]
fn two_kernels_run_at_once() {
    let folders = ["one", "two"].map(|name| {
        let wait = "std::thread::sleep(std::time::Duration::from_secs(2));";
        let say = format!("let name = \"{name}\".to_string();");
        notebooks(&[("lesson", &[&say, wait, "println!(\"this is {name}\");"])])
    });
    let running = [&folders[0], &folders[1]].map(|folder| start(folder.path()));
    for (child, (folder, name)) in running.into_iter().zip(folders.iter().zip(["one", "two"])) {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", complaint(&output));
        assert!(outputs(folder.path(), "lesson").contains(&format!("this is {name}")));
    }
}

#[test]
#[ignore = "needs the kernel"]
fn when_a_cell_ends_the_process_it_says_what_to_do_and_so_does_a_cell_that_misses_a_variable() {
    const REMEDY: &str = "Run the cells again from the top; a training that is kept in a folder goes on";
    let folder = notebooks(&[(
        "lesson",
        &[
            "let x = 20; fn double(x: i32) -> i32 { 2 * x }",
            "!std::process::abort();",
            "!println!(\"{}\", x + 1);",
            "let y = double(4);",
            "!std::process::exit(1);",
            "!double(y)",
            "!let z: i32 = \"text\";",
        ],
    )]);
    let output = run(folder.path());
    assert!(output.status.success(), "{}", complaint(&output));
    let text = std::fs::read_to_string(folder.path().join("pages").join("lesson.ipynb")).unwrap();
    let notebook: Value = serde_json::from_str(&text).unwrap();
    let said = |cell: usize| notebook["cells"][cell]["outputs"].to_string();
    for cell in [1, 4] {
        assert!(
            said(cell).contains("The process of these cells ended") && said(cell).contains(REMEDY),
            "{}",
            said(cell)
        );
    }
    for (cell, name) in [(2, "x"), (5, "y")] {
        assert!(said(cell).contains(&format!("cannot find value `{name}`")), "{}", said(cell));
        assert!(said(cell).contains(REMEDY), "{}", said(cell));
    }
    // A function is no variable: it is still there. Other mistakes have nothing to do with it.
    assert_eq!(said(3), "[]");
    assert!(said(6).contains("mismatched types") && !said(6).contains(REMEDY), "{}", said(6));
}

#[test]
#[ignore = "needs the kernel"]
fn the_tables_and_curves_are_kept_as_files_and_no_face_is() {
    let folder = notebooks(&[(
        "01_lesson",
        &[
            "use manga_expressions::prelude::*;\nlet dataset = Source::Drawn { count: 70, seed: 1 }.load()?;",
            "photos_per_class(&dataset, 2, 1)?",
            "class_counts(dataset.classes(), &dataset.counts())?",
            "dataset.summary()",
        ],
    )]);
    let results = folder.path().join("results");
    let mut command = command(folder.path());
    let output = command.arg("--results").arg(&results).output().unwrap();
    assert!(output.status.success(), "{}", complaint(&output));
    let mut names: Vec<String> = std::fs::read_dir(results.join("01_lesson"))
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["03-untitled.svg", "04-untitled.txt"]);
    let times = std::fs::read_to_string(folder.path().join("pages").join("cells.csv")).unwrap();
    assert!(times.starts_with("notebook,cell,seconds,trains\n01_lesson,1,"), "{times}");
    assert_eq!(times.lines().count(), 5);
    // All three are in the index: with the face, as it stays here.
    let index = std::fs::read_to_string(folder.path().join("pages").join("index.html")).unwrap();
    assert_eq!(index.matches("<figure>").count(), 3);
    assert!(index.contains("<image"));
}

#[test]
#[ignore = "needs the kernel"]
fn the_first_notebook_that_fails_ends_the_run() {
    let folder = notebooks(&[("1_good", &["1"]), ("2_bad", &["panic!(\"stop\")"]), ("3_good", &["1"])]);
    // One at a time: of two, the third may well have been begun before the second fails.
    let output = command(folder.path()).args(["--jobs", "1"]).output().unwrap();
    assert!(!output.status.success());
    assert!(complaint(&output).contains("2_bad.ipynb, cell 1 of 1 failed"), "{}", complaint(&output));
    let pages = folder.path().join("pages");
    assert!(pages.join("1_good.html").is_file() && pages.join("2_bad.html").is_file());
    assert!(!pages.join("3_good.html").exists());
    let index = std::fs::read_to_string(pages.join("index.html")).unwrap();
    assert!(index.contains("2_bad.html") && index.contains("the cell panicked: stop"), "{index}");
}

#[test]
#[ignore = "needs Jupyter"]
fn the_program_that_makes_pages_passes_its_tests() {
    // A run sets up what is missing.
    let folder = notebooks(&[("lesson", &["1"])]);
    let output = run(folder.path());
    assert!(output.status.success(), "{}", complaint(&output));
    let cache = std::env::var_os("MANGA_CACHE").filter(|folder| !folder.is_empty()).map(std::path::PathBuf::from);
    let cache = cache.unwrap_or_else(|| dirs::cache_dir().unwrap().join("manga-expressions"));
    let python = cache.join("python").join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lab_pages.py");
    let output = Command::new(python).arg(tests).output().unwrap();
    assert!(output.status.success(), "{}", complaint(&output));
    // A test that is not found would pass as well.
    assert!(complaint(&output).contains("Ran 13 tests"), "{}", complaint(&output));
}
