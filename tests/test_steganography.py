"""What a cycle hides, on ways whose message is known."""

import torch
from torch import Tensor

from gan_lessons.metrics.steganography import carried, disturbed, in_eight_bits, rounded

PICTURES = torch.rand(8, 1, 16, 16, generator=torch.Generator().manual_seed(0)) * 2 - 1
BLANK = torch.zeros_like(PICTURES)
FINE = 1e-3


def hiding(pictures: Tensor) -> Tensor:
    """A blank page, with the picture in a thousandth of the range."""
    return FINE * pictures


def reading(pages: Tensor) -> Tensor:
    return pages / FINE


def negative(pictures: Tensor) -> Tensor:
    return -pictures


def test_a_hidden_message_is_lost_to_noise_and_to_rounding() -> None:
    still, noisy = disturbed(hiding, reading, PICTURES, BLANK, (0.0, 0.01))
    assert still.round_trip < 1e-5 and still.made == still.real == 0
    assert noisy.round_trip > 5 and rounded(hiding, reading, PICTURES) > 0.4
    assert abs(noisy.made / (0.01 / FINE * (2 / torch.pi) ** 0.5) - 1) < 0.1  # the mean of |noise|, enlarged


def test_an_open_one_is_not() -> None:
    still, noisy = disturbed(negative, negative, PICTURES, BLANK, (0.0, 0.01))
    assert still.round_trip == 0 and noisy.round_trip < 0.01 and abs(noisy.made - noisy.real) < 1e-6
    assert rounded(negative, negative, PICTURES) <= 0.5 / 127.5 + 1e-6


def test_what_is_carried_is_what_the_truth_does_not_give() -> None:
    assert carried(hiding, reading, PICTURES, BLANK)[0] < 1e-5 < 0.4 < carried(hiding, reading, PICTURES, BLANK)[1]
    assert carried(negative, negative, PICTURES, -PICTURES) == (0, 0)


def test_eight_bits_keep_what_a_file_can() -> None:
    levels = torch.arange(256) / 127.5 - 1
    torch.testing.assert_close(in_eight_bits(levels), levels)
    assert in_eight_bits(torch.tensor([3.0, -3.0])).tolist() == [1, -1]
