"""How Sphinx builds the site: `make docs`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import site_pages
from sphinx.application import Sphinx

import landbridge as lb

project = "landbridge"
author = "The landbridge developers"
release = version = lb.__version__

extensions = ["myst_parser", "numpydoc", "sphinx.ext.autodoc"]
exclude_patterns = ["images", "static", "generated/tutorial.ipynb"]
root_doc = "index"
default_role = "code"  # docstrings mark names by single backquotes

myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 4

autodoc_member_order = "groupwise"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 88
numpydoc_show_class_members = False
numpydoc_xref_param_type = False

# Types of other libraries and of the inside, and names that only type checkers see. All others have to lead somewhere.
nitpick_ignore_regex = [
    ("py:class", r"(collections\.abc|concurrent\.futures|datetime|numpy|pathlib|scipy|zoneinfo)\..+"),
    ("py:class", r"(gpd\.GeoDataFrame|pd\.DataFrame|nx\.MultiDiGraph|csr_array|np\.float64|Figure|Path)"),
    ("py:class", r"(Demand|Lines|Path|Places|Scenario|Table)Like|ObjectiveName"),
    ("py:class", r"landbridge\.routing\.flows\.solvers\..+"),  # plain arrays of the solvers
    ("py:class", r"Journey|KnownPaths"),  # plain arrays of the draws and of the search for equilibria
    ("py:class", r"ScenarioFile|StudyModel"),  # pydantic models: the pages on the files describe them
    ("py:class", r"type\[~typing\.Any\] \| ~numpy.+"),
    ("py:class", r"(Candidate|EmissionFactor|Link|Operation|Place|Service|Source)Row|rows\.Tables|landbridge\..+\.T"),
]

html_theme = "pydata_sphinx_theme"
html_title = f"landbridge {release}"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_show_sourcelink = False
html_theme_options = {
    "navbar_align": "left",
    "show_prev_next": False,
    "use_edit_page_button": False,
    "navigation_with_keys": False,
}
html_extra_path = ["generated/tutorial.ipynb"]


def setup(app: Sphinx) -> None:
    """Make the pages of code and data before anything is read."""
    site_pages.write_pages()
    app.connect("source-read", _with_pages_that_exist)
    app.connect("autodoc-process-signature", _readable_defaults)


def _with_pages_that_exist(app: Sphinx, page: str, content: list[str]) -> None:
    if page == "site/how-to" and not Path(app.srcdir, "qgis.md").is_file():
        content[0] = content[0].replace("/qgis\n", "")


def _readable_defaults(*found: object) -> tuple[str | None, object]:
    """Write the default of a field that is made for each object as an ellipsis, which Sphinx can read."""
    *_, signature, returned = found
    return (signature.replace("<factory>", "...") if isinstance(signature, str) else None), returned
