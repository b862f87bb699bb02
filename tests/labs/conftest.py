"""What the labs' tests get."""

import pytest

from gan_lessons.labs.latents import Timeline
from tests.labs import small


@pytest.fixture
def watched() -> Timeline:
    """The timeline of thirty steps; nobody may change it."""
    return small.watched()
