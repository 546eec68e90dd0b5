"""Ten invented plans: what is read as sure is right, and enough is read; `pytest -s` prints the figures."""

import tomllib
from pathlib import Path

from assistant.profile_reader import read_document
from index.library import examine

PLANS = tomllib.loads((Path(__file__).parent / "data" / "profile_plans.toml").read_text("utf-8"))["plan"]
READ_BESIDE = ("union", "short", "party", "level", "province", "key_tasks", "fixed_events")


def test_what_is_sure_is_right(tmp_path):
    right, wrong, wanted = 0, [], 0
    for number, plan in enumerate(PLANS):
        path = tmp_path / f"{number}.txt"
        path.write_text(plan["text"], "utf-8")
        document = max(examine(path), key=lambda found: len(found.text))
        wanted += len(plan["truth"])
        for guess in read_document(document):
            if not guess.sure or guess.field in READ_BESIDE:
                continue
            if str(plan["truth"].get(guess.field)) == str(guess.value):
                right += 1
            else:
                wrong.append((number, guess.field, guess.value))
    print(f"\n有把握的：对 {right}，错 {len(wrong)}；应读到 {wanted}")
    assert wrong == []
    assert right >= 0.4 * wanted
