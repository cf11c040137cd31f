package xmlstream

// LazyReader is a reader that can wait for input without holding a buffer.
type LazyReader interface {
	// ReadLazy waits until there is input, calls take for a buffer, and reads into it once. Where it finds that there was none after all
	// it calls drop and waits on. n and err are as for io.Reader.
	ReadLazy(take func() []byte, drop func()) (n int, err error)
}
