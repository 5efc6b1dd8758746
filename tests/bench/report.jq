# What figures.jsonl comes to, by the rows of targets.json. Input: an array of figures.
# $show: table, split, or curve with $of, the name before the colon.

def median: sort | if length == 0 then null
    elif length % 2 == 1 then .[(length - 1) / 2]
    else (.[length / 2 - 1] + .[length / 2]) / 2 end;

# ---- one measure of one figure

# Of the whole run: what was under way at its end has cost something, too.
def answered: .all.answered? // .completed // .orders;

# CPU seconds of a thousand, without the stand-ins, which are other parties' servers.
def cpu_s: (.cpu | del(.standin) | [.[]] | add) * 1000 / answered;

def measure($of):
    {per_s: .per_s, cpu: (if answered then cpu_s else null end), unfair: .proof.violations?,
     p50: (.latency_us.p50? // null | if . then . / 1000 else . end),
     p99: (.latency_us.p99? // null | if . then . / 1000 else . end),
     peak: (if .peak_kb then .peak_kb / 1024 else null end),
     growth: (if .rss_kb then .rss_kb / 1024 else null end)}[$of];

def units: {per_s: "/s", cpu: "s", p50: "ms", p99: "ms", peak: "MiB", growth: "MiB", unfair: ""};

# ---- rows of the table

# taken ROW SIDE OF: a number for each round.
def taken($row; $side; $of):
    [map(select(.row == $row and .side == $side)) | sort_by(.round)[] | measure($of)
     | select(. != null)];

def judged: .reached = (
    if .below then .ours < .below
    elif .from then .ours >= .from
    elif .at_most then .ratio <= .at_most
    elif .at_least then .ratio >= .at_least
    else null end);

def beside($ours; $reference):
    if ($ours | length) == 0 or ($reference | length) == 0 then empty else
        ([$ours, $reference] | transpose | map(select(all(. != null)) | .[0] / .[1])) as $ratios
        | . + {ours: ($ours | median), beside: ($reference | median), rounds: ($ratios | length),
               low: ($ratios | min), high: ($ratios | max)}
        | .ratio = .ours / .beside | judged
    end;

# The process of firstcome's own that has grown most.
def grown($spec):
    . as $all
    | [$all[] | select(.row == $spec.row) | .side
       | select(test("^(ingress|coupon|order|stats|payment|platform|clock)-"))] | unique
    | map(. as $side | $spec | .title += " (\($side))"
        | beside([$all | taken($spec.row; $side; "growth")[]];
                 [$all | taken($spec.with_row; $side; "growth")[]]))
    | if length == 0 then empty else max_by(.ratio) end;

def row($spec):
    . as $all
    | if $spec.of == "growth" then grown($spec)
      elif $spec.below or $spec.from then
        [$all[] | select(.row == $spec.row and (.side | startswith($spec.job // "ours")))
         | measure($spec.of) | select(. != null)]
        | if length == 0 then empty
          else (if $spec.from then median else max end) as $ours
            | $spec + {$ours} | judged end
      else
        $spec | beside([$all | taken($spec.row; "ours"; $spec.of)[]];
            [$all | taken($spec.with_row // $spec.row; $spec.with // "ours"; $spec.of)[]])
      end;

# ---- as text

def thousands: if length > 3 then (.[:-3] | thousands) + "," + .[-3:] else . end;
def number:
    if . >= 100 then round | tostring | thousands
    elif . >= 10 then . * 10 | round / 10 | tostring
    else . * 100 | round / 100 | tostring end;
def amount($of): number + (units[$of] | if . == "" or startswith("/") then . else " " + . end);

# {long} and {short}: of the histories that were measured.
def histories:
    [.[].row | select(startswith("history:")) | split(":")[1] | tonumber] | unique
    | {short: (min // 0 | tostring), long: (max // 0 | tostring)};
def filled($h):
    (.row, .with_row // empty) |= (gsub("\\{long}"; $h.long) | gsub("\\{short}"; $h.short))
    | (.title, .reference // empty) |= (gsub("\\{long}"; $h.long | thousands)
        | gsub("\\{short}"; $h.short | thousands));

def rows: . as $all | histories as $h | $targets[] | filled($h) as $spec | $all | row($spec);

def cells:
    [.title, (.of as $of | .ours | amount($of)),
     (if .beside then "\(.of as $of | .beside | amount($of)) \(.reference)" else "" end),
     (if .ratio then "\(.ratio | number) ×"
        + (if .rounds > 1 then " (\(.low | number) to \(.high | number))" else "" end)
      else "" end),
     (if .below then "< \(.of as $of | .below | amount($of))"
      elif .from then "≥ \(.of as $of | .from | amount($of))"
      elif .at_most then "≤ \(.at_most) ×"
      elif .at_least then "≥ \(.at_least) ×" else "" end),
     (if .reached == null then "" elif .reached then "yes" else "no" end)];

def table:
    ["figure", "firstcome", "beside it", "ratio", "to reach", "reached"], (rows | cells) | @tsv;

# ---- for the plots

# Milliseconds of CPU time an order costs, part by part.
def split:
    . as $all
    | [["pgbench", "pgbench-call", "service", "ours"][] as $side
        | map(select(.row == "orders" and .side == $side)) | select(length > 0)
        | {$side, parts: (map(answered as $n | .cpu | del(.standin) | map_values(. * 1000 / $n)) as $rounds
            | $rounds[0] | with_entries(.key as $part | .value = ([$rounds[][$part]] | median)))}]
    | ([.[].parts | to_entries[] | select(.value >= 0.001) | .key] | unique) as $parts
    | (["side"] + $parts),
      (.[] | .parts as $of | [.side | if . == "ours" then "firstcome" else . end] + [$parts[] | $of[.] // 0 | . * 1000 | round / 1000])
    | @tsv;

# x, a round's median of orders or issues a second, p50 and p99 in milliseconds; a block a side.
def curve($of):
    map(select(.row | startswith($of + ":"))) | group_by(.side)[]
    | "# " + .[0].side,
      (group_by(.row | split(":")[1] | tonumber)[]
       | [(.[0].row | split(":")[1]), (map(.per_s) | median | round),
          (map(measure("p50")) | map(select(.)) | median),
          (map(measure("p99")) | map(select(.)) | median)]
       | map(. // "-") | @tsv),
      "", "";

if $show == "table" then table
elif $show == "split" then split
elif $show == "curve" then curve($of)
else error("there is no \($show)") end
