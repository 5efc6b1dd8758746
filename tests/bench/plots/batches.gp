load 'style.gp'
data = folder . 'batches'
set xlabel 'orders in a batch'
set ylabel 'orders a second'
set logscale x 2
set yrange [0:*]
plot data index 'job' using 1:2 with linespoints linestyle 1 title "the worker's job", \
     data index 'store' using 1:2 with linespoints linestyle 2 title 'bare batch loop'
