"""Words: the glossary has the field's terms, their chapters define them in bold, and none is used before it is defined.

`python -m tests.test_glossary [05 …]` lists what is missing, by chapter.
"""

import re
import sys
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

CHAPTERS = Path(__file__).resolve().parents[1] / "chapters"
GLOSSARY: dict[str, dict[str, Any]] = tomllib.loads((CHAPTERS / "glossary.toml").read_text("utf-8"))
HISTORY = tomllib.loads((CHAPTERS / "history.toml").read_text("utf-8"))["era"]
NOTEBOOKS = {path.name[:2]: path for path in sorted(CHAPTERS.glob("*.ipynb"))}
ORDER = sorted(NOTEBOOKS, key=lambda number: (not number.isdigit(), number))  # 00, 01, … 18, A1, A2
PREVIEW = {"00", "A1"}  # the door, which shows what will come, and the glossary itself
KEYS = {"chapter", "means", "symbol", "also", "everyday", "forms"}
# What the papers that the book cites take for granted, by the chapter that was to define it
EXPECTED = {
    "01": "generative model, density, support, latent variable, push-forward, implicit model, explicit model, "
    "curse of dimensionality, maximum likelihood, Kullback–Leibler divergence, Jensen–Shannon divergence, generator, "
    "discriminator, minimax game, value function, Nash equilibrium, zero-sum game, histogram, "
    "kernel density estimate, Gaussian mixture, logit, sigmoid, gradient descent",
    "02": "latent space, multilayer perceptron, pre-activation, ReLU, Lipschitz, receptive field, "
    "transposed convolution, upsampling, checkerboard artefacts, He initialisation, batch normalisation, "
    "residual connection, interpolation, manifold, Jacobian, inductive bias",
    "03": "binary cross-entropy, density ratio, two-sample test, overfitting, validation set, held-out, calibration, "
    "AUC, epoch, early stopping, data augmentation, permutation test, variational",
    "04": "non-saturating, hinge loss, least-squares, Wasserstein distance, critic, weight clipping, f-divergence, "
    "relativistic, vanishing gradients, spectral normalisation, Pearson χ², total variation, "
    "integral probability metric, optimal transport, label smoothing",
    "05": "training loop, minibatch, Adam, momentum, learning rate, schedule, checkpoint, "
    "exponential moving average, hyperparameter, seed, high-quality samples",
    "06": "mode collapse, mode dropping, minibatch discrimination, minibatch standard deviation, packing, "
    "unrolled GAN, catastrophic forgetting, replay buffer, ablation",
    "07": "gradient penalty, R1, R2, instance noise, simultaneous, alternating, limit cycle, local convergence, "
    "eigenvalue, consensus optimisation, optimism, extragradient, Dirac-GAN, trajectory, saddle point, "
    "two time-scale update rule",
    "08": "Inception score, Fréchet Inception distance, kernel Inception distance, maximum mean discrepancy, "
    "precision, recall, density and coverage, feature space, nearest neighbour, birthday paradox, memorisation, bias, "
    "standard error, confidence interval, bootstrap",
    "09": "DCGAN, convolution, strided convolution, truncation trick, mixed precision",
    "10": "conditional GAN, auxiliary classifier, projection discriminator, embedding, one-hot, "
    "conditional batch normalisation, concatenation, intra-class diversity",
    "11": "progressive growing, self-attention, mapping network, adaptive instance normalisation, style mixing, "
    "modulation, alias-free, linear probe, disentanglement, inversion",
    "12": "held-out gap, differentiable augmentation, adaptive discriminator augmentation, leak, transfer learning, "
    "FreezeD, projected GAN",
    "13": "image-to-image translation, paired, pix2pix, U-Net, skip connection, patch discriminator, power spectrum, "
    "cycle consistency, identity loss, contrastive unpaired translation, steganography, style transfer, Gram matrix",
    "14": "super-resolution, bicubic interpolation, sub-pixel convolution, PSNR, perceptual loss, distortion, "
    "perception–distortion trade-off, network interpolation",
    "15": "REINFORCE, policy gradient, score-function estimator, straight-through estimator, Gumbel-softmax, "
    "reparameterisation trick, temperature, autoregressive, teacher forcing, exposure bias, LSTM, transformer, "
    "attention, n-gram, perplexity, token, baseline",
    "16": "scansion, dense reward, adversarial autoencoder, reranking, reward model, replaced-token detection",
    "17": "waveform, sampling rate, spectrogram, STFT, mel scale, phase, phase shuffle, formant, WaveGAN, SpecGAN, "
    "aliasing, vocoder, Griffin–Lim",
    "18": "HiFi-GAN, multi-period discriminator, multi-scale discriminator, feature matching, "
    "mel-spectrogram loss, overlap-add, text-to-speech, phoneme, real-time factor, wake word, false alarm",
    "20": "voxel, signed distance, point cloud, implicit function, intersection over union, Euler characteristic, "
    "differentiable renderer, silhouette, PointNet, Chamfer distance, marching cubes",
    "21": "roofline, arithmetic intensity, critical batch size, data parallelism, all-reduce, gradient accumulation",
}


def prose(notebook: NotebookNode) -> str:
    """A notebook's Markdown without code, links, and the list of further reading, whose titles are not its words."""
    text = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    text = re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)
    text = re.sub(r"!?\[[^\]]*\]\([^)]*\)|https?://\S+", "", text)
    return re.sub(r"^\W*Further reading.*?(?=^#|\Z)", "", text, flags=re.DOTALL | re.MULTILINE | re.IGNORECASE)


def pattern(term: str, forms: list[str] | None = None) -> re.Pattern[str]:
    """What finds a term in its usual forms: plural, hyphen or space, British or American; names keep their capitals."""
    spelt = re.escape(term).replace("isation", "i[sz]ation").replace(r"\-", "[-‑– ]").replace(r"\ ", r"[-‑–\s]+")
    found = rf"(?:{'|'.join(forms or [spelt])})(?:e?s)?"
    flags = 0 if term != term.lower() else re.IGNORECASE
    return re.compile(rf"(?<![\w-])(?:{found})(?![\w])", flags)


def bold(text: str) -> str:
    """All that stands in bold, one piece a line."""
    return "\n".join(" ".join(piece.split()) for piece in re.findall(r"\*\*(?=\S)(.+?)\*\*", text, flags=re.DOTALL))


def undefined(number: str, text: str, glossary: Mapping[str, Mapping[str, Any]] = GLOSSARY) -> list[str]:
    """The terms that a chapter, whose prose is `text`, should define in bold and does not."""
    found = bold(text)
    return [
        f"{number} does not define **{term}**"
        for term, entry in glossary.items()
        if entry["chapter"] == number and not pattern(term, entry.get("forms")).search(found)
    ]


def too_early(
    number: str, text: str, glossary: Mapping[str, Mapping[str, Any]] = GLOSSARY, before: str = ""
) -> list[str]:
    """The terms that a chapter uses though only a later one defines them; `before` is the prose of those before it."""
    place, known = ORDER.index(number), bold(f"{before}\n\n{text}")
    found = []
    for term, entry in glossary.items():
        form = pattern(term, entry.get("forms"))
        if entry.get("everyday") or entry["chapter"] not in ORDER[place + 1 :] or form.search(known):
            continue
        if use := form.search(text):
            around = " ".join(text[max(0, use.start() - 40) : use.end() + 30].split())
            found.append(f"{number} uses “{term}”, which {entry['chapter']} defines: … {around} …")
    return found


@cache
def read(number: str) -> str:
    return prose(nbformat.read(NOTEBOOKS[number], as_version=4))


def faults(number: str) -> list[str]:
    """What a chapter does not define, and what it uses too early."""
    before = [read(other) for other in ORDER[: ORDER.index(number)] if other not in PREVIEW]
    return undefined(number, read(number)) + too_early(number, read(number), before="\n\n".join(before))


# The glossary


def test_every_expected_term_is_there() -> None:
    wanted = {term for terms in EXPECTED.values() for term in terms.split(", ")}
    assert len(wanted) >= 120
    assert not wanted - GLOSSARY.keys()


@pytest.mark.parametrize("term", GLOSSARY)
def test_entry_is_whole(term: str) -> None:
    entry = GLOSSARY[term]
    assert {"chapter", "means"} <= set(entry) <= KEYS
    assert entry["chapter"] in NOTEBOOKS
    assert re.fullmatch(r"[^.]+(\.\d[^.]*)*(et al\.[^.]+)?\.", entry["means"]), "one sentence, with its full stop"
    assert len(entry["means"].split()) <= 30


def test_terms_are_there_once() -> None:
    assert len({term.lower().replace("-", " ") for term in GLOSSARY}) == len(GLOSSARY)


# The chapters


@pytest.mark.parametrize("number", [number for number in ORDER if number not in PREVIEW])
def test_chapter_defines_its_terms_and_uses_none_before(number: str) -> None:
    assert not faults(number)


# The checks can fail


def planted(*markdown: str) -> str:
    return prose(new_notebook(cells=[*map(new_markdown_cell, markdown), new_code_cell("# mode collapse")]))


TWO = {"logit": {"chapter": "01"}, "mode collapse": {"chapter": "06"}, "packing": {"chapter": "06", "everyday": True}}


@pytest.mark.parametrize("text", ["A **logit** is", "**Logits** are", "The **scores\n(logits)** of"])
def test_a_definition_is_found(text: str) -> None:
    assert not undefined("01", planted(text), TWO)


@pytest.mark.parametrize("text", ["A logit is", "A *logit* is", "`**logit**`", "A **score** is a logit, **so** it is"])
def test_a_missing_definition_is_found(text: str) -> None:
    assert undefined("01", planted(text), TWO) == ["01 does not define **logit**"]


@pytest.mark.parametrize("text", ["It suffers from mode collapse.", "Mode-collapse is bad", "a *mode\ncollapse*"])
def test_an_early_use_is_found(text: str) -> None:
    assert len(too_early("05", planted(text), TWO)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "`mode collapse`",
        "See [mode collapse](06_mode_collapse.ipynb).",
        "After packing",
        "a mode, collapsed",
        "**Mode collapse** is a loss of kinds. After mode collapse …",
        "## Further reading\n- Lin et al., *On mode collapse*",
    ],
)
def test_what_is_no_early_use(text: str) -> None:
    assert not too_early("05", planted(text), TWO)


def test_a_term_may_be_used_once_it_is_defined() -> None:
    assert not too_early("05", planted("mode collapse"), TWO, before=planted("It is called **mode collapse**."))
    assert not too_early("06", planted("mode collapse"), TWO) and not too_early("07", planted("mode collapse"), TWO)


def test_names_keep_their_capitals() -> None:
    assert pattern("Adam").search("by Adam, say") and not pattern("Adam").search("madam, adam")
    assert pattern("batch normalisation").search("Batch normalization")
    assert pattern("held-out").search("held out digits") and not pattern("token").search("tokenise")


# The history


def test_papers_of_the_history_are_dated_by_their_numbers() -> None:
    papers = [paper for era in HISTORY for paper in era["papers"]]
    assert len({paper["id"] for paper in papers}) == len(papers) >= 40
    for paper in papers:
        assert re.fullmatch(r"(1[4-9]|2[0-6])(0[1-9]|1[0-2])\.\d{4,5}", paper["id"]), paper
        assert len(paper["id"].split(".")[1]) == (4 if paper["id"] < "1501" else 5)
        assert paper["what"].endswith(".") and len(paper["what"].split()) <= 25
    for era in HISTORY:
        first, last = map(int, re.search(r"\((\d{4})–(\d{4})\)", era["title"]).groups())
        assert all(first <= 2000 + int(paper["id"][:2]) <= last for paper in era["papers"]), era["title"]


if __name__ == "__main__":
    for number in ORDER:
        if number not in PREVIEW and (not sys.argv[1:] or number in sys.argv[1:]):
            print("".join(f"{fault}\n" for fault in faults(number)), end="")
