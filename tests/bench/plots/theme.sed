# gnuplot's SVG with a ground and a colour of writing that follow the reader's choice of light or
# dark, and without what only tells which gnuplot made it.
/^<desc>/d
s|^<title>.*|&\n<style>svg{color:#1f2328;background:#ffffff}@media(prefers-color-scheme:dark){svg{color:#e6edf3;background:#161b22}}</style>|
/<filter/,/<\/filter>/d
s/ color="black"//g
s/\(fill\|stroke\)=\(["']\)black["']/\1=\2currentColor\2/g
