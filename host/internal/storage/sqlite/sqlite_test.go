package sqlite

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"quatrain/host/internal/storage/storagetest"
)

func open(t *testing.T, path string, limit func(string, string) int) *Driver {
	t.Helper()
	d, err := Open(t.Context(), path, Options{Limit: limit})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestContract(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, dir string) storagetest.Driver {
		return open(t, filepath.Join(dir, "odd name %41?#.sqlite"), nil)
	})
}

func TestLimit(t *testing.T) {
	storagetest.Limited(t, open(t, filepath.Join(t.TempDir(), "db"), func(string, string) int { return 3 }))
}

// TestFile: the database is the file that was named, whatever its name, and only its owner can read it.
func TestFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a b%41?c#d.sqlite")
	d := open(t, path, nil)
	defer d.Close()
	files, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*"))
	if err != nil || !slices.Equal(files, []string{path, path + "-shm", path + "-wal"}) {
		t.Errorf("%q, %v", files, err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 || info.Size() == 0 && len(files) == 1 {
		t.Error(info, err)
	}
}
