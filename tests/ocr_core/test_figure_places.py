import pytest

from ocr_core.figure_places import Placed, find_place, without_tables
from schemas import Box

# Two columns of two paragraphs each under a title, a caption in the right one, and a foot.
TITLE = Placed(Box(100, 50, 900, 90), "heading")
LEFT = [Placed(Box(100, top, 480, top + 200), "paragraph") for top in (120, 600)]
RIGHT = [Placed(Box(520, top, 900, top + 200), "paragraph") for top in (400, 700)]
FOOT = Placed(Box(450, 1200, 550, 1220), "page-number")
BLOCKS = [TITLE, *LEFT, *RIGHT, FOOT]


@pytest.mark.parametrize(
    ("figure", "place"),
    [
        (Box(100, 340, 480, 580), 2),  # between the paragraphs of the left column
        (Box(100, 820, 480, 1100), 3),  # below both, and before the right column
        (Box(520, 120, 900, 380), 3),  # above the right column
        (Box(520, 920, 900, 1100), 5),  # below it, and before the foot
        (Box(100, 10, 900, 45), 0),
        (Box(950, 620, 990, 660), 4),  # beside all: by its height
    ],
)
def test_a_figure_comes_where_its_column_is_read(figure, place):
    assert find_place(figure, BLOCKS) == place


def test_a_figure_stands_before_the_caption_below_it_and_after_the_one_above_it():
    caption = Placed(Box(540, 620, 700, 640), "caption")
    blocks = [TITLE, *LEFT, caption, RIGHT[1]]
    assert find_place(Box(300, 400, 900, 610), blocks) == 3
    assert find_place(Box(300, 650, 900, 690), blocks) == 4


def test_labels_follow_the_figure_that_they_stand_in():
    label = Placed(Box(150, 400, 200, 420), "text")
    assert find_place(Box(100, 340, 480, 580), [TITLE, LEFT[0], label, LEFT[1]]) == 2


def test_a_figure_is_the_first_block_of_a_page_without_others():
    assert find_place(Box(100, 340, 480, 580), []) == 0


def test_the_shaded_columns_of_a_table_are_no_figures():
    table = Placed(Box(100, 100, 500, 500), "table")
    shaded, photo = Box(200, 110, 300, 490), Box(100, 520, 500, 900)
    assert without_tables([shaded, photo], [table, TITLE]) == [photo]
