"""What readers ask of an element of an XML document, without its namespaces, declared or not."""

from lxml import etree


def name_of(element: etree._Element) -> str:
    """ "" for what is no element, such as an entity."""
    return _local(element.tag) if isinstance(element.tag, str) else ""


def attributes_of(element: etree._Element) -> dict[str, str]:
    """Name -> value."""
    return {_local(str(name)): str(value) for name, value in element.attrib.items()}


def text_of(element: etree._Element) -> str:
    """All the text in it, as it stands."""
    return "".join(map(str, element.itertext()))


def _local(name: str) -> str:
    return name.rpartition("}")[2].rpartition(":")[2]
