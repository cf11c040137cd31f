package xmlstream

import "io"

// maxEmptyReads is how often a reader may return nothing in a row.
const maxEmptyReads = 100

// fill reads more input. With nothing held it waits without a buffer.
func (d *Decoder) fill() error {
	if d.w != nil && d.w.base == d.w.end {
		d.release()
	}
	for range maxEmptyReads {
		n, err := d.read()
		if n > 0 {
			return nil // the error, if any, comes again
		}
		if err == io.EOF {
			return d.eof()
		}
		if err != nil {
			return err
		}
	}
	return io.ErrNoProgress
}

func (d *Decoder) read() (int, error) {
	if d.w != nil {
		n, err := d.r.Read(d.w.room())
		d.w.end += n
		return n, err
	}
	if lazy, ok := d.r.(LazyReader); ok {
		return d.readLazy(lazy)
	}
	n, err := d.r.Read(d.first[:])
	if n > 0 && !(isSpace(d.first[0]) && d.root != "") {
		d.w = takeWork()
		d.w.end = copy(d.w.buf, d.first[:n])
	}
	return n, err
}

func (d *Decoder) readLazy(r LazyReader) (int, error) {
	data, err := r.ReadLazy((*lending)(d))
	n := len(data)
	if n > 0 {
		d.w.end = n
	} else {
		d.release()
	}
	return n, err
}

// lending is a decoder as the source of the buffer that is read into (Buffers).
type lending Decoder

func (l *lending) Take() []byte {
	if l.w == nil {
		l.w = takeWork()
	}
	return l.w.buf
}

func (l *lending) Drop() { (*Decoder)(l).release() }

func (d *Decoder) release() {
	if d.w != nil {
		d.w.giveBack()
		d.w = nil
	}
}

func (d *Decoder) eof() error {
	if d.w != nil {
		return d.fail(io.ErrUnexpectedEOF)
	}
	return d.fail(io.EOF)
}
