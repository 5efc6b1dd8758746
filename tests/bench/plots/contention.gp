load 'style.gp'
orders = folder . 'options'
issues = folder . 'templates'
set multiplot layout 1,2
set logscale x
set yrange [0:*]
set xlabel 'options the orders are spread over'
set ylabel 'orders a second'
plot orders index 'ours' using 1:2 with linespoints linestyle 1 title 'firstcome', \
     orders index 'service' using 1:2 with linespoints linestyle 2 title 'synchronous service'
set xlabel 'coupons the issues are spread over'
set ylabel 'issues a second'
plot issues index 'ours' using 1:2 with linespoints linestyle 1 title 'firstcome'
unset multiplot
