/* SPDX-License-Identifier: Apache-2.0 */
/* The project's store: what it refuses, what a transaction keeps, and whose lease counts. */
#include "cli/project_lease.h"

#include "harness/test.h"

#include <sys/wait.h>
#include <unistd.h>

static char folder[] = "/tmp/quern-project-XXXXXX";

static struct project open_project(const char *path)
{
    struct project project;
    struct trouble trouble = {0};
    if (!CHECK(project_open(&project, path, true, &trouble))) {
        (void)fprintf(stderr, "%s\n", text_string(&trouble.message));
    }
    trouble_release(&trouble);
    return project;
}

TEST(a_commit_is_kept_and_a_rollback_is_not)
{
    struct project project = open_project(":memory:");
    struct trouble trouble = {0};
    static const char insert[] = "INSERT INTO lease VALUES (?, NULL, 'run', 'boot', 1, 2, NULL)";
    CHECK(project_begin(&project, &trouble));
    CHECK(project_do(&project, &trouble, insert, "t", "kept"));
    CHECK(project_end(&project, true, &trouble));
    CHECK(project_begin(&project, &trouble));
    CHECK(project_do(&project, &trouble, insert, "t", "dropped"));
    CHECK(!project_end(&project, false, &trouble));
    CHECK_INT(project_integer(&project, &trouble, -1, "SELECT count(*) FROM lease", ""), 1);
    CHECK_INT(trouble.code, TROUBLE_NONE);
    CHECK(!project_do(&project, &trouble, insert, "t", "kept"));
    CHECK_INT(trouble.code, TROUBLE_INTERNAL); /* trying again would not help */
    CHECK_INT(project_integer(&project, &trouble, -1, "SELECT 1 WHERE 0", ""), -1);
    trouble_release(&trouble);
    project_close(&project);
}

TEST(a_fire_has_one_row_and_a_known_outcome)
{
    struct project project = open_project(":memory:");
    struct trouble trouble = {0};
    static const char insert[] = "INSERT INTO fire VALUES ('job', 1, 1, ?, NULL, 1, 1)";
    CHECK(project_do(&project, &trouble, insert, "t", "queued"));
    CHECK(!project_do(&project, &trouble, insert, "t", "run"));
    trouble_release(&trouble);
    trouble = (struct trouble){0};
    CHECK(!project_do(&project, &trouble,
                      "INSERT INTO fire VALUES ('job', 2, 1, 'lost', NULL, 1, 1)", ""));
    CHECK(!project_do(&project, &trouble,
                      "INSERT INTO fire VALUES ('job', 'noon', 1, 'run', NULL, 1, 1)", ""));
    trouble_release(&trouble);
    project_close(&project);
}

TEST(a_file_of_another_version_or_of_no_database_is_refused)
{
    struct text path = {0};
    CHECK(mkdtemp(folder));
    text_add_format(&path, "%s/project.db", folder);
    struct project project = open_project(text_string(&path));
    struct trouble trouble = {0};
    CHECK(project_do(&project, &trouble, "PRAGMA user_version = 99", ""));
    project_close(&project);
    CHECK(!project_open(&project, text_string(&path), true, &trouble));
    CHECK(strstr(text_string(&trouble.message), "another version"));
    trouble_release(&trouble);
    trouble = (struct trouble){0};
    project_close(&project);
    FILE *file = fopen(text_string(&path), "w");
    for (int i = 0; file && i < 1000; i++) {
        (void)fputs("no database", file);
    }
    CHECK(file && fclose(file) == 0);
    CHECK(!project_open(&project, text_string(&path), true, &trouble));
    trouble_release(&trouble);
    trouble = (struct trouble){0};
    project_close(&project);
    (void)unlink(text_string(&path));
    CHECK(!project_open(&project, text_string(&path), false, &trouble));
    CHECK_INT(trouble.code, TROUBLE_NO_INPUT);
    trouble_release(&trouble);
    project_close(&project);
    text_add_string(&path, "-wal");
    (void)unlink(text_string(&path));
    (void)rmdir(folder);
    text_release(&path);
}

TEST(a_process_is_its_boot_its_id_and_its_start)
{
    struct project_process self;
    CHECK(project_process_read(&self, getpid()));
    CHECK(self.start > 0 && strlen(self.boot) == 36);
    CHECK(project_process_lives(&self));
    struct project_process other = self;
    other.boot[0] = other.boot[0] == 'a' ? 'b' : 'a';
    CHECK(!project_process_lives(&other));
    other = self;
    other.start++;
    CHECK(!project_process_lives(&other));
    other = self;
    other.pid = 0;
    CHECK(!project_process_lives(&other));
}

TEST(a_dead_child_that_nobody_has_waited_for_does_not_live)
{
    struct project_process child;
    int ends[2];
    CHECK(pipe(ends) == 0);
    const pid_t pid = fork();
    if (pid == 0) {
        char byte;
        (void)!read(ends[0], &byte, 1);
        _exit(0);
    }
    CHECK(project_process_read(&child, pid));
    CHECK(project_process_lives(&child));
    (void)!write(ends[1], "x", 1);
    siginfo_t info;
    CHECK(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) == 0);
    CHECK(!project_process_lives(&child));
    CHECK(waitpid(pid, NULL, 0) == pid);
    (void)close(ends[0]);
    (void)close(ends[1]);
}

TEST(a_lease_says_who_holds_it_until_it_is_dropped)
{
    struct project project = open_project(":memory:");
    struct trouble trouble = {0};
    struct project_process self;
    struct project_process holder;
    int64_t run = 0;
    CHECK(project_process_read(&self, getpid()));
    CHECK(!project_lease_read(&project, "job", &holder, &run, &trouble));
    CHECK(project_lease_take(&project, "job", 7, "run", &self, 0, &trouble));
    CHECK(project_lease_read(&project, "job", &holder, &run, &trouble));
    CHECK_INT(run, 7);
    CHECK(project_process_lives(&holder));
    CHECK(project_lease_drop(&project, "job", &trouble));
    CHECK(!project_lease_read(&project, "job", &holder, &run, &trouble));
    CHECK_INT(trouble.code, TROUBLE_NONE);
    trouble_release(&trouble);
    project_close(&project);
}

TEST_MAIN()
