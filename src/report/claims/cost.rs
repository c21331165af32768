//! Sections 3.1 and 4.1: what a training takes (figures 12 and 13), and why.

use super::sources::at;
use super::{Claim, Ours, Published, Sources, Verdict};
use crate::Result;

/// What counts as a bigger percentage: more than rounding and the machine's other work may do.
const MORE: f64 = 1.05;

/// Of one network: VGG-16, ResNet-50 V2, GoogLeNet.
type Three = [f64; 3];

pub(super) fn claims(sources: &Sources) -> Result<Vec<Claim>> {
    const NETWORKS: [&str; 3] = ["vgg16", "resnet50v2", "googlenet"];
    let trainings = sources.table(12, &["What training took"])?;
    let steps = sources.table(12, &["What a step costs"])?;
    let networks = sources.table(2, &["Networks: parameters and work for one image"])?;
    let of = |table: &super::sources::Shown, column: &str| -> Result<Three> {
        let [a, b, c] = NETWORKS.map(|network| table.number(network, column));
        Ok([a?, b?, c?])
    };
    let seconds = of(&trainings, "seconds")?;
    let an_epoch = of(&trainings, "CPU seconds an epoch")?;
    let usage = of(&trainings, "CPU use, %")?;
    let work = of(&steps, "GFLOP a photo")?;
    let layers = of(&networks, "layers")?;
    let parameters = of(&networks, "parameters")?;
    // A step is a forward pass and a backward pass of twice the work; a frozen convolution needs the former alone.
    let [vgg16, resnet, googlenet] = of(&steps, "photos/CPU s")?.map(|photos| 1000.0 / photos);
    let passed_again = [vgg16 / 3.0, resnet, googlenet];
    let again = "frozen layers that are passed again in every epoch";
    let milliseconds = || {
        let [a, b, c] = passed_again;
        format!("CPU milliseconds a photo: VGG-16 forward {a:.0}, a step of ResNet-50 {b:.0}, of GoogLeNet {c:.0}")
    };
    let three = |what: &str, [a, b, c]: Three, digits: usize| {
        format!("{what}: VGG-16 {a:.digits$}, ResNet-50 {b:.digits$}, GoogLeNet {c:.digits$}")
    };
    let more_parameters = parameters.map(|count| count / 1e6);
    let keras = "Keras passes all photos through frozen layers in every epoch, forward only; here it is done once.";
    let figures = at(12, "Three trainings (figures 12 and 13)");
    let again_at = at(12, "Frozen layers, passed again in every epoch");
    Ok(vec![
        Claim {
            section: "3.1, 4.1, figure 12",
            text: "ResNet-50 takes the least time",
            published: Published::statement("ResNet-50 least"),
            ours: Ours::holds(seconds[1] < seconds[0] && seconds[1] < seconds[2], three("seconds", seconds, 1)),
            verdict: Verdict::Refuted,
            because: "Neither by the training, nor by the epoch, nor by the photo with frozen layers passed again. It takes \
                      less than GoogLeNet where early stopping ends it after fewer epochs."
                .into(),
            place: figures,
            file: trainings.file.clone(),
        },
        Claim {
            section: "3.1, figure 13",
            text: "GoogLeNet consumes the least CPU",
            published: Published::statement("GoogLeNet least"),
            ours: Ours::holds(
                an_epoch[2] < an_epoch[0] && an_epoch[2] < an_epoch[1],
                three("CPU seconds an epoch", an_epoch, 2),
            ),
            verdict: Verdict::Explained {
                by: again,
                with: Ours::holds(passed_again[2] < passed_again[0] && passed_again[2] < passed_again[1], milliseconds()),
            },
            because: keras.into(),
            place: again_at,
            file: steps.file.clone(),
        },
        Claim {
            section: "3.1, figure 13",
            text: "ResNet-50 consumes the most CPU",
            published: Published::statement("ResNet-50 most"),
            ours: Ours::holds(
                an_epoch[1] > an_epoch[0] && an_epoch[1] > an_epoch[2],
                three("CPU seconds an epoch", an_epoch, 2),
            ),
            verdict: Verdict::Reproduced,
            because: "With VGG-16's convolutions frozen, as figure 21 has them; from scratch VGG-16 takes more.".into(),
            place: figures,
            file: trainings.file.clone(),
        },
        Claim {
            section: "4.1",
            text: "ResNet-50 takes on average the biggest percentage of CPU",
            published: Published::statement("ResNet-50 most"),
            ours: Ours::holds(usage[1] > MORE * usage[0].max(usage[2]), three("CPU use of one thread in %", usage, 0)),
            verdict: Verdict::Refuted,
            because: "A percentage tells how many cores are busy and not how much there is to do; all three keep theirs busy."
                .into(),
            place: figures,
            file: trainings.file.clone(),
        },
        Claim {
            section: "4.1",
            text: "ResNet-50 costs the most because it has the most layers",
            published: Published::statement("more layers, more CPU"),
            ours: Ours::holds(same_order(layers, work), format!(
                "{}; {}",
                three("layers with weights", layers, 0),
                three("GFLOP a photo", work, 1)
            )),
            verdict: Verdict::Refuted,
            because: "The number of operations decides: VGG-16 has the fewest layers and the most of these.".into(),
            place: at(12, "A step of each network, all else being equal"),
            file: steps.file.clone(),
        },
        Claim {
            section: "4.1",
            text: "VGG-16 costs more time and CPU than GoogLeNet, with fewer layers",
            published: Published::statement("VGG-16 > GoogLeNet"),
            ours: Ours::holds(
                an_epoch[0] > an_epoch[2] && seconds[0] > seconds[2],
                format!("{}; {}", three("CPU seconds an epoch", an_epoch, 2), three("seconds", seconds, 1)),
            ),
            verdict: Verdict::Explained { by: again, with: Ours::holds(passed_again[0] > passed_again[2], milliseconds()) },
            because: keras.into(),
            place: again_at,
            file: steps.file.clone(),
        },
        Claim {
            section: "4.1",
            text: "VGG-16 costs more than GoogLeNet because it has more parameters",
            published: Published::statement("more parameters, more CPU"),
            ours: Ours::holds(same_order(parameters, work), format!(
                "{}; {}",
                three("million parameters", more_parameters, 1),
                three("GFLOP a photo", work, 1)
            )),
            verdict: Verdict::Refuted,
            because: "ResNet-50 has the most parameters and less than a third of VGG-16's operations: a convolution uses each \
                      of its parameters for every pixel, a dense layer once."
                .into(),
            place: at(12, "A step of each network, all else being equal"),
            file: steps.file.clone(),
        },
    ])
}

/// Whether three networks stand in the same order by both.
fn same_order(a: Three, b: Three) -> bool {
    (0..3).all(|i| (0..3).all(|j| (a[i] < a[j]) == (b[i] < b[j])))
}
