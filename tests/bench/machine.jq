# machine.json and figures.jsonl (slurped) as sentences: on what the figures were taken, and what is
# to be thought of them.
. as $figures
| $machine[0]
| "\(.processors) × \(.cpu), \(.memory_mb / 1024 * 10 | round / 10) GiB, \(.system), "
    + "\(.kernel); commit \(.commit).",

  (.versions | "PostgreSQL \(.postgresql), RabbitMQ \(.rabbitmq), libmicrohttpd "
    + "\(.libmicrohttpd), librabbitmq \(.librabbitmq), gcc \(.gcc), Go \(.go)."),

  (.durability | "Read back from the servers: fsync \(.fsync), synchronous_commit "
    + "\(.synchronous_commit), full_page_writes \(.full_page_writes), overridden by "
    + (if .overridden == 0 then "nobody" else "\(.overridden) roles or databases" end)
    + "; \(.queues.quorum) of \(.queues.all) queues are quorum queues; \(.channels.confirming) of "
    + "\(.channels.all) publishing channels have their messages confirmed."),

  "deploy/up \(.stack); \(.rounds) rounds of \(.seconds) s a side, in turn"
    + (if .mode == "quick" then " (--quick)." else "." end),

  (if .busy_percent < 5 then
        "Before it began the machine had nothing else to do (\(.busy_percent) %, load average "
        + "\(.load_average))."
   else
        "**Not quiet: \(.busy_percent) % of the machine was busy with something else** (load "
        + "average \(.load_average)): read the ratios, not the figures."
   end),

  ([$figures[] | select(.wall_s) | .elsewhere_s / .wall_s] | sort | .[length / 2 | floor] // 0
   | if . <= 0.1 then empty
     else "**Not quiet: while it was measured others used \(. * 100 | round) % of a processor.**"
     end),

  (if any($figures[]; .row == "audit" and .clean) then "`firstcome audit` was clean afterwards."
   else "`firstcome audit` has not been run: these figures are worth nothing yet." end)
