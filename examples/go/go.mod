module example.org/polls

go 1.26.0

require quatrain v0.0.0

replace quatrain => ../..
