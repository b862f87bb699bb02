"""A small classifier of sound clips: it reads the class and the voice.

`python -m gan_lessons.judges.sounds` trains both that are stored. That of eSpeak's digits reads all 240 held-out takes
right, and 99 % of 160 by 8 voices never heard; that of all words reads all 384, and 95 % of 256. Of the twelve voices
of held-out takes they name 98 and 99 % right. Distances are to be compared under one judge only.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import torch
from scipy.fft import dctn
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from torch import Tensor, nn
from torch.nn import functional
from tqdm import trange

from gan_lessons.data.sound import DIGITS, SPEAKERS, WORDS, Clips, spoken_words
from gan_lessons.judges import weights
from gan_lessons.spectrograms import log_mel

WEIGHTS = Path(__file__).with_name("sounds.safetensors")
WEIGHTS_OF_WORDS = WEIGHTS.with_name("spoken_words.safetensors")
SHA256_OF_WORDS = "439b437f6a9bc47e5b5b3cfeb6853ec8d11b7a39c6159e31a57a9f1f73bbcd11"
SHA256 = "a7215c1f0377e3ee9bada0142d44938b2ad326eb220a74b9f0248b44a42c7e3e"


class SoundJudge(nn.Module):
    """Log-mel spectrograms [batch, 64, frames] to 64 features, and to scores of the classes and of the voices.

    Four 3×3 convolutions of stride two with BatchNorm, averaged over time.
    """

    def __init__(self, classes: int, voices: int):
        super().__init__()
        layers: list[nn.Module] = [nn.Unflatten(1, (1, 64))]
        for before, after in [(1, 16), (16, 32), (32, 48), (48, 64)]:
            layers += [nn.Conv2d(before, after, 3, 2, 1, bias=False), nn.BatchNorm2d(after), nn.ReLU()]
        self.body = nn.Sequential(*layers, nn.Flatten(), nn.Linear(64 * 4 * 4, 64), nn.Tanh())
        self.head = nn.Linear(64, classes)
        self.voice = nn.Linear(64, voices)

    def forward(self, log_mels: Tensor) -> tuple[Tensor, Tensor]:
        features = self.body(log_mels)
        return self.head(features), self.voice(features)

    @torch.inference_mode()
    def features(self, log_mels: Tensor, batch: int = 100) -> Tensor:
        """The 64 numbers by which a Fréchet distance compares clips: [count, 64]."""
        if log_mels.dim() != 3 or log_mels.shape[1:] != (64, 64):
            raise ValueError(f"The judge reads log-mel spectrograms [count, 64, 64], not {list(log_mels.shape)}.")
        device = self.head.weight.device
        return torch.cat([self.body(part.float().to(device)) for part in log_mels.split(batch)])


def distort(log_mels: Tensor) -> Tensor:
    """Shift each spectrogram a little in time and in pitch, change its loudness, and add noise, at random."""
    count = len(log_mels)
    place = torch.eye(2, 3).repeat(count, 1, 1)
    place[:, :, 2] = (torch.rand(count, 2) * 2 - 1) * torch.tensor([0.15, 0.06])
    grid = functional.affine_grid(place, [count, 1, 64, 64], align_corners=False)
    moved = functional.grid_sample(log_mels[:, None] + 1, grid, align_corners=False)[:, 0] - 1
    loudness = 0.1 * torch.randn(count, 1, 1)
    return (moved + loudness + 0.1 * torch.rand(count, 1, 1) * torch.randn_like(moved)).clamp(-1, 1)


def train(clips: Clips) -> SoundJudge:
    """Train a judge of these clips' classes and voices."""
    judged = len(clips.classes), len(clips.voice_names)
    return taught(log_mel(clips.waveforms), clips.labels, clips.voices, *judged)


def taught(
    log_mels: Tensor,
    labels: Tensor,
    voices: Tensor,
    classes: int,
    voice_count: int,
    steps: int = 600,
    batch: int = 64,
    seed: int = 0,
    augment: Callable[[Tensor], Tensor] = distort,
) -> SoundJudge:
    """Train a judge with log-mel spectrograms [count, 64, 64], and the class and the voice of each, [count] both.

    It hears each batch as `augment` changes it.
    """
    torch.manual_seed(seed)
    judge = SoundJudge(classes, voice_count)
    optimizer = torch.optim.AdamW(judge.parameters(), weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=4e-3, total_steps=steps)
    for _ in trange(steps):
        chosen = torch.randint(len(log_mels), (batch,))
        of_classes, of_voices = judge(augment(log_mels[chosen]))
        loss = functional.cross_entropy(of_classes, labels[chosen])
        loss = loss + 0.5 * functional.cross_entropy(of_voices, voices[chosen])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    return judge.eval().half().float().requires_grad_(False)  # as it will be stored


def second_recogniser(clips: Clips) -> Callable[[Tensor], Tensor]:
    """A recogniser of another kind: a support vector machine on cepstra, the cosines of log-mels.

    It is a function of log-mel spectrograms [count, 64, 64] to labels [count]. Davis & Mermelstein 1980.
    """

    def cepstra(log_mels: Tensor) -> np.ndarray:
        return dctn(log_mels.numpy(), axes=(1, 2))[:, :16, :16].reshape(len(log_mels), -1)

    machine = make_pipeline(StandardScaler(), SVC(C=10))
    machine.fit(cepstra(log_mel(clips.waveforms)), clips.labels.numpy())
    return lambda log_mels: torch.from_numpy(machine.predict(cepstra(log_mels)))


@torch.inference_mode()
def accuracy(judge: SoundJudge, clips: Clips) -> float:
    """The share of clips whose class the judge reads right."""
    read = judge.head(judge.features(log_mel(clips.waveforms))).argmax(1)
    return float((read == clips.labels).float().mean())


@torch.inference_mode()
def voice_accuracy(judge: SoundJudge, clips: Clips) -> float:
    """The share of clips, by voices that the judge was taught, whose voice it reads right."""
    read = judge.voice(judge.features(log_mel(clips.waveforms))).argmax(1)
    return float((read == clips.voices).float().mean())


@cache
def kept(path: Path, sha256: str, classes: int, voices: int) -> SoundJudge:
    """The judge whose weights are stored there; the same one each time."""
    judge = SoundJudge(classes, voices)
    judge.load_state_dict(weights.read(path, sha256))
    return judge.eval().requires_grad_(False)


def load(path: Path = WEIGHTS, sha256: str = SHA256, classes: int = 10, voices: int = len(SPEAKERS)) -> SoundJudge:
    """A stored judge, by default that of digits; a ValueError where its weights are damaged."""
    return kept(path, sha256, classes, voices)


def stored(words: tuple[str, ...]) -> SoundJudge | None:
    """The stored judge of these words in eSpeak's voices; None where there is none."""
    known = {DIGITS: (WEIGHTS, SHA256), WORDS: (WEIGHTS_OF_WORDS, SHA256_OF_WORDS)}
    return load(*known[words], classes=len(words)) if words in known else None


if __name__ == "__main__":
    torch.set_num_threads(1)
    for words, path in ((DIGITS, WEIGHTS), (WORDS, WEIGHTS_OF_WORDS)):
        said = spoken_words(words)
        trained = train(said.judge)
        print(f"held-out takes {accuracy(trained, said.test):.4f}, strangers {accuracy(trained, said.strangers):.4f}")
        print(f"voices of held-out takes {voice_accuracy(trained, said.test):.4f}")
        print(f"{path.name}: {weights.write(trained, path)!r}")
