package datadir

import (
	"errors"
	"hash/maphash"
	"io"
	"os"
	"path/filepath"
	"sync"
)

// lock is the lock of a file.
func (d *Driver) lock(path string) *sync.RWMutex {
	return &d.locks[maphash.String(d.seed, path)%uint64(len(d.locks))]
}

// read is the text of a file; ok is false if there is none. Call it under the file's lock.
func read(path string) (text string, ok bool, err error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return "", false, nil
	}
	return string(b), err == nil, err
}

// replace writes a file beside the old one and puts it in its place, so that there is a whole one at any time. Call it under the lock.
func replace(path string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	scratch := path + "~"
	if err := write(scratch, os.O_TRUNC, text); err != nil {
		return errors.Join(err, os.Remove(scratch))
	}
	if err := os.Rename(scratch, path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// extend writes at the end of a file. What does not fit on the disk is taken back. Call it under the lock.
func extend(path string, text []byte) error {
	info, err := os.Stat(path)
	if errors.Is(err, os.ErrNotExist) {
		return replace(path, text)
	}
	if err == nil {
		err = write(path, os.O_APPEND, text)
	}
	if err != nil && info != nil {
		return errors.Join(err, os.Truncate(path, info.Size()))
	}
	return err
}

func write(path string, flag int, text []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|flag, 0o600)
	if err != nil {
		return err
	}
	if _, err = f.Write(text); err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// remove deletes a file if it is there.
func (d *Driver) remove(path string) error {
	l := d.lock(path)
	l.Lock()
	defer l.Unlock()
	return removeFile(path)
}

func removeFile(path string) error {
	err := os.Remove(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// torn is whether a file does not end with the end of a line.
func torn(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false // whoever reads or writes it finds out why
	}
	defer f.Close()
	var last [1]byte
	if _, err := f.Seek(-1, io.SeekEnd); err != nil {
		return false // it is empty
	}
	_, err = f.Read(last[:])
	return err == nil && last[0] != '\n'
}
