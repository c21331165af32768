//! Files of weights that PyTorch, Keras and earlier versions wrote.

#[path = "common/rule.rs"]
mod rule;
#[path = "common/small_network.rs"]
mod small_network;

use manga_expressions::data::{Images, Scaling};
use manga_expressions::net::models::{dcnn, resnet50, resnet50_v1_5, resnet50v2, vgg16};
use manga_expressions::net::nn::Network;
use manga_expressions::net::weights::{Part, Weights};
use manga_expressions::{Error, training};
use safetensors::SafeTensors;
use small_network::{bits, network, wider_network};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn golden(name: &str) -> String {
    format!("{}/tests/golden/weight_files/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// What a file must give the small network: its logits in PyTorch.
fn torch_logits() -> Vec<f32> {
    serde_json::from_str(&std::fs::read_to_string(golden("small.json")).unwrap()).unwrap()
}

fn logits(network: &mut Network) -> Vec<f32> {
    let image = Images::new((1, 8, 8, 1), rule::values("image", 64)).unwrap();
    training::logits(network, &image).unwrap().remove(0)
}

fn assert_close(ours: &[f32], theirs: &[f32], tolerance: f32, what: &str) {
    assert_eq!(ours.len(), theirs.len());
    for (a, b) in ours.iter().zip(theirs) {
        assert!((a - b).abs() <= tolerance, "{what}: {ours:?}, not {theirs:?}");
    }
}

#[test]
fn the_files_of_pytorch_give_its_logits() {
    let names = ["small.pth", "small-legacy.pth", "small-strided.pth", "small-wrapped.pth", "small.safetensors"];
    for name in names {
        let mut network = network(1);
        network.load_weights(golden(name)).unwrap();
        assert_close(&logits(&mut network), &torch_logits(), 1e-5, name);
    }
    let mut network = network(1);
    network.load_weights(golden("small-bf16.safetensors")).unwrap();
    // bfloat16 has 8 bits; the logits are sums of some tens of numbers.
    assert_close(&logits(&mut network), &torch_logits(), 0.02, "bfloat16");
    assert_ne!(logits(&mut network), torch_logits());
}

#[test]
fn what_is_written_has_pytorchs_bytes() {
    let at = tempfile::tempdir().unwrap();
    let file = at.path().join("ours.safetensors").to_string_lossy().into_owned();
    let mut network = network(1);
    network.load_weights(golden("small.pth")).unwrap();
    network.save_weights(&file).unwrap();
    let (ours, theirs) = (std::fs::read(&file).unwrap(), std::fs::read(golden("small.safetensors")).unwrap());
    let (ours, theirs) = (SafeTensors::deserialize(&ours).unwrap(), SafeTensors::deserialize(&theirs).unwrap());
    for (name, tensor) in theirs.tensors() {
        if !name.ends_with("num_batches_tracked") {
            let same = ours.tensor(&name).unwrap();
            assert_eq!((same.shape(), same.data()), (tensor.shape(), tensor.data()), "{name}");
        }
    }
    assert_eq!(ours.len() + 1, theirs.len());
}

#[test]
fn whole_numbers_are_no_weights() {
    let error = network(1).load_weights(golden("small-whole-numbers.pth")).unwrap_err().to_string();
    assert!(error.contains("tensor head.bias is of type I64"), "{error}");
}

#[test]
fn files_of_version_0_1_are_read() {
    // Their tensors were in the order of memory: KH, KW, C_in, C_out and in, out.
    let at = tempfile::tempdir().unwrap();
    let file = at.path().join("weights.safetensors");
    let mut saved = network(1);
    saved.load_weights(golden("small.pth")).unwrap();
    let bytes: Vec<(String, Vec<usize>, Vec<u8>)> = saved
        .parameters()
        .iter()
        .map(|p| (p.name.clone(), p.shape().to_vec(), p.values().iter().flat_map(|v| v.to_le_bytes()).collect()))
        .collect();
    let views = bytes.iter().map(|(name, shape, bytes)| {
        (name, safetensors::tensor::TensorView::new(safetensors::Dtype::F32, shape.clone(), bytes).unwrap())
    });
    let metadata = [("network".to_string(), "small".to_string())].into();
    safetensors::serialize_to_file(views, Some(metadata), &file).unwrap();
    let mut loaded = network(2);
    loaded.load_weights(&file).unwrap();
    assert_eq!(bits(&loaded), bits(&saved));
}

/// Every tensor of Keras's file is that of torchvision's name, in PyTorch's order of axes.
#[test]
fn the_files_of_keras_have_torchvisions_names_and_axes() {
    for name in ["vgg16.h5", "vgg16-older.h5"] {
        let weights = Weights::open(golden(name)).unwrap();
        assert_eq!((weights.network(), weights.scaling()), (Some("vgg16"), Scaling::Caffe));
        assert_eq!(weights.shape("features.2.weight"), Some(&[2, 2, 3, 3][..]));
        let at = tempfile::tempdir().unwrap();
        let file = at.path().join("vgg16.safetensors");
        weights.save(&file).unwrap();
        let bytes = std::fs::read(&file).unwrap();
        let tensors = SafeTensors::deserialize(&bytes).unwrap();
        assert_eq!(tensors.len(), 26);
        for (name, tensor) in tensors.tensors() {
            let expected = rule::values(&name, tensor.shape().iter().product());
            assert_eq!(tensor.data(), expected.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<u8>>(), "{name}");
        }
        // What travels with them went along.
        let again = Weights::open(&file).unwrap();
        assert_eq!((again.network(), again.scaling()), (Some("vgg16"), Scaling::Caffe));

        let mut network = vgg16((32, 32, 3), 7, 1);
        let before = bits(&network);
        let error = weights.load_into(&mut network, Part::Body).unwrap_err().to_string();
        let shapes = "tensor features.0.weight has the shape [2, 3, 3, 3], and this network wants [64, 3, 3, 3]";
        assert!(error.contains(shapes), "{error}");
        assert_eq!(bits(&network), before);
    }
}

#[test]
fn a_file_that_was_cut_is_an_error_wherever_it_was_cut() {
    let at = tempfile::tempdir().unwrap();
    for name in
        ["small.pth", "small-legacy.pth", "small-wrapped.pth", "small.safetensors", "vgg16.h5", "vgg16-older.h5"]
    {
        let bytes = std::fs::read(golden(name)).unwrap();
        let file = at.path().join(name);
        for cut in (0..bytes.len()).step_by(bytes.len() / 97 + 1).chain([1, 7, 8, 9, bytes.len() - 1]) {
            std::fs::write(&file, &bytes[..cut]).unwrap();
            match Weights::open(&file) {
                Err(Error::Weights { path, .. }) => assert_eq!(path, file),
                other => panic!("{name} cut at {cut}: {other:?}"),
            }
        }
    }
}

#[test]
fn a_damaged_file_is_never_a_panic() {
    let at = tempfile::tempdir().unwrap();
    for name in ["small.pth", "small-legacy.pth", "small.safetensors", "vgg16.h5"] {
        let bytes = std::fs::read(golden(name)).unwrap();
        let file = at.path().join(name);
        for i in 0..150usize {
            let mut damaged = bytes.clone();
            let place = i * 7919 % bytes.len().min(6000);
            damaged[place] = [0x00, 0xff, 0x80, damaged[place] ^ 1][i % 4];
            std::fs::write(&file, &damaged).unwrap();
            // Numbers may have changed, which nothing can tell; names, shapes and types may not make sense, which is an
            // error.
            if let Ok(weights) = Weights::open(&file) {
                let _ = weights.load_into(&mut network(1), Part::All);
            }
        }
    }
}

#[test]
fn what_is_no_file_of_weights_is_an_error() {
    let at = tempfile::tempdir().unwrap();
    for (name, content, word) in [
        ("empty.pth", "", "is empty"),
        ("text.safetensors", "these are no weights at all", "no safetensors file"),
        ("text.h5", "these are no weights at all", "no HDF5 file"),
        ("text.pth", "these are no weights at all", "nothing that torch.save wrote"),
        ("text.onnx", "these are no weights at all", "no ONNX file"),
        ("model.json", "{}", "no model.json"),
        ("model.keras", "PK\u{3}\u{4}", "legacy_h5_format"),
        ("text", "these are no weights at all", "no safetensors file"),
    ] {
        let file = at.path().join(name);
        std::fs::write(&file, content).unwrap();
        let error = Weights::open(&file).unwrap_err();
        assert!(matches!(error, Error::Weights { .. }), "{error}");
        assert!(error.to_string().contains(word) && error.to_string().contains(name), "{error}");
    }
    assert!(matches!(Weights::open("no/such/file.pth").unwrap_err(), Error::Io { .. }));
}

/// What is done to the names and shapes in a file.
type Change = dyn Fn(&mut BTreeMap<String, Vec<usize>>);

/// The tensors of `network`, as a file of torchvision's has them: nothing says of which network it is.
fn bare(network: &Network, change: &Change) -> (tempfile::TempDir, PathBuf) {
    let at = tempfile::tempdir().unwrap();
    let file = at.path().join("bare.safetensors");
    let mut shapes: BTreeMap<String, Vec<usize>> = network
        .parameters()
        .iter()
        .map(|p| match *p.shape() {
            [h, w, i, o] => (p.name.clone(), vec![o, i, h, w]),
            [i, o] => (p.name.clone(), vec![o, i]),
            _ => (p.name.clone(), p.shape().to_vec()),
        })
        .collect();
    change(&mut shapes);
    let zeros: Vec<Vec<u8>> = shapes.values().map(|shape| vec![0; 4 * shape.iter().product::<usize>()]).collect();
    let views = shapes.iter().zip(&zeros).map(|((name, shape), zeros)| {
        (name, safetensors::tensor::TensorView::new(safetensors::Dtype::F32, shape.clone(), zeros).unwrap())
    });
    safetensors::serialize_to_file(views, None, &file).unwrap();
    (at, file)
}

fn refusal(file: &Path, network: &mut Network, part: Part) -> String {
    let before = bits(network);
    let error = Weights::open(file).unwrap().load_into(network, part).unwrap_err();
    assert!(matches!(error, Error::Weights { .. }), "{error}");
    assert_eq!(bits(network), before, "a refused file changes nothing");
    error.to_string()
}

#[test]
fn another_networks_file_is_refused_with_its_probable_name() {
    let size = (32, 32, 3);
    let (_at, file) = bare(&resnet50_v1_5(size, 1000, 1), &|_| {});
    let message = refusal(&file, &mut resnet50(size, 7, 1), Part::Body);
    assert!(message.contains("has no tensor conv1.bias: this looks like resnet50-v1.5"), "{message}");
    let message = refusal(&file, &mut resnet50v2(size, 7, 1), Part::Body);
    assert!(message.contains("has no tensor conv1_conv.weight: this looks like resnet50-v1.5"), "{message}");

    // All weights want the same classes; the body does not.
    let mut network = resnet50_v1_5(size, 7, 1);
    let message = refusal(&file, &mut network, Part::All);
    assert!(
        message.contains("tensor fc.weight has the shape [1000, 2048], and this network wants [7, 2048]"),
        "{message}"
    );
    let head = |network: &Network| -> Vec<f32> { network.head_parameters().iter().flat_map(|p| p.values()).collect() };
    let before = head(&network);
    Weights::open(&file).unwrap().load_into(&mut network, Part::Body).unwrap();
    assert_eq!(head(&network), before, "the head keeps its first weights");
    assert!(network.parameters()[0].values().iter().all(|v| *v == 0.0));
    assert_eq!(Weights::open(&file).unwrap().scaling(), Scaling::Torchvision);

    let timm = |shapes: &mut BTreeMap<String, Vec<usize>>| {
        *shapes = [("stem.conv.weight", vec![64, 3, 7, 7]), ("stages.0.blocks.0.norm1.weight", vec![64])]
            .map(|(name, shape)| (name.to_string(), shape))
            .into();
    };
    let (_at, file) = bare(&network, &timm);
    let message = refusal(&file, &mut resnet50v2(size, 7, 1), Part::Body);
    assert!(message.contains("another network than Keras's ResNet50V2"), "{message}");
}

#[test]
fn a_missing_surplus_or_misshapen_tensor_is_named() {
    let size = (32, 32, 3);
    let mut network = resnet50_v1_5(size, 7, 1);
    let cases: [(&Change, &str); 3] = [
        (&|shapes| drop(shapes.remove("layer3.2.bn2.running_var")), "has no tensor layer3.2.bn2.running_var"),
        (
            &|shapes| drop(shapes.insert("layer5.0.conv1.weight".into(), vec![1])),
            "has a tensor layer5.0.conv1.weight that this network does not have",
        ),
        (
            &|shapes| drop(shapes.insert("layer1.0.conv2.weight".into(), vec![64, 64, 1, 1])),
            "tensor layer1.0.conv2.weight has the shape [64, 64, 1, 1], and this network wants [64, 64, 3, 3]",
        ),
    ];
    for (change, word) in cases {
        let (_at, file) = bare(&network, change);
        let message = refusal(&file, &mut network, Part::All);
        assert!(message.contains(word), "{message}");
    }
}

#[test]
fn older_names_of_densenet_and_heads_of_others_are_known() {
    let whole = wider_network(1);
    let rename = |shapes: &mut BTreeMap<String, Vec<usize>>| {
        let name = "features.denseblock1.denselayer1.norm.1.weight";
        shapes.insert(name.into(), vec![64]);
    };
    let (_at, file) = bare(&whole, &rename);
    let weights = Weights::open(&file).unwrap();
    assert!(weights.shape("features.denseblock1.denselayer1.norm1.weight").is_some(), "{:?}", weights.names());

    // torchvision's VGG-16 ends in three dense layers, timm's in others; the report's has its own.
    let theirs = |shapes: &mut BTreeMap<String, Vec<usize>>| {
        shapes.retain(|name, _| name.starts_with("features."));
        for name in ["classifier.0.weight", "classifier.6.bias", "pre_logits.fc1.weight", "head.fc.weight"] {
            shapes.insert(name.into(), vec![2, 3]);
        }
    };
    let mut network = vgg16((32, 32, 3), 7, 1);
    let (_at, file) = bare(&network, &theirs);
    Weights::open(&file).unwrap().load_into(&mut network, Part::Body).unwrap();
    assert!(network.parameters()[0].values().iter().all(|v| *v == 0.0));
}

#[test]
fn weights_say_what_scaling_they_expect() {
    let at = tempfile::tempdir().unwrap();
    let file = at.path().join("run.safetensors").to_string_lossy().into_owned();
    let classes = ["rows", "columns", "noise"].map(String::from);
    for scaling in [Scaling::ZeroToOne, Scaling::Caffe, Scaling::Standard { mean: 0.5, deviation: 0.25 }] {
        network(1).save_weights_for(&file, Some(scaling), &classes).unwrap();
        let weights = Weights::open(&file).unwrap();
        assert_eq!((weights.scaling(), weights.classes()), (scaling, &classes[..]));
        assert_eq!(weights.network(), Some("small"));
    }
    assert_eq!(Weights::open(golden("small.pth")).unwrap().scaling(), Scaling::Torchvision);
    // Networks that torchvision does not have want what their authors gave them.
    let scaling = |network: &Network| {
        let (_at, file) = bare(network, &|_| {});
        Weights::open(&file).unwrap().scaling()
    };
    assert_eq!(scaling(&dcnn((16, 16, 1), 7, 1)), Scaling::ZeroToOne);
    assert_eq!(scaling(&resnet50v2((32, 32, 3), 7, 1)), Scaling::MinusOneToOne);
    assert_eq!(scaling(&resnet50((32, 32, 3), 7, 1)), Scaling::Torchvision);
}

#[test]
fn a_network_is_built_for_the_classes_and_channels_of_its_weights() {
    let at = tempfile::tempdir().unwrap();
    let file = at.path().join("dcnn.safetensors").to_string_lossy().into_owned();
    let saved = dcnn((16, 16, 3), 5, 1);
    saved.save_weights(&file).unwrap();
    let weights = Weights::open(&file).unwrap();
    assert_eq!(weights.size(), Some(16));
    let built = weights.build("dcnn", 16).unwrap();
    assert_eq!((built.input(), built.classes()), ((16, 16, 3), 5));
    assert_eq!(bits(&built), bits(&saved));
    // Its dense layer grows with the image.
    let error = weights.build("dcnn", 24).unwrap_err().to_string();
    assert!(
        error.contains("tensor dense_1.weight has the shape [128, 1024], and this network wants [128, 2304]"),
        "{error}"
    );
}

#[test]
fn a_file_that_says_another_network_is_refused_even_where_all_tensors_fit() {
    let at = tempfile::tempdir().unwrap();
    let file = at.path().join("v2.safetensors");
    let mut renamed = resnet50v2((32, 32, 3), 7, 1);
    renamed.save_weights(&file).unwrap();
    let bytes = std::fs::read(&file).unwrap();
    let length = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    let (header, values) = bytes[8..].split_at(length);
    // A header may end in spaces.
    let header = String::from_utf8(header.to_vec()).unwrap().replace("resnet50v2", "googlenet") + " ";
    std::fs::write(&file, [&bytes[..8], header.as_bytes(), values].concat()).unwrap();
    let message = refusal(&file, &mut renamed, Part::All);
    assert!(message.contains("holds the weights of googlenet"), "{message}");
}
