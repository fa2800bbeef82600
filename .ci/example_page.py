"""Write the page among the assets, which shows the first guided experiment."""

from gdviz.base.resources import assets
from gdviz.experiment.guided.guides import guides
from gdviz.export.page.options import PageOptions
from gdviz.export.page.page import save_page
from gdviz.scene.scene import build_scene

if __name__ == "__main__":
    guide = guides()[0]
    options = PageOptions(guide.title, guide.look)
    save_page(build_scene(guide.experiment), assets() / "two-against-three.html", options)
