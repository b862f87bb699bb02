"""The hints of those assignments whose mistakes fill a module of their own."""

from gan_lessons.checks.hints_game import GAME
from gan_lessons.checks.hints_generator import GENERATOR
from gan_lessons.checks.hints_measuring import MEASURING
from gan_lessons.checks.hints_scaling import SCALING

CHAPTERS = GAME | GENERATOR | MEASURING | SCALING
