/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/args.h"

#include <string.h>

enum { OPTION_MAX = 16 };

struct command {
    const char *name;
    const char *operands;
    const char *summary;
    const char *details;
    size_t operands_min;
    size_t operands_max;
    struct args_option options[OPTION_MAX]; /* up to the first without a name */
};

/* clang-format off */
#define OPTION_PLUGIN \
    {"plugin", "PATH", "plugin.toml, library or folder of the plugin (else QUERN_PLUGIN, or beside this program)"}
#define OPTION_QUIET {"quiet", NULL, "no progress and no summary, errors only"}
#define OPTION_PROGRESS {"progress", "json", "progress and summary as JSON lines on standard error"}
#define OPTION_PROJECT {"project", "FILE", "the project's store (else quern-project.db), on a local disk"}
#define OPTION_HELP {"help", NULL, "this text"}

static const struct command commands[ARGS_COMMAND_COUNT] = {
    [ARGS_CONVERT] = {
        "convert", "INPUT...", "make records of files, folders, URLs or standard input",
        "INPUT is a file, a folder (walked), an http or https URL, keep:FOLDER (what --keep kept),\n"
        "a web archive (.warc, .warc.gz, warc:FOLDER; --set warc=FOLDER writes them),\n"
        "or - for standard input. Every input gives a record: one that cannot be converted says so.\n"
        "Texts on standard output are separated by a line with a form feed (U+000C), Markdown by ---.",
        1, SIZE_MAX,
        {{"to", "SINK", "ndjson (default): a record a line; text: the texts; markdown: the same as Markdown; sqlite:PATH: upsert into its table quern_record"},
         {"columns", "A,B,...", "only these columns, in this order (quern info lists them)"},
         {"set", "KEY=VALUE", "an option of the plugin; may stand several times, and lists grow by it"},
         {"keep", "FOLDER", "keep received content there by its SHA-256, but not standard input's"},
         OPTION_PROGRESS, OPTION_QUIET, OPTION_PLUGIN, OPTION_HELP}},
    [ARGS_EXPLAIN] = {
        "explain", "INPUT", "show what became of a page: each piece kept or dropped, why, and where",
        "INPUT is a file, a folder or a URL. Pieces come in the order of the content: the byte they begin\n"
        "at, their length, keep or drop, the block's kind or the reason (and the column their text went\n"
        "to, and the rule that decided), and the beginning of their text.",
        1, 1,
        {{"html", "FILE", "write a page instead: the source beside the result, dropped passages tinted"},
         {"set", "KEY=VALUE", "an option of the plugin; may stand several times, and lists grow by it"},
         OPTION_PROGRESS, OPTION_QUIET, OPTION_PLUGIN, OPTION_HELP}},
    [ARGS_RUN] = {
        "run", "JOB.toml", "do what a job file says, or go on where its last run stopped",
        "A run that was interrupted, even by kill -9, is continued: nothing is lost, nothing comes\n"
        "twice. When all inputs have their records, the next run begins anew; that also holds when it\n"
        "was killed after it had committed the last of them.\n"
        "sqlite:  rows (table quern_record) and state are committed together; a document that fails\n"
        "         keeps the good row it had, and the failure stands in quern_failure.\n"
        "         A new run asks web hosts only for what has changed (option revalidate): what is known\n"
        "         of each document stands in quern_memo. The other sinks ask for everything anew.\n"
        "postgresql: the same in a server's database, sent by COPY; connection = \"env:NAME\" or\n"
        "         \"file:PATH\" names where the connection string stands, wait = \"1m\" how long a server\n"
        "         that is away is waited for. Rows, state and what is known are one transaction.\n"
        "ndjson:  appended; the state file PATH.quern-state holds how much of it is committed, and a\n"
        "         continued run first cuts the file back to that.\n"
        "text:    a folder of ID.txt, each complete whenever it is there; state in .quern-state;\n"
        "         markdown: the same of ID.md.\n"
        "stdout:  keeps no state: every run begins anew, so records come at least once.\n"
        "Paths in a job file are relative to the folder this command runs in.",
        1, 1,
        {{"set", "KEY=VALUE", "an option of the plugin, before the job file's"},
         {"anew", NULL, "forget where the last run stopped and begin a new one"},
         OPTION_PROGRESS, OPTION_QUIET, OPTION_PLUGIN, OPTION_HELP}},
    [ARGS_PLAN] = {
        "plan", "JOB.toml", "show who would be asked how often, without asking anybody",
        "Folders are listed, no file is read and no web host is asked.",
        1, 1,
        {{"set", "KEY=VALUE", "an option of the plugin, before the job file's"},
         OPTION_PLUGIN, OPTION_HELP}},
    [ARGS_SCHEDULE] = {
        "schedule", "[JOB.toml...]", "run jobs at the times their [schedule] names, until it is stopped",
        "Stays in the foreground; for systemd it is a service of Type=notify. Each run is a child: quern\n"
        "run JOB. Without operands, the jobs that the project knows. A cron expression has 5 fields, or 6\n"
        "with the second first, or is @hourly, @daily, @weekly, @monthly, @yearly; H in a field is a value\n"
        "that the job's name decides. Summer time: a time that is leapt over fires once, right after the\n"
        "leap; one that comes twice fires once, the first time.\n"
        "[schedule]: cron; zone (UTC); overlap = skip, queue or cancel_running; missed = last, all or\n"
        "none, within window (1d); jitter, timeout, deadman (none); retries (3) after retry_after (10m).\n"
        "Every fire leaves a row in the project: run, skipped, missed or coalesced, and why.\n"
        "SIGTERM stops runs gently; they go on at the next start. SIGHUP reads the files again. What each\n"
        "run said stands in FILE.runs/.",
        0, SIZE_MAX,
        {OPTION_PROJECT,
         {"dry-run", NULL, "show the next five fires of each job, and end"},
         {"metrics-file", "FILE", "keep OpenMetrics text there: last success, overdue, fires, runs of each job"},
         {"set", "KEY=VALUE", "an option of the plugin for every job, as of quern run"},
         OPTION_QUIET, OPTION_PLUGIN, OPTION_HELP}},
    [ARGS_STATUS] = {
        "status", "", "show each schedule: its last run, its next fire, its streak",
        "Ends with 65 when a schedule has not succeeded for its deadman time.",
        0, 0,
        {OPTION_PROJECT,
         {"json", NULL, "one JSON object instead of lines"},
         OPTION_HELP}},
    [ARGS_BACKFILL] = {
        "backfill", "JOB.toml", "run a schedule's fires of a span of time that has passed",
        "The fires are queued in the project and run one after the other: by the quern schedule that is\n"
        "there, else here. A run asks for what is there now. Days are those of the schedule's zone.",
        1, 1,
        {{"from", "TIME", "the first day or time: 2026-11-24, 2026-11-24T02:30 (of the zone), or with Z"},
         {"to", "TIME", "the last one; a day counts whole"},
         {"only", "WHICH", "missed (default): without a run; failed: whose last run did not succeed; all"},
         {"dry-run", NULL, "list the fires, queue none"},
         OPTION_PROJECT,
         {"set", "KEY=VALUE", "an option of the plugin, as of quern run"},
         OPTION_QUIET, OPTION_PLUGIN, OPTION_HELP}},
    [ARGS_REPLAY] = {
        "replay", "JOB.toml", "fetch and convert again what failed for a reason",
        "The documents of quern_failure with that error_code, of the web alone; nothing else is asked for.\n"
        "The sink must be sqlite. One that succeeds gets its record and leaves quern_failure; one that\n"
        "fails again keeps the good record it had. A stopped replay is called again; the job's own round\n"
        "is not touched.",
        1, 1,
        {{"reason", "CODE", "the error_code: http_status, connect, timeout, …"},
         {"host", "HOST", "of this web host only"},
         {"dry-run", NULL, "list the addresses, ask nobody"},
         {"set", "KEY=VALUE", "an option of the plugin, before the job file's"},
         OPTION_PROGRESS, OPTION_QUIET, OPTION_PLUGIN, OPTION_HELP}},
    [ARGS_FORGET] = {
        "forget", "WHAT JOB.toml", "remove everything that a job holds of an address or a web host",
        "WHAT is a URL, as the column url or final_url has it, or a web host, as example.org. Removed are\n"
        "records with what came out of them, validators, dead letters, and files that keep kept and that\n"
        "no other document has. The sink must be sqlite. What is still among the inputs is fetched again\n"
        "by the next run; web archives (warc) stay as they are. Nothing is asked.",
        2, 2,
        {{"dry-run", NULL, "tell what would go, and leave it there"},
         OPTION_HELP}},
    [ARGS_EXPORT] = {
        "export", "KIND JOB.toml", "write a job's schedule for another scheduler",
        "KIND is systemd: a service and a timer; cron: a line of a crontab; airflow: a DAG; k8s: a\n"
        "CronJob. What that scheduler cannot say is an error. A file that is there stays as it is.",
        2, 2,
        {{"to", "FOLDER", "where the files go (else here)"},
         OPTION_HELP}},
    [ARGS_DOCTOR] = {
        "doctor", "", "look whether this machine has what Quern needs, and say what to do",
        "Plugin, libcurl, certificates, names, disk, clock, zones, project: each is ok, warn or fail.\n"
        "Ends with 78 when one fails. Asks for the address of example.org, and nothing else.",
        0, 0,
        {OPTION_PROJECT, OPTION_PLUGIN, OPTION_HELP}},
    [ARGS_INFO] = {
        "info", "[PLUGIN]", "show the plugin: version, formats, options, columns",
        "PLUGIN is as for --plugin.",
        0, 1,
        {OPTION_PLUGIN, OPTION_HELP}},
    [ARGS_TAP] = {
        "tap", "", "send records as a tap of the Singer protocol",
        "Standard output carries messages only: SCHEMA, RECORDs, and a STATE after each batch. Give the\n"
        "last STATE that the target sent back as --state, and a sync that was stopped is gone on with;\n"
        "after a whole one, the next begins anew. A document that fails is a record that says so.\n"
        "Called by the name tap-quern, this program is this command.",
        0, 0,
        {{"config", "FILE", "JSON: inputs, options of the plugin, columns, stream, fail_above"},
         {"catalog", "FILE", "JSON: which columns are selected (as --discover prints it); else all"},
         {"properties", "FILE", "the same, as older runners call it"},
         {"state", "FILE", "JSON: the value of the last STATE"},
         {"discover", NULL, "print the catalog and end"},
         OPTION_PROGRESS, OPTION_QUIET, OPTION_PLUGIN, OPTION_HELP}},
    [ARGS_AIRBYTE] = {
        "airbyte", "VERB", "be a source of the Airbyte protocol",
        "Standard output carries messages only, what is logged among them.\n"
        "VERB is spec: what a config holds; check: whether one works, without asking any web host;\n"
        "discover: the catalog; read: records, and a state after each batch.\n"
        "A check that fails is a message, and the exit code is 0.\n"
        "Called by the name source-quern, this program is this command.",
        1, 1,
        {{"config", "FILE", "JSON: inputs, options of the plugin, columns, stream, fail_above"},
         {"catalog", "FILE", "JSON: the configured catalog, for read"},
         {"state", "FILE", "JSON: the state messages of the last read"},
         OPTION_PLUGIN, OPTION_HELP}},
    [ARGS_HELP] = {
        "help", "[COMMAND]", "show what a command takes", NULL, 0, 1, {OPTION_HELP}},
    [ARGS_VERSION] = {
        "version", "", "show the version", NULL, 0, 0, {OPTION_HELP}},
};
/* clang-format on */

bool args_find_command(const char *name, enum args_command *out)
{
    for (size_t i = 0; i < ARGS_COMMAND_COUNT; i++) {
        if (strcmp(commands[i].name, name) == 0) {
            *out = (enum args_command)i;
            return true;
        }
    }
    return false;
}

static const struct args_option *find_option(const struct command *command, span name)
{
    for (size_t i = 0; i < OPTION_MAX && command->options[i].name; i++) {
        if (span_equal(span_of(command->options[i].name), name)) {
            return &command->options[i];
        }
    }
    return NULL;
}

/* Behind the dashes at argv[*at]; the value may be the next argument. */
static bool read_option(struct args *args, struct args_given *given, char **argv, int argc, int *at,
                        struct trouble *trouble)
{
    const struct command *command = &commands[args->command];
    const char *written = argv[*at] + 2;
    const char *equals = strchr(written, '=');
    const span name = {written, equals ? (size_t)(equals - written) : strlen(written)};
    const struct args_option *option = find_option(command, name);
    if (!option) {
        return trouble_set(trouble, TROUBLE_USAGE,
                           "--%.*s: no option of quern %s; quern help %s lists them", (int)name.len,
                           written, command->name, command->name);
    }
    if (!option->value && equals) {
        return trouble_set(trouble, TROUBLE_USAGE, "--%s takes no value", option->name);
    }
    *given = (struct args_given){.option = option, .value = ""};
    if (option->value) {
        if (!equals && *at + 1 == argc) {
            return trouble_set(trouble, TROUBLE_USAGE, "--%s needs a value: --%s %s", option->name,
                               option->name, option->value);
        }
        given->value = equals ? equals + 1 : argv[++*at];
    }
    args->wants_help = args->wants_help || strcmp(option->name, "help") == 0;
    return true;
}

static bool read_command(struct args *args, const char *word, struct trouble *trouble)
{
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
        args->command = ARGS_HELP;
    } else if (strcmp(word, "--version") == 0) {
        args->command = ARGS_VERSION;
    } else if (!args_find_command(word, &args->command)) {
        return trouble_set(trouble, TROUBLE_USAGE, "%s: no command of quern; quern help lists them",
                           word);
    }
    return true;
}

/* The command that the program's own name says; `first` is where its arguments begin. */
static bool read_name(struct args *args, const char *program, int *first)
{
    const char *slash = strrchr(program, '/');
    const char *name = slash ? slash + 1 : program;
    const bool is_tap = strcmp(name, "tap-quern") == 0;
    if (!is_tap && strcmp(name, "source-quern") != 0) {
        return false;
    }
    args->command = is_tap ? ARGS_TAP : ARGS_AIRBYTE;
    *first = 1;
    return true;
}

static bool check_operands(const struct args *args, struct trouble *trouble)
{
    const struct command *command = &commands[args->command];
    if (args->wants_help || (args->operand_count >= command->operands_min &&
                             args->operand_count <= command->operands_max)) {
        return true;
    }
    return trouble_set(trouble, TROUBLE_USAGE, "%s: usage: quern %s [OPTION]... %s",
                       args->operand_count < command->operands_min
                           ? "something is missing"
                           : args->operands[command->operands_max],
                       command->name, command->operands);
}

bool args_read(struct args *args, int argc, char **argv, struct trouble *trouble)
{
    *args = (struct args){.command = ARGS_HELP};
    int first = 2;
    if (argc == 0 || !read_name(args, argv[0], &first)) {
        if (argc < 2) {
            return trouble_set(trouble, TROUBLE_USAGE, "no command; quern help lists them");
        }
        if (!read_command(args, argv[1], trouble)) {
            return false;
        }
    }
    struct args_given *given = pool_allocate(&args->pool, (size_t)argc * sizeof *given);
    const char **operands = pool_allocate(&args->pool, (size_t)argc * sizeof *operands);
    if (!given || !operands) {
        return trouble_memory(trouble);
    }
    args->given = given;
    args->operands = operands;
    bool options_end = false;
    for (int i = first; i < argc; i++) {
        const bool is_option = !options_end && argv[i][0] == '-' && argv[i][1];
        if (is_option && strcmp(argv[i], "--") == 0) {
            options_end = true;
        } else if (is_option && strcmp(argv[i], "-h") == 0) {
            args->wants_help = true;
        } else if (is_option && argv[i][1] != '-') {
            return trouble_set(trouble, TROUBLE_USAGE,
                               "%s: options begin with two dashes; a file of that name is ./%s",
                               argv[i], argv[i]);
        } else if (is_option) {
            if (!read_option(args, &given[args->given_count], argv, argc, &i, trouble)) {
                return false;
            }
            args->given_count++;
        } else {
            operands[args->operand_count++] = argv[i];
        }
    }
    return check_operands(args, trouble);
}

void args_release(struct args *args)
{
    pool_release(&args->pool);
    *args = (struct args){0};
}

const char *args_value(const struct args *args, const char *name)
{
    for (size_t i = args->given_count; i > 0; i--) {
        if (strcmp(args->given[i - 1].option->name, name) == 0) {
            return args->given[i - 1].value;
        }
    }
    return NULL;
}

bool args_has(const struct args *args, const char *name)
{
    return args_value(args, name) != NULL;
}

void args_help(struct text *to, enum args_command command)
{
    const struct command *c = &commands[command];
    text_add_format(to, "usage: quern %s [OPTION]...%s%s\n\n%s\n", c->name, *c->operands ? " " : "",
                    c->operands, c->summary);
    if (c->details) {
        text_add_format(to, "\n%s\n", c->details);
    }
    text_add_string(to, "\noptions:\n");
    for (size_t i = 0; i < OPTION_MAX && c->options[i].name; i++) {
        struct text head = {0};
        text_add_format(&head, "--%s%s%s", c->options[i].name, c->options[i].value ? " " : "",
                        c->options[i].value ? c->options[i].value : "");
        text_add_format(to, "  %-18s  %s\n", text_string(&head), c->options[i].help);
        text_release(&head);
    }
}

void args_overview(struct text *to)
{
    text_add_string(to, "usage: quern COMMAND [OPTION]... [OPERAND]...\n\n"
                        "Quern makes records of documents: every input yields one.\n\ncommands:\n");
    for (size_t i = 0; i < ARGS_COMMAND_COUNT; i++) {
        text_add_format(to, "  %-8s %-10s  %s\n", commands[i].name, commands[i].operands,
                        commands[i].summary);
    }
    text_add_string(to, "\nquern help COMMAND shows the options of one.\n\nexit codes:\n");
#define X(name, number, sentence) text_add_format(to, "  %2d  %s\n", number, sentence);
    TROUBLE_LIST(X)
#undef X
}
