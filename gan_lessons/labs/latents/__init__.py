"""Labs that look into a generator, or back at its training: `from gan_lessons.labs.latents import LatentLab`."""

from gan_lessons.labs.latents.edit import EditLab
from gan_lessons.labs.latents.latent import LatentLab
from gan_lessons.labs.latents.mixing import MixingLab
from gan_lessons.labs.latents.timeline import TimelineLab
from gan_lessons.labs.latents.timeline_simulation import Timeline
from gan_lessons.labs.latents.truncation import PSIS
from gan_lessons.labs.latents.voice import VoiceLab

__all__ = ["PSIS", "EditLab", "LatentLab", "MixingLab", "Timeline", "TimelineLab", "VoiceLab"]
