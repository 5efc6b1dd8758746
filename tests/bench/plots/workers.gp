load 'style.gp'
data = folder . 'workers'
set xlabel 'processes'
set ylabel 'orders a second'
set xrange [0.8:*]
set yrange [0:*]
set xtics 1
plot data index 'ours' using 1:2 with linespoints linestyle 1 title 'workers', \
     data index 'store' using 1:2 with linespoints linestyle 2 title 'bare batch loop'
