/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/args.h"
#include "harness/test.h"

TEST(options_and_operands_are_told_apart)
{
    struct args args;
    struct trouble trouble = {0};
    static char convert[] = "convert";
    static char set[] = "--set";
    static char key[] = "a=b=c";
    static char to[] = "--to=text";
    static char file[] = "f.txt";
    static char dash[] = "-";
    static char end[] = "--";
    static char odd[] = "--odd";
    char *argv[] = {convert, convert, set, key, file, to, dash, end, odd};
    CHECK(args_read(&args, 9, argv, &trouble));
    CHECK(args.command == ARGS_CONVERT);
    CHECK_STR(str_of(args_value(&args, "set")), STR("a=b=c"));
    CHECK_STR(str_of(args_value(&args, "to")), STR("text"));
    CHECK(!args_has(&args, "keep"));
    CHECK_INT(args.operand_count, 3);
    CHECK_STR(str_of(args.operands[1]), STR("-"));
    CHECK_STR(str_of(args.operands[2]), STR("--odd"));
    args_release(&args);
    trouble_release(&trouble);
}

static void check_refused(int argc, char **argv, const char *part)
{
    struct args args;
    struct trouble trouble = {0};
    CHECK(!args_read(&args, argc, argv, &trouble));
    CHECK_INT(trouble.code, 64);
    if (!CHECK(strstr(text_string(&trouble.message), part))) {
        (void)fprintf(stderr, "got %s\n", text_string(&trouble.message));
    }
    args_release(&args);
    trouble_release(&trouble);
}

TEST(every_slip_is_named)
{
    char quern[] = "quern";
    char convert[] = "convert";
    char run[] = "run";
    char set[] = "--set";
    char quiet[] = "--quiet=yes";
    char unknown[] = "--unknown";
    char letter[] = "-x";
    char a[] = "a";
    char b[] = "b";
    check_refused(1, (char *[]){quern}, "no command");
    check_refused(2, (char *[]){quern, a}, "a: no command");
    check_refused(2, (char *[]){quern, convert}, "usage: quern convert");
    check_refused(3, (char *[]){quern, convert, set}, "--set needs a value");
    check_refused(4, (char *[]){quern, convert, quiet, a}, "--quiet takes no value");
    check_refused(4, (char *[]){quern, convert, unknown, a}, "--unknown: no option");
    check_refused(3, (char *[]){quern, convert, letter}, "./-x");
    check_refused(4, (char *[]){quern, run, a, b}, "b: usage: quern run");
}

TEST(help_lists_every_command_and_exit_code)
{
    struct text text = {0};
    args_overview(&text);
    static const char *const words[] = {"convert", "run",  "plan", "info", "help",
                                        "version", "  64", "  65", "  66", "  69",
                                        "  70",    "  73", "  74", "  75", "  78"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        CHECK(strstr(text_string(&text), words[i]) != NULL);
    }
    text_clear(&text);
    args_help(&text, ARGS_RUN);
    CHECK(strstr(text_string(&text), "at least once") != NULL);
    CHECK(strstr(text_string(&text), "--anew") != NULL);
    text_release(&text);
}

TEST_MAIN()
