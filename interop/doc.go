// Package interop tests the server with clients, modules, data and servers of others: slixmpp, which scripts in this folder drive, the modules of
// Debian's packages, and Prosody itself. The server runs in the test's process and talks to them over loopback; its plugins in Go have processes
// of their own.
package interop
