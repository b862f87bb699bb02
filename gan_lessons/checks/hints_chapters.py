"""The hints of those assignments whose mistakes fill a module of their own."""

from gan_lessons.checks.hints_architectures import ARCHITECTURES
from gan_lessons.checks.hints_few import FEW
from gan_lessons.checks.hints_game import GAME
from gan_lessons.checks.hints_generator import GENERATOR
from gan_lessons.checks.hints_images import IMAGES
from gan_lessons.checks.hints_labels import LABELS
from gan_lessons.checks.hints_measuring import MEASURING
from gan_lessons.checks.hints_scaling import SCALING
from gan_lessons.checks.hints_shapes import SHAPES
from gan_lessons.checks.hints_sound import SOUND
from gan_lessons.checks.hints_speech import SPEECH
from gan_lessons.checks.hints_super import SUPER
from gan_lessons.checks.hints_text import TEXT
from gan_lessons.checks.hints_translation import TRANSLATION
from gan_lessons.checks.hints_verse import VERSE
from gan_lessons.checks.hints_video import VIDEO

CHAPTERS = (
    GAME
    | GENERATOR
    | MEASURING
    | IMAGES
    | LABELS
    | ARCHITECTURES
    | FEW
    | TRANSLATION
    | SUPER
    | TEXT
    | VERSE
    | SOUND
    | SPEECH
    | VIDEO
    | SHAPES
    | SCALING
)
