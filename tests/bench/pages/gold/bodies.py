# SPDX-License-Identifier: Apache-2.0
"""Bodies of library pages: numbered fragments of constant length, one long line, paragraphs, and real
lists that look like fragments; with what the gold says of completeness and seams."""
import texts
from sheet import esc

GATES_A = ["当前文档最多预览五页，下载文档查看全文", "已阅读5页，还剩{rest}页未读，继续免费阅读", "点击查看更多>>", "还剩{rest}页未读，继续阅读"]
GATES_B = ["预览前{shown}页/共{pages}页，是否继续阅读", "本资源只提供{shown}页预览，全部文档请下载后查看", "下载文档查看全文，还剩{rest}页未读", "已阅读{shown}页，还剩{rest}页未读"]

EQUAL_TAILS = ["，月底办结。", "，由专人负责。", "，必要时可延期。", "，有关资料统一归档。", "，费用列入年度预算。", "，完成后在会上说明情况。", "。"]


def as_blocks(sheet, rows, shape=None):
    """Lines in <p>, in <div>, or parted by <br>."""
    shape = shape or sheet.rng.choice(["p", "p", "div", "br", "brbr"])
    if shape == "br":
        return "<br/>\n".join(rows)
    if shape == "brbr":
        return "<br><br>".join(rows)
    return "\n".join(f"<{shape}>{r}</{shape}>" for r in rows)


def entities(sheet, text):
    """Quotes as entities on some pages: one code point all the same."""
    text = esc(text, quote=False)
    return text.replace("“", "&ldquo;").replace("”", "&rdquo;") if sheet.rng.random() < .3 else text


def fragments(sheet, length, cap, first="", shape=None):
    """N、 before each fragment of `length` code points, `cap` in all; `first` begins the document."""
    prose = sheet.body(first + sheet.words.running_prose(cap))
    parts = texts.cut_blind(prose, length, cap)
    sheet.text.append("".join(parts))
    sheet.columns["seams"] = len(parts) - 1
    if cap % 1000 == 0:
        sheet.columns.update(complete=False, incomplete_reason="text_cap")
    for i in range(1, len(parts)):
        sheet.forbidden.append(parts[i - 1][-6:] + f"{i + 1}、" + parts[i][:6])
    return as_blocks(sheet, [f"{i}、{entities(sheet, p)}" for i, p in enumerate(parts, 1)], shape)


def whole_fragments(sheet, length, total):
    """Fragments whose text ends with the document: the last one closes a sentence."""
    prose = sheet.body(sheet.words.running_prose(total))
    parts = texts.cut_blind(prose, length, total)
    parts[-1] = parts[-1][:-1].rstrip("，,；;、：:（(“") + "。"
    sheet.text.append("".join(parts))
    sheet.columns["seams"] = len(parts) - 1
    return as_blocks(sheet, [f"{i}、{entities(sheet, p)}" for i, p in enumerate(parts, 1)])


def list_inside(sheet, length, cap):
    """The document itself begins with a numbered list: 1、1、…; inner numbers stay."""
    items = "".join(f"{i}、{sheet.words.item()}。" for i in range(1, 5))
    rows = fragments(sheet, length, cap, first=items)
    sheet.survive += [sheet.body(items)[:20]]
    return rows


def unbroken(sheet, total, cut=True):
    """One line without marks."""
    prose = sheet.body(sheet.words.running_prose(total))
    text = "".join(texts.cut_blind(prose, total, total))
    if not cut:
        text = text[:-1].rstrip("，,；;、：:（(“") + "。"
    elif total % 1000 == 0:
        sheet.columns.update(complete=False, incomplete_reason="text_cap")
    sheet.text.append(text)
    return entities(sheet, text)


def unmarked(sheet, length, cap):
    """Fragments of constant length without numbers, one block each: whether these are joined is not scored."""
    parts = texts.cut_blind(sheet.body(sheet.words.running_prose(cap)), length, cap)
    sheet.text.append("".join(parts))
    if cap % 1000 == 0:
        sheet.columns.update(complete=False, incomplete_reason="text_cap")
    return as_blocks(sheet, [entities(sheet, p) for p in parts], "p")


def paragraphs(sheet, count=None, shape=None):
    """Paragraphs as the document has them, headings among them."""
    rows = []
    for i, text in enumerate(sheet.words.paragraphs(count or sheet.rng.randint(8, 17))):
        if i % 3 == 0 and i // 3 < len(texts.HEADS):
            rows.append(sheet.paragraph(texts.HEADS[i // 3]))
        rows.append(sheet.paragraph(sheet.body(text)))
    return as_blocks(sheet, rows, shape)


def real_list(sheet, count=7):
    """1、 2、 3、 written by the author: lengths differ, so no mark may go."""
    rows = []
    for i in range(1, count + 1):
        text = f"{i}、" + sheet.body(sheet.words.item() + "。" + sheet.words.paragraph(20 + 9 * i, 60 + 25 * i))
        sheet.survive.append(text[:14])
        rows.append(sheet.paragraph(text))
    return as_blocks(sheet, rows)


def equal_list(sheet, count=6):
    """A real list whose items happen to be equally long: each is a sentence of its own."""
    length, rows = sheet.rng.choice([20, 22, 23]), []
    while len(rows) < count:
        text = sheet.words.item() + sheet.rng.choice(EQUAL_TAILS)
        if len(text) == length:
            line = f"{len(rows) + 1}、" + sheet.body(text)
            sheet.survive.append(line[:10])
            rows.append(line)
    lead = sheet.paragraph(sheet.body(sheet.words.paragraph(40, 120)))
    return as_blocks(sheet, [lead] + [sheet.paragraph(r) for r in rows] + [sheet.paragraph(sheet.body(sheet.words.paragraph(40, 90)))], "p")


def gate(sheet, shown, pages, text=None):
    """A preview gate: the document goes on behind it."""
    sheet.columns.setdefault("complete", False)
    sheet.columns.setdefault("incomplete_reason", "preview_gate")
    pattern = text or sheet.pick(GATES_A, GATES_B)
    return sheet.no(pattern.format(rest=max(pages - shown, 1), shown=shown, pages=pages))


def cut_off(sheet):
    """No gate: the text just stops in a sentence."""
    sheet.columns.setdefault("complete", False)
    sheet.columns.setdefault("incomplete_reason", "cut_mid_sentence")


def thumbnails(sheet, pages, limit=5, shape="p"):
    """Captions of the preview's pages."""
    shown = min(pages, limit)
    sheet.columns["preview_pages"] = shown
    rows = []
    for n in range(1, shown + 1):
        caption = f"{sheet.title}_第{n}页"
        sheet.forbidden.append(caption)
        rows.append(f'<img src="/fileroot1/{sheet.number(4)}/{n}.gif" alt="{esc(caption)}"/>' +
                    (f"<{shape}>{esc(caption)}</{shape}>" if shape else ""))
    return "\n".join(rows)


def any_body(sheet, kind):
    """The kinds by name; what each proves is in the gold."""
    rng = sheet.rng
    if kind == "271":
        return fragments(sheet, 271, 2000)
    if kind == "300":
        return fragments(sheet, 300, rng.choice([1000, 2000, 3000]))
    if kind == "random":
        return fragments(sheet, rng.choice([187, 223, 256, 318, 350, 402]), rng.choice([1000, 2000]))
    if kind == "ragged":  # numbered, constant, but the total is no round cap
        return fragments(sheet, rng.choice([233, 271, 300]), rng.choice([1337, 1719, 948]))
    if kind == "whole":
        return whole_fragments(sheet, rng.choice([271, 300, 210]), rng.choice([1283, 871, 1546]))
    if kind == "inner":
        return list_inside(sheet, 271, 2000)
    if kind == "unmarked":
        return unmarked(sheet, rng.choice([271, 300]), 2000)
    if kind == "cap":
        return unbroken(sheet, 2000)
    if kind == "line":
        return unbroken(sheet, rng.choice([1411, 863, 2317]))
    if kind == "line-whole":
        return unbroken(sheet, rng.choice([777, 1243]), cut=False)
    if kind == "list":
        return real_list(sheet)
    if kind == "equal":
        return equal_list(sheet)
    if kind == "paragraphs":
        return paragraphs(sheet)
    raise KeyError(kind)
