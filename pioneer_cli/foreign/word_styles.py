"""The font, the size and the hiding that a Word file's styles give to text, through all that they are based on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

_MOST_BASES = 30  # styles that one rests on
_OFF = ("0", "false", "off")


@dataclass(frozen=True, slots=True)
class Setting:
    """What one place says of text; None where it says nothing."""

    font: str | None = None
    size: float | None = None
    hidden: bool | None = None


@dataclass(frozen=True, slots=True)
class _Style:
    setting: Setting
    base: str | None
    name: str


class Styles:
    """The styles of a Word file, and the fonts of its theme by their role."""

    def __init__(self, styles: Element | None, theme: Element | None) -> None:
        self._fonts = _theme_fonts(theme)
        self._styles: Mapping[str, _Style] = {}
        self._default, self._ordinary = Setting(), None
        if styles is not None:
            found = [style for style in styles.iter("style") if style.get("styleId")]
            self._styles = {style.get("styleId", ""): self._style(style) for style in found}
            self._default = self.setting(styles.find("docDefaults/rPrDefault/rPr"))
            ordinary = (
                style for style in found if style.get("type") == "paragraph" and is_on(style.get("default", "0"))
            )
            self._ordinary = next((style.get("styleId") for style in ordinary), None)

    def setting(self, properties: Element | None) -> Setting:
        """What the properties of a run say."""
        if properties is None:
            return Setting()
        fonts, size, hidden = (properties.find(name) for name in ("rFonts", "sz", "vanish"))
        return Setting(
            None if fonts is None else fonts.get("ascii") or self._fonts.get(fonts.get("asciiTheme", "")),
            None if size is None else _half_points(size.get("val", "")),
            None if hidden is None else is_on(hidden.get("val", "true")),
        )

    def resolved(self, own: Setting, run_style: str | None, paragraph_style: str | None) -> Setting:
        """What holds for text: the first word on each matter, from the run itself to the document's defaults."""
        styles = (*self._chain(run_style), *self._chain(paragraph_style or self._ordinary))
        settings = (own, *(style.setting for style in styles), self._default)
        return Setting(
            next((found.font for found in settings if found.font is not None), None),
            next((found.size for found in settings if found.size is not None), None),
            next((found.hidden for found in settings if found.hidden is not None), False),
        )

    def is_heading(self, paragraph_style: str | None) -> bool:
        """Whether a paragraph's style is one of Word's headings, or rests on one."""
        return any(style.name.lower().startswith("heading") for style in self._chain(paragraph_style))

    def _style(self, style: Element) -> _Style:
        base, name = style.find("basedOn"), style.find("name")
        return _Style(
            self.setting(style.find("rPr")),
            None if base is None else base.get("val"),
            "" if name is None else name.get("val", ""),
        )

    def _chain(self, name: str | None) -> Iterator[_Style]:
        for _step in range(_MOST_BASES):
            style = self._styles.get(name or "")
            if style is None:
                return
            yield style
            name = style.base


def is_on(value: str) -> bool:
    """Whether a switch is on."""
    return value not in _OFF


def _theme_fonts(theme: Element | None) -> dict[str, str]:
    fonts: dict[str, str] = {}
    for role in ("major", "minor"):
        found = None if theme is None else theme.find(f".//{role}Font/latin")
        if found is not None and found.get("typeface"):
            fonts |= {f"{role}HAnsi": found.get("typeface", ""), f"{role}Ascii": found.get("typeface", "")}
    return fonts


def _half_points(value: str) -> float | None:
    return int(value) / 2 if value.isascii() and value.isdigit() and len(value) <= 4 else None
