"""`python -m app` is the command `readyboard`."""

from app.cli import main

main(prog_name="readyboard")
