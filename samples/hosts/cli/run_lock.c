/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/run_lock.h"

#include "cli/store.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LOCK_TRIES_MAX = 100 };

static void name_lock(struct run_lock *lock, const struct job_file *job)
{
    if (job->sink == JOB_SINK_STDOUT || job->sink == JOB_SINK_POSTGRESQL) {
        return;
    }
    span beside = span_of(job->sink_path); /* a folder that may not be there yet */
    while (beside.len > 1 && beside.ptr[beside.len - 1] == '/') {
        beside.len--;
    }
    text_add(&lock->path, beside);
    text_add_format(&lock->path, ".quern-lock-%016" PRIx64, store_hash(job->name));
}

/* The file that is locked may have been taken away by the run that held it. */
static bool is_still_there(const struct run_lock *lock)
{
    struct stat ours;
    struct stat there;
    return lock->path.len == 0 ||
           (fstat(lock->descriptor, &ours) == 0 && stat(text_string(&lock->path), &there) == 0 &&
            ours.st_ino == there.st_ino && ours.st_dev == there.st_dev);
}

bool run_lock_take(struct run_lock *lock, const struct job_file *job, const char *job_path,
                   struct trouble *trouble)
{
    name_lock(lock, job);
    if (lock->path.failed) {
        return trouble_memory(trouble);
    }
    int tries = LOCK_TRIES_MAX;
    do {
        if (lock->descriptor >= 0) {
            (void)close(lock->descriptor);
        }
        lock->descriptor = lock->path.len > 0
                               ? open(text_string(&lock->path), O_RDWR | O_CREAT | O_CLOEXEC, 0666)
                               : open(job_path, O_RDONLY | O_CLOEXEC);
        if (lock->descriptor >= 0 && flock(lock->descriptor, LOCK_EX | LOCK_NB) != 0 &&
            errno == EWOULDBLOCK) {
            (void)close(lock->descriptor);
            lock->descriptor = -1;
            return trouble_set(trouble, TROUBLE_BUSY, "%s: is being run already", job_path);
        }
    } while (lock->descriptor >= 0 && !is_still_there(lock) && --tries > 0);
    return true;
}

/* The file goes while it is locked, so that nobody locks one that is gone and believes it. */
void run_lock_release(struct run_lock *lock)
{
    if (lock->descriptor >= 0) {
        if (lock->path.len > 0) {
            (void)unlink(text_string(&lock->path));
        }
        (void)close(lock->descriptor);
    }
    text_release(&lock->path);
}
