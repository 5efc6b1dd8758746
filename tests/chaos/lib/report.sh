# shellcheck shell=bash disable=SC2034,SC2153 # capital names are run's and the files' beside it
# What is held against everything in the end, and the report.

# proofs: nothing is on its way any more; then the histories of all clients are held against the
# tables and the other parties' books, and the tables against each other and the journal.
proofs() {
    UNTIL=$((SECONDS + DRAIN_S))
    step empty "empty queues" queues_empty
    audit_is_clean
    curl -sf --max-time 60 -o "$WORK/ledger" \
        "http://127.0.0.1:${PORT_OF[standin-gateway]}/ledger" ||
        fail "the gateway's stand-in does not show its books"
    checked || {
        evidence_keep
        fail "history_check found violations: $(grep -A 6 VIOLATED "$WORK/checked")"
    }
    sed 's/^/        /' "$WORK/checked"
    is "checks that had nothing to compare" "$(idle_checks)" ''
    nobody_gave_up
}

# checked: the histories, the setup's too, and what stood in the journal before is nobody's.
checked() (
    set -a
    # shellcheck source=/dev/null
    . "$STATE/env"
    timeout 600 "$BUILD/bin/history_check" --history "$WORK"/history.* --gateway "$WORK/ledger" \
        --platform "$STATE/standins/platform.ndjson" --report "$WORK/checked.json" \
        >"$WORK/checked" 2>&1
)

# idle_checks: one that compares nothing holds whatever is wrong.
idle_checks() {
    jq -r '[.checks[] | select(.left_out or .compared == 0) | .name] | join(" ")' \
        "$WORK/checked.json" || echo "no report"
}

# evidence_keep: what a person needs to find out.
evidence_keep() {
    local dir=${REPORT:-$BUILD/chaos}.failed
    rm -rf -- "$dir"
    mkdir -p -- "$dir"
    cp -r -- "$WORK"/{history.*,checked,ledger} "$STATE/standins" "$STATE/log" "$dir"
    sql "COPY (SELECT * FROM journal ORDER BY seq) TO STDOUT (FORMAT csv, HEADER)" \
        >"$dir/journal.csv"
    say "histories, journal, logs and the stand-ins' books are kept in $dir"
}

# ---- the report: one JSON document, of which the Markdown is made

report() {
    report_json >"$WORK/report.json"
    jq -r -f "$CHAOS/lib/report.jq" "$WORK/report.json" >"$WORK/report.md"
    cat -- "$WORK/report.md"
    [[ -n $REPORT ]] || return 0
    cp -- "$WORK/report.md" "$REPORT"
    cp -- "$WORK/report.json" "$REPORT.json"
    say "the report: $REPORT and $REPORT.json"
}

report_json() {
    jq -n --argjson seed "$SEED" --argjson seconds $((SECONDS - STARTED)) \
        --arg command "tests/chaos/run $(repeat_words)" --arg bound "$DRAIN_S" \
        --argjson last_drain_ms "$LAST_DRAIN_MS" \
        --slurpfile checked "$WORK/checked.json" \
        --slurpfile clients <(cat -- "$WORK"/client.[0-9]) \
        --rawfile rounds <(printf '%s\n' "${ROUNDS[@]}") \
        --rawfile skipped <(for name in "${!SKIPPED[@]}"; do echo "$name ${SKIPPED[$name]}"; done) \
        --arg journal "$(journal_count)" \
        '{seed: $seed, command: $command, seconds: $seconds, drain_bound_s: ($bound | tonumber),
          rounds: [$rounds | split("\n")[] | select(. != "") | split(" ")
                   | {faults: (.[0] | split("+")), held_s: (.[1] | tonumber),
                      decided_ms: (.[3] | tonumber), drained_ms: (.[9] | tonumber)}],
          skipped: [$skipped | split("\n")[] | select(. != "")
                    | capture("^(?<fault>[^ ]+) (?<why>.*)$")],
          clients: $clients, journal: ($journal | tonumber), last_drain_ms: $last_drain_ms,
          checked: $checked[0]}'
}
