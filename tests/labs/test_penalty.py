"""PenaltyLab: one weight, three GANs, two of them from stored runs."""

import json

import numpy as np

from gan_lessons.labs.theory.penalty import PenaltyLab, Stored, nearest
from tests.labs.small import RESULTS


def test_one_slider_moves_three_gans():
    lab = PenaltyLab(RESULTS / "penalties", power=-3.0)
    weak, weak_words = lab.frame(), lab.sentence
    lab.set(power=-0.5)
    for before, after in zip(weak.panels, lab.frame().panels, strict=True):
        assert any(not np.array_equal(a.data, b.data) for a, b in zip(before.layers, after.layers, strict=True))
    assert len(lab.frame().panels) == 6 and weak_words != lab.sentence
    for name in ("Dirac-GAN: after 500 steps", "Ring, 10 seeds", "Digits"):
        assert name in lab.sentence
    lab.set(power=1.0)
    assert "left all bounds" in lab.sentence  # rate 0.2, R1 and R2 of weight 10: a factor of 1 - 0.2·20 a step
    assert lab.figure()


def test_stored_runs_are_found_from_any_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert len(PenaltyLab().frame().panels) == 6


def test_stored_numbers_are_shown():
    stored, lab = Stored(RESULTS / "penalties"), PenaltyLab(RESULTS / "penalties", power=-1.0)
    here = nearest(stored.ring["weights"], 0.1)
    assert stored.ring["weights"][here] == 0.1
    assert f"{min(stored.ring['averaged_modes'][here]):.0f} modes at least" in lab.sentence
    assert f"{np.median(stored.ring['averaged_high_quality'][here]):.0%} high quality" in lab.sentence
    fraction = stored.digits["frechet_fraction"][stored.digits["weights"].index(0.1)]
    assert f"{fraction:.1%} of noise's" in lab.sentence


def test_missing_or_damaged_runs_are_a_sentence(tmp_path):
    lab = PenaltyLab(tmp_path / "penalties")
    assert "no stored result" in lab.sentence and len(lab.frame().panels) == 2
    (tmp_path / "penalties.json").write_text("{}")
    np.savez(tmp_path / "penalties.npz", points=np.zeros(1))
    assert "damaged" in PenaltyLab(tmp_path / "penalties").sentence
    (tmp_path / "penalties.json").write_text("{")
    assert "damaged" in PenaltyLab(tmp_path / "penalties").sentence


def test_the_stored_runs_fit_the_code():
    record = json.loads((RESULTS / "penalties.json").read_text("utf-8"))
    assert {"date", "command", "machine", "seeds", "cpu_seconds"} <= record.keys()
    digits = record["digits"]
    stored = Stored(RESULTS / "penalties")
    assert stored.points.shape[0] == len(record["ring"]["weights"]) and len(stored.sheets) == len(digits["weights"])
    sizes = [(RESULTS / f"penalties.{ending}").stat().st_size for ending in ("json", "npz")]
    assert sum(sizes) <= 300_000
