//! Commands about photos.

use clap::Args;
use manga_expressions::Result;
use manga_expressions::data::{Dataset, Source};
use manga_expressions::faces::{FaceSet, Mix, Sizes};
use manga_expressions::show::plots::photos_per_class;
use manga_expressions::training::Progress;

/// Count the photos of each class, and list what was left out and why.
///
/// Photos are looked for in --data, else in the folder that MANGA_DATA names, else in data/manga-facial-expressions,
/// which has a folder for each class. Where there are none, faces are drawn.
#[derive(Args)]
pub struct Data {
    /// Folder of the photos, with a folder for each class
    #[arg(long, value_name = "DIR")]
    data: Option<String>,
    /// Print JSON for programs
    #[arg(long)]
    json: bool,
}

impl Data {
    pub fn run(self) -> Result<()> {
        let source = Source::find(self.data.as_deref());
        say_if_drawn(&source);
        let summary = source.load()?.summary();
        super::print(self.json, &summary, || format!("{source}\n\n{summary}"))
    }
}

/// Says so where faces stand in for photos that were not found.
pub fn say_if_drawn(source: &Source) {
    if matches!(source, Source::Drawn { .. }) {
        eprintln!("There are no photos, so faces are drawn; `manga data --help` says where photos are looked for.");
    }
}

/// The photos, and on standard error how many files of their folder are not used.
pub fn load(source: &Source) -> Result<Dataset> {
    let dataset = source.load()?;
    Progress::lines_on_stderr().tell_left_out(&dataset);
    Ok(dataset)
}

/// Draw manga faces and save them as PNG files, a folder for each expression.
///
/// The same seed gives the same faces, to the byte.
#[derive(Args)]
pub struct Draw {
    /// Folder for the faces; must not be there yet
    folder: String,
    /// How many faces
    #[arg(long, default_value_t = 455)]
    count: usize,
    /// Seed of all that is drawn at random
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Side of all faces in pixels; 65 to 702, as in the photos, where none is given
    #[arg(long, value_name = "PIXELS")]
    side: Option<u32>,
    /// Each expression as often as the others, instead of as often as among the photos
    #[arg(long)]
    balanced: bool,
    /// Also write seven of each expression as one figure, an SVG file
    #[arg(long, value_name = "FILE")]
    figure: Option<String>,
}

impl Draw {
    pub fn run(self) -> Result<()> {
        let faces = Dataset::from_faces(&FaceSet {
            mix: if self.balanced { Mix::Balanced } else { Mix::Real },
            sizes: self.side.map_or(Sizes::Real, Sizes::Fixed),
            ..FaceSet::new(self.count, self.seed)
        })?;
        faces.save(&self.folder)?;
        if let Some(file) = &self.figure {
            photos_per_class(&faces, 7, self.seed)?.save(file)?;
        }
        println!("{} faces drawn into {}", faces.len(), self.folder);
        Ok(())
    }
}
