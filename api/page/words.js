// Every word of the page that is not a case's own, in both languages.

const WORDS = {
  zh: {
    skip: "跳到提问", lead: "向最高人民检察院指导性案例提问，每句话都有原文为证。", ask_heading: "提问",
    question: "问题", hint: "按 Enter 提问，Shift + Enter 换行。", examples: "例如", filters: "限定范围",
    case: "案例", batch: "批次", language: "语言", section: "部分", clear: "清除限定", submit: "提问",
    answer: "回答", cases: "案例目录", case_search: "按标题或案号查找", more: "更多",
    footer: "译文与原文均按来源保留，引文逐字可核对。", any: "不限", case_n: "检例第{n}号", batch_n: "第{n}批",
    n_set: "（已设 {n} 项）", loading_index: "正在载入案例索引，请稍候……", load_failed: "案例索引无法载入：",
    unreachable: "无法连接服务。请确认服务正在运行，然后重试。", asking: "正在查找……",
    blank: "请先写下问题。", failed: "没有得到回答：", retry: "重试", abstained: "没有作答",
    citations: "引文", passages: "检索到的段落", nearest: "最接近的段落（不是回答的依据）", no_passages: "没有检索到段落。",
    in_context: "原文（引文已标出）", open_case: "案例数据", open_source: "来源全文", loading_text: "正在读取原文……",
    text_failed: "原文无法读取。", understood: "理解为：", paragraph: "第 {n} 段", score: "得分 {n}",
    none_found: "没有符合的案例。", none_held: "目前没有案例。", n_cases: "共 {n} 件", only_this: "只问此案",
    warnings: "提示", zh: "中文", en: "英文", announcement: "发布说明", keywords: "关键词", gist: "要旨",
    basic_case: "基本案情", procuratorial_process: "检察机关履职过程", outcome: "处理结果",
    guiding_significance: "指导意义", regulations: "相关规定", other: "其他", cite_n: "引文 {n}",
    list_failed: "案例目录无法读取。",
  },
  en: {
    skip: "Skip to the question", lead: "Ask the guiding cases of the Supreme People's Procuratorate; every sentence is proved by the source's own words.",
    ask_heading: "Ask", question: "Question", hint: "Enter asks, Shift + Enter starts a new line.", examples: "For example",
    filters: "Narrow down", case: "Case", batch: "Batch", language: "Language", section: "Section", clear: "Clear",
    submit: "Ask", answer: "Answer", cases: "Cases held", case_search: "Find by title or number", more: "More",
    footer: "Texts and translations are kept as they came; every quotation can be checked to the character.",
    any: "Any", case_n: "Case {n}", batch_n: "Batch {n}", n_set: "({n} set)",
    loading_index: "The index of cases is being loaded. One moment …", load_failed: "The index of cases could not be loaded: ",
    unreachable: "The service cannot be reached. Check that it is running, then try again.", asking: "Looking …",
    blank: "Write a question first.", failed: "No answer came: ", retry: "Try again",
    abstained: "Not answered", citations: "Citations",
    passages: "Passages found", nearest: "Nearest passages (no proof of an answer)", no_passages: "No passage was found.",
    in_context: "Source text, the quotation marked", open_case: "Case as data", open_source: "Whole source text",
    loading_text: "Reading the source …", text_failed: "The source text cannot be read.", understood: "Understood as: ",
    paragraph: "paragraph {n}", score: "score {n}", none_found: "No case matches.", none_held: "No cases are held yet.",
    n_cases: "{n} in all", only_this: "Ask this case only", warnings: "Notes", zh: "Chinese", en: "English",
    announcement: "Announcement", keywords: "Key words", gist: "Gist", basic_case: "Basic case",
    procuratorial_process: "Procuratorate's process", outcome: "Result of the case", guiding_significance: "Guiding significance",
    regulations: "Regulations", other: "Other", cite_n: "Citation {n}", list_failed: "The list of cases cannot be read.",
  },
};

export const EXAMPLES = {
  zh: ["检例第86号的要旨是什么？", "盛开水务公司被判处多少罚金？", "检例第85号为什么作出不起诉决定？"],
  en: ["What is the gist of Case 86?", "Why was Liu Yuanpeng not prosecuted?", "How much was Blooming Water Company fined?"],
};

export const SECTIONS = [
  "keywords", "gist", "basic_case", "procuratorial_process", "outcome", "guiding_significance", "regulations",
  "announcement", "other",
];

let current = "zh";

export const language = () => current;

export function choose(wanted) {
  current = wanted === "en" ? "en" : "zh";
}

export function word(key, n) {
  return (WORDS[current][key] ?? key).replace("{n}", String(n ?? ""));
}

export const tag = (code) => (code === "zh" ? "zh-CN" : "en");
