# Writes a text file as C. Run from the repository with LC_ALL=C:
#   awk -v header=producer/openapi.h -v name=openapi -v source=openapi.c -f cmake/embed.awk <file>
# An array of characters, because a string literal above 4095 bytes is outside what C11 promises.

BEGIN {
    for (i = 1; i < 256; i++) {
        c = sprintf("%c", i)
        plain = i >= 32 && i <= 126 && c != "'" && c != "\\"
        constant[c] = plain ? "'" c "'" : sprintf("'\\%03o'", i)
    }
    print "/* Written by cmake/embed.awk from " ARGV[1] ". */" > source
    print "#include \"" header "\"\n\nconst char " name "_text[] = {" > source
}

{
    out = "    "
    for (i = 1; i <= length($0); i++) out = out constant[substr($0, i, 1)] ","
    print out "'\\n'," > source
    bytes += length($0) + 1
}

END {
    print "    '\\0'};\nconst size_t " name "_bytes = " bytes + 0 ";" > source
}
