//go:build !unix

package xmlstream

import "net"

// Lazy is conn: this system offers no way to wait without a read.
func Lazy(conn net.Conn) net.Conn { return conn }
