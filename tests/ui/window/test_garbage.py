"""Garbage is collected by the GUI thread, and by it alone."""

import gc
import threading
import weakref

from gdviz.ui.window.garbage import GarbageCollector


class Ring:
    """What only the collector can free."""

    def __init__(self):
        self.me = self


def test_collected_in_the_gui_thread_and_nowhere_else(qtbot):
    was_enabled = gc.isenabled()
    collector = GarbageCollector()
    try:
        qtbot.waitUntil(lambda: gc.get_freeze_count() > 0)  # it has looked through everything once
        freed_in, kept = [], []

        def leave_garbage():
            for _ in range(50):
                ring = Ring()
                weakref.finalize(ring, lambda: freed_in.append(threading.get_ident()))
            kept.extend([] for _ in range(100_000))  # far beyond the youngest's threshold

        worker = threading.Thread(target=leave_garbage)
        worker.start()
        worker.join()
        assert freed_in == []
        qtbot.waitUntil(lambda: len(freed_in) == 50, timeout=5000)
        assert set(freed_in) == {threading.get_ident()}
    finally:
        collector.stop()
        if not was_enabled:
            gc.disable()


def test_python_collects_again_afterwards():
    was_enabled = gc.isenabled()
    collector = GarbageCollector()
    assert not gc.isenabled()
    collector.stop()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
    if not was_enabled:
        gc.disable()
