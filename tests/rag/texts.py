"""Texts for a small collection beside the seed: a Chinese edition, and a batch of another number."""

CHINESE = """最高人民检察院第二十三批指导性案例

盛开水务公司污染环境刑事附带民事公益诉讼案

（检例第86号）

【关键词】

刑事附带民事公益诉讼　参与调解　连带责任　替代性修复

【要旨】

检察机关办理环境污染民事公益诉讼案件，可以积极参与调解。控股股东自愿加入诉讼的，可以将其列为第三人。

【基本案情】

被告单位盛开水务公司，住所地某工业园区。2014年10月至2017年4月，该公司排放废水28.4583万立方米，生态环境损害数额约2.53亿元。

【相关规定】

《中华人民共和国刑法》第三百三十八条

《中华人民共和国环境保护法》第四十二条
"""

ANOTHER_BATCH = """The 3rd batch of guiding cases of the Supreme People's Procuratorate

Case of Wang's forged invoices

(Guiding Case No. 9)

[Key words]

Forged invoices; tax [12]

[gist]

Whoever forges 1,200 invoices shall be prosecuted [3]. The notice [2019] No. 7 applies to the tax.

[Basic case]

Wang forged invoices on 5 March 2011. He sold them for 35,000 yuan in a shop.

[Result of the case]

The court sentenced Wang to imprisonment of two years and fined him 20,000 yuan.
"""
