// Package bench holds the benchmarks whose figures the project quotes: go test -bench . ./bench/
package bench
