package memory

import (
	"testing"

	"quatrain/host/internal/storage/storagetest"
)

func TestContract(t *testing.T) {
	storagetest.Run(t, func(*testing.T, string) storagetest.Driver { return New(nil) })
}

func TestLimit(t *testing.T) {
	storagetest.Limited(t, New(func(string, string) int { return 3 }))
}
