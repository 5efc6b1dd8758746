#include "host/process_stat.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Fields of /proc/self/stat behind the name, counted from 0 (proc(5) counts the state as 3). */
#define STAT_UTIME 11
#define STAT_STIME 12
#define STAT_START 19
#define STAT_FIELDS 20

static struct fc_str file_read(const char *path, char *memory, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return FC_STR_NONE;
    ssize_t count = read(fd, memory, size);

    (void)close(fd);
    return (struct fc_str){memory, count > 0 ? (size_t)count : 0};
}

static int64_t ticks_us(int64_t ticks, int64_t ticks_per_s)
{
    return ticks * (FC_US_PER_S / ticks_per_s);
}

/* The name may hold anything, blanks and brackets too: the last bracket ends it. */
static bool stat_read(int64_t *ret_cpu_us, int64_t *ret_start_us)
{
    char memory[1024];
    struct fc_str text = file_read("/proc/self/stat", memory, sizeof(memory));
    int64_t ticks_per_s = sysconf(_SC_CLK_TCK);
    int64_t fields[STAT_FIELDS] = {0};
    size_t at = text.len;

    while (at > 0 && text.ptr[at - 1] != ')')
        at--;
    if (at == 0 || at == text.len || ticks_per_s <= 0)
        return false;
    text.ptr += at + 1;
    text.len -= at + 1;
    for (size_t i = 0; i < STAT_FIELDS; i++) {
        struct fc_str field = fc_str_cut(&text, ' ');

        /* The state is a letter; of the others only three are looked at. */
        if (i == STAT_UTIME || i == STAT_STIME || i == STAT_START)
            if (!fc_str_to_i64(field, 0, INT64_MAX / FC_US_PER_S, &fields[i]))
                return false;
    }
    *ret_cpu_us = ticks_us(fields[STAT_UTIME] + fields[STAT_STIME], ticks_per_s);
    *ret_start_us = ticks_us(fields[STAT_START], ticks_per_s);
    return true;
}

static bool resident_read(int64_t *ret_bytes)
{
    char memory[256];
    struct fc_str text = file_read("/proc/self/statm", memory, sizeof(memory));
    int64_t pages;

    (void)fc_str_cut(&text, ' ');
    if (!fc_str_to_i64(fc_str_cut(&text, ' '), 0, INT32_MAX, &pages))
        return false;
    *ret_bytes = pages * sysconf(_SC_PAGESIZE);
    return true;
}

/* When the machine began, by the kernel's own reckoning, which clocks being set do not move. */
static bool boot_read(int64_t *ret_us)
{
    FILE *file = fopen("/proc/stat", "re");
    char line[256];
    int64_t seconds;
    bool found = false;

    if (file == NULL)
        return false;
    while (!found && fgets(line, sizeof(line), file) != NULL) {
        struct fc_str text = fc_str_of(line);
        struct fc_str first_line = fc_str_cut(&text, '\n');

        if (!fc_str_eq(fc_str_cut(&first_line, ' '), FC_STR("btime")))
            continue;
        found = fc_str_to_i64(first_line, 0, INT32_MAX, &seconds);
        break;
    }
    (void)fclose(file);
    if (found)
        *ret_us = seconds * FC_US_PER_S;
    return found;
}

static bool open_fds_read(int32_t *ret_count)
{
    DIR *folder = opendir("/proc/self/fd");
    int32_t count = 0;

    if (folder == NULL)
        return false;
    for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder))
        if (entry->d_name[0] != '.')
            count++;
    (void)closedir(folder);
    /* One of them was the folder's. */
    *ret_count = count - 1;
    return true;
}

bool fc_process_stat_read(struct fc_process_stat *ret_stat)
{
    struct fc_process_stat stat;
    int64_t start_us;
    int64_t boot_us;

    if (!stat_read(&stat.cpu_us, &start_us) || !resident_read(&stat.resident_bytes) ||
        !boot_read(&boot_us) || !open_fds_read(&stat.open_fds))
        return false;
    stat.start.us = boot_us + start_us;
    *ret_stat = stat;
    return true;
}
