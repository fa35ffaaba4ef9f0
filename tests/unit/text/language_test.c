/* SPDX-License-Identifier: Apache-2.0 */
/* Guards which language a text is said to be in, and that too little text is said to be in none. */
#include "text/language.h"

#include "harness/test.h"

TEST(a_sentence_tells_its_language)
{
    CHECK_STR(language_detect(STR("渡船清晨五点四十分开，晚上九点停。")), STR("zh-Hans"));
    CHECK_STR(language_detect(STR("渡口的時刻表，請準時到達碼頭。")), STR("zh-Hant"));
    CHECK_STR(language_detect(STR("船は朝早く出て、夜おそく戻ります。")), STR("ja"));
    CHECK_STR(language_detect(STR("배는 아침 일찍 떠나서 밤늦게 돌아옵니다.")), STR("ko"));
    CHECK_STR(language_detect(STR("Паром уходит рано утром и возвращается поздно вечером.")),
              STR("ru"));
    CHECK_STR(language_detect(STR("Das Schiff fährt früh am Morgen ab und kommt spät zurück.")),
              STR("de"));
    CHECK_STR(language_detect(STR("The ferry leaves early in the morning and returns at night.")),
              STR("en"));
    CHECK_STR(language_detect(STR("Το πλοίο φεύγει νωρίς το πρωί.")), STR("el"));
}

TEST(too_little_is_no_language)
{
    CHECK_STR(language_detect(STR("")), STR(""));
    CHECK_STR(language_detect(STR("OK 12,5 % - 3")), STR(""));
    CHECK_STR(language_detect(STR("xkq zzvw qqjx wvkx zqxj kkqz xwvz")), STR(""));
}

TEST_MAIN()
