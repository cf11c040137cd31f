package compat

import (
	"runtime"
	"testing"
	"time"
)

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// A million insertions and deletions in one table leave neither memory nor work for pairs behind.
func TestDeletedKeysAreForgotten(t *testing.T) {
	for name, src := range map[string]string{
		"strings":           `t = t or {} for i = 1, 1000000 do t["k" .. i] = i t["k" .. i] = nil end`,
		"window":            `t = t or {} for i = 1, 1000000 do t["k" .. i] = i t["k" .. i - 100] = nil end`,
		"objects":           `t = t or {} for i = 1, 1000000 do local k = {} t[k] = i t[k] = nil end`,
		"rawset":            `t = t or {} for i = 1, 1000000 do rawset(t, i + 0.5, i) rawset(t, i + 0.5, nil) end`,
		"in a traversal":    `t = t or {} for i = 1, 200 do for j = 1, 1000 do t[i .. "/" .. j] = j end for k in pairs(t) do t[k] = nil end end`,
		"by a variable":     `t = t or {} local none for i = 1, 200 do for j = 1, 1000 do t[i .. "/" .. j] = j end for k in pairs(t) do t[k] = none end end`,
		"stack":             `t = t or {} for i = 1, 200 do for j = 1, 1000 do t[#t + 1] = j end for j = 1, 1000 do t[#t] = nil end end`,
		"inserted, removed": `t = t or {} for i = 1, 200 do for j = 1, 1000 do table.insert(t, j) end for j = 1, 1000 do table.remove(t) end end`,
	} {
		t.Run(name, func(t *testing.T) {
			it := New(Options{Budget: -1})
			if _, err := run(t, it, `t = {}`); err != nil {
				t.Fatal(err)
			}
			before := heap()
			if _, err := run(t, it, src); err != nil {
				t.Fatal(err)
			}
			if after := heap(); after > before+1<<20 {
				t.Errorf("%d bytes more than before", after-before)
			}
			start := time.Now()
			got, err := run(t, it, `local n = 0 for i = 1, 100 do for k in pairs(t) do n = n + 1 end end return n <= 100 * 100`)
			if err != nil || got != "true" {
				t.Fatalf("got %q, %v", got, err)
			}
			if took := time.Since(start); took > 200*time.Millisecond {
				t.Errorf("traversals took %s", took)
			}
		})
	}
}

// Compaction while somebody is in the middle of a traversal must not lose the place.
func TestCompactionDuringTraversal(t *testing.T) {
	it := New(Options{})
	got, err := run(t, it, `
		local t = {}
		for i = 1, 300 do t["old" .. i] = i end
		for i = 1, 300 do t["old" .. i] = nil end
		local bad = 0
		for round = 1, 50 do
			for i = 1, 100 do t[round .. "x" .. i] = i end
			local seen = {}
			for k, v in pairs(t) do
				if seen[k] then bad = bad + 1 end
				seen[k] = true
				t[k] = nil
				t[round .. "x" .. (101 - v)] = nil
				if next(t) == nil then break end
			end
			local n = 0
			for k in pairs(seen) do n = n + 1 end
			if n ~= 50 then bad = bad + 1 end
		end
		return bad, next(t)`)
	if err != nil || got != "0 nil" {
		t.Fatalf("got %q, %v", got, err)
	}
}
