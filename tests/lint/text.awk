# What holds for every text file of ours: its length, its lines, its reminders.
# Exits 1 after any finding.

function complain(line, why) {
    print FILENAME ":" line ": " why
    findings++
}

function columns(line) {
    gsub(/[\200-\277]/, "", line)
    return length(line)
}

BEGIN { reminder = "(^|[^A-Za-z0-9_])(TO" "DO|FIX" "ME|X" "XX)([^A-Za-z0-9_]|$)" }

# FNR is 401 once for each file that is too long.
FNR == 401 { complain(FNR, "the file is longer than 400 lines: it is two ideas, make two files") }
columns($0) > 100 { complain(FNR, "the line is longer than 100 columns: break it") }
/\t/ { complain(FNR, "tab: indent with spaces") }
/[ \r]$/ { complain(FNR, "blank at the end of the line: remove it") }
$0 ~ reminder && $0 !~ /#[0-9]+/ { complain(FNR, "a reminder needs its issue (#12)") }

END { if (findings) exit 1 }
