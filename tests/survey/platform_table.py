"""How many closed questions of random surveys are read right, per platform: docs/exports.md's
table. python tests/survey/platform_table.py --surveys 100"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

from platform_results import Result, read_back
from platform_writers import PLATFORMS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--surveys", type=int, default=100)
    options = parser.parse_args()
    print("| export | closed questions | right | told | wrong | base right |")
    print("|---|---|---|---|---|---|")
    for platform in PLATFORMS:
        whole = Result()
        for seed in range(options.surveys):
            with tempfile.TemporaryDirectory() as folder:
                result, _ = read_back(platform, seed, Path(folder))
            whole.total += result.total
            whole.right += result.right
            whole.told += result.told
            whole.bases += result.bases
            whole.wrong += [f"{seed}: {text}" for text in result.wrong]
        right = f"{whole.right} ({100 * whole.right / whole.total:.1f} %)"
        bases = f"{100 * (1 - whole.bases / whole.right):.1f} %"
        cells = [platform, whole.total, right, whole.told, len(whole.wrong), bases]
        print("| " + " | ".join(map(str, cells)) + " |", flush=True)
        for text in whole.wrong:
            print(f"  {platform}: {text}", file=sys.stderr)


if __name__ == "__main__":
    main()
