"""Start gdviz with ``python -m gdviz``."""

import sys

from gdviz.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
