"""Who imports matplotlib: one thread at a time."""

import threading

#: Held by a thread of the window while it imports matplotlib, or what imports it. Its modules
#: import each other in circles: of two threads that enter by different doors Python hands one half
#: a module, and no figure can be drawn in that process from then on.
MATPLOTLIB = threading.RLock()
