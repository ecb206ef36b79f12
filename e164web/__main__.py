"""`python -m e164web`: the program `e164web`, for whoever knows an interpreter and no path."""

import sys

from e164web.commandline import main

sys.argv[0] = "e164web"  # what the help shows; Django would say `python -m django`
main()
