load 'style.gp'
data = folder . 'load'
set multiplot layout 1,2
set logscale x
set xlabel 'orders offered a second'
set ylabel 'orders completed a second'
plot data index 'ours' using 1:2 with linespoints linestyle 1 title 'firstcome', \
     data index 'service' using 1:2 with linespoints linestyle 2 title 'synchronous service'
set logscale y
set format y '%g'
set ylabel 'request to visible effect (ms)'
plot data index 'ours' using 1:4 with linespoints linestyle 1 title 'firstcome, p99', \
     data index 'ours' using 1:3 with linespoints linestyle 3 title 'p50', \
     data index 'service' using 1:4 with linespoints linestyle 2 title 'service, p99', \
     data index 'service' using 1:3 with linespoints linestyle 4 title 'p50'
unset multiplot
