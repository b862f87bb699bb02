"""The hub's sets of pictures: where each lies, what its files must hash to, and what reads them.

A set is one or a few files. The pictures of an archive are scaled once and kept in the cache as bytes, so that a second
run begins at once. The hashes are those that other projects use, named at each set; no download could be tried.
"""

import os
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import torch

from gan_lessons.data import hub, hugging_face
from gan_lessons.data.hub_sets import RAW, Source
from gan_lessons.data.images import TEN, Images
from gan_lessons.data.picture_files import Part, Reader, by_folder, cifar, flowers, idx_pairs

DROPBOX = "https://www.dropbox.com/s"
FLOWERS = "https://www.robots.ox.ac.uk/~vgg/data/flowers/102"
FASHION = f"{RAW}/zalandoresearch/fashion-mnist/b2617bb6d3ffa2e429640350f613e3291e10b141/data/fashion"
MNIST = "https://ossci-datasets.s3.amazonaws.com/mnist"
CLOTHES = ("T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot")


@dataclass(frozen=True)
class Pictures:
    """A set: what it holds, its licence, its files by role, each with its hash, and what reads them.

    `read` takes the files, the side of the pictures, and whether those held out are wanted.
    """

    holds: str
    licence: str
    files: Mapping[str, tuple[str, str | None]]
    read: Reader
    own_size: bool = False  # pictures that keep their size, and are quickly read

    def source(self, role: str) -> Source:
        """One of its files."""
        address, digest = self.files[role]
        return Source(self.holds if role == next(iter(self.files)) else role, self.licence, address, digest)


def files_of_mnist(place: str, hashes: tuple[str, str, str, str]) -> dict[str, tuple[str, str | None]]:
    """The four files of MNIST and what has its form, with their MD5."""
    names = {"pictures": "train-images-idx3", "labels": "train-labels-idx1"}
    names |= {"held-out pictures": "t10k-images-idx3", "held-out labels": "t10k-labels-idx1"}
    return {
        role: (f"{place}/{name}-ubyte.gz", f"md5:{digest}")
        for (role, name), digest in zip(names.items(), hashes, strict=True)
    }


PICTURES = {
    # the hashes of both are those of torchvision.datasets.MNIST and FashionMNIST, which have no other than MD5.
    # LeCun et al. 1998; Xiao et al. 2017, arXiv:1708.07747
    "mnist": Pictures(
        "60,000 handwritten digits of 28 × 28 pixels and 10,000 held out (12 MB)",
        "not stated with these files; mostly given as CC BY-SA 3.0",
        files_of_mnist(
            MNIST,
            (
                "f68b3c2dcbeaaa9fbdd348bbdeb94873",
                "d53e105ee54ea40749a09fcbcd1e9432",
                "9fb629c4189551a2d022fa330f9573f3",
                "ec29112dd5afa0611ce80d1b7f02629c",
            ),
        ),
        idx_pairs(TEN),
        own_size=True,
    ),
    "fashion_mnist": Pictures(
        "60,000 pieces of clothing of 28 × 28 pixels and 10,000 held out (31 MB)",
        "MIT",
        files_of_mnist(
            FASHION,
            (
                "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
                "25c81989df183df01b3e8a0aad5dffbe",
                "bef4ecab320f06d8554ea6380940ec79",
                "bb300cfdad3c16e7a12a480ee83cd310",
            ),
        ),
        idx_pairs(CLOTHES),
        own_size=True,
    ),
    # the hash is that of TensorFlow Datasets, cifar10. Krizhevsky 2009
    "cifar10": Pictures(
        "50,000 photographs of ten kinds of things, 32 × 32 pixels, and 10,000 held out (170 MB)",
        "none stated: for research",
        {
            "archive": (
                "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
                "sha256:c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
            )
        },
        cifar,
        own_size=True,
    ),
    # the hashes are those of TensorFlow Datasets, oxford_flowers102. Nilsback & Zisserman 2008
    "flowers": Pictures(
        "8,189 photographs of 102 kinds of flowers (345 MB), of which every tenth is held out",
        "none stated: for research",
        {
            "archive": (
                f"{FLOWERS}/102flowers.tgz",
                "sha256:2d01ecc807db462958cfe3d92f57a8c252b4abd240eb955770201e45f783b246",
            ),
            "labels": (
                f"{FLOWERS}/imagelabels.mat",
                "sha256:4903e94206bac23bf772aadf06451916df56b58fc483a62db32a97b82656651d",
            ),
        },
        flowers,
    ),
    # both as StarGAN v2 offers them (Choi et al. 2020, arXiv:1912.01865); the hashes are those of the download script
    # of UVCGAN v2 (github.com/LS4GAN/uvcgan2)
    "afhq": Pictures(
        "faces of animals, about 15,000 of cats, dogs and wild ones, of which 1,500 are held out",
        "CC BY-NC 4.0: no commercial use",
        {
            "archive": (
                f"{DROPBOX}/t9l9o3vsx2jai3z/afhq.zip?dl=1",
                "sha256:7f63dcc14ef58c0e849b59091287e1844da97016073aac20403ae6c6132b950f",
            )
        },
        by_folder,
    ),
    "celeba_hq": Pictures(
        "30,000 photographs of well-known people's faces, of which 2,000 are held out (Karras et al. 2018)",
        "for non-commercial research only, as CelebA; the people were not asked",
        {
            "archive": (
                f"{DROPBOX}/f7pvjij2xlpff59/celeba_hq.zip?dl=1",
                "sha256:f56b0d8c505aa01ec4792f8ee2fc2ca128e2cc669277438c0b27d5d69b7e4514",
            )
        },
        by_folder,
    ),
}


def listed() -> list[str]:
    """A line for each set."""
    return [f"{hub.PREFIX}{name:<20}{one.holds}; {one.licence}" for name, one in PICTURES.items()]


@cache
def load(name: str, size: int, held_out: bool = False) -> Images:
    """A set by its name, [count, channels, size, size] in [-1, 1] with labels; MNIST's kind and CIFAR keep their size.

    A name with a slash, OWNER/NAME, is one of Hugging Face. A HubError says what is not known, or cannot be downloaded,
    or is not what it should be.
    """
    if "/" in name:
        kept = f"{name.replace('/', '--')}-{size}"
        part = once(kept, held_out, lambda: hugging_face.stream(name, size, held_out))
    elif name in PICTURES:
        part = read(name, size, held_out)
    else:
        known = f"the known ones are {', '.join(PICTURES)}, and OWNER/NAME for any of Hugging Face"
        raise hub.HubError(f"The hub has no pictures named {name!r}; {known}.")
    pixels = torch.tensor(part.pixels).float().div_(127.5).sub_(1)
    return Images(pixels, torch.tensor(part.labels).long(), part.names)


def once(name: str, held_out: bool, make: Callable[[], Part]) -> Part:
    """The bytes of a set, out of the cache if they have been scaled to this size before."""
    kept = hub.folder() / f"{name}{'-held-out' if held_out else ''}.npz"
    if hub.present(kept):
        try:
            with np.load(kept) as stored:
                return Part(stored["pixels"], stored["labels"], tuple(stored["names"].tolist()))
        except Exception as error:  # numpy and zipfile raise many kinds
            raise hub.HubError(f"{kept} is damaged; remove it to scale the pictures again.") from error
    part = make()
    kept.parent.mkdir(parents=True, exist_ok=True)
    unfinished = kept.with_name(f"{kept.stem}.{os.getpid()}.npz")
    np.savez(unfinished, pixels=part.pixels, labels=part.labels, names=np.array(part.names))
    unfinished.replace(kept)
    return part


def read(name: str, size: int, held_out: bool) -> Part:
    """The bytes of a set that the book knows."""
    known = PICTURES[name]

    def make() -> Part:
        files = {role: hub.fetch(name, known.source(role)) for role in known.files}
        if not known.own_size:
            print(f"Scaling the pictures of {name} to {size} × {size}; this takes a few minutes, once …")
        try:
            return known.read(files, size, held_out)
        except (ValueError, LookupError, EOFError, OSError, tarfile.TarError, zipfile.BadZipFile) as error:
            places = " and ".join(map(str, files.values()))
            text = f"{places} does not hold the pictures of {name}; remove it to download it again."
            raise hub.HubError(text) from error

    return make() if known.own_size else once(f"{name}-{size}", held_out, make)
