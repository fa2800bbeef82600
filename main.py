"""Start gdviz from a source tree."""

import sys

from gdviz.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
