#include "host/log.h"
#include "host/process.h"
#include "producer/life.h"

#include <unistd.h>

#define PROGRAM "firstcome-ingress"

extern char **environ;

static int give_up(const struct fc_err *err)
{
    struct fc_log_line line;

    fc_log_begin(&line, FC_LOG_FATAL, "cannot go on");
    fc_log_err(&line, err);
    fc_log_end(&line);
    return err->cure == FC_CURE_EXIT ? FC_EXIT_PERMANENT : FC_EXIT_LATER;
}

int main(int argc, char **argv)
{
    static struct ingress_settings settings;
    struct fc_err err;
    int exit_code;
    enum fc_process_word word = fc_process_words(
        argc, argv, PROGRAM, "takes commands and answers reads over HTTP", &exit_code);

    if (word == FC_WORD_DONE)
        return exit_code;
    if (ingress_settings_read(environ, &settings, &err) != FC_OK ||
        fc_config_apply_log(&settings.common, PROGRAM, &err) != FC_OK)
        return give_up(&err);
    if (word == FC_WORD_PRINT_CONFIG) {
        ingress_settings_print(&settings, STDOUT_FILENO);
        return FC_EXIT_OK;
    }
    enum fc_rc rc = word == FC_WORD_CHECK ? life_check(&settings, &err) : life_run(&settings, &err);

    return rc == FC_OK ? FC_EXIT_OK : give_up(&err);
}
