/* SPDX-License-Identifier: Apache-2.0 */
#include "common/library_check.h"

#include <fcntl.h>
#include <link.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SEGMENTS_MAX = 64 /* a library has about ten */ };

static bool read_at(int file, void *to, size_t size, off_t offset)
{
    return pread(file, to, size, offset) == (ssize_t)size;
}

static bool is_ours(const ElfW(Ehdr) * header)
{
    const unsigned char class = sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32;
    return memcmp(header->e_ident, ELFMAG, SELFMAG) == 0 && header->e_ident[EI_CLASS] == class &&
           header->e_phentsize == sizeof(ElfW(Phdr)) && header->e_phnum <= SEGMENTS_MAX;
}

/* ELF: the program header's p_offset and p_filesz say what is mapped. */
static bool segments_fit(int file, const ElfW(Ehdr) * header, uint64_t size)
{
    ElfW(Phdr) segments[SEGMENTS_MAX];
    if (header->e_phoff > size ||
        !read_at(file, segments, header->e_phnum * sizeof *segments, (off_t)header->e_phoff)) {
        return false;
    }
    for (size_t i = 0; i < header->e_phnum; i++) {
        const uint64_t from = segments[i].p_offset;
        if (segments[i].p_type == PT_LOAD && (from > size || segments[i].p_filesz > size - from)) {
            return false;
        }
    }
    return true;
}

bool library_is_whole(const char *path)
{
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return true;
    }
    ElfW(Ehdr) header;
    struct stat status;
    const bool whole = fstat(file, &status) != 0 || !read_at(file, &header, sizeof header, 0) ||
                       !is_ours(&header) || segments_fit(file, &header, (uint64_t)status.st_size);
    (void)close(file);
    return whole;
}
