"""The hub: a set is downloaded once, checked, and kept. A server on this machine stands for the real ones."""

import gzip
import hashlib
import io
import json
import re
import subprocess
import sys
import tarfile
import threading
import zipfile
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import product

import numpy as np
import pytest
import soundfile
from PIL import Image

from gan_lessons import recipes
from gan_lessons.__main__ import main
from gan_lessons.data import hub, hub_pictures, hub_sets, images, sound, text
from gan_lessons.data.hub import HubError, Source

LINES = ["".join(letters) for letters in product("abcdefghijkl", repeat=2)]


class Server(ThreadingHTTPServer):
    """Gives out the files of a folder, and counts how often it was asked."""

    def __init__(self, root):
        self.asked, self.root = 0, root

        class Handler(SimpleHTTPRequestHandler):
            def do_GET(handler):  # noqa: N805
                self.asked += 1
                super().do_GET()

            def log_message(handler, *_):  # noqa: N805
                pass

        super().__init__(("127.0.0.1", 0), partial(Handler, directory=str(root)))

    def offer(self, name, content, right=True):
        """A source for a new file, with its hash or with another."""
        (self.root / name).write_bytes(content)
        digest = hashlib.sha256(content if right else b"other").hexdigest()
        return Source("a small set", "none", f"http://127.0.0.1:{self.server_port}/{name}", f"sha256:{digest}")


@pytest.fixture
def server(tmp_path, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("GAN_LESSONS_DATA", str(tmp_path / "cache"))
    (tmp_path / "served").mkdir()
    with Server(tmp_path / "served") as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running
        running.shutdown()


def replaced(source, **changes):
    return Source(**{**vars(source), **changes})


# Downloading


def test_the_second_call_needs_no_network(server):
    source = server.offer("lines.txt", b"one\ntwo\n")
    path = hub.fetch("small", source)
    assert path.read_bytes() == b"one\ntwo\n" and path.parent == hub.folder()
    server.shutdown()
    assert hub.fetch("small", source) == path and server.asked == 1
    assert {file.name for file in hub.folder().iterdir()} == {"small-lines.txt"}


def test_another_hash_is_refused_and_nothing_kept(server):
    with pytest.raises(
        HubError, match=r"small was refused: what http://127\S*/lines.txt sends has not the hash sha256:"
    ):
        hub.fetch("small", server.offer("lines.txt", b"one\n", right=False))
    assert not list(hub.folder().iterdir())


def test_a_damaged_file_in_the_cache_is_replaced(server):
    source = server.offer("lines.txt", b"one\ntwo\n")
    hub.fetch("small", source).write_bytes(b"on")
    assert hub.fetch("small", source).read_bytes() == b"one\ntwo\n" and server.asked == 2


def test_without_a_network_it_says_where_the_file_may_be_put(server):
    source = server.offer("lines.txt", b"one\n")
    nowhere = replaced(source, address="http://127.0.0.1:9/lines.txt")
    with pytest.raises(HubError, match=r"could not be downloaded \(ConnectionError\): check the connection") as failure:
        hub.fetch("small", nowhere)
    place = re.search(r"save it as (\S+)\.$", str(failure.value))[1]
    hub.folder().mkdir(exist_ok=True)
    (hub.folder() / place.rsplit("/", 1)[1]).write_bytes(b"one\n")
    assert hub.fetch("small", nowhere).read_bytes() == b"one\n"


def test_a_missing_file_is_no_file(server):
    missing = replaced(server.offer("lines.txt", b"one\n"), address=f"http://127.0.0.1:{server.server_port}/gone.txt")
    with pytest.raises(HubError, match=r"could not be downloaded \(HTTPError\)"):
        hub.fetch("small", missing)


def test_a_hash_that_nobody_gives_is_noted_at_first_and_holds_afterwards(server, capsys):
    source = replaced(server.offer("lines.txt", b"one\n"), hash=None)
    path = hub.fetch("small", source)
    assert "Nobody has published a hash of small" in capsys.readouterr().out
    assert hub.fetch("small", source) == path and server.asked == 1 and not capsys.readouterr().out
    path.unlink()
    (server.root / "lines.txt").write_bytes(b"two\n")
    with pytest.raises(HubError, match="was refused"):
        hub.fetch("small", source)
    assert not path.exists()


def test_a_file_that_was_there_is_not_called_downloaded(server, capsys):
    source = replaced(server.offer("lines.txt", b"one\n"), hash=None)
    hub.folder().mkdir()
    (hub.folder() / "small-lines.txt").write_bytes(b"poison\n")
    path = hub.fetch("small", source)
    told = capsys.readouterr().out
    assert "small-lines.txt was there already and is taken as it is: nobody has published a hash" in told
    assert "ownload" not in told and server.asked == 0
    assert hub.fetch("small", source) == path and not capsys.readouterr().out
    path.write_bytes(b"another\n")
    nowhere = replaced(source, address="http://127.0.0.1:9/lines.txt")
    with pytest.raises(HubError, match=r"small-lines\.txt does not have the hash noted in \S+\.sha256, sha256:"):
        hub.fetch("small", nowhere)


def test_a_bad_file_in_the_cache_is_to_be_removed_and_not_to_be_saved_again(server):
    source = server.offer("lines.txt", b"one\n")
    hub.fetch("small", source).write_bytes(b"poison\n")
    nowhere = replaced(source, address="http://127.0.0.1:9/lines.txt")
    with pytest.raises(HubError) as failure:
        hub.fetch("small", nowhere)
    assert re.search(
        r"The file \S+small-lines\.txt does not have the known hash, sha256:\w+; remove it to download",
        str(failure.value),
    )
    assert "save it as" not in str(failure.value)
    (server.root / "lines.txt").write_bytes(b"other\n")
    with pytest.raises(HubError, match=r"does not have the known hash.*remove it.*was refused"):
        hub.fetch("small", source)


def test_what_is_no_file_in_the_cache_and_a_damaged_note(server):
    source = replaced(server.offer("lines.txt", b"one\n"), hash=None)
    path = hub.fetch("small", source)
    path.with_name(f"{path.name}.sha256").write_text("sha256:", encoding="utf-8")
    with pytest.raises(HubError, match=r"\.sha256 holds no hash; remove it"):
        hub.fetch("small", source)
    path.with_name(f"{path.name}.sha256").unlink()
    path.unlink()
    path.mkdir()
    with pytest.raises(HubError, match=r"small-lines\.txt is no file; remove it"):
        hub.fetch("small", source)


def test_a_file_that_does_not_hold_the_texts_is_named(server, monkeypatch):
    for content, read in ((b"\xff\xfe\xfd", hub_sets.lines), (b"[]{", hub_sets.fives), (b"one\n", hub_sets.headlines)):
        (hub.folder() / "small-lines.txt").unlink(missing_ok=True)
        monkeypatch.setitem(hub.TEXTS, "small", replaced(server.offer("lines.txt", content), read=read))
        with pytest.raises(HubError, match=r"small-lines\.txt does not hold the texts of small; remove it"):
            hub.texts("small")


def test_without_the_extra_it_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "pooch", None)
    with pytest.raises(HubError, match=r'needs pooch: python -m pip install -c constraints.txt -e "\.\[hub\]"'):
        hub.texts("tiny_shakespeare")


def test_the_library_is_imported_without_the_extra():
    code = "import sys; sys.modules['pooch'] = None; import gan_lessons.__main__, gan_lessons.data.sound"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_every_address_stays_what_it_is():
    """A hash, or a commit in the address; and never a branch, which moves."""
    parts = {f"{name}: {role}": one.source(role) for name, one in hub_pictures.PICTURES.items() for role in one.files}
    for name, source in (hub_sets.SOUNDS | hub_sets.TEXTS | parts).items():
        assert source.address.startswith("https://") and not re.search(r"/(master|main|HEAD)/", source.address), name
        assert source.hash or re.search(r"/[0-9a-f]{40}/", source.address), name
        assert source.hash is None or re.fullmatch(r"sha256:[0-9a-f]{64}|md5:[0-9a-f]{32}", source.hash), name


def test_what_is_to_be_sent_is_told_before(server, capsys):
    hub.fetch("large", server.offer("large.txt", bytes(200_000)))
    assert "Downloading large: a small set; 0.2 MB to download. Licence: none." in capsys.readouterr().out


# Sound


def wav(seed):
    times = np.arange(8000) / 16_000
    file = io.BytesIO()
    soundfile.write(
        file, (0.5 * np.sin(2 * np.pi * (300 + 10 * seed) * times)).astype(np.float32), 16_000, format="WAV"
    )
    return file.getvalue()


@pytest.fixture
def commands(server, monkeypatch):
    """Three words of twelve takes by six voices, laid out as Speech Commands are."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        names = [f"./{word}/{voice}a0_nohash_{take}.wav" for word in ("no", "one", "yes") for take, voice in TAKES]
        for number, name in enumerate([*names, "./_background_noise_/tap.wav", "./testing_list.txt"]):
            member = tarfile.TarInfo(name)
            content = wav(number)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    source = server.offer("commands.tar.gz", packed.getvalue())
    monkeypatch.setitem(hub.SOUNDS, "commands", source)
    return server


TAKES = [(take, voice) for take in range(2) for voice in "abcdef"]


def test_the_words_asked_for_are_read(commands):
    train, test = sound.own("hub:commands:yes,no")
    assert train.classes == ("no", "yes") and train.voice_names == tuple(f"{voice}a0" for voice in "abcdef")
    assert len(train) == 22 and len(test) == 2 and test.takes.tolist() == [0, 0]
    sound.own.cache_clear()
    for file in hub.folder().glob("*.tar.gz"):
        file.unlink()
    commands.shutdown()
    assert len(sound.own("hub:commands:yes,no")[0]) == 22, "what was packed once needs no archive"
    sound.own.cache_clear()
    hub.recordings("commands:yes,no").write_bytes(b"poison")
    with pytest.raises(HubError, match=r"commands-yes-no-1000\.zip is not as it was packed; remove it"):
        hub.recordings("commands:yes,no")


def test_an_unknown_word_lists_the_known_and_leaves_nothing(commands):
    with pytest.raises(HubError, match="no word 'maybe'; it has no, one, yes"):
        hub.recordings("commands:yes,maybe")
    assert [file.name for file in hub.folder().iterdir()] == ["commands-commands.tar.gz"]
    with pytest.raises(HubError, match="no word 'zero'"):
        hub.recordings("commands")


def test_of_many_recordings_some_are_taken_evenly(commands, tmp_path):
    hub.pack(hub.fetch("commands", hub.SOUNDS["commands"]), tmp_path / "few.zip", ("one", "no"), each=4)
    with zipfile.ZipFile(tmp_path / "few.zip") as archive:
        names = archive.namelist()
        assert archive.read("one/aa0_nohash_0.wav") == wav(12)
    assert sorted(names) == [f"{word}/{name}" for word in ("no", "one") for name in FOUR]


FOUR = ["aa0_nohash_0.wav", "ba0_nohash_1.wav", "da0_nohash_0.wav", "ea0_nohash_1.wav"]


def test_a_zip_is_taken_as_a_whole_and_a_recipe_finds_it(server, monkeypatch):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for digit, voice, take in product("01", ("ann", "bob"), range(3)):
            archive.writestr(f"digits-1.0/recordings/{digit}_{voice}_{take}.wav", wav(take))
    monkeypatch.setitem(hub.SOUNDS, "digits", server.offer("digits.zip", packed.getvalue()))
    with pytest.raises(HubError, match="digits is taken as a whole: leave out ':one'"):
        hub.recordings("digits:one")
    train, test = recipes.find("spoken_digits", "cpu", "hub:digits").clips()
    sound.own.cache_clear()
    assert train.classes == ("0", "1") and train.voice_names == ("ann", "bob")
    assert len(train) == 10 and test.takes.tolist() == [0, 0]


def test_a_corpus_of_readers_is_packed_by_reader(server, monkeypatch):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for reader, chapter, number in product(("84", "174"), ("11", "12"), range(2)):
            place = f"LibriTTS_R/dev-clean/{reader}/{chapter}/{reader}_{chapter}_{number:06}_000000"
            for name, content in ((f"{place}.wav", wav(number)), (f"{place}.normalized.txt", b"words")):
                member = tarfile.TarInfo(name)
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
    readers = replaced(server.offer("dev_clean.tar.gz", packed.getvalue()), above=2, words=())
    monkeypatch.setitem(hub.SOUNDS, "readers", readers)
    train, test = sound.own("hub:readers")
    sound.own.cache_clear()
    assert train.classes == ("174", "84") and len(train) + len(test) == 8
    assert hub.recordings("readers:84").name == "readers-84-1000.zip"
    with pytest.raises(HubError, match="no word 'yes'; it has 174, 84"):
        hub.recordings("readers:yes")


# Pictures


def png(shade, size=20):
    file = io.BytesIO()
    Image.new("RGB", (size, size + 4), (shade, 10, 200)).save(file, "PNG")
    return file.getvalue()


def idx(array):
    return gzip.compress(bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">i4").tobytes() + array.tobytes())


def offer_pictures(server, monkeypatch, name, files):
    """Make a known set come from the server, with these files by role."""
    offered = {role: server.offer(f"{name}-{role}.bin".replace(" ", "_"), content) for role, content in files.items()}
    known = replace(hub_pictures.PICTURES[name], files={role: (one.address, one.hash) for role, one in offered.items()})
    monkeypatch.setitem(hub_pictures.PICTURES, name, known)
    hub_pictures.load.cache_clear()


def archive_of(files):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def test_idx_files_are_read(server, monkeypatch):
    pixels = np.arange(5 * 4 * 4, dtype=np.uint8).reshape(5, 4, 4) * 3
    labels = np.array([3, 1, 4, 1, 5], np.uint8)
    files = {"pictures": idx(pixels), "labels": idx(labels)}
    files |= {"held-out pictures": idx(pixels[:2]), "held-out labels": idx(labels[:2])}
    offer_pictures(server, monkeypatch, "mnist", files)
    found, held_out = images.load("hub:mnist", 32), images.load("hub:mnist", 32, held_out=True)
    assert found.pixels.shape == (5, 1, 4, 4) and found.labels.tolist() == [3, 1, 4, 1, 5] and found.names[3] == "3"
    assert float(found.pixels[4, 0, 3, 3]) == pytest.approx(79 * 3 / 127.5 - 1) and len(held_out) == 2


def test_binary_records_are_read(server, monkeypatch):
    rows = np.random.default_rng(0).integers(0, 256, (12, 1 + 3 * 32 * 32)).astype(np.uint8)
    rows[:, 0] = np.arange(12) % 10
    batches = {f"cifar-10-batches-bin/data_batch_{k + 1}.bin": rows[2 * k : 2 * k + 2].tobytes() for k in range(5)}
    batches["cifar-10-batches-bin/test_batch.bin"] = rows[10:].tobytes()
    offer_pictures(server, monkeypatch, "cifar10", {"archive": archive_of(batches)})
    found, held_out = images.load("hub:cifar10", 32), images.load("hub:cifar10", 32, held_out=True)
    assert found.labels.tolist() == list(range(10)) and held_out.labels.tolist() == [0, 1]
    assert found.name(3) == "cat" and float(found.pixels[7, 2, 0, 1]) == pytest.approx(
        rows[7, 1 + 2 * 1024 + 1] / 127.5 - 1
    )


def test_pictures_in_a_tar_are_scaled_once(server, monkeypatch):
    from scipy.io import savemat

    kinds = io.BytesIO()
    savemat(kinds, {"labels": np.arange(20)[None] % 3 + 1})
    pictures = {f"jpg/image_{number + 1:05}.jpg": png(10 * number) for number in range(20)}
    offer_pictures(server, monkeypatch, "flowers", {"archive": archive_of(pictures), "labels": kinds.getvalue()})
    found, held_out = images.load("hub:flowers", 8), images.load("hub:flowers", 8, held_out=True)
    assert found.pixels.shape == (18, 3, 8, 8) and held_out.labels.tolist() == [0, 10 % 3]
    assert float(found.pixels[0, 0, 0, 0]) == pytest.approx(10 / 127.5 - 1)
    hub_pictures.load.cache_clear()
    server.shutdown()
    for archive in hub.folder().glob("*.bin"):
        archive.unlink()
    assert len(images.load("hub:flowers", 8)) == 18, "what was scaled once needs no archive"
    hub_pictures.load.cache_clear()
    (hub.folder() / "flowers-8.npz").write_bytes(b"poison")
    with pytest.raises(HubError, match=r"flowers-8\.npz is damaged; remove it"):
        images.load("hub:flowers", 8)


def test_folders_in_a_zip_are_the_classes(server, monkeypatch):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for part, kind, number in product(("train", "val"), ("dog", "cat"), range(3)):
            archive.writestr(f"afhq/{part}/{kind}/{number}.png", png(number))
    offer_pictures(server, monkeypatch, "afhq", {"archive": packed.getvalue()})
    found = recipes.find("conditional", "cpu", "hub:afhq").images()
    assert found.names == ("cat", "dog") and found.labels.tolist() == [0, 0, 0, 1, 1, 1]
    assert found.pixels.shape == (6, 3, 32, 32) and len(images.load("hub:afhq", 32, held_out=True)) == 6


def test_a_file_without_the_pictures_is_named(server, monkeypatch):
    offer_pictures(server, monkeypatch, "celeba_hq", {"archive": b"no zip"})
    with pytest.raises(HubError, match=r"celeba_hq\S+ does not hold the pictures of celeba_hq; remove it"):
        images.load("hub:celeba_hq", 32)
    with pytest.raises(HubError, match="no pictures named 'ag_news'; the known ones are mnist, fashion_mnist"):
        images.load("hub:ag_news", 32)


# Text


def test_texts_become_splits(server, monkeypatch):
    content = "\n".join([*LINES, "", " ab ", "x" * 41]).encode()
    monkeypatch.setitem(hub.TEXTS, "small", server.offer("lines.txt", content))
    splits = text.own("hub:small")
    text.own.cache_clear()
    assert sorted(splits.train.read() + splits.judge.read() + splits.test.read()) == LINES
    assert splits.train.length == 4 and splits.train.alphabet == "abcdefghijkl"


def test_a_play_a_table_and_poems_are_read(tmp_path):
    path = tmp_path / "file"
    path.write_text("First Citizen:\nSpeak, speak.\n\nAll:\nNo: away!\n", "utf-8")
    assert list(hub_sets.verses(path)) == ["Speak, speak.", "", "No: away!"]
    path.write_text('"3","Oil, up 5% (AP)","Long ""text"""\n"4","Oil Up (AP)","x\ny"\n"1","Q #39;n A","z"\n', "utf-8")
    assert list(hub_sets.headlines(path)) == ["oil up"]
    poems = [{"paragraphs": ["秦川雄帝宅，函谷壯皇居。", "君不見，[玄]宗回馬。"], "title": "x"}]
    path.write_text(json.dumps(poems), "utf-8")
    assert list(hub_sets.fives(path)) == ["秦川雄帝宅", "函谷壯皇居"]


@pytest.mark.parametrize("recipe", ["words", "idioms"])
def test_the_command_line_trains_on_the_hub_and_on_a_file(recipe, server, monkeypatch, tmp_path):
    content = "\n".join(first + second for first, second in product(LINES, ["", "on", "ville"])).encode()
    monkeypatch.setitem(hub.TEXTS, "small", server.offer("lines.txt", content))
    command = ["train", recipe, "--size", "cpu", "--steps", "2", "--every", "2", "--device", "cpu", "--data"]
    assert main([*command, "hub:small", "--out", str(tmp_path / "hub")]) == 0
    assert main([*command, str(server.root / "lines.txt"), "--out", str(tmp_path / "file")]) == 0
    text.own.cache_clear()
    records = [json.loads((tmp_path / name / "record.json").read_text()) for name in ("hub", "file")]
    figures = [{name: value for name, value in one["figures"].items() if name != "seconds"} for one in records]
    assert figures[0] == figures[1] and records[0]["settings"]["source"] != records[1]["settings"]["source"]


def test_the_word_gan_sends_texts_of_many_symbols_to_the_other(tmp_path):
    path = tmp_path / "many.txt"
    path.write_text("\n".join(chr(0x4E00 + k) for k in range(200)), "utf-8")
    with pytest.raises(ValueError, match="has 200 different symbols, and `words` takes 99: use `idioms`"):
        recipes.find("words", "cpu", str(path)).data()
    known = recipes.find("idioms", "cpu", str(path))
    assert known.splits().train.kinds <= 200
