# Read before another awk program: gives each line of C as `code`, without comments and without what
# stands between quotes. complain() prints a finding; the program ends with status 1 after any.

function strip(line,    out, rest, at, quote) {
    out = ""
    while (line != "") {
        if (in_comment) {
            at = index(line, "*/")
            if (at == 0) return out
            line = substr(line, at + 2)
            in_comment = 0
            out = out " "
            continue
        }
        at = match(line, /["']|\/\*|\/\//)
        if (at == 0) return out line
        out = out substr(line, 1, at - 1)
        quote = substr(line, at, 1)
        rest = substr(line, at + 1)
        if (quote == "/") {
            if (substr(rest, 1, 1) == "/") return out
            in_comment = 1
            line = substr(rest, 2)
            continue
        }
        while (rest != "" && substr(rest, 1, 1) != quote)
            rest = substr(rest, substr(rest, 1, 1) == "\\" ? 3 : 2)
        out = out quote quote
        line = substr(rest, 2)
    }
    return out
}

# Whether `name` stands in `text` as a word of its own.
function has_word(text, name) {
    return (" " text " ") ~ ("[^A-Za-z0-9_](" name ")[^A-Za-z0-9_]")
}

# Which of the functions `names` (a|b|c) `text` calls; "" for none.
function called(text, names,    found) {
    text = " " text
    if (!match(text, "[^A-Za-z0-9_](" names ") *\\(")) return ""
    found = substr(text, RSTART + 1, RLENGTH - 2)
    sub(/ +$/, "", found)
    return found
}

function complain(line, why) {
    print FILENAME ":" line ": " why
    findings++
}

FNR == 1 { in_comment = 0 }
{ code = strip($0) }
END { if (findings) exit 1 }
