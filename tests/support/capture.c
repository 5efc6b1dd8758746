#include "support/capture.h"

#include "base/assert.h"

#include <stdio.h>
#include <unistd.h>

void capture_begin(struct capture *capture, int fd)
{
    int ends[2];
    int rc = fflush(NULL) == 0 ? pipe(ends) : -1;

    FC_ASSERT(rc == 0);
    capture->fd = fd;
    capture->saved = dup(fd);
    capture->reading = ends[0];
    rc = dup2(ends[1], fd);
    FC_ASSERT(rc == fd);
    FC_ASSERT(capture->saved >= 0);
    (void)close(ends[1]);
}

struct fc_str capture_end(struct capture *capture)
{
    size_t len = 0;
    ssize_t count = 1;
    int rc = fflush(NULL) == 0 ? dup2(capture->saved, capture->fd) : -1;

    FC_ASSERT(rc == capture->fd);
    (void)close(capture->saved);
    while (count > 0 && len < sizeof(capture->text)) {
        count = read(capture->reading, capture->text + len, sizeof(capture->text) - len);
        len += count > 0 ? (size_t)count : 0;
    }
    (void)close(capture->reading);
    return (struct fc_str){capture->text, len};
}
