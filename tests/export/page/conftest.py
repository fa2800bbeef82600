"""Pages, and the browser that opens them."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from gdviz.export.page.page import page_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from gdviz.export.page.options import PageOptions
    from gdviz.scene.scene import Scene

#: WebGL without a graphics card.
_GRAPHICS = ("--enable-unsafe-swiftshader", "--use-angle=swiftshader")
_TWO_FRAMES = "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(done));"


class Browser:
    """A headless Chromium that opens pages from disk.

    Parameters
    ----------
    folder : Path
        Where pages are written.
    flags : str
        What it is started with.
    """

    def __init__(self, folder: Path, *flags: str) -> None:
        from selenium import webdriver
        from selenium.webdriver.chrome.service import Service

        browser, chromedriver = shutil.which("chromium"), shutil.which("chromedriver")
        if browser is None or chromedriver is None:
            pytest.fail("these tests need Debian's packages chromium and chromium-driver")
        options = webdriver.ChromeOptions()
        options.binary_location = browser
        # A container has no sandbox of its own to give, and little shared memory.
        always = ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars")
        for flag in (*always, "--window-size=1280,900", *flags):
            options.add_argument(flag)
        self.driver = webdriver.Chrome(options=options, service=Service(chromedriver))
        self._file = folder / "page.html"

    def open(self, scene: Scene, options: PageOptions | None = None) -> None:
        """Open a scene's page."""
        self.open_content(page_of(scene, options).content)

    def open_content(self, content: bytes) -> None:
        """Open a file with this content."""
        self._file.write_bytes(content)
        self.driver.get(self._file.as_uri())
        self.wait()

    def wait(self) -> None:
        """Wait until what is asked for is drawn."""
        self.driver.execute_async_script(_TWO_FRAMES)

    def run(self, script: str, *arguments: Any) -> Any:
        """Run a script in the page, and return what that returns."""
        return self.driver.execute_script(script, *arguments)

    def send(self, command: str, **arguments: Any) -> Any:
        """Send a command of the developer tools' protocol."""
        return self.driver.execute_cdp_cmd(command, arguments)

    @property
    def failure(self) -> str:
        """What the page says has failed; empty where nothing has."""
        return str(self.run("return document.getElementById('failure').textContent"))


def _started(folder: Path, *flags: str) -> Iterator[Browser]:
    browser = Browser(folder, *flags)
    yield browser
    browser.driver.quit()


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Return a browser."""
    yield from _started(tmp_path_factory.mktemp("pages"), *_GRAPHICS)


@pytest.fixture
def browser_without_webgl(tmp_path: Path) -> Iterator[Browser]:
    """Return one that draws nothing in three dimensions."""
    yield from _started(tmp_path, "--disable-3d-apis")


@pytest.fixture(scope="session")
def html_of() -> Callable[..., str]:
    """Return a function from a scene to its page's text."""
    return lambda *scene_and_options: page_of(*scene_and_options).content.decode()
