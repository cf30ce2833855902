"""What the title of a series says of its images, in the words of vendors and hospitals.

Many files say only there that they are a scout, a projection or a map. Words are those of English,
German, French, Spanish, Portuguese, Italian, Russian, Chinese, Japanese, Korean and some others.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from re import Pattern


class Made(StrEnum):
    """What was made of slices, and is none; the names of ``eligibility.Ineligible``."""

    PROJECTION = "PROJECTION"
    SUBTRACTION = "SUBTRACTION"
    MAP = "MAP"
    RENDERING = "RENDERING"


def is_localiser(title: str) -> bool:
    """Whether a series is the one that slices are planned on."""
    return _found(_LOCALISER, title)


def made_from_slices(title: str) -> Made | None:
    """What the images of a series were computed from slices as; None for plain ones."""
    return next((made for made, pattern in _MADE.items() if _found(pattern, title)), None)


def plane(title: str) -> str:
    """``coronal`` or ``sagittal`` where the title says so; else empty."""
    return next((name for name, pattern in _PLANES.items() if _found(pattern, title)), "")


def is_virtual(title: str) -> bool:
    """Whether images were computed from two energies: for one energy, or without iodine."""
    return _found(_VIRTUAL, title)


def tells_of_contrast(title: str) -> bool:
    """Whether a contrast agent was given."""
    return _found(_CONTRAST, title) and not _found(_NO_CONTRAST, title)


def is_no_agent(agent: str) -> bool:
    """Whether what is written in place of a contrast agent means that there was none."""
    return _NO_AGENT.fullmatch(agent) is not None


def _words(*patterns: str) -> Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


@lru_cache(maxsize=1024)
def _found(pattern: Pattern[str], title: str) -> bool:
    """Kept: all images of a series have one title."""
    return pattern.search(title.replace("_", " ")) is not None


_LOCALISER = _words(
    r"\bscouts?(?![a-z])|\bscout ?view|\btopo(?![a-z])|\btopogra|\btoposcan|\b3[- ]?plane loc",
    r"\blo[ck]ali[sz]z?(er|ador|ateur|ator)|^\W*loc\W*$|\bsurview|\boverview\b|^\W*plann?ing\W*$",
    r"\bscanogra|\bscanógra|\bscano\b|\bscanvue|\bescanograma|\bradiogram|\bdigital radiograph",
    r"\bpilot[oe]?\b|\bvista previa|\brep[eé]rage|\brep[eè]re\b|\bmode radio\b",
    r"(ü|\bue?)bersicht|\bplanungsbild|^\W*planung\W*$|\bdigitales röntgen",
    r"\b(ö|o)versikt|\boversigt|\böverblick|\bpřehled|\bpodgląd|\bkılavuz|προεπισκόπηση",
    "обзорн|топограм|сканограм|радиограм|скаут|лок[ао]л[иа][зй]|пилот|разметк",
    "定位|扫描计划|スカウト|位置決め|スキャノ|스카우트|토포그램|스카노",
)
_MADE: dict[Made, Pattern[str]] = {
    Made.PROJECTION: _words(
        r"(?<!for )(?<!für )(?<!para )(?<!pour )\b(t|thin |4d )?(mips?|minips?)\b",
        r"\b(max|min|aver?a?g?e?|avg)[. -]?ip\b|\baip\b|\bray ?sum",
        r"\b(\w*intensität\w*)?projektion|\bprojection|\bproyecci[oó]n|\bproje[cç][aã]o|\bproiezion",
        r"\bм[иi]п\b|\bмip\b|\bпроекци|最[大小]密度|最[大小]强度|密度投影|最大値投影|최대강도",
    ),
    Made.SUBTRACTION: _words(
        r"subtra[ckzç]|substra[ckç]|\bsustracc|\bsoustraction|\bsottrazione|\b(neuro|d)?dsa\b",
        r"\bbone[ -]?(sub|removal|remov|free|less)|\bknochen(entfern|frei)|\bohne knochen\b",
        r"\bsin hueso|\bsans os\b|\bdifferen[cz]bild",
        "вычитан|субтрак|субстрак|без кост|减影|去骨|除骨|サブトラ|骨除去|감산",
    ),
    Made.MAP: _words(
        r"\br?cb[fv]\b|\bmtt\b|\bttp\b|\btmax\b|\bpermeabilit|\bpenumbra|\bmismatch\b",
        r"\bblood (flow|volume)|\bblut(fluss|volumen)|\bperfusion\w*[ -]*(map|kart|color|colour)",
        r"\b(maps?|karten?|carte|mapas?|mappa) (de |d['’]|di |der )?(perfusi|iod|jod|yodo)",
        r"\b(jod|iod)karte|\biodine (map|overlay|density|image)|\biodine\b(?! *(contrast|free))",
        r"\b(map|mapa|mappa|carte)\W*$|(?<!non )\bcolou?r (map|overlay)",
        r"\bz[ -]?eff|\beffective z\b|\beff[. -]?z\b|\brho ?/ ?z",
        r"\belectron density|\belektronendichte",
        r"\b(calcium|water) (suppress|map|image)|\bvirtual calcium|\buric acid|\bharnsäure",
        r"\bbone marrow|\bknochenmark|\bfat (map|fraction)",
        "карт[аы]\\b|йодн|перфузионн[аы][яе] карт|灌注图|伪彩|血流量|血容量|达峰|通过时间|碘[图水]",
        "有效原子序数|电子密度|尿酸|ヨード(画像|マップ)|灌流画像|관류 ?지도|요오드",
    ),
    Made.RENDERING: _words(
        r"\bc?vrt?\b|\bssd\b|\b(volume|surface)[ -]?render|\b3d[ -]*(vr|vol(?!ume\b)|render|surf)",
        r"\brendu (de )?(volum|surfac)|\brenderi[sz]ado|\bcinematic render|\boberflächen",
        "объ[её]мн\\w+ ренд|三维重建|容积再现|容积重建|ボリュームレンダ|볼륨 ?렌더",
    ),
}
_PLANES = {
    "coronal": _words(
        r"\bcor\b|\b[ck]oron(a|á|ar|al)\w*|\bfrontal\w*", "корон|фронтал|冠[状狀]|관상"
    ),
    "sagittal": _words(r"\bsag\b|\bsagg?it+al\w*|сагит|矢状|矢狀|시상"),
}
_VIRTUAL = _words(
    r"\bmono ?e\b|\bmono[ -]?(plus|energ)|\bmono ?\+|\bmono[ -]?\d+ ?kev|\bvmi\b|\bvnca?\b|\bvue\b",
    r"\b\w{2,5}vnc\b|\bvirtual (non|un|native|mono)|\bvirtuell\w* (nativ|mono)|\d+ ?kev\b",
    "виртуальн|虚拟平扫|虚拟单能|单能量?|仮想単色|仮想単純",
)
_CONTRAST = _words(
    r"\b(cta|ctv|ctp|ct ?(angio|perf))|\bangio|\bvenogra|\barteriogra|\bcarotid|\bperfusi",
    r"\bcontrast|\bkontrast|\bcontraste|\bcontrasto\b|\bkm\b|\bmdc\b|\bcecct|\bcect\b|\bpdc\b",
    r"\bpost[ -]?(km|iv|gad|gd|inj|contr)|\binject|\bavec iode\b|\bcon civ\b|\bc\+|\biv\+|\+c\b",
    r"\b(arterial|arteriel|artériel|venous|venös|portal ?ven|veineu|venos[ao])|\bdelayed\b",
    "контраст|артериальн|венозн|ангиогр|перфузи|增强|造影|动脉期|静脉期|灌注|조영|관류",
)
_NO_CONTRAST = _words(
    r"\b(non?|not|w/?o|without|pre|ohne|sin|sans|sem|senza|zonder|utan|uden|bez|s/)[ -]*"
    r"(iv |any |i\.v\. )?(contrast|kontrast|km\b|mdc\b|pdc\b|iode|inject|enhance|civ\b)",
    r"\bnativ|\bnc?ct\b|\bunenhanced|\bplain\b",
    "без контраст|безконтраст|нативн|неконтраст|平扫|未增强|非增强|単純|비조영",
)
_NO_AGENT = _words(
    r"\W*(none( given| used)?|no( (iv )?contrast)?|not given|nil|n/?a|0|n)?\W*",
    r"\W*(non|nein|nej|brak|yok)\W*",
    r"\W*(without|w/?o|ohne|kein|sin|sans|sem|senza|zonder|без|нет)\b.*|\W*nativ\w*\W*",
    "[\\W_]*(无|否|没有|無|なし|없음).*",
)
