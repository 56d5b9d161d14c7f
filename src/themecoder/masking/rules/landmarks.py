"""Spots by which a place is known: a junction, a station, a quarter, a camp site and its name."""

from __future__ import annotations

from collections.abc import Iterator

from themecoder.masking.lexicon import NameLexicon
from themecoder.masking.model import Mask
from themecoder.masking.tokens import View, words

_SPOTS = words(
    "knooppunt station metrostation treinstation busstation halte bushalte afslag afrit wijk "
    "woonwijk volkswijk stadswijk buurtschap gehucht dorp polder recreatiepark vakantiepark "
    "bungalowpark asielzoekerscentrum azc kazerne gevangenis pi eiland strand villapark flat"
)
_LINKS = words("de het 't den der van")


def find(view: View, lexicon: NameLexicon) -> Iterator[Mask]:
    """ "Knooppunt Ewijk", "de wijk Ondiep", "azc Budel"."""
    for i, head in enumerate(view.words):
        if head.low not in _SPOTS or not view.near(i):
            continue
        j = i + 1
        while j < len(view.words) - 1 and view.at(j) in _LINKS and view.words[j].title:
            j += 1
        low = view.at(j)
        if not view.capital(j) or low in lexicon.not_names or low in lexicon.public:
            continue
        if low in lexicon.certain_names or len(low) < 3:
            continue
        end = j + 1
        while (
            end < len(view.words)
            and view.near(end - 1)
            and view.capital(end)
            and view.at(end) not in lexicon.not_names
        ):
            end += 1
        start, stop = head.start, view.words[end - 1].end
        yield Mask(start, stop, "place", view.text[start:stop], "landmarks.named")
