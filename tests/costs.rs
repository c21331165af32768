//! What networks cost, and whether their curves say that they fit.

#[path = "common/svg.rs"]
mod svg;

use manga_expressions::data::Source;
use manga_expressions::lab::measured_costs;
use manga_expressions::net::models::vgg16;
use manga_expressions::net::nn::Mode;
use manga_expressions::show::plots::{cost_growth, costs};
use manga_expressions::show::tables::Table;
use manga_expressions::study::experiment::timings;
use manga_expressions::training::{CostGrowth, Fitting, History, Work};

#[test]
fn each_network_is_measured_in_a_process_of_its_own() {
    let measured = measured_costs(&["vgg16 --freeze block5", "dcnn"], Work::Train, 32, 2, 1).unwrap();
    let names: Vec<String> = measured.iter().map(|cost| cost.name()).collect();
    assert_eq!(names, ["vgg16, frozen", "dcnn"]);
    let head = vgg16((32, 32, 3), 7, 1);
    let all = 2e-9 * head.multiply_adds(Mode::Inference).unwrap() as f64;
    assert!(measured[0].gflop_per_image < 0.01 * all, "only the head takes part");
    if cfg!(target_os = "linux") {
        // A process that had VGG-16 in it before would have its 59 MiB of weights, and more.
        assert!(measured[1].peak_memory_mib < measured[0].peak_memory_mib);
    }
    let forward = measured_costs(&["dcnn"], Work::Infer, 32, 2, 1).unwrap();
    assert_eq!(forward[0].name(), "dcnn, forward");
    assert!(forward[0].gflop_per_image < measured[1].gflop_per_image);
    let figure = costs(&measured).unwrap();
    svg::check(&figure);
    for text in ["vgg16, frozen", "dcnn", "GFLOP a photo", "peak memory (MiB)"] {
        assert!(svg::texts(&figure).iter().any(|t| t == text), "{text}");
    }
    assert_eq!(Table::costs(&measured).unwrap().rows(), 2);
}

#[test]
fn growth_is_drawn_for_both_kinds_of_work() {
    let of = |work, size, batch| measured_costs(&["dcnn"], work, size, batch, 1).unwrap();
    let by_size: Vec<_> =
        [Work::Train, Work::Infer].into_iter().flat_map(|work| [of(work, 16, 2), of(work, 32, 2)]).flatten().collect();
    assert_eq!(by_size.iter().map(|cost| cost.size).collect::<Vec<_>>(), [16, 32, 16, 32]);
    let by_batch = [of(Work::Train, 16, 1), of(Work::Train, 16, 3)].concat();
    let figure = cost_growth(&CostGrowth { by_size: by_size.clone(), by_batch }).unwrap();
    svg::check(&figure);
    for text in ["training step", "inference", "images in a batch"] {
        assert!(svg::texts(&figure).iter().any(|t| t == text), "{text}");
    }
    assert!(cost_growth(&CostGrowth { by_size, by_batch: Vec::new() }).is_err());
}

#[test]
fn the_steps_beside_the_networks_are_timed() {
    let all = timings(&Source::Drawn { count: 70, seed: 1 }).unwrap();
    assert_eq!(all.iter().filter(|timing| timing.most.is_some()).count(), 4);
    assert!(all.iter().all(|timing| timing.seconds > 0.0));
    assert!((all[0].seconds + all[1].seconds - all[2].seconds).abs() < 1e-9);
}

#[test]
fn what_cannot_be_measured_is_an_error_that_says_why() {
    let error = |name: &str| measured_costs(&[name], Work::Infer, 32, 2, 1).unwrap_err().to_string();
    assert!(error("vgg99").contains("vgg99"), "{}", error("vgg99"));
    assert!(error("dcnn --freeze body").contains("body"));
    assert!(costs(&[]).is_err());
}

fn history(losses: &[(f64, f64)]) -> History {
    let header =
        "epoch,train_loss,train_accuracy,validation_loss,validation_accuracy,learning_rate,seconds,cpu_seconds";
    let row =
        |(i, (train, validation)): (usize, &(f64, f64))| format!("\n{},{train},0.5,{validation},0.4,0.1,1,2", i + 1);
    History::from_csv(&format!("{header}{}", losses.iter().enumerate().map(row).collect::<String>())).unwrap()
}

#[test]
fn curves_tell_over_fitting_from_under_fitting() {
    let fitting = |losses: &[(f64, f64)]| history(losses).diagnosis(7).map(|diagnosis| diagnosis.fitting);
    assert_eq!(fitting(&[(1.9, 1.9), (1.0, 1.5), (0.1, 2.5)]), Some(Fitting::Over));
    assert_eq!(fitting(&[(1.95, 1.96), (1.93, 1.95), (1.92, 1.95)]), Some(Fitting::Under));
    assert_eq!(fitting(&[(1.9, 1.9), (1.0, 1.2), (0.9, 1.0)]), Some(Fitting::Good));
    // Learnt by heart, though the validation loss never rose.
    assert_eq!(fitting(&[(1.9, 1.95), (1.0, 1.94), (0.1, 1.93)]), Some(Fitting::Over));
    // A network that learnt nothing does not over-fit, however wild its validation is.
    assert_eq!(fitting(&[(1.95, 1.9), (1.94, 9.0)]), Some(Fitting::Under));
    assert_eq!(fitting(&[]), None);
    // Two classes are guessed with a loss of 0.69: half of that is learnt.
    assert_eq!(history(&[(0.68, 0.7), (0.3, 0.35)]).diagnosis(2).unwrap().fitting, Fitting::Good);
    assert_eq!(history(&[(0.68, 0.7), (0.6, 0.65)]).diagnosis(2).unwrap().fitting, Fitting::Under);
}
