"""Imports go downwards, never sideways, never in a circle."""

import graphlib

import pytest

from tests.house.floors import FLOORS, TOP, feature_of, floor_of, imports, names_imported, room_of, storey_of
from tests.house.sources import ROOT, sources


def test_every_feature_has_a_floor():
    features = {path.parent.name for path in (ROOT / "merchant_api").glob("*/models.py")}

    assert features <= set(FLOORS)


def test_features_import_lower_floors_only():
    wrong = [
        f"{module} imports {other}"
        for module, others in imports().items()
        for other in others
        if module.startswith("merchant_api.") and other.startswith("merchant_api.")
        if feature_of(module) != feature_of(other)
        if floor_of(other) >= floor_of(module) and floor_of(module) != TOP
    ]

    assert wrong == []


def test_inside_a_feature_routes_know_schemas_and_schemas_know_verbs():
    wrong = [
        f"{module} imports {other}"
        for module, others in imports().items()
        for other in others
        if feature_of(module) == feature_of(other) and floor_of(module) not in (0, TOP)
        if storey_of(other) > storey_of(module)
    ]

    assert wrong == []


def test_no_import_leads_back_to_where_it_came_from():
    graphlib.TopologicalSorter(imports()).prepare()


def test_no_room_leads_back_to_itself():
    rooms: dict[str, set[str]] = {}
    for module, others in imports().items():
        rooms.setdefault(room_of(module), set()).update({room_of(other) for other in others} - {room_of(module)})

    graphlib.TopologicalSorter(rooms).prepare()


def test_every_ranked_room_is_there():
    gone = {name for name in FLOORS if not (ROOT / "merchant_api" / name.replace(".", "/")).is_dir()}

    assert gone <= {"channels", "console"}  # floors that are kept free for what comes


def test_the_domain_knows_neither_jobs_nor_notifications():
    wrong = [source.path for source in sources("merchant_api") if names_imported(source) & {"jobs", "notifications"}]

    assert wrong == []


@pytest.mark.parametrize(("leaf", "neighbours"), [("notifications", set()), ("outside", {"notifications"})])
def test_a_leaf_has_no_database_and_no_web(leaf: str, neighbours: set[str]):
    above = {"merchant_api", "jobs", "flask", "sqlalchemy", "flask_sqlalchemy", "psycopg"} | neighbours

    wrong = [source.path for source in sources(leaf) if names_imported(source) & above]

    assert wrong == []
