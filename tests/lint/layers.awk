# Holds the includes of each file under shared/ workers/ producer/ against the tables.
# Exits 1 after any finding.

BEGIN {
    # quoted[part]: the parts whose headers it may include. A job adds its own folder.
    quoted["base"] = "base"
    quoted["core"] = "base core"
    quoted["wire"] = "base core wire"
    quoted["host"] = "base host"
    quoted["mq"] = "base host mq"
    quoted["db"] = "base host db sql"
    quoted["producer"] = "base host wire mq db sql producer"
    quoted["cli"] = "base core host wire mq db sql cli"
    quoted["skeleton"] = "base host wire mq db sql skeleton"
    quoted["shop"] = "base core wire host mq db sql skeleton shop"
    quoted["outgoing"] = "base host outgoing"
    quoted["job"] = "base core wire host mq db sql skeleton shop outgoing"

    # Single headers beyond that.
    also["mq", "wire/route.h"] = 1
    also["cli", "shop/shop_replay.h"] = 1 # firstcome replay
    also["cli", "stats/rebuild.h"] = 1 # firstcome stats rebuild counts as the worker does

    # system[part]: the headers of C and of the operating system it may include.
    free_c = "float.h iso646.h limits.h stdalign.h stdarg.h stdbool.h stddef.h stdint.h" \
        " stdnoreturn.h"
    plain_c = free_c " string.h inttypes.h"
    hosted_c = plain_c " ctype.h errno.h signal.h stdio.h stdlib.h"
    posix = hosted_c " time.h fcntl.h poll.h unistd.h netdb.h getopt.h termios.h dirent.h" \
        " libgen.h strings.h syslog.h ifaddrs.h pwd.h spawn.h sched.h glob.h"
    system_of["base"] = plain_c
    system_of["core"] = "stdint.h stdbool.h stddef.h"
    system_of["wire"] = plain_c
    system_of["host"] = system_of["mq"] = system_of["db"] = posix
    system_of["producer"] = system_of["cli"] = posix
    system_of["skeleton"] = hosted_c " poll.h unistd.h" # it waits on all its links at once
    system_of["shop"] = system_of["job"] = hosted_c
    system_of["outgoing"] = posix

    # What one file may include beyond its part.
    also["shared/base/err.c", "stdio.h"] = 1
    also["shared/base/str.c", "stdio.h"] = 1
    also["shared/base/assert.c", "stdio.h"] = 1
    also["shared/base/assert.c", "stdlib.h"] = 1
    also["shared/base/limits.h", "assert.h"] = 1
    # The one other thread.
    also["producer/opener.c", "pthread.h"] = 1
    # The clock has no queue: the skeleton does not wait for it.
    also["workers/clock/contact.c", "poll.h"] = 1

    # A library's headers, and the only files that may include them. Never a header: a library does
    # not leave its floor.
    library("amqp", "^shared/mq/[^/]*\\.c$")
    library("openssl/", "^shared/mq/tls\\.c$")
    library("libpq", "^shared/db/[^/]*\\.c$")
    library("json-c/", "^producer/cli/[^/]*\\.c$")
    library("microhttpd\\.h", "^(producer/http|shared/host/exporter)\\.c$")
    library("curl/", "^(producer/cli/client|workers/outgoing/[^/]*)\\.c$")
    library("sodium", "^(shared/host|workers/outgoing)/[^/]*\\.c$")
    library("zlib\\.h", "^shared/wire/route\\.c$")
}

function library(headers, where) {
    libraries++
    library_headers[libraries] = "^" headers
    library_files[libraries] = where
}

function complain(why) {
    print FILENAME ":" FNR ": " why
    findings++
}

function among(word, list) {
    return index(" " list " ", " " word " ") > 0
}

# The part a path belongs to; `folder` is set to the job's name.
function part_of(path,    piece) {
    split(path, piece, "/")
    folder = ""
    if (piece[1] == "shared") return piece[2]
    if (piece[1] == "producer") return path ~ /^producer\/cli\// ? "cli" : "producer"
    if (piece[2] == "skeleton" || piece[2] == "shop" || piece[2] == "outgoing") return piece[2]
    folder = piece[2]
    return "job"
}

function check_quoted(header,    first) {
    if (header !~ /\//) {
        complain("\"" header "\" names no floor; write \"<floor>/" header "\"")
        return
    }
    if (((part, header) in also) || ((FILENAME, header) in also)) return
    first = substr(header, 1, index(header, "/") - 1)
    if (header ~ /^producer\/cli\//) first = "cli"
    if (among(first, quoted[part]) || (part == "job" && first == folder)) return
    complain((folder == "" ? part : "workers/" folder) " may not include \"" header \
        "\"; it may include " quoted[part] (folder == "" ? "" : " " folder))
}

function check_angle(header,    i) {
    for (i = 1; i <= libraries; i++) {
        if (header !~ library_headers[i]) continue
        if (FILENAME !~ library_files[i])
            complain("<" header "> belongs to " library_files[i] " alone; go through that floor")
        return
    }
    if (((part, header) in also) || ((FILENAME, header) in also)) return
    if (among(header, system_of[part])) return
    if (system_of[part] == posix && header ~ /^(sys|netinet|arpa|net|linux)\//) return
    complain("<" header "> is outside what " (folder == "" ? part : "workers/" folder) \
        " may include (tests/lint/layers.awk)")
}

FNR == 1 {
    part = part_of(FILENAME)
    if (!(part in quoted)) complain("is in no known floor; add it to tests/lint/layers.awk")
}

/^[ \t]*#[ \t]*include[ \t]/ && (part in quoted) {
    if (match($0, /"[^"]*"/)) check_quoted(substr($0, RSTART + 1, RLENGTH - 2))
    else if (match($0, /<[^>]*>/)) check_angle(substr($0, RSTART + 1, RLENGTH - 2))
    else complain("include by a macro; write the header's name")
}

END { if (findings) exit 1 }
