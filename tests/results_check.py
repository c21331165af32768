"""Changes a number, a table, a result or a link in a copy of the project, and sees that results/check.py finds it.

python3 tests/results_check.py
"""

import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

PROJECT = pathlib.Path(__file__).resolve().parents[1]


class ResultsCheck(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        kept = tempfile.TemporaryDirectory()
        cls.addClassCleanup(kept.cleanup)
        cls.folder = pathlib.Path(kept.name)
        # What git would copy, so that runs, photos and builds stay where they are.
        names = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.splitlines()
        for name in names:
            if (PROJECT / name).is_file():
                (cls.folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(PROJECT / name, cls.folder / name)

    def check(self, *arguments):
        """The exit code and the output of the check in the copy."""
        done = subprocess.run(
            [sys.executable, "results/check.py", *arguments], cwd=self.folder, capture_output=True, text=True
        )
        return done.returncode, done.stdout + done.stderr

    def change(self, name, old, new):
        """Replaces a text in a file of the copy, in its first place, until the end of the test."""
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        self.assertIn(old, text)
        self.addCleanup(shutil.copy, PROJECT / name, path)
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def found(self, *words):
        """The check fails, and says all of this."""
        code, said = self.check()
        self.assertEqual(code, 1, said)
        for word in words:
            self.assertIn(word, said)

    def test_the_project_as_it_is(self):
        self.assertEqual(self.check()[0], 0, self.check()[1])

    def test_a_number_in_a_sentence(self):
        accuracy = method_accuracy(self.folder, "resnet50-frozen")
        self.change("docs/results.md", f"and {accuracy} % (", "and 99.9 % (")
        self.found("docs/results.md:", "99.9", accuracy)

    def test_a_number_in_a_marked_table(self):
        accuracy = method_accuracy(self.folder, "majority")
        self.change("README.md", f"| {accuracy} |", "| 99.9 |")
        self.found("README.md:", "the table has", "| 99.9 |")

    def test_a_percentage_from_nowhere(self):
        self.change("README.md", "## Licence", "It has 93.1 % now.\n\n## Licence")
        self.found("README.md:", "nothing is behind 93.1 %")

    def test_points_from_nowhere(self):
        self.change("docs/results.md", "## In cross-validation", "That brings 7.3 points.\n\n## In cross-validation")
        self.found("docs/results.md:", "nothing is behind 7.3 points")

    def test_a_sentence_that_is_gone(self):
        self.change("docs/results.md", "the same network has", "the network has")
        self.found("the same network has", "is not there")

    def test_a_new_result(self):
        runs = "results/resnet50-frozen/runs.csv"
        header, first, *_ = (self.folder / runs).read_text(encoding="utf-8").splitlines()
        cells = first.split(",")
        cells[header.split(",").index("accuracy")] = "0.9"
        self.change(runs, first, ",".join(cells))
        self.found("results/summary.csv: resnet50-frozen")

    def test_predictions_of_another_run(self):
        self.change("results/predictions/majority.csv", ",happy,shock,", ",happy,happy,")
        self.found("results/leaderboard.csv: majority")

    def test_a_statement_that_no_longer_holds(self):
        classes = (self.folder / "results/googlenet/classes.csv").read_text(encoding="utf-8").splitlines()
        shock = next(line for line in classes if line.startswith("shock,"))
        cells = shock.split(",")
        cells[classes[0].split(",").index("recall")] = "0.5"
        self.change("results/googlenet/classes.csv", shock, ",".join(cells))
        self.found("So does ours from scratch", "no longer say so")

    def test_a_row_that_is_cut_off(self):
        last = (self.folder / "results/summary.csv").read_text(encoding="utf-8").splitlines()[-1]
        self.change("results/summary.csv", last, last.rsplit(",", 3)[0])
        self.found("results/summary.csv", "columns")

    def test_a_broken_link(self):
        self.change("README.md", "(docs/speed.md)", "(docs/fast.md)")
        self.found("README.md:", "there is no docs/fast.md")

    def test_a_link_to_no_heading(self):
        self.change("docs/results.md", "(#do-drawn-faces-help)", "(#drawn)")
        self.found("docs/results.md:", "no heading #drawn")

    def test_tables_are_rendered_again(self):
        accuracy = method_accuracy(self.folder, "majority")
        self.change("README.md", f"| {accuracy} |", "| 99.9 |")
        self.assertEqual(self.check("--write")[0], 0)
        self.assertEqual((self.folder / "README.md").read_bytes(), (PROJECT / "README.md").read_bytes())


def method_accuracy(folder, name):
    """The accuracy of a method as the texts write it."""
    lines = (folder / "results/leaderboard.csv").read_text(encoding="utf-8").splitlines()
    header = lines[0].split(",")
    row = next(line.split(",") for line in lines[1:] if line.startswith(f"{name},"))
    return f"{100 * float(row[header.index('accuracy')]):.1f}"


if __name__ == "__main__":
    unittest.main()
