//! Weights in files.

#[path = "common/small_network.rs"]
mod small_network;

use manga_expressions::Error;
use manga_expressions::net::nn::{Dense, Initializer, Network, Sequential};
use small_network::{bits, network, wider_network};

#[test]
fn weights_come_back_to_the_bit() {
    let at = tempfile::tempdir().unwrap();
    let path = at.path().join("small.safetensors").to_string_lossy().into_owned();
    let saved = network(1);
    saved.save_weights(&path).unwrap();
    let mut loaded = network(2);
    assert_ne!(bits(&saved), bits(&loaded));
    loaded.load_weights(&path).unwrap();
    assert_eq!(bits(&saved), bits(&loaded));

    // As any other program reads them.
    let bytes = std::fs::read(&path).unwrap();
    let file = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    assert_eq!(file.tensor("conv.weight").unwrap().shape(), [6, 1, 3, 3], "C_out, C_in, KH, KW");
    assert_eq!(file.tensor("head.weight").unwrap().shape(), [3, 6], "out, in");
    assert_eq!(file.len(), 7);
    let again = at.path().join("again.safetensors");
    loaded.save_weights(&again).unwrap();
    assert!(bytes == std::fs::read(again).unwrap(), "the same weights make the same file");
}

#[test]
fn a_file_that_does_not_fit_is_an_error_that_names_the_tensor_and_changes_nothing() {
    let at = tempfile::tempdir().unwrap();
    let path = at.path().join("other.safetensors").to_string_lossy().into_owned();
    let dense = |name: &str| Box::new(Dense::new(name, &Initializer::keras(1), 64, 3));
    let linear = |names: &[&str]| {
        let layers = names.iter().fold(Sequential::new(), |layers, name| layers.then(dense(name)));
        Network::new("linear", (8, 8, 1), 3, Box::new(layers))
    };
    let refused = |saved: &Network, loading: &mut Network, message: &str| {
        saved.save_weights(&path).unwrap();
        let before = bits(loading);
        let error = loading.load_weights(&path).unwrap_err();
        assert!(matches!(error, Error::Weights { .. }), "{error}");
        assert!(error.to_string().contains(message), "{error}, not {message}");
        assert!(error.to_string().contains("other.safetensors"), "{error}");
        assert_eq!(bits(loading), before);
    };
    let shape = "tensor conv.weight has the shape [8, 1, 3, 3], and this network wants [6, 1, 3, 3]";
    refused(&wider_network(1), &mut network(1), shape);
    refused(&linear(&["a"]), &mut linear(&["a", "b"]), "has no tensor b.weight (the file is of linear)");
    refused(&linear(&["a", "b"]), &mut linear(&["a"]), "has a tensor b.bias that this network does not have");
    let twice = linear(&["a", "a"]);
    assert!(twice.save_weights(&path).unwrap_err().to_string().contains("two tensors have the name a.weight"));
}

#[test]
fn a_file_that_was_cut_is_an_error_wherever_it_was_cut() {
    let at = tempfile::tempdir().unwrap();
    let path = at.path().join("small.safetensors");
    let name = path.to_string_lossy().into_owned();
    network(1).save_weights(&name).unwrap();
    let bytes = std::fs::read(&path).unwrap();
    let mut loading = network(2);
    let before = bits(&loading);
    for cut in (0..bytes.len()).step_by(17).chain([bytes.len() - 1]) {
        std::fs::write(&path, &bytes[..cut]).unwrap();
        let error = loading.load_weights(&name).unwrap_err();
        assert!(matches!(error, Error::Weights { .. }), "cut at {cut}: {error}");
    }
    std::fs::remove_file(&path).unwrap();
    assert!(matches!(loading.load_weights(&name).unwrap_err(), Error::Io { .. }));
    assert_eq!(bits(&loading), before);
}

#[test]
fn what_cannot_be_written_leaves_the_old_file() {
    let at = tempfile::tempdir().unwrap();
    let nowhere = at.path().join("no/such/folder/small.safetensors");
    assert!(matches!(network(1).save_weights(&nowhere).unwrap_err(), Error::Io { .. }));
    let folder = at.path().join("folder");
    std::fs::create_dir(&folder).unwrap();
    assert!(network(1).save_weights(&folder).is_err());
    assert_eq!(std::fs::read_dir(at.path()).unwrap().count(), 1, "nothing half-written stays");
}
