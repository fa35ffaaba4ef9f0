/* SPDX-License-Identifier: Apache-2.0 */
#include "harness/inputs.h"

#include "harness/rows.h"
#include "harness/zip_folder.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>

static bool exists(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0;
}

static bool is_folder(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

/* `X.json` and `X.with` speak of `X`; alone they are inputs. Scripts, notes and folders whose name
 * has no ending are none. */
static bool is_input(const char *folder, const char *name)
{
    static const char *const beside[] = {".json", ".with"};
    static const char *const never[] = {".py", ".md", ".cmake"};
    char path[1024];
    const str whole = str_of(name);
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    if (name[0] == '.' || (is_folder(path) && !strchr(name, '.'))) {
        return false;
    }
    for (size_t i = 0; i < sizeof never / sizeof *never; i++) {
        if (str_ends(whole, str_of(never[i]))) {
            return false;
        }
    }
    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++) {
        if (str_ends(whole, str_of(beside[i]))) {
            (void)snprintf(path, sizeof path, "%s/%.*s", folder,
                           (int)(whole.len - strlen(beside[i])), name);
            if (exists(path)) {
                return false;
            }
        }
    }
    return true;
}

static bool take_with(struct input *input, char *key, char *value)
{
    if (strcmp(key, "url") == 0) {
        input->about.url = value;
    } else if (strcmp(key, "name") == 0) {
        input->about.name = *value ? value : NULL;
    } else if (strcmp(key, "media_type") == 0) {
        input->about.media_type = value;
    } else if (input->option_count < INPUT_OPTIONS_MAX) {
        input->options[input->option_count++] = (struct quern_option){.key = key, .value = value};
    } else {
        return false;
    }
    return true;
}

static bool read_with(struct input *input)
{
    char path[1100];
    size_t len = 0;
    (void)snprintf(path, sizeof path, "%s.with", input->path);
    if (!exists(path)) {
        return true;
    }
    input->with = (char *)file_read(path, &len);
    char *rest = input->with;
    for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n")) {
        char *equals = strchr(line, '=');
        if (*line == '\0' || *line == '#') {
            continue;
        }
        if (!equals) {
            fprintf(stderr, "%s: not key=value: %s\n", path, line);
            return false;
        }
        *equals = '\0';
        if (!take_with(input, line, equals + 1)) {
            fprintf(stderr, "%s: too many options\n", path);
            return false;
        }
    }
    return true;
}

bool input_load(struct input *input, const char *path)
{
    *input = (struct input){0};
    (void)snprintf(input->path, sizeof input->path, "%s", path);
    if (is_folder(path)) {
        (void)zip_folder(path, &input->data, &input->len);
    } else {
        input->data = file_read(path, &input->len);
    }
    const char *slash = strrchr(input->path, '/');
    input->about = (struct quern_input){.struct_size = sizeof input->about,
                                        .name = slash ? slash + 1 : input->path};
    if (!input->data || !read_with(input)) {
        input_release(input);
        return false;
    }
    return true;
}

void input_release(struct input *input)
{
    free(input->data);
    free(input->with);
    *input = (struct input){0};
}

bool inputs_each(const char *folder, void (*each)(void *context, struct input *input),
                 void *context)
{
    struct dirent **entries = NULL;
    const int count = scandir(folder, &entries, NULL, alphasort);
    int done = 0;
    int wanted = 0;
    for (int i = 0; i < count; i++) {
        if (is_input(folder, entries[i]->d_name)) {
            char path[1024];
            struct input input;
            wanted++;
            (void)snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
            if (input_load(&input, path)) {
                done++;
                each(context, &input);
                input_release(&input);
            }
        }
        free(entries[i]);
    }
    free(entries);
    return done > 0 && done == wanted;
}

int32_t input_convert(const struct input *input, const uint8_t *data, size_t len,
                      const struct quern_host *host, struct rows *rows)
{
    const struct quern_plugin *plugin = quern_plugin_entry(QUERN_ABI_MAJOR, NULL);
    struct quern_convert *convert = NULL;
    struct ArrowArrayStream stream = {0};
    struct quern_input about = input->about;
    about.data = data;
    about.len = len;
    int32_t status =
        plugin->convert_open(host, input->options, input->option_count, NULL, 0, &convert, NULL);
    if (status != QUERN_OK) {
        return status;
    }
    status = plugin->convert_stream(convert, &about, &stream, NULL);
    if (status == QUERN_OK) {
        rows_read(&stream, rows);
    }
    plugin->convert_close(convert);
    return status;
}
