/*
 * Runs a fuzz target over the files of its corpus, in builds without libFuzzer: what was found once
 * stays found. Takes files and folders.
 */
#include "support/fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INPUT_BYTES_MAX (1024 * 1024)
#define PATH_BYTES_MAX 1024

/* In memory of exactly its size, so that a sanitizer sees a byte read behind it. */
static bool run_file(const char *path)
{
    static char text[INPUT_BYTES_MAX];
    FILE *file = fopen(path, "rb");

    if (file == NULL)
        return false;
    size_t size = fread(text, 1, sizeof(text), file);

    (void)fclose(file);
    uint8_t *exact = malloc(size > 0 ? size : 1); /* heap: exactly as long as the input */

    if (exact == NULL)
        return false;
    memcpy(exact, text, size);
    (void)LLVMFuzzerTestOneInput(exact, size);
    free(exact);
    return true;
}

/* How many inputs were run; below 0: one could not be read. */
static int32_t run_folder(const char *folder)
{
    DIR *dir = opendir(folder);
    char path[PATH_BYTES_MAX];
    int32_t count = 0;

    if (dir == NULL)
        return run_file(folder) ? 1 : -1;
    for (const struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        if (entry->d_name[0] == '.')
            continue;
        (void)snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
        if (!run_file(path)) {
            count = -1;
            break;
        }
        count++;
    }
    (void)closedir(dir);
    return count;
}

int main(int argc, char **argv)
{
    int32_t count = 0;

    for (int i = 1; i < argc; i++) {
        int32_t more = run_folder(argv[i]);

        if (more <= 0) {
            (void)fprintf(stderr, "%s: no input, or none that can be read\n", argv[i]);
            return 1;
        }
        count += more;
    }
    (void)printf("%d inputs\n", (int)count);
    return count > 0 ? 0 : 1;
}
