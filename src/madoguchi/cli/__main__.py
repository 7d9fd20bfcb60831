"""`python -m madoguchi.cli`."""

from madoguchi.cli import main

main()
