"""
Questions as staff would publish them, in pairs that ask the same and pairs that do not.

Made for the bar of duplicates: what differs in one word may be another matter altogether.
"""

from __future__ import annotations

from typing import Final

SAME: Final = (
    ("养犬登记需要带哪些材料？", "办理养犬登记需要哪些材料？"),
    ("租房可以提取住房公积金吗？", "租房能不能提取住房公积金？"),
    ("失业保险金最长领几个月？", "失业保险金最长可以领取几个月？"),
    ("新生儿怎么参加居民医保？", "新生儿如何参加居民医保？"),
    ("老年人乘公交车免费吗？", "老年人坐公交车是不是免费？"),
    ("居住证丢了怎么补办？", "居住证遗失了如何补办？"),
    ("个体户注销要办哪些手续？", "注销个体户需要办哪些手续？"),
    ("夜间施工要申请许可证吗？", "夜间施工需要申请许可证吗？"),
    ("公租房的租金怎么算？", "公租房租金如何计算？"),
    ("小学入学报名什么时候开始？", "小学入学什么时候开始报名？"),
    ("高龄津贴每月发多少钱？", "高龄津贴每个月有多少？"),
    ("残疾人证到期了在哪里换？", "残疾人证到期在哪里换领？"),
    ("临时占道经营要审批吗？", "临时占道经营需要审批吗？"),
    ("电动自行车上牌要交钱吗？", "电动自行车上牌收费吗？"),
    ("燃气初装费可以分期吗？", "燃气初装费能分期付款吗？"),
    ("Do I need a permit for a street stall?", "Is a permit needed for a street stall?"),
    ("How do I register my dog?", "How can I register a dog?"),
    ("When does school registration begin?", "When does the school registration start?"),
)
DIFFERENT: Final = (
    ("养犬登记需要带哪些材料？", "养犬登记注销需要带哪些材料？"),
    ("租房可以提取住房公积金吗？", "购房可以提取住房公积金吗？"),
    ("失业保险金最长领几个月？", "失业保险金每月领多少钱？"),
    ("新生儿怎么参加居民医保？", "大学生怎么参加居民医保？"),
    ("老年人乘公交车免费吗？", "学生乘公交车免费吗？"),
    ("居住证丢了怎么补办？", "身份证丢了怎么补办？"),
    ("个体户注销要办哪些手续？", "个体户开业要办哪些手续？"),
    ("夜间施工要申请许可证吗？", "夜间施工可以施工到几点？"),
    ("公租房的租金怎么算？", "公租房的租金可以减免吗？"),
    ("小学入学报名什么时候开始？", "初中入学报名什么时候开始？"),
    ("高龄津贴每月发多少钱？", "护理补贴每月发多少钱？"),
    ("残疾人证到期了在哪里换？", "老年证到期了在哪里换？"),
    ("临时占道经营要审批吗？", "临时占道停车要审批吗？"),
    ("电动自行车上牌要交钱吗？", "电动摩托车上牌要交钱吗？"),
    ("燃气初装费可以分期吗？", "暖气初装费可以分期吗？"),
    ("出租人可以提前收回房屋吗？", "承租人可以提前退还房屋吗？"),
    ("Do I need a permit for a street stall?", "Do I need a permit for a street party?"),
    ("How do I register my dog?", "How do I register my car?"),
    ("When does school registration begin?", "When does voter registration begin?"),
    ("企业可以申请稳岗补贴吗？", "企业什么时候可以领到稳岗补贴？"),
)
