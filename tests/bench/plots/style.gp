# What the plots have in common. Colours keep their meaning: firstcome blue, what stands beside it
# orange; they can be told apart on light and dark ground and by those who see no red.
set encoding utf8
set terminal svg size 720,380 font 'sans-serif,13' name 'figures'
set border 3 linecolor 'black' linewidth 1
set tics nomirror out
set grid ytics linecolor '#999999' linewidth 0.5 dashtype 3
set key above left vertical maxrows 2 reverse Left samplen 2
set format y '%.0f'
set autoscale xfix
set datafile missing '-'
blue = '#2f7ed8'
orange = '#d97706'
grey = '#8a8f98'
set style line 1 linecolor rgb blue linewidth 2 pointtype 7 pointsize 0.5
set style line 2 linecolor rgb orange linewidth 2 pointtype 5 pointsize 0.5
set style line 3 linecolor rgb blue linewidth 2 dashtype 2 pointtype 7 pointsize 0.5
set style line 4 linecolor rgb orange linewidth 2 dashtype 2 pointtype 5 pointsize 0.5
