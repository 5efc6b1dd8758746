# Banned words and calls in C, line by line. Needs code.awk before it.
# A rule with an escape word is lifted for a line that carries /* <word>: <reason> */.

BEGIN {
    ban("sprintf|vsprintf", "", "write through a bounded writer (base/str.h)")
    ban("strcpy|strcat|stpcpy|strncpy|strncat", "", "copy with a length (base/str.h)")
    ban("strtok|strtok_r", "", "cut views (base/str.h)")
    ban("atoi|atol|atoll|atof|strto[a-z]+", "", "read numbers with fc_str_to_i64",
        "^shared/base/str\\.c$")
    ban("gets|alloca", "", "no use of it is safe")
    ban("localtime|localtime_r|mktime|ctime|asctime", "", "use base/time.h")
    ban("sleep|usleep", "", "wait for an event, or use host/clock.h")
    ban("nanosleep|clock_nanosleep", "", "use host/clock.h", "^shared/host/")
    ban("malloc|calloc|realloc|reallocarray|strdup|strndup|vasprintf|asprintf", "heap",
        "use the caller's memory or the arena; at start, say /* heap: why */", "^tests/")
    ban("assert", "", "use FC_ASSERT: it stays on in every build")
    ban("system|popen", "", "start no shell from a program", "^tests/")
}

# ban(<calls>, <escape word>, <what to do>, <files that may>)
function ban(names, escape, advice, where) {
    bans++
    banned[bans] = names
    escape_of[bans] = escape
    advice_of[bans] = advice
    exempt[bans] = where
}

function escaped(word) {
    return word != "" && $0 ~ ("/\\* " word ": [^*]+ \\*/")
}

function guard_of(path,    piece, count, name) {
    count = split(path, piece, "/")
    name = toupper(piece[count])
    gsub(/[^A-Z0-9]/, "_", name)
    return name
}

FNR == 1 { guard_seen = 0 }

{
    for (i = 1; i <= bans; i++) {
        name = called(code, banned[i])
        if (name == "" || escaped(escape_of[i])) continue
        if (exempt[i] != "" && FILENAME ~ exempt[i]) continue
        complain(FNR, name "() is banned: " advice_of[i])
    }
    if (has_word(code, "float|double") && !escaped("float") && FILENAME !~ /^tests\/bench\//)
        complain(FNR, "no floating point: use integers, or say why with /* float: why */")
    if (code ~ /(^|[^A-Za-z0-9_])typedef[ \t]+(struct|enum|union)([^A-Za-z0-9_]|$)/)
        complain(FNR, "no typedef of a struct, enum or union: use it with its keyword")
    if (code ~ /^#[ \t]*pragma[ \t]+once/)
        complain(FNR, "use an include guard, FC_<FLOOR>_<MODULE>_H")
}

FILENAME ~ /\.h$/ && !guard_seen && code ~ /^#[ \t]*(ifndef|include|define|if|ifdef)/ {
    guard_seen = 1
    if (code !~ ("^#[ \t]*ifndef FC_([A-Z0-9]+_)*" guard_of(FILENAME) "$"))
        complain(FNR, "the first directive must be #ifndef FC_<FLOOR>_" guard_of(FILENAME))
}
