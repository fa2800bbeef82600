"""Pictures by OpenGL, beside the screen: a context of its own, whose pictures are read back.

A widget of OpenGL's in a window makes Qt compose all of that window with OpenGL, also while it is
hidden, and what goes wrong there ends the process. A picture that is read back changes nothing for
the rest of the window; and without a graphics card it is no slower.
"""

import numpy as np
from numpy.typing import NDArray
from OpenGL import GL
from pyqtgraph.opengl.GLViewWidget import GLViewMixin
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage, QMatrix4x4, QOffscreenSurface, QOpenGLContext, QSurfaceFormat
from PySide6.QtOpenGL import QOpenGLFramebufferObject, QOpenGLFramebufferObjectFormat

from gdviz.scene.relief.projection import Fit, Projection
from gdviz.ui.map.relief.failure import DRIVER_FAILS, OpenGLError
from gdviz.ui.map.relief.items import Seen

#: Of the context: what every card since 2006 offers.
_VERSION = 2, 1
#: Samples of a pixel of a picture that stays.
_SAMPLES = 4


class Renderer(GLViewMixin, QOffscreenSurface):
    """Draws pyqtgraph's items into a picture.

    Raises
    ------
    OpenGLError
        If that cannot be.
    """

    def __init__(self) -> None:
        wanted = QSurfaceFormat()
        wanted.setVersion(*_VERSION)
        wanted.setDepthBufferSize(24)
        self._context = QOpenGLContext()
        self._context.setFormat(wanted)
        self._buffers: dict[int, QOpenGLFramebufferObject] = {}
        self._size = QSize(1, 1)
        self._pixels = np.empty((1, 1, 4), np.uint8)
        self.seen = Seen(np.eye(4), np.zeros(3), (1.0, 1.0), 1.0)
        super().__init__()
        if not self._context.create():
            raise OpenGLError("no context can be made")
        self.setFormat(self._context.format())
        self.create()
        if not self.isValid() or not self._context.makeCurrent(self):
            raise OpenGLError("there is nothing that it could draw on")
        try:
            version = self._context.format().version()
            if version < _VERSION:
                raise OpenGLError(f"its version is {version[0]}.{version[1]}, and 2.1 is needed")
            if not QOpenGLFramebufferObject.hasOpenGLFramebufferObjects():
                raise OpenGLError("it cannot draw beside the screen")
        finally:
            self._context.doneCurrent()

    # ---------------------------------------------------------------- what pyqtgraph asks

    def context(self) -> QOpenGLContext:
        """Return what draws."""
        return self._context

    def width(self) -> int:
        """Return the picture's width in pixels."""
        return self._size.width()

    def height(self) -> int:
        """Return the picture's height in pixels."""
        return self._size.height()

    def update(self) -> None:
        """Draw nothing: whoever changes items asks for a picture."""

    def projectionMatrix(self, _region: object, _viewport: object) -> QMatrix4x4:
        """Return how the items are seen."""
        return QMatrix4x4(self.seen.matrix.ravel().tolist())

    def viewMatrix(self) -> QMatrix4x4:
        """Return nothing more: the other one is the whole projection."""
        return QMatrix4x4()

    def drawItemTree(self, item: object = None, useItemNames: object = False) -> None:  # noqa: ARG002, N803
        """Draw the items in order; what goes wrong is not swallowed, as pyqtgraph's does."""
        for each in self.items:
            if each.visible():
                each.paint()

    # ---------------------------------------------------------------- pictures

    def picture(self, fit: Fit, projection: Projection, pixel: float, smooth: bool) -> QImage:
        """Draw the items.

        Parameters
        ----------
        fit : Fit
            How large the picture is, and where in it the projection's is.
        projection : Projection
            How they are seen.
        pixel : float
            Pixels of the picture that are one of the screen's.
        smooth : bool
            Whether edges are smooth, which takes longer.

        Returns
        -------
        QImage
            It is overwritten by the next one.

        Raises
        ------
        OpenGLError
            If the context was lost, or an item cannot be drawn.
        """
        if not self._context.makeCurrent(self):
            raise OpenGLError("its context was lost")
        try:
            return self._draw(fit, projection, pixel, smooth)
        except (GL.GLError, RuntimeError) as error:
            raise OpenGLError(DRIVER_FAILS) from error
        finally:
            self._context.doneCurrent()

    def _draw(self, fit: Fit, projection: Projection, pixel: float, smooth: bool) -> QImage:
        size = QSize(max(round(fit.width), 1), max(round(fit.height), 1))
        if size != self._size:
            self._buffers.clear()
            self._size = QSize(size)
            self._pixels = np.empty((size.height(), size.width(), 4), np.uint8)
        width, height = size.width(), size.height()
        matrix = projection.matrix(fit)
        matrix[1] *= -1.0  # OpenGL's first row is the lowest, a picture's the uppermost
        self.seen = Seen(matrix, projection.eye, (width, height), pixel)
        target = self._buffer(_SAMPLES if smooth else 0)
        target.bind()
        GL.glViewport(0, 0, width, height)
        GL.glDepthMask(GL.GL_TRUE)
        self.paint(region=(0, 0, width, height), viewport=(0, 0, width, height))
        if smooth:
            QOpenGLFramebufferObject.blitFramebuffer(self._buffer(0), target)
            self._buffer(0).bind()
        GL.glPixelStorei(GL.GL_PACK_ALIGNMENT, 4)
        GL.glReadPixels(0, 0, width, height, GL.GL_BGRA, GL.GL_UNSIGNED_BYTE, self._pixels)
        self._buffer(0).release()
        return _image(self._pixels)

    def _buffer(self, samples: int) -> QOpenGLFramebufferObject:
        if samples not in self._buffers:
            form = QOpenGLFramebufferObjectFormat()
            form.setAttachment(QOpenGLFramebufferObject.Attachment.Depth)
            form.setSamples(samples)
            made = QOpenGLFramebufferObject(self._size, form)
            if not made.isValid():
                raise OpenGLError("it has no room for a picture")
            self._buffers[samples] = made
        return self._buffers[samples]

    def close(self) -> None:
        """Give back what the context holds."""
        if self._context.isValid() and self._context.makeCurrent(self):
            self._buffers.clear()
            self._context.doneCurrent()
        self.items = []


def _image(pixels: NDArray[np.uint8]) -> QImage:
    height, width, _ = pixels.shape
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32)
