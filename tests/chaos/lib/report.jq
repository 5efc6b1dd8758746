# The report of a chaos run as Markdown.
def median: sort | if length == 0 then 0 else .[(length - 1) / 2 | floor] end;
def s: . / 100 | round | . / 10 | tostring | if contains(".") then . else . + ".0" end;
def row: "| " + join(" | ") + " |";
def sum(f): map(f) | add // 0;

. as $run
| ([.rounds[] | select(.faults | length == 1)]) as $alone
| ([.rounds[] | select(.faults | length > 1)]) as $pairs
| "`\(.command)`: \(.rounds | length) rounds in \(.seconds / 60 | floor) min \(.seconds % 60) s, "
  + "\(.rounds | map(.faults | length) | add // 0) faults of \([.rounds[].faults[]] | unique | length) kinds; "
  + "what was accepted had to be decided, all processes up and all queues short within "
  + "\(.drain_bound_s) s of each healing.",
  "",
  (["wishes of clients", "requests and messages for them", "no answer came", "accepted", "succeeded",
    "refused", "accepted and never decided", "verdicts that changed", "violations"] | row),
  "|---|---|---|---|---|---|---|---|---|",
  ([(.clients | sum(.ops)), (.clients | sum(.tries)), (.clients | sum(.lost)),
    (.clients | sum(.accepted)), (.clients | sum(.succeeded)), (.clients | sum(.refused)),
    (.clients | sum(.undecided)), (.clients | sum(.changed)), .checked.violations]
   | map(tostring) | row),
  "",
  "| fault | alone | in pairs | held, s | decided, median and longest, s | all drained, median and longest, s |",
  "|---|---|---|---|---|---|",
  ([.rounds[].faults[]] | unique[] as $fault
   | [$alone[] | select(.faults == [$fault])] as $own
   | [$fault, ($own | length | tostring),
      ([$pairs[] | select(.faults | index($fault))] | length | tostring),
      (if $own == [] then "–" else "\([$own[].held_s] | min)–\([$own[].held_s] | max)" end),
      (if $own == [] then "–" else "\([$own[].decided_ms] | median | s), \([$own[].decided_ms] | max | s)" end),
      (if $own == [] then "–" else "\([$own[].drained_ms] | median | s), \([$own[].drained_ms] | max | s)" end)]
   | row),
  (if $pairs == [] then empty else
     ["**pairs**", "–", ($pairs | length | tostring),
      "\([$pairs[].held_s] | min)–\([$pairs[].held_s] | max)",
      "\([$pairs[].decided_ms] | median | s), \([$pairs[].decided_ms] | max | s)",
      "\([$pairs[].drained_ms] | median | s), \([$pairs[].drained_ms] | max | s)"] | row end),
  "",
  (.skipped[] | "Not possible there: \(.fault) (\(.why)).")
