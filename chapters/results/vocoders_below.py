"""How surely the stored vocoders are told from recordings by what lies below 2 kHz alone, to vocoders_below.json.

Run as `OMP_NUM_THREADS=1 python chapters/results/vocoders_below.py`; it takes two minutes. The networks, the clips and
the test are those of vocoders.json; only the frequencies above 2 kHz are taken out of both sides first.
"""

from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from chapters.results._records import of_plans, write
from chapters.results.vocoders import PLANS, STORED, corrected, told
from gan_lessons.results import restored
from gan_lessons.spectrograms import RATE, log_mel

RECORD = Path(__file__).with_suffix(".json")
HERTZ = 2000


def below(waveforms: Tensor, hertz: float = HERTZ) -> Tensor:
    """Waveforms [count, samples] without their frequencies above `hertz`."""
    spectrum, frequencies = torch.fft.rfft(waveforms), torch.fft.rfftfreq(waveforms.shape[1], 1 / RATE)
    return torch.fft.irfft(spectrum * (frequencies <= hertz))


def traced() -> dict[str, Any]:
    """How the training of each stored vocoder begins."""
    return of_plans({name: PLANS[name] for name in STORED})


def main() -> None:
    torch.set_num_threads(1)
    figures = {}
    for place, name in enumerate(STORED):
        plan = PLANS[name]
        test = plan.clips()[1].waveforms
        network = restored(plan.build().average, f"vocoders_{place}")
        made = corrected(network, plan.corrections)(log_mel(test))
        figures[name] = told(below(test), below(made))
        print(name, figures[name], flush=True)
    command = "python chapters/results/vocoders_below.py"
    write(RECORD, {"command": command, "hertz": HERTZ, "figures": figures})


if __name__ == "__main__":
    main()
