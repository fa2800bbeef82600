"""Whether a window can be opened, asked of made-up machines."""

from __future__ import annotations

import ctypes.util

import pytest

from gdviz.cli.display import COMMON, XCB, why_no_window

X11 = {"DISPLAY": ":0"}


def loader(*missing: str):  # type: ignore[no-untyped-def]
    asked: list[str] = []

    def load(library: str) -> object:
        asked.append(library)
        if library in missing:
            raise OSError(f"{library}: cannot open shared object file")
        return object()

    load.asked = asked  # type: ignore[attr-defined]
    return load


def ask(environment: dict[str, str], *missing: str, answers: bool = True) -> str:
    return why_no_window(environment, "linux", loader(*missing), lambda: answers)


def test_all_is_well() -> None:
    assert ask(X11) == ""


@pytest.mark.parametrize("environment", [{}, {"DISPLAY": "", "WAYLAND_DISPLAY": ""}])
def test_no_display(environment: dict[str, str]) -> None:
    sentence = ask(environment)
    assert "no display" in sentence
    assert "gdviz render" in sentence


def test_a_display_that_does_not_answer() -> None:
    sentence = ask({"DISPLAY": ":77"}, answers=False)
    assert ":77" in sentence
    assert "gdviz render" in sentence


@pytest.mark.parametrize(("library", "package"), {**COMMON, **XCB}.items())
def test_each_missing_library_names_its_package(library: str, package: str) -> None:
    sentence = ask(X11, library)
    assert f"install them with sudo apt install {package}" in sentence


def test_debian_packages() -> None:
    assert COMMON["libX11.so.6"] == "libx11-6"
    assert COMMON["libdbus-1.so.3"] == "libdbus-1-3"
    assert COMMON["libEGL.so.1"] == "libegl1"
    assert COMMON["libglib-2.0.so.0"] == "libglib2.0-0"
    assert XCB["libxcb-cursor.so.0"] == "libxcb-cursor0"
    assert XCB["libxkbcommon-x11.so.0"] == "libxkbcommon-x11-0"


def test_all_missing_packages_are_named_at_once() -> None:
    sentence = ask(X11, *COMMON, *XCB)
    for package in {**COMMON, **XCB}.values():
        assert package in sentence.split()


def test_wayland_needs_nothing_of_x11() -> None:
    assert ask({"WAYLAND_DISPLAY": "wayland-0", **X11}, *XCB, answers=False) == ""
    assert "libegl1" in ask({"WAYLAND_DISPLAY": "wayland-0"}, "libEGL.so.1")


@pytest.mark.parametrize(
    ("platform", "needed"), [("offscreen", False), ("wayland", False), ("xcb", True)]
)
def test_the_chosen_platform_decides(platform: str, needed: bool) -> None:
    assert bool(ask({"QT_QPA_PLATFORM": platform, **X11}, *XCB)) is needed


def test_elsewhere_nothing_is_asked() -> None:
    for system in ("darwin", "win32"):
        load = loader(*COMMON)
        assert why_no_window({}, system, load, lambda: False) == ""
        assert load.asked == []


def test_names_are_those_that_the_dynamic_linker_knows() -> None:
    """Each library that is installed here is found under exactly the name in the table."""
    for library in {**COMMON, **XCB}:
        stem = library.removeprefix("lib").partition(".so")[0]
        found = ctypes.util.find_library(stem)
        assert found in (None, library)
