"""The computation graph, drawn: values forward, adjoints backward, what a shift computes again."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontInfo, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QWidget

from gdviz.base.format import number
from gdviz.engine.analysis.graph_values import GraphNode, GraphView

_WIDTH, _HEIGHT = 88, 50  # pixels of a node
_ACROSS, _DOWN = 14, 22  # pixels between nodes
_MARGIN = 8
_LINES = 54  #: pixels that three lines of text may take in a node of that height


class GraphCanvas(QWidget):
    """Draws a computation graph from the inputs at the top to f at the bottom.

    Each node has its sign, its value (forward) and ∂f/∂node (backward, after ∂). With a shifted
    parameter, nodes to compute again are outlined in the accent, and those reused are faint.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._graph: GraphView | None = None
        self._again: frozenset[int] | None = None
        self._shifted = ""
        self._places: list[QPointF] = []
        self._room = QSize()

    def show_graph(self, graph: GraphView, shifted: str) -> None:
        """Draw a graph.

        Parameters
        ----------
        graph : GraphView
            The graph.
        shifted : str
            The parameter that is shifted; empty if none is.
        """
        self._graph, self._shifted = graph, shifted
        self._again = graph.recomputed(shifted) if shifted else None
        self._places, self._room = _lay_out(graph)
        self._fit()
        self.setAccessibleName(
            f"Computation graph with {graph.v} nodes and {graph.e} edges"
            + (f"; a shift of {shifted} recomputes {len(self._again)}" if self._again else "")
        )
        self.update()

    def _fit(self) -> None:
        size = self._room * self._scale
        self.setMinimumSize(size)
        self.resize(size.expandedTo(self.size()))

    @property
    def _scale(self) -> float:
        """How many times as large as usual it is: as its text."""
        return max(1.0, 3 * self.fontMetrics().lineSpacing() / _LINES)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self._graph is not None:
            self._fit()

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._graph is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        role = QPalette.ColorRole
        text, muted = (
            self.palette().color(role.WindowText),
            self.palette().color(role.PlaceholderText),
        )
        accent = self.palette().color(role.Highlight)
        half = QPointF(_WIDTH / 2, _HEIGHT / 2)
        font, scale = painter.font(), self._scale
        font.setPixelSize(max(1, round(QFontInfo(font).pixelSize() / scale)))
        painter.setFont(font)
        painter.scale(scale, scale)
        shift = QPointF(max(0.0, (self.width() - self.minimumWidth()) / 2 / scale), 0.0)
        places = [place + shift for place in self._places]
        for edge in self._graph.edges:
            again = self._again is not None and edge.user in self._again
            # A number is shared by all who use it; their lines would hide the rest.
            number_edge = self._graph.nodes[edge.argument].kind == "number"
            painter.setOpacity(0.25 if number_edge else 1.0)
            painter.setPen(QPen(accent if again else muted, 1.6 if again else 1.0))
            start, end = places[edge.argument] + half, places[edge.user] + half
            painter.drawLine(start + QPointF(0, half.y()), end - QPointF(0, half.y()))
        for i, (node, place) in enumerate(zip(self._graph.nodes, places, strict=True)):
            self._draw_node(painter, node, place, i, text, muted, accent)
        painter.end()

    def _draw_node(
        self, painter: QPainter, node: GraphNode, place: QPointF, index: int,
        text: QColor, muted: QColor, accent: QColor,
    ) -> None:  # fmt: skip
        again = self._again is not None and (
            index in self._again or (node.kind == "name" and node.sign == self._shifted)
        )
        faint = self._again is not None and not again
        box = QRectF(place.x(), place.y(), _WIDTH, _HEIGHT)
        painter.setOpacity(0.45 if faint else 1.0)
        painter.setPen(QPen(accent if again else muted, 2.0 if again else 1.0))
        painter.setBrush(self.palette().color(QPalette.ColorRole.Base))
        radius = 18 if node.kind == "name" else 5
        painter.drawRoundedRect(box, radius, radius)
        painter.setPen(text)
        lines = [node.sign] if node.kind == "number" else [node.sign, number(node.value, 3)]
        lines += [f"∂ {number(node.adjoint, 3)}"] if node.kind != "number" else []
        height = _HEIGHT / 3
        top = box.top() + (_HEIGHT - height * len(lines)) / 2
        for row, line in enumerate(lines):
            font = painter.font()
            font.setBold(row == 0)
            painter.setFont(font)
            painter.setPen(text if row < 2 else muted)
            painter.drawText(
                QRectF(box.left(), top + row * height, _WIDTH, height),
                Qt.AlignmentFlag.AlignCenter, line,
            )  # fmt: skip
        painter.setOpacity(1.0)


def _lay_out(graph: GraphView) -> tuple[list[QPointF], QSize]:
    """Place each node in the row of its rank, near its arguments; inputs near what uses them."""
    rows: dict[int, list[int]] = {}
    users: dict[int, list[int]] = {}
    arguments: dict[int, list[int]] = {}
    for edge in graph.edges:
        users.setdefault(edge.argument, []).append(edge.user)
        arguments.setdefault(edge.user, []).append(edge.argument)
    nodes = graph.nodes
    # An input stands just above its first user, and not all inputs in one endless row.
    rank = [
        node.rank if node.kind == "operation"
        else max(0, min((nodes[u].rank for u in users.get(i, [i])), default=0) - 1)
        for i, node in enumerate(nodes)
    ]  # fmt: skip
    for i, r in enumerate(rank):
        rows.setdefault(r, []).append(i)
    order: dict[int, float] = {}
    for r in sorted(rows):

        def wish(i: int) -> float:
            above = [order[j] for j in arguments.get(i, ()) if j in order]
            return sum(above) / len(above) if above else float(i)

        for position, i in enumerate(sorted(rows[r], key=wish)):
            order[i] = position - (len(rows[r]) - 1) / 2
    widest = max(len(row) for row in rows.values())
    width = widest * (_WIDTH + _ACROSS) - _ACROSS + 2 * _MARGIN
    places = [
        QPointF(
            width / 2 + order[i] * (_WIDTH + _ACROSS) - _WIDTH / 2,
            _MARGIN + rank[i] * (_HEIGHT + _DOWN),
        )
        for i in range(len(nodes))
    ]
    height = (max(rank) + 1) * (_HEIGHT + _DOWN) - _DOWN + 2 * _MARGIN
    return places, QSize(int(width), int(height))
