// Package bench holds the benchmarks whose figures the project quotes; README.md has them with their commands. Whole servers are measured
// by package load below, single parts here and next to their packages.
package bench
