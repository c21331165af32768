//! Sections 2.1.2 and 4.1: what the networks are made of.

use super::sources::{at, summary};
use super::{Claim, Ours, Published, Sources, Verdict};
use crate::Result;
use crate::net::nn::{Summary, grouped};
use crate::report::published::parameter_totals;

pub(super) fn claims(sources: &Sources) -> Result<Vec<Claim>> {
    let [vgg16, googlenet, resnet] = [summary("vgg16")?, summary("googlenet")?, summary("resnet50v2")?];
    let costs = sources.table(2, &["Networks: parameters and work for one image"])?;
    let layers = |network: &str| costs.number(network, "layers");
    let convolutions = kernels(&vgg16, "Conv2D");
    let depths = [depth_of_vgg16(&vgg16), depth_of_googlenet(&googlenet), depth_of_resnet(&resnet)];
    let equal = |network: &str, own: &Summary| {
        let mut printed = parameter_totals().into_iter();
        printed.any(|one| {
            (one.network, one.total, one.trainable, one.non_trainable)
                == (network, own.total, own.trainable, own.non_trainable)
        })
    };
    let shown = |own: &Summary| {
        format!(
            "{} in total, {} trainable, {} not",
            grouped(own.total),
            grouped(own.trainable),
            grouped(own.non_trainable)
        )
    };
    let layer_by_layer = at(2, "The report's networks, layer by layer (figure 21)");
    let own_file = |network: &str| Ok::<_, crate::Error>(sources.table(2, &[&format!("Model: \"{network}\"")])?.file);
    Ok(vec![
        Claim {
            section: "2.1.2",
            text: "VGG-16 has 16 layers",
            published: Published::count(16),
            ours: Ours::count(depths[0]),
            verdict: Verdict::Explained {
                by: "the paper's head",
                with: Ours::count(convolutions + 3).named("convolutions and the paper's three dense layers"),
            },
            because: "The report's own VGG-16 (figure 21) has two dense layers in place of the paper's three.".into(),
            place: layer_by_layer,
            file: own_file("vgg16")?,
        },
        Claim {
            section: "2.1.2, 4.1",
            text: "ResNet-50 has 50 layers",
            published: Published::count(50),
            ours: Ours::count(depths[2]),
            verdict: Verdict::Reproduced,
            because: "Convolutions and the dense layer, without the four on shortcuts.".into(),
            place: layer_by_layer,
            file: own_file("resnet50v2")?,
        },
        Claim {
            section: "2.1.2, 4.1",
            text: "GoogLeNet has 22 layers",
            published: Published::count(22),
            ours: Ours::count(depths[1]),
            verdict: Verdict::Reproduced,
            because: format!(
                "Counted along the longest path; with the branches side by side and the auxiliary heads it has {} layers \
                 with weights.",
                layers("googlenet")?
            ),
            place: layer_by_layer,
            file: own_file("googlenet")?,
        },
        Claim {
            section: "2.1.2",
            text: "All models used are convolutional networks",
            published: Published::statement("CNN"),
            ours: Ours::holds(
                [&vgg16, &googlenet, &resnet].iter().all(|own| kernels(own, "Conv2D") > 0),
                format!(
                    "{}, {} and {} convolutions",
                    convolutions,
                    kernels(&googlenet, "Conv2D"),
                    kernels(&resnet, "Conv2D")
                ),
            ),
            verdict: Verdict::Reproduced,
            because: "Of its networks; k-NN, to which it compares them, is none.".into(),
            place: layer_by_layer,
            file: costs.file.clone(),
        },
        Claim {
            section: "4.1, figure 21",
            text: "VGG-16 has nearly 15 million parameters: 14,781,255, of which 66,567 are trainable",
            published: Published::statement("14,781,255"),
            ours: Ours::holds(equal("vgg16", &vgg16), shown(&vgg16)),
            verdict: Verdict::Reproduced,
            because: "To the digit: frozen convolutions, global average pooling, dense layers of 128 and 7.".into(),
            place: layer_by_layer,
            file: own_file("vgg16")?,
        },
        Claim {
            section: "4.1, figure 21",
            text: "GoogLeNet has about 6 million parameters: 6,392,645, all trainable",
            published: Published::statement("6,392,645"),
            ours: Ours::holds(equal("googlenet", &googlenet), shown(&googlenet)),
            verdict: Verdict::Reproduced,
            because: "To the digit: without batch norm, with both auxiliary heads.".into(),
            place: layer_by_layer,
            file: own_file("googlenet")?,
        },
        Claim {
            section: "4.1",
            text: "ResNet-50 has the most layers",
            published: Published::statement("50 > 22 > 16"),
            ours: Ours::holds(
                depths[2] > depths[1] && depths[1] > depths[0],
                format!("{} > {} > {} along the longest path", depths[2], depths[1], depths[0]),
            ),
            verdict: Verdict::Reproduced,
            because: format!(
                "By depth. By number of layers with weights GoogLeNet has more: {} against {}.",
                layers("googlenet")?,
                layers("resnet50v2")?
            ),
            place: at(2, "What a network costs"),
            file: costs.file.clone(),
        },
    ])
}

/// How many layers of a kind have weights.
fn kernels(own: &Summary, kind: &str) -> usize {
    own.layers.iter().filter(|layer| layer.kind == kind).count()
}

fn depth_of_vgg16(own: &Summary) -> usize {
    kernels(own, "Conv2D") + kernels(own, "Dense")
}

/// Without the convolutions on shortcuts, `…_0_conv`, which stand beside two others.
fn depth_of_resnet(own: &Summary) -> usize {
    let shortcuts = own.layers.iter().filter(|layer| layer.layer.ends_with("_0_conv")).count();
    kernels(own, "Conv2D") + kernels(own, "Dense") - shortcuts
}

/// The convolutions before the Inception modules, two in each of these, and the classifier.
fn depth_of_googlenet(own: &Summary) -> usize {
    let with_weights = || own.layers.iter().filter(|layer| layer.multiply_adds > 0 && !layer.layer.starts_with("aux"));
    let module = |name: &str| name.starts_with("inception").then(|| name.split('.').next().unwrap_or(name).to_string());
    let modules: std::collections::BTreeSet<String> = with_weights().filter_map(|layer| module(&layer.layer)).collect();
    with_weights().filter(|layer| module(&layer.layer).is_none()).count() + 2 * modules.len()
}
