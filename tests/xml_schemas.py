"""The schemas of XML formats, where the folder of standards is present."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

FOLDER = Path(__file__).parents[2] / "shared" / "standards"
# What ALTO takes from xlink, whose own schema is on the web.
_XLINK = b"""<schema xmlns="http://www.w3.org/2001/XMLSchema"
  targetNamespace="http://www.w3.org/1999/xlink">
  <attribute name="href" type="anyURI"/>
  <attributeGroup name="simpleLink"><attribute name="title" type="string"/></attributeGroup>
</schema>"""


class _Xlink(etree.Resolver):
    def resolve(self, url, public_id, context):
        return self.resolve_string(_XLINK, context) if url.endswith("xlink.xsd") else None


def load_schema(name: str) -> etree.XMLSchema:
    """A schema; skips the test that asks for it where it is absent."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"{path} is absent")
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Xlink())
    return etree.XMLSchema(etree.parse(path, parser))
