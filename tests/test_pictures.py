"""One picture: turned upright, on white, in 8 bits whatever it has, and refused where it is too large or broken."""

import io
import struct
import tracemalloc
import zlib

import numpy as np
import pytest
from PIL import Image

from gan_lessons.data import pictures


def read(image, kind="PNG", size=None, channels=3, **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    file.seek(0)
    return pictures.read(file, size, channels)


def levels(array, kind="TIFF"):
    return read(Image.fromarray(np.array(array)), kind, channels=1)[:, :, 0].tolist()


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("size", [None, 4])
def test_pictures_stand_as_the_camera_was_held(orientation, size):
    upright = np.kron(np.arange(6, dtype=np.uint8).reshape(2, 3) * 50, np.ones((4, 4), np.uint8))
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # of Image.Transpose: what the camera did
    picture = Image.fromarray(upright)
    stored = picture if orientation == 1 else picture.transpose(Image.Transpose(undo[orientation]))
    tag = Image.Exif()
    tag[0x0112] = orientation
    np.testing.assert_array_equal(read(stored, exif=tag, size=size, channels=1), read(picture, size=size, channels=1))
    np.testing.assert_array_equal(read(stored, "TIFF", exif=tag, channels=1)[:, :, 0], upright)


def test_a_damaged_tag_does_not_lose_the_picture():
    assert read(Image.new("RGB", (4, 4), "red"), exif=b"Exif\0\0MM\0*\xff\xff\xff\xff")[0, 0].tolist() == [255, 0, 0]


def palette(transparency):
    image = Image.new("P", (2, 1))
    image.putpalette([255, 0, 0, 0, 0, 255])
    image.putpixel((1, 0), 1)
    return read(image, transparency=transparency)[0].tolist()


def test_white_shows_through_what_is_transparent():
    assert read(Image.new("RGBA", (1, 1), (255, 0, 0, 0)))[0, 0].tolist() == [255, 255, 255]
    assert read(Image.new("RGBA", (1, 1), (255, 0, 0, 51)))[0, 0].tolist() == [255, 204, 204]
    assert read(Image.new("LA", (1, 1), (0, 0)), channels=1).item() == 255
    assert read(Image.new("LA", (1, 1), (0, 255)), channels=1).item() == 0
    assert palette(0) == [[255, 255, 255], [0, 0, 255]]  # one colour
    assert palette(bytes([255, 51])) == [[255, 0, 0], [204, 204, 255]]  # an alpha for each
    assert read(Image.new("RGB", (1, 1), (9, 8, 7)), transparency=(9, 8, 7))[0, 0].tolist() == [255] * 3
    assert read(Image.new("L", (1, 1), 9), transparency=9)[0, 0].tolist() == [255] * 3
    deep = Image.fromarray(np.array([[9, 65535, 0]], np.uint16))
    assert read(deep, transparency=9, channels=1)[0, :, 0].tolist() == [255, 255, 0]


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bits_are_scaled_by_those_in_use(kind):
    assert levels(np.array([[0, 32768, 65535]], np.uint16), kind) == [[0, 128, 255]]
    assert levels(np.array([[0, 2048, 4095]], np.uint16), kind) == [[0, 128, 255]]
    assert levels(np.array([[0, 128, 255]], np.uint16), kind) == [[0, 128, 255]]


def test_deep_tiffs_are_scaled_by_their_range():
    assert levels(np.array([[0, 65535]], np.int32)) == [[0, 255]]
    assert levels(np.array([[-100, 0, 100]], np.int32)) == [[0, 128, 255]]
    assert levels(np.array([[0, 2**30]], np.int32)) == [[0, 255]]
    assert levels(np.array([[0.0, 0.2, 0.6]], np.float32)) == [[0, 51, 153]]  # in 0…1: as it is
    assert levels(np.array([[-1.0, 0.0, 1.0]], np.float32)) == [[0, 128, 255]]
    assert levels(np.array([[0.0, 2.5, 5.0]], np.float32)) == [[0, 128, 255]]
    assert levels(np.array([[7.0, 100.0]], np.float32)) == [[7, 100]]  # whole numbers of 8 bits
    assert levels(np.array([[7.5, 7.5]], np.float32)) == [[0, 0]]
    with pytest.raises(ValueError, match="no numbers"):
        levels(np.array([[0, np.nan]], np.float32))


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "CMYK", "YCbCr"])
def test_plain_pictures_stay_what_they_were(mode):
    image = Image.effect_mandelbrot((16, 12), (-2, -1, 1, 1), 20).convert(mode)
    kind = "TIFF" if mode in ("CMYK", "YCbCr") else "PNG"
    np.testing.assert_array_equal(read(image, kind), np.asarray(image.convert("RGB")))


def test_large_pictures_are_scaled_down_first():
    image = Image.linear_gradient("L").resize((5200, 5200))
    for kind in ("JPEG", "PNG"):
        np.testing.assert_allclose(
            read(image, kind, size=8, channels=1)[:, 0, 0], np.arange(8) * 32 + 15.5, atol=2, err_msg=kind
        )
    deep = Image.fromarray((np.asarray(image).astype(np.uint16)[:, :4000]) * 257)
    np.testing.assert_allclose(read(deep, size=4, channels=1).mean(), 127.5, atol=1)


def claiming(width, height):
    """The beginning of a PNG that says it is so large."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))
    return io.BytesIO(b"\x89PNG\r\n\x1a\n" + chunk + b"\0\0\0\x09IDAT" + bytes(13))


@pytest.mark.parametrize("side", [8001, 13_000, 30_000])  # 64, 169 and 900 megapixels
def test_what_does_not_fit_in_memory_is_refused_before_it_is_read(side):
    tracemalloc.start()
    with pytest.raises(ValueError, match="too large: more than 64 million pixels"):
        pictures.read(claiming(side, side), 32, 3)
    assert tracemalloc.get_traced_memory()[1] < 10e6
    tracemalloc.stop()


def test_a_jpeg_of_a_hundred_megapixels_is_decoded_at_an_eighth(monkeypatch):
    monkeypatch.setattr(pictures, "MANY", 1000)
    monkeypatch.setattr(pictures, "MOST", 10_000)
    image = Image.linear_gradient("L").resize((400, 400))
    assert np.abs(read(image, "JPEG", size=4, channels=1)[:, 0, 0] - [31.5, 95.5, 159.5, 223.5]).max() < 3
    for kind, options in (("PNG", {}), ("JPEG", {"progressive": True})):
        with pytest.raises(ValueError, match="too large"):
            read(image, kind, size=4, **options)


@pytest.mark.parametrize("content", [b"", b"not a picture", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"])
def test_what_is_no_picture_is_refused(content):
    with pytest.raises(ValueError, match="broken, or not a picture"):
        pictures.read(io.BytesIO(content), 32, 3)


def test_a_cut_picture_is_refused():
    file = io.BytesIO()
    Image.effect_noise((64, 64), 50).save(file, "PNG")
    for length in (30, 100, 1000):
        with pytest.raises(ValueError, match="broken, or not a picture"):
            pictures.read(io.BytesIO(file.getvalue()[:length]), 32, 3)
