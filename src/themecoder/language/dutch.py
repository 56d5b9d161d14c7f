"""Dutch lemmas without a tagger: word lists, and the words beside a word to tell verb from noun.

A lookup table alone knows only forms that can be read in one way: "praat", "vertrouw", "artsen" and
"kinderen" are not in it, for each has (or could have) two readings. The exception lists give the
readings; a pronoun before a word makes it a verb, an article or preposition a noun.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from themecoder.language.words import WordLists

_TAGS = {"adj": "ADJ", "noun": "NOUN", "verb": "VERB"}
_SHORTEST_PART = 4  # letters of the part of a compound whose plural is looked up


@dataclass(frozen=True, slots=True)
class Forms:
    """Tables as spacy-lookups-data has them, for one language.

    ``lookup``: form -> lemma where there is one reading. ``exceptions``: part of speech -> form ->
    lemmas. ``index``: part of speech -> lemmas.
    """

    lookup: Mapping[str, str]
    exceptions: Mapping[str, Mapping[str, Sequence[str]]]
    index: Mapping[str, Set[str]]

    def known(self, form: str) -> bool:
        """Whether the form stands in any of the tables."""
        return (
            form in self.lookup
            or any(form in forms for forms in self.exceptions.values())
            or any(form in lemmas for lemmas in self.index.values())
        )

    def _lemma(self, form: str, pos: str) -> str | None:
        lemmas = self.exceptions.get(pos, {}).get(form)
        if lemmas:
            return lemmas[0]
        return form if form in self.index.get(pos, ()) else None

    def _tag(self, form: str, lemma: str) -> str:
        """The part of speech of a form with one reading, by its lemma."""
        if form == lemma + "s":
            return "NOUN"
        order = ("noun", "verb", "adj") if form.endswith(("s", "en")) else ("verb", "adj", "noun")
        for pos in order:
            if lemma in self.index.get(pos, ()):
                return _TAGS[pos]
        return ""

    def analyse(self, form: str, before: str, after: str, words: WordLists) -> tuple[str, str]:
        """Lemma and coarse part of speech ("" where unknown) of ``form`` between two other words.

        All three in small letters; ``before`` and ``after`` are "" at the edge of a sentence.
        """
        if form in self.lookup:
            lemma = self.lookup[form]
            return lemma, self._tag(form, lemma)
        adjective, noun, verb = (self._lemma(form, pos) for pos in ("adj", "noun", "verb"))
        # "snel" is an adjective beside a pronoun too, "vertrouwde" is not
        declined = adjective == form or not verb or before not in words.subject
        if adjective and declined and not _is_other(form, adjective, noun, verb, before, words):
            return adjective, "ADJ"
        if verb and noun:
            return (verb, "VERB") if _is_verb(form, noun, before, after, words) else (noun, "NOUN")
        if noun or verb:
            return (noun, "NOUN") if noun else (verb or form, "VERB")
        return self._compound(form)

    def _compound(self, form: str) -> tuple[str, str]:
        """A word in no list: the longest known noun at its end says how its plural is formed."""
        for start in range(2, len(form) - _SHORTEST_PART + 1):
            tail = form[start:]
            lemma = self._lemma(tail, "noun")
            if lemma is None and tail in self.lookup:
                singular = self.lookup[tail]
                lemma = singular if singular in self.index.get("noun", ()) else None
            if lemma:
                return form[:start] + lemma, "NOUN"
        return form, ""


def _is_other(
    form: str, adjective: str, noun: str | None, verb: str | None, before: str, words: WordLists
) -> bool:
    """Whether a form that the lists also give as an adjective is a noun or a past tense here:
    "het licht", "tips", "werkte".
    """
    if adjective != form:
        return False
    if noun is not None:
        plural = noun != form and form.endswith(("s", "en"))
        return plural or (before in words.determiner and before not in words.subject)
    return verb is not None and form.endswith(("te", "de"))


def _is_verb(form: str, noun: str, before: str, after: str, words: WordLists) -> bool:
    """Whether a form that may be a noun or a verb is a verb, by the words beside it."""
    if before in words.determiner and before not in words.subject:
        return False
    if before in words.subject or after in words.subject or before in words.auxiliary:
        return True
    if not form.endswith("en"):
        # "die mij kent", "krijg een antwoord": a bare noun in the singular seldom stands there
        return before in words.object or after in words.object or after in words.article
    # no plural of the noun, so an infinitive: "praten", "luisteren"
    return form == noun
