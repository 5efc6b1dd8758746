#include "common/lines.h"

#include "base/assert.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* Reads all of it; *ret_end is where the last whole line ends. */
static enum fc_rc read_all(int fd, lines_fn *read_line, void *arg, off_t *ret_end,
                           struct fc_err *ret_err)
{
    static char bytes[LINES_BYTES_MAX];
    size_t len = 0;
    ssize_t count;

    *ret_end = 0;
    while ((count = read(fd, bytes + len, sizeof(bytes) - len)) > 0) {
        struct fc_str rest = {bytes, len + (size_t)count};
        const char *newline;

        while ((newline = memchr(rest.ptr, '\n', rest.len)) != NULL) {
            struct fc_str line = {rest.ptr, (size_t)(newline - rest.ptr)};

            read_line(arg, line);
            *ret_end += (off_t)line.len + 1;
            rest = (struct fc_str){newline + 1, rest.len - line.len - 1};
        }
        if (rest.len == sizeof(bytes))
            return fc_err_set(ret_err, FC_CURE_EXIT, "lines_open", "a line is too long");
        memmove(bytes, rest.ptr, rest.len);
        len = rest.len;
    }
    return count == 0 ? FC_OK : fc_err_set_sys(ret_err, FC_CURE_EXIT, "lines_open", errno);
}

enum fc_rc lines_open(struct lines *lines, const char *path, lines_fn *read_line, void *arg,
                      struct fc_err *ret_err)
{
    off_t end;

    lines->fd = -1;
    if (path[0] == '\0')
        return FC_OK;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    if (fd < 0)
        return fc_err_set_sys(ret_err, FC_CURE_EXIT, path, errno);
    if (read_all(fd, read_line, arg, &end, ret_err) == FC_FAIL)
        goto out;
    if (ftruncate(fd, end) != 0 || lseek(fd, end, SEEK_SET) < 0) {
        (void)fc_err_set_sys(ret_err, FC_CURE_EXIT, path, errno);
        goto out;
    }
    lines->fd = fd;
    return FC_OK;
out:
    (void)close(fd);
    return FC_FAIL;
}

void lines_close(struct lines *lines)
{
    if (lines->fd >= 0)
        (void)close(lines->fd);
    lines->fd = -1;
}

static enum fc_rc write_all(int fd, struct fc_str text, struct fc_err *ret_err)
{
    size_t done = 0;

    while (done < text.len) {
        ssize_t written = write(fd, text.ptr + done, text.len - done);

        if (written < 0 && errno != EINTR)
            return fc_err_set_sys(ret_err, FC_CURE_EXIT, "lines_append", errno);
        done += written > 0 ? (size_t)written : 0;
    }
    return FC_OK;
}

enum fc_rc lines_append(struct lines *lines, struct fc_str text, struct fc_err *ret_err)
{
    FC_ASSERT(text.len < LINES_BYTES_MAX);
    if (lines->fd < 0)
        return FC_OK;
    if (write_all(lines->fd, text, ret_err) == FC_FAIL)
        return FC_FAIL;
    return write_all(lines->fd, FC_STR("\n"), ret_err);
}
