//! Features of networks, each computed once and kept in a file.

use super::features::{Extractor, FeatureSet, NetworkFeatures};
use crate::base::progress;
use crate::data::{Dataset, Features};
use crate::net::nn::weights::{Values, Written, read, write};
use crate::training::{Workers, outputs};
use crate::{COMPUTE_VERSION, Error, Result};
use cpu_time::ProcessTime;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::path::{Path, PathBuf};

/// Key of the text in a file of features.
const KEY: &str = "manga-expressions-features";
/// Photos that pass through a network at a time.
const BATCH: usize = 32;

/// The features that a method asks for, with what they cost.
pub(super) struct Described {
    /// A block for each set: a row for each photo, then one for each mirrored copy where these were asked for.
    pub blocks: Vec<Features>,
    /// Processor seconds that computing them took, whenever that was.
    pub cpu_seconds: f64,
    /// Parameters of the networks, heads left out.
    pub parameters: usize,
    /// What tells them from others.
    pub keys: Vec<String>,
}

/// What a file says of the features in it.
#[derive(Serialize, Deserialize)]
struct About {
    /// All that decides them.
    #[serde(alias = "told")]
    fingerprint: Value,
    /// Processor seconds from the photos to this stage.
    cpu_seconds: f64,
}

/// Features of one stage.
struct Block {
    values: Vec<f32>,
    cpu_seconds: f64,
}

/// A folder of features. Files are named after a digest of all that decides them (photos, weights, preparation, stage,
/// pooling, compute version), so that several recipes share what they have in common.
pub(super) struct Store<'a> {
    folder: &'a Path,
    dataset: &'a Dataset,
    photos: String,
}

impl<'a> Store<'a> {
    pub fn new(folder: &'a Path, dataset: &'a Dataset) -> Store<'a> {
        Store { folder, dataset, photos: digest_of_photos(dataset) }
    }

    /// The photos.
    pub fn dataset(&self) -> &Dataset {
        self.dataset
    }

    /// The features of `sets`, with mirrored copies or without: found, or computed and kept. Stages of one network at one
    /// size are computed in one pass.
    pub fn describe(&self, sets: &[FeatureSet], mirrored: bool) -> Result<Described> {
        let copies: &[bool] = if mirrored { &[false, true] } else { &[false] };
        let start = ProcessTime::now();
        let mut values: Vec<Vec<f32>> = vec![Vec::new(); sets.len()];
        for (set, values) in sets.iter().zip(&mut values) {
            for &mirrored in copies {
                let features = set.plain(self.dataset, mirrored)?;
                values.extend(features.iter().flat_map(|features| (0..features.rows()).flat_map(|i| features.row(i))));
            }
        }
        let mut described = Described {
            blocks: Vec::new(),
            cpu_seconds: start.elapsed().as_secs_f64(),
            parameters: 0,
            keys: vec![String::new(); sets.len()],
        };
        let mut networks: Vec<(&str, &str)> = Vec::new();
        for pass in passes(sets) {
            let mut extractor = Extractor::new(pass[0].1)?;
            if !networks.contains(&(&pass[0].1.network, &pass[0].1.weights)) {
                networks.push((&pass[0].1.network, &pass[0].1.weights));
                described.parameters += extractor.parameters();
            }
            for &mirrored in copies {
                let blocks = self.pass(&mut extractor, &pass, mirrored)?;
                described.cpu_seconds += blocks.iter().map(|(block, _)| block.cpu_seconds).fold(0.0, f64::max);
                for ((place, _), (block, key)) in pass.iter().zip(blocks) {
                    values[*place].extend(block.values);
                    described.keys[*place].push_str(&key);
                }
            }
        }
        let rows = self.dataset.len() * copies.len();
        let blocks = sets.iter().zip(values).map(|(set, values)| Features::new(&set.to_string(), rows, values));
        described.blocks = blocks.collect::<Result<_>>()?;
        Ok(described)
    }

    /// The blocks of one network at one size, each with its key.
    fn pass(
        &self,
        extractor: &mut Extractor,
        pass: &[(usize, &NetworkFeatures)],
        mirrored: bool,
    ) -> Result<Vec<(Block, String)>> {
        let (weights, preparation) = extractor.config();
        let fingerprint: Vec<Value> = pass
            .iter()
            .map(|(_, of)| {
                let NetworkFeatures { network, stage, pooling, .. } = of;
                json!({
                    "version": COMPUTE_VERSION, "photos": self.photos, "network": network, "weights": weights,
                    "preparation": preparation, "stage": stage, "pooling": pooling, "mirrored": mirrored,
                })
            })
            .collect();
        let keys: Vec<String> = fingerprint
            .iter()
            .map(|fingerprint| format!("{:x}", Sha256::digest(fingerprint.to_string()))[..16].to_string())
            .collect();
        let find = || -> Result<Vec<Option<Block>>> {
            keys.iter().zip(&fingerprint).map(|(key, fingerprint)| self.read(key, fingerprint)).collect()
        };
        let all = |found: Vec<Option<Block>>| found.into_iter().collect::<Option<Vec<Block>>>();
        let blocks = match all(find()?) {
            Some(blocks) => blocks,
            None => {
                // Another process may be computing the same: wait, and look again.
                let _lock = self.lock()?;
                let found = find()?;
                let missing: Vec<&NetworkFeatures> =
                    pass.iter().zip(&found).filter(|(_, found)| found.is_none()).map(|((_, of), _)| *of).collect();
                let mut computed = self.compute(extractor, &missing, mirrored)?.into_iter();
                let mut blocks = Vec::new();
                for ((found, key), fingerprint) in found.into_iter().zip(&keys).zip(&fingerprint) {
                    blocks.push(match found {
                        Some(block) => block,
                        None => {
                            let block = computed.next().expect("a block for each that is missing");
                            self.write(key, fingerprint, &block)?;
                            block
                        }
                    });
                }
                blocks
            }
        };
        Ok(blocks.into_iter().zip(keys).collect())
    }

    /// Passes all photos through the network as far as is needed, and keeps the `wanted` stages on the way.
    fn compute(&self, extractor: &mut Extractor, wanted: &[&NetworkFeatures], mirrored: bool) -> Result<Vec<Block>> {
        let Some(first) = wanted.first() else { return Ok(Vec::new()) };
        let network = &extractor.network;
        let mut stages = Vec::new();
        for of in wanted {
            let place = network.stages().iter().position(|stage| *stage == of.stage).ok_or_else(|| {
                let (name, stage, known) = (network.name(), &of.stage, network.stages().join(", "));
                Error::NotFound(format!("{name} has no stage {stage:?}; it has {known}"))
            })?;
            stages.push(place);
        }
        let mut ends = stages.clone();
        ends.sort_unstable();
        ends.dedup();
        let (photos, workers) = (self.dataset.photos(), Workers::new(None)?);
        let what = if mirrored { "mirrored photos" } else { "photos" };
        let bar = progress::spinner(&format!("Features of {} at {} px", first.network, first.size));
        let mut blocks: Vec<Block> = wanted.iter().map(|_| Block { values: Vec::new(), cpu_seconds: 0.0 }).collect();
        for (done, batch) in photos.chunks(BATCH).enumerate() {
            bar.set_message(format!("{} of {} {what}", done * BATCH, photos.len()));
            let cpu = ProcessTime::now();
            let (mut maps, mut from) = (extractor.images(batch, mirrored)?, 0);
            for &end in &ends {
                maps = outputs(&workers, &extractor.network, from..end + 1, &maps, &mut |_| {})?;
                from = end + 1;
                for ((block, of), _) in blocks.iter_mut().zip(wanted).zip(&stages).filter(|(_, place)| **place == end) {
                    block.values.extend(of.pooling.rows(&maps, &of.stage, &extractor.network)?);
                    block.cpu_seconds += cpu.elapsed().as_secs_f64();
                }
            }
        }
        bar.finish_and_clear();
        Ok(blocks)
    }

    fn lock(&self) -> Result<File> {
        std::fs::create_dir_all(self.folder).map_err(Error::io("cannot make", self.folder))?;
        let path = self.folder.join("lock");
        let file = File::create(&path).map_err(Error::io("cannot write", &path))?;
        file.lock().map_err(Error::io("cannot lock", &path))?;
        Ok(file)
    }

    fn file(&self, key: &str) -> PathBuf {
        self.folder.join(format!("{key}.safetensors"))
    }

    fn read(&self, key: &str, fingerprint: &Value) -> Result<Option<Block>> {
        let path = self.file(key);
        if !path.exists() {
            return Ok(None);
        }
        let bytes = std::fs::read(&path).map_err(Error::io("cannot read", &path))?;
        let mut file = read(&path, &bytes)?;
        let about: Option<About> = file.texts.get(KEY).and_then(|text| serde_json::from_str(text).ok());
        match (file.tensors.remove("features"), about) {
            (Some(tensor), Some(about)) if about.fingerprint == *fingerprint => {
                Ok(Some(Block { values: tensor.values, cpu_seconds: about.cpu_seconds }))
            }
            _ => Err(Error::weights(&path, "does not hold the features that its name tells of: remove it")),
        }
    }

    fn write(&self, key: &str, fingerprint: &Value, block: &Block) -> Result<()> {
        let rows = self.dataset.len();
        let about = About { fingerprint: fingerprint.clone(), cpu_seconds: block.cpu_seconds };
        let text = serde_json::to_string(&about).map_err(|error| Error::output("JSON", error))?;
        let shape = vec![rows, block.values.len() / rows];
        let written = Written { name: "features".into(), shape, values: Values::Slice(&block.values) };
        write(&self.file(key), vec![written], KEY, &text)
    }
}

/// The sets of a network, by network, weights and size: each group is one pass. With each its place.
fn passes(sets: &[FeatureSet]) -> Vec<Vec<(usize, &NetworkFeatures)>> {
    let mut passes: Vec<Vec<(usize, &NetworkFeatures)>> = Vec::new();
    for (place, set) in sets.iter().enumerate() {
        let FeatureSet::Network(of) = set else { continue };
        let same = |(_, other): &(usize, &NetworkFeatures)| {
            (&other.network, &other.weights, other.size) == (&of.network, &of.weights, of.size)
        };
        match passes.iter_mut().find(|pass| pass.iter().all(same)) {
            Some(pass) => pass.push((place, of)),
            None => passes.push(vec![(place, of)]),
        }
    }
    passes
}

/// The SHA-256 of all photos in their order, in hexadecimal digits.
pub(super) fn digest_of_photos(dataset: &Dataset) -> String {
    let mut digest = Sha256::new();
    for (photo, label) in dataset.photos().iter().zip(dataset.labels()) {
        digest.update(photo.name());
        digest.update([0]);
        digest.update(photo.sha256());
        digest.update((*label as u64).to_le_bytes());
    }
    format!("{:x}", digest.finalize())
}
