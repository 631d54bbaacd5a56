"""The blank form as a page to fill in on a screen and print: what is typed stands where it is to be read."""

import pytest

from tests.support.numbers import synthetic_number

NUMBER = synthetic_number(21)


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("size", ["vanlig", "stor"])
def test_digits_typed_on_the_page_to_print_stand_in_their_boxes(journey_with_scripts, width, size):
    journey = journey_with_scripts
    journey.ask(lambda page: page.set_viewport_size({"width": width, "height": 700}))
    journey.when_i_open(f"/skjema/tomt/innsyn/meg-selv/utskrift/#{size}")
    journey.ask(lambda page: page.locator("#person_number").fill(NUMBER.digits))

    # Eleven digits with their spaces take as much room as the boxes, and nothing is scrolled out of sight.
    boxes, digits, scrolled = journey.ask(lambda page: page.evaluate(IN_BOXES))
    assert (digits, scrolled) == (pytest.approx(boxes, rel=0.02), 0)


IN_BOXES = """() => {
  const field = document.querySelector("#person_number"), style = getComputedStyle(field);
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  const spaces = 11 * parseFloat(style.letterSpacing);
  const boxes = parseFloat(style.width) - parseFloat(style.letterSpacing);
  return [boxes, 11 * pen.measureText("0").width + spaces, field.scrollLeft];
}"""
