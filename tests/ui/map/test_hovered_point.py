"""What is said of the point of a path that the cursor is on."""

from gdviz.base.format import number, pair


def test_pointing_at_a_step_tells_all_about_it(ui):
    run, step = ui.scene.runs[1], 12
    path = run.path
    ui.point_at(*path.theta[step])
    card = ui.window.map_view.hovered.card
    assert card.isVisible()
    text = card.text()
    evaluations = int(path.evaluations[: step + 1].sum())
    assert evaluations == 39
    for part in (
        "Forward difference", f"step {step}", pair(path.theta[step]), number(path.loss[step], 4),
        pair(path.gradient[step]), pair(path.exact_gradient[step]), number(path.error[step], 4),
        "3 here", "39 so far",
    ):  # fmt: skip
        assert part in text
    ui.point_at(-4, -2)
    assert not card.isVisible()


def test_the_last_point_has_no_gradient(ui):
    ui.point_at(*ui.scene.runs[1].path.theta[-1])
    text = ui.window.map_view.hovered.card.text()
    assert "step 40" in text
    assert "none taken" in text
    assert "120 so far" in text
