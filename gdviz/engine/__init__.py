"""The mathematics, in five wings, each importing only those before it.

language, objectives, descent, analysis, gradcheck. File formats, the wording of pictures, and any
import of Qt, pyqtgraph or matplotlib do not belong here.
"""
