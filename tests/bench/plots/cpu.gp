load 'style.gp'
data = folder . 'split'
set style data histograms
set style histogram rowstacked
set style fill solid 0.9 border linecolor 'black'
set boxwidth 0.6
set key default
set key outside right top vertical Left reverse invert samplen 2
set ylabel 'CPU time of an order (ms)'
set format y '%g'
# Each part has the same colour on every bar.
array colours[12] = ['#2f7ed8', '#4c9f70', '#d97706', '#b0508f', '#8a8f98', '#5fb7c9', '#c9b037', \
    '#7a5fc9', '#a0522d', '#8fbf3f', '#d0628a', '#3f8f8f']
plot for [part = 2:parts + 1] data using part:xtic(1) title columnheader(part) \
    linecolor rgb colours[(part - 2) % 12 + 1]
