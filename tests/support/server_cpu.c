#include "support/server_cpu.h"

#include "base/str.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define STAT_BYTES 1024

/* Of the words behind the name in /proc/<pid>/stat. */
enum { PARENT = 1, USER = 11, SYSTEM, ENDED_USER, ENDED_SYSTEM, WORDS };

/* Those words as numbers (the first is a letter); false when there is no such process. */
static bool stat_read(const char *pid, int64_t ret_words[WORDS])
{
    char path[64];
    char text[STAT_BYTES];
    size_t len;

    if (snprintf(path, sizeof(path), "/proc/%.20s/stat", pid) < 0)
        return false;
    FILE *file = fopen(path, "r");

    if (file == NULL)
        return false;
    len = fread(text, 1, sizeof(text) - 1, file);
    (void)fclose(file);
    text[len] = '\0';
    const char *name_end = strrchr(text, ')');

    if (name_end == NULL || name_end[1] == '\0')
        return false;
    struct fc_str rest = fc_str_of(name_end + 2);

    for (int i = 0; i < WORDS; i++)
        if (!fc_str_to_i64(fc_str_cut(&rest, ' '), INT64_MIN, INT64_MAX, &ret_words[i]) && i > 0)
            return false;
    return true;
}

static int64_t children_ticks(int64_t parent)
{
    DIR *processes = opendir("/proc");
    struct dirent *entry;
    int64_t words[WORDS];
    int64_t ticks = 0;

    if (processes == NULL)
        return 0;
    while ((entry = readdir(processes)) != NULL)
        if (entry->d_name[0] >= '0' && entry->d_name[0] <= '9' && stat_read(entry->d_name, words) &&
            words[PARENT] == parent)
            ticks += words[USER] + words[SYSTEM];
    (void)closedir(processes);
    return ticks;
}

int64_t server_cpu_us(int64_t backend_pid)
{
    int64_t words[WORDS];
    char pid[24];

    (void)snprintf(pid, sizeof(pid), "%lld", (long long)backend_pid);
    if (!stat_read(pid, words))
        return 0;
    int64_t server = words[PARENT];

    (void)snprintf(pid, sizeof(pid), "%lld", (long long)server);
    if (!stat_read(pid, words))
        return 0;
    int64_t ticks = words[USER] + words[SYSTEM] + words[ENDED_USER] + words[ENDED_SYSTEM] +
                    children_ticks(server);

    return ticks * 1000000 / sysconf(_SC_CLK_TCK);
}
