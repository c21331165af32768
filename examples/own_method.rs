//! A method of one's own on a leaderboard: what it takes is to be prepared, to be fitted, and to answer.
//!
//! `cargo run --release --example own_method`

use manga_expressions::prelude::{
    CrossValidation, FoldSettings, Leaderboard, Majority, MethodResult, Preparation, Source, Table,
};
use manga_expressions::study::methods::{Answer, Answers, Context, FoldTask, Method, Prepared};
use manga_expressions::{Error, Result};
use serde_json::{Value, json};

/// Each photo belongs to the class whose mean training photo is nearest: scikit-learn's `NearestCentroid`.
#[derive(Debug)]
struct NearestCentroid {
    size: usize,
}

struct Pixels {
    rows: Vec<Vec<f32>>,
    labels: Vec<usize>,
    classes: usize,
}

impl Method for NearestCentroid {
    fn settings(&self) -> Result<Value> {
        Ok(json!({ "method": "nearest centroid", "size": self.size }))
    }

    fn prepare(&self, on: &Context) -> Result<Box<dyn Prepared>> {
        let images = Preparation { size: self.size, ..Preparation::default() }.apply(on.dataset)?.images;
        let rows = (0..images.len()).map(|photo| images.image(photo).to_vec()).collect();
        Ok(Box::new(Pixels { rows, labels: on.dataset.labels().to_vec(), classes: on.dataset.classes().len() }))
    }
}

impl Prepared for Pixels {
    fn fit(&self, task: &FoldTask) -> Result<Answers> {
        let centroid = |class: usize| {
            let of_class: Vec<usize> =
                task.train.iter().copied().filter(|&photo| self.labels[photo] == class).collect();
            let mean = |pixel: usize| {
                of_class.iter().map(|&photo| self.rows[photo][pixel]).sum::<f32>() / of_class.len() as f32
            };
            (0..self.rows[0].len()).map(mean).collect::<Vec<f32>>()
        };
        let centroids: Vec<Vec<f32>> = (0..self.classes).map(centroid).collect();
        let answer = |&photo: &usize| {
            let distance = |class: &usize| {
                centroids[*class].iter().zip(&self.rows[photo]).map(|(a, b)| (a - b).powi(2)).sum::<f32>()
            };
            let nearest = (0..self.classes).min_by(|a, b| distance(a).total_cmp(&distance(b)));
            nearest.map(|class| Answer::certain(class, self.classes))
        };
        let rows: Option<Vec<Answer>> = task.test.iter().map(answer).collect();
        Ok(Answers::new(rows.ok_or_else(|| Error::Invalid("there is no class".into()))?))
    }
}

fn main() -> Result<()> {
    let kept = tempfile::tempdir().map_err(Error::io("cannot make", "a temporary folder"))?;
    let kept = kept.path();
    let (folds, faces) = (FoldSettings { folds: 5, seeds: vec![1, 2] }, Source::Drawn { count: 420, seed: 1 });
    let own = CrossValidation::new(NearestCentroid { size: 24 }, folds.clone(), "runs/examples/centroid")?;
    own.on(faces.clone()).run(2, &|_, _| ())?.save(kept.join("nearest-centroid.csv"))?;
    let majority = CrossValidation::new(Majority {}, folds, "runs/examples/majority")?;
    majority.on(faces).run(2, &|_, _| ())?.save(kept.join("majority.csv"))?;
    println!("{}", Table::leaderboard_in_short(&Leaderboard::of(&MethodResult::all_in(kept)?)?)?);
    Ok(())
}
