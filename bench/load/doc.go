// Package load measures whole servers: its test starts its own executable again as the server, on loopback with a configuration of its
// own, and reports what that process used.
//
//	go test -run '^$' -bench Room -benchtime 10s ./bench/load/  server CPU per delivered copy in a room, without and with TLS
//	go test -run '^$' -bench Join ./bench/load/                 server CPU per copy of a presence while a room fills
//	go test -run '^$' -bench Idle ./bench/load/                 memory of a bound session
//	go test -run '^$' -bench Beside -benchtime 3x ./bench/load/ Prosody's mod_muc in Prosody and in us: CPU of both, and the ratio
//	go test -run '^$' -bench Churn ./bench/load/                what joining and leaving 10,000 times leaves behind
//
// QUATRAIN_BENCH_ROOMS says how rooms are run: lua, go (in a process of their own), in-process (in Go within the server),
// or prosody (Prosody's own mod_muc, from where Debian has it).
//
// With QUATRAIN_BENCH_PROFILE=FILE the server writes its CPU profile while it is measured.
package load
