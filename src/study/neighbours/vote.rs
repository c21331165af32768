//! The vote of the nearest neighbours, for every number of them at once.

/// The class that wins with the first 1, 2, … of `neighbours`, the labels of the nearest photos in order: the one with
/// the most votes, of equal ones that of the nearest photo.
pub(super) fn winners(neighbours: impl Iterator<Item = usize>, classes: usize) -> Vec<usize> {
    let mut votes = vec![0; classes];
    // Classes in the order of their nearest photos.
    let mut met: Vec<usize> = Vec::new();
    let winner = |label: usize| {
        if votes[label] == 0 {
            met.push(label);
        }
        votes[label] += 1;
        met.iter().copied().reduce(|best, class| if votes[class] > votes[best] { class } else { best })
    };
    neighbours.filter_map(winner).collect()
}

#[cfg(test)]
mod tests {
    use super::winners;

    #[test]
    fn most_votes_win_and_of_equals_the_class_of_the_nearest() {
        //                                     2: 1     2: 2  2, 0: tied  0: 3        0: 3, 1: 3: 0 was met first
        assert_eq!(winners([2, 2, 0, 0, 0, 1, 1, 1].into_iter(), 3), [2, 2, 2, 2, 0, 0, 0, 0]);
        assert_eq!(winners([1, 0, 0, 1, 1].into_iter(), 2), [1, 1, 0, 1, 1]);
        assert_eq!(winners([].into_iter(), 2), [0; 0]);
    }
}
