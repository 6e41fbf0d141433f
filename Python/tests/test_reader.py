"""What data frames and arrays hold is what the journal holds."""

import json
import pathlib
import shutil
import sqlite3

import numpy as np
import pandas
import pytest
from conftest import FIXTURES, ROOT
from student import examples, outputs

import journal
from journal.curves import numbers

OLDER = ROOT / "Tests/JournalStoreTests/Journals/third-format.sqlite"


def test_experiments(example, learned):
    assert list(example.experiments()["experiment"]) == ["example"]
    assert list(example.experiments()["completed"]) == [len(example.experiment("example").trials())]
    assert "learned-lstm" in set(learned.experiments()["experiment"])


def test_an_experiment_by_name_and_hash(example, learned):
    experiment = learned.experiment("learned-lstm")
    assert experiment.question == "What does lstm come to?"
    assert experiment.spec["metaTraining"]["optimizer"]["layers"] == [4, 3]
    assert learned.experiment(f"learned-lstm@{experiment.hash[:6].upper()}").hash == experiment.hash
    with pytest.raises(journal.UnknownNameError, match=r"no experiment exmple; did you mean example\?; it has example"):
        example.experiment("exmple")
    with pytest.raises(LookupError, match=f"has no version ffff; the journal has learned-lstm@{experiment.hash[:12]}"):
        learned.experiment("learned-lstm@ffff")


def test_versions(tmp_path):
    copy = shutil.copy(FIXTURES / "learned.sqlite", tmp_path)
    writer = sqlite3.connect(copy)
    writer.execute("UPDATE experiments SET name = 'caf\u00e9', hash = 'aa1' || hash WHERE name = 'learned-lstm'")
    writer.execute("UPDATE experiments SET name = 'cafe\u0301', hash = 'aa2' || hash WHERE name = 'learned-mlp'")
    writer.execute(
        "UPDATE experiments SET name = 'caf\u00e9', replaces = 1, hash = hash || '+fresh' WHERE name = 'learned-mlhf'"
    )
    writer.commit()
    writer.close()
    with journal.open(copy) as opened:
        assert opened.experiment("caf\u00e9").hash.startswith("aa2")
        assert opened.experiment("caf\u00e9@aa1").learned_optimizer().kind == "lstm"
        assert len(opened.experiments()) == len(opened.query("SELECT id FROM experiments")) - 1
        with pytest.raises(journal.UnknownNameError, match="more than one version"):
            opened.experiment("caf\u00e9@aa")


def test_trials(learned):
    trials = learned.experiment("diverging").trials()
    assert list(trials["status"]) == ["completed", "completed"]
    assert list(trials["diverged"]) == [True, False]
    assert np.isnan(trials["finalLoss"][0]) and trials["finalLoss"][1] == pytest.approx(0.8**12)
    assert trials["optimizerSettings"][1] == {"kind": "sgd", "learningRate": 0.1}
    assert {"finalLoss", "bestLoss"} <= set(trials) and "testLoss" not in trials
    single = learned.experiment("stored-single").trials()
    assert single["architecture"][0]["layers"] == "4-3-2"
    assert single["accuracy"].between(0, 1).all()


@pytest.mark.parametrize(
    "path", [ROOT / "journal.sqlite.example", OLDER, FIXTURES / "learned.sqlite"], ids=lambda path: path.name
)
def test_results_are_those_of_every_formats_columns(path):
    with journal.open(path) as opened:
        for name in opened.experiments()["experiment"]:
            experiment = opened.experiment(name)
            trials = experiment.trials().set_index("trial")
            stored = opened.query(
                "SELECT id, bestLoss, finalLoss, accuracy, nanResults FROM trials WHERE experiment ="
                " (SELECT id FROM experiments WHERE name = ? ORDER BY id DESC) ORDER BY id",
                [name],
            ).set_index("id")
            assert list(trials.index) == list(stored.index)
            for column in ("bestLoss", "finalLoss"):
                ranked = trials[column].mask(stored["nanResults"].fillna("").str.contains(column), np.inf)
                pandas.testing.assert_series_equal(
                    ranked, stored[column].astype(float), check_names=False, check_index=True
                )


def test_curves_are_exact(learned):
    experiment = learned.experiment("diverging")
    curves = experiment.curves()
    assert list(curves.columns) == ["trial", "kind", "problem", "optimizer", "seed", "step", "loss"]
    diverging = curves[curves["optimizer"].str.contains("000")]["loss"].to_numpy()
    assert list(diverging[:2]) == [1, pytest.approx(4e30)]
    assert np.isinf(diverging[2]) and np.isnan(diverging[-1])
    x, losses = np.float32(1), []
    for _ in range(7):
        losses.append(x * x)
        x = x - np.float32(0.1) * (x + x)
    converging = curves[curves["optimizer"] == "sgd (learningRate 0.1)"]
    assert list(converging["step"]) == list(range(7))
    np.testing.assert_array_almost_equal_nulp(converging["loss"].to_numpy(np.float32), np.array(losses, np.float32), 4)


def test_numbers_are_read_to_the_bit():
    texts = ["0.1", "-0.0", "5e-324", "1.7976931348623157e+308", "7.0385307e-26", "1", "9e999", "-9e999", "null"]
    read = numbers(f"[{','.join(texts)}]")
    assert [value.hex() for value in read[:6]] == [float(text).hex() for text in texts[:6]]
    assert read[6] == np.inf and read[7] == -np.inf and np.isnan(read[8])


def test_every_point_is_read(example):
    """The view `points` says the same, number by number, for all trials and metrics."""
    experiment = example.experiment("example")
    for metric, kind in [("loss", "evaluation"), ("loss", "tuning"), ("metaLoss", "metaTraining")]:
        points = example.query(
            """
            SELECT points.trial, step, value FROM points JOIN trials ON trials.id = points.trial
            WHERE metric = ? AND kind = ? ORDER BY points.trial, step
            """,
            [metric, kind],
        )
        curves = experiment.curves(metric, kind=kind)
        assert list(curves["trial"]) == list(points["trial"]) and len(points)
        assert list(curves["step"]) == list(points["step"])
        assert curves[metric].to_numpy().tobytes() == points["value"].to_numpy(float).tobytes()
    assert set(experiment.curves()["kind"]) == {"evaluation"}


def test_wide_curves(example):
    experiment = example.experiment("example")
    wide = experiment.curves(optimizer=["trained"], wide=True)
    assert list(wide.index) == list(range(101)) and wide.index.name == "step"
    assert wide.columns.names == ["problem", "optimizer", "seed", "trial"]
    assert wide.shape[1] == 8
    long = experiment.curves(optimizer="trained")
    assert wide.mean(axis=1).to_numpy() == pytest.approx(long.groupby("step")["loss"].mean().to_numpy(), rel=1e-12)
    means = experiment.curves(wide=True).T.groupby(["problem", "optimizer"]).mean().T
    assert means.shape == (101, 3)


def test_wrong_names_are_told(example):
    experiment = example.experiment("example")
    with pytest.raises(journal.UnknownNameError, match=r"no curves of los; did you mean loss\?"):
        experiment.curves("los")
    with pytest.raises(journal.UnknownNameError, match="no trial has the optimizer adamw; there are"):
        experiment.curves(optimizer="adamw")


def test_parameters_at_steps(learned):
    experiment = learned.experiment("stored-double")
    trial = int(experiment.trials()["trial"][0])
    kept = experiment.snapshots(trial)
    assert len(kept) == 2 * 26 and list(kept["parameter"][:2]) == ["dense1/weight", "dense2/weight"]
    assert kept["shape"][0] == (5, 3) and set(kept["elementType"]) == {"float64"}
    first, last = experiment.parameters(trial, 0), experiment.parameters(trial)
    assert first["dense1/weight"].shape == (5, 3) and not np.any(first["dense1/weight"][-1])
    assert np.all(last["dense2/weight"] == experiment.parameters(trial, 25)["dense2/weight"])
    with pytest.raises(journal.UnknownNameError, match="at step 99; they were at 0, 1, 2"):
        experiment.parameters(trial, 99)
    with pytest.raises(journal.UnknownNameError, match="no parameters were kept of a trial 1 "):
        experiment.parameters(1)


def test_parameters_have_the_recorded_accuracy_and_loss(learned):
    experiment = learned.experiment("stored-double")
    test, losses = examples("test"), experiment.curves().groupby("trial")["loss"]
    for trial in experiment.trials().itertuples():
        answers = outputs(experiment.parameters(trial.trial), test[0]).argmax(1)
        assert trial.accuracy == np.mean(answers == test[1])
        first = outputs(experiment.parameters(trial.trial, 0), examples("train")[0])
        assert losses.first()[trial.trial] == pytest.approx(
            np.mean(np.log1p(np.exp(first[:, 1] - first[:, 0]))), rel=1e-6
        )


def test_learned_optimizers_and_weights(example, learned):
    table = learned.learned_optimizers()
    assert set(table["kind"]) == {"lstm", "rnnprop", "mlp", "teacher", "mlhf"}
    optimizer = example.learned_optimizer("example")
    assert optimizer.kind == "lstm" and optimizer.settings["outputScale"] == 0.1
    assert optimizer.evaluation_loss == example.experiment("example").learned_optimizers()["evaluationLoss"][0]
    weights = example.weights("example")
    assert weights["lstm1/weight"].shape == (12, 40) and weights["lstm1/weight"].dtype == np.float32
    (stored,) = example.connection.execute(
        "SELECT bytes FROM learnedOptimizerWeights WHERE name = 'lstm1/weight'"
    ).fetchone()
    assert weights["lstm1/weight"].tobytes() == stored
    with pytest.raises(journal.UnknownNameError, match="stored-single@.* has learned no optimizer"):
        learned.learned_optimizer("stored-single")


def test_the_best_of_several_learned_is_taken(tmp_path):
    copy = shutil.copy(FIXTURES / "learned.sqlite", tmp_path)
    writer = sqlite3.connect(copy)
    (own,) = writer.execute("SELECT id FROM experiments WHERE name = 'learned-lstm'").fetchone()
    writer.execute("UPDATE trialRecords SET experiment = ? WHERE id IN (SELECT trial FROM learnedOptimizers)", [own])
    writer.execute("UPDATE learnedOptimizers SET evaluationLoss = -1 WHERE name = 'learned-rnnprop'")
    writer.commit()
    writer.close()
    with journal.open(copy) as opened:
        experiment = opened.experiment("learned-lstm")
        assert experiment.learned_optimizer().kind == "rnnprop"
        assert experiment.learned_optimizer(trial=1).kind == "lstm"


def test_notes(learned, tmp_path):
    assert learned.notes("learned-lstm").empty
    copy = shutil.copy(FIXTURES / "learned.sqlite", tmp_path)
    writer = sqlite3.connect(copy)
    if not writer.execute("SELECT 1 FROM sqlite_master WHERE name = 'notes'").fetchone():
        writer.execute(
            "CREATE TABLE notes (id INTEGER PRIMARY KEY, experiment TEXT, version TEXT, trialIdentity TEXT, kind TEXT,"
            " text TEXT, createdAt TEXT)"
        )
    writer.execute(
        "INSERT INTO notes (experiment, version, kind, text, createdAt)"
        " VALUES ('learned-lstm', 'a', 'note', 'So.', '2')"
    )
    writer.commit()
    writer.close()
    with journal.open(copy) as opened:
        assert opened.experiment("learned-lstm").notes()[["kind", "text"]].values.tolist() == [["note", "So."]]
        assert opened.notes("learned-mlp").empty


def test_files_that_are_no_optimizers(tmp_path):
    with pytest.raises(FileNotFoundError):
        journal.read_optimizer(tmp_path / "nowhere.safetensors")
    whole = (FIXTURES / "learned-lstm.safetensors").read_bytes()
    for contents in (b"", b"short", whole[:100], whole[:-4]):
        (tmp_path / "broken").write_bytes(contents)
        with pytest.raises(journal.JournalError, match="is not a safetensors file"):
            journal.read_optimizer(tmp_path / "broken")
    header = json.dumps({"__metadata__": {}}).encode()
    pathlib.Path(tmp_path / "other").write_bytes(len(header).to_bytes(8, "little") + header)
    with pytest.raises(journal.JournalError, match="not a learned optimizer"):
        journal.read_optimizer(tmp_path / "other")


@pytest.fixture
def replicated(tmp_path):
    """The three optimizers of the fixtures as replicates of one, in the format that has them."""
    copy = shutil.copy(FIXTURES / "learned.sqlite", tmp_path)
    writer = sqlite3.connect(copy)
    views = dict(writer.execute("SELECT name, sql FROM sqlite_master WHERE name IN ('trials', 'trialSummary')"))
    writer.execute("ALTER TABLE trialRecords ADD COLUMN replicate INTEGER")
    for name, before, after in [
        ("trials", "content, takenFrom", "content, takenFrom, replicate"),
        ("trialSummary", "optimizer, seed", "optimizer, replicate, seed"),
    ]:
        assert before in views[name]
        writer.execute(f"DROP VIEW {name}")
        writer.execute(views[name].replace(before, after))
    writer.execute("INSERT INTO formatHistory VALUES ('replicates-of-meta-training', '0', '')")
    owners = [
        id for (id,) in writer.execute(
            "SELECT id FROM experiments WHERE name IN ('learned-lstm', 'learned-rnnprop', 'learned-mlp') ORDER BY id"
        )
    ]
    for number, owner in enumerate(owners, 1):
        writer.execute(
            "UPDATE trialRecords SET experiment = ?, replicate = ? WHERE experiment = ?", [owners[0], number, owner]
        )
    (name,) = writer.execute("SELECT name FROM experiments WHERE id = ?", [owners[0]]).fetchone()
    writer.commit()
    writer.close()
    with journal.open(copy) as opened:
        yield opened, name


def test_replicates_are_told_and_named(replicated):
    opened, name = replicated
    experiment = opened.experiment(name)
    table = experiment.learned_optimizers()
    assert table["replicate"].tolist() == [1, 2, 3]
    kinds = [experiment.learned_optimizer(replicate=number).kind for number in (1, 2, 3)]
    assert kinds == table["kind"].tolist() and len(set(kinds)) == 3
    assert opened.learned_optimizer(f"{name}/3").kind == kinds[2]
    assert opened.learned_optimizer(name).kind == kinds[int(table["evaluationLoss"].argmin())]
    with pytest.raises(journal.UnknownNameError, match="has no replicate 4 that has learned an optimizer"):
        opened.learned_optimizer(f"{name}/4")
    assert experiment.trials()["replicate"].tolist() == sorted(experiment.trials()["replicate"])
    curves = experiment.curves(kind="evaluation")
    assert set(curves["replicate"]) == {1, 2, 3}
    assert len(experiment.curves(kind="evaluation", wide=True).columns) == len(curves["trial"].unique())


def test_what_has_no_replicates_has_no_such_column(learned):
    assert "replicate" not in learned.experiment("learned-lstm").curves()
    assert learned.learned_optimizer("learned-lstm/1").kind == "lstm"
