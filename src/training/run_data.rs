//! What a run says of its images beside their digest.

use crate::data::Scaling;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// How the images of a run were chosen and prepared: all that the caller says of them, usually a whole
/// [`Experiment`](crate::study::experiment::Experiment). What the run itself reads of it has a field.
///
/// ```
/// use manga_expressions::data::Scaling;
/// use manga_expressions::training::RunData;
/// use serde_json::json;
///
/// let data = RunData::from(json!({ "source": { "folder": "photos" }, "preparation": { "scaling": "caffe" }, "seed": 1 }));
/// assert_eq!(data.scaling(), Some(Scaling::Caffe));
/// assert_eq!((data.without_source().source, RunData::default().scaling()), (None, None));
/// # Ok::<(), manga_expressions::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Value", into = "Value")]
pub struct RunData {
    /// Where the images lay. No result depends on it: their digest says whether they are the same.
    pub source: Option<Value>,
    /// How they became what the network takes.
    pub preparation: Option<RunPreparation>,
    /// Everything else.
    pub others: Map<String, Value>,
}

/// The preparation of a run's images.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RunPreparation {
    /// How pixel values were scaled: a file of weights says it too, so that they can be used elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scaling: Option<Scaling>,
    /// Everything else.
    #[serde(flatten)]
    pub others: Map<String, Value>,
}

impl RunData {
    /// How pixel values were scaled, where it is known.
    pub fn scaling(&self) -> Option<Scaling> {
        self.preparation.as_ref().and_then(|preparation| preparation.scaling)
    }

    /// The same without where the images lay.
    pub fn without_source(self) -> RunData {
        RunData { source: None, ..self }
    }
}

/// Of any JSON, as older runs and callers of one's own have it: what is not as expected is among the others.
impl From<Value> for RunData {
    fn from(value: Value) -> RunData {
        let mut others = match value {
            Value::Object(fields) => fields,
            Value::Null => return RunData::default(),
            other => Map::from_iter([("data".to_string(), other)]),
        };
        let source = others.remove("source");
        let preparation = others.get("preparation").and_then(|found| serde_json::from_value(found.clone()).ok());
        if preparation.is_some() {
            others.remove("preparation");
        }
        RunData { source, preparation, others }
    }
}

/// Null where nothing is said, as a file has it.
impl From<RunData> for Value {
    fn from(data: RunData) -> Value {
        if data == RunData::default() {
            return Value::Null;
        }
        let RunData { source, preparation, mut others } = data;
        others.extend(source.map(|source| ("source".to_string(), source)));
        let preparation = preparation.and_then(|preparation| serde_json::to_value(preparation).ok());
        others.extend(preparation.map(|preparation| ("preparation".to_string(), preparation)));
        Value::Object(others)
    }
}
