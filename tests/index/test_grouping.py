"""Groups of questions: pure where it matters, and the same matter again the next day."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from index.grouping import Group, group, grouped

MATTERS = {
    "充电": (
        "小区里电动车没地方充电怎么办？",
        "我们小区的电动自行车充电桩太少了",
        "电动车充电桩什么时候装到老小区？",
        "电动自行车不让上楼，又没有充电的地方",
        "老旧小区申请安装电动车充电桩找哪个部门？",
        "小区充电桩收费太贵，电动车充不起",
    ),
    "停水": (
        "北湾街停水三天了什么时候来水？",
        "停水为什么没有提前通知？",
        "我们这一片又停水了，几点恢复供水",
        "自来水停水打哪个电话？",
        "停水期间有没有送水车？",
        "自来水公司停水公告在哪里看？",
    ),
    "公交": (
        "12路公交为什么改线不经过医院了？",
        "12路公交改道以后老人看病不方便",
        "12路公交车新路线的站点有哪些？",
        "能不能恢复12路公交原来的线路",
        "12路公交车取消了人民医院站",
        "坐12路公交到不了医院怎么办",
    ),
    "油烟": (
        "楼下饭店油烟直排熏人",
        "烧烤店油烟扰民归哪个部门管？",
        "居民楼下能开饭店吗，油烟很大",
        "餐馆没装油烟净化器怎么投诉？",
        "油烟味天天飘进家里谁来管",
        "投诉多次的饭店油烟还是没整改",
    ),
}
NOISE = (
    "公园里的樱花什么时候开？",
    "怎么注销个体户营业执照？",
    "我想捐旧衣服",
    "身份证照片可以自己带吗？",
    "图书馆周一开门吗？",
    "家里进了蝙蝠怎么办",
    "城市马拉松怎么报名？",
    "护照办理加急要几天？",
    "大学生创业贷款利息谁出？",
    "渔船年检在哪里做？",
)
TEXTS = [text for matter in MATTERS.values() for text in matter] + list(NOISE)
OWNERS = [name for name, matter in MATTERS.items() for _ in matter] + [""] * len(NOISE)


def shares(groups: Sequence[Group]) -> tuple[float, float]:
    """How much of the groups is of one matter each, and how much of the matters is in groups."""
    most = sum(
        max(names.count(name) for name in MATTERS)
        for names in ([OWNERS[place] for place in one.members] for one in groups)
    )
    in_groups = [OWNERS[place] for one in groups for place in one.members]
    found = sum(bool(name) for name in in_groups)
    return most / len(in_groups), found / sum(map(bool, OWNERS))


def test_groups_are_of_one_matter_each() -> None:
    purity, found = shares(group(TEXTS))
    assert purity >= 0.85
    assert found >= 0.7


def test_the_same_questions_give_the_same_groups() -> None:
    assert group(TEXTS) == group(TEXTS)


def test_a_matter_is_known_again_by_other_words() -> None:
    texts = [*MATTERS["停水"][:5], *MATTERS["油烟"], *NOISE]
    known = [MATTERS["公交"][:3], (MATTERS["停水"][5], "停水什么时候恢复供水？")]
    found = {one.known: [texts[place] for place in one.members] for one in group(texts, known)}
    assert set(found[1]) <= set(MATTERS["停水"])
    assert 0 not in found


@pytest.mark.parametrize("texts", [[], ["停水"], ["停水", "停电"]])
def test_few_questions_are_no_group(texts: list[str]) -> None:
    assert group(texts) == ()


def test_the_same_question_from_many_is_a_group() -> None:
    assert group(["什么时候来水？"] * 5) == (Group((0, 1, 2, 3, 4)),)


def test_a_known_matter_goes_to_the_nearest_group_only() -> None:
    near, away = np.array([1.0, 0.0, 0.0]), np.array([0.0, 1.0, 0.0])
    slanted = np.array([0.8, 0.0, 0.6])
    vectors = np.array([near, near, near, slanted, slanted, slanted, away, away, away])
    found = grouped(vectors, [np.array([near])])
    owners = {one.members: one.known for one in found}
    assert [known for known in owners.values() if known is not None] == [0]
    assert next(members for members, known in owners.items() if known == 0)[0] in {0, 1, 2}
