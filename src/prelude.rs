//! What a notebook needs: `use manga_expressions::prelude::*;`.

pub use crate::data::{
    Augmentation, BORDERS, Copies, Dataset, Downscaling, EXPRESSIONS, Erasing, Features, Fill, Filter, FoldSettings,
    Folds, Hog, Images, LabelledImages, NearDuplicates, Photo, Preparation, Rectangle, Reduction, Scaling, Source,
    Split, SplitKind, SplitSettings, Transform, shuffled_labels,
};
pub use crate::explain::{
    Activations, Covering, Faithfulness, FaithfulnessSettings, HeatMap, HeatMapMethod, Method, MethodRow, MouthSwap,
    OutputPixel, RegionTest, Replacement, compare_methods, cover, faithfulness, faithfulness_with, feature_maps,
    grad_cam, grad_cam_plus_plus, maps_by, maps_of_classes, most_confident_first, occlusion, random_map, score_cam,
    stage_with_places, swap_mouths, test_region,
};
pub use crate::faces::{self, Character, FaceSet};
pub use crate::lab::{Budget, measured_costs};
pub use crate::lessons::exercises::{self, Verdict};
pub use crate::lessons::{
    Diagnosis, Leak, Lessons, Mistake, Pretrained, RateTrial, WatchedTests, honest_neighbours, imagenet_or_hog,
    leaking_neighbours, learnt_features, network_learning_curve, pretrained_features, watch_tests,
};
pub use crate::report::claims::{self, Claim};
pub use crate::report::discussion::{
    self, Compared, Measurement, Protocol, against, kept_cross_validations, kept_rate_curves, kept_results,
    measured_here, published_accuracies, published_and_here,
};
pub use crate::study::experiment::{
    Classification, Classifier, Evaluation, Experiment, Parts, Pretraining, TestTimeAugmentation, TrainedRun, evaluate,
};
// Not `Method`, which is a kind of heat map here.
pub use crate::metrics::{
    Accuracy, Answered, ClassificationReport, ConfusionMatrix, CrossValidationScores, Difference, Extrapolated,
    Interval, LearningCurve, McNemar, Mean, OutOfFoldPredictions, OutOfFoldRow, Paired, PairedT, ResampledT,
    check_chance, confidence, one_vs_rest_accuracy,
};
pub use crate::net::models::{
    by_name, dcnn, default_input, densenet201, googlenet, register, resnet50, resnet50_v1_5, resnet50v2, small_cnn,
    vgg16,
};
pub use crate::net::nn::{
    BatchNorm, Conv2d, Dense, Dropout, Flatten, GlobalAvgPool, Head, Init, Initializer, Layer, MaxPool, Mode, Network,
    Pass, Relu, Sequential, Stage,
};
pub use crate::net::ops::Padding;
pub use crate::net::weights::{Part, Weights};
pub use crate::report::published::{self, LoggedEpoch, Published};
pub use crate::show::plots::{
    self, Figure, Picture, accuracies, activation_maps, augmentations, class_counts, confusion_matrices,
    confusion_matrix, faithfulness_curves, filters_compared, heat_maps, learning_curves, learning_curves_of,
    measurements, mistaken_faces, neighbour_accuracy, photo_sizes, photo_steps, photos_per_class,
};
pub use crate::show::tables::Table;
pub use crate::study::methods::{
    self, CrossValidation, Ensemble, FeatureSet, Fit, FixedEpochs, Majority, NeighbourVote, NetworkFeatures, Prepared,
    RidgeClassifier,
};
pub use crate::study::neighbours::{self, Choice, Distance, KNeighbours, NeighbourAccuracy, SortedNeighbours};
pub use crate::study::results::{Comparison, Leaderboard, MethodResult, Pair};
pub use crate::study::ridge::{self, ColumnScaling, Kernel, Ridge};
pub use crate::training::{
    BatchNormMode, Cost, CurveDiagnosis, EarlyStopping, Epoch, Fitting, Gradients, History, Keep, Loss, Monitor,
    OneCycle, Optimizer, OptimizerState, Pooling, Progress, RateCurve, RateRange, ReduceOnPlateau, Rule, Run, Schedule,
    Settings, Training, Work, batches, cross_entropy, learning_rate_finder, stage_features, targets,
};
pub use crate::{Error, Result};
