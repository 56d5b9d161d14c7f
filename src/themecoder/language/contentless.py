"""Answers that say nothing: "nee", "n.v.t.", "-", "zie boven", a smiley, a wish.

They are set apart before clustering: their wording is alike, so they would make large, stable and
meaningless themes. The rule is one of cover: an answer is contentless only where phrases known to
say nothing make up the whole of it, so one word with content ("nee, te duur") is enough to keep it.
"""

from __future__ import annotations

import re
import unicodedata

from themecoder.language import phrases

# Survey language of each study; people in it also write "no comment" and "thanks".
_ALSO = ("en",)

_EMOTICON = re.compile(
    r"""(?<![^\W_])(?:
        [<>]?[:;=8xX]['’]?[-^o*]?[)(\]\[dDpP/\\|oO0*sSxX3$@]+   # :-) ;P xD :'( :3
      | [)(][-^]?[:;=]                                        # (: (-;
      | <[/\\]?3+ | \\[oO]/ | [oO][_.]+[oO] | [tT][_.]+[tT] | [uU][_.]+[uU] | [xX]_+[xX]
      | [-^>][_.]*[-^<]
    )(?![^\W_])""",
    re.VERBOSE,
)
# rows of the keyboard, where fingers walk when there is nothing to say
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "azertyuiop", "qsdfghjklm", "wxcvbn", "qwertzuiop")
_LETTERS_OF_A_WORD = 3


# what programs and people put in the place of an answer that is not there
_PLACEHOLDER = re.compile(
    r"#(?:ref|value|div/0|name|num|null|n/a|n/b)[!?]?|-?9{2,5}|-?9?98|-(?:66|77|88)|missing|sysmis"
    r"|<na>|nan|none|undefined|\(blank\)|\(leeg\)",
    re.IGNORECASE,
)


def contentless(text: str, language: str = "nl") -> bool:
    """Whether an answer says nothing that could be coded.

    ``language`` is the study's language (ISO 639-1). One without a resource file gets the rules
    that hold in any language: marks, emoji, emoticons, single letters, keys pressed at random.
    """
    if _PLACEHOLDER.fullmatch(text.strip()):
        return True
    bare = _EMOTICON.sub(" ", unicodedata.normalize("NFKC", text))
    if not any(_is_latin(char) or char.isdigit() for char in bare):
        return not _has_other_script(bare)
    if _has_other_script(bare):
        return False
    words = phrases.tokens(bare)
    if len(words) == 1 and _says_nothing(words[0]):
        return True
    languages = (language, *(other for other in _ALSO if other != language))
    return phrases.load(languages).cover(words)


def _is_latin(char: str) -> bool:
    """Whether a letter is one that words in Latin script are written with (no phonetic signs)."""
    return char.isalpha() and (char < "\u0250" or "\u1e00" <= char < "\u1f00")


def _has_other_script(text: str) -> bool:
    """Whether words in a script other than Latin stand in the text: runs of letters of one script.

    Kaomoji borrow letters too, but singly or from several scripts: ツ, ಠ益ಠ, ʕ•ᴥ•ʔ.
    """
    if text.isascii():
        return False
    run, script = 0, ""
    for char in text:
        if not char.isalpha() or _is_latin(char):
            # vowel signs and joiners belong to the word around them
            if not unicodedata.category(char).startswith("M"):
                run, script = 0, ""
            continue
        name = unicodedata.name(char, "").split(" ")[0]
        run, script = (run + 1, script) if name == script else (1, name)
        if name != "MODIFIER" and run >= (2 if name == "CJK" else _LETTERS_OF_A_WORD):
            return True
    return False


def _says_nothing(word: str) -> bool:
    """One token that is no word: a letter, a mark out of ten, a mask, keys pressed at random."""
    if word == phrases.MASK:
        return True
    if word.isdigit():
        # an emergency number (112, 113) or a year may be the whole answer; a bare mark says nothing
        return len(word) <= 2 or word in "01234567890"
    if len(set(word)) == 1:
        return True
    return len(word) >= 4 and (
        _is_key_walk(word) or _is_key_walk(word[: len(word) // 2], word) or _repeats_letters(word)
    )


def _is_key_walk(part: str, whole: str | None = None) -> bool:
    """Keys side by side: "asdf", or the same walk twice: "asdfasdf"."""
    if whole is not None and part + part != whole:
        return False
    return len(part) >= 3 and any(part in row or part in row[::-1] for row in _KEYS)


def _repeats_letters(word: str) -> bool:
    """The same few letters again and again: "lalala", "dfdfdf"."""
    unit = re.fullmatch(r"(.{1,4}?)\1+.{0,2}", word)
    return unit is not None and len(word) >= 3 * len(unit[1])
