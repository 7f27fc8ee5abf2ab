"""Records as rows, and rows in notebooks."""

from landbridge.routing.output.tables import RecordTable, flat, html_table, markdown_table


def test_records_in_records_become_columns_with_the_unit_behind():
    record = {"time_h": {"mean": 1.0, "p50": 2.0}, "factor": {"id": "a", "years": {"first": 1}}, "n": None}
    assert flat(record) == {
        "time_mean_h": 1.0,
        "time_p50_h": 2.0,
        "factor_id": "a",
        "factor_years_first": 1,
        "n": None,
    }


def test_lists_are_joined():
    assert flat({"sources": ["I1", "I2"], "pair": (1, 2), "none": []}) == {
        "sources": "I1;I2",
        "pair": "1;2",
        "none": "",
    }


def table(*rows):
    return RecordTable("t", lambda: rows)


def test_html_escapes_titles_names_and_cells():
    text = html_table("<Answer & more>", table({"<b>": '<script>alert("x")</script>', "n": 1234567.25, "none": None}))
    assert "<script" not in text
    assert "<b>&lt;Answer &amp; more&gt;</b>" in text
    assert "<th>&lt;b&gt;</th>" in text
    assert "<td>&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;</td><td>1,234,567.25</td><td></td>" in text


def test_html_shows_twenty_rows_and_says_how_many_more_there_are():
    text = html_table("t", table(*({"n": number} for number in range(25))))
    assert text.count("<tr>") == 21
    assert "and 5 more rows" in text
    assert "more" not in html_table("t", table({"n": 1}))


def test_a_table_without_rows_and_no_table_have_a_title_alone():
    assert html_table("t", table()).endswith("<p>none</p>")
    assert html_table("t", None) == "<p><b>t</b></p>"


def test_markdown_shows_texts_as_they_are_in_one_line_and_one_cell():
    assert markdown_table(["name"], [["a|b\n<img src=x> [x](y) `c` $d$ \\"]]).splitlines() == [
        "| name |",
        "| --- |",
        r"| a\|b \<img src=x> \[x](y) \`c\` \$d\$ \\ |",
    ]
