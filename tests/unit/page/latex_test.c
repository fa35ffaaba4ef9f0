/* SPDX-License-Identifier: Apache-2.0 */
/* Guards MathML as LaTeX: each construct by itself, as in the examples of MathML Core. */
#include "harness/test.h"

#include "base/buf.h"
#include "markup/html.h"
#include "page/latex.h"

static const struct node *find_math(const struct node *root)
{
    const struct node *node = root;
    while (node && node->tag != TAG_math) {
        node = node_next(node, root);
    }
    return node;
}

static void check_latex(const char *mathml, const char *expected, const char *file, int line)
{
    struct arena arena;
    struct dom dom;
    struct buf page;
    arena_init(&arena, 1 << 24);
    buf_init(&page, &arena, 1 << 16);
    buf_add(&page, STR("<math>"));
    buf_add(&page, str_of(mathml));
    buf_add(&page, STR("</math>"));
    if (CHECK(html_parse(&arena, buf_str(&page), 512, NULL, &dom) == STATUS_OK)) {
        test_check_str(latex_of_mathml(&arena, find_math(dom.document)), str_of(expected), file,
                       line);
    }
    arena_release(&arena);
}

#define LATEX(mathml, expected) check_latex(mathml, expected, __FILE__, __LINE__)

TEST(tokens_are_what_they_show)
{
    LATEX("<mi>x</mi>", "x");
    LATEX("<mi>sin</mi><mi>x</mi>", "\\sin x");
    LATEX("<mi>rank</mi>", "\\operatorname{rank}");
    LATEX("<mn>3.14</mn>", "3.14");
    LATEX("<mi>α</mi><mi>β</mi>", "\\alpha\\beta");
    LATEX("<mi>α</mi><mi>x</mi>", "\\alpha x");
    LATEX("<mtext>if  and_only</mtext>", "\\text{if and\\_only}");
    LATEX("<mi>速度</mi>", "\\text{速度}");
    LATEX("<mo>&lt;</mo><mo>≤</mo><mo>%</mo>", "<\\leq\\%");
    LATEX("<mi>a</mi><mo>&InvisibleTimes;</mo><mi>b</mi>", "ab");
}

TEST(letters_have_styles)
{
    LATEX("<mi mathvariant=double-struck>R</mi>", "\\mathbb{R}");
    LATEX("<mi mathvariant=bold>v</mi>", "\\mathbf{v}");
    LATEX("<mi>ℝ</mi><mi>ℒ</mi>", "\\mathbb{R}\\mathcal{L}");
    LATEX("<mi>𝑥</mi><mi>𝐱</mi><mi>𝔽</mi><mn>𝟏</mn>", "x\\mathbf{x}\\mathbb{F}\\mathbf{1}");
    LATEX("<mi>𝛼</mi>", "\\alpha");
    LATEX("<mi mathvariant=normal>d</mi><mi mathvariant=normal>∞</mi>", "\\mathrm{d}\\infty");
}

TEST(fractions_and_roots)
{
    LATEX("<mfrac><mn>1</mn><mrow><mi>x</mi><mo>+</mo><mn>1</mn></mrow></mfrac>", "\\frac{1}{x+1}");
    LATEX("<mfrac linethickness=0><mi>n</mi><mi>k</mi></mfrac>", "{n\\atop k}");
    LATEX("<msqrt><mi>a</mi><mo>+</mo><mi>b</mi></msqrt>", "\\sqrt{a+b}");
    LATEX("<mroot><mi>x</mi><mn>3</mn></mroot>", "\\sqrt[3]{x}");
}

TEST(scripts_stand_at_their_base)
{
    LATEX("<msup><mi>x</mi><mn>2</mn></msup>", "x^{2}");
    LATEX("<msub><mi>a</mi><mrow><mi>i</mi><mi>j</mi></mrow></msub>", "a_{ij}");
    LATEX("<msubsup><mi>x</mi><mn>1</mn><mn>2</mn></msubsup>", "x_{1}^{2}");
    LATEX("<msup><msup><mi>x</mi><mn>2</mn></msup><mn>3</mn></msup>", "{x^{2}}^{3}");
    LATEX("<msup><mrow><mo>(</mo><mi>x</mi><mo>)</mo></mrow><mn>2</mn></msup>", "{(x)}^{2}");
    LATEX("<msup><mi>f</mi><mo>′</mo></msup>", "f^{\\prime}");
    LATEX("<mmultiscripts><mi>C</mi><mn>6</mn><none/><mprescripts/><mn>6</mn><mn>14</mn>"
          "</mmultiscripts>",
          "{}_{6}^{14}C_{6}^{}");
}

TEST(limits_stand_under_and_over)
{
    LATEX(
        "<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover>",
        "\\sum_{i=1}^{n}");
    LATEX("<munder><mi>lim</mi><mrow><mi>x</mi><mo>→</mo><mn>0</mn></mrow></munder>",
          "\\lim_{x\\rightarrow0}");
    LATEX("<munder><mrow><mi>max</mi><mo>&ApplyFunction;</mo></mrow><mi>S</mi></munder>",
          "\\max_{S}");
    LATEX("<mo><mover><mo><mo>=</mo></mo><mo>!</mo></mover></mo>", "\\overset{!}{=}");
    LATEX("<mover><mi>x</mi><mo>¯</mo></mover>", "\\bar{x}");
    LATEX("<mover><mrow><mi>A</mi><mi>B</mi></mrow><mo>→</mo></mover>", "\\overrightarrow{AB}");
    LATEX("<mover><mi>v</mi><mo>→</mo></mover>", "\\vec{v}");
    LATEX("<mover><mo>→</mo><mi>f</mi></mover>", "\\xrightarrow{f}");
    LATEX("<mover><mo>=</mo><mtext>def</mtext></mover>", "\\overset{\\text{def}}{=}");
    LATEX("<munder><munder><mi>x</mi><mo>⏟</mo></munder><mi>n</mi></munder>",
          "\\underbrace{x}_{n}");
    LATEX("<munderover><mi>x</mi><mi>a</mi><mi>b</mi></munderover>",
          "\\overset{b}{\\underset{a}{x}}");
}

TEST(matrices_grow_their_fences)
{
    LATEX("<mrow><mo>(</mo><mtable><mtr><mtd><mi>a</mi></mtd><mtd><mi>b</mi></mtd></mtr>"
          "<mtr><mtd><mi>c</mi></mtd><mtd><mi>d</mi></mtd></mtr></mtable><mo>)</mo></mrow>",
          "\\left(\\begin{matrix}a & b \\\\ c & d\\end{matrix}\\right)");
    LATEX("<mrow><mo>{</mo><mtable><mtr><mtd><mn>1</mn></mtd></mtr></mtable></mrow>",
          "\\left\\{\\begin{matrix}1\\end{matrix}\\right.");
    LATEX("<mtable><mlabeledtr><mtd><mtext>(1)</mtext></mtd><mtd><mi>x</mi></mtd></mlabeledtr>"
          "</mtable>",
          "\\begin{matrix}x\\end{matrix}");
    LATEX("<mfenced><mi>a</mi><mi>b</mi></mfenced>", "\\left(a,b\\right)");
    LATEX("<mfenced open='[' close='' separators=';'><mi>a</mi><mi>b</mi></mfenced>",
          "\\left[a;b\\right.");
}

TEST(only_what_is_shown_of_a_choice_is_said)
{
    LATEX("<semantics><mi>x</mi><annotation-xml><ci>y</ci></annotation-xml></semantics>", "x");
    LATEX("<maction><mi>x</mi><mi>y</mi></maction>", "x");
    LATEX("<mstyle><mpadded><mi>x</mi></mpadded></mstyle><mphantom><mi>y</mi></mphantom>",
          "x\\phantom{y}");
    LATEX("<menclose notation=box><mi>x</mi></menclose>", "\\boxed{x}");
}

TEST(what_is_malformed_is_a_row)
{
    LATEX("<mfrac><mi>a</mi></mfrac>", "a");
    LATEX("<msup><mi>a</mi><mi>b</mi><mi>c</mi></msup>", "abc");
    LATEX("<mrow></mrow><mtable></mtable>", "\\begin{matrix}\\end{matrix}");
    LATEX("", "");
}

TEST_MAIN()
