# shellcheck shell=bash
# What everything costs that has nothing to do: heartbeats, timers, the references that wait.
row_idle() { measure idle ours 1 idle; }

idle() {
    sleep 5 # sleep: this is what is measured
    echo '{"name":"idle","per_s":0,"seconds":5}'
}
