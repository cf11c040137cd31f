// Package interop tests the server with clients that were written by others. The clients are scripts in this folder; the tests start a
// server in the process and let them talk to it over loopback.
package interop
