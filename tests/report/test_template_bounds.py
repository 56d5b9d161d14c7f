"""Templates from somebody else end: they can use up neither time nor memory."""

from __future__ import annotations

import time

import pytest
from jinja2.exceptions import SecurityError

from themecoder.report.formats.bounds import BoundedEnvironment

ROUNDS = "{% for a in range(60) %}"
ENDLESS = [
    "{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}",
    "{% for a in range(9999) recursive %}{{ loop(range(9999)) }}{% endfor %}",
    "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(60) }}",
    "{{ 'x' * 10 ** 10 }}",
    "{{ [0] * 10 ** 10 }}",
    "{{ 9 ** 9 ** 9 }}",
    "{{ '%9999999999d' % 1 }}",
    "{{ '{:>9999999999}'.format(1) }}",
    "{{ 'x'.ljust(10 ** 10) }}",
    "{{ 'x'.center(10 ** 10) }}",
    "{{ range(99999) | join('x' ~ 'y' | replace('y', 'z')) | replace('x', 'xxxxxxxxxxxxxx') }}",
    "{% set ns = namespace(x='x') %}" + ROUNDS + "{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
    "{% set ns = namespace(x='x') %}" + ROUNDS + "{% set ns.x = ns.x + ns.x %}{% endfor %}",
    "{% set ns = namespace(x=9) %}" + ROUNDS + "{% set ns.x = ns.x * ns.x %}{% endfor %}",
    "{% for a in range(99999) %}" + "tekst " * 500 + "{% endfor %}",
    "{% macro m() %}"
    + "tekst " * 50000
    + "{% endmacro %}{% for a in range(9999) %}{{ m() }}{% endfor %}",
    "{% set ns = namespace(x=[0]) %}" + ROUNDS + "{% set ns.x = ns.x + ns.x %}{% endfor %}",
]


@pytest.mark.parametrize("template", ENDLESS, ids=range(len(ENDLESS)))
def test_what_would_not_end_is_stopped(template: str) -> None:
    started = time.perf_counter()
    with pytest.raises((SecurityError, RecursionError)):
        BoundedEnvironment(autoescape=True).from_string(template).render()
    assert time.perf_counter() - started < 60


@pytest.mark.parametrize(
    ("template", "text"),
    [
        (
            "{% for a in 'abc' -%}{{ loop.index ~ a }}{{ '' if loop.last else ', ' }}{% endfor %}",
            "1a, 2b, 3c",
        ),
        ("{% for a in [] %}x{% else %}niets{% endfor %}", "niets"),
        ("{% for a, b in {'x': 1}.items() %}{{ a }}{{ b + 1 }}{% endfor %}", "x2"),
        ("{% macro m(a) %}<{{ a }}>{% endmacro %}{{ m('x') }}{{ m(2 ** 3) }}", "<x><8>"),
        ("{% macro m() %}[{{ caller() }}]{% endmacro %}{% call m() %}y{% endcall %}", "[y]"),
        ("{{ ['a', 'b'] | join(', ') | upper }}", "A, B"),
        ("{{ 'a-b' | replace('-', '+') }} {{ 7 % 4 }} {{ 'x' ~ 1 }}", "a+b 3 x1"),
        ("{% filter upper %}abc{% endfilter %}", "ABC"),
        ("{% set x %}abc{% endset %}{{ x | length }}", "3"),
        ("{% for a in [3, 1] | sort if a > 1 %}{{ loop.length }}{{ a }}{% endfor %}", "13"),
    ],
)
def test_what_templates_do_still_works(template: str, text: str) -> None:
    assert BoundedEnvironment().from_string(template).render() == text
