"""Titles of series as vendors and hospitals write them."""

import pytest

from imaging.titles import (
    Made,
    is_localiser,
    is_no_agent,
    is_virtual,
    made_from_slices,
    plane,
    tells_of_contrast,
)

PLAIN = (
    *("Routine Head 5.0 H31s", "Head Bone 0.625", "Schädel nativ 1.0 J40s", "CEREBRAL STD"),
    *("CRANEO SIMPLE", "Cráneo sin contraste", "Crânio sem contraste", "Tête sans injection"),
    *("Голова без контраста", "Головной мозг", "头颅平扫", "頭部単純", "뇌", "Testa senza mdc"),
    *("Head 3D ax recon 0.6", "Thin 1mm for MIP", "dünn für MIP", "Subacute bleed", "Trauma Head"),
    *("Mapping study", "Head 120 kV", "Rapid head", "AVERAGE 5mm", "Planning CT head", "Local 2mm"),
    *("Post fossa", "Posterior fossa", "Postoperative", "Hinterkopf", "Monitoring", "Article head"),
)
"""Of plain slices of heads: none of the words that are sought may be found in them."""


@pytest.mark.parametrize("title", PLAIN)
def test_plain_titles_tell_nothing(title: str) -> None:
    told = is_localiser(title), made_from_slices(title), plane(title), tells_of_contrast(title)
    assert (*told, is_virtual(title)) == (False, None, "", False, False)


@pytest.mark.parametrize(
    "title",
    [
        *("ScoutView", "Lat_Scout", "Topo 0.6", "TOPOSCAN", "Loc", "3-plane loc", "Piloto"),
        *("Planung", "Planungsbild", "Digitales Röntgen", "Mode radio", "Repère", "Vista previa"),
        *("Översikt", "Oversikt", "Oversigt", "Přehled", "Podgląd", "Kılavuz", "Προεπισκόπηση"),
        *("Локалайзер", "Разметка", "Сканограмма", "Радиограмма", "定位片", "スキャノグラム"),
        *("토포그램", "Digital Radiograph", "Radiograma", "Planning"),
    ],
)
def test_scouts_in_many_languages(title: str) -> None:
    assert is_localiser(title)


@pytest.mark.parametrize(
    ("made", "titles"),
    [
        (Made.PROJECTION, ("axial MIPs", "tMIP", "MaxIP", "Average IP", "AIP 5mm", "МИП")),
        (Made.PROJECTION, ("Proyección", "Projeção", "Intensitätsprojektion", "最大强度")),
        (Made.SUBTRACTION, ("BoneSub", "Bone removal", "Knochensubtraktion", "Subtração")),
        (Made.SUBTRACTION, ("Substracción", "вычитание", "Субтракция", "减影", "去骨", "NeuroDSA")),
        (Made.SUBTRACTION, ("Bone-free head", "ohne Knochen", "サブトラクション")),
        (Made.MAP, ("Perfusion map", "carte de perfusion", "Mapa de perfusión", "Mapa de yodo")),
        (Made.MAP, ("Карта перфузии", "йодная карта", "灌注图", "碘图", "脑血流量")),
        (Made.MAP, ("Zeff", "Effective Z", "Rho/Z", "Electron density", "Blood volume", "尿酸")),
        (Made.RENDERING, ("cVRT", "VR", "三维重建", "3D-VR", "Surface render", "Oberflächen")),
    ],
)
def test_what_was_made_from_slices_in_many_languages(made: Made, titles: tuple[str, ...]) -> None:
    assert [made_from_slices(title) for title in titles] == [made] * len(titles)


@pytest.mark.parametrize(
    "title",
    [
        *("Kopf KM", "avec injection", "c/ contraste", "с контрастом", "Артериальная фаза", "CTV"),
        *("动脉期", "静脉期", "灌注", "CT Perfusion", "CTP", "Venös", "Arterial", "Carotids"),
        *("Post Gd", "CECT", "Angiografía", "Venografia", "delayed", "造影後"),
    ],
)
def test_contrast_agents_in_many_languages(title: str) -> None:
    assert tells_of_contrast(title)


@pytest.mark.parametrize(
    "title", ["Mono+ 40", "MonoE 70keV", "VNC", "DE_HeadVNC", "虚拟平扫", "单能 70", "VMI"]
)
def test_virtual_images(title: str) -> None:
    assert is_virtual(title)


@pytest.mark.parametrize(
    ("agent", "none"),
    [
        *((agent, True) for agent in ("", "-", "None given", "NO CONTRAST", "ohne KM", "нет")),
        *((agent, True) for agent in ("без", "无", "没有", "なし", "N", "nativ")),
        *((agent, False) for agent in ("Non-ionic 300", "Novabay", "ORAL", "Omnipaque", "Ja")),
    ],
)
def test_what_stands_for_no_agent(agent: str, none: bool) -> None:
    assert is_no_agent(agent) is none
