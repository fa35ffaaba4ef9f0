# SPDX-License-Identifier: Apache-2.0
"""Simplified to traditional characters, one for one, for the words of this gold only: enough for plausible
pages in Big5, no more. Rare characters that Big5 lacks are left and become character references."""

PAIRS = """
专專 业業 东東 丝絲 丢丟 两兩 严嚴 个個 临臨 为為 举舉 义義 习習 乡鄉 书書 买買 乱亂 争爭 产產 亩畝 仅僅 从從 们們 众眾 会會 伞傘 传傳
伤傷 债債 偿償 储儲 兑兌 兰蘭 关關 兴興 养養 内內 册冊 写寫 农農 冯馮 决決 况況 冻凍 净淨 减減 凑湊 击擊 则則 刚剛 创創 删刪 别別 剧劇 办辦
务務 动動 劳勞 匀勻 区區 医醫 华華 协協 单單 卖賣 卫衛 却卻 历歷 压壓 厢廂 县縣 参參 双雙 发發 变變 叶葉 号號 吕呂 吗嗎 启啟 吴吳 员員 响響
嘱囑 团團 园園 国國 图圖 场場 块塊 坛壇 坟墳 垫墊 墙牆 声聲 壳殼 处處 备備 够夠 头頭 夹夾 孙孫 学學 宝寶 实實 宽寬 对對 导導 寿壽 将將 尝嘗
尽盡 层層 届屆 属屬 岁歲 岚嵐 币幣 师師 带帶 帮幫 广廣 库庫 应應 庙廟 开開 张張 弯彎 强強 归歸 当當 录錄 径徑 态態 总總 惯慣 懒懶 戏戲 户戶
执執 扩擴 扫掃 抢搶 护護 报報 担擔 拣揀 拧擰 挡擋 损損 换換 摄攝 摇搖 摊攤 数數 断斷 无無 旧舊 时時 旷曠 显顯 晓曉 术術 杀殺 杂雜 权權 条條
来來 杨楊 标標 栏欄 树樹 样樣 档檔 桥橋 检檢 楼樓 欢歡 毕畢 氲氳 汇匯 汤湯 沟溝 没沒 沧滄 泽澤 浅淺 浆漿 浇澆 测測 浏瀏 浓濃 润潤 涨漲 渔漁
渗滲 温溫 湾灣 湿濕 滞滯 满滿 滩灘 澜瀾 灯燈 灵靈 点點 烂爛 烦煩 烧燒 烫燙 热熱 爱愛 状狀 独獨 猪豬 献獻 现現 电電 画畫 畅暢 疗療 皱皺 盐鹽
监監 盖蓋 着著 矿礦 码碼 砚硯 础礎 礼禮 祎禕 积積 稳穩 笋筍 笔筆 签簽 简簡 篓簍 类類 粮糧 紧緊 纠糾 红紅 约約 级級 纲綱 纳納 纷紛 纸紙 线線
组組 细細 织織 终終 绍紹 经經 绑綁 结結 给給 络絡 绝絕 绞絞 统統 继繼 绩績 续續 绳繩 维維 绿綠 缆纜 缓緩 缕縷 编編 缘緣 缝縫 缩縮 联聯 胶膠
脏髒 脑腦 脚腳 脸臉 腾騰 艺藝 节節 芦蘆 药藥 营營 蒋蔣 蓝藍 补補 衬襯 装裝 见見 观觀 规規 视視 览覽 觉覺 计計 订訂 认認 讨討 让讓 训訓 议議
讯訊 记記 讲講 许許 论論 设設 访訪 证證 评評 识識 诉訴 诊診 词詞 试試 话話 询詢 该該 语語 误誤 说說 请請 读讀 课課 谁誰 调調 谈談 谢謝 谱譜
贝貝 负負 责責 败敗 账賬 货貨 质質 购購 贮貯 贴貼 贵貴 费費 赁賃 资資 赔賠 赞贊 赵趙 践踐 车車 轨軌 转轉 轮輪 软軟 轴軸 轻輕 载載 较較 辈輩
辑輯 输輸 边邊 达達 过過 运運 还還 这這 进進 远遠 违違 连連 迟遲 迹跡 选選 递遞 遗遺 邮郵 郑鄭 酱醬 酿釀 释釋 鉴鑒 针針 钉釘 钟鐘 钢鋼 钱錢
钻鑽 铁鐵 铅鉛 铜銅 铝鋁 铲鏟 铺鋪 链鏈 锁鎖 锄鋤 锅鍋 错錯 锣鑼 锤錘 键鍵 镇鎮 长長 门門 闪閃 闭閉 问問 闲閑 间間 闷悶 闸閘 闹鬧 闻聞 阁閣
阅閱 队隊 阳陽 际際 陈陳 险險 随隨 隐隱 难難 雾霧 静靜 韩韓 页頁 顶頂 项項 顺順 须須 顾顧 预預 领領 频頻 题題 颜顏 额額 风風 饮飲 饱飽 饲飼
馆館 馈饋 马馬 骂罵 验驗 骤驟 鱼魚 鲜鮮 鸟鳥 鸢鳶 鸣鳴 鹭鷺 黄黃 齿齒 龃齟 龄齡 龉齬
后後 里裡 干乾 范範 余餘 云雲 几幾 准準 复復 采採 征徵 杆桿 种種 筑築 万萬 与與 丰豐 划劃
"""
TABLE = {ord(pair[0]): pair[1] for pair in PAIRS.split()}


def convert(text):
    return text.translate(TABLE)


def convert_all(value):
    """The same for every string of a gold line."""
    if isinstance(value, str):
        return convert(value)
    if isinstance(value, list):
        return [convert_all(v) for v in value]
    if isinstance(value, dict):
        return {k: convert_all(v) for k, v in value.items()}
    return value
