//! A training without the library's loop: forward, loss, backward, update.
//!
//! `cargo run --release --example training_by_hand`

use manga_expressions::prelude::*;

fn main() -> Result<()> {
    let dataset = Dataset::from_faces(&FaceSet::new(1200, 1))?;
    let split = dataset.split(&SplitSettings { kind: SplitKind::Grouped, ..SplitSettings::default() })?;
    let scaling = Scaling::MinusOneToOne;
    let images = Preparation { size: 32, channels: 1, scaling, ..Preparation::default() }.apply(&dataset)?;
    let (train, test) = (images.select(split.train()), images.select(split.test()));

    let mut network = small_cnn((32, 32, 1), 7, 1);
    let mut optimizer = Optimizer::adam(0.002).start(&network)?;
    for epoch in 1..=20 {
        let (mut sum, mut steps) = (0.0, 0);
        for (step, batch) in batches(&train, 32, 1, epoch).enumerate() {
            let mut pass = Pass::new(Mode::Training, step as u64);
            let logits = network.forward(batch.images.to_tensor(), &mut pass)?; // forward: N, 1, 1, 7
            let loss = cross_entropy(logits, &targets(&batch.labels, 7, 0.0)?)?; // loss
            (sum, steps) = (sum + loss.value(), steps + 1);
            let gradients = loss.backward()?; // backward
            optimizer.update(&mut network, gradients)?; // update
        }
        let accuracy = evaluate(&network, &test, &train.labels)?.accuracy;
        println!("epoch {epoch}: mean loss {:.3}; test accuracy {accuracy}", sum / steps as f32);
    }
    Ok(())
}
