package sdk

import "sync"

// Faced is what script runtimes can hang their own view of on. Objects that are Lasting are Faced: what Lua modules hang on them then
// lives exactly as long as they do. Safe for concurrent use.
type Faced interface {
	// Face is what the runtime gave to SetFace, nil at first. runtime is a pointer that tells runtimes apart.
	Face(runtime any) any
	SetFace(runtime, v any)
}

// WithFace makes a type Faced that embeds it.
type WithFace struct {
	mu    sync.Mutex // guards faces
	faces []face     // one, but for tests with several runtimes in a process
}

type face struct{ runtime, v any }

// Face implements Faced.
func (w *WithFace) Face(runtime any) any {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, f := range w.faces {
		if f.runtime == runtime {
			return f.v
		}
	}
	return nil
}

// SetFace implements Faced. It is called once for each runtime.
func (w *WithFace) SetFace(runtime, v any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.faces = append(w.faces, face{runtime, v})
}

var _ Faced = (*WithFace)(nil)
