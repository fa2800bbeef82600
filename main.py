"""Start gdviz from a source tree."""

import sys

from gdviz.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
