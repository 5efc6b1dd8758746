# Writes the SQL under sql/ as C. Run from the repository with LC_ALL=C:
#   awk -v header=queries.h -v source=queries.c -f sql/embed.awk <list of files>
# Texts are arrays of characters, because a string literal above 4095 bytes is outside what C11
# promises. Each array of structs ends in an empty row that its count leaves out, so that a kind
# without files is still legal C.

function fail(why) {
    print "sql/embed.awk: " path ": " why > "/dev/stderr"
    failed = 1
    exit 1
}

# Writes the file's bytes as `array`; leaves its first comment line in `title`.
function embed(array,    line, answer, bytes, i, out) {
    title = ""
    print "\n/* " path " */\nstatic const char " array "[] = {" > source
    while ((answer = (getline line < path)) > 0) {
        if (title == "" && line ~ /^-- /) title = substr(line, 4)
        out = "    "
        for (i = 1; i <= length(line); i++) out = out constant[substr(line, i, 1)] ","
        print out "'\\n'," > source
        bytes += length(line) + 1
    }
    close(path)
    if (answer < 0) fail("cannot be read")
    if (bytes == 0) fail("is empty")
    print "    '\\0'};" > source
}

function finish(kind, array, about) {
    print "\nconst struct sql_query " array "[] = {\n" rows[kind] "    {0}};" > source
    print "const size_t " array "_count = " count[kind] + 0 ";" > source
    print "\n/* " about " */\nextern const struct sql_query " array "[];" > header
    print "extern const size_t " array "_count;" > header
}

BEGIN {
    for (i = 1; i < 256; i++) {
        c = sprintf("%c", i)
        plain = i >= 32 && i <= 126 && c != "'" && c != "\\"
        constant[c] = plain ? "'" c "'" : sprintf("'\\%03o'", i)
    }
    made_by = "/* Written by sql/embed.awk from the files under sql/. */\n"
    print made_by "\n#include \"sql/queries.h\"" > source
    print made_by "\n#ifndef FC_SQL_QUERIES_H\n#define FC_SQL_QUERIES_H\n" > header
    print "#include \"base/sql.h\"\n#include <stddef.h>\n" > header
}

NF {
    path = $0
    parts = split(path, part, "/")
    kind = part[2]
    name = (kind == "queries" ? part[3] "_" : "") substr(part[parts], 1, length(part[parts]) - 4)
    if (name !~ /^[a-z0-9_]+$/) fail("a name may hold a-z, 0-9 and _ only")
    if (length(name) > 63) fail("the name is longer than PostgreSQL's 63 bytes")
    if (kind == "migrations" && name !~ /^[0-9][0-9][0-9][0-9]_/) fail("its name must be NNNN_name")
    embed(kind "_" name)
    if (kind == "checks" && title == "") fail("the first line must be `-- what must hold`")
    gsub(/["\\?]/, "\\\\&", title)
    row = "{\"" name "\", \"" title "\", " kind "_" name "}"
    rows[kind] = rows[kind] "    " row ",\n"
    count[kind]++
    if (kind == "queries") print "const struct sql_query sql_" name " = " row ";" > source
    if (kind == "queries") print "extern const struct sql_query sql_" name ";" > header
}

END {
    if (failed) exit 1
    finish("queries", "sql_queries", "Every statement above.")
    finish("migrations", "sql_migrations", "The steps of the schema, in the order to apply them.")
    finish("checks", "sql_checks", "Each returns a row for every case that breaks its title.")
    print "\n#endif" > header
}
