load 'style.gp'
data = folder . 'history'
workers = folder . 'history-workers'
set xlabel 'rows of the journal'
set ylabel 'orders a second'
set logscale x
set format x '10^{%T}'
set yrange [0:*]
plot workers index 'ours' using 1:2 with linespoints linestyle 3 title 'a worker alone', \
     data index 'ours' using 1:2 with linespoints linestyle 1 title '32 clients'
