"""Two texts side by side."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kb.revisions import differences
from kb.revisions.differences import Kind, Line, compare, compare_line
from kb.revisions.policy import ArticleText, measure

lines = st.lists(st.sampled_from(["a", "b", "c", "", "a b", "a c"]), max_size=12).map("\n".join)


def text(body: str, **changes: object) -> ArticleText:
    values: dict[str, object] = {"title": "T", "slug": "", "category_id": 1, "summary": "S"}
    values |= {"tags": ("x",), "lang": "es", "body": body, **changes}
    return ArticleText(**values)  # type: ignore[arg-type]


def test_a_changed_word_is_marked_and_distant_lines_are_folded() -> None:
    same = "\n".join(f"línea {n}" for n in range(20))
    found = compare(f"Pague con tarjeta\n{same}", f"Pague con efectivo\n{same}")
    first, *rest, gap = found.rows
    assert (first.kind, gap.kind, gap.skipped) == (Kind.CHANGED, Kind.GAP, 17)
    assert first.left == Line(1, [("Pague con ", False), ("tarjeta", True)])
    assert first.right == Line(1, [("Pague con ", False), ("efectivo", True)])
    assert [row.kind for row in rest] == [Kind.SAME] * 3


def test_equal_texts_have_no_rows() -> None:
    assert compare("a\nb", "a\nb").rows == []


def test_lines_with_nothing_in_common_are_marked_whole() -> None:
    old, new = compare_line("uno dos tres", "alfa beta gama")
    assert (old, new) == ([("uno dos tres", True)], [("alfa beta gama", True)])


@given(lines, lines)
def test_both_sides_hold_their_whole_text(old: str, new: str) -> None:
    found = compare(old, new)
    if old == new:
        return
    for side, said in (("left", old), ("right", new)):
        shown = {
            line.number: "".join(text for text, _ in line.pieces)
            for line in (getattr(row, side) for row in found.rows)
            if line
        }
        skipped = sum(row.skipped for row in found.rows)
        written = said.split("\n")
        assert len(shown) + skipped == len(written)
        assert all(written[number - 1] == text for number, text in shown.items())


def test_texts_with_nothing_in_common_cost_a_bounded_number_of_steps() -> None:
    old = "\n".join("ab"[n % 2] + str(n % 7) for n in range(60_000))
    new = "\n".join("ba"[n % 3 == 0] + str(n % 5) for n in range(60_000))
    budget = differences._Budget()
    differences._matches(old.split("\n"), new.split("\n"), budget)
    assert -differences.BUDGET < budget.left <= 0
    found = compare(old, new)
    assert (len(found.rows), found.cut) == (differences.MAX_ROWS, True)


def test_the_size_of_a_change_counts_words_that_came_and_went() -> None:
    change = measure(text("uno dos tres"), text("tres dos cuatro cinco", tags=("x", "y")))
    assert (change.words_added, change.words_removed) == (2, 1)
    assert change.parts == ("body", "tags")
    assert measure(None, text("uno dos")).words_added == 4
