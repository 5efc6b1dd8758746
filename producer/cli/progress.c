#include "producer/cli/progress.h"

#include <stdio.h>
#include <unistd.h>

#define BAR_WIDTH 24
#define LABEL_WIDTH 22
#define SHOW_TTY_MS 100
#define SHOW_LINE_MS 5000

void cli_duration_put(struct fc_buf *buf, int64_t seconds)
{
    if (seconds >= 3600)
        fc_buf_put_fmt(buf, "%lld:%02d:%02d", (long long)(seconds / 3600), (int)(seconds / 60 % 60),
                       (int)(seconds % 60));
    else
        fc_buf_put_fmt(buf, "%d:%02d", (int)(seconds / 60), (int)(seconds % 60));
}

static void put_bar(struct fc_buf *buf, int64_t done, int64_t total)
{
    int64_t filled = total > 0 ? done * BAR_WIDTH / total : BAR_WIDTH;

    fc_buf_put_char(buf, '[');
    for (int64_t i = 0; i < BAR_WIDTH; i++) {
        char tip = i == filled ? '>' : ' ';

        fc_buf_put_char(buf, i < filled ? '=' : tip);
    }
    fc_buf_put_text(buf, "] ");
}

void cli_progress_put(struct fc_buf *buf, const struct cli_progress *progress, int64_t elapsed_us,
                      bool bar)
{
    int64_t done = progress->done < progress->total ? progress->done : progress->total;
    int64_t percent = progress->total > 0 ? done * 100 / progress->total : 100;
    int64_t rate = elapsed_us > 0 ? done * 1000000 / elapsed_us : 0;

    fc_buf_put_fmt(buf, "%-*s ", LABEL_WIDTH, progress->label);
    if (bar)
        put_bar(buf, done, progress->total);
    fc_buf_put_fmt(buf, "%3d %%  %lld/%lld", (int)percent, (long long)done,
                   (long long)progress->total);
    if (rate > 0)
        fc_buf_put_fmt(buf, "  %lld/s", (long long)rate);
    if (done > 0 && done < progress->total) {
        int64_t left_us = elapsed_us / done * (progress->total - done);

        fc_buf_put_text(buf, "  ");
        cli_duration_put(buf, (left_us + 999999) / 1000000);
        fc_buf_put_text(buf, " left");
    } else if (done == progress->total) {
        fc_buf_put_text(buf, "  in ");
        cli_duration_put(buf, elapsed_us / 1000000);
    }
}

static void show(struct cli_progress *progress, bool last)
{
    char memory[256];
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));
    int64_t elapsed_us = fc_clock_mono().us - progress->began.us;

    /* Back to the first column, and clear what stood there. */
    if (progress->tty)
        fc_buf_put_text(&buf, "\r\033[K");
    cli_progress_put(&buf, progress, elapsed_us, progress->tty);
    if (!progress->tty || last)
        fc_buf_put_char(&buf, '\n');
    (void)fwrite(buf.ptr, 1, buf.len, stderr);
    (void)fflush(stderr);
    progress->shown = fc_clock_mono();
}

void cli_progress_begin(struct cli_progress *progress, const char *label, int64_t total, bool tty)
{
    *progress = (struct cli_progress){.label = label, .total = total, .tty = tty};
    progress->began = fc_clock_mono();
    progress->shown = progress->began;
    if (tty)
        show(progress, false);
}

void cli_progress_add(struct cli_progress *progress, int64_t count)
{
    progress->done += count;
    if (fc_clock_ms_since(progress->shown) >= (progress->tty ? SHOW_TTY_MS : SHOW_LINE_MS))
        show(progress, false);
}

void cli_progress_end(struct cli_progress *progress)
{
    show(progress, true);
}
