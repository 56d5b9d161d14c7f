"""``python -m themecoder``: the command line, where the program itself is not on the path."""

from themecoder.cli.main import main

main()
