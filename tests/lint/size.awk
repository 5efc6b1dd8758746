# The size of each function. Needs code.awk before it, and code in the house format: a function's
# braces stand alone in the first column, and each level of nesting is four spaces.

BEGIN {
    lines_max = 70
    parameters_max = 6
    nesting_max = 4
}

# The number of parameters in the last pair of parentheses of a signature.
function parameter_count(text,    i, c, depth, count, word) {
    depth = 0
    for (i = 1; i <= length(text); i++) {
        c = substr(text, i, 1)
        if (c == "(" && ++depth == 1) {
            count = 1
            word = ""
            continue
        }
        if (c == ")") depth--
        if (c == "," && depth == 1) count++
        if (depth > 0) word = word c
    }
    gsub(/[ \t]/, "", word)
    return word == "void" || word == "" ? 0 : count
}

function name_in(text) {
    if (!match(text, /[A-Za-z_][A-Za-z0-9_]* *\(/)) return "?"
    return substr(text, RSTART, RLENGTH - 1)
}

FNR == 1 {
    signature = ""
    inside = 0
}

# Outside: gather the lines of what may become a signature.
!inside && code ~ /^\{[ \t]*$/ && signature ~ /\)[ \t]*$/ {
    inside = 1
    deepest = 0
    name = name_in(signature)
    count = parameter_count(signature)
    # libmicrohttpd's handlers have the parameters that it calls them with.
    if (count > parameters_max && signature !~ /^(static )?enum MHD_Result /)
        complain(start, name " has " count " parameters, above " parameters_max ": pass a struct")
    next
}

!inside {
    if (code ~ /^[ \t]*$/ || code ~ /^#/ || code ~ /[;}{][ \t]*$/) {
        signature = ""
        next
    }
    if (signature == "") start = FNR
    signature = signature code
    next
}

# Inside: the closing brace in the first column ends it.
code ~ /^\}/ {
    inside = 0
    signature = ""
    length_is = FNR - start + 1
    if (length_is > lines_max)
        complain(start, name " has " length_is " lines, above " lines_max ": split it")
    next
}

code ~ /^ *(\} else )?(if|for|while|switch|do)( |$)/ {
    match(code, /^ */)
    level = int(RLENGTH / 4)
    if (level > nesting_max && level > deepest)
        complain(FNR, name " nests " level " levels, above " nesting_max ": name the inner part")
    if (level > deepest) deepest = level
}
