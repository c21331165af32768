//! The report's claims: each has a verdict that its numbers bear, and what it refers to is there.

use manga_expressions::metrics::{Difference, Interval};
use manga_expressions::report::claims::{self, Claim, Ours, Published, Verdict};
use manga_expressions::show::tables::Table;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

fn all() -> Vec<Claim> {
    claims::all().unwrap()
}

fn project(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

#[test]
fn no_verdict_contradicts_its_numbers() {
    let wrong: Vec<String> = all().iter().filter_map(Claim::contradiction).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_claim_says_what_why_and_where() {
    let all = all();
    assert!(all.len() >= 40, "{}", all.len());
    for claim in &all {
        let Claim { section, text, published, ours, because, .. } = claim;
        for said in [section.to_string(), text.to_string(), published.to_string(), ours.to_string(), because.clone()] {
            assert!(said.chars().count() > 0 && said.trim() == said && !said.contains("NaN"), "{text}: {said:?}");
        }
        assert!(because.ends_with('.'), "{because}");
    }
    let different: BTreeSet<&str> = all.iter().map(|claim| claim.text).collect();
    assert_eq!(different.len(), all.len());
}

/// Sections and figures of the report in which something can be checked.
#[test]
fn every_section_with_results_has_claims_and_every_figure_with_numbers() {
    let all = all();
    let sections: Vec<&str> = all.iter().map(|claim| claim.section).collect();
    for section in [
        "Summary", "1.1", "1.2", "2.1.1", "2.1.2", "2.2.1", "2.2.2", "2.2.3", "2.2.4", "3.1", "3.2", "3.3", "3.4",
        "4.1", "4.2", "4.3", "4.4", "5",
    ] {
        let named = |one: &&str| one.split(", ").any(|part| part == section);
        assert!(sections.iter().any(named), "section {section}");
    }
    for figure in [1, 2, 3, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 21, 23] {
        let named = |one: &&str| {
            one.split(|letter: char| !letter.is_ascii_digit() && letter != '.').any(|part| part == figure.to_string())
        };
        assert!(sections.iter().any(named), "figure {figure}");
    }
}

#[test]
fn the_files_and_the_headings_that_claims_name_are_there() {
    let mut notebooks: Vec<_> =
        std::fs::read_dir(project("notebooks")).unwrap().map(|file| file.unwrap().path()).collect();
    notebooks.sort();
    for claim in all() {
        assert!(project(&claim.file).exists(), "{}: {}", claim.text, claim.file);
        let number = format!("{:02}_", claim.place.notebook);
        let file = notebooks.iter().find(|file| file.file_name().unwrap().to_string_lossy().starts_with(&number));
        let file = file.unwrap_or_else(|| panic!("{}: there is no notebook {}", claim.text, claim.place.notebook));
        let notebook: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        let cells = notebook["cells"].as_array().unwrap().iter().filter(|cell| cell["cell_type"] == "markdown");
        let lines =
            cells.flat_map(|cell| cell["source"].as_array().unwrap()).map(|line| line.as_str().unwrap().trim_end());
        let mut headings =
            lines.filter_map(|line| line.strip_prefix('#')).map(|line| line.trim_start_matches('#').trim());
        assert!(headings.any(|heading| heading == claim.place.heading), "{}: {}", claim.text, claim.place);
    }
}

#[test]
fn a_verdict_that_its_numbers_do_not_bear_is_found() {
    let any = all().swap_remove(0);
    let claim = |published, ours, verdict| Claim { published, ours, verdict, ..any.clone() };
    let near = || Ours::accuracy(0.5, Interval::wilson(46, 92).unwrap());
    let far = || Ours::accuracy(0.1, Interval::wilson(9, 92).unwrap());
    let explained = |with| Verdict::Explained { by: "something", with };
    for (ours, verdict, fits) in [
        (near(), Verdict::Reproduced, true),
        (near(), Verdict::Refuted, false),
        (near(), Verdict::CannotBeKnown, false),
        (near(), explained(near()), false),
        (far(), Verdict::Reproduced, false),
        (far(), Verdict::Refuted, true),
        (far(), explained(near()), true),
        (far(), explained(far()), false),
        (Ours::undecided("nothing".into()), Verdict::CannotBeKnown, true),
        (Ours::undecided("nothing".into()), Verdict::Reproduced, false),
        (Ours::undecided("nothing".into()), Verdict::Refuted, false),
    ] {
        let found = claim(Published::percent(51.0), ours.clone(), verdict.clone()).contradiction();
        assert_eq!(found.is_none(), fits, "{ours}, {verdict}: {found:?}");
    }
    // The 95 % interval and the seeds' range both count: a run that had 37 % makes 37 % one of our results.
    let statement = || Published::statement("higher");
    let difference = |low, high| Difference { difference: (low + high) / 2.0, low, high };
    for (low, high, verdict) in
        [(0.01, 0.2, Verdict::Reproduced), (-0.2, -0.01, Verdict::Refuted), (-0.1, 0.1, Verdict::CannotBeKnown)]
    {
        let ours = Ours::higher("a less b", &difference(low, high));
        assert_eq!(claim(statement(), ours, verdict).contradiction(), None);
    }
}

#[test]
fn the_table_has_all_claims_and_counts_their_verdicts() {
    let all = all();
    let table = Table::claims(&all).unwrap();
    assert_eq!(table.rows(), all.len());
    let text = table.to_string();
    let note = text.lines().rev().find(|line| line.contains(" claims: ")).unwrap();
    let counts: Vec<usize> =
        note.split(|letter: char| !letter.is_ascii_digit()).filter_map(|number| number.parse().ok()).collect();
    assert_eq!(counts[0], all.len());
    assert_eq!(counts[1..5].iter().sum::<usize>(), all.len(), "{note}");
    // The kept files are this table.
    let markdown = std::fs::read_to_string(project("results/claims.md")).unwrap();
    assert_eq!(markdown, table.markdown(), "`manga claims --out results` writes it again");
}
