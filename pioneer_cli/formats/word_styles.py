"""The styles of a Word document: headings, lists, tables, characters, and the settings that go with them.

Pieces of XML as ECMA-376 has it; `word` puts them into the package.
"""

from collections.abc import Sequence

from docx.oxml.ns import nsdecls

from pioneer_cli.tree import LANGUAGE

FONT = "Source Sans 3"  # the PDF's; a machine that lacks it takes the like of it that `FONTS` names
TEXT_WIDTH = 9638  # twentieths of a point: 17 cm, an A4 page less its margins
INK, ACCENT, TINT, HAIRLINE = "12303C", "0B5568", "EAF2F4", "B9CCD2"
STEP = 340  # how far each level of a list is indented, in twentieths of a point
LEVELS = 9  # of a list in Word
STYLED_LEVELS = 5  # of these have a style of their own
CELL_PADDING = 140  # left and right together


def shaded(colour: str) -> str:
    """The properties of what stands on a colour."""
    return f'<w:shd w:val="clear" w:color="auto" w:fill="{colour}"/>'


def levelled(style: str, level: int) -> str:
    """The style of a level from 0 on: `ListBullet`, `ListBullet2`, up to 5."""
    return style if level == 0 else f"{style}{min(level + 1, STYLED_LEVELS)}"


# --- Lists -----------------------------------------------------------------------------------------------------------

BULLETS, NUMBERS = 1, 2  # the lists that the styles belong to


def numbering(numbered_lists: Sequence[int]) -> str:
    """The two kinds of list, and each numbered list of the document, which begins at one again."""
    restarted = "".join(
        f'<w:num w:numId="{NUMBERS + number}"><w:abstractNumId w:val="{NUMBERS}"/><w:lvlOverride w:ilvl="{level}">'
        '<w:startOverride w:val="1"/></w:lvlOverride></w:num>'
        for number, level in enumerate(numbered_lists, 1)
    )
    kinds = _list_kind(BULLETS, "ListBullet", "bullet") + _list_kind(NUMBERS, "ListNumber", "decimal")
    plain = "".join(f'<w:num w:numId="{kind}"><w:abstractNumId w:val="{kind}"/></w:num>' for kind in (BULLETS, NUMBERS))
    return kinds + plain + restarted


def _list_kind(kind: int, style: str, form: str) -> str:
    levels = "".join(_list_level(level, style, form) for level in range(LEVELS))
    return f'<w:abstractNum w:abstractNumId="{kind}"><w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'


def _list_level(level: int, style: str, form: str) -> str:
    linked = f'<w:pStyle w:val="{levelled(style, level)}"/>' if level < STYLED_LEVELS else ""
    return (
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{linked}'
        f'<w:lvlText w:val="{"•" if form == "bullet" else f"%{level + 1}."}"/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="{(level + 1) * STEP}" w:hanging="{STEP}"/></w:pPr>'
        f'<w:rPr><w:color w:val="{ACCENT}"/></w:rPr></w:lvl>'
    )


# --- Styles ----------------------------------------------------------------------------------------------------------

FONTS = f"""<w:fonts {nsdecls("w")}><w:font w:name="{FONT}"><w:altName w:val="Calibri"/>
<w:panose1 w:val="020B0503030403020204"/><w:charset w:val="00"/><w:family w:val="swiss"/><w:pitch w:val="variable"/>
</w:font></w:fonts>"""

_COMPATIBLE = {  # with the Word of today, which would otherwise open the file as one of an older Word
    "compatibilityMode": 15,
    "overrideTableStyleFontSizeAndJustification": 1,
    "enableOpenTypeFeatures": 1,
    "doNotFlipMirrorIndents": 1,
    "differentiateMultirowTableHeaders": 1,
}


def settings() -> str:
    """The settings of the document: its language, and that it is one of the Word of today."""
    compatible = "".join(
        f'<w:compatSetting w:name="{name}" w:uri="http://schemas.microsoft.com/office/word" w:val="{value}"/>'
        for name, value in _COMPATIBLE.items()
    )
    return (
        '<w:zoom w:percent="100"/><w:defaultTabStop w:val="720"/><w:characterSpacingControl w:val="doNotCompress"/>'
        f'<w:compat>{compatible}</w:compat><w:themeFontLang w:val="{LANGUAGE}"/><w:decimalSymbol w:val="."/>'
        '<w:listSeparator w:val=","/>'
    )


_DEFAULTS = f"""<w:docDefaults><w:rPrDefault><w:rPr>
<w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:eastAsia="{FONT}" w:cs="{FONT}"/><w:color w:val="{INK}"/>
<w:sz w:val="22"/><w:szCs w:val="22"/><w:lang w:val="{LANGUAGE}" w:eastAsia="{LANGUAGE}" w:bidi="ar-SA"/>
</w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:widowControl/><w:spacing w:before="0" w:after="0" w:line="240"
w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>"""

_TABLE_STYLES = f"""<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>
<w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>
<w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>
<w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>
<w:style w:type="table" w:customStyle="1" w:styleId="BidTable"><w:name w:val="Bid Table"/>
<w:basedOn w:val="TableNormal"/><w:qFormat/><w:tblPr><w:tblBorders>
<w:bottom w:val="single" w:sz="4" w:space="0" w:color="{HAIRLINE}"/>
<w:insideH w:val="single" w:sz="4" w:space="0" w:color="{HAIRLINE}"/></w:tblBorders><w:tblCellMar>
<w:top w:w="40" w:type="dxa"/><w:left w:w="{CELL_PADDING // 2}" w:type="dxa"/><w:bottom w:w="20" w:type="dxa"/>
<w:right w:w="{CELL_PADDING // 2}" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblStylePr w:type="firstRow"><w:rPr>
<w:color w:val="{ACCENT}"/></w:rPr></w:tblStylePr></w:style>
<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/><w:semiHidden/></w:style>"""


def _style(
    name: str, paragraph: str = "", run: str = "", *, based: str = "Normal", then: str = "", own: bool = False
) -> str:
    """A paragraph style: its name, the looks of its paragraphs and text, what follows it, and whether it is ours."""
    identity = _style_id(name)
    return (
        f'<w:style w:type="paragraph"{_OWN if own else ""} w:styleId="{identity}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="{based}"/><w:next w:val="{then or identity}"/><w:qFormat/>'
        f"<w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


def _character(name: str, run: str, *, own: bool = False) -> str:
    return (
        f'<w:style w:type="character"{_OWN if own else ""} w:styleId="{_style_id(name)}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="DefaultParagraphFont"/><w:qFormat/><w:rPr>{run}</w:rPr></w:style>'
    )


def _style_id(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in name.split())


def _spacing(before: int, after: int = 0) -> str:
    """Room above and below a paragraph, in twentieths of a point."""
    return f'<w:spacing w:before="{before}" w:after="{after}"/>'


def _size(half_points: int) -> str:
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


def _border(side: str, colour: str, eighths: int, space: int) -> str:
    return f'<w:{side} w:val="single" w:sz="{eighths}" w:space="{space}" w:color="{colour}"/>'


def _box(colour: str, space: int) -> str:
    return f"<w:pBdr>{''.join(_border(side, colour, 4, space) for side in ('top', 'left', 'bottom', 'right'))}</w:pBdr>"


_OWN = ' w:customStyle="1"'
_KEPT = "<w:keepNext/><w:keepLines/>"
_BOLD = "<w:b/><w:bCs/>"
_IN_ACCENT = f'<w:color w:val="{ACCENT}"/>'
_INSET = '<w:ind w:left="140" w:right="140"/>'
_CLOSE = "<w:contextualSpacing/>"  # no room between paragraphs of this style


def _list_styles() -> str:
    """The styles of each level of a list: bullets, numbers, and paragraphs that go on under either."""
    written = []
    for level in range(STYLED_LEVELS):
        behind = f" {level + 1}" if level else ""
        for kind, number in (("List Bullet", BULLETS), ("List Number", NUMBERS)):
            numbered = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
            written.append(_style(f"{kind}{behind}", numbered + _spacing(60)))
        indent = f'<w:ind w:left="{(level + 1) * STEP}"/>'
        written.append(_style(f"List Continue{behind}", _spacing(60) + indent))
    return "".join(written)


def styles() -> str:
    """Every style that the document uses, and the defaults that they rest on."""
    return "".join((
        _DEFAULTS,
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>',
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:semiHidden/></w:style>',
        _TABLE_STYLES,
        _style("Body Text", _spacing(120)),
        _style("Title", _KEPT + _spacing(200, 160), _BOLD + _IN_ACCENT + _size(42), then="BodyText"),
        _style(
            "heading 1",
            f"{_KEPT}<w:pBdr>{_border('bottom', ACCENT, 10, 3)}</w:pBdr>{_spacing(320, 80)}"
            '<w:outlineLvl w:val="0"/>',
            _BOLD + _IN_ACCENT + _size(30),
            then="BodyText",
        ),
        _style(
            "heading 2", f'{_KEPT}{_spacing(240)}<w:outlineLvl w:val="1"/>', _BOLD + _IN_ACCENT + _size(23),
            then="BodyText",
        ),
        _list_styles(),
        _style("Bibliography", f'{_spacing(80)}<w:ind w:left="{2 * STEP}" w:hanging="{2 * STEP}"/>'),
        _style("header", '<w:jc w:val="center"/>', _BOLD + _size(28)),
        _style(
            "footer", f'<w:tabs><w:tab w:val="right" w:pos="{TEXT_WIDTH}"/></w:tabs>', _IN_ACCENT + _size(18),
        ),
        _style("Page Note", _box(ACCENT, 4) + _spacing(0, 120) + _INSET, _IN_ACCENT + _size(20), own=True),
        _style("Fact", _box(TINT, 6) + shaded(TINT) + _spacing(120, 120) + _INSET + _CLOSE, own=True),
        _style("Term", f'{_spacing(80)}<w:ind w:left="{STEP}" w:hanging="{STEP}"/>', own=True),
        _style("Figure", _spacing(160, 80), own=True),
        _style("Table Text", _spacing(0, 40), _size(21), own=True),
        _style("Table Heading", "<w:keepNext/>", _BOLD + _IN_ACCENT, based="TableText", own=True),
        _style("Table Band", "<w:keepNext/>", based="TableText", own=True),
        _style("Table Band Strong", "", _BOLD, based="TableBand", own=True),
        _style("Table End", '<w:spacing w:before="0" w:after="0" w:line="120" w:lineRule="exact"/>', own=True),
        _character("Emphasis", "<w:i/><w:iCs/>"),
        _character("Strong", _BOLD),
        _character("Intense Emphasis", f"{_BOLD}<w:i/><w:iCs/>"),
        _character("Hyperlink", f'{_IN_ACCENT}<w:u w:val="single"/>'),
        _character("Consideration", _IN_ACCENT + _size(18), own=True),
    ))  # fmt: skip
