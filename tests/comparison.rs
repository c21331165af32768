//! Runs side by side: their numbers, their figure, and `manga compare`.

#[path = "common/finished_run.rs"]
mod finished_run;
#[path = "common/program.rs"]
mod program;
#[path = "common/svg.rs"]
mod svg;

use finished_run::{experiment, finished, finished_as};
use manga_expressions::COMPUTE_VERSION;
use manga_expressions::show::plots::accuracies;
use manga_expressions::show::tables::Table;
use manga_expressions::study::experiment::Experiment;
use manga_expressions::study::results::{Comparison, RunRow};
use program::{complaint, empty, json, output, photos, with};
use serde_json::Value;
use std::path::Path;
use svg::{attributes, check, numbers, texts};

#[test]
fn runs_have_a_mean_and_the_deviation_of_a_sample() {
    let all = tempfile::tempdir().unwrap();
    let accuracies = [0.2, 0.4, 0.9];
    let folders: Vec<String> = (1..)
        .zip(accuracies)
        .map(|(seed, accuracy)| finished(&all.path().join(seed.to_string()), "resnet50v2", seed, accuracy))
        .collect();
    let comparison = Comparison::of(&folders).unwrap();
    // numpy: np.mean([.2, .4, .9]), np.std([.2, .4, .9], ddof=1)
    assert!((comparison.mean_accuracy - 0.5).abs() < 1e-12);
    assert!((comparison.deviation.unwrap() - 0.360_555_127_546_398_9).abs() < 1e-12);
    assert_eq!(comparison.rows.iter().map(|row| row.seed).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!((comparison.rows[0].seconds, comparison.rows[0].cpu_seconds), (1.5, 3.0));
    assert_eq!(comparison.to_string(), "mean accuracy 50.0 % over 3 runs, standard deviation 36.1 points");
    assert_eq!(Comparison::of(&folders[..1]).unwrap().deviation, None);
    // The runs' own intervals, each from 0.125 below to 0.0625 above its accuracy.
    assert!((comparison.low - 0.375).abs() < 1e-12 && (comparison.high - 0.5625).abs() < 1e-12);
}

#[test]
fn each_class_has_the_means_of_its_scores() {
    let all = tempfile::tempdir().unwrap();
    let run = |seed: u64, accuracy| finished(&all.path().join(format!("x-seed{seed}")), "resnet50v2", seed, accuracy);
    let comparison = Comparison::of(&[run(1, 0.25), run(2, 0.5), run(6, 0.75)]).unwrap();
    let [a, b] = &comparison.classes[..] else { panic!("{:?}", comparison.classes) };
    assert_eq!((a.name.as_str(), a.precision, a.recall, a.f1, a.support), ("a", 0.5, 0.75, 0.25, 3.0));
    assert_eq!((b.name.as_str(), b.precision, b.recall, b.f1, b.support), ("b", 0.0, 0.0, 0.0, 10.0));
    let text = Table::compared_classes(&comparison).unwrap().to_string();
    assert!(text.contains("a           0.50    0.75      0.25      3.0"), "{text}");
    assert!(text.contains("3 runs"), "{text}");
}

#[test]
fn runs_are_grouped_by_all_but_their_seeds_and_threads() {
    let all = tempfile::tempdir().unwrap();
    let run = |name: &str, experiment: &Experiment, accuracy| finished_as(&all.path().join(name), experiment, accuracy);
    let frozen = |seed| Experiment { freeze: Some("layer4".into()), ..experiment("resnet50", seed) };
    let mut threads = experiment("resnet50", 2);
    threads.training.threads = Some(1);
    let folders = [
        run("whole-seed1", &experiment("resnet50", 1), 0.25),
        run("frozen-seed1", &frozen(1), 0.5),
        run("whole-seed2", &threads, 0.75),
        run("frozen-seed3", &frozen(3), 0.625),
        run("alone", &experiment("dcnn", 1), 0.125),
    ];
    let groups = Comparison::groups(&folders).unwrap();
    let seeds = |group: &Comparison| group.rows.iter().map(|row| row.seed).collect::<Vec<_>>();
    let told: Vec<(&str, Vec<u64>, f64)> =
        groups.iter().map(|group| (group.name.as_str(), seeds(group), group.mean_accuracy)).collect();
    let expected = [("whole", vec![1, 2], 0.5), ("frozen", vec![1, 3], 0.5625), ("alone", vec![1], 0.125)];
    assert_eq!(told, expected);
    assert_eq!(groups[0], Comparison::of(&[folders[0].clone(), folders[2].clone()]).unwrap());

    let csv = all.path().join("summary.csv").to_string_lossy().into_owned();
    Table::comparisons(&groups).unwrap().save_csv(&csv).unwrap();
    let csv = std::fs::read_to_string(csv).unwrap();
    let lines: Vec<&str> = csv.lines().collect();
    let heads = "experiment,runs,accuracy,deviation,low,high,majority,macro_f1,epochs,seconds,cpu_seconds,\
                 peak_memory_mib,compute_version";
    assert_eq!(lines[0], heads);
    // 0.25 and 0.75 lie 0.5 apart, and the deviation of two numbers is their distance over the root of 2.
    let row = "whole,2,0.5,0.3535533905932738,0.375,0.5625,0.25,0.5,1.0,1.5,3.0,150.0";
    assert_eq!(lines[1], format!("{row},{COMPUTE_VERSION}"));
    assert_eq!(lines[3], format!("alone,1,0.125,,0.0,0.1875,0.25,0.5,1.0,1.5,3.0,100.0,{COMPUTE_VERSION}"));

    // One run that does not know its memory: a mean of the others would pass for that of all.
    let result = Path::new(&folders[0]).join("result.json");
    std::fs::write(result, r#"{"best_epoch": 1, "stopped": null}"#).unwrap();
    let groups = Comparison::groups(&folders).unwrap();
    let frame = Table::comparisons(&groups).unwrap();
    assert_eq!(frame.frame().column("peak_memory_mib").unwrap().null_count(), 1);
}

/// A run as it was kept before there were compute versions.
fn from_before(folder: &str) {
    let settings = Path::new(folder).join("settings.json");
    let text = std::fs::read_to_string(&settings).unwrap();
    let mine = format!("\"version\":\"{COMPUTE_VERSION}\"");
    assert!(text.contains(&mine), "{text}");
    std::fs::write(settings, text.replace(&mine, "\"version\":\"0.1.0\"")).unwrap();
}

#[test]
fn tables_say_which_compute_version_made_the_runs() {
    let all = tempfile::tempdir().unwrap();
    let run = |name: &str, seed| finished(&all.path().join(name), "dcnn", seed, 0.5);
    let folders = [run("a-seed1", 1), run("a-seed2", 2)];
    let csv = |table: &Table| {
        let file = all.path().join("table.csv").to_string_lossy().into_owned();
        table.save_csv(&file).unwrap();
        std::fs::read_to_string(file).unwrap()
    };
    // The same in all rows: under the table, and in the file.
    let comparison = Comparison::of(&folders).unwrap();
    let table = Table::comparison(&comparison).unwrap();
    let text = table.to_string();
    assert!(text.ends_with(&format!("0.0 points. Compute version {COMPUTE_VERSION}.\n")), "{text}");
    assert!(!text.contains("compute_version") && !table.html().contains("compute_version"), "{text}");
    assert!(csv(&table).lines().skip(1).all(|line| line.ends_with(&format!(",{COMPUTE_VERSION}"))));

    // Two versions: a column.
    from_before(&folders[0]);
    let comparison = Comparison::of(&folders).unwrap();
    assert_eq!(comparison.compute_versions(), format!("1 and {COMPUTE_VERSION}"));
    let table = Table::comparison(&comparison).unwrap();
    let text = table.to_string();
    assert!(text.contains("compute_version") && !text.contains("Compute version"), "{text}");
    assert!(csv(&table).lines().nth(1).unwrap().ends_with(",1"));
    let summary = csv(&Table::comparisons(&[comparison]).unwrap());
    assert!(summary.trim_end().ends_with(&format!(",1 and {COMPUTE_VERSION}")), "{summary}");

    // Tables from before have no such column.
    let kept = all.path().join("a");
    std::fs::create_dir(&kept).unwrap();
    std::fs::write(kept.join("classes.csv"), "class,precision,recall,f1-score,support\na,0,0,0,3\n").unwrap();
    let head = "network,seed,epochs,best_epoch,accuracy,low,high,majority,macro_f1,seconds,cpu_seconds,peak_memory_mib";
    std::fs::write(kept.join("runs.csv"), format!("{head}\ndcnn,1,2,1,0.5,0.4,0.6,0.2,0.1,9,9,\n")).unwrap();
    let kept = Comparison::kept(all.path(), "a").unwrap();
    assert_eq!(kept.compute_versions(), "1");
}

#[test]
fn an_experiment_is_called_what_its_folders_have_in_common() {
    let all = tempfile::tempdir().unwrap();
    let name = |folders: &[&str]| {
        let seeded = (1..).zip(folders);
        let runs: Vec<String> =
            seeded.map(|(seed, folder)| finished(&all.path().join(folder), "vgg16", seed, 0.5)).collect();
        Comparison::of(&runs).unwrap().name
    };
    assert_eq!(name(&["vgg16-last-stage-seed1", "vgg16-last-stage-seed2"]), "vgg16-last-stage");
    assert_eq!(name(&["here/tried-often-seed10", "there/tried-often-seed11"]), "tried-often");
    assert_eq!(name(&["frozen-seed1-again", "frozen-seed2-again"]), "frozen");
    assert_eq!(name(&["frozen-seedling"]), "frozen-seedling");
    // Letters in common are not a name in common.
    assert_eq!(name(&["one", "once"]), "vgg16");
    assert_eq!(name(&["-seed1", "-seed2"]), "vgg16");
}

#[test]
fn an_experiment_is_called_what_its_runs_say() {
    let all = tempfile::tempdir().unwrap();
    let runs: Vec<String> =
        (1..=2).map(|seed| finished(&all.path().join(format!("moved-{seed}")), "vgg16", seed, 0.5)).collect();
    let say = |run: &String, name: &str| {
        let file = Path::new(run).join("settings.json");
        let mut settings: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
        settings["name"] = name.into();
        std::fs::write(file, settings.to_string()).unwrap();
    };
    let name = || Comparison::of(&runs).unwrap().name;
    assert_eq!(name(), "moved");
    runs.iter().for_each(|run| say(run, "vgg16-scratch"));
    assert_eq!(name(), "vgg16-scratch");
    say(&runs[1], "another");
    assert_eq!(name(), "moved");
}

#[test]
fn groups_that_cannot_be_told_apart_or_are_not_whole_are_named() {
    let all = tempfile::tempdir().unwrap();
    let run = |name: &str, network: &str, seed| finished(&all.path().join(name), network, seed, 0.5);
    let whole = [run("a-seed1", "resnet50", 1), run("b-seed1", "dcnn", 1)];
    let refused = |more: String| {
        let error = Comparison::groups(&[&whole[..], &[more]].concat()).unwrap_err();
        error.to_string()
    };
    assert!(Comparison::groups(&[]).unwrap_err().to_string().contains("no run"));

    let error = refused(run("b-seed2", "dcnn", 1));
    assert!(error.contains("b-seed2") && error.contains("b-seed1") && error.contains("seed 1"), "{error}");

    let unfinished = run("a-seed3", "resnet50", 3);
    std::fs::remove_file(Path::new(&unfinished).join("report.json")).unwrap();
    let error = refused(unfinished);
    assert!(error.contains("a-seed3 is not finished") && error.contains("--resume"), "{error}");

    // A run that was made with another setting than its name says.
    let mut longer = experiment("resnet50", 4);
    longer.training.epochs = 99;
    let error = refused(finished_as(&all.path().join("a-seed4"), &longer, 0.5));
    for part in ["a-seed4", "a-seed1", "called a", "training.epochs was 30 and is 99"] {
        assert!(error.contains(part), "{part}: {error}");
    }

    let other_classes = run("a-seed5", "resnet50", 5);
    let report = Path::new(&other_classes).join("report.json");
    let text = std::fs::read_to_string(&report).unwrap();
    std::fs::write(&report, text.replace("\"name\":\"b\"", "\"name\":\"c\"")).unwrap();
    let error = refused(other_classes.clone());
    assert!(error.contains("a-seed5") && error.contains("a, c") && error.contains("a, b"), "{error}");
    std::fs::write(&report, text.replace("\"classes\"", "\"none\"")).unwrap();
    let error = refused(other_classes);
    assert!(error.contains("a-seed5") && error.contains("`classes`"), "{error}");
}

#[test]
fn what_cannot_be_compared_is_named() {
    let all = tempfile::tempdir().unwrap();
    assert!(Comparison::of(&[]).unwrap_err().to_string().contains("no run"));
    let whole = finished(&all.path().join("whole"), "resnet50v2", 1, 0.5);

    let unfinished = finished(&all.path().join("unfinished"), "resnet50v2", 2, 0.5);
    std::fs::remove_file(Path::new(&unfinished).join("result.json")).unwrap();
    let error = Comparison::of(&[whole.clone(), unfinished]).unwrap_err().to_string();
    assert!(error.contains("unfinished") && error.contains("--resume"), "{error}");

    let damaged = finished(&all.path().join("damaged"), "resnet50v2", 2, 0.5);
    std::fs::write(Path::new(&damaged).join("report.json"), "{").unwrap();
    assert!(Comparison::of(&[whole.clone(), damaged]).unwrap_err().to_string().contains("damaged"));

    // A mean over different experiments is a number without meaning.
    let other = finished(&all.path().join("other"), "resnet50", 2, 0.5);
    let error = Comparison::of(&[whole.clone(), other]).unwrap_err().to_string();
    assert!(error.contains("network was") && error.contains("resnet50"), "{error}");
    assert!(Comparison::of(&[whole.clone(), whole]).unwrap_err().to_string().contains("seed 1"));
}

fn comparison(name: &str, accuracies: &[f64]) -> Comparison {
    let row = |(seed, &accuracy): (u64, &f64)| RunRow {
        run: format!("runs/{name}-seed{seed}"),
        network: name.into(),
        seed,
        epochs: 1,
        best_epoch: Some(1),
        accuracy,
        low: accuracy - 0.1,
        high: accuracy + 0.1,
        majority: 0.22,
        macro_f1: 0.4,
        classes: vec![],
        seconds: 1.0,
        cpu_seconds: 1.0,
        peak_memory_mib: None,
        compute_version: COMPUTE_VERSION.into(),
    };
    let mean = accuracies.iter().sum::<f64>() / accuracies.len() as f64;
    Comparison {
        name: name.into(),
        rows: (1..).zip(accuracies).map(row).collect(),
        mean_accuracy: mean,
        deviation: None,
        low: mean - 0.1,
        high: mean + 0.1,
        classes: vec![],
    }
}

#[test]
fn accuracies_lie_where_they_belong_the_best_first() {
    let low = comparison("scratch", &[0.1, 0.2, 0.15]);
    let mut high = comparison("from-imagenet", &[0.5, 0.4, 0.45]);
    high.rows.iter_mut().for_each(|row| row.majority = 0.3);
    let figure = accuracies(&[low, high]).unwrap();
    check(&figure);
    let (svg, texts) = (figure.svg(), texts(&figure));
    let place = |text: &str| texts.iter().position(|t| t == text).unwrap_or_else(|| panic!("{text} in {texts:?}"));
    assert!(place("from-imagenet") < place("45.0 %") && place("45.0 %") < place("scratch"));
    assert!(place("scratch") < place("15.0 %"));
    place("always the majority class");

    // Two ticks tell where each fraction lies; the highest interval ends at 55 %, so the axis ends at 60 %.
    let at = numbers(svg, "text", "x");
    let (zero, end) = (f64::from(at[place("0 %")]), f64::from(at[place("60 %")]));
    let near = |x: i32, fraction: f64| {
        let expected = zero + fraction / 0.6 * (end - zero);
        assert!((f64::from(x) - expected).abs() <= 2.0, "{fraction}: {x} is not {expected}");
    };
    // The legend's dot comes first, and each dot has a white rim below it.
    let radii = attributes(svg, "circle", "r");
    let dots: Vec<i32> =
        numbers(svg, "circle", "cx").into_iter().zip(radii).filter(|d| d.1 == "5").map(|d| d.0).collect();
    assert_eq!(dots.len(), 7);
    for (x, fraction) in dots[1..].iter().zip([0.5, 0.4, 0.45, 0.1, 0.2, 0.15]) {
        near(*x, fraction);
    }
    let boxes = |colour: &str| -> Vec<(i32, i32)> {
        let left = numbers(svg, "rect", "x").into_iter().zip(numbers(svg, "rect", "width"));
        left.zip(attributes(svg, "rect", "fill")).filter(|b| b.1 == colour).map(|b| b.0).collect()
    };
    // Strokes at the means, after that of the legend; a line for the majority class in each row.
    let strokes = boxes("#222222");
    near(strokes[1].0 + 1, 0.45);
    near(strokes[2].0 + 1, 0.15);
    let majority = boxes("#D55E00");
    near(majority[0].0 + 1, 0.3);
    near(majority[1].0 + 1, 0.22);
    let intervals = boxes(attributes(svg, "rect", "fill")[2]);
    near(intervals[1].0, 0.35);
    near(intervals[1].0 + intervals[1].1, 0.55);
}

#[test]
fn runs_of_one_accuracy_are_all_seen_in_their_own_line() {
    let same = comparison("same", &[0.4; 9]);
    let figure = accuracies(&[same, comparison("other", &[0.3])]).unwrap();
    check(&figure);
    let svg = figure.svg();
    let radii = attributes(svg, "circle", "r");
    let mut down: Vec<i32> =
        numbers(svg, "circle", "cy").into_iter().zip(radii).filter(|d| d.1 == "5").map(|d| d.0).skip(1).collect();
    let other = down.pop().unwrap();
    assert_eq!(down.len(), 9);
    down.sort_unstable();
    down.dedup();
    assert_eq!(down.len(), 9, "no dot lies on another");
    // Rows are 40 pixels high, and this one ends 20 above the middle of the next.
    assert!(down[8] + 5 <= other - 20 && down[0] - 5 >= other - 60, "{down:?} {other}");
}

#[test]
fn long_names_of_experiments_widen_the_figure() {
    let name = "a-very-long-name-of-an-experiment".repeat(3);
    let (long, short) = (comparison(&name, &[0.3]), comparison("short", &[0.3]));
    let (long, short) = (accuracies(&[long]).unwrap(), accuracies(&[short]).unwrap());
    check(&long);
    assert!(short.width() <= 640, "{} pixels are too many for a telephone", short.width());
    // 16 pixels high, a letter is at least 5 wide.
    assert!(long.width() >= short.width() + 5 * 90);
}

#[test]
fn accuracies_without_a_run_are_refused() {
    for nothing in [&[][..], &[comparison("a", &[0.5]), comparison("b", &[])]] {
        let error = accuracies(nothing).unwrap_err().to_string();
        assert!(error.starts_with("cannot make the figure") && error.contains("no run"), "{error}");
    }
}

#[test]
fn runs_of_several_experiments_are_summed_up() {
    let folder = empty();
    let runs = folder.path().join("runs");
    for (seed, accuracy) in [(1, 0.25), (2, 0.75)] {
        finished(&runs.join(format!("tried-seed{seed}")), "resnet50", seed, accuracy);
    }
    finished(&runs.join("other-seed7"), "dcnn", 7, 0.625);
    let calls = ["compare", "runs/tried-seed1", "runs/other-seed7", "runs/tried-seed2"];

    let told = json(&folder, &with(&calls, &["--json"]));
    assert_eq!((&told[0]["name"], &told[1]["name"]), (&"tried".into(), &"other".into()));
    assert_eq!((&told[0]["mean_accuracy"], &told[1]["rows"][0]["accuracy"]), (&0.5.into(), &0.625.into()));

    let text = output(&folder, &with(&calls, &["--out", "results"]));
    let words: Vec<Vec<&str>> = text.lines().map(|line| line.split_whitespace().collect()).collect();
    for row in [["tried", "2", "0.500", "0.354", "0.375", "0.562"], ["other", "1", "0.625", "0.500", "0.688", "0.250"]]
    {
        assert!(words.iter().any(|line| line.iter().take(6).eq(&row)), "{row:?} in {text}");
    }
    let results = folder.path().join("results");
    let names = |at: &Path| -> Vec<String> {
        photos(at).iter().map(|file| file.file_name().unwrap().to_string_lossy().into_owned()).collect()
    };
    assert_eq!(names(&results), ["accuracies.svg", "other", "summary.csv", "tried"]);
    let other = ["classes.csv", "curves.svg", "runs.csv", "seed7-history.csv", "seed7-report.txt"];
    assert_eq!(names(&results.join("other")), other);
    assert_eq!(names(&results.join("tried")).len(), 3 + 2 * 2);
    let read = |file: &str| std::fs::read_to_string(results.join(file)).unwrap();
    assert_eq!(read("tried/seed2-report.txt"), "accuracy 0.75\n");
    assert_eq!(read("tried/classes.csv").lines().nth(1), Some("a,0.5,0.75,0.25,3.0"));
    assert_eq!(read("summary.csv").lines().count(), 3);

    // Others are added to them, also when the runs before are gone, and one of the same name takes its place.
    let before = read("summary.csv");
    let kept = Comparison::kept(&results, "tried").unwrap();
    assert_eq!(kept.rows.iter().map(|row| row.accuracy).collect::<Vec<_>>(), [0.25, 0.75]);
    assert_eq!(
        kept.classes,
        Comparison::of(
            &[runs.join("tried-seed1"), runs.join("tried-seed2")].map(|run| run.to_string_lossy().into_owned())
        )
        .unwrap()
        .classes
    );
    std::fs::rename(runs.join("tried-seed1"), runs.join("gone-seed1")).unwrap();
    finished(&runs.join("third-seed1"), "vgg16", 1, 0.5);
    output(&folder, &["compare", "runs/third-seed1", "runs/other-seed7", "--out", "results", "--add"]);
    let added = read("summary.csv");
    assert_eq!(added.lines().take(3).collect::<Vec<_>>(), before.lines().collect::<Vec<_>>());
    assert!(added.lines().nth(3).unwrap().starts_with("third,1,0.5,"), "{added}");
    std::fs::rename(runs.join("gone-seed1"), runs.join("tried-seed1")).unwrap();

    // What cannot be compared is refused before anything is written.
    let mut changed = experiment("dcnn", 8);
    changed.training.epochs = 99;
    finished_as(&runs.join("other-seed8"), &changed, 0.5);
    let message = complaint(&folder, &with(&calls, &["runs/other-seed8", "--out", "refused"]));
    assert!(message.contains("other-seed8") && message.contains("training.epochs"), "{message}");
    let message = complaint(&folder, &with(&calls, &["runs/tried-seed1", "--out", "refused"]));
    assert!(message.contains("second run of seed 1"), "{message}");
    std::fs::remove_file(runs.join("tried-seed2/result.json")).unwrap();
    let message = complaint(&folder, &with(&calls, &["--out", "refused"]));
    assert!(message.contains("tried-seed2 is not finished"), "{message}");
    assert!(!folder.path().join("refused").exists());
}
